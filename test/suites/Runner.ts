/**
 * What the suites need of a test runner, and the tests that they make of it: Effects, in virtual or in real time, each with many values or
 * with a layer. The runners of vitest and of Node.js are such runners.
 */
import { Arbitrary, Cause, Effect, Exit, Layer, type Schema, Scope } from "effect"
import { TestClock, TestConsole } from "effect/testing"

/** `{ describe, it, afterAll }` of vitest, or `{ describe, it, afterAll: after }` of `node:test`. */
export interface Runner {
  readonly describe: (name: string, options: { readonly skip?: boolean }, define: () => void) => unknown
  readonly it: (
    title: string,
    options: { readonly timeout?: number },
    run: (context: { readonly signal: AbortSignal }) => Promise<void>
  ) => unknown
  readonly afterAll: (run: () => Promise<void>) => unknown
}

/** Settings of a test with many values. */
export interface PropOptions {
  readonly timeout?: number
  readonly arbitrary?: Arbitrary.CheckOptions
}

type Schemas = ReadonlyArray<Schema.Schema<unknown>>
type Values<All extends Schemas> = { readonly [Index in keyof All]: All[Index]["Type"] }

/** Tests that are Effects with services `R`. */
export interface Tester<R> {
  (title: string, test: () => Effect.Effect<unknown, unknown, R | Scope.Scope>, timeout?: number): void
  /** A test for each case, which stands in the title for `%s` or `%i`; of a tuple its first part. */
  readonly each: <Case>(
    cases: ReadonlyArray<Case>
  ) => (
    title: string,
    test: (value: Case) => Effect.Effect<unknown, unknown, R | Scope.Scope>,
    timeout?: number
  ) => void
  readonly prop: <const All extends Schemas>(
    title: string,
    schemas: All,
    test: (values: Values<All>) => Effect.Effect<unknown, unknown, R | Scope.Scope>,
    options?: PropOptions
  ) => void
}

/** Tests with the services of a layer, which is built once for all of them. */
export interface WithLayer<R> {
  readonly effect: Tester<R>
  readonly layer: <R2, E>(layer: Layer.Layer<R2, E, R>) => (define: (it: WithLayer<R | R2>) => void) => void
}

/** Tests in virtual time, each with a clock of its own. */
export const inVirtualTime = (runner: Runner): Tester<never> =>
  makeTester(runner, (test) => Effect.provide(Effect.scoped(test), TestEnvironment, { local: true }))

/** Tests in real time. */
export const inRealTime = (runner: Runner): Tester<never> => makeTester(runner, (test) => Effect.scoped(test))

/** Tests in real time with the services of a layer. */
export const withLayer = <R, E>(runner: Runner, layer: Layer.Layer<R, E>, define: (it: WithLayer<R>) => void): void => {
  const scope = Scope.makeUnsafe()
  // Built when the first test asks for it.
  const built = Effect.runSync(
    Effect.cached(Effect.orDie(Layer.buildWithMemoMap(layer, Layer.makeMemoMapUnsafe(), scope)))
  )
  runner.afterAll(() => Effect.runPromise(Scope.close(scope, Exit.void)))
  define({
    effect: makeTester(runner, (test) =>
      Effect.flatMap(built, (context) => Effect.provideContext(Effect.scoped(test), context))
    ),
    layer: (more) => (nested) =>
      withLayer(runner, Layer.provideMerge(more, Layer.effectContext(built)), (it) => nested(it))
  })
}

// internal

const TestEnvironment = Layer.mergeAll(TestConsole.layer, TestClock.layer())

type Provide<R> = <A, E>(test: Effect.Effect<A, E, R | Scope.Scope>) => Effect.Effect<A, E>

const makeTester = <R>(runner: Runner, provide: Provide<R>): Tester<R> => {
  const define = (title: string, test: Effect.Effect<unknown, unknown>, timeout: number | undefined) =>
    void runner.it(title, timeout === undefined ? {} : { timeout }, ({ signal }) =>
      Effect.runPromise(Effect.asVoid(test), { signal })
    )
  const one = (title: string, test: () => Effect.Effect<unknown, unknown, R | Scope.Scope>, timeout?: number) =>
    define(title, provide(Effect.suspend(test)), timeout)
  return Object.assign(one, {
    each:
      <Case>(cases: ReadonlyArray<Case>) =>
      (title: string, test: (value: Case) => Effect.Effect<unknown, unknown, R | Scope.Scope>, timeout?: number) => {
        for (const each of cases) {
          const name = String(Array.isArray(each) ? each[0] : each)
          one(title.replace(/%[si]/, name), () => test(each), timeout)
        }
      },
    prop: <const All extends Schemas>(
      title: string,
      schemas: All,
      test: (values: Values<All>) => Effect.Effect<unknown, unknown, R | Scope.Scope>,
      { arbitrary, timeout }: PropOptions = {}
    ) => {
      const values = Arbitrary.all(schemas.map((schema) => Arbitrary.schema(schema)))
      const property = (value: ReadonlyArray<unknown>) =>
        Effect.map(provide(Effect.suspend(() => test(value as Values<All>))), (held) => held !== false).pipe(
          Effect.catchCause((cause) => (Cause.hasInterrupts(cause) ? Effect.failCause(cause) : Effect.fail(cause)))
        )
      const checked = Effect.flatMap(Arbitrary.checkEffect(values, property, arbitrary), (result) => {
        const failure = Arbitrary.formatCheckFailure(result)
        return failure === undefined ? Effect.void : Effect.die(new Error(failure))
      })
      define(title, checked, timeout)
    }
  })
}
