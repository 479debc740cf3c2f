/**
 * Workflows under test: an executor on a store in memory, and time that passes when the test says so.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/testing/TestClock"
import * as Default from "../Executor/Default.ts"
import * as MemoryStore from "../Store/Memory.ts"
import { type StoreError, WorkflowStore } from "../Store/WorkflowStore.ts"

/**
 * What knows when the executor of a test has come to rest.
 *
 * @category services
 * @since 0.2.0
 */
export class TestWorkflows extends Context.Service<
  TestWorkflows,
  {
    /** Waits until nothing more happens without time passing, or something from outside. */
    readonly settle: Effect.Effect<void>
  }
>()("perdure/testing/TestWorkflows") {}

/**
 * The default executor on a store in memory, for one test. It runs on the `TestClock` that there is, such as that of `it.effect`, and
 * brings one where there is none, for all that it is provided to.
 *
 * **Example** (A week passes)
 *
 * ```ts
 * import { Effect, Fiber, Layer, Schema } from "effect"
 * import { Workflow } from "perdure"
 * import { TestWorkflows } from "perdure/testing"
 *
 * const Nap = Workflow.make("Nap", { success: Schema.String })
 * const NapLive = Nap.toLayer(() => Effect.as(Effect.sleep("7 days"), "well rested"))
 *
 * const test = Effect.gen(function*() {
 *   const nap = yield* Nap.start()
 *   yield* TestWorkflows.pass("7 days")
 *   return yield* nap.result
 * })
 *
 * const Test = Layer.provideMerge(NapLive, TestWorkflows.layer)
 * await Effect.runPromise(Effect.provide(test, Test)) // => "well rested"
 * ```
 *
 * @category layers
 * @since 0.2.0
 */
export const layer: Layer.Layer<TestWorkflows | Default.Services | WorkflowStore, StoreError> = Layer.suspend(() =>
  layerWith({})
)

/**
 * The same with settings of the executor.
 *
 * @category layers
 * @since 0.2.0
 */
export const layerWith = (
  options: Default.Options
): Layer.Layer<TestWorkflows | Default.Services | WorkflowStore, StoreError> => {
  const executor = Layer.provideMerge(Default.layerWith(options), counted)
  return Layer.unwrap(
    Effect.map(Clock.Clock, (clock) =>
      isTestClock(clock) ? executor : Layer.provideMerge(executor, TestClock.layer())
    )
  )
}

/**
 * Lets time pass, once all has happened that can happen before, and then what follows from it.
 *
 * **Gotchas**
 *
 * What a handler awaits in real time, such as a promise, is not waited for.
 *
 * @category time
 * @since 0.2.0
 */
export const pass = (duration: Duration.Input): Effect.Effect<void, never, TestWorkflows> =>
  Effect.andThen(settle, TestClock.adjust(duration)).pipe(Effect.andThen(settle))

/**
 * Waits until nothing more happens without time passing, or something from outside.
 *
 * @category time
 * @since 0.2.0
 */
export const settle: Effect.Effect<void, never, TestWorkflows> = Effect.flatMap(TestWorkflows, ({ settle }) => settle)

// internal

/** So many turns without an operation of the store show that nothing more is to come. */
const quietTurns = 6

const mostTurns = 100_000

const isTestClock = (clock: Clock.Clock): boolean => "adjust" in clock && "setTime" in clock

/** A store in memory that counts its operations. */
const counted: Layer.Layer<TestWorkflows | WorkflowStore> = Layer.effectContext(
  Effect.map(MemoryStore.make(), (store) => {
    let operations = 0
    const counting =
      <A extends ReadonlyArray<unknown>, B>(operation: (...args: A) => B) =>
      (...args: A): B => {
        operations++
        return operation(...args)
      }
    const settle = Effect.gen(function* () {
      let turns = 0
      for (let quiet = 0; quiet < quietTurns; turns++) {
        if (turns > mostTurns) return yield* Effect.die(new Error("the executor does not come to rest"))
        const before = operations
        yield* Effect.yieldNow
        quiet = before === operations ? quiet + 1 : 0
      }
    })
    return Context.make(TestWorkflows, { settle }).pipe(
      Context.add(WorkflowStore, {
        ...store,
        save: counting(store.save),
        saveAll: counting(store.saveAll),
        load: counting(store.load),
        summary: counting(store.summary),
        list: counting(store.list)
      })
    )
  })
)
