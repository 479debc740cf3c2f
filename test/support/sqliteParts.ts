/** A SQLite store whose parts a test can reach, so that it folds when the test says so. */
import { Effect } from "effect"
import * as Store from "perdure/Store/WorkflowStore"
import * as Append from "../../src/Store/sqlite/Append.ts"
import * as Changes from "../../src/Store/sqlite/Changes.ts"
import * as Database from "../../src/Store/sqlite/Database.ts"
import * as Deletions from "../../src/Store/sqlite/Deletions.ts"
import * as Details from "../../src/Store/sqlite/Details.ts"
import * as List from "../../src/Store/sqlite/List.ts"
import * as Read from "../../src/Store/sqlite/Read.ts"
import * as Workers from "../../src/Store/sqlite/Workers.ts"

const maxCommitBytes = 1024 * 1024

export const openParts = Effect.fnUntraced(function* (filename: string) {
  const database = yield* Database.open({ filename, synchronous: "NORMAL", busyTimeout: "5 seconds" })
  const listeners = Changes.make(database)
  const store = Store.make({
    saveAll: (yield* Append.make(database, listeners, maxCommitBytes)).saveAll,
    load: Read.load(database),
    summary: Read.summary(database),
    list: List.list(database),
    count: List.count(database),
    ...Deletions.make(database, listeners),
    changes: listeners.changes,
    ...Workers.make(database),
    ...Details.make(database),
    guarantees: { durability: "process", fencing: "fenced", listing: "strong", maxCommitBytes, writes: "accepted" }
  })
  return { database, listeners, store }
})

/** Folds the log with the connection of a store itself, up to so many rows before the last one. */
export const foldOwn = Effect.fnUntraced(function* ({ fold, log, write }: Database.Database, but = 0) {
  while (!(yield* write(() => fold.upTo(log.newest - but)))) yield* Effect.yieldNow
})
