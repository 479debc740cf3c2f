/**
 * Delivers the messages that executions owe to each other, exactly once: `docs/decisions/0007` has the protocol.
 *
 * Delivery is a commit of the receiver, then a commit of the sender that notes it. Either may be repeated by any process that
 * finds the sender with a message that it owes, and needs no program. What was delivered is found again in the receiver's
 * commits since the version at which the message was addressed, or in the record of their deletion.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import { formatVersion, type MessageOutcome } from "../../HistoryEvent.ts"
import { type RunId, Version, type WorkflowId } from "../../Ids.ts"
import { evolve, messageNumber } from "../../internal/core/evolve.ts"
import { stateOf, summarize } from "../../internal/store/summary.ts"
import type { Deletion, StoredExecution, StoreError } from "../../Store/WorkflowStore.ts"
import { isFinal, type Owed, type WorkflowState } from "../../WorkflowState.ts"
import { type Appendable, type Appender, commitOf } from "./append.ts"

/** Delivers a message of a chain and returns what became of it. Waits for a store that does not answer. */
export const deliver = (appender: Appender, from: RunId, owed: Owed): Effect.Effect<MessageOutcome, StoreError> => {
  const { store } = appender
  return Effect.gen(function* () {
    const receiver = yield* store.load(owed.to, { after: owed.address.version })
    const deletion = yield* mayBeRemoved(owed, receiver) ? store.deletion(owed.to) : Effect.succeedNone
    const admission = admit(from, owed, receiver, deletion)
    if (admission !== "append") return admission
    const { summary } = Option.getOrThrow(receiver)
    return yield* Effect.as(store.save(commitOf(appender, summary, (at) => received(from, owed, at))), delivered)
  }).pipe(
    Effect.retry({ while: isPassing, schedule: pauses }),
    Effect.catch((error) => {
      const reason = unreadable(error)
      return reason === undefined ? Effect.fail(error) : Effect.succeed<MessageOutcome>({ _tag: "Refused", reason })
    })
  )
}

/**
 * Delivers all that an execution owes, one message after the other, and notes each. It is for executions that no worker
 * runs: they are finished, or their program is not here.
 */
export const settle = (appender: Appender, workflowId: WorkflowId): Effect.Effect<void, StoreError> => {
  const { store } = appender
  return Effect.gen(function* () {
    const found = yield* store.load(workflowId)
    if (found._tag === "None" || (found.value.summary.owed ?? 0) === 0) return
    let { summary } = found.value
    const state = stateOf(found.value)
    if (state === undefined) return
    for (const owed of [...state.owed.values()]) {
      const outcome = yield* deliver(appender, state.chain, owed)
      const event = noteOf(state, owed, outcome, appender.now())
      evolve(state, event)
      const version = Version.make(summary.version + 1)
      const next = summarize(state, { version, firstVersion: summary.firstVersion, signals: [] })
      // Which signals a program waits for only the worker knows that runs it.
      summary = isFinal(next.status) ? next : { ...next, waitingFor: summary.waitingFor }
      const { runId } = summary
      yield* store.save({ id: appender.commitId(), workflowId, runId, version, events: [event], summary })
    }
  }).pipe(Effect.retry({ while: isPassing, schedule: pauses }))
}

/**
 * Decides on a message, by what is stored of its receiver since it was addressed: whether it is there already, can be appended,
 * or never can be.
 *
 * | receiver                                              | outcome                |
 * | ----------------------------------------------------- | ---------------------- |
 * | a commit has the message, or the record of a deletion | delivered              |
 * | unknown, deleted                                      | refused: `NotFound`    |
 * | another chain has the id                              | refused: `Restarted`   |
 * | for a cancel: cancelled since                         | delivered              |
 * | finished                                              | refused: `Finished`    |
 * | its events need a newer release                       | refused: `Unreadable`  |
 * | any other                                             | append                 |
 */
export const admit = (
  from: RunId,
  { address, id, message }: Owed,
  receiver: Option.Option<StoredExecution>,
  deletion: Option.Option<Deletion>
): "append" | MessageOutcome => {
  const seen = Option.isSome(deletion) ? (deletion.value.seen[from] ?? 0) : 0
  if (seen >= messageNumber(id)) return delivered
  if (Option.isNone(receiver)) return { _tag: "Refused", reason: "NotFound" }
  const { commits, summary } = receiver.value
  let isCancelled = false
  for (const { events } of commits) {
    for (const event of events) {
      if ((event._tag === "SignalReceived" || event._tag === "CancelRequested") && event.id === id) return delivered
      isCancelled ||= event._tag === "CancelRequested"
    }
  }
  if ((summary.chain ?? summary.runId) !== address.chain) return { _tag: "Refused", reason: "Restarted" }
  // A second cancel changes nothing, so the first one is as good.
  if (message._tag === "Cancel" && isCancelled) return delivered
  if (isFinal(summary.status)) return { _tag: "Refused", reason: "Finished" }
  return (summary.format ?? 1) > formatVersion ? { _tag: "Refused", reason: "Unreadable" } : "append"
}

// internal

const delivered: MessageOutcome = { _tag: "Delivered" }

/** How long to wait before a store is asked again, or a race is run again that another commit has won. */
const pauses = Schedule.min([Schedule.exponential("2 millis"), Schedule.spaced("5 seconds")])

const isPassing = ({ reason }: StoreError): boolean => reason._tag === "Conflict" || reason._tag === "Unavailable"

const unreadable = ({ reason }: StoreError): "TooLarge" | "Unreadable" | undefined =>
  reason._tag === "TooLarge"
    ? reason._tag
    : reason._tag === "Corrupt" || reason._tag === "NewerFormat"
      ? "Unreadable"
      : undefined

/** Whether commits since the message was addressed may have been removed. */
const mayBeRemoved = ({ address }: Owed, receiver: Option.Option<StoredExecution>): boolean =>
  Option.isNone(receiver) || receiver.value.summary.firstVersion > address.version + 1

const received = (from: RunId, { id, message }: Owed, at: number): Appendable =>
  message._tag === "Signal"
    ? { _tag: "SignalReceived", at, name: message.name, payload: message.payload, id, from, unread: true }
    : { _tag: "CancelRequested", at, kind: "cancel", reason: message.reason, id, from, unread: true }

const noteOf = (state: WorkflowState, { id }: Owed, outcome: MessageOutcome, now: number) => {
  const settled = { _tag: "MessageSettled", at: Math.max(now, state.updatedAt), id, outcome } as const
  return state.closed === undefined ? { ...settled, unread: true as const } : settled
}
