/**
 * How chains end, for the callers that wait for them.
 */
import type { ClosingEvent, Problem } from "../../HistoryEvent.ts"
import type { RunId } from "../../Ids.ts"
import type { StoreError } from "../../Store/WorkflowStore.ts"

/** How a chain ended, or why it does not go on, for callers that wait for its result. */
export type Ending =
  | { readonly _tag: "Closed"; readonly chain: RunId; readonly event: ClosingEvent }
  | { readonly _tag: "Blocked"; readonly chain: RunId; readonly problem: Problem }
  | { readonly _tag: "Deleted" }
  /** It was deleted, and the id has another run. */
  | { readonly _tag: "Replaced"; readonly chain: RunId; readonly by: RunId }
  /** It is damaged, or this process cannot read it: a newer release recorded it, or it is encrypted with other keys. */
  | { readonly _tag: "Unreadable"; readonly error: StoreError }
