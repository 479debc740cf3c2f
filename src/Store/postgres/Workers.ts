/**
 * Which workers live, by the clock of the server alone: machines whose clocks differ agree.
 *
 * While the server cannot be reached no worker can renew its lease. So leases do not run while the server was down, nor, as far as this
 * process knows, before it answered again: after that every worker has the length of its lease to be heard.
 *
 * A heartbeat that asks is answered in its own statement, so that a worker with nothing to do needs no other one.
 */
import * as PgTypes from "@effect/sql-pg/PgTypes"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import { parseJson, parsed } from "../../internal/core/parse.ts"
import { workerOf } from "../../internal/store/worker.ts"
import { type Driver, leftTtl, type Outlook, type WorkerRecord, type Workers } from "../WorkflowStore.ts"
import type { Database } from "./Database.ts"
import { keyOf } from "./key.ts"
import { unsettledOwners } from "./Query.ts"
import type { Row } from "./Row.ts"

/** Records workers, and returns the ones that live and the ones that have left. */
export const make = ({ run, schema, sinceTrouble }: Database): Pick<Driver, "heartbeat" | "workers"> => {
  const until = "greatest(w.until, pg_postmaster_start_time() + w.lease)"
  const past = `DELETE FROM ${schema}.workers w WHERE w.worker <> $1 AND ${until} < clock_timestamp() - interval '${grace}'`
  const record = `
    INSERT INTO ${schema}.workers AS w (worker, record, has_left, lease, until)
    VALUES ($1, $2, $3, make_interval(secs => $4), clock_timestamp() + make_interval(secs => $5))
    ON CONFLICT (worker) DO UPDATE SET record = excluded.record, has_left = excluded.has_left, lease = excluded.lease,
      until = clock_timestamp() + make_interval(secs => $5)
  `
  const beat = `WITH past AS (${past}) ${record}`
  // A worker that has left has no lease that could be longer.
  const present = (since: string) => `
    SELECT w.record, w.has_left FROM ${schema}.workers w
    WHERE ${schema}.leading_1() AND (${until} > clock_timestamp() OR w.lease > make_interval(secs => ${since}))
    ORDER BY w.worker
  `
  const all = present("$1")
  // Of a statement that writes the other parts see what was there before, so the worker itself is not among them or as it was.
  const beatAndLook = `
    WITH past AS (${past}), recorded AS (${record})
    SELECT NULL, NULL,
      (SELECT json_agg(o.owner)::text FROM (${unsettledOwners(schema)} LIMIT ${mostOwners}) AS o WHERE o.owner IS NOT NULL),
      EXISTS (SELECT FROM ${schema}.executions e WHERE e.status = 'blocked'),
      (SELECT count(*) = ${mostLooked} OR coalesce(bool_or(e.wake_at < $7), false)
       FROM (SELECT e.wake_at FROM ${schema}.executions e WHERE e.unsettled LIMIT ${mostLooked}) AS e)
    UNION ALL
    SELECT p.record, p.has_left, NULL, NULL, NULL FROM (${present("$6")}) AS p
  `
  const since = () => PgTypes.float8(Math.min(sinceTrouble() / 1000, longest))
  return {
    heartbeat: (worker, lease, asked) => {
      const left = Duration.isZero(lease)
      const seconds = Math.min(Duration.toSeconds(lease), longest)
      const parameters = [
        PgTypes.text(keyOf(worker.id)),
        PgTypes.text(JSON.stringify(worker)),
        PgTypes.bool(left),
        PgTypes.float8(seconds),
        PgTypes.float8(left ? Duration.toSeconds(leftTtl) : seconds)
      ]
      if (left || asked === undefined) return Effect.asVoid(run(beat, parameters))
      return Effect.map(
        Effect.suspend(() => run(beatAndLook, [...parameters, since(), PgTypes.float8(asked.wakeBefore)])),
        ([told, ...rows]) => outlookOf(worker, told!, workersOf(rows))
      )
    },
    workers: Effect.suspend(() => Effect.map(run(all, [since()]), workersOf))
  }
}

// internal

/** For so long the row of a worker outlives it, for processes that were away. */
const grace = "1 minute"

/** The longest lease in seconds: a hundred years. */
const longest = 100 * 365 * 24 * 60 * 60

/** At so many owners of unsettled executions a heartbeat takes some of them for orphans. */
const mostOwners = 1000
/** At so many unsettled executions a heartbeat does not look which are due: it renews a lease, and must be quick. */
const mostLooked = 2000

/** What the rows of workers say; what is damaged says nothing. */
const workersOf = (rows: ReadonlyArray<Row>): Workers => {
  const all = rows.flatMap(([record, left]) =>
    Option.toArray(Option.map(recordOf(String(record)), (worker) => ({ worker, left })))
  )
  return {
    living: all.flatMap(({ left, worker }) => (left === true ? [] : [worker])),
    left: all.flatMap(({ left, worker }) => (left === true ? [worker.id] : []))
  }
}

/** What a worker is told, which lives by this very heartbeat. */
const outlookOf = (worker: WorkerRecord, [, , owners, blocked, due]: Row, { left, living }: Workers): Outlook => {
  const all = [worker, ...living.filter(({ id }) => id !== worker.id)]
  const keys = new Set<unknown>(all.map(({ id }) => keyOf(id)))
  const found = owners === null ? [] : (parseJson(String(owners)) as ReadonlyArray<unknown>)
  return {
    living: all,
    left: left.filter((id) => id !== worker.id),
    orphans: found.length >= mostOwners || found.some((owner) => !keys.has(owner)),
    blocked: blocked !== false,
    due: due !== false
  }
}

/** What the row of a worker says; none when that is damaged. */
const recordOf = (text: string): Option.Option<WorkerRecord> =>
  Option.flatMap(parsed(text), (told) =>
    Predicate.hasProperty(told, "id") && typeof told.id === "string"
      ? Option.some(workerOf(told.id, Predicate.hasProperty(told, "workflows") ? told.workflows : undefined))
      : Option.none()
  )
