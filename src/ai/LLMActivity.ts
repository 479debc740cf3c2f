/**
 * Language models whose calls are activities: what a program asks a model and what it answers is recorded, and asked once.
 */
import * as Duration from "effect/Duration"
import type * as Layer from "effect/Layer"
import type * as AiError from "effect/ai/AiError"
import type * as LanguageModel from "effect/ai/LanguageModel"
import * as Activity from "../Activity.ts"
import type { Executions } from "../Executor/Executions.ts"
import type { TimeoutInput } from "../internal/timeouts.ts"
import type { LiteralName } from "../internal/requirements.ts"
import * as RetryPolicy from "../RetryPolicy.ts"
import type { WorkflowContext } from "../WorkflowContext.ts"
import { answer } from "./answering.ts"
import { model } from "./programModel.ts"
import { Answer, Failure, Request } from "./Request.ts"

/**
 * The handler that a program needs which asks a model of this name.
 *
 * @category models
 * @since 0.2.0
 */
export type Handler<Name extends string> = Activity.Handler<
  Name,
  typeof Request.Type,
  typeof Answer.Type,
  typeof Failure.Type
>

/**
 * A language model for programs.
 *
 * @category models
 * @since 0.2.0
 */
export interface LLMActivity<Name extends string> {
  readonly name: Name
  /**
   * The model of a program: `Effect.provide(Writer.model)` in the program makes each call of `LanguageModel` an activity, also those of a
   * `Chat`. A streamed answer comes at once, when the activity has its result. Fails with `AiError`.
   */
  readonly model: Layer.Layer<LanguageModel.LanguageModel, never, WorkflowContext | Handler<Name>>
  /**
   * Answers by the `LanguageModel` that the layer is given, such as that of a provider. The limits are those of the provider: calls that run
   * at once, and that begin in a time. Throws a `TypeError` when they make no sense.
   */
  readonly toLayer: (
    limits?: Activity.Limits
  ) => Layer.Layer<Handler<Name>, never, LanguageModel.LanguageModel | Executions>
}

/**
 * When a model is asked again: up to 5 attempts, after a second, then twice as long each time and at most a minute, and no earlier than the
 * provider asks for with `Retry-After`. What trying again does not mend is final: `AiError` says so with `isRetryable`. A provider that asks
 * for a pause of more than a day is not waited for: the program gets the `AiError`, whose `retryAfter` says how long.
 *
 * @category policies
 * @since 0.2.0
 */
export const retry: RetryPolicy.RetryPolicy<AiError.AiError | Activity.ActivityTimedOut> = RetryPolicy.exponential<
  AiError.AiError | Activity.ActivityTimedOut
>({
  maxAttempts: 5,
  initialInterval: "1 second",
  maximumInterval: "1 minute",
  jitter: true,
  nonRetryable: (error) => error._tag === "AiError" && (!error.isRetryable || isTooLong(error.retryAfter)),
  retryAfter: (error) => (error._tag === "AiError" ? error.retryAfter : undefined)
})

/**
 * Defines a language model for programs. It has no implementation yet: `toLayer` answers by any `LanguageModel`.
 *
 * **Details**
 *
 * Each call is an activity of this name. Its input is the prompt, with the tools and the form of the answer, and its result is the answer
 * with its usage. What an earlier call of the run recorded already is a reference, so that a conversation grows by what is said in it.
 * An answer that calls a tool that was not offered goes back to the model, up to three times.
 *
 * **Example** (A poem that is made shorter)
 *
 * ```ts
 * import { Effect, Layer, Schema, Stream } from "effect"
 * import { LanguageModel } from "effect/ai"
 * import { Workflow } from "perdure"
 * import { LLMActivity } from "perdure/ai"
 * import * as DefaultExecutor from "perdure/Executor/Default"
 *
 * const Writer = LLMActivity.make("Writer", { timeout: "2 minutes" })
 *
 * const Poem = Workflow.make("Poem", { input: Schema.String, success: Schema.String })
 * const PoemLive = Poem.toLayer(Effect.fn("Poem")(function*(topic) {
 *   const draft = yield* LanguageModel.generateText({ prompt: `a poem about ${topic}` })
 *   yield* Effect.sleep("10 millis")
 *   const poem = yield* LanguageModel.generateText({ prompt: `shorter: ${draft.text}` })
 *   return poem.text
 * }, Effect.provide(Writer.model), Effect.orDie))
 *
 * // In its place: the layer of a provider.
 * const Scripted = Layer.effect(LanguageModel.LanguageModel, LanguageModel.make({
 *   generateText: ({ prompt }) => Effect.succeed([{ type: "text", text: `poem ${prompt.content.length}` }]),
 *   streamText: () => Stream.empty
 * }))
 *
 * const Main = PoemLive.pipe(
 *   Layer.provide(Writer.toLayer({ concurrency: 10 })),
 *   Layer.provide(Scripted),
 *   Layer.provideMerge(DefaultExecutor.layerMemory)
 * )
 * await Effect.runPromise(Effect.provide(Poem.execute("rain"), Main)) // => "poem 1"
 * ```
 *
 * @category constructors
 * @since 0.2.0
 */
export const make = <const Name extends string>(
  name: LiteralName<Name>,
  options?: {
    /** Default `LLMActivity.retry`. */
    readonly retry?: RetryPolicy.RetryPolicy<AiError.AiError | Activity.ActivityTimedOut> | undefined
    /**
     * One attempt, or `{ attempt, total }`. The last timeout is an `AiError` with the reason `InternalProviderError`. Default: no limit.
     */
    readonly timeout?: TimeoutInput | undefined
  }
): LLMActivity<Name> => {
  const activity = Activity.make<Name, typeof Request, typeof Answer, typeof Failure, Duration.Input>(name, {
    input: Request,
    success: Answer,
    error: Failure,
    retry: options?.retry ?? retry,
    ...(options?.timeout === undefined ? {} : { timeout: options.timeout })
  })
  return {
    name: activity.name,
    model: model(activity),
    toLayer: (limits) => activity.toLayer((request) => answer(activity.name, request), limits)
  }
}

// internal

const isTooLong = (pause: Duration.Duration | undefined): boolean =>
  pause !== undefined && Duration.isGreaterThan(pause, Duration.days(1))
