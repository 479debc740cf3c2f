/**
 * Removes executions and their older runs, and keeps the records of deletions until they expire.
 */
import type { SQLInputValue } from "node:sqlite"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import { Version } from "../../Ids.ts"
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
import { liveNow } from "./clock.ts"
import type { Database } from "./Database.ts"
import { fromId, integer } from "./Row.ts"

/** The record of a deletion as it is stored. */
export interface Record {
  readonly version: number
  /** JSON. */
  readonly seen: string
}

/** Finds the record of the latest deletion of an id, unless it has expired. */
export const finder = ({ connection }: Database): ((id: SQLInputValue) => Record | undefined) => {
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
  const record = finder(database)
  const remove = remover(database, record)
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
    delete: (workflowId, options) =>
      database
        .write(() => remove(fromId(workflowId), options))
        .pipe(
          Effect.flatMap(Effect.fromResult),
          Effect.map((position) => {
            if (position !== undefined && "version" in options) listeners.notifyDeleted(workflowId, position)
            return position !== undefined
          })
        )
  }
}

/** Removes some of the records that have expired, if there are any. */
export const purge = (database: Database): Effect.Effect<void, StoreErrorReason> => {
  const removeExpired = purger(database)
  return Effect.asVoid(database.write(removeExpired))
}

// internal

/** Removes what was asked for; returns the position of its record, or `undefined` when there was nothing to remove. */
const remover = (database: Database, record: ReturnType<typeof finder>) => {
  const { connection } = database
  const found = connection.prepare(`
    SELECT key, ${integer("version")} AS version, ${integer("first_version")} AS first_version, workflow_id, started_at,
      attributes
    FROM executions WHERE workflow_id = ?
  `)
  const removeExecution = connection.prepare("DELETE FROM executions WHERE key = ?")
  const removeCommits = connection.prepare("DELETE FROM commits WHERE execution = ? AND version < ?")
  // Only the oldest commit of a run names it, so the one that becomes the oldest takes over the name.
  const nameRun = numbered(
    connection,
    `
    UPDATE commits SET run_id = (
      SELECT run_id FROM commits WHERE execution = ?1 AND version < ?2 AND run_id IS NOT NULL ORDER BY version DESC LIMIT 1
    )
    WHERE execution = ?1 AND version = ?2 AND run_id IS NULL
  `
  )
  // The positions after the newest commit that is left are given to commits again.
  const insert = connection.prepare(`
    INSERT OR REPLACE INTO deletions (workflow_id, version, seen, until, newest)
    VALUES (?, ?, ?, ?, (SELECT coalesce(max(position), 0) FROM commits))
  `)
  const removeExpired = purger(database)
  const attributes = Attributes.make(connection)
  const removeDetails = connection.prepare("DELETE FROM details WHERE workflow_id = ?")
  return (id: SQLInputValue, options: DeleteOptions): Result.Result<number | undefined, Conflict | Corrupt> => {
    const row = found.get(id)
    if (row === undefined) return Result.succeed(undefined)
    const earlier = record(id)
    const said = earlier === undefined ? Result.succeed({}) : seenOf(earlier)
    if (Result.isFailure(said)) return Result.fail(said.failure)
    const version = Number(row["version"])
    if (!isVersion(version)) return Result.fail(damaged(`the summary has the version ${version}`))
    const latest = Version.make(version)
    const execution = Attributes.indexed(row)
    if ("before" in options) {
      if (options.before > Number(row["first_version"])) {
        return Result.fail(new Conflict({ version: options.before, latest }))
      }
      nameRun.run(execution.key, options.before)
      if (removeCommits.run(execution.key, options.before).changes === 0) return Result.succeed(undefined)
    } else {
      if (options.version !== latest) return Result.fail(new Conflict({ version: options.version, latest }))
      removeCommits.run(execution.key, latest + 1)
      attributes.remove(execution)
      removeExecution.run(execution.key)
      removeDetails.run(id)
    }
    const end = "before" in options ? options.before : latest + 1
    const seen = JSON.stringify({ ...said.success, ...options.seen })
    removeExpired()
    const { lastInsertRowid } = insert.run(id, end, seen, liveNow() + Duration.toMillis(deletionTtl))
    return Result.succeed(Number(lastInsertRowid))
  }
}

/** How many expired records are removed at a time: more than a deletion adds, and few enough to take no time. */
const purgedAtMost = 1000

const purger = ({ connection }: Database) => {
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

const parse: (text: string) => Option.Option<unknown> = Option.liftThrowable(JSON.parse)
