/**
 * What Temporal manages as a store that takes no commits: executions, their histories and listings. One event of Temporal is a version.
 */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { RunId, Version, WorkerId, type WorkflowId } from "../../Ids.ts"
import {
  Conflict,
  type Driver,
  type ExecutionSummary,
  make,
  type Page,
  type StoredExecution,
  type StoreErrorReason,
  Unavailable,
  Unsupported,
  type WorkflowFilter,
  type WorkflowStore
} from "../../Store/WorkflowStore.ts"
import type { WorkflowErrorReason } from "../../WorkflowErrorReason.ts"
import { pageSize } from "../store/listing.ts"
import type { HistoryEvent as TemporalEvent } from "./closing.ts"
import { translated } from "./history.ts"
import { jsonOf } from "./json.ts"
import { look, problemIn, type Run } from "./runs.ts"
import { ask, type Server } from "./Server.ts"
import { listedSummary, summaryOf } from "./summary.ts"
import { isLeftOver, leftOver, queryOf } from "./visibility.ts"

/** The view of a server. */
export const viewOf = (server: Server): WorkflowStore["Service"] => make(driverOf(server))

// internal

type Asked<A> = Effect.Effect<A, StoreErrorReason>

const driverOf = (server: Server): Driver => ({
  saveAll: (commits) => Effect.succeed(commits.map(() => Exit.fail(noWrites))),
  load: (workflowId, after) => asked(load(server, workflowId, after)),
  summary: (workflowId) => asked(describe(server, workflowId)),
  deletion: () => Effect.succeedNone,
  list: (filter) => list(server, filter),
  count: (filter, atMost) => count(server, filter, atMost),
  delete: (workflowId, options) => remove(server, workflowId, options),
  changes: Stream.never,
  heartbeat: () => Effect.fail(noWrites),
  workers: asked(workers(server)),
  saveDetails: () => Effect.fail(noWrites),
  details: ({ seq, workflowId }) => asked(details(server, workflowId, String(seq))),
  guarantees: {
    durability: "replicated",
    fencing: "fenced",
    listing: "eventual",
    maxCommitBytes: 2 * 1024 * 1024,
    writes: "refused"
  }
})

const noWrites = new Unsupported({
  detail:
    "Temporal alone writes the histories of its executions: run them with TemporalWorker and TemporalExecutor, or give the default " +
    "executor a store of its own"
})

/** What an answer of the server means to a caller of the store. */
const asked = <A>(effect: Effect.Effect<A, WorkflowErrorReason>): Asked<A> =>
  Effect.mapError(effect, (reason) =>
    reason._tag === "StoreUnavailable"
      ? new Unavailable({ cause: new Error(reason.detail) })
      : new Unsupported({ detail: reason.message })
  )

const found = <A>(
  effect: Effect.Effect<A, WorkflowErrorReason>
): Effect.Effect<Option.Option<A>, WorkflowErrorReason> =>
  Effect.map(effect, Option.some<A>).pipe(Effect.catchTag("NotFound", () => Effect.succeedNone))

const describe = (
  server: Server,
  workflowId: string
): Effect.Effect<Option.Option<ExecutionSummary>, WorkflowErrorReason> =>
  found(
    Effect.gen(function* () {
      const run = yield* look(server, workflowId)
      return summaryOf(run, yield* problemIn(server, run))
    })
  )

const load = (
  server: Server,
  workflowId: WorkflowId,
  after: Version | undefined
): Effect.Effect<Option.Option<StoredExecution>, WorkflowErrorReason> =>
  found(
    Effect.gen(function* () {
      const run = yield* look(server, workflowId)
      const summary = summaryOf(run, yield* problemIn(server, run))
      const runs = after === undefined ? [run.temporalRun] : yield* runsOf(server, run)
      const commits: Array<StoredExecution["commits"][number]> = []
      for (const runId of runs) {
        const events = yield* eventsOf(server, workflowId, runId)
        const isFirst = runId === run.firstRun
        const id = isFirst ? run.chain : RunId.make(runId)
        for (const { event, eventId } of translated(events, { workflowId, runId, firstRun: run.firstRun })) {
          const version = Version.make(Math.max(1, eventId))
          const last = commits.at(-1)
          if (last?.version === version && last.runId === id) {
            commits[commits.length - 1] = { ...last, events: [...last.events, event] }
          } else commits.push({ id: `${runId}/${eventId}`, runId: id, version, events: [event] })
        }
      }
      return { summary, commits }
    })
  )

/** The runs of a chain, oldest first, as far as Temporal has them. */
const runsOf = (
  server: Server,
  { firstRun, temporalRun, workflowId }: Run
): Effect.Effect<ReadonlyArray<string>, WorkflowErrorReason> =>
  Effect.gen(function* () {
    const runs: Array<string> = []
    for (let next: string | undefined = firstRun; next !== undefined && runs.length < mostRuns;) {
      runs.push(next)
      if (next === temporalRun) break
      const events: ReadonlyArray<TemporalEvent> = yield* lastOf(server, workflowId, next).pipe(
        Effect.catchTag("NotFound", () => Effect.succeed([]))
      )
      next = events[0]?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId ?? undefined
    }
    return runs.includes(temporalRun) ? runs : [temporalRun]
  })

/** So many runs of a chain are read. */
const mostRuns = 1000

const lastOf = (
  server: Server,
  workflowId: string,
  runId: string
): Effect.Effect<ReadonlyArray<TemporalEvent>, WorkflowErrorReason> =>
  Effect.map(
    ask(server, ({ workflowService }) =>
      workflowService.getWorkflowExecutionHistoryReverse({
        namespace: server.namespace,
        execution: { workflowId, runId },
        maximumPageSize: 1
      })
    ),
    ({ history }) => history?.events ?? []
  )

const eventsOf = (
  server: Server,
  workflowId: string,
  runId: string,
  nextPageToken?: Uint8Array
): Effect.Effect<ReadonlyArray<TemporalEvent>, WorkflowErrorReason> =>
  Effect.flatMap(
    ask(server, ({ workflowService }) =>
      workflowService.getWorkflowExecutionHistory({
        namespace: server.namespace,
        execution: { workflowId, runId },
        ...(nextPageToken === undefined ? {} : { nextPageToken })
      })
    ),
    ({ history, nextPageToken: token }) => {
      const events = history?.events ?? []
      return token && token.length > 0
        ? Effect.map(eventsOf(server, workflowId, runId, token), (others) => [...events, ...others])
        : Effect.succeed(events)
    }
  )

const queried = (server: Server, filter: WorkflowFilter): Asked<string> =>
  Result.match(queryOf(filter, server), {
    onSuccess: (query) => Effect.succeed(query),
    onFailure: (detail) => Effect.fail(new Unsupported({ detail: `the filter: ${detail}` }))
  })

const list = (server: Server, filter: WorkflowFilter): Asked<Page> =>
  Effect.gen(function* () {
    const query = yield* queried(server, filter)
    const nextPageToken = filter.cursor === undefined ? undefined : tokenOf(filter.cursor)
    const { executions, nextPageToken: token } = yield* asked(
      ask(server, ({ workflowService }) =>
        workflowService.listWorkflowExecutions({
          namespace: server.namespace,
          query,
          pageSize: pageSize(filter),
          ...(nextPageToken === undefined ? {} : { nextPageToken })
        })
      )
    )
    return {
      executions: (executions ?? []).map(listedSummary).filter(leftOver(filter)),
      next: token && token.length > 0 ? Option.some(Buffer.from(token).toString("base64url")) : Option.none()
    }
  })

const tokenOf = (cursor: string): Uint8Array => Buffer.from(cursor, "base64url")

const count = (server: Server, filter: WorkflowFilter, atMost: number): Asked<number> =>
  Effect.gen(function* () {
    if (isLeftOver(filter)) {
      let counted = 0
      for (let cursor: string | undefined, isFirst = true; isFirst || cursor !== undefined; isFirst = false) {
        const page: Page = yield* list(server, { ...filter, cursor, limit: 1000 })
        counted += page.executions.length
        cursor = counted >= atMost ? undefined : Option.getOrUndefined(page.next)
      }
      return counted
    }
    const query = yield* queried(server, filter)
    const { count } = yield* asked(
      ask(server, ({ workflowService }) =>
        workflowService.countWorkflowExecutions({ namespace: server.namespace, query })
      )
    )
    return Number(count ?? 0)
  })

/** Asks for the removal of the runs of a chain. Temporal does it in the background, some seconds later. */
const remove = (server: Server, workflowId: WorkflowId, options: Parameters<Driver["delete"]>[1]): Asked<boolean> =>
  Effect.gen(function* () {
    const latest = yield* asked(found(look(server, workflowId)))
    if (latest._tag === "None") return false
    const run = latest.value
    const runs = yield* asked(runsOf(server, run))
    const isWhole = "version" in options
    const { version } = summaryOf(run)
    if (isWhole && options.version !== version)
      return yield* new Conflict({ version: options.version, latest: version })
    // Each run counts its versions from 1, so of several earlier runs it is not known up to which one.
    if (!isWhole && runs.length > 2) return yield* new Unsupported({ detail: severalRuns })
    const removed = isWhole ? runs : runs.slice(0, -1)
    for (const runId of removed) yield* asked(removeRun(server, workflowId, runId))
    return removed.length > 0
  })

const severalRuns =
  "of an execution with several earlier runs Temporal's store removes all or nothing: delete it as a whole when it has ended, or leave " +
  "earlier runs to the retention of the namespace"

const removeRun = (server: Server, workflowId: string, runId: string): Effect.Effect<void, WorkflowErrorReason> =>
  ask(server, ({ workflowService }) =>
    workflowService.deleteWorkflowExecution({
      namespace: server.namespace,
      workflowExecution: { workflowId, runId }
    })
  ).pipe(
    Effect.asVoid,
    Effect.catchTag("NotFound", () => Effect.void)
  )

/** The workers that have asked the queue for work in the last minutes. Temporal does not know which workflows they have. */
const workers = (server: Server) =>
  Effect.map(
    ask(server, ({ workflowService }) =>
      workflowService.describeTaskQueue({
        namespace: server.namespace,
        taskQueue: { name: server.taskQueue },
        // Of workflows.
        taskQueueType: 1
      })
    ),
    ({ pollers }) => ({
      living: (pollers ?? []).map(({ identity }) => ({ id: WorkerId.make(identity ?? "") })),
      left: []
    })
  )

const details = (server: Server, workflowId: string, seq: string) =>
  Effect.map(found(look(server, workflowId)), (run) => {
    const pending = Option.getOrUndefined(run)?.description.pendingActivities ?? []
    const activity = pending.find(({ activityId }) => activityId?.split("/")[0] === seq)
    const kept = jsonOf(activity?.heartbeatDetails?.payloads?.[0]) as { readonly reported?: unknown } | null
    return Option.fromUndefinedOr(kept?.reported as never)
  })
