/**
 * Questions to an execution about its state: answered by its program at any time, also after its end, and never recorded.
 */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
// The name stands for a reference to an execution in this library.
import * as Cell from "effect/Ref"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { DurableExecutor } from "./Executor/DurableExecutor.ts"
import type { Ref } from "./Ids.ts"
import { noReceiver, refOf } from "./internal/asking.ts"
import { effectOf, nameOf } from "./internal/given.ts"
import { inProgram } from "./internal/inProgram.ts"
import { type Answerer, type Protocol, protocol } from "./internal/replay/Protocol.ts"
import type { Checked, Declared, Publishable, Reading } from "./internal/requirements.ts"
import { type Codecs, codecsOf, encodedOrDie, refused } from "./internal/schema.ts"
import type { QueryAnswer } from "./Message.ts"
import type { WorkflowContext } from "./WorkflowContext.ts"
import { InvalidPayload, WorkflowError } from "./WorkflowError.ts"

/**
 * Marks queries.
 *
 * @category symbols
 * @since 0.2.0
 */
export const TypeId = "~perdure/Query" as const

/**
 * Any query, whatever its types.
 *
 * @category models
 * @since 0.2.0
 */
export interface Any {
  readonly [TypeId]: typeof TypeId
  readonly name: string
  readonly input: Schema.Codec<unknown, unknown>
  readonly success: Schema.Codec<unknown, unknown>
  readonly error: Schema.Codec<unknown, unknown>
}

/**
 * The input of a query.
 *
 * @category utility types
 * @since 0.2.0
 */
export type Input<Q extends Any> = Q["input"]["Type"]

/**
 * What a query succeeds with.
 *
 * @category utility types
 * @since 0.2.0
 */
export type Success<Q extends Any> = Q["success"]["Type"]

/**
 * What a query fails with, beside `WorkflowError`.
 *
 * @category utility types
 * @since 0.2.0
 */
export type Error<Q extends Any> = Q["error"]["Type"]

/**
 * The input of a query as the last arguments of a function: one that may be left out where there is none.
 *
 * @category utility types
 * @since 0.2.0
 */
export type Arguments<Input> = void extends Input ? [input?: Input] : [input: Input]

/**
 * Whether a value is a query.
 *
 * @category guards
 * @since 0.2.0
 */
export const isQuery = (value: unknown): value is Any => Predicate.hasProperty(value, TypeId)

/**
 * The contract of a query.
 *
 * @category models
 * @since 0.2.0
 */
export interface Query<
  Name extends string,
  Input extends Schema.Codec<unknown, unknown>,
  Success extends Schema.Codec<unknown, unknown>,
  Error extends Schema.Codec<unknown, unknown>
> extends Any {
  readonly name: Name
  readonly input: Input
  readonly success: Success
  readonly error: Error
  /**
   * Inside a program: answers from now on, also after the program has ended. A second `answer` takes the place of the first.
   *
   * The handler only reads what the program has in its memory, such as a `Ref`. It may require nothing and wait for nothing. Its
   * clock has the time of the latest event, and its random numbers are not those of the program.
   *
   * **Gotchas**
   *
   * A handler that writes to a `Ref` changes the program where replay does not, which is not noticed.
   */
  readonly answer: <E, R>(
    handler: (
      input: Input["Type"]
    ) => Effect.Effect<Success["Type"], unknown, unknown> &
      Checked<Effect.Effect<Success["Type"], E, R>, Reading<R, "a query"> | Declared<Name, Error["Type"], E>>
  ) => Effect.Effect<void, never, WorkflowContext>
  /**
   * Inside a program: answers from now on with the value of a `Ref`, and keeps the value beside the history with every commit. So any
   * process that has the store reads it, without the program. For a query without input and errors.
   *
   * An execution publishes 16 values at most, and 8 KB in all. What is beyond is left out, and the log says so.
   */
  readonly publish: (
    ref: Checked<Cell.Ref<Success["Type"]>, Publishable<Name, Input["Type"], Error["Type"]>>
  ) => Effect.Effect<void, never, WorkflowContext>
  /**
   * Asks an execution, by its id, a ref or a handle. The answer is of a state that is saved. Fails with the errors of the query, or
   * with a `WorkflowError`.
   */
  readonly ask: (
    to: Ref | string,
    ...input: Arguments<Input["Type"]>
  ) => Effect.Effect<Success["Type"], Error["Type"] | WorkflowError, DurableExecutor>
}

/**
 * Defines a query.
 *
 * **Example** (An import that tells how far it is)
 *
 * ```ts
 * import { Effect, Ref, Schema } from "effect"
 * import { Activity, Query, Workflow } from "perdure"
 *
 * const Load = Activity.make("Load", { input: Schema.Int })
 * const Progress = Query.make("progress", { success: Schema.Int })
 * const Import = Workflow.make("Import", { input: Schema.Int })
 *
 * const ImportLive = Import.toLayer(Effect.fnUntraced(function*(pages) {
 *   const done = yield* Ref.make(0)
 *   yield* Progress.answer(() => Ref.get(done))
 *   for (let page = 0; page < pages; page++) {
 *     yield* Load(page)
 *     yield* Ref.update(done, (count) => count + 1)
 *   }
 * }))
 *
 * const progress = Progress.ask("import-1")
 * ```
 *
 * @category constructors
 * @since 0.2.0
 */
export const make = <
  const Name extends string,
  Success extends Schema.Codec<unknown, unknown>,
  Input extends Schema.Codec<unknown, unknown> = typeof Schema.Void,
  Error extends Schema.Codec<unknown, unknown> = typeof Schema.Never
>(
  name: Name,
  options: {
    readonly input?: Input | undefined
    readonly success: Success
    readonly error?: Error | undefined
  }
): Query<Name, Input, Success, Error> => {
  // The defaults of the type parameters are these very schemas, which the compiler cannot see.
  const input = (options.input ?? Schema.Void) as Input
  const error = (options.error ?? Schema.Never) as Error
  const { success } = options
  const codecs = codecsOf({ input, success, error })
  nameOf("query", name)
  const answers = (answerer: (context: Protocol) => Answerer) =>
    Effect.map(protocol, (context) => context.answer(name, answerer(context)))
  return {
    [TypeId]: TypeId,
    name,
    input,
    success,
    error,
    answer: (handler) => answers((context) => ({ answer: makeAnswer(name, codecs, context, handler) })),
    publish: (ref) => {
      const cell = ref as Cell.Ref<Success["Type"]>
      const read = Effect.sync(() => Cell.getUnsafe(cell))
      return answers((context) => ({
        answer: makeAnswer(name, codecs, context, () => read),
        published: () => codecs.success.encode(Cell.getUnsafe(cell))
      }))
    },
    // An input that may be left out is one that is void.
    ask: (to, ...[value]) => ask(name, codecs, to, value as Input["Type"])
  }
}

// internal

const cure = "Ask with the definition of the query that the program has."

/** A handler in encoded values. */
const makeAnswer =
  <Input, Success, Error>(
    name: string,
    codecs: Codecs<Input, Success, Error>,
    context: Protocol,
    handler: (input: Input) => Effect.Effect<Success, unknown, unknown>
  ): Answerer["answer"] =>
  (json) => {
    const input = codecs.input.decode(json)
    if (Result.isFailure(input)) {
      const issue = `${input.failure}\n${cure}`
      return Effect.fail(new InvalidPayload({ of: `the input of query ${name}`, issue }))
    }
    // A handler requires nothing, as its type says. What handles from outside would send must not leave it.
    const run = effectOf(`the handler of query ${name}`, () => handler(input.success)) as Effect.Effect<Success, Error>
    return Effect.provideService(run, DurableExecutor, inProgram(context)).pipe(
      Effect.matchEffect({
        onSuccess: (value): Effect.Effect<QueryAnswer> =>
          encodedOrDie(codecs.success.encode(value), `the success of query ${name}`, undefined, (value) =>
            Effect.succeed({ _tag: "Success", value })
          ),
        onFailure: (error): Effect.Effect<QueryAnswer> =>
          encodedOrDie(codecs.error.encode(error), `the error of query ${name}`, error, (error) =>
            Effect.succeed({ _tag: "Fail", error })
          )
      })
    )
  }

const ask = Effect.fnUntraced(function* <Input, Success, Error>(
  name: string,
  codecs: Codecs<Input, Success, Error>,
  to: Ref | string,
  input: Input
): Effect.fn.Return<Success, Error | WorkflowError, DurableExecutor> {
  const executor = yield* DurableExecutor
  const ref = refOf(to)
  if (ref === undefined) return yield* refused("query", undefined, "the execution", noReceiver)
  const { workflowId } = ref
  const json = codecs.input.encode(input)
  if (Result.isFailure(json)) return yield* refused("query", workflowId, `the input of query ${name}`, json.failure)
  const answer = yield* executor.send(ref, { _tag: "Query", name, input: json.success })
  return yield* outcome(name, codecs, workflowId, answer)
})

const outcome = <Success, Error>(
  name: string,
  { error, success }: Codecs<any, Success, Error>,
  workflowId: string,
  answer: QueryAnswer
): Effect.Effect<Success, Error | WorkflowError> => {
  const decoded = <A, B, E>(of: string, value: Result.Result<A, string>, end: (value: A) => Effect.Effect<B, E>) => {
    if (Result.isSuccess(value)) return end(value.success)
    const issue = `${value.failure}\n${cure}`
    const reason = new InvalidPayload({ of: `the ${of} of query ${name}`, issue })
    return Effect.fail(new WorkflowError({ operation: "query", workflowId, reason }))
  }
  return answer._tag === "Success"
    ? decoded("success", success.decode(answer.value), Effect.succeed)
    : decoded("error", error.decode(answer.error), Effect.fail)
}
