/** SQLite files of the tests, in a folder that goes when they are done. */
import { closeSync, openSync, writeSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { Context, Duration, Effect, Layer } from "effect"
import * as Sqlite from "perdure/Store/Sqlite"
import { WorkflowStore } from "perdure/Store/WorkflowStore"
import * as Database from "../../src/Store/sqlite/Database.ts"
import { freshId, saveAll, start } from "../suites/store/builders.ts"
import { folder } from "./folder.ts"

export { folder }

let files = 0
export const freshFile = () => join(folder, `${files++}.db`)

/** A store on a file of its own. It does not wait for the disk, which is what the suite of the stores is about. */
export const freshStore = Layer.unwrap(
  Effect.sync(() => Sqlite.layer({ filename: freshFile(), synchronous: "NORMAL" }))
)

export const open = (filename: string, options: Omit<Sqlite.Options, "filename"> = {}) =>
  Effect.map(Layer.build(Sqlite.layer({ filename, ...options })), (context) => Context.get(context, WorkflowStore))

/** Changes a file by other means than the store. */
export const tamper = <A>(filename: string, change: (database: DatabaseSync) => A) =>
  Effect.acquireUseRelease(
    Effect.sync(() => new DatabaseSync(filename)),
    (database) => Effect.sync(() => change(database)),
    (database) => Effect.sync(() => database.close())
  )

/** Folds the whole log of a file into its tables, as another process would. */
export const fold = Effect.fnUntraced(function* (filename: string) {
  const { fold, log, write } = yield* Database.open({ filename, synchronous: "NORMAL", busyTimeout: "5 seconds" })
  while (!(yield* write(() => fold.upTo(log.newest)))) yield* Effect.yieldNow
}, Effect.scoped)

/** A closed file with 200 executions in its tables. */
export const filled = Effect.gen(function* () {
  const filename = freshFile()
  const commits = Array.from({ length: 200 }, () => start(freshId()))
  yield* Effect.scoped(Effect.flatMap(open(filename), (store) => saveAll(store, commits)))
  yield* fold(filename)
  return { filename, commits }
})

/** Gives a file whose log is folded, a row for each commit, the tables of before the log. */
export const withoutLog = (database: DatabaseSync) =>
  database.exec(`
    DROP TABLE commit_groups;
    ALTER TABLE segments DROP COLUMN first;
    ALTER TABLE segments RENAME TO commits;
  `)

/** Writes bytes that are no part of any database. */
export const overwrite = (filename: string, position: number, length: number) => {
  const file = openSync(filename, "r+")
  writeSync(file, Buffer.alloc(length, 0xa5), 0, length, position)
  closeSync(file)
}

/** Moves the wall clock of this process for as long as the scope lasts, as a step of the machine's would. */
export const step = (by: Duration.Input) =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const real = Date.now
      const millis = Duration.toMillis(by)
      Date.now = () => real() + millis
      return real
    }),
    (real) => Effect.sync(() => (Date.now = real))
  )
