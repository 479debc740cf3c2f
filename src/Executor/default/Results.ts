/**
 * Those who wait for the result of an execution.
 */
import * as Effect from "effect/Effect"
import type { ClosingEvent } from "../../HistoryEvent.ts"
import { isClosing } from "../../HistoryEvent.ts"
import { type RunId, Version, type WorkflowId } from "../../Ids.ts"
import { fold } from "../../internal/core/evolve.ts"
import type { StoreError, StoredExecution, WorkflowStore } from "../../Store/WorkflowStore.ts"
import { isFinal } from "../../WorkflowState.ts"
import { Blocked, NotFound, type WorkflowErrorReason } from "../../WorkflowError.ts"
import type { Ending } from "./Shell.ts"

/** A version after every other: what is loaded after it is the summary alone. */
export const afterAll = Version.make(Number.MAX_SAFE_INTEGER)

interface Waiting {
  readonly runId: RunId | undefined
  readonly end: (effect: Effect.Effect<ClosingEvent, WorkflowErrorReason>) => void
}

export class Results {
  private readonly store: WorkflowStore["Service"]
  private readonly waiting = new Map<WorkflowId, Set<Waiting>>()

  constructor(store: WorkflowStore["Service"]) {
    this.store = store
  }

  /** The ids for which somebody waits. */
  ids(): Iterable<WorkflowId> {
    return this.waiting.keys()
  }

  /** Whether somebody waits for the result of an execution. */
  isWaiting(workflowId: WorkflowId): boolean {
    return this.waiting.has(workflowId)
  }

  /** Waits until a run is finished, blocked or deleted. */
  wait(workflowId: WorkflowId, runId: RunId | undefined): Effect.Effect<ClosingEvent, WorkflowErrorReason> {
    return Effect.callback((resume) => {
      const waiting: Waiting = { runId, end: resume }
      const others = this.waiting.get(workflowId)
      if (others === undefined) this.waiting.set(workflowId, new Set([waiting]))
      else others.add(waiting)
      return Effect.sync(() => this.forget(workflowId, waiting))
    })
  }

  /** Tells those who wait how a run ended. Those who wait for another run go on waiting. */
  ended(workflowId: WorkflowId, ending: Ending): void {
    for (const waiting of [...(this.waiting.get(workflowId) ?? [])]) {
      if (ending._tag !== "Deleted" && waiting.runId !== undefined && waiting.runId !== ending.runId) continue
      this.forget(workflowId, waiting)
      waiting.end(effectOf(ending))
    }
  }

  /** Fails everybody who waits. */
  fail(reason: WorkflowErrorReason): void {
    for (const [workflowId, all] of this.waiting) {
      this.waiting.delete(workflowId)
      for (const waiting of all) waiting.end(Effect.fail(reason))
    }
  }

  /** Looks in the store whether the runs of an execution for which somebody waits have ended. */
  lookAgain(workflowId: WorkflowId): Effect.Effect<void, StoreError> {
    const runs = new Set(Array.from(this.waiting.get(workflowId) ?? [], (waiting) => waiting.runId))
    return Effect.forEach(runs, (runId) => this.look(workflowId, runId), { discard: true })
  }

  /** Looks in the store whether a run has ended, and tells those who wait. */
  look(workflowId: WorkflowId, runId: RunId | undefined): Effect.Effect<void, StoreError> {
    return Effect.gen({ self: this }, function* () {
      const latest = yield* this.store.load(workflowId, { after: afterAll })
      if (latest._tag === "None") return this.ended(workflowId, { _tag: "Deleted" })
      const { summary } = latest.value
      const isEarlier = runId !== undefined && runId !== summary.runId
      if (!isEarlier && summary.status !== "blocked" && !isFinal(summary.status)) return
      const after = isEarlier ? Version.make(0) : isFinal(summary.status) ? lastOnly(summary.version) : undefined
      const stored = yield* this.store.load(workflowId, { after })
      if (stored._tag === "None") return this.ended(workflowId, { _tag: "Deleted" })
      const ending = endingOf(stored.value, runId ?? summary.runId)
      if (ending !== undefined) this.ended(workflowId, ending)
    })
  }

  private forget(workflowId: WorkflowId, waiting: Waiting): void {
    const others = this.waiting.get(workflowId)
    others?.delete(waiting)
    if (others?.size === 0) this.waiting.delete(workflowId)
  }
}

// internal

/** What to load after to get the last commit alone, which closed the run. */
const lastOnly = (version: Version): Version => Version.make(version - 1)

const effectOf = (ending: Ending): Effect.Effect<ClosingEvent, WorkflowErrorReason> => {
  switch (ending._tag) {
    case "Closed":
      return Effect.succeed(ending.event)
    case "Blocked":
      return Effect.fail(new Blocked({ problem: ending.problem }))
    case "Deleted":
      return Effect.fail(new NotFound())
  }
}

const endingOf = (stored: StoredExecution, runId: RunId): Ending | undefined => {
  const events = stored.commits.filter((commit) => commit.runId === runId).flatMap((commit) => commit.events)
  if (events.length === 0) return { _tag: "Deleted" }
  const event = events.find(isClosing)
  if (event !== undefined) return { _tag: "Closed", runId, event }
  const problem = fold(events)?.problem
  return problem === undefined ? undefined : { _tag: "Blocked", runId, problem }
}
