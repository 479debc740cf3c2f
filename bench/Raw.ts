/**
 * The references: what the disk and SQLite do without any of ours.
 */
import { closeSync, fdatasyncSync, openSync, writeSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { Effect } from "effect"
import * as Meter from "./Meter.ts"

/** Opens a database as a durable store does: with a write-ahead log, and each commit waits for the disk. */
export const open = (filename: string) =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const connection = new DatabaseSync(filename)
      connection.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
      return connection
    }),
    (connection) => Effect.sync(() => connection.close())
  )

/** Commits of one row: one of them, and how many a second. */
export const makeCommits = Effect.fnUntraced(function* (folder: string) {
  const connection = yield* open(join(folder, "commits.db"))
  connection.exec("CREATE TABLE rows (position INTEGER PRIMARY KEY, data TEXT NOT NULL)")
  const insert = connection.prepare("INSERT INTO rows (data) VALUES (?)")
  const data = "x".repeat(200)
  const commit = () => void insert.run(data)
  return { one: Effect.sync(commit), many: repeat(commit) }
})

/** Writes of 4 KiB that wait for the disk one by one, in a file of 16 MiB: how many a second. */
export const makeSyncs = Effect.fnUntraced(function* (folder: string) {
  const file = yield* Effect.acquireRelease(
    Effect.sync(() => openSync(join(folder, "syncs.bin"), "w")),
    (file) => Effect.sync(() => closeSync(file))
  )
  const block = Buffer.alloc(4096)
  let writes = 0
  return repeat(() => {
    writeSync(file, block, 0, block.length, (writes++ * block.length) % 2 ** 24)
    fdatasyncSync(file)
  })
})

// internal

const repeat = (body: () => void) =>
  Meter.sample(
    Effect.sync(() => {
      const end = performance.now() + 300
      let count = 0
      for (; performance.now() < end; count++) body()
      return count
    })
  )
