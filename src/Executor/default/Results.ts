/**
 * Callers that wait for the result of an execution.
 */
import * as Effect from "effect/Effect"
import type { ClosingEvent } from "../../HistoryEvent.ts"
import { isClosing } from "../../HistoryEvent.ts"
import { type RunId, Version, type WorkflowId } from "../../Ids.ts"
import { fold } from "../../internal/core/evolve.ts"
import { reasonOf } from "../../internal/store/failure.ts"
import type { StoreError, StoredExecution, WorkflowStore } from "../../Store/WorkflowStore.ts"
import { isFinal } from "../../WorkflowState.ts"
import { Blocked, NotFound, Restarted, type WorkflowErrorReason } from "../../WorkflowError.ts"
import type { Ending } from "./Shared.ts"

interface Waiting {
  readonly runId: RunId | undefined
  readonly end: (effect: Effect.Effect<ClosingEvent, WorkflowErrorReason>) => void
}

export class Results {
  private readonly store: WorkflowStore["Service"]
  private readonly waiting = new Map<WorkflowId, Set<Waiting>>()
  /** Where the next look at some of them begins. */
  private place = 0

  constructor(store: WorkflowStore["Service"]) {
    this.store = store
  }

  /** The next executions whose results callers wait for, at most so many: each comes again after all others. */
  next(count: number): ReadonlyArray<WorkflowId> {
    const all = this.waiting.size <= count ? [...this.waiting.keys()] : [...this.waiting.keys(), ...this.waiting.keys()]
    const first = this.waiting.size <= count ? 0 : this.place % this.waiting.size
    this.place = first + count
    return all.slice(first, first + count)
  }

  /** Whether a caller waits for the result of an execution. */
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

  /** Tells the callers that wait for a run how it ended. Callers that wait for another run go on waiting. */
  ended(workflowId: WorkflowId, ending: Ending): void {
    for (const waiting of [...(this.waiting.get(workflowId) ?? [])]) {
      if ("runId" in ending && waiting.runId !== undefined && waiting.runId !== ending.runId) continue
      this.forget(workflowId, waiting)
      waiting.end(effectOf(ending))
    }
  }

  /** Fails all callers that wait. */
  fail(reason: WorkflowErrorReason): void {
    for (const [workflowId, all] of this.waiting) {
      this.waiting.delete(workflowId)
      for (const waiting of all) waiting.end(Effect.fail(reason))
    }
  }

  /** Looks in the store whether the runs of an execution that callers wait for have ended. Returns the latest version, or 0. */
  lookAgain(workflowId: WorkflowId): Effect.Effect<number, StoreError> {
    const runs = new Set(Array.from(this.waiting.get(workflowId) ?? [], (waiting) => waiting.runId))
    const versions = Effect.forEach(runs, (runId) => this.look(workflowId, runId))
    return Effect.map(versions, (versions) => Math.max(0, ...versions)).pipe(
      Effect.catchIf(
        ({ reason }) => reason._tag === "NewerFormat",
        (error) =>
          Effect.sync(() => {
            this.ended(workflowId, { _tag: "Newer", error })
            return 0
          })
      )
    )
  }

  /** Looks in the store whether a run has ended, and tells the callers that wait. Returns the version that was found. */
  look(workflowId: WorkflowId, runId: RunId | undefined): Effect.Effect<number, StoreError> {
    return Effect.gen({ self: this }, function* () {
      const latest = yield* this.store.summary(workflowId)
      if (latest._tag === "None") {
        this.ended(workflowId, { _tag: "Deleted" })
        return 0
      }
      const { firstVersion, runId: current, status, version } = latest.value
      const isEarlier = runId !== undefined && runId !== current
      if (!isEarlier && status !== "blocked" && !isFinal(status)) return version
      const read = (after: number) => this.readEnding(workflowId, runId ?? current, after)
      // The last commit closed the run, unless messages that it owed were noted since.
      const last = isEarlier || status === "blocked" ? undefined : yield* read(version - 1)
      const ending = last?._tag === "Closed" ? last : yield* read(isEarlier ? 0 : firstVersion - 1)
      if (ending !== undefined) this.ended(workflowId, ending)
      return version
    })
  }

  private readEnding(
    workflowId: WorkflowId,
    runId: RunId,
    after: number
  ): Effect.Effect<Ending | undefined, StoreError> {
    return Effect.map(this.store.load(workflowId, { after: Version.make(after) }), (stored) =>
      stored._tag === "None" ? deleted : endingOf(stored.value, runId)
    )
  }

  private forget(workflowId: WorkflowId, waiting: Waiting): void {
    const others = this.waiting.get(workflowId)
    others?.delete(waiting)
    if (others?.size === 0) this.waiting.delete(workflowId)
  }
}

// internal

const deleted: Ending = { _tag: "Deleted" }

const effectOf = (ending: Ending): Effect.Effect<ClosingEvent, WorkflowErrorReason> => {
  switch (ending._tag) {
    case "Closed":
      return Effect.succeed(ending.event)
    case "Blocked":
      return Effect.fail(new Blocked({ problem: ending.problem }))
    case "Deleted":
      return Effect.fail(new NotFound())
    case "Replaced":
      return Effect.fail(new Restarted({ runId: ending.by }))
    case "Newer":
      return Effect.fail(reasonOf(ending.error))
  }
}

const endingOf = (stored: StoredExecution, runId: RunId): Ending | undefined => {
  const events = stored.commits.filter((commit) => commit.runId === runId).flatMap((commit) => commit.events)
  if (events.length === 0) return { _tag: "Replaced", runId, by: stored.summary.runId }
  const event = events.find(isClosing)
  if (event !== undefined) return { _tag: "Closed", runId, event }
  const problem = fold(events)?.problem
  return problem === undefined ? undefined : { _tag: "Blocked", runId, problem }
}
