/** Banks in a SQLite file and in a PostgreSQL. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { Effect, Redacted } from "effect"
import * as Postgres from "perdure/Store/Postgres"
import * as Sqlite from "perdure/Store/Sqlite"
import { query } from "../support/postgresClient.ts"
import { postgresServer } from "../support/servers.ts"
import type { Place, Server } from "./bank.ts"

export const inFile = Effect.gen(function* () {
  const folder = yield* Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "perdure-bank-"))),
    (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
  )
  const filename = join(folder, "bank.db")
  const look: Place["look"] = (sql) =>
    Effect.acquireUseRelease(
      Effect.sync(() => new DatabaseSync(filename)),
      (database) => Effect.sync(() => database.prepare(sql).all()),
      (database) => Effect.sync(() => database.close())
    )
  return { arguments: ["sqlite", filename], store: Sqlite.layer({ filename }), look } satisfies Place
})

export const onServer = Effect.gen(function* () {
  const server = yield* postgresServer()
  const store = Postgres.layer({ url: Redacted.make(server.url), timeout: "2 seconds" })
  const { kill9, restart } = server
  const look: Place["look"] = (sql) => query(server, sql)
  return { arguments: ["postgres", server.url], store, look, kill9, restart } satisfies Place & Server
})
