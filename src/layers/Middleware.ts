/**
 * Middleware: layers around an executor that see each operation of its callers, and around the attempts of activities.
 *
 * What a program asks of others is a command of its history and no operation of a caller, so middleware does not see it: it would be
 * asked again with every replay.
 */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import type { Scope } from "effect/Scope"
import { DurableExecutor } from "../Executor/DurableExecutor.ts"
import { Executions } from "../Executor/Executions.ts"
import { type Attempting, Observers } from "../Executor/Observers.ts"
import type { AttemptEnd } from "../Executor/WorkflowRegistry.ts"
import { isQuery } from "../Query.ts"
import { isSignal } from "../Signal.ts"
import { isUpdate } from "../Update.ts"
import { isWorkflow } from "../Workflow.ts"
import type { Message } from "../Message.ts"
import { parseJson } from "../internal/core/parse.ts"
import { ofLayer } from "../internal/ofLayer.ts"
import { count, first, shown, time } from "../internal/options.ts"
import { jsonCodec } from "../internal/schema.ts"
import { type Forbidden, InvalidPayload } from "../WorkflowError.ts"
import * as Hooks from "./Hooks.ts"
import { type Around, nameOf, type Operation, refuse, type Services } from "./middleware/Operation.ts"
import { type Inside, layerOf } from "./middleware/layerOf.ts"
import { limiter } from "./middleware/limiter.ts"
import * as Metrics from "./Metrics.ts"
import * as Tracing from "./Tracing.ts"
import { Windows } from "./middleware/Windows.ts"

export type { Around, Operation, Sending, Services } from "./middleware/Operation.ts"

/**
 * A layer that takes the services of an executor and provides them wrapped.
 *
 * @category models
 * @since 0.2.0
 */
export type Middleware<E = never, R = never> = Layer.Layer<
  DurableExecutor | Executions,
  E,
  DurableExecutor | Executions | R
>

/**
 * Middleware from a function between services: of the executor, and of what reads.
 *
 * @category constructors
 * @since 0.2.0
 */
export const make = (wrap: (services: Services) => Services): Middleware =>
  Layer.effectContext(
    Effect.gen(function* () {
      const { executions, executor } = wrap({ executor: yield* DurableExecutor, executions: yield* Executions })
      return Context.make(DurableExecutor, executor).pipe(Context.add(Executions, executions))
    })
  )

/**
 * Middleware that does something around each operation. It runs in the fiber of the caller, and `next` is the operation itself.
 *
 * Services that it needs are those of the layer, or of the caller where the caller has them: so a user who is provided to one request is
 * the user there. `DurableExecutor` and `Executions` are those inside of the middleware, so asking them does not come back to it. A `Scope`
 * is that of the operation, and is closed with it.
 *
 * @category constructors
 * @since 0.2.0
 */
export const around = <R = never>(call: Around<R>): Middleware<never, Exclude<R, Inside>> =>
  layerOf(Effect.succeed(call))

/**
 * Puts middleware around an executor; the first one is the outermost. Each executor has middleware of its own, also where several of
 * them in an app are given the same value. So what is provided to the middleware itself is made once for each of them, too.
 *
 * **Example** (An executor that logs, and refuses what a user may not do)
 *
 * ```ts
 * import { Effect } from "effect"
 * import { Middleware, WorkflowError } from "perdure"
 * import * as DefaultExecutor from "perdure/Executor/Default"
 *
 * const readOnly = Middleware.authorise(({ _tag }) =>
 *   _tag === "Describe" || _tag === "List" ? Effect.void : new WorkflowError.Forbidden({ detail: "this service only reads" })
 * )
 * const ExecutorLive = Middleware.apply(DefaultExecutor.layer, Middleware.logging, readOnly)
 * ```
 *
 * @category combinators
 * @since 0.2.0
 */
export const apply = <Out, E, R, const Layers extends ReadonlyArray<Layer.Layer<never, any, any>>>(
  base: Layer.Layer<Out, E, R>,
  ...middleware: Layers
): Layer.Layer<Out, E | Layer.Error<Layers[number]>, R | Exclude<Layer.Services<Layers[number]>, Out>> =>
  middleware.reduceRight<Layer.Layer<any, any, any>>(
    // An app builds a layer once, whatever is provided to it, so a second executor would get the services of the first.
    (inner, layer) => Layer.provideMerge(Layer.fresh(layer as Layer.Layer<any, any, any>), inner),
    base
  )

/**
 * Does something around each attempt of an activity, in the process that runs it. `next` is the attempt, and succeeds with how it has
 * ended, in encoded values. What is done counts as a part of the handler: its time is that of the attempt, what it dies with is the defect
 * of the attempt, and an end of its own takes the place of the handler's, if it fits the schemas of the activity: else the attempt has a
 * defect, as it has for `Pending` where the handler has ended. Services that it needs are those of the layer, and a `Scope` is
 * that of the attempt.
 *
 * @category constructors
 * @since 0.2.0
 */
export const activity = <R>(
  call: (attempt: Attempting, next: Effect.Effect<AttemptEnd>) => Effect.Effect<AttemptEnd, never, R>
): Layer.Layer<never, never, Observers | Exclude<R, Scope>> =>
  Layer.effectDiscard(
    Effect.gen(function* () {
      const { add } = yield* Observers
      const own = yield* ofLayer<Exclude<R, Scope>>()
      // What calls is the executor, which may have been given other services. Of it comes the span of the attempt.
      const provide = (caller: Context.Context<never>) =>
        Context.merge(caller, own) as unknown as Context.Context<Exclude<R, Scope>>
      yield* add({ attempt: (attempt, next) => Effect.updateContext(Effect.scoped(call(attempt, next)), provide) })
    })
  )

/**
 * Hooks among middleware: `Hooks.layer`. Hooks are told of commits, so it makes no difference where in the list they stand.
 *
 * @category constructors
 * @since 0.2.0
 */
export const withHooks: typeof Hooks.layer = Hooks.layer

/**
 * Logs each operation when it has ended: a success as `Info`, and as `Debug` where it only reads; a failure as a `Warn`, and an interrupt,
 * since its caller did not wait, as `Debug`.
 *
 * @category middleware
 * @since 0.2.0
 */
export const logging: Middleware = around((operation, next) =>
  Effect.gen(function* () {
    const clock = yield* Clock.Clock
    const begun = clock.monotonicTimeNanosUnsafe()
    return yield* Effect.onExit(next, (exit) => {
      const took = `${Number(clock.monotonicTimeNanosUnsafe() - begun) / 1_000_000} ms`
      const name = nameOf(operation)
      const { ref } = operation
      const line = Effect.annotateLogs(lineOf(operation, name, took, exit), {
        operation: name,
        ...(ref === undefined ? {} : { workflowId: ref.workflowId })
      })
      // A logger may throw, and the operation is done.
      return Effect.ignoreCause(line)
    })
  })
)

/**
 * Makes spans of operations, and of what the executor does for its executions: `Tracing.layer`.
 *
 * @category middleware
 * @since 0.2.0
 */
export const tracing: Middleware<never, Observers> = Tracing.layer

/**
 * Counts and times what the executor does: `Metrics.layer`.
 *
 * @category middleware
 * @since 0.2.0
 */
export const metrics: Layer.Layer<never, never, Observers> = Metrics.layer

/**
 * Refuses what a caller may not do: of each operation a function says whether it goes on, with `Forbidden` if it does not. The caller gets
 * that as the reason of a `WorkflowError`. No operation goes past it, of either service.
 *
 * @category middleware
 * @since 0.2.0
 */
export const authorise = <R = never, A extends void | undefined = void>(
  may: (operation: Operation) => Effect.Effect<A, Forbidden, R>
): Middleware<never, Exclude<R, Inside>> =>
  around<R>((operation, next) =>
    Effect.matchEffect(may(operation), {
      onFailure: (forbidden) => refuse(operation, forbidden),
      // Where no compiler has looked: a no that is given back, such as `false` or a `Forbidden`, is no yes.
      onSuccess: (answer: unknown) => (answer === undefined ? next : Effect.die(new TypeError(answered(answer))))
    })
  )

/**
 * How many operations are let through: at most `limit` in any span of `every`, by the clock of this process.
 *
 * @category models
 * @since 0.2.0
 */
export interface RateLimit {
  readonly limit: number
  readonly every: Duration.Input
  /**
   * Which operations share a limit: each text has its own, and those of `undefined` have none. Default: all that do not only read
   * share one.
   */
  readonly key?: ((operation: Operation) => string | undefined) | undefined
  /** Whether what is too much fails with `RateLimited`, the default, or waits for its turn. */
  readonly whenFull?: "fail" | "wait" | undefined
  /** Operations that may wait, of all keys; what comes then fails with `RateLimited`. Default 1,000. */
  readonly queueSize?: number | undefined
}

/**
 * Limits how often operations come. Throws a `TypeError` for a limit that makes no sense.
 *
 * @category middleware
 * @since 0.2.0
 */
export const rateLimit = (options: RateLimit): Middleware => {
  const { every, key = keyOf, limit, queueSize = 1000, whenFull = "fail" } = options
  const fault =
    first(count("the limit", limit), time("every", every), count("queueSize", queueSize)) ??
    // The latest ones are remembered, as many as the limit.
    (limit === Number.POSITIVE_INFINITY ? "the limit must be finite; for none leave this layer out" : undefined) ??
    (whenFull === "fail" || whenFull === "wait"
      ? undefined
      : `whenFull must be "fail" or "wait", and is ${shown(whenFull)}`)
  if (fault !== undefined) throw new TypeError(`the rate limit: ${fault}`)
  const milliseconds = Duration.toMillis(Duration.fromInputUnsafe(every))
  const room = whenFull === "wait" ? queueSize : 0
  return layerOf(Effect.sync(() => limiter(new Windows(limit, milliseconds), key, room)))
}

/**
 * A definition whose input, or payload, is validated.
 *
 * @category models
 * @since 0.2.0
 */
export type Validated =
  | { readonly name: string; readonly input: Schema.Codec<unknown, unknown> }
  | { readonly name: string; readonly payload: Schema.Codec<unknown, unknown> }

/**
 * Refuses an input that does not fit the schema of its definition with `InvalidPayload`, before anything is recorded: for callers that
 * use `DurableExecutor` itself, such as a gateway that passes JSON on. Of several definitions of a name, such as the versions of a workflow,
 * it must fit one. What is started or sent to other definitions is let through.
 *
 * @category middleware
 * @since 0.2.0
 */
export const inputValidation = (...definitions: ReadonlyArray<Validated>): Middleware => {
  const checks = new Map<string, ReadonlyArray<Check>>()
  for (const definition of definitions) {
    const kind = kindOf(definition)
    if (kind === undefined)
      throw new TypeError(
        `inputs of ${shown(definition)} cannot be validated: name workflows, signals, updates and queries`
      )
    const schema = "payload" in definition ? definition.payload : definition.input
    const key = `${kind} ${definition.name}`
    checks.set(key, [...(checks.get(key) ?? []), (json) => jsonCodec(schema).decode(json)])
  }
  return around((operation, next) =>
    Effect.suspend(() => {
      for (const { json, kind, name } of inputsOf(operation)) {
        const issue = issueOf(checks.get(`${kind} ${name}`) ?? [], json)
        if (issue === undefined) continue
        const of = `the input of ${kind.toLowerCase()} ${JSON.stringify(name)}`
        return refuse(operation, new InvalidPayload({ of, issue }))
      }
      return next
    })
  )
}

// internal

const answered = (answer: unknown): string =>
  `authorise: the function answered ${shown(answer)}; let it fail with WorkflowError.Forbidden to refuse, and answer nothing to allow`

type Check = (json: Schema.Json) => Result.Result<unknown, string>
type Kind = "Start" | "Signal" | "Update" | "Query"

/** Why what is recorded of an input fits none of the definitions of a name; `undefined` where it fits one, or there are none. */
const issueOf = (checks: ReadonlyArray<Check>, input: Schema.Json): string | undefined => {
  if (checks.length === 0) return undefined
  const recorded = Result.try(() => parseJson(JSON.stringify(input)) as Schema.Json)
  // No store can record it.
  if (Result.isFailure(recorded)) return `it is no JSON: ${String(recorded.failure)}`
  const json = recorded.success
  let issue: string | undefined
  for (const check of checks) {
    const result = check(json)
    if (Result.isSuccess(result)) return undefined
    issue ??= result.failure
  }
  return issue
}

const lineOf = (
  { _tag }: Operation,
  name: string,
  took: string,
  exit: Exit.Exit<unknown, unknown>
): Effect.Effect<void> => {
  if (Exit.isSuccess(exit)) return (reads.has(_tag) ? Effect.logDebug : Effect.logInfo)(`${name} took ${took}`)
  // Its caller did not wait for it, as in a timeout or the end of a request.
  if (Cause.hasInterruptsOnly(exit.cause)) return Effect.logDebug(`${name} was interrupted after ${took}`)
  return Effect.logWarning(`${name} failed after ${took}`, exit.cause)
}

const reads = new Set<Operation["_tag"]>(["Find", "Result", "Query", "Describe", "History", "List", "Count"])

const keyOf = ({ _tag }: Operation): string | undefined => (reads.has(_tag) ? undefined : "")

const kindOf = (definition: unknown): Kind | undefined => {
  if (isWorkflow(definition)) return "Start"
  if (isSignal(definition)) return "Signal"
  if (isUpdate(definition)) return "Update"
  return isQuery(definition) ? "Query" : undefined
}

/** What an operation gives to definitions. */
const inputsOf = (
  operation: Operation
): ReadonlyArray<{ readonly kind: Kind; readonly name: string; readonly json: Schema.Json }> => {
  switch (operation._tag) {
    case "Start": {
      const { input, with: message, workflow } = operation.request
      const own = { kind: "Start", name: workflow, json: input } as const
      return message === undefined ? [own] : [own, inputOf(message)]
    }
    case "Signal":
    case "Update":
    case "Query":
      return [inputOf(operation.message)]
    default:
      return []
  }
}

const inputOf = (message: Extract<Message, { readonly _tag: "Signal" | "Update" | "Query" }>) => ({
  kind: message._tag,
  name: message.name,
  json: message._tag === "Signal" ? message.payload : message.input
})
