/**
 * Appends commits, a group in one transaction: the fence is the number of rows that an update of the execution finds.
 */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Result from "effect/Result"
import { formatVersion } from "../../HistoryEvent.ts"
import { Version } from "../../Ids.ts"
import { encodeEvents } from "../../internal/codec.ts"
import { refusedText } from "../../internal/commitSize.ts"
import { type Commit, Conflict, type Driver, StoreError, type StoreErrorReason } from "../WorkflowStore.ts"
import type { Listeners } from "./Changes.ts"
import type { Database } from "./Database.ts"
import * as Fence from "./Fence.ts"
import { fromId } from "./Row.ts"

/** Appends groups of commits and tells the listeners of them. */
export const make = (database: Database, listeners: Listeners, maxCommitBytes: number): Driver["saveAll"] => {
  const append = appender(database)
  return (commits) =>
    Effect.suspend(() => {
      const encoded = commits.map((commit) => encode(commit, maxCommitBytes))
      const positions: Positions = { first: 0, last: 0 }
      const appendAll = () => encoded.map((each) => (Exit.isSuccess(each) ? append(each.value, positions) : each))
      return Effect.match(database.write("save", appendAll), {
        onSuccess: (exits) => {
          const saved = commits.filter((_, index) => Exit.isSuccess(exits[index]!))
          if (saved.length > 0) listeners.tell(saved, positions)
          return exits
        },
        onFailure: ({ reason }) =>
          encoded.map((each, index) => (Exit.isSuccess(each) ? failure(commits[index]!, reason) : each))
      })
    })
}

/** The rows that a group added to `commits`; 0 for none. */
export interface Positions {
  first: number
  last: number
}

// internal

/** A commit in the form in which it is written. */
interface Encoded extends Fence.Candidate {
  readonly events: string
}

const encode = (commit: Commit, limit: number): Exit.Exit<Encoded, StoreError> => {
  const encoded = Result.try(() => ({
    commit,
    events: encodeEvents(commit.events),
    waitingFor: JSON.stringify(commit.summary.waitingFor),
    attributes: JSON.stringify(commit.summary.attributes)
  }))
  // What has no JSON is no event: a bug of the caller, and no reason to fail the others of the group.
  if (Result.isFailure(encoded)) return Exit.die(encoded.failure)
  const refused = refusedText(encoded.success.events, limit)
  return refused === undefined ? Exit.succeed(encoded.success) : failure(commit, refused)
}

const failure = (commit: Commit, reason: StoreErrorReason): Exit.Exit<never, StoreError> =>
  Exit.fail(new StoreError({ operation: "save", workflowId: commit.workflowId, reason }))

const appender = (database: Database) => {
  const { connection } = database
  const next = Fence.make(database)
  const insert = connection.prepare(`
    INSERT INTO commits (execution, version, id, run_id, format, events) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
  `)
  const missed = connection.prepare(`
    SELECT executions.version AS latest, commits.id AS id
    FROM executions LEFT JOIN commits ON commits.execution = executions.key AND commits.version = ?2
    WHERE executions.workflow_id = ?1
  `)
  return (encoded: Encoded, positions: Positions): Exit.Exit<void, StoreError> => {
    const { commit, events } = encoded
    const { summary, version, workflowId } = commit
    const key = next(encoded)
    if (key !== undefined) {
      const runId = version === summary.firstVersion ? commit.runId : null
      positions.last = Number(insert.run(key, version, commit.id, runId, formatVersion, events).lastInsertRowid)
      if (positions.first === 0) positions.first = positions.last
      return Exit.void
    }
    const found = missed.get(fromId(workflowId), version)
    if (found?.["id"] === commit.id) return Exit.void
    const latest = Version.make(Number(found?.["latest"] ?? 0))
    return failure(commit, new Conflict({ version, latest }))
  }
}
