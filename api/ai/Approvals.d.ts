import * as Context from "effect/Context";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import * as Option from "effect/Option";
import * as Stream from "effect/Stream";
import { DurableExecutor } from "../Executor/DurableExecutor.ts";
import { Executions } from "../Executor/Executions.ts";
import type { UnreadableExecution } from "../Store/StoredExecution.ts";
import type { WorkflowError } from "../WorkflowError.ts";
import { ApprovalRefused, type ApprovalRequest } from "./ApprovalRequest.ts";
import type * as HumanActivity from "./HumanActivity.ts";
/**
 * A request that is open.
 *
 * @category models
 * @since 0.2.0
 */
export interface OpenRequest extends ApprovalRequest {
    readonly workflow: string;
    readonly workflowId: string;
}
/**
 * Which requests to list. All conditions must hold.
 *
 * @category models
 * @since 0.2.0
 */
export interface Filter {
    /** Of executions of this workflow. */
    readonly workflow?: string | undefined;
    /** Of `HumanActivity` of this name. */
    readonly name?: string | undefined;
    /** That one of these persons and groups may answer; a request that anybody may is among them. */
    readonly who?: ReadonlyArray<string> | undefined;
    /** How many executions to look at, which have all their requests in one page: 100 by default, never more than 1,000. */
    readonly limit?: number | undefined;
    /** The `next` of the page before. */
    readonly cursor?: string | undefined;
}
/**
 * A page of requests, those of the oldest execution first. `next` continues it; it is absent on the last page.
 *
 * @category models
 * @since 0.2.0
 */
export interface Page {
    readonly requests: ReadonlyArray<OpenRequest>;
    /** Executions whose requests this process cannot read: they have another key, or are too large for one that has no program. */
    readonly unreadable: ReadonlyArray<Pick<UnreadableExecution, "workflowId" | "detail">>;
    readonly next: Option.Option<string>;
}
/**
 * Which request is answered: one of a page is it.
 *
 * @category models
 * @since 0.2.0
 */
export interface Asked {
    readonly workflowId: string;
    readonly id: string;
    /** That of what the person has seen. */
    readonly digest: string;
}
/**
 * The answer of a person.
 *
 * @category models
 * @since 0.2.0
 */
export interface GivenAnswer<out Decision> {
    readonly decision: Decision;
    /** Who answers, which the app has made sure of. */
    readonly by: string;
    /** The groups that the person is one of. Default: none. */
    readonly groups?: ReadonlyArray<string> | undefined;
    /** Names the answer, so that it may be repeated when its outcome was not heard. Default: a new id. At most 1,024 bytes. */
    readonly answerId?: string | undefined;
}
declare const Approvals_base: Context.ServiceClass<Approvals, "perdure/ai/Approvals", {
    /** Finds open requests, a page at a time. */
    readonly list: (filter?: Filter) => Effect.Effect<Page, WorkflowError>;
    /** Answers a request: when it returns, the decision is durable. Fails with `ApprovalRefused` where it is not taken. */
    readonly answer: <H extends HumanActivity.Any>(activity: H, request: Asked, answer: GivenAnswer<HumanActivity.Decision<H>>) => Effect.Effect<void, ApprovalRefused | WorkflowError>;
}>;
/**
 * Lists what people are asked, and answers.
 *
 * @category services
 * @since 0.2.0
 */
export declare class Approvals extends Approvals_base {
}
/**
 * By the executor that is provided, or that of a process without programs.
 *
 * @category layers
 * @since 0.2.0
 */
export declare const layer: Layer.Layer<Approvals, never, DurableExecutor | Executions>;
/**
 * Every open request that matches, read page by page. What this process cannot read is left out: `list` names it.
 *
 * @category combinators
 * @since 0.2.0
 */
export declare const stream: (approvals: Approvals["Service"], filter?: Omit<Filter, "cursor">) => Stream.Stream<OpenRequest, WorkflowError>;
export {};
