/**
 * Callers that wait for updates, of executions here and elsewhere: they hear of what a worker of this process has recorded, and look
 * in the store when that tells of a commit.
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import { type HistoryEvent, isClosing, type Problem } from "../../HistoryEvent.ts"
import type { RunId, Version, WorkflowId } from "../../Ids.ts"
import { closedAs } from "../../internal/core/derive.ts"
import { isUnreadableHere, reasonOf } from "../../internal/store/failure.ts"
import type { Message, UpdateAnswer } from "../../Message.ts"
import type { ExecutionSummary, StoreError, WorkflowStore } from "../../Store/WorkflowStore.ts"
import { Blocked, Finished, NotFound, Restarted, type WorkflowErrorReason } from "../../WorkflowError.ts"
import { isFinal } from "../../WorkflowState.ts"
import { chainsOf } from "./chains.ts"
import type { Fibers } from "./Fibers.ts"
import type { Ending } from "./Ending.ts"
import { looksTogether, Rotation } from "./Rotation.ts"

/** A caller that waits for an update. */
export interface Waiting {
  readonly workflowId: WorkflowId
  readonly chain: RunId
  readonly update: Pick<Extract<Message, { readonly _tag: "Update" }>, "id" | "wait">
  /** The version up to which the history says nothing new of the update. */
  since: Version
  accepted: boolean
  readonly answer: Deferred.Deferred<UpdateAnswer, WorkflowErrorReason>
}

/** A caller that begins to wait. */
export const waiting = (options: Omit<Waiting, "answer">): Waiting => ({ ...options, answer: Deferred.makeUnsafe() })

export class Answers {
  private readonly store: WorkflowStore["Service"]
  private readonly fibers: Fibers
  private readonly see: (summary: ExecutionSummary) => void
  /** By execution, and then by the id of the update. */
  private readonly all = new Map<WorkflowId, Map<string, Set<Waiting>>>()
  private readonly rotation = new Rotation()

  /** `see` is told what the store has of an execution that a caller waits for. */
  constructor(store: WorkflowStore["Service"], fibers: Fibers, see: (summary: ExecutionSummary) => void) {
    this.store = store
    this.fibers = fibers
    this.see = see
  }

  /** Notes that a caller waits, for as long as an effect runs. */
  during<A, E>(caller: Waiting, effect: Effect.Effect<A, E>): Effect.Effect<A, E> {
    return Effect.suspend(() => {
      this.note(caller)
      return Effect.ensuring(
        effect,
        Effect.sync(() => this.forget(caller))
      )
    })
  }

  /** Tells the callers what an execution of this worker has recorded. */
  recorded({ chain, workflowId }: Pick<Waiting, "chain" | "workflowId">, events: ReadonlyArray<HistoryEvent>): void {
    if (this.all.has(workflowId)) this.tell(workflowId, events, (caller) => caller.chain === chain)
  }

  /** Tells the callers how an execution has ended, or why it does not go on. */
  ended(workflowId: WorkflowId, ending: Ending): void {
    // What was answered before is in the history.
    if (ending._tag === "Closed") return this.changed(workflowId)
    for (const caller of this.callersOf(workflowId)) {
      if ("chain" in ending && ending.chain !== caller.chain) continue
      this.end(caller, Effect.fail(reasonFor(ending)))
    }
  }

  /** Fails all callers. */
  fail(reason: WorkflowErrorReason): void {
    for (const workflowId of [...this.all.keys()]) {
      for (const caller of this.callersOf(workflowId)) this.end(caller, Effect.fail(reason))
    }
  }

  /** Looks soon, when callers wait for an execution to which another process may have committed. */
  changed(workflowId: WorkflowId): void {
    // Should that fail, the next heartbeat looks again.
    if (this.all.has(workflowId)) this.fibers.fork(this.look(workflowId), () => {})
  }

  /** Looks for some of the callers, as a news may be missed: for so many executions, each again after all others. */
  lookAgain(count: number): Effect.Effect<void, StoreError> {
    return Effect.suspend(() => {
      const some = this.rotation.next([...this.all.keys()], count)
      return Effect.forEach(some, (workflowId) => this.look(workflowId), { concurrency: looksTogether, discard: true })
    })
  }

  /** Looks in the store for what the callers wait for. */
  look(workflowId: WorkflowId): Effect.Effect<void, StoreError> {
    return Effect.suspend(() => {
      const callers = this.callersOf(workflowId)
      if (callers.length === 0) return Effect.void
      const after = callers.reduce((least, { since }) => (since < least ? since : least), callers[0]!.since)
      return Effect.map(this.store.load(workflowId, { after }), (found) => {
        if (found._tag === "None") return this.ended(workflowId, { _tag: "Deleted" })
        const { commits, summary } = found.value
        this.see(summary)
        const chains = chainsOf(found.value)
        for (const { events, runId, version } of commits) {
          // A run that began before what was read is the one that was asked.
          const isOf = (chain: RunId) => (chains.get(runId) ?? chain) === chain
          this.tell(workflowId, events, ({ chain, since }) => version > since && isOf(chain))
        }
        for (const caller of callers) {
          this.judge(caller, summary)
          if (summary.version > caller.since) caller.since = summary.version
        }
      })
    }).pipe(
      Effect.catchIf(isUnreadableHere, (error) =>
        Effect.sync(() => this.ended(workflowId, { _tag: "Unreadable", error }))
      )
    )
  }

  /** Tells some of the callers what was recorded, each no more than its update. */
  private tell(workflowId: WorkflowId, events: ReadonlyArray<HistoryEvent>, isFor: (caller: Waiting) => boolean): void {
    for (const event of events) {
      const isOfUpdate = event._tag === "UpdateAccepted" || event._tag === "UpdateAnswered"
      if (!isOfUpdate && !isClosing(event)) continue
      const callers = isOfUpdate ? [...(this.all.get(workflowId)?.get(event.id) ?? [])] : this.callersOf(workflowId)
      for (const caller of callers) if (isFor(caller)) this.hear(caller, event)
    }
  }

  /** What an event says to a caller. Those of an update come before the end of its run. */
  private hear(caller: Waiting, event: HistoryEvent): void {
    const { chain: runId, update } = caller
    if (event._tag === "UpdateAccepted" && event.id === update.id) {
      caller.accepted = true
      if (update.wait === "accepted") this.end(caller, Effect.succeed({ runId, accepted: true }))
    } else if (event._tag === "UpdateAnswered" && event.id === update.id) {
      this.end(caller, Effect.succeed({ runId, accepted: caller.accepted, exit: event.exit }))
    } else if (isClosing(event)) {
      this.end(caller, Effect.fail(new Finished({ status: closedAs(event) })))
    }
  }

  /** What the summary of the latest commit says to a caller that its events have not answered. */
  private judge(caller: Waiting, summary: ExecutionSummary): void {
    const { chain = summary.runId, status, waitingFor } = summary
    if (chain !== caller.chain) return this.end(caller, Effect.fail(new Restarted({ runId: chain })))
    if (isFinal(status)) return this.end(caller, Effect.fail(new Finished({ status })))
    const problem = status === "blocked" ? problemIn(waitingFor) : undefined
    if (problem !== undefined) this.end(caller, Effect.fail(new Blocked({ problem })))
  }

  private end(caller: Waiting, answer: Effect.Effect<UpdateAnswer, WorkflowErrorReason>): void {
    this.forget(caller)
    Deferred.doneUnsafe(caller.answer, answer)
  }

  private callersOf(workflowId: WorkflowId): ReadonlyArray<Waiting> {
    return [...(this.all.get(workflowId)?.values() ?? [])].flatMap((callers) => [...callers])
  }

  private note(caller: Waiting): void {
    const { update, workflowId } = caller
    const updates = this.all.get(workflowId) ?? new Map<string, Set<Waiting>>()
    this.all.set(workflowId, updates.set(update.id, (updates.get(update.id) ?? new Set()).add(caller)))
  }

  private forget(caller: Waiting): void {
    const { update, workflowId } = caller
    const updates = this.all.get(workflowId)
    const callers = updates?.get(update.id)
    callers?.delete(caller)
    if (callers?.size === 0) updates?.delete(update.id)
    if (updates?.size === 0) this.all.delete(workflowId)
  }
}

/** Why an execution is blocked, by its summary. */
export const problemIn = (waitingFor: ExecutionSummary["waitingFor"]): Problem | undefined =>
  waitingFor.find((each) => each._tag === "Blocked")?.problem

// internal

const reasonFor = (ending: Exclude<Ending, { readonly _tag: "Closed" }>): WorkflowErrorReason => {
  switch (ending._tag) {
    case "Blocked":
      return new Blocked({ problem: ending.problem })
    case "Deleted":
      return new NotFound()
    case "Replaced":
      return new Restarted({ runId: ending.by })
    case "Unreadable":
      return reasonOf(ending.error)
  }
}
