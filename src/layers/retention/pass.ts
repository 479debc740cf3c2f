/**
 * One look through a store, a page at a time.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Executions from "../../Executor/Executions.ts"
import { formatVersion } from "../../HistoryEvent.ts"
import type { ExecutionSummary, Page, StoreError, WorkflowFilter, WorkflowStore } from "../../Store/WorkflowStore.ts"
import type { WorkflowError } from "../../WorkflowError.ts"
import type { Keeping, Removed, Settings } from "./Options.ts"
import type { Runs } from "./Runs.ts"

/** A page has so many executions at most. */
const pageAtMost = 100

/** Removes what is due. Stops early when another process is to remove. */
export const pass = Effect.fnUntraced(function* (
  store: WorkflowStore["Service"],
  { olderRuns, perSecond, rules }: Settings,
  runs: Runs,
  isMine: Effect.Effect<boolean, StoreError>
): Effect.fn.Return<Removed, StoreError> {
  const executions = Executions.make(store)
  const now = yield* Clock.currentTimeMillis
  const removed = { executions: 0, runs: 0 }

  const end = Effect.fnUntraced(function* (summary: ExecutionSummary, rule: Keeping) {
    if (rules.find((other) => fits(other, summary)) !== rule || isNewer(summary)) return
    const { runId, workflowId } = summary
    if (yield* isRemoved(executions.delete({ workflowId, runId }))) removed.executions++
  })
  const shorten = Effect.fnUntraced(function* (summary: ExecutionSummary, time: number) {
    if (isNewer(summary)) return
    const due = yield* runs.endedBefore(summary, time)
    if (due === undefined) return
    const { workflowId } = summary
    if (yield* isRemoved(executions.delete(workflowId, { before: due.before }))) removed.runs += due.runs
    else runs.forget(workflowId)
  })

  const pages = pagesAt(store, perSecond, isMine)
  for (const rule of rules) {
    if (!Number.isFinite(rule.milliseconds)) continue
    const { milliseconds, status, workflow } = rule
    const before = now - milliseconds
    // Stores find executions by when they started, and none ends before that.
    const due = { status, workflow, startedBefore: before, closedBefore: before }
    yield* pages(due, (summary) => end(summary, rule))
  }
  if (olderRuns !== undefined && Number.isFinite(olderRuns)) {
    yield* pages({}, (summary) => shorten(summary, now - olderRuns))
  }
  return removed
})

// internal

/** Looks at executions that match, so many a second in all, while this process is to remove. */
const pagesAt = (store: WorkflowStore["Service"], perSecond: number, isMine: Effect.Effect<boolean, StoreError>) => {
  const limit = Math.min(pageAtMost, perSecond)
  /** For how long nothing more is to be looked at, in milliseconds; timers know no parts of them. */
  let debt = 0
  let isFirst = true
  return Effect.fnUntraced(function* (
    filter: WorkflowFilter,
    look: (summary: ExecutionSummary) => Effect.Effect<void, StoreError>
  ): Effect.fn.Return<void, StoreError> {
    let cursor: string | undefined
    do {
      if (debt >= 1) yield* Effect.sleep(debt)
      debt = debt >= 1 ? 0 : debt
      if (!isFirst && !(yield* isMine)) return
      isFirst = false
      const page: Page = yield* store.list({ ...filter, limit, cursor })
      // A page that is not the last one may be short, and empty: the store has looked at others.
      const looked = Option.isSome(page.next) ? limit : page.executions.length
      debt += (looked / perSecond) * 1000
      yield* Effect.forEach(page.executions, look, { discard: true })
      cursor = Option.getOrUndefined(page.next)
    } while (cursor !== undefined)
  })
}

/** What a newer release has recorded, or is not imported wholly, may be more than it seems. */
const isNewer = ({ format = 1 }: ExecutionSummary): boolean => format > formatVersion

const fits = ({ status, workflow }: Keeping, summary: ExecutionSummary): boolean =>
  (workflow === undefined || workflow === summary.workflow) && status.some((each) => each === summary.status)

/** What does not allow to remove an execution yet, or says that it is gone. */
const expected: ReadonlySet<string> = new Set(["NotFound", "Restarted", "StillOwes", "Unfinished"])

/** Whether something was removed. What fails is tried again in the next pass. */
const isRemoved = (remove: Effect.Effect<void, WorkflowError>): Effect.Effect<boolean> =>
  Effect.matchEffect(remove, {
    onSuccess: () => Effect.succeed(true),
    onFailure: (error) =>
      Effect.as(expected.has(error.reason._tag) ? Effect.void : Effect.logWarning(`retention: ${error.message}`), false)
  })
