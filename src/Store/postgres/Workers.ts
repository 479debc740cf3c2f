/**
 * Which workers live, by the clock of the server alone: machines whose clocks differ agree.
 *
 * While the server cannot be reached no worker can renew its lease. So leases do not run while the server was down, nor, as far as this
 * process knows, before it answered again: after that every worker has the length of its lease to be heard.
 */
import * as PgTypes from "@effect/sql-pg/PgTypes"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import { WorkerId } from "../../Ids.ts"
import { type Driver, leftTtl, type WorkerRecord } from "../WorkflowStore.ts"
import type { Database } from "./Database.ts"
import { keyOf } from "./key.ts"

/** Records workers, and returns the ones that live and the ones that have left. */
export const make = ({ run, schema, sinceTrouble }: Database): Pick<Driver, "heartbeat" | "workers"> => {
  const until = "greatest(w.until, pg_postmaster_start_time() + w.lease)"
  const beat = `
    WITH past AS (
      DELETE FROM ${schema}.workers w WHERE w.worker <> $1 AND ${until} < clock_timestamp() - interval '${grace}'
    )
    INSERT INTO ${schema}.workers AS w (worker, record, has_left, lease, until)
    VALUES ($1, $2, $3, make_interval(secs => $4), clock_timestamp() + make_interval(secs => $5))
    ON CONFLICT (worker) DO UPDATE SET record = excluded.record, has_left = excluded.has_left, lease = excluded.lease,
      until = clock_timestamp() + make_interval(secs => $5)
  `
  // A worker that has left has no lease that could be longer.
  const present = `
    SELECT w.record, w.has_left FROM ${schema}.workers w
    WHERE ${schema}.leading_1() AND (${until} > clock_timestamp() OR w.lease > make_interval(secs => $1))
    ORDER BY w.worker
  `
  return {
    heartbeat: (worker, lease) => {
      const left = Duration.isZero(lease)
      const seconds = Math.min(Duration.toSeconds(lease), longest)
      return Effect.asVoid(
        run(beat, [
          PgTypes.text(keyOf(worker.id)),
          PgTypes.text(JSON.stringify(worker)),
          PgTypes.bool(left),
          PgTypes.float8(seconds),
          PgTypes.float8(left ? Duration.toSeconds(leftTtl) : seconds)
        ])
      )
    },
    workers: Effect.suspend(() => {
      const since = Math.min(sinceTrouble() / 1000, longest)
      return Effect.map(run(present, [PgTypes.float8(since)]), (rows) => {
        const all = rows.flatMap(([record, left]) =>
          Option.toArray(Option.map(recordOf(String(record)), (worker) => ({ worker, left })))
        )
        return {
          living: all.flatMap(({ left, worker }) => (left === true ? [] : [worker])),
          left: all.flatMap(({ left, worker }) => (left === true ? [worker.id] : []))
        }
      })
    })
  }
}

// internal

/** For so long the row of a worker outlives it, for processes that were away. */
const grace = "1 minute"

/** The longest lease in seconds: a hundred years. */
const longest = 100 * 365 * 24 * 60 * 60

/** What the row of a worker says; none when that is damaged. */
const recordOf = (text: string): Option.Option<WorkerRecord> =>
  Option.flatMap(parse(text), (told) => {
    if (!Predicate.hasProperty(told, "id") || typeof told.id !== "string") return Option.none()
    const id = WorkerId.make(told.id)
    const workflows = Predicate.hasProperty(told, "workflows") ? told.workflows : undefined
    return Option.some(Array.isArray(workflows) && workflows.every(Predicate.isString) ? { id, workflows } : { id })
  })

const parse: (text: string) => Option.Option<unknown> = Option.liftThrowable(JSON.parse)
