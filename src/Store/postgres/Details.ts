/**
 * The details of calls of activities: one row for each call, in place of the one before.
 */
import * as PgTypes from "@effect/sql-pg/PgTypes"
import * as Effect from "effect/Effect"
import { decodeDetails } from "../../internal/store/details.ts"
import type { CallDetails, CallPlace, Driver } from "../WorkflowStore.ts"
import { arrays } from "./arrays.ts"
import type { Database } from "./Database.ts"
import { keyOf } from "./key.ts"

/** Keeps the details of calls, and reads them. */
export const make = ({ run, schema }: Database): Pick<Driver, "saveDetails" | "details"> => {
  // In one order, as two processes may keep details of the same calls.
  const save = `
    WITH told AS MATERIALIZED (
      SELECT * FROM unnest($1::text[], $2::text[], $3::int[], $4::text[]) AS t(workflow_id, run_id, seq, details)
      ORDER BY workflow_id COLLATE "C", run_id COLLATE "C", seq
    ), removed AS (
      DELETE FROM ${schema}.details d USING told t
      WHERE t.details IS NULL AND d.workflow_id = t.workflow_id AND d.run_id = t.run_id AND d.seq = t.seq
    )
    INSERT INTO ${schema}.details (workflow_id, run_id, seq, details)
    SELECT * FROM told t WHERE t.details IS NOT NULL
    ON CONFLICT (workflow_id, run_id, seq) DO UPDATE SET details = excluded.details
  `
  const find = `
    SELECT d.details FROM ${schema}.details d
    WHERE d.workflow_id = $1 AND d.run_id = $2 AND d.seq = $3 AND ${schema}.leading_1()
  `
  return {
    saveDetails: (all) => {
      const latest = Array.from(new Map(all.map((each) => [nameOf(each), each])).values())
      return Effect.asVoid(
        run(save, [
          arrays.text(latest.map(({ workflowId }) => keyOf(workflowId))),
          arrays.text(latest.map(({ runId }) => keyOf(runId))),
          arrays.int4(latest.map(({ seq }) => seq)),
          arrays.text(latest.map(({ details }) => (details === undefined ? null : JSON.stringify(details))))
        ])
      )
    },
    details: ({ runId, seq, workflowId }) =>
      Effect.flatMap(
        run(find, [PgTypes.text(keyOf(workflowId)), PgTypes.text(keyOf(runId)), PgTypes.int4(seq)]),
        ([row]) =>
          row === undefined ? Effect.succeedNone : Effect.asSome(Effect.fromResult(decodeDetails(String(row[0]))))
      )
  }
}

// internal

const nameOf = ({ runId, seq, workflowId }: CallDetails | CallPlace): string => JSON.stringify([workflowId, runId, seq])
