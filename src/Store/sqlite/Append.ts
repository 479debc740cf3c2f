/**
 * Appends commits to the log, a group in one transaction.
 */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Result from "effect/Result"
import { formatOfEvents } from "../../internal/store/codec.ts"
import type { Commit, Driver, StoreErrorReason } from "../WorkflowStore.ts"
import type { Listeners } from "./Changes.ts"
import type { Database } from "./Database.ts"
import * as Fence from "./Fence.ts"
import * as Shorthand from "./Shorthand.ts"

/** Appends groups of commits and notifies the listeners of them. */
export const make = (database: Database, listeners: Listeners, maxCommitBytes: number): Driver["saveAll"] => {
  const { connection, fold, log } = database
  const decide = Fence.make(connection, log)
  const append = ({ commit, ...encoded }: Encoded): Exit.Exit<void, StoreErrorReason> => {
    const decision = decide(commit)
    if (decision === "stored") return Exit.void
    if ("_tag" in decision) return Exit.fail(decision)
    log.push(commit, decision.key, encoded)
    return Exit.void
  }
  return (commits) =>
    Effect.suspend(() => {
      const encoded = commits.map((commit) => encode(commit, maxCommitBytes))
      const appendAll = () => {
        const exits = encoded.map((each) => (Exit.isSuccess(each) ? append(each.value) : each))
        log.flush()
        fold.ease()
        return exits
      }
      return Effect.match(database.write(appendAll), {
        onSuccess: (exits) => {
          const saved = commits.filter((_, index) => Exit.isSuccess(exits[index]!))
          if (saved.length > 0) listeners.notify(saved)
          return exits
        },
        onFailure: (reason) => encoded.map((each) => (Exit.isSuccess(each) ? Exit.fail(reason) : each))
      })
    })
}

// internal

/** A commit in the form in which it is written. */
interface Encoded {
  readonly commit: Commit
  readonly events: string
  readonly format: number
}

const encode = (commit: Commit, limit: number): Exit.Exit<Encoded, StoreErrorReason> => {
  const encoded = Result.try(() => Shorthand.encode(commit.events))
  // An event without JSON is a bug of the caller, and no reason to fail the others of the group.
  if (Result.isFailure(encoded)) return Exit.die(encoded.failure)
  const refused = Shorthand.refused(encoded.success, commit.events, limit)
  return refused === undefined
    ? Exit.succeed({ commit, events: encoded.success, format: formatOfEvents(commit.events) })
    : Exit.fail(refused)
}
