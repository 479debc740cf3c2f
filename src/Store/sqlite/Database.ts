/**
 * One connection to a database file: how it is opened, what its errors mean and how transactions run.
 *
 * Statements are synchronous. Only waiting for another process that writes is not: it gives the event loop back.
 */
import { lstatSync, readlinkSync, statSync } from "node:fs"
import { dirname, resolve } from "node:path"
import type { DatabaseSync } from "node:sqlite"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Schedule from "effect/Schedule"
import { Corrupt, type StoreErrorReason, Unavailable, Unsupported } from "../WorkflowStore.ts"
import * as Attributes from "./Attributes.ts"
import { liveClock } from "../../internal/liveClock.ts"
import * as Files from "./Files.ts"
import * as Fold from "./Fold.ts"
import { Log } from "./Log.ts"
import { migrate, versionOf } from "./Migrations.ts"

/** An open database. */
export interface Database {
  readonly connection: DatabaseSync
  /** What is committed and not in the tables yet, as of the transaction that runs. */
  readonly log: Log
  /** Moves it into the tables. */
  readonly fold: Fold.Fold
  /** Runs statements that all see the same state. */
  readonly read: <A>(body: () => A) => Effect.Effect<A, StoreErrorReason>
  /** Runs statements within the transaction that is open. */
  readonly inside: <A>(body: () => A) => Effect.Effect<A, StoreErrorReason>
  /** Runs statements that take effect together or not at all. */
  readonly write: <A>(body: () => A) => Effect.Effect<A, StoreErrorReason>
  /** How many milliseconds ago something was last `Unavailable`, or waited long for a lock; infinite when nothing ever did. */
  readonly sinceTrouble: () => number
}

/** How a database is opened. */
export interface Settings {
  readonly filename: string
  /** False to refuse a file that is not there. */
  readonly create?: boolean
  readonly synchronous: "FULL" | "NORMAL"
  readonly busyTimeout: Duration.Input
}

/** Makes what has statements over the tables of a file. It is `Corrupt` when the tables are not as this library makes them. */
export const using = <A, R>(filename: string, make: Effect.Effect<A, StoreErrorReason, R>) =>
  Effect.catchDefect(make, (cause) =>
    codeOf(cause) === Code.error && cause instanceof Error
      ? Effect.fail(
          new Corrupt({
            detail: `${filename} has other tables than it must (${cause.message}); restore it from a backup`
          })
        )
      : refuse(filename, cause)
  )

/** Opens a database for as long as the scope lasts and brings its tables up to date. */
export const open = Effect.fnUntraced(function* (settings: Settings) {
  const { busyTimeout, filename } = settings
  // Not an import: an old Node.js would fail to load whatever imports this module, and not say why.
  const sqlite = process.getBuiltinModule?.("node:sqlite")
  if (sqlite === undefined) return yield* new Unsupported({ detail: tooOld() })
  yield* checkPlace(settings)
  // Closing the last connection also moves the write-ahead log into the file and removes it.
  const connection = yield* Effect.acquireRelease(
    catching(() => new sqlite.DatabaseSync(filename)),
    (connection) => Effect.sync(() => connection.close())
  ).pipe(Effect.catch((cause) => refuse(filename, cause)))
  const prepare = catching(() => {
    // Before anything is changed, since another program may own the file.
    versionOf(connection, filename)
    configure(connection, settings)
    Attributes.define(connection)
    migrate(connection, filename)
  })
  yield* Effect.catch(whileBusy(prepare, busyTimeout), (cause) => refuse(filename, cause))
  const files = Files.make(connection, filename)
  const troubles = new Troubles()
  const log = new Log(connection)
  const transacted = { connection, files, log, settings, troubles }
  const database: Database = {
    connection,
    log,
    fold: Fold.make(connection, log),
    read: transactions(transacted, ["BEGIN", files.glance]),
    inside: (body) => Effect.catch(catching(body), (cause) => failWith(filename, cause)),
    // Nothing is acknowledged that was written to a file which others do not see.
    write: transactions(transacted, ["BEGIN IMMEDIATE", files.look]),
    sinceTrouble: () => troubles.since
  }
  return database
})

/** Whether a file name stands for a database that only this connection sees. */
export const isPrivate = (filename: string): boolean => filename === ":memory:" || filename === ""

/** Whether SQLite has failed with something that may be gone the next time: a lock, memory, the disk. */
export const passes = (cause: unknown): boolean => {
  const code = codeOf(cause)
  return code !== undefined && passing.has(code)
}

/** What SQLite refuses of a transaction as a whole, for something that is in it: as a constraint that it checks at the end. */
export const refusalIn = (reason: StoreErrorReason): string | undefined => {
  if (reason._tag !== "Unavailable" || !(reason.cause instanceof Error)) return undefined
  const { cause } = reason.cause
  const code = codeOf(cause)
  return code === Code.error || code === Code.constraint ? (cause as SqliteError).message : undefined
}

// internal

const tooOld = (): string =>
  `the SQLite store needs Node.js 22.19 or later, and this is ${process.versions.node}; install a newer one`

interface SqliteError extends Error {
  readonly errcode: number
}

const isSqliteError = (cause: unknown): cause is SqliteError =>
  cause instanceof Error && Predicate.hasProperty(cause, "errcode") && typeof cause.errcode === "number"

/** The primary result code of SQLite, without the details of the extended one. */
const codeOf = (cause: unknown): number | undefined => (isSqliteError(cause) ? cause.errcode & 0xff : undefined)

const Code = {
  error: 1,
  busy: 5,
  locked: 6,
  memory: 7,
  readOnly: 8,
  io: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  constraint: 19,
  notADatabase: 26
} as const

const passing: ReadonlySet<number> = new Set([Code.busy, Code.locked, Code.memory, Code.io, Code.full, Code.cannotOpen])

const isBusy = (cause: unknown): boolean => codeOf(cause) === Code.busy || codeOf(cause) === Code.locked

const isClosed = (cause: unknown): cause is Error =>
  cause instanceof Error && Predicate.hasProperty(cause, "code") && cause.code === "ERR_INVALID_STATE"

/** Runs statements, and fails with what they throw. */
const catching = <A>(body: () => A): Effect.Effect<A, unknown> =>
  Effect.suspend(() => Effect.fromResult(Result.try(body)))

const retries = Schedule.min([Schedule.exponential("1 millis"), Schedule.spaced("4 millis")]).pipe(Schedule.jittered)

/** Repeats while another connection holds a lock, whatever steps the wall clock makes meanwhile. */
const whileBusy = <A>(self: Effect.Effect<A, unknown>, busyTimeout: Duration.Input): Effect.Effect<A, unknown> =>
  Effect.suspend(() => {
    const until = performance.now() + Duration.toMillis(busyTimeout)
    return Effect.retry(self, { while: (cause) => isBusy(cause) && performance.now() < until, schedule: retries })
  }).pipe(Effect.provideService(Clock.Clock, liveClock))

/** When a database could not be used: what waits meanwhile is not late by its own fault. */
class Troubles {
  private latest = Number.NEGATIVE_INFINITY
  private readonly waits = new Set<{ readonly since: number }>()

  /** Notes that something has failed. */
  note(): void {
    this.latest = performance.now()
  }

  /** Runs what waits for a lock; others that write for a moment are no trouble. */
  waiting<A, E>(self: Effect.Effect<A, E>): Effect.Effect<A, E> {
    return Effect.suspend(() => {
      const wait = { since: performance.now() }
      this.waits.add(wait)
      return Effect.ensuring(
        self,
        Effect.sync(() => {
          this.waits.delete(wait)
          if (isLong(wait)) this.note()
        })
      )
    })
  }

  /** How many milliseconds ago the latest trouble was. */
  get since(): number {
    for (const wait of this.waits) if (isLong(wait)) return 0
    return performance.now() - this.latest
  }
}

/** Whether a wait lasts for longer than commits of others take. */
const isLong = ({ since }: { readonly since: number }): boolean => performance.now() - since > 200

/** What transactions are made of. */
interface Transacted {
  readonly connection: DatabaseSync
  readonly files: Files.Files
  readonly log: Log
  readonly settings: Settings
  readonly troubles: Troubles
}

/** Runs transactions that begin with a statement, and that have happened if the files are in place when they end. */
const transactions = (
  { connection, files, log, settings: { busyTimeout, filename }, troubles }: Transacted,
  [begin, look]: readonly [begin: string, look: Files.Files["look"]]
): Database["read"] => {
  const start = connection.prepare(begin)
  const commit = connection.prepare("COMMIT")
  const rollback = connection.prepare("ROLLBACK")
  const run = <A>(body: () => A): A => {
    // A transaction within that of a handler would end it.
    if (connection.isTransaction) throw new Unsupported({ detail: within })
    throwIfSome(files.glance())
    start.run()
    let done = false
    // By JavaScript alone: a finalizer of an effect runs later, and other fibers would write in the transaction that failed until then.
    try {
      log.refresh()
      const answer = body()
      commit.run()
      throwIfSome(look())
      log.news.knowUpTo(log.newest)
      done = true
      return answer
    } finally {
      if (!done) log.reset()
      if (connection.isTransaction) rollback.run()
    }
  }
  const fail = (cause: unknown) => {
    const displaced = isSqliteError(cause) ? files.look() : Option.none()
    return Effect.tapError(failWith(filename, Option.isSome(displaced) ? displaced.value : cause), ({ _tag }) =>
      Effect.sync(() => _tag === "Unavailable" && troubles.note())
    )
  }
  return (body) => {
    const transaction = catching(() => run(body))
    return Effect.catch(transaction, (cause) =>
      isBusy(cause) ? troubles.waiting(whileBusy(transaction, busyTimeout)) : Effect.fail(cause)
    ).pipe(Effect.catch(fail))
  }
}

const within =
  "within a transaction of this store, which has one connection, executions can be started and sent to, and nothing else: do it " +
  "before or after"

const throwIfSome = (displaced: Option.Option<Error>): void => {
  if (Option.isSome(displaced)) throw displaced.value
}

const failWith = (filename: string, cause: unknown): Effect.Effect<never, StoreErrorReason> => {
  if (cause instanceof Unsupported || cause instanceof Unavailable) return Effect.fail(cause)
  if (cause instanceof Files.Displaced || isClosed(cause)) return Effect.fail(new Unavailable({ cause }))
  if (!isSqliteError(cause)) return Effect.die(cause)
  const code = codeOf(cause)
  if (code === Code.corrupt || code === Code.notADatabase) {
    return Effect.fail(new Corrupt({ detail: `${filename} is damaged (${cause.message}); restore it from a backup` }))
  }
  const cure = cures.find(([of]) => of === code)?.[1] ?? "if its disk is sound, please report it"
  return Effect.fail(new Unavailable({ cause: new Error(`${filename}: ${cause.message}; ${cure}`, { cause }) }))
}

/** What to do about errors that pass when it is done, or by themselves. */
const cures: ReadonlyArray<readonly [code: number, cure: string]> = [
  [Code.busy, "another process writes to it; if that is long at work, raise busyTimeout"],
  [Code.locked, "another process writes to it; if that is long at work, raise busyTimeout"],
  [Code.readOnly, "let this process write to it and to its folder"],
  [Code.cannotOpen, "let this process read and write it and its folder"],
  [Code.memory, "free some memory of this machine"],
  [Code.io, "look at its disk"],
  [Code.full, "free some space on its disk"]
]

/** Names the reasons for which SQLite says no more than "unable to open database file". */
const checkPlace = ({ create = true, filename }: Settings): Effect.Effect<void, StoreErrorReason> => {
  if (isPrivate(filename)) return Effect.void
  return Effect.catch(
    catching(() => {
      const found = statSync(filename, { throwIfNoEntry: false })
      if (found?.isDirectory() === true) return `${filename} is a folder; name a file in it`
      if (found === undefined && !create)
        return `there is no file ${filename}; name the one that is meant, or leave out create: false`
      const folder = dirname(filename)
      return statSync(folder, { throwIfNoEntry: false })?.isDirectory()
        ? faultOfLog(filename)
        : `${folder} is not a folder; create it, or name a file elsewhere`
    }),
    (cause) =>
      Effect.succeed(`${filename} cannot be reached: ${cause instanceof Error ? cause.message : String(cause)}`)
  ).pipe(
    Effect.flatMap((detail) => (detail === undefined ? Effect.void : refuse(filename, new Unsupported({ detail }))))
  )
}

/** SQLite removes a log without its file, and with the log the commits that are in it alone. */
const faultOfLog = (filename: string): string | undefined => {
  const file = targetOf(filename)
  const log = `${file}-wal`
  // In this order: another process that creates the two begins with the file.
  if (sizeOf(log) === 0 || sizeOf(file) > 0) return undefined
  return (
    `${file} is missing or empty, and its log ${log} is not; put the file back beside its log, since the log may have ` +
    `commits that the file alone has not, or remove the log to begin anew`
  )
}

/** The size of a file in bytes, 0 when it does not exist. */
const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0

/** The file that a path means: SQLite keeps the log beside that one, also when a link to it is named. */
const targetOf = (path: string): string =>
  lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()
    ? targetOf(resolve(dirname(path), readlinkSync(path)))
    : path

const refuse = (filename: string, cause: unknown): Effect.Effect<never, StoreErrorReason> => {
  if (cause instanceof Unsupported || cause instanceof Corrupt) return Effect.fail(cause)
  if (!isSqliteError(cause)) return Effect.die(cause)
  switch (codeOf(cause)) {
    case Code.notADatabase:
      return Effect.fail(new Corrupt({ detail: `${filename} is not a SQLite database; name another file` }))
    case Code.corrupt:
      return Effect.fail(new Corrupt({ detail: `${filename} is damaged (${cause.message}); restore it from a backup` }))
    case Code.readOnly:
      return Effect.fail(
        new Unsupported({ detail: `${filename} is read-only; let this process write to it and to its folder` })
      )
    case Code.cannotOpen:
      return Effect.fail(
        new Unsupported({ detail: `${filename} cannot be opened; let this process read and write it and its folder` })
      )
    default:
      return failWith(filename, cause)
  }
}

const configure = (connection: DatabaseSync, { filename, synchronous }: Settings): void => {
  const journal = connection.prepare("PRAGMA journal_mode = WAL").get()?.["journal_mode"]
  if (journal !== "wal" && !isPrivate(filename)) {
    throw new Unsupported({ detail: `${filename} cannot have a write-ahead log; put it on a disk of this machine` })
  }
  // Without `fullfsync`, which only macOS knows, its disks acknowledge what they have not written yet.
  connection.exec(`PRAGMA synchronous = ${synchronous}; PRAGMA fullfsync = ${synchronous === "FULL"}`)
  // 16 MiB of pages kept in memory: the default of 2 MiB is soon less than the executions that are in motion.
  connection.exec("PRAGMA cache_size = -16384")
  // 32 MB of write-ahead log: rows of groups come and go, and a longer one takes them to the file less often.
  connection.exec("PRAGMA wal_autocheckpoint = 8000")
}
