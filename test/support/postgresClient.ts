/** A client of a PostgreSQL beside the store under test: what tests look at, and write, behind its back. */
import * as PgClient from "@effect/sql-pg/PgClient"
import { Effect, Redacted } from "effect"
import * as Reactivity from "effect/reactivity/Reactivity"
import * as Postgres from "perdure/Store/Postgres"
import { type PostgresServer, postgresServer } from "./servers.ts"

type Address = Pick<PostgresServer, "url">

/** Opens a store on a server. */
export const open = ({ url }: Address, options: Partial<Postgres.Options> = {}) =>
  Postgres.make({ url: Redacted.make(url), ...options })

/** PostgreSQL, for processes that contend. */
export const postgresPlace = {
  start: postgresServer(),
  arguments: ({ url }: Address) => ["postgres", url],
  open
}

/** Connects to a server until the end of the test. */
export const client = ({ url }: Address, options: Partial<PgClient.PgPoolConfig> = {}) =>
  PgClient.make({ url: Redacted.make(url), ...options }).pipe(Effect.provide(Reactivity.layer), Effect.orDie)

/** Runs a statement on a connection of its own; returns the rows. */
export const query = (server: Address, sql: string): Effect.Effect<ReadonlyArray<Record<string, unknown>>> =>
  Effect.flatMap(client(server), (pg) => pg.unsafe<Record<string, unknown>>(sql)).pipe(Effect.scoped, Effect.orDie)

/** Removes all that a store has, in a fraction of the time that other tables need. */
export const empty = (server: Address, schema = "perdure") =>
  query(server, `WITH ${tables.map((table) => `${table} AS (DELETE FROM ${schema}.${table})`).join()} SELECT 1`)

// internal

const tables = ["executions", "attributes", "commits", "deletions", "workers", "details"]
