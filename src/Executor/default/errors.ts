/**
 * What a store failed with, also when its driver threw.
 */
import * as Cause from "effect/Cause"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { reasonOf as told } from "../../internal/store/failure.ts"
import { StoreError, StoreErrorReason, Unavailable, Unsupported } from "../../Store/WorkflowStore.ts"
import { StoreUnavailable, type WorkflowErrorReason } from "../../WorkflowError.ts"

/** Why a commit was not saved. */
export const reasonOf = (cause: Cause.Cause<StoreErrorReason>): StoreErrorReason =>
  Option.getOrElse(Option.filter(Cause.findErrorOption(cause), isReason), () => unexpected(cause))

/** The error of a failed read. */
export const storeErrorOf = (cause: Cause.Cause<StoreError>): StoreError =>
  Option.getOrElse(
    Option.filter(Cause.findErrorOption(cause), isStoreError),
    () => new StoreError({ operation: "load", reason: unexpected(cause) })
  )

/** Whether a store refuses something, and is not just broken. */
export const isRefusal = (reason: StoreErrorReason): reason is Unsupported =>
  reason._tag === "Unsupported" && !reason.detail.startsWith(bug)

/** What senders are told by an execution that is let go, in the words of why, or by the error of its store. */
export const refusalOf = (why: string | StoreError): WorkflowErrorReason =>
  typeof why === "string" ? new StoreUnavailable({ detail: why }) : told(why)

// internal

/** Stores fail with what their types say, unless they have a bug. */
const isReason = Schema.is(StoreErrorReason)
const isStoreError = Schema.is(StoreError)

/** A defect of a driver counts as an error that asking again does not mend. */
const unexpected = (cause: Cause.Cause<unknown>): StoreErrorReason =>
  Cause.hasInterruptsOnly(cause)
    ? new Unavailable({ cause: new Error("the operation was interrupted") })
    : new Unsupported({ detail: `${bug}${Cause.pretty(cause)}` })

const bug = "the store has a bug: "
