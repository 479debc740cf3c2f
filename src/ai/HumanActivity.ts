/**
 * Decisions of people: a program asks, a person answers from any process, and the first answer that is right counts.
 */
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { newId } from "../internal/newId.ts"
import { time } from "../internal/options.ts"
import { jsonCodec } from "../internal/schema.ts"
import type { WorkflowContext } from "../WorkflowContext.ts"
import { type Answered, ApprovalExpired, type ApprovalRequest, digestOf } from "./ApprovalRequest.ts"
import { type Desk, desk, type Entry } from "./Desk.ts"

export { type Answered, ApprovalExpired, ApprovalRefused, ApprovalRequest } from "./ApprovalRequest.ts"

/**
 * Marks decisions of people.
 *
 * @category symbols
 * @since 0.2.0
 */
export const TypeId = "~perdure/HumanActivity" as const

/**
 * Any decision of people, whatever its types.
 *
 * @category models
 * @since 0.2.0
 */
export interface Any {
  readonly [TypeId]: typeof TypeId
  readonly name: string
  readonly request: Schema.Codec<unknown, unknown>
  readonly decision: Schema.Codec<unknown, unknown>
}

/**
 * What is asked.
 *
 * @category utility types
 * @since 0.2.0
 */
export type Request<H extends Any> = H["request"]["Type"]

/**
 * What is answered.
 *
 * @category utility types
 * @since 0.2.0
 */
export type Decision<H extends Any> = H["decision"]["Type"]

/**
 * Who is asked, and for how long.
 *
 * @category models
 * @since 0.2.0
 */
export interface AskOptions {
  /** Who may answer: persons or groups, by the names that the app gives them. Default: anybody. */
  readonly who?: ReadonlyArray<string> | undefined
  /** How long an answer is taken. Default: as long as the program waits. */
  readonly expires?: Duration.Input | undefined
}

/**
 * A request that is open.
 *
 * @category models
 * @since 0.2.0
 */
export interface Opened<out Decision> extends ApprovalRequest {
  /** Waits for the answer, and fails when there is none in time or the request was withdrawn. Interrupting it ends the wait alone, so that it may go on later. */
  readonly answer: Effect.Effect<Answered<Decision>, ApprovalExpired, WorkflowContext>
  /** Takes no answer any more. */
  readonly withdraw: Effect.Effect<void, never, WorkflowContext>
}

/**
 * A decision of people.
 *
 * @category models
 * @since 0.2.0
 */
export interface HumanActivity<
  Name extends string,
  Request extends Schema.Codec<unknown, unknown>,
  Decision extends Schema.Codec<unknown, unknown>
> extends Any {
  readonly name: Name
  readonly request: Request
  readonly decision: Decision
  /** Inside a program: asks, and waits for the answer. Interrupting it withdraws the request. */
  (
    request: Request["Type"],
    options?: AskOptions
  ): Effect.Effect<Answered<Decision["Type"]>, ApprovalExpired, WorkflowContext>
  /** Inside a program: asks, and goes on, to tell people of it by an activity. Its `answer` waits. */
  readonly open: (
    request: Request["Type"],
    options?: AskOptions
  ) => Effect.Effect<Opened<Decision["Type"]>, never, WorkflowContext>
}

/**
 * Whether a value is a decision of people.
 *
 * @category guards
 * @since 0.2.0
 */
export const isHumanActivity = (value: unknown): value is Any => typeof value === "function" && TypeId in value

/**
 * Defines a decision of people. It needs no handler: `Approvals` lists what is open and answers, in any process.
 *
 * **Details**
 *
 * The answer names the digest of what was asked, so a person agrees to what they have seen and to nothing else. A second answer, a late one,
 * one to something else and one of a person who may not is refused with `ApprovalRefused`.
 *
 * **Gotchas**
 *
 * An execution is found by its attribute `openRequests`, which it has while a request is open. On Temporal the namespace needs a search
 * attribute of this name, of type `Double`.
 *
 * **Example** (A refund that a person grants)
 *
 * ```ts
 * import { Effect, Schema } from "effect"
 * import { Activity, Workflow } from "perdure"
 * import { Approvals, HumanActivity } from "perdure/ai"
 *
 * const Pay = Activity.make("Pay", { input: Schema.Int })
 * const Grant = HumanActivity.make("Grant", {
 *   request: Schema.Struct({ cents: Schema.Int }),
 *   decision: Schema.Literals(["yes", "no"])
 * })
 *
 * const Refund = Workflow.make("Refund", { input: Schema.Int, success: Schema.String })
 * const RefundLive = Refund.toLayer(Effect.fn("Refund")(function*(cents) {
 *   const { by, decision } = yield* Grant({ cents }, { who: ["finance"], expires: "3 days" })
 *   if (decision === "yes") yield* Pay(cents)
 *   return `${by} says ${decision}`
 * }, Effect.catchTag("ApprovalExpired", () => Effect.succeed("no answer"))))
 *
 * // In the web server, once Ada has logged in:
 * const yes = Effect.gen(function*() {
 *   const approvals = yield* Approvals.Approvals
 *   const { requests } = yield* approvals.list({ who: ["ada", "finance"] })
 *   for (const request of requests) {
 *     yield* approvals.answer(Grant, request, { decision: "yes", by: "ada", groups: ["finance"] })
 *   }
 * })
 * ```
 *
 * @category constructors
 * @since 0.2.0
 */
export const make = <
  const Name extends string,
  Request extends Schema.Codec<unknown, unknown>,
  Decision extends Schema.Codec<unknown, unknown>
>(
  name: Name,
  options: { readonly request: Request; readonly decision: Decision }
): HumanActivity<Name, Request, Decision> => {
  if (typeof name !== "string" || name === "")
    throw new TypeError("the name of a HumanActivity must be a text that is not empty")
  const { decision, request } = options ?? {}
  for (const [part, schema] of Object.entries({ request, decision })) {
    if (!Schema.isSchema(schema)) throw new TypeError(`the ${part} of HumanActivity ${name} must be a schema`)
  }
  const requests = jsonCodec(request)
  const decisions = jsonCodec(decision)
  const read: Entry["read"] = ({ decision }) => Effect.fromResult(decisions.decode(decision))
  const open = Effect.fnUntraced(function* (value: Request["Type"], asked?: AskOptions) {
    const json = requests.encode(value)
    if (Result.isFailure(json)) {
      return yield* Effect.die(new Error(`the request of ${name} does not fit its schema: ${json.failure}`))
    }
    return yield* opened(yield* desk, name, json.success, asked, read)
  })
  const call = Effect.fnUntraced(function* (value: Request["Type"], asked?: AskOptions) {
    const { answer, withdraw } = yield* open(value, asked)
    return yield* Effect.onInterrupt(answer, () => withdraw)
  })
  Object.defineProperty(call, "name", { value: name })
  // What was read is a decision of this schema.
  return Object.assign(call, { [TypeId]: TypeId, request, decision, open }) as unknown as HumanActivity<
    Name,
    Request,
    Decision
  >
}

// internal

/** Asks. */
const opened = Effect.fnUntraced(function* (
  desk: Desk,
  name: string,
  request: Schema.Json,
  { expires, who }: AskOptions = {},
  read: Entry["read"]
): Effect.fn.Return<Opened<unknown>, never, WorkflowContext> {
  const nobody = who?.length === 0 ? "who must name somebody; leave it out where anybody may answer" : undefined
  const fault = nobody ?? time("expires", expires, { unlimited: true })
  if (fault !== undefined) return yield* Effect.die(new TypeError(`the options of ${name}: ${fault}`))
  const openedAt = yield* Clock.currentTimeMillis
  const lasts = expires === undefined ? Number.POSITIVE_INFINITY : Duration.toMillis(Duration.fromInputUnsafe(expires))
  const asked: ApprovalRequest = {
    id: yield* Effect.withFiber((fiber) => Effect.succeed(newId(fiber))),
    name,
    digest: digestOf(name, request),
    request,
    openedAt,
    ...(who === undefined ? {} : { who }),
    ...(Number.isFinite(lasts) ? { expiresAt: openedAt + Math.ceil(lasts) } : {})
  }
  const taken = yield* Deferred.make<Answered<unknown>, ApprovalExpired>()
  const entry: Entry = { request: asked, read, taken, state: "open", isRecorded: false }
  yield* desk.open(entry)
  return { ...asked, answer: answerOf(desk, entry), withdraw: desk.close(entry, "Withdrawn") }
})

/** Waits until an answer is taken, or none is any more. */
const answerOf = (desk: Desk, entry: Entry): Effect.Effect<Answered<unknown>, ApprovalExpired, WorkflowContext> =>
  Effect.gen(function* () {
    const { expiresAt = Number.POSITIVE_INFINITY, id, name } = entry.request
    const now = yield* Clock.currentTimeMillis
    const waits = Deferred.await(entry.taken)
    const taken =
      entry.state === "Decided" || expiresAt === Number.POSITIVE_INFINITY
        ? Option.some(yield* waits)
        : yield* Effect.timeoutOption(waits, Math.max(0, expiresAt - now))
    // The handler that has taken it answers first, as the program may end now.
    yield* Effect.yieldNow
    if (Option.isSome(taken)) return taken.value
    yield* desk.close(entry, "Expired")
    return yield* new ApprovalExpired({ id, name, reason: "Expired" })
  })
