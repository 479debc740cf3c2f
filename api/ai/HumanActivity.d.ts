import * as Duration from "effect/Duration";
import * as Effect from "effect/Effect";
import * as Schema from "effect/Schema";
import type { WorkflowContext } from "../WorkflowContext.ts";
import { type Answered, ApprovalExpired, type ApprovalRequest } from "./ApprovalRequest.ts";
export { type Answered, ApprovalExpired, ApprovalRefused, ApprovalRequest } from "./ApprovalRequest.ts";
/**
 * Marks decisions of people.
 *
 * @category symbols
 * @since 0.2.0
 */
export declare const TypeId: "~perdure/HumanActivity";
/**
 * Any decision of people, whatever its types.
 *
 * @category models
 * @since 0.2.0
 */
export interface Any {
    readonly [TypeId]: typeof TypeId;
    readonly name: string;
    readonly request: Schema.Codec<unknown, unknown>;
    readonly decision: Schema.Codec<unknown, unknown>;
}
/**
 * What is asked.
 *
 * @category utility types
 * @since 0.2.0
 */
export type Request<H extends Any> = H["request"]["Type"];
/**
 * What is answered.
 *
 * @category utility types
 * @since 0.2.0
 */
export type Decision<H extends Any> = H["decision"]["Type"];
/**
 * Who is asked, and for how long.
 *
 * @category models
 * @since 0.2.0
 */
export interface AskOptions {
    /** Who may answer: persons or groups, by the names that the app gives them. Default: anybody. */
    readonly who?: ReadonlyArray<string> | undefined;
    /** How long an answer is taken. Default: as long as the program waits. */
    readonly expires?: Duration.Input | undefined;
}
/**
 * A request that is open.
 *
 * @category models
 * @since 0.2.0
 */
export interface Opened<out Decision> extends ApprovalRequest {
    /** Waits for the answer, and fails when there is none in time or the request was withdrawn. Interrupting it ends the wait alone, so that it may go on later. */
    readonly answer: Effect.Effect<Answered<Decision>, ApprovalExpired, WorkflowContext>;
    /** Takes no answer any more. */
    readonly withdraw: Effect.Effect<void, never, WorkflowContext>;
}
/**
 * A decision of people.
 *
 * @category models
 * @since 0.2.0
 */
export interface HumanActivity<Name extends string, Request extends Schema.Codec<unknown, unknown>, Decision extends Schema.Codec<unknown, unknown>> extends Any {
    readonly name: Name;
    readonly request: Request;
    readonly decision: Decision;
    /** Inside a program: asks, and waits for the answer. Interrupting it withdraws the request. */
    (request: Request["Type"], options?: AskOptions): Effect.Effect<Answered<Decision["Type"]>, ApprovalExpired, WorkflowContext>;
    /** Inside a program: asks, and goes on, to tell people of it by an activity. Its `answer` waits. */
    readonly open: (request: Request["Type"], options?: AskOptions) => Effect.Effect<Opened<Decision["Type"]>, never, WorkflowContext>;
}
/**
 * Whether a value is a decision of people.
 *
 * @category guards
 * @since 0.2.0
 */
export declare const isHumanActivity: (value: unknown) => value is Any;
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
export declare const make: <const Name extends string, Request extends Schema.Codec<unknown, unknown>, Decision extends Schema.Codec<unknown, unknown>>(name: Name, options: {
    readonly request: Request;
    readonly decision: Decision;
}) => HumanActivity<Name, Request, Decision>;
