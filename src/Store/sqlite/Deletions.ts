/**
 * Removes executions and their older runs, and keeps the records of deletions until they expire.
 */
import type { DatabaseSync, SQLInputValue } from "node:sqlite"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import { Version, type WorkflowId } from "../../Ids.ts"
import { parseJson } from "../../internal/core/parse.ts"
import { shown } from "../../internal/options.ts"
import { damaged, isVersion, readSeen } from "../../internal/store/damage.ts"
import {
  Conflict,
  type Corrupt,
  type DeleteOptions,
  type Deletion,
  deletionTtl,
  type Driver,
  type StoreErrorReason
} from "../WorkflowStore.ts"
import * as Attributes from "./Attributes.ts"
import type { Listeners } from "./Changes.ts"
import { numbered } from "./numbered.ts"
import { liveNow } from "../../internal/liveClock.ts"
import type { Database } from "./Database.ts"
import { fromIds, idsOf } from "./Ids.ts"
import type { Log } from "./Log.ts"
import { fromId, integer } from "./Row.ts"

/** The record of a deletion as it is stored. */
export interface Record {
  readonly version: number
  /** JSON. */
  readonly seen: string
}

/** Finds the record of the latest deletion of an id, unless it has expired. */
export const finder = (connection: DatabaseSync): ((id: SQLInputValue) => Record | undefined) => {
  const living = connection.prepare(
    `SELECT ${integer("version")} AS version, seen FROM deletions WHERE workflow_id = ? AND until > ?`
  )
  return (id) => {
    const row = living.get(id, liveNow())
    return row && { version: Number(row["version"]), seen: String(row["seen"]) }
  }
}

/** Deletes, notifies the listeners, and reads the records. */
export const make = (database: Database, listeners: Listeners): Pick<Driver, "delete" | "deletion"> => {
  const { connection, fold, log } = database
  const record = finder(connection)
  const remove = remover(database, record)
  const told = (workflowId: WorkflowId, options: DeleteOptions) => (wasThere: boolean) => {
    if (wasThere && "version" in options) listeners.notifyDeleted(workflowId)
    return wasThere
  }
  return {
    deletion: (workflowId) =>
      Effect.flatMap(
        database.read(() => record(fromId(workflowId))),
        (found) =>
          found === undefined
            ? Effect.succeedNone
            : Effect.fromResult(
                Result.map(seenOf(found), (seen) => Option.some({ version: Version.make(found.version), seen }))
              )
      ),
    delete: Effect.fnUntraced(function* (workflowId, options) {
      // Up to the last row of the log that names it now: later ones have later commits.
      let last: number | undefined
      while (true) {
        const removed = yield* database.write(() => {
          const refusal = refused(log, workflowId, options)
          if (refusal !== undefined) return Result.fail(refusal)
          last ??= log.lastPositionOf(workflowId) ?? 0
          return fold.upTo(last) ? remove(workflowId, options) : undefined
        })
        if (removed === undefined) yield* Effect.yieldNow
        else return yield* Effect.map(Effect.fromResult(removed), told(workflowId, options))
      }
    })
  }
}

/** Removes some of the records that have expired, if there are any. */
export const purge = (database: Database): Effect.Effect<void, StoreErrorReason> => {
  const removeExpired = purger(database.connection)
  return Effect.asVoid(database.write(removeExpired))
}

// internal

/** Why an execution that is in the log is not removed, before it is folded for that. */
const refused = (log: Log, workflowId: WorkflowId, options: DeleteOptions): Conflict | undefined => {
  const latest = log.entries.get(workflowId)?.version
  return latest === undefined || "before" in options || options.version === latest
    ? undefined
    : new Conflict({ version: options.version, latest: Version.make(latest) })
}

/**
 * Removes what was asked for of an execution that is not in the log; returns whether there was anything to remove. Of earlier runs it removes
 * the oldest rows first, for as long as a slice may take, and returns nothing while more of them are left: what is removed so far is a
 * removal of older runs, with its record.
 */
const remover = ({ connection, log }: Database, record: ReturnType<typeof finder>) => {
  const found = connection.prepare(`
    SELECT key, ${integer("version")} AS version, ${integer("first_version")} AS first_version, workflow_id, started_at,
      attributes
    FROM executions WHERE workflow_id = ?
  `)
  const removeExecution = connection.prepare("DELETE FROM executions WHERE key = ?")
  const older = olderOf(connection)
  // The positions after the newest commit that is left are given to commits again.
  const insert = connection.prepare(`
    INSERT OR REPLACE INTO deletions (workflow_id, version, seen, until, newest)
    VALUES (?, ?, ?, ?, (SELECT coalesce(max(position), 0) FROM segments))
  `)
  const removeExpired = purger(connection)
  const attributes = Attributes.make(connection)
  const removeDetails = connection.prepare("DELETE FROM details WHERE workflow_id = ?")
  return (workflowId: WorkflowId, options: DeleteOptions): Result.Result<boolean, Conflict | Corrupt> | undefined => {
    const id = fromId(workflowId)
    const row = found.get(id)
    if (row === undefined) return Result.succeed(false)
    const earlier = record(id)
    const said = earlier === undefined ? Result.succeed({}) : seenOf(earlier)
    if (Result.isFailure(said)) return Result.fail(said.failure)
    const version = Number(row["version"])
    if (!isVersion(version)) return Result.fail(damaged(`the summary has the version ${version}`))
    const latest = Version.make(version)
    const execution = Attributes.indexed(row)
    const first = Number(row["first_version"])
    const keep = (end: number) => {
      const seen = JSON.stringify({ ...said.success, ...options.seen })
      removeExpired()
      const { lastInsertRowid } = insert.run(id, end, seen, liveNow() + Duration.toMillis(deletionTtl))
      log.news.knowDeletion(Number(lastInsertRowid))
    }
    if ("before" in options ? options.before > first : options.version !== latest) {
      return Result.fail(new Conflict({ version: "before" in options ? options.before : options.version, latest }))
    }
    const below = "before" in options ? options.before : first
    if (older.isLong(execution.key, below)) {
      older.ease(execution.key, below)
      keep(below)
      return undefined
    }
    if ("before" in options) {
      if (!older.remove(execution.key, options.before)) return Result.succeed(false)
    } else {
      older.removeAll(execution.key)
      log.forget(workflowId)
      attributes.remove(execution)
      removeExecution.run(execution.key)
      removeDetails.run(id)
    }
    keep("before" in options ? options.before : latest + 1)
    return Result.succeed(true)
  }
}

/** Removes rows of `segments`. */
const olderOf = (connection: DatabaseSync) => {
  const removeAll = connection.prepare("DELETE FROM segments WHERE execution = ?")
  const removeBelow = connection.prepare("DELETE FROM segments WHERE execution = ? AND version < ?")
  // A row of an older release names its run only when it is the oldest of it, so the one that becomes the oldest takes over the name.
  const nameRun = numbered(
    connection,
    `
    UPDATE segments SET run_id = (
      SELECT run_id FROM segments WHERE execution = ?1 AND version < ?2 AND run_id IS NOT NULL ORDER BY version DESC LIMIT 1
    )
    WHERE execution = ?1 AND version = ?2 AND run_id IS NULL
  `
  )
  const across = connection.prepare(`
    SELECT * FROM (
      SELECT position, first, version, id, events FROM segments WHERE execution = ? AND version >= ? ORDER BY version LIMIT 1
    ) WHERE first < ?
  `)
  const shorten = connection.prepare("UPDATE segments SET first = ?, id = ?, events = ? WHERE position = ?")
  /** Takes the commits below a version from a row that has some of them. */
  const cut = (key: SQLInputValue, before: number): boolean => {
    const row = across.get(key, before, before)
    if (row === undefined) return false
    const count = before - Number(row["first"])
    const ids = idsOf(row["id"], row["first"])
    const lines = String(row["events"]).split("\n")
    // Of a row that is damaged cannot be told what is to be kept.
    if (ids === undefined || lines.length !== ids.length) return false
    shorten.run(before, fromIds(ids.slice(count)), lines.slice(count).join("\n"), row["position"]!)
    return true
  }
  // By the index alone: what is behind the events of a row takes as long to read as they are.
  const oldest = connection.prepare(
    "SELECT version FROM segments WHERE execution = ? AND version < ? ORDER BY version LIMIT 2"
  )
  /** The end of the oldest row below a version, unless that is the last one. */
  const endOfOldest = (key: SQLInputValue, before: number): number | undefined => {
    const rows = oldest.all(key, before)
    return rows.length < 2 ? undefined : Number(rows[0]!["version"]) + 1
  }
  const remove = (key: SQLInputValue, before: number): boolean => {
    nameRun.run(key, before)
    const isCut = cut(key, before)
    return removeBelow.run(key, before).changes > 0 || isCut
  }
  return {
    removeAll: (key: SQLInputValue): void => void removeAll.run(key),
    /** Removes the commits below a version; whether there were any. */
    remove,
    /** Whether the commits below a version are more than one row. */
    isLong: (key: SQLInputValue, before: number): boolean => endOfOldest(key, before) !== undefined,
    /** Removes rows below a version, the oldest first and never the last one, for as long as a slice may take. */
    ease: (key: SQLInputValue, before: number): void => {
      const ends = performance.now() + sliceTime
      let end = endOfOldest(key, before)
      while (end !== undefined) {
        nameRun.run(key, end)
        removeBelow.run(key, end)
        end = performance.now() < ends ? endOfOldest(key, before) : undefined
      }
    }
  }
}

/** For so long rows of one execution are removed in a row, in milliseconds. The last one takes as long again at worst. */
const sliceTime = 1

/** How many expired records are removed at a time: more than a deletion adds, and few enough to take no time. */
const purgedAtMost = 1000

const purger = (connection: DatabaseSync) => {
  const remove = connection.prepare(`
    DELETE FROM deletions WHERE position IN (
      SELECT position FROM deletions WHERE until <= ? ORDER BY until LIMIT ${purgedAtMost}
    )
  `)
  return () => remove.run(liveNow())
}

const seenOf = ({ seen, version }: Record): Result.Result<Deletion["seen"], Corrupt> => {
  const found = readSeen(Option.getOrUndefined(parse(seen)))
  return found !== undefined && isVersion(version)
    ? Result.succeed(found)
    : Result.fail(damaged(`the record of its deletion has the version ${version} and has seen ${shown(seen)}`))
}

const parse: (text: string) => Option.Option<unknown> = Option.liftThrowable(parseJson)
