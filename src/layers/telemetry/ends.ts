/**
 * How executions, attempts, updates and operations end, as spans and metrics tell it. What fails is named and not shown: the values of
 * errors may be of the kind that no collector should have.
 */
import * as Exit from "effect/Exit"
import type { ClosingEvent, RecordedExit, RecordedFailure, UpdateExit } from "../../HistoryEvent.ts"
import type { AttemptEnd } from "../../Executor/WorkflowRegistry.ts"
import { closedAs } from "../../internal/core/derive.ts"
import * as TimedOutAfter from "../../internal/TimedOutAfter.ts"

/** The end of something, for the status of its span. */
export interface End {
  readonly exit: Exit.Exit<unknown, unknown>
  /** The attribute `error.type`; absent where it did not fail. */
  readonly error?: string | undefined
}

export const succeeded: End = { exit: Exit.void }

/** How an execution has ended. One that was cancelled is interrupted, and has not failed. */
export const endOf = (closing: ClosingEvent): End => {
  switch (closing._tag) {
    case "ExecutionCompleted":
      return succeeded
    case "ExecutionCancelled":
      return { exit: Exit.interrupt() }
    case "ExecutionFailed":
      return failed(closing.failure)
    case "ExecutionTimedOut":
      return of("TimedOut", "the deadline has passed")
    case "ExecutionTerminated":
      return of("Terminated", closing.reason)
  }
}

/** The status of an execution that has ended. */
export const statusOf = closedAs

/** How an attempt has ended, or that it was interrupted: by its timeout, which is a failure, or by a cancel or a shutdown. */
export const endOfAttempt = (exit: Exit.Exit<AttemptEnd>): End => {
  if (Exit.isFailure(exit)) {
    const after = TimedOutAfter.of(exit.cause)
    return after === undefined ? { exit } : tookLonger(after)
  }
  return exit.value._tag === "Pending" ? succeeded : endOfCall(exit.value)
}

/** How an update was answered. */
export const endOfUpdate = (exit: UpdateExit): End => (exit._tag === "Success" ? succeeded : failed(exit))

/** The outcome of an attempt in a word, for a label. */
export const outcomeOf = (exit: Exit.Exit<AttemptEnd>): string => {
  if (Exit.isSuccess(exit)) return outcomes[exit.value._tag]
  return TimedOutAfter.of(exit.cause) === undefined ? "interrupted" : outcomes.TimedOut
}

// internal

const outcomes: { readonly [Tag in AttemptEnd["_tag"]]: string } = {
  Success: "success",
  Fail: "fail",
  Die: "die",
  TimedOut: "timedOut",
  Pending: "pending"
}

const endOfCall = (exit: RecordedExit): End => {
  if (exit._tag === "Success") return succeeded
  return exit._tag === "TimedOut" ? tookLonger(exit.after) : failed(exit)
}

const tookLonger = (after: number): End => of("TimedOut", `it took longer than ${after} ms`)

const failed = (failure: RecordedFailure): End => {
  if (failure._tag === "Die") return of(failure.defect.name, failure.defect.message, failure.defect.stack)
  if (failure._tag === "Other") return of(failure.reason, failure.message)
  const { error } = failure
  const name = textIn(error, "_tag") ?? "Fail"
  return of(name, textIn(error, "message") ?? name)
}

const textIn = (error: unknown, field: string): string | undefined => {
  const value: unknown = typeof error === "object" && error !== null ? Reflect.get(error, field) : undefined
  return typeof value === "string" ? value : undefined
}

/** Where this code is tells nothing of what has failed, so its own stack is left out. */
const of = (name: string, message: string, stack = `${name}: ${message}`): End => {
  const error = new Error(message)
  error.name = name
  error.stack = stack
  return { exit: Exit.fail(error), error: name }
}
