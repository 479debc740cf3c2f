/**
 * The settings of the server that the laws of stores need, and what follows from those found.
 */
import * as Effect from "effect/Effect"
import type { Connection } from "effect/sql/SqlConnection"
import type { SqlError } from "effect/sql/SqlError"
import { type Guarantees, Unsupported } from "../WorkflowStore.ts"

/** Looks at the server; returns how durable its commits are. */
export const check = Effect.fnUntraced(function* (
  connection: Connection,
  unsafe: boolean
): Effect.fn.Return<Guarantees["durability"], SqlError | Unsupported> {
  const rows = yield* connection.executeValues(look, [])
  const [version, follows, readOnly, encoding, committed, fsync, pages, standbys] = rows[0]!
  if (Number(version) < oldest) {
    return yield* unsupported(`PostgreSQL ${Math.floor(Number(version) / 10_000)} is too old; update it to 14 or later`)
  }
  if (follows === true) {
    return yield* unsupported(
      "the server follows another one, and reads from it may be old; connect to the primary server"
    )
  }
  if (readOnly === "on") {
    return yield* unsupported("the transactions of this user are read-only; turn default_transaction_read_only off")
  }
  if (encoding !== "UTF8") {
    return yield* unsupported(`the database has the encoding ${String(encoding)}; create one with the encoding UTF8`)
  }
  const risks: Array<string> = []
  if (committed === "off")
    risks.push("synchronous_commit is off, so a commit is acknowledged before it is on the disk; turn it on")
  if (fsync !== "on") risks.push("fsync is off, so a loss of power may destroy the database; turn it on")
  if (pages !== "on") risks.push("full_page_writes is off, so a loss of power may destroy the database; turn it on")
  if (risks.length > 0) return unsafe ? "process" : yield* unsupported(`${risks.join("; ")}; or pass unsafe: true`)
  return standbys !== "" && (committed === "on" || committed === "remote_apply") ? "replicated" : "disk"
})

// internal

const oldest = 140_000

const look = `
SELECT current_setting('server_version_num')::int, pg_is_in_recovery(), current_setting('transaction_read_only'),
  current_setting('server_encoding'), current_setting('synchronous_commit'), current_setting('fsync'),
  current_setting('full_page_writes'), current_setting('synchronous_standby_names')
`

const unsupported = (detail: string) => Effect.fail(new Unsupported({ detail }))
