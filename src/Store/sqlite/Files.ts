/**
 * Whether the files of an open database are still where they were. A file that is deleted, moved or replaced stays open in the
 * processes that have it open, and takes writes that no other process will ever read.
 *
 * Files are told apart by their numbers. They are not opened for it: a process that closes a file loses its locks on it, those
 * of SQLite too. A number is not given again while the file is open. What is copied over a file leaves its number as it is,
 * and is noticed only when it leaves the file empty.
 *
 * The log is looked at only when something has changed in its folder: Linux gives a file that was looked at a finer time at
 * its next write, and a commit then waits for that too.
 */
import { statSync } from "node:fs"
import { dirname } from "node:path"
import type { DatabaseSync } from "node:sqlite"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import { liveNow } from "../../internal/liveClock.ts"

/** A database file, its write-ahead log or the index of that is not where it was. */
export class Displaced extends Error {
  override readonly name = "Displaced"
}

/** Looks after the files of a database. */
export interface Files {
  /** What has become of the files; none while all are in place. */
  readonly look: () => Option.Option<Displaced>
  /** The same, without a look when the last one was a moment ago and all were in place. */
  readonly glance: () => Option.Option<Displaced>
}

/** The files of an open database that has been written to; none for a database without a file. */
export const make = (connection: DatabaseSync, filename: string): Files => {
  // As SQLite has it, which follows links: the log is beside the file itself.
  const file = String(connection.prepare("PRAGMA database_list").get()!["file"])
  const paths = file === "" ? [] : [filename, `${file}-shm`]
  const others = paths.map(placeOf).filter(({ number }) => isNumber(number))
  const log = placeOf(`${file}-wal`)
  const places = file !== "" && isNumber(log.number) ? [...others, log] : others
  const folder = new Folder(dirname(file))
  let looked = Number.NEGATIVE_INFINITY
  const look = (): Option.Option<Displaced> => {
    for (const { number, path } of folder.isAsBefore() ? others : places) {
      const found = numberOf(path)
      if (found !== number) {
        looked = Number.NEGATIVE_INFINITY
        folder.forget()
        return Option.some(displaced(path, found))
      }
    }
    looked = performance.now()
    return Option.none()
  }
  return { look, glance: () => (performance.now() - looked < moment ? Option.none() : look()) }
}

// internal

// In milliseconds: a look takes a few microseconds, as long as a small read.
const moment = 50

/** A path and the number of the file that was there at first. */
interface Place {
  readonly path: string
  readonly number: string
}

const placeOf = (path: string): Place => ({ path, number: numberOf(path) })

/** A folder in which files come and go. */
class Folder {
  private readonly path: string
  private before: string | undefined

  constructor(path: string) {
    this.path = path
  }

  /** Whether no file has come or gone since the last call, for sure. */
  isAsBefore(): boolean {
    const found = Result.getOrUndefined(Result.try(() => statSync(this.path, { bigint: true })))
    // A change of this moment may have the same time as the next one.
    const isSettled = found !== undefined && Math.abs(liveNow() - Number(found.mtimeMs)) > longestTick
    const now = isSettled ? `${found.dev} ${found.ino} ${found.mtimeNs} ${found.ctimeNs}` : undefined
    const same = now !== undefined && now === this.before
    this.before = now
    return same
  }

  /** Makes the next call say no. */
  forget(): void {
    this.before = undefined
  }
}

// In milliseconds: file systems that keep no finer times count in steps of up to 2 seconds.
const longestTick = 2500

const nothing = "nothing"

/** The number of the file at a path, or why it has none. */
const numberOf = (path: string): string =>
  Result.match(
    Result.try(() => statSync(path, { bigint: true, throwIfNoEntry: false })),
    {
      onSuccess: (found) => {
        if (found === undefined) return nothing
        // The log may be empty.
        return found.size === 0n && !/-(wal|shm)$/.test(path) ? "empty" : `${found.dev} ${found.ino}`
      },
      onFailure: (cause) => (Predicate.hasProperty(cause, "code") ? String(cause.code) : String(cause))
    }
  )

const isNumber = (found: string): boolean => /^\d/.test(found)

/** What has become of a file without a number. */
const fates: Readonly<Record<string, string | undefined>> = {
  [nothing]: "was deleted or moved",
  ENOTDIR: "was deleted or moved",
  empty: "was emptied"
}

const displaced = (path: string, found: string): Displaced => {
  const what = isNumber(found) ? "was replaced by another file" : (fates[found] ?? `cannot be reached (${found})`)
  return new Displaced(
    `${path} ${what} while this process had it open, so nothing that is written now would be kept; put back the file that ` +
      `was there before any process that has it open ends, since commits may be in it alone; if it is lost, end these ` +
      `processes, remove the database with its -wal and -shm, and restore a backup`
  )
}
