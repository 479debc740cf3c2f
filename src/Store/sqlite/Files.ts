/**
 * Whether the files of an open database are still where they were. A file that is deleted, moved or replaced stays open in the
 * processes that have it open, and takes writes that no other process will ever read.
 *
 * Files are told apart by their numbers. They are not opened for it: a process that closes a file loses its locks on it, those
 * of SQLite too. A number is not given again while the file is open. What is copied over a file leaves its number as it is,
 * and is noticed only when it leaves the file empty.
 */
import { statSync } from "node:fs"
import type { DatabaseSync } from "node:sqlite"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"

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
  const paths = file === "" ? [] : [filename, `${file}-wal`, `${file}-shm`]
  const places = paths.map(placeOf).filter(({ number }) => isNumber(number))
  let looked = Number.NEGATIVE_INFINITY
  const look = (): Option.Option<Displaced> => {
    for (const { number, path } of places) {
      const found = numberOf(path)
      if (found !== number) {
        looked = Number.NEGATIVE_INFINITY
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
