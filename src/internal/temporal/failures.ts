/**
 * How ends that are no successes travel in Temporal's failures, between handlers, programs and callers.
 */
import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  ChildWorkflowFailure,
  TerminatedFailure,
  TimeoutFailure
} from "@temporalio/common"
import type { temporal } from "@temporalio/proto"
import * as Schema from "effect/Schema"
import { type ClosingEvent, type EventOf, isClosing, Problem, type RecordedExit } from "../../HistoryEvent.ts"
import { Undecryptable } from "../../WorkflowErrorReason.ts"
import { sealedEncoding } from "./Codec.ts"
import { cureOfDisagreement } from "../core/match.ts"
import { defectOf } from "../replay/defect.ts"

/** What a failure of ours carries: how an activity ended, or how an execution did. */
export type Carried = RecordedExit | ClosingEvent

/** A failure that carries an end. With `pause` Temporal makes another attempt after it, in milliseconds. */
export const failureOf = (carried: Carried, message: string, pause?: number): ApplicationFailure =>
  ApplicationFailure.create({
    // Temporal ends a worker that gives it half of a character.
    type: typeOf(carried).toWellFormed(),
    message: message.toWellFormed(),
    details: [carried],
    nonRetryable: pause === undefined,
    // Temporal takes a delay of nothing for no delay at all, and then uses its own policy.
    ...(pause === undefined ? {} : { nextRetryDelay: Math.max(1, pause) })
  })

/** How an activity ended, from the failure that Temporal tells a program of. */
export const exitOf = (thrown: unknown, timeouts: EventOf<"ActivityScheduled">["timeouts"] = {}): RecordedExit => {
  const cause = thrown instanceof ActivityFailure ? thrown.cause : thrown
  if (isOurs(cause)) return cause.details![0] as RecordedExit
  if (cause instanceof TimeoutFailure) {
    const limit = cause.timeoutType === "SCHEDULE_TO_CLOSE" ? timeouts.total : timeouts.attempt
    if (limit !== undefined) return { _tag: "TimedOut", after: limit }
  }
  return { _tag: "Die", defect: defectOf(cause) }
}

/** How an execution ended, from its failure: of one that was not written with this library as far as can be known. */
export const closingOf = (thrown: unknown, at: number): ClosingEvent => {
  const cause = thrown instanceof ChildWorkflowFailure ? thrown.cause : thrown
  if (isOurs(cause) && isClosing(cause.details![0] as ClosingEvent)) return cause.details![0] as ClosingEvent
  if (cause instanceof CancelledFailure) return { _tag: "ExecutionCancelled", at, reason: "" }
  if (cause instanceof TerminatedFailure) return { _tag: "ExecutionTerminated", at, reason: cause.message }
  if (cause instanceof TimeoutFailure) return { _tag: "ExecutionTimedOut", at }
  return { _tag: "ExecutionFailed", at, failure: { _tag: "Die", defect: defectOf(cause) } }
}

/** The error that fails a task of a workflow, which Temporal repeats until the code is right. It keeps no more of it than the message. */
export const problemError = ({ message, reason }: Problem): Error => new Error(`${reason}: ${message}`.toWellFormed())

/** The error that fails a task whose payloads a worker cannot decrypt: its type says why, as its words are encrypted. */
export const undecryptableError = ({ fault, keyId, message }: Undecryptable): ApplicationFailure =>
  ApplicationFailure.create({ type: [undecryptable, fault, keyId ?? ""].join(" "), message })

/** Why a worker could not decrypt the payloads of a task that has failed, if that was it. */
export const undecryptableIn = (
  failure: temporal.api.failure.v1.IFailure | null | undefined
): Undecryptable | undefined => {
  const [type, fault, keyId] = failure?.applicationFailureInfo?.type?.split(" ") ?? []
  return type === undecryptable && isFault(fault)
    ? new Undecryptable({ fault, ...(keyId ? { keyId } : {}) })
    : undefined
}

/** Why a program cannot go on, by the message of the failure of its task. */
export const problemOf = (message: string): Problem => {
  if (message.includes(sealedEncoding))
    return { reason: "Undecodable", message: new Undecryptable({ fault: "MissingKey" }).message }
  const [whole = "", reason] = /^(\w+): /.exec(message) ?? []
  if (isReason(reason)) return { reason, message: message.slice(whole.length) }
  if (/TMPRL1103/.test(message)) return { reason: "TooLarge", message: tooMuch }
  return /nondeterminism|TMPRL1100/i.test(message)
    ? { reason: "NonDeterminism", message: `${message}\n${cureOfDisagreement}` }
    : { reason: "Defect", message }
}

/**
 * Why a task of a workflow has failed, as far as the code is at fault. Temporal also notes a task as failed that came too late: because of
 * news, or because the execution was moved or reset.
 */
export const problemOfFailure = ({
  cause,
  failure
}: temporal.api.history.v1.IWorkflowTaskFailedEventAttributes): Problem | undefined =>
  tooLate.has(cause ?? 0) ? undefined : problemOf(failure?.message ?? "")

// internal

/** Temporal's numbers: `UNHANDLED_COMMAND`, `RESET_STICKY_TASK_QUEUE`, `FORCE_CLOSE_COMMAND`, `FAILOVER_CLOSE_COMMAND`, `RESET_WORKFLOW`. */
const tooLate: ReadonlySet<number> = new Set([1, 13, 17, 18, 20])

/** Temporal's client does not say which value it is. */
const tooMuch =
  "an input, a payload or a result that its program gives to Temporal has more than 2 MiB; keep large data elsewhere and pass a reference"

const prefix = "perdure/"
const undecryptable = `${prefix}Undecryptable`
const isFault = Schema.is(Undecryptable.fields.fault)
const isReason = Schema.is(Problem.fields.reason)

/** In Temporal's UI a typed error is shown by its own tag. */
const typeOf = (carried: Carried): string => {
  const end = carried._tag === "ExecutionFailed" ? carried.failure : carried
  const error: unknown = end._tag === "Fail" ? end.error : undefined
  const tag = typeof error === "object" && error !== null && "_tag" in error ? error._tag : undefined
  return `${prefix}${typeof tag === "string" ? tag : end._tag}`
}

const isOurs = (cause: unknown): cause is ApplicationFailure =>
  cause instanceof ApplicationFailure &&
  cause.type?.startsWith(prefix) === true &&
  typeof (cause.details?.[0] as { readonly _tag?: unknown } | undefined)?._tag === "string"
