/**
 * Appends commits to the log, a group in one transaction.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Queue from "effect/Queue"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import { formatOfEvents } from "../../internal/store/codec.ts"
import type { Commit, Driver, StoreErrorReason } from "../WorkflowStore.ts"
import type { Listeners } from "./Changes.ts"
import { liveClock } from "../../internal/liveClock.ts"
import type { Database } from "./Database.ts"
import * as Fence from "./Fence.ts"
import * as Shorthand from "./Shorthand.ts"

/** What appends to the log. */
export interface Appending {
  readonly saveAll: Driver["saveAll"]
  /** Runs what appends to the log as one transaction, and sees to what a log needs then. */
  readonly write: Database["write"]
}

/** Appends groups of commits and notifies the listeners of them. Folds what they leave of a long log for as long as the scope lasts. */
export const make = Effect.fnUntraced(function* (
  database: Database,
  listeners: Listeners,
  maxCommitBytes: number
): Effect.fn.Return<Appending, never, Scope.Scope> {
  const { fold, log } = database
  const append = appender(database)
  const wakes = yield* Queue.sliding<void>(1)
  yield* Effect.forkScoped(foldLater(database, wakes))
  const write: Database["write"] = (body) =>
    Effect.suspend(() => {
      const written = database.write(() => {
        const answer = body()
        log.flush()
        fold.ease()
        Queue.offerUnsafe(wakes, undefined)
        return answer
      })
      return fold.isTooLong() ? Effect.andThen(shorten(database), written) : written
    })
  const saveAll: Driver["saveAll"] = (commits) =>
    Effect.suspend(() => {
      const encoded = commits.map((commit) => encode(commit, maxCommitBytes))
      const appended = write(() => encoded.map((each) => (Exit.isSuccess(each) ? append(each.value) : each)))
      return Effect.match(appended, {
        onSuccess: (exits) => {
          const saved = commits.filter((_, index) => Exit.isSuccess(exits[index]!))
          if (saved.length > 0) listeners.notify(saved)
          return exits
        },
        onFailure: (reason) => encoded.map((each) => (Exit.isSuccess(each) ? Exit.fail(reason) : each))
      })
    })
  return { saveAll, write }
})

/** Adds commits to the log that the fence admits, within a transaction. To notify listeners is for the caller. */
export const appender = ({ connection, log }: Database): ((encoded: Encoded) => Exit.Exit<void, StoreErrorReason>) => {
  const decide = Fence.make(connection, log)
  return ({ commit, ...encoded }) => {
    const decision = decide(commit)
    if (decision === "stored") return Exit.void
    if ("_tag" in decision) return Exit.fail(decision)
    log.push(commit, decision.key, encoded)
    return Exit.void
  }
}

/** A commit in the form in which it is written. */
export interface Encoded {
  readonly commit: Commit
  readonly events: string
  readonly format: number
}

/** Brings a commit into the form in which it is written. */
export const encode = (commit: Commit, limit: number): Exit.Exit<Encoded, StoreErrorReason> => {
  const encoded = Result.try(() => Shorthand.encode(commit.events))
  // An event without JSON is a bug of the caller, and no reason to fail the others of the group.
  if (Result.isFailure(encoded)) return Exit.die(encoded.failure)
  const refused = Shorthand.refused(encoded.success, commit.events, limit)
  return refused === undefined
    ? Exit.succeed({ commit, events: encoded.success, format: formatOfEvents(commit.events) })
    : Exit.fail(refused)
}

// internal

/** Folds a log that is too long, before anything is added. */
const shorten = ({ fold, write }: Database): Effect.Effect<void, StoreErrorReason> =>
  Effect.whileLoop({
    while: fold.isTooLong,
    body: () => Effect.andThen(write(fold.ease), Effect.yieldNow),
    step: () => {}
  })

/** How long nothing was added to a log when all of it is folded. */
const quiet = "200 millis"

/** Folds the whole log when nothing more is added to it for a while, by any process: then all is in the tables, and others read it there. */
const foldLater = ({ fold, log, write }: Database, wakes: Queue.Dequeue<void>): Effect.Effect<void> => {
  const slices = Effect.gen(function* () {
    let newest: number
    do {
      newest = log.newest
      yield* Effect.sleep(quiet)
    } while (log.newest !== newest || log.isBehind())
    while (!(yield* write(() => fold.upTo(log.newest)))) yield* Effect.yieldNow
  })
  // What it meets the next transaction meets too, and says.
  return Effect.forever(Effect.andThen(Queue.take(wakes), Effect.ignoreCause(slices))).pipe(
    Effect.provideService(Clock.Clock, liveClock)
  )
}
