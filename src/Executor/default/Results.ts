/**
 * Callers that wait for the result of an execution.
 */
import * as Effect from "effect/Effect"
import { type ClosingEvent, encryptedFormats, formatVersion, isClosing } from "../../HistoryEvent.ts"
import { type RunId, Version, type WorkflowId } from "../../Ids.ts"
import { chainMeant } from "../../internal/core/continued.ts"
import { fold } from "../../internal/core/evolve.ts"
import { isUnreadableHere, reasonOf } from "../../internal/store/failure.ts"
import {
  type ExecutionSummary,
  NewerFormat,
  type StoredExecution,
  StoreError,
  type WorkflowStore
} from "../../Store/WorkflowStore.ts"
import { isFinal } from "../../WorkflowState.ts"
import { Blocked, NotFound, Restarted, type WorkflowErrorReason } from "../../WorkflowError.ts"
import { eventsOfChain } from "./chains.ts"
import type { Ending } from "./Ending.ts"
import { looksTogether, Rotation } from "./Rotation.ts"

interface Waiting {
  /** The chain, by its first run once that is known; absent for whichever the id has. */
  chain: RunId | undefined
  readonly end: (effect: Effect.Effect<ClosingEvent, WorkflowErrorReason>) => void
}

export class Results {
  private readonly store: WorkflowStore["Service"]
  private readonly see: (summary: ExecutionSummary) => void
  private readonly waiting = new Map<WorkflowId, Set<Waiting>>()
  private readonly rotation = new Rotation()

  /** `see` is told what the store has of an execution that a caller waits for. */
  constructor(store: WorkflowStore["Service"], see: (summary: ExecutionSummary) => void) {
    this.store = store
    this.see = see
  }

  /** Whether a caller waits for the result of an execution. */
  isWaiting(workflowId: WorkflowId): boolean {
    return this.waiting.has(workflowId)
  }

  /** Waits until a chain is finished, blocked or deleted. */
  wait(workflowId: WorkflowId, chain: RunId | undefined): Effect.Effect<ClosingEvent, WorkflowErrorReason> {
    return Effect.callback((resume) => {
      const waiting: Waiting = { chain, end: resume }
      const others = this.waiting.get(workflowId)
      if (others === undefined) this.waiting.set(workflowId, new Set([waiting]))
      else others.add(waiting)
      return Effect.sync(() => this.forget(workflowId, waiting))
    })
  }

  /** Tells the callers that wait for a chain how it ended. Callers that wait for another one go on waiting. */
  ended(workflowId: WorkflowId, ending: Ending): void {
    for (const waiting of [...(this.waiting.get(workflowId) ?? [])]) {
      if ("chain" in ending && waiting.chain !== undefined && waiting.chain !== ending.chain) continue
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

  /** Looks in the store whether the chains of an execution that callers wait for have ended. Returns the latest version, or 0. */
  lookAgain(workflowId: WorkflowId): Effect.Effect<number, StoreError> {
    const chains = new Set(Array.from(this.waiting.get(workflowId) ?? [], (waiting) => waiting.chain))
    const versions = Effect.forEach(chains, (chain) => this.look(workflowId, chain))
    return Effect.map(versions, (versions) => Math.max(0, ...versions)).pipe(
      Effect.catchIf(isUnreadableHere, (error) =>
        Effect.sync(() => {
          this.ended(workflowId, { _tag: "Unreadable", error })
          return 0
        })
      )
    )
  }

  /** Looks whether some of them have ended unheard, each after all others; `found` is told of the versions of the ones that are there. */
  lookForSome(
    count: number,
    found: (workflowId: WorkflowId, version: number) => void
  ): Effect.Effect<void, StoreError> {
    const look = (workflowId: WorkflowId) =>
      Effect.map(this.lookAgain(workflowId), (version) => (version > 0 ? found(workflowId, version) : undefined))
    return Effect.suspend(() =>
      Effect.forEach(this.rotation.next([...this.waiting.keys()], count), look, {
        concurrency: looksTogether,
        discard: true
      })
    )
  }

  /** Looks in the store whether a chain has ended, and tells the callers that wait. Returns the version that was found. */
  look(workflowId: WorkflowId, run: RunId | undefined): Effect.Effect<number, StoreError> {
    return Effect.gen({ self: this }, function* () {
      const latest = yield* this.store.summary(workflowId)
      if (latest._tag === "None") {
        this.ended(workflowId, { _tag: "Deleted" })
        return 0
      }
      this.see(latest.value)
      const { firstVersion, format = 1, runId, status, version } = latest.value
      if (format > encryptedFormats) {
        const reason = new NewerFormat({ format, known: formatVersion })
        this.ended(workflowId, { _tag: "Unreadable", error: new StoreError({ operation: "load", workflowId, reason }) })
        return version
      }
      const { chain: current = runId } = latest.value
      const chain = chainMeant(latest.value, run)
      const isEarlier = chain !== current
      if (run !== undefined) this.meant(workflowId, run, chain)
      if (!isEarlier && status !== "blocked" && !isFinal(status)) return version
      const read = (after: number) => this.readEnding(workflowId, chain, after)
      // The last commit closed the chain, unless messages that it owed were noted since.
      const last = isEarlier || status === "blocked" ? undefined : yield* read(version - 1)
      const ending = last?._tag === "Closed" ? last : yield* read(isEarlier ? 0 : firstVersion - 1)
      if (ending !== undefined) this.ended(workflowId, ending)
      return version
    })
  }

  private readEnding(
    workflowId: WorkflowId,
    chain: RunId,
    after: number
  ): Effect.Effect<Ending | undefined, StoreError> {
    return Effect.map(this.store.load(workflowId, { after: Version.make(after) }), (stored) =>
      stored._tag === "None" ? deleted : endingOf(stored.value, chain)
    )
  }

  /** Notes of which chain a run is that callers have named. */
  private meant(workflowId: WorkflowId, run: RunId, chain: RunId): void {
    for (const waiting of this.waiting.get(workflowId) ?? []) if (waiting.chain === run) waiting.chain = chain
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
    case "Unreadable":
      return Effect.fail(reasonOf(ending.error))
  }
}

const endingOf = (stored: StoredExecution, chain: RunId): Ending | undefined => {
  const { summary } = stored
  const events = eventsOfChain(stored, chain)
  if (events.length === 0) return { _tag: "Replaced", chain, by: summary.runId }
  const event = events.find(isClosing)
  if (event !== undefined) return { _tag: "Closed", chain, event }
  // Of runs that others continue only the last one can be blocked.
  const first = events.findLastIndex(({ _tag }) => _tag === "ExecutionStarted")
  const problem = fold(events.slice(Math.max(0, first)))?.problem
  return problem === undefined ? undefined : { _tag: "Blocked", chain, problem }
}
