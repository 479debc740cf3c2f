/**
 * Reads the history of an execution in care, and waits for a store that does not answer.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import type { Version, WorkflowId } from "../../Ids.ts"
import type { StoredExecution, StoreError, WorkflowStore } from "../../Store/WorkflowStore.ts"

/** What came of a read. */
export type Read =
  | { readonly _tag: "Found"; readonly stored: StoredExecution }
  | { readonly _tag: "Missing" }
  /** Another worker may read it: a newer release has written it, or it is encrypted with a key that this one has not. */
  | { readonly _tag: "Foreign"; readonly error: StoreError }
  | { readonly _tag: "Failed"; readonly detail: string }

/** Reads all of the current run, or what was committed after a version. */
export const readHistory = (
  store: WorkflowStore["Service"],
  workflowId: WorkflowId,
  after: Version | undefined
): Effect.Effect<Read> =>
  store.load(workflowId, { after }).pipe(
    Effect.retry({ while: ({ reason }) => reason._tag === "Unavailable", schedule: pauses }),
    Effect.match({
      onSuccess: Option.match({
        onNone: (): Read => ({ _tag: "Missing" }),
        onSome: (stored): Read => ({ _tag: "Found", stored })
      }),
      onFailure: (error): Read =>
        isForeign(error) ? { _tag: "Foreign", error } : { _tag: "Failed", detail: error.message }
    })
  )

/** Who may read what another worker is left. */
export const readerOf = ({ reason }: StoreError): string =>
  reason._tag === "NewerFormat" ? "a newer release" : "a worker with the right keys"

// internal

const isForeign = ({ reason }: StoreError): boolean => reason._tag === "NewerFormat" || reason._tag === "Undecryptable"

const pauses = Schedule.spaced("200 millis")
