/**
 * Appends commits, a group in one transaction: the fence is the number of rows that an update of the execution finds.
 */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Result from "effect/Result"
import { encodeEvents, formatOfEvents } from "../../internal/store/codec.ts"
import { refusedText } from "../../internal/store/commitSize.ts"
import type { Commit, Driver, StoreErrorReason } from "../WorkflowStore.ts"
import type { Listeners, Positions } from "./Changes.ts"
import type { Database } from "./Database.ts"
import { numbered } from "./numbered.ts"
import * as Fence from "./Fence.ts"
import { fromName } from "./Row.ts"

/** Appends groups of commits and notifies the listeners of them. */
export const make = (database: Database, listeners: Listeners, maxCommitBytes: number): Driver["saveAll"] => {
  const append = appender(database)
  return (commits) =>
    Effect.suspend(() => {
      const encoded = commits.map((commit) => encode(commit, maxCommitBytes))
      const positions: Positions = { first: 0, last: 0 }
      const appendAll = () => encoded.map((each) => (Exit.isSuccess(each) ? append(each.value, positions) : each))
      return Effect.match(database.write(appendAll), {
        onSuccess: (exits) => {
          const saved = commits.filter((_, index) => Exit.isSuccess(exits[index]!))
          if (saved.length > 0) listeners.notify(saved, positions)
          return exits
        },
        onFailure: (reason) => encoded.map((each) => (Exit.isSuccess(each) ? Exit.fail(reason) : each))
      })
    })
}

// internal

/** A commit in the form in which it is written. */
interface Encoded extends Fence.Candidate {
  readonly events: string
}

const encode = (commit: Commit, limit: number): Exit.Exit<Encoded, StoreErrorReason> => {
  const encoded = Result.try(() => ({
    commit,
    events: encodeEvents(commit.events),
    waitingFor: JSON.stringify(commit.summary.waitingFor),
    attributes: JSON.stringify(commit.summary.attributes)
  }))
  // An event without JSON is a bug of the caller, and no reason to fail the others of the group.
  if (Result.isFailure(encoded)) return Exit.die(encoded.failure)
  const refused = refusedText(encoded.success.events, limit)
  return refused === undefined ? Exit.succeed(encoded.success) : Exit.fail(refused)
}

const appender = (database: Database) => {
  const next = Fence.make(database)
  const insert = numbered(
    database.connection,
    `
    INSERT INTO commits (execution, version, id, run_id, format, events) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
  `
  )
  return (encoded: Encoded, positions: Positions): Exit.Exit<void, StoreErrorReason> => {
    const { commit, events } = encoded
    const key = next(encoded)
    if (key === "stored") return Exit.void
    if (typeof key === "object") return Exit.fail(key)
    const { id, summary, version } = commit
    const runId = version === summary.firstVersion ? fromName(commit.runId) : null
    const format = formatOfEvents(commit.events)
    positions.last = Number(insert.run(key, version, fromName(id), runId, format, events).lastInsertRowid)
    if (positions.first === 0) positions.first = positions.last
    return Exit.void
  }
}
