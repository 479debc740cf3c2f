/**
 * Delivers the messages that executions owe to each other, exactly once: `docs/decisions/0007` has the protocol.
 *
 * Delivery is a commit of the receiver, then a commit of the sender that notes it. Either may be repeated by any process that
 * finds the sender with a message that it owes, and needs no program. What was delivered is found again in the receiver's
 * commits since the version at which the message was addressed, or in the record of their deletion.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schedule from "effect/Schedule"
import { formatVersion, type MessageOutcome, type OutgoingMessage } from "../../HistoryEvent.ts"
import { type MessageId, type RunId, Version, type WorkflowId } from "../../Ids.ts"
import { evolve, numberIn, outcomeOf } from "../../internal/core/evolve.ts"
import { receivedBy } from "../../internal/core/told.ts"
import { noSignals } from "../../internal/replay/signals.ts"
import { isBetweenRuns, stateOf, summarize } from "../../internal/store/summary.ts"
import { Corrupt, type Deletion, type StoredExecution, StoreError } from "../../Store/WorkflowStore.ts"
import { isFinal, type Owed, type WorkflowState } from "../../WorkflowState.ts"
import type { Appender } from "./Appender.ts"
import { type Appendable, commitOf, type Delivered, type Sender } from "./append.ts"
import * as childMessages from "./childMessages.ts"
import { beginNext } from "./nextRun.ts"

/**
 * Delivers a message. `after` is the version of its receiver that has the message before it in its line. Waits for a store that
 * does not answer; fails when only a newer release can say what became of the message.
 */
export const deliver = (
  appender: Appender,
  sender: Sender,
  owed: Owed,
  after: Version = owed.address.version
): Effect.Effect<Delivered, StoreError> =>
  attempt(appender, sender, owed, after).pipe(
    untilItPasses,
    Effect.catch((error) => {
      const outcome = undeliverable(error)
      return outcome === undefined ? Effect.fail(error) : Effect.succeed<Delivered>({ outcome })
    })
  )

const attempt = (
  appender: Appender,
  sender: Sender,
  owed: Owed,
  after: Version
): Effect.Effect<Delivered, StoreError> => {
  const { address, message, to } = owed
  switch (message._tag) {
    case "Signal":
    case "Cancel":
      return tell(appender, sender.chain, { ...owed, message }, after)
    case "Start":
      return childMessages.start(appender, sender, { to, message, run: address.chain, after: address.version })
    case "Terminate":
      return childMessages.terminate(appender, to, address.chain, message.reason)
    case "Ended":
      return childMessages.tellParent(appender, sender, { to, chain: address.chain, closing: message.closing })
  }
}

/** Appends a signal or a cancel, unless the receiver has it already. */
const tell = (appender: Appender, from: RunId, owed: Letter, after: Version): Effect.Effect<Delivered, StoreError> => {
  const { store } = appender
  const { address, id, message } = owed
  // Any cancel since the address counts as this one, so the one before it in the line is no place to begin.
  let since = message._tag === "Cancel" || after < address.version ? address.version : after
  return Effect.gen(function* () {
    const receiver = yield* store.load(owed.to, { after: since })
    if (Option.isSome(receiver) && isBetweenRuns(receiver.value.summary)) {
      yield* beginNext(appender, receiver.value.summary)
      return yield* tell(appender, from, owed, after)
    }
    const deletion = yield* mayBeRemoved(since, receiver) ? store.deletion(owed.to) : Effect.succeedNone
    const admission = admit(from, owed, receiver, deletion)
    if (admission !== "append") return { outcome: admission, version: placeOf(id, receiver) }
    // It is in none of these commits, so a race that is lost needs no second look at them.
    if (Option.isSome(receiver)) since = receiver.value.summary.version
    const commit = commitOf(appender, Option.getOrThrow(receiver).summary, (at) => received(from, owed, at))
    return yield* Effect.as(appender.save(commit), { outcome: delivered, version: commit.version })
  })
}

/**
 * Delivers all that an execution owes, one message after the other, and notes each. It is for executions that no worker
 * runs: they are finished, or their program is not here. What only a newer release can deliver stays owed, and is the failure.
 */
export const settle = (appender: Appender, workflowId: WorkflowId): Effect.Effect<void, StoreError> => {
  const { store } = appender
  return Effect.gen(function* () {
    const found = yield* store.load(workflowId)
    if (found._tag === "None" || (found.value.summary.owed ?? 0) === 0) return
    if (isBetweenRuns(found.value.summary)) {
      yield* beginNext(appender, found.value.summary)
      return yield* settle(appender, workflowId)
    }
    let { summary } = found.value
    const state = stateOf(found.value)
    if (state === undefined || state.owed.size === 0) {
      const detail = "the summary says that messages are owed, and the history does not have them"
      return yield* new StoreError({ operation: "load", workflowId, reason: new Corrupt({ detail }) })
    }
    const seen = new Map<WorkflowId, Version>()
    const waiting = new Map<WorkflowId, StoreError>()
    for (const owed of [...state.owed.values()]) {
      // A message waits for the one before it to the same receiver.
      if (waiting.has(owed.to)) continue
      const done = yield* Effect.result(deliver(appender, state, owed, seen.get(owed.to)))
      if (Result.isFailure(done)) {
        waiting.set(owed.to, done.failure)
        continue
      }
      const { outcome, version: at } = done.success
      if (at !== undefined) seen.set(owed.to, at)
      const event = noteOf(state, owed, outcome, appender.now())
      evolve(state, event)
      const version = Version.make(summary.version + 1)
      const { firstVersion, published } = summary
      const next = summarize(state, { version, firstVersion, signals: noSignals, published })
      // Which signals a program waits for and which updates it takes only the worker knows that runs it.
      const signals = summary.waitingFor.filter(({ _tag }) => _tag === "Signal" || _tag === "Updates")
      const updates = next.waitingFor.filter(({ _tag }) => _tag === "Update")
      const isWaiting = !isFinal(next.status) && state.open.size === 0 && state.owed.size === 0 && signals.length > 0
      summary = isWaiting ? { ...next, waitingFor: [...updates, ...signals] } : next
      const { runId } = summary
      yield* appender.save({ id: appender.commitId(), workflowId, runId, version, events: [event], summary }, state)
    }
    for (const error of waiting.values()) return yield* error
  }).pipe(untilItPasses)
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
const admit = (
  from: RunId,
  { address, id, message }: Letter,
  receiver: Option.Option<StoredExecution>,
  deletion: Option.Option<Deletion>
): "append" | MessageOutcome => {
  const seen = Option.isSome(deletion) ? (deletion.value.seen[from] ?? 0) : 0
  // A cancel that a parent sends when it ends has no number: another chain does not take it.
  if (seen >= numberIn(from, id)) return delivered
  if (Option.isNone(receiver)) return { _tag: "Refused", reason: "NotFound" }
  const { commits, summary } = receiver.value
  const { chain = summary.runId, status } = summary
  if (placeOf(id, receiver) !== undefined) return delivered
  if (chain !== address.chain) return { _tag: "Refused", reason: "Restarted", runId: chain }
  // A second cancel changes nothing, so the first one is as good.
  const isCancelled = () => commits.some(({ events }) => events.some(({ _tag }) => _tag === "CancelRequested"))
  if (message._tag === "Cancel" && isCancelled()) return delivered
  if (isFinal(status)) return { _tag: "Refused", reason: "Finished", status }
  return (summary.format ?? 1) > formatVersion ? { _tag: "Refused", reason: "Unreadable" } : "append"
}

// internal

const delivered: MessageOutcome = { _tag: "Delivered" }

/** A signal or a cancel that is owed. */
interface Letter extends Owed {
  readonly message: Extract<OutgoingMessage, { readonly _tag: "Signal" | "Cancel" }>
}

/** The version of the commit that has a message. */
const placeOf = (id: MessageId, receiver: Option.Option<StoredExecution>): Version | undefined =>
  Option.getOrUndefined(receiver)?.commits.find(({ events }) =>
    events.some((event) => (event._tag === "SignalReceived" || event._tag === "CancelRequested") && event.id === id)
  )?.version

/** How long to wait before a store is asked again, or a race is run again that another commit has won. */
const pauses = Schedule.min([Schedule.exponential("2 millis"), Schedule.spaced("5 seconds")])

const isConflict = ({ reason }: StoreError): boolean => reason._tag === "Conflict"

/** So many lost races follow each other without a pause. */
const races = 20

/** Tries again what lost a race, and what a store did not answer for. */
const untilItPasses = <A>(self: Effect.Effect<A, StoreError>): Effect.Effect<A, StoreError> =>
  self.pipe(
    Effect.retry({ while: isConflict, times: races }),
    Effect.retry({ while: (error) => isConflict(error) || error.reason._tag === "Unavailable", schedule: pauses })
  )

/** What becomes of a message that can never be delivered. What a newer release wrote, one of that release delivers to. */
const undeliverable = ({ reason }: StoreError): MessageOutcome | undefined => {
  if (reason._tag === "TooLarge") {
    return { _tag: "Refused", reason: "TooLarge", bytes: reason.bytes, limit: reason.limit }
  }
  return reason._tag === "Corrupt" ? { _tag: "Refused", reason: "Unreadable" } : undefined
}

/** Whether commits after a version may have been removed. */
const mayBeRemoved = (since: Version, receiver: Option.Option<StoredExecution>): boolean =>
  Option.isNone(receiver) || receiver.value.summary.firstVersion > since + 1

const received = (from: RunId, { id, message }: Letter, at: number): Appendable =>
  message._tag === "Signal"
    ? { ...receivedBy(message, at), id, from, unread: true }
    : { _tag: "CancelRequested", at, kind: "cancel", reason: message.reason, id, from, unread: true }

const noteOf = (state: WorkflowState, { id }: Owed, found: MessageOutcome, now: number) => {
  const outcome = outcomeOf(state, id, found)
  const settled = { _tag: "MessageSettled", at: Math.max(now, state.updatedAt), id, outcome } as const
  return state.closed === undefined ? { ...settled, unread: true as const } : settled
}
