/**
 * The details of calls of activities: one row for each call, in place of the one before.
 */
import * as Effect from "effect/Effect"
import { decodeDetails } from "../../internal/store/details.ts"
import type { CallPlace, Driver } from "../WorkflowStore.ts"
import type { Database } from "./Database.ts"
import { fromId, fromName } from "./Row.ts"

/** Keeps the details of calls, and reads them. */
export const make = (database: Database): Pick<Driver, "saveDetails" | "details"> => {
  const { connection } = database
  const set = connection.prepare(
    "INSERT OR REPLACE INTO details (workflow_id, run_id, seq, details) VALUES (?, ?, ?, ?)"
  )
  const remove = connection.prepare("DELETE FROM details WHERE workflow_id = ? AND run_id = ? AND seq = ?")
  const find = connection.prepare("SELECT details FROM details WHERE workflow_id = ? AND run_id = ? AND seq = ?")
  return {
    saveDetails: (all) =>
      database.write(() => {
        for (const { details, ...call } of all) {
          if (details === undefined) remove.run(...columnsOf(call))
          else set.run(...columnsOf(call), JSON.stringify(details))
        }
      }),
    details: (call) =>
      Effect.flatMap(
        database.read(() => find.get(...columnsOf(call))),
        (row) =>
          row === undefined
            ? Effect.succeedNone
            : Effect.asSome(Effect.fromResult(decodeDetails(String(row["details"]))))
      )
  }
}

// internal

const columnsOf = ({ runId, seq, workflowId }: CallPlace) => [fromId(workflowId), fromName(runId), seq] as const
