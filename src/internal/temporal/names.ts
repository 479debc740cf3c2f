/**
 * Ids and names that Temporal takes. Others are refused before they are sent: the server refuses some of them again and again, and a worker
 * that is asked to send a text with half of a character ends.
 */
import { type InvalidId, InvalidPayload } from "../../WorkflowErrorReason.ts"
import { tooLong } from "../request.ts"
import { byteLength, exceeds } from "../store/codec.ts"

/** What an id or a name may have, in bytes. */
export const mostIdBytes = 1000

/** Why Temporal does not take an id, if so: fewer than other executors do. */
export const invalidId = (workflowId: string): InvalidId | InvalidPayload | undefined => {
  const invalid = tooLong(workflowId)
  if (invalid !== undefined) return invalid
  const issue = issueOf(workflowId)
  return issue === undefined ? undefined : new InvalidPayload({ of: "the id", issue })
}

/** Whether a name has too many bytes. */
export const isTooLong = (name: string): boolean => exceeds(name, mostIdBytes)

/** Why Temporal does not take a name, if so: it has too many bytes. */
export const invalidName = (of: string, name: string): InvalidPayload | undefined =>
  isTooLong(name)
    ? new InvalidPayload({
        of,
        issue: `it has ${byteLength(name)} bytes, and Temporal takes ${mostIdBytes}; shorten it`
      })
    : undefined

// internal

const issueOf = (workflowId: string): string | undefined => {
  if (workflowId === "") return "Temporal has no execution without one"
  if (!workflowId.isWellFormed())
    return "it has half of a surrogate pair, which Temporal does not take; use a digest of it"
  return isTooLong(workflowId)
    ? `it has ${byteLength(workflowId)} bytes, and Temporal takes ${mostIdBytes}; use a digest of it`
    : undefined
}
