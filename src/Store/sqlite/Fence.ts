/**
 * The fence: whether a commit is the next one of its execution, by what the log has in memory, and by the tables for what is not in the log.
 */
import type { DatabaseSync } from "node:sqlite"
import { admit, type Head } from "../../internal/store/admit.ts"
import { damaged, isVersion } from "../../internal/store/damage.ts"
import type { Commit, Conflict, Corrupt } from "../WorkflowStore.ts"
import * as Deletions from "./Deletions.ts"
import { idsOf } from "./Ids.ts"
import type { Entry, Key } from "./Entry.ts"
import type { Known, Log } from "./Log.ts"
import { fromId } from "./Row.ts"

/** A commit that may be appended, with the row of its execution if there is one; or what became of it. */
export type Decision = { readonly key: Key | undefined } | "stored" | Conflict | Corrupt

/** Decides on commits, within a transaction. */
export const make = (connection: DatabaseSync, log: Log): ((commit: Commit) => Decision) => {
  const recordOf = Deletions.finder(connection)
  const idInTables = idFinder(connection)
  /** What an id is known for: its execution, or the record of its deletion. */
  const headOf = (commit: Commit): Head | undefined => {
    const record = recordOf(fromId(commit.workflowId))
    return record && { version: record.version, runId: undefined }
  }
  const settle = (commit: Commit, known: Entry | Known | undefined): Decision => {
    const head = known ?? headOf(commit)
    if (head !== undefined && !isVersion(head.version)) return damaged(`the summary has the version ${head.version}`)
    const pending = known !== undefined && "commits" in known ? known.commits : []
    const { version } = commit
    const idAtVersion =
      pending.find((each) => each.version === version)?.id ??
      (known?.key === undefined ? undefined : idInTables(known.key, version))
    const admission = admit(head, commit, idAtVersion)
    return admission === "append" ? { key: known?.key } : admission
  }
  return (commit) => {
    const known = log.entries.get(commit.workflowId) ?? log.find(commit.workflowId)
    return known !== undefined && isNext(known, commit) ? { key: known.key } : settle(commit, known)
  }
}

// internal

const isNext = (known: Entry | Known, { runId, version }: Commit): boolean =>
  version === known.version + 1 && known.runId === runId && isVersion(known.version)

/** Finds the id of a commit in the tables. */
const idFinder = (connection: DatabaseSync) => {
  const find = connection.prepare(`
    SELECT first, id FROM segments WHERE execution = ? AND version >= ? ORDER BY version LIMIT 1
  `)
  return (key: Key, version: number): string | undefined => {
    const row = find.get(key, version)
    if (row === undefined) return undefined
    return idsOf(row["id"], row["first"])?.[version - Number(row["first"] ?? version)]
  }
}
