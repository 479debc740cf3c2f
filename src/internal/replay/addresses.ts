/**
 * Where messages go: what is at the ids of their receivers when they are sent.
 */
import type { Address, EventOf, MessageOutcome } from "../../HistoryEvent.ts"
import type { MessageId, Version } from "../../Ids.ts"
import type { WorkflowStatus } from "../../WorkflowState.ts"
import { childRun } from "../core/derive.ts"

/** What is at an id when a message is sent to it. */
export type Place =
  /** An execution. */
  | (Address & { readonly status: WorkflowStatus })
  /** Nothing: the next commit of the id comes after the version. */
  | { readonly _tag: "Free"; readonly version: Version }
  /** What this release cannot read. */
  | { readonly _tag: "Unreadable" }

/** An id that was never used. */
export const free: Place = { _tag: "Free", version: 0 as Version }

/** Where a message goes, or why it goes nowhere. */
export const addressOf = (
  { message, run }: EventOf<"MessageSent">,
  place: Place | undefined,
  id: MessageId
): Address | MessageOutcome => {
  if (place === undefined) throw new Error("a message was sent to an id of which the turn knows nothing")
  if (!("_tag" in place)) {
    const { chain, status, version } = place
    if (message._tag === "Start") return { _tag: "Refused", reason: "AlreadyExists", status, runId: chain }
    if (run !== undefined && run !== chain) return { _tag: "Refused", reason: "Restarted", runId: chain }
    return { chain, version }
  }
  if (place._tag === "Unreadable") return { _tag: "Refused", reason: "Unreadable" }
  if (message._tag !== "Start") return { _tag: "Refused", reason: "NotFound" }
  return { chain: childRun(id), version: place.version }
}
