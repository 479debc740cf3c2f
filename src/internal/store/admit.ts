/**
 * Laws 2 to 4 of the stores: what becomes of a commit, by what a store has of its id.
 */
import { type RunId, Version } from "../../Ids.ts"
import { type Commit, Conflict } from "../../Store/WorkflowStore.ts"

/** The latest of an id: a commit of a run, or a deletion, which no run continues. */
export interface Head {
  readonly version: number
  readonly runId: RunId | undefined
}

/** What of a commit decides on it. */
export interface Asked extends Pick<Commit, "id" | "runId" | "version"> {
  readonly summary: Pick<Commit["summary"], "firstVersion">
}

/** What becomes of a commit. */
export type Admission = "append" | "stored" | Conflict

/**
 * Decides on a commit. `head` is `undefined` for an id of which the store knows nothing; `idAtVersion` is the id of the commit
 * that the store has at the version of this one, if it has one.
 */
export const admit = (head: Head | undefined, commit: Asked, idAtVersion: string | undefined): Admission => {
  if (idAtVersion === commit.id) return "stored"
  const latest = head?.version ?? 0
  const begins = commit.summary.firstVersion === commit.version
  if (commit.version === latest + 1 && (begins || head?.runId === commit.runId)) return "append"
  return new Conflict({ version: commit.version, latest: Version.make(latest) })
}
