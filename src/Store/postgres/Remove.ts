/**
 * Removes executions and their older runs, and reads the records of deletions, which the server keeps until they expire.
 */
import * as PgTypes from "@effect/sql-pg/PgTypes"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { parseJson } from "../../internal/core/parse.ts"
import { Version, type WorkflowId } from "../../Ids.ts"
import { shown } from "../../internal/options.ts"
import { damaged, isVersion, readSeen } from "../../internal/store/damage.ts"
import { Conflict, type Corrupt, type Deletion, deletionTtl, type Driver, Unavailable } from "../WorkflowStore.ts"
import { type Listeners, noteOfDeletion } from "./Changes.ts"
import { codeOf, type Database } from "./Database.ts"
import { keyOf } from "./key.ts"

/** Deletes, notifies the listeners, and reads the records. */
export const make = (
  { channel, run, schema, timeout }: Database,
  listeners: Listeners
): Pick<Driver, "delete" | "deletion"> => {
  const find = `
    SELECT d.version, d.seen FROM ${schema}.deletions d
    WHERE d.workflow_id = $1 AND d.until > clock_timestamp() AND ${schema}.leading_1()
  `
  const remove = `
    SELECT outcome, latest
    FROM ${schema}.remove_1($1, $2, $3, $4, $5, make_interval(secs => ${kept}), $6, $7, '${timeout}ms')
  `
  const recordOf = Effect.fnUntraced(function* (workflowId: WorkflowId) {
    const [row] = yield* run(find, [PgTypes.text(keyOf(workflowId))])
    return row === undefined ? undefined : yield* deletionOf(Number(row[0]), String(row[1]))
  })
  return {
    deletion: (workflowId) =>
      Effect.map(recordOf(workflowId), (found) =>
        Option.map(Option.fromUndefinedOr(found), ({ seen, version }) => ({ seen, version }))
      ),
    delete: Effect.fnUntraced(function* (workflowId, options) {
      const [wanted, before] = "before" in options ? [null, options.before] : [options.version, null]
      const asked = wanted ?? before!
      for (let tries = 0; tries < mostTries; tries++) {
        const earlier = yield* recordOf(workflowId)
        const parameters = [
          PgTypes.text(keyOf(workflowId)),
          PgTypes.int4(wanted),
          PgTypes.int4(before),
          PgTypes.text(JSON.stringify({ ...earlier?.seen, ...options.seen })),
          PgTypes.text(earlier?.text ?? null),
          PgTypes.text(channel),
          PgTypes.text(noteOfDeletion(listeners.author, workflowId))
        ]
        const answer = yield* Effect.catchIf(
          run(remove, parameters),
          ({ cause }) => codeOf(cause) === "40P01",
          () => Effect.succeed([["changed", 0]])
        )
        const [outcome, latest] = answer[0]!
        if (outcome === "changed") continue
        if (outcome === "nothing") return false
        if (!isVersion(latest)) return yield* damaged(`the summary has the version ${String(latest)}`)
        if (outcome === "conflict") return yield* new Conflict({ version: asked, latest: Version.make(latest) })
        if (wanted !== null) listeners.notifyDeleted(workflowId)
        return true
      }
      return yield* new Unavailable({ cause: new Error("others delete the same execution all the time") })
    })
  }
}

// internal

const kept = Duration.toSeconds(deletionTtl)

const mostTries = 10

/** A record as it is written, and what it says. */
const deletionOf = (version: number, text: string): Effect.Effect<Deletion & { readonly text: string }, Corrupt> => {
  const seen = readSeen(Option.getOrUndefined(parse(text)))
  return seen !== undefined && isVersion(version)
    ? Effect.succeed({ version: Version.make(version), seen, text })
    : Effect.fail(damaged(`the record of its deletion has the version ${version} and has seen ${shown(text)}`))
}

const parse: (text: string) => Option.Option<unknown> = Option.liftThrowable(parseJson)
