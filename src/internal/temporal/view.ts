/**
 * What Temporal manages as a store that takes no commits: executions, their histories and listings. Each event of Temporal has a version.
 */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { RunId, type Version, WorkerId, WorkflowId } from "../../Ids.ts"
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
import { digest } from "../core/digest.ts"
import { LiveClock } from "../liveClock.ts"
import { notACursor, pageSize } from "../store/listing.ts"
import { workerOf } from "../store/summary.ts"
import { translated } from "./history.ts"
import { jsonOf, timeOf } from "./json.ts"
import { eventsOf, type Started, startOf } from "./pages.ts"
import { look, memoIn, problemIn, type Run } from "./runs.ts"
import { openedIn } from "./sealing.ts"
import { ask, type Server } from "./Server.ts"
import { listedSummary, summaryOf } from "./summary.ts"
import { runsBefore, versionOf } from "./versions.ts"
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
  Effect.mapError(effect, (reason) => {
    if (reason._tag === "Undecryptable") return reason
    return reason._tag === "StoreUnavailable"
      ? new Unavailable({ cause: new Error(reason.detail) })
      : new Unsupported({ detail: reason.message })
  })

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
      const summary = summaryOf(run, yield* problemIn(server, run))
      const isWaiting = summary.status === "running" && isLeft(run, (yield* LiveClock).currentTimeMillisUnsafe())
      return isWaiting ? { ...summary, waitingFor: [workerOf(summary), ...summary.waitingFor] } : summary
    })
  )

/** Whether no worker takes the task of a workflow, which one that runs does at once. */
const isLeft = ({ description: { pendingWorkflowTask } }: Run, now: number): boolean =>
  pendingWorkflowTask?.state === scheduled && now - timeOf(pendingWorkflowTask.scheduledTime) > patience

/** Temporal's number of the state of a task that no worker has taken. */
const scheduled = 1

/** How long a worker may take to take a task, and a clock differ from that of the server, in milliseconds. */
const patience = 10_000

const load = (
  server: Server,
  workflowId: WorkflowId,
  after: Version | undefined
): Effect.Effect<Option.Option<StoredExecution>, WorkflowErrorReason> =>
  found(
    Effect.gen(function* () {
      const run = yield* look(server, workflowId)
      const summary = summaryOf(run, yield* problemIn(server, run))
      const runs = after === undefined ? [numbered(run)] : yield* runsOf(server, run)
      const commits: Array<StoredExecution["commits"][number]> = []
      for (const { before, runId } of runs) {
        const events = yield* eventsOf(server, { workflowId, runId })
        const id = runId === run.firstRun ? run.chain : RunId.make(runId)
        for (const { event, eventId } of translated(events, { workflowId, runId, firstRun: run.firstRun })) {
          const version = versionOf(before, eventId)
          const last = commits.at(-1)
          if (last?.version === version) {
            commits[commits.length - 1] = { ...last, events: [...last.events, event] }
          } else if (version > (after ?? 0)) {
            commits.push({ id: `${runId}/${eventId}`, runId: id, version, events: [event] })
          }
        }
      }
      return { summary, commits }
    })
  )

/** A run, and how many came before it in its chain. */
interface Numbered {
  readonly runId: string
  readonly before: number
}

const numbered = ({ memo, temporalRun }: Run): Numbered => ({ runId: temporalRun, before: memo.before ?? 0 })

/**
 * The runs of a chain, oldest first: the latest one and those before it that Temporal still has. It forgets the oldest first, and so does
 * `remove`.
 */
const runsOf = (server: Server, run: Run): Effect.Effect<ReadonlyArray<Numbered>, WorkflowErrorReason> =>
  Effect.gen(function* () {
    const { temporalRun, workflowId } = run
    const runs: Array<Numbered> = []
    for (let runId: string | undefined = temporalRun; runId && runs.length < mostRuns;) {
      const beginning: Option.Option<Started | undefined> = yield* found(startOf(server, { workflowId, runId }))
      if (beginning._tag === "None") break
      const value: Started | undefined = beginning.value
      runs.push({ runId, before: value === undefined ? 0 : (memoIn(value).before ?? 0) })
      runId = value?.continuedExecutionRunId ?? undefined
    }
    // Memos of another author have no number.
    const isCounted = run.memo.input !== undefined
    return runs.toReversed().map((each, index) => (isCounted ? each : { ...each, before: index }))
  })

/** So many runs of a chain are found. */
const mostRuns = 100_000

const queried = (server: Server, filter: WorkflowFilter): Asked<string> =>
  Result.match(queryOf(filter, server), {
    onSuccess: (query) => Effect.succeed(query),
    onFailure: (detail) => Effect.fail(new Unsupported({ detail: `the filter: ${detail}` }))
  })

const list = (server: Server, filter: WorkflowFilter): Asked<Page> =>
  Effect.gen(function* () {
    const query = yield* queried(server, filter)
    const nextPageToken = filter.cursor === undefined ? undefined : yield* tokenIn(filter.cursor)
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
    const infos = (executions ?? []).map((info) => [info, openedIn(server.codec, info)] as const)
    const unreadable = infos.flatMap(([{ execution }, opened]) =>
      Result.isFailure(opened)
        ? [{ workflowId: WorkflowId.make(execution?.workflowId ?? ""), detail: opened.failure.message }]
        : []
    )
    return {
      executions: infos
        .flatMap(([, opened]) => (Result.isSuccess(opened) ? [listedSummary(opened.success)] : []))
        .filter(leftOver(filter)),
      next: token && token.length > 0 ? Option.some(cursorOf(token)) : Option.none(),
      ...(unreadable.length === 0 ? {} : { unreadable })
    }
  })

/** A token of Temporal with its digest, as Temporal does not tell a token that it has not made from a failure of its own. */
const cursorOf = (token: Uint8Array): string => {
  const text = Buffer.from(token).toString("base64url")
  return `${text}.${digest(text)}`
}

const tokenIn = (cursor: string): Effect.Effect<Uint8Array, Unsupported> => {
  const [text = ""] = cursor.split(".")
  return `${text}.${digest(text)}` === cursor
    ? Effect.succeed(Buffer.from(text, "base64url"))
    : Effect.fail(notACursor(cursor))
}

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

/**
 * Asks for the removal of a chain, or of the runs before a version. Temporal does it in the background, some seconds later. The oldest run
 * goes first and the latest one last, so that what is left after a failure is found again.
 */
const remove = (server: Server, workflowId: WorkflowId, options: Parameters<Driver["delete"]>[1]): Asked<boolean> =>
  Effect.gen(function* () {
    const latest = yield* asked(found(look(server, workflowId)))
    if (latest._tag === "None") return false
    const run = latest.value
    const { version } = summaryOf(run)
    const isWhole = "version" in options
    if (isWhole && options.version !== version)
      return yield* new Conflict({ version: options.version, latest: version })
    const runs = yield* asked(runsOf(server, run))
    const removed = isWhole ? runs : runs.filter(({ before }) => before < runsBefore(options.before))
    for (const { runId } of removed) yield* asked(removeRun(server, workflowId, runId))
    return removed.length > 0
  })

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

/**
 * The workers that wait for work of the queue. Temporal keeps those of the last five minutes, and one that lives asks every minute. It
 * does not know which workflows they have.
 */
const workers = (server: Server) =>
  Effect.map(
    Effect.zip(
      LiveClock,
      ask(server, ({ workflowService }) =>
        workflowService.describeTaskQueue({
          namespace: server.namespace,
          taskQueue: { name: server.taskQueue },
          // Of workflows.
          taskQueueType: 1
        })
      )
    ),
    ([clock, { pollers }]) => ({
      living: (pollers ?? [])
        .filter(({ lastAccessTime }) => clock.currentTimeMillisUnsafe() - timeOf(lastAccessTime) < silence)
        .map(({ identity }) => ({ id: WorkerId.make(identity ?? "") })),
      left: []
    })
  )

/** How long a worker that lives may be silent, with as much for the difference of two clocks, in milliseconds. */
const silence = 2 * 60_000

const details = (server: Server, workflowId: string, seq: string) =>
  Effect.map(found(look(server, workflowId)), (run) => {
    const pending = Option.getOrUndefined(run)?.description.pendingActivities ?? []
    const activity = pending.find(({ activityId }) => activityId?.split("/")[0] === seq)
    const kept = jsonOf(activity?.heartbeatDetails?.payloads?.[0]) as { readonly reported?: unknown } | null
    return Option.fromUndefinedOr(kept?.reported as never)
  })
