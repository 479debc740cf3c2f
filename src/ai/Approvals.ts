/**
 * What people are asked, over all executions: listed and answered in any process that has the store.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { DurableExecutor } from "../Executor/DurableExecutor.ts"
import { Executions } from "../Executor/Executions.ts"
import { jsonCodec, refused } from "../internal/schema.ts"
import type { ExecutionSummary, UnreadableExecution } from "../Store/StoredExecution.ts"
import type { WorkflowError } from "../WorkflowError.ts"
import { AnswerRequest, ApprovalRefused, type ApprovalRequest, openRequests, SentAnswer } from "./ApprovalRequest.ts"
import type * as HumanActivity from "./HumanActivity.ts"
import { refusedAhead, requestsOf } from "./requests.ts"

/**
 * A request that is open.
 *
 * @category models
 * @since 0.2.0
 */
export interface OpenRequest extends ApprovalRequest {
  readonly workflow: string
  readonly workflowId: string
}

/**
 * Which requests to list. All conditions must hold.
 *
 * @category models
 * @since 0.2.0
 */
export interface Filter {
  /** Of executions of this workflow. */
  readonly workflow?: string | undefined
  /** Of `HumanActivity` of this name. */
  readonly name?: string | undefined
  /** That one of these persons and groups may answer; a request that anybody may is among them. */
  readonly who?: ReadonlyArray<string> | undefined
  /** How many executions to look at, which have all their requests in one page: 100 by default, never more than 1,000. */
  readonly limit?: number | undefined
  /** The `next` of the page before. */
  readonly cursor?: string | undefined
}

/**
 * A page of requests, those of the oldest execution first. `next` continues it; it is absent on the last page.
 *
 * @category models
 * @since 0.2.0
 */
export interface Page {
  readonly requests: ReadonlyArray<OpenRequest>
  /** Executions whose requests this process cannot read: they have another key, or are too large for one that has no program. */
  readonly unreadable: ReadonlyArray<Pick<UnreadableExecution, "workflowId" | "detail">>
  readonly next: Option.Option<string>
}

/**
 * Which request is answered: one of a page is it.
 *
 * @category models
 * @since 0.2.0
 */
export interface Asked {
  readonly workflowId: string
  readonly id: string
  /** That of what the person has seen. */
  readonly digest: string
}

/**
 * The answer of a person.
 *
 * @category models
 * @since 0.2.0
 */
export interface GivenAnswer<out Decision> {
  readonly decision: Decision
  /** Who answers, which the app has made sure of. */
  readonly by: string
  /** The groups that the person is one of. Default: none. */
  readonly groups?: ReadonlyArray<string> | undefined
  /** Names the answer, so that it may be repeated when its outcome was not heard. Default: a new id. At most 1,024 bytes. */
  readonly answerId?: string | undefined
}

/**
 * Lists what people are asked, and answers.
 *
 * @category services
 * @since 0.2.0
 */
export class Approvals extends Context.Service<
  Approvals,
  {
    /** Finds open requests, a page at a time. */
    readonly list: (filter?: Filter) => Effect.Effect<Page, WorkflowError>
    /** Answers a request: when it returns, the decision is durable. Fails with `ApprovalRefused` where it is not taken. */
    readonly answer: <H extends HumanActivity.Any>(
      activity: H,
      request: Asked,
      answer: GivenAnswer<HumanActivity.Decision<H>>
    ) => Effect.Effect<void, ApprovalRefused | WorkflowError>
  }
>()("perdure/ai/Approvals") {}

/**
 * By the executor that is provided, or that of a process without programs.
 *
 * @category layers
 * @since 0.2.0
 */
export const layer: Layer.Layer<Approvals, never, DurableExecutor | Executions> = Layer.effect(
  Approvals,
  Effect.gen(function* () {
    const executor = yield* DurableExecutor
    const executions = yield* Executions
    const inExecutor = Effect.provideService(DurableExecutor, executor)
    return {
      list: Effect.fnUntraced(function* (filter: Filter = {}) {
        const { cursor, limit, workflow } = filter
        const page = yield* executions.list({
          status: ["running"],
          workflow,
          where: openRequests.where({ openRequests: { from: 1 } }),
          limit,
          cursor
        })
        const now = yield* Clock.currentTimeMillis
        const read = (summary: ExecutionSummary) => listed(executions, summary)
        const found = yield* Effect.forEach(page.executions, read, { concurrency: 10 }).pipe(inExecutor)
        return {
          requests: found.flatMap(({ requests }) => requests).filter(isAsked(filter, now)),
          unreadable: [...(page.unreadable ?? []), ...found.flatMap(({ unreadable }) => unreadable)],
          next: page.next
        }
      }),
      answer: (activity, request, answer) => inExecutor(send(executions, activity, request, answer))
    }
  })
)

/**
 * Every open request that matches, read page by page. What this process cannot read is left out: `list` names it.
 *
 * @category combinators
 * @since 0.2.0
 */
export const stream = (
  approvals: Approvals["Service"],
  filter: Omit<Filter, "cursor"> = {}
): Stream.Stream<OpenRequest, WorkflowError> =>
  Stream.paginate(Option.none<string>(), (cursor) =>
    Effect.map(
      approvals.list({ ...filter, cursor: Option.getOrUndefined(cursor) }),
      (page) => [page.requests, Option.map(page.next, Option.some)] as const
    )
  )

// internal

/** The requests of an execution, or why they are not read. */
const listed = (
  executions: Executions["Service"],
  summary: ExecutionSummary
): Effect.Effect<Pick<Page, "requests" | "unreadable">, WorkflowError, DurableExecutor> => {
  const { workflow, workflowId } = summary
  return requestsOf(executions, summary).pipe(
    Effect.map(({ open }) => ({
      requests: open.map((request) => ({ ...request, workflow, workflowId })),
      unreadable: []
    })),
    Effect.catchIf(
      ({ reason }) => reason._tag !== "StoreUnavailable" && reason._tag !== "StoreFailed",
      (error) =>
        Effect.succeed({ requests: [], unreadable: isOver(error) ? [] : [{ workflowId, detail: error.message }] })
    )
  )
}

/** An execution that has ended meanwhile has no open request. */
const isOver = ({ reason }: WorkflowError): boolean => reason._tag === "NotFound" || reason._tag === "Finished"

const isAsked =
  ({ name, who }: Filter, now: number) =>
  (request: OpenRequest): boolean =>
    (name === undefined || request.name === name) &&
    (request.expiresAt === undefined || request.expiresAt > now) &&
    (who === undefined || request.who === undefined || request.who.some((one) => who.includes(one)))

const answers = jsonCodec(SentAnswer)

const send = Effect.fnUntraced(function* <H extends HumanActivity.Any>(
  executions: Executions["Service"],
  activity: H,
  { digest, id, workflowId }: Asked,
  { answerId, by, decision, groups = [] }: GivenAnswer<HumanActivity.Decision<H>>
) {
  // An answer may come from a form as it is.
  if (typeof workflowId !== "string") return yield* refused("update", undefined, "the execution", "it must be an id")
  const json = jsonCodec(activity.decision).encode(decision)
  if (Result.isFailure(json))
    return yield* refused("update", workflowId, `the decision of ${activity.name}`, json.failure)
  if (by === "") return yield* refused("update", workflowId, "by", "it must name the person who answers")
  const answer = { id, name: activity.name, digest, by, groups, decision: json.success }
  const sent = answers.encode(answer)
  if (Result.isFailure(sent)) return yield* refused("update", workflowId, "the answer", sent.failure)
  const now = yield* Clock.currentTimeMillis
  const refusal = yield* refusedAhead(executions, workflowId, answer, { answerId, now })
  if (refusal !== undefined) return yield* refusal
  yield* Effect.catchIf(
    AnswerRequest.execute(workflowId, answer, { updateId: answerId }),
    (error) => error._tag === "WorkflowError" && error.reason._tag === "Finished",
    () => Effect.fail(new ApprovalRefused({ id, reason: "Finished" }))
  )
})
