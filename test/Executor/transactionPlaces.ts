/** Databases for tests of transactions, each of its own. */
import { DatabaseSync } from "node:sqlite"
import { Effect, Redacted } from "effect"
import * as Postgres from "perdure/Store/Postgres"
import * as Sqlite from "perdure/Store/Sqlite"
import { query } from "../support/postgresClient.ts"
import type { PostgresServer } from "../support/servers.ts"
import { freshFile } from "../support/sqliteFiles.ts"
import type { Place } from "./transactions.ts"

export const onSqlite: Effect.Effect<Place> = Effect.sync(() => {
  const filename = freshFile()
  return {
    store: Sqlite.layer({ filename, synchronous: "NORMAL" }),
    look: (sql) =>
      Effect.acquireUseRelease(
        Effect.sync(() => new DatabaseSync(filename)),
        (database) =>
          Effect.sync(() =>
            database
              .prepare(sql)
              .all()
              .map((row) => ({ ...row }))
          ),
        (database) => Effect.sync(() => database.close())
      )
  }
})

let databases = 0

/** A database of its own on a server, reached by an address or another one. */
export const onPostgres = Effect.fnUntraced(function* (server: PostgresServer, address = server.address) {
  const name = `bank_${databases++}`
  yield* query(server, `CREATE DATABASE ${name}`)
  const direct = { url: server.url.replace(/postgres$/, name) }
  const url = direct.url.replace(server.address, address)
  const place: Place = {
    store: Postgres.layer({ url: Redacted.make(url), timeout: "1 second" }),
    look: (sql) => query(direct, sql)
  }
  return { ...place, direct, url }
})
