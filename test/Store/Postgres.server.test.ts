/** The PostgreSQL store on a server of its own: the laws of stores, and what only a store across a network can get wrong. */
import { Effect, Layer, Redacted } from "effect"
import * as Postgres from "perdure/Store/Postgres"
import { suite } from "../suites/StoreSuite.ts"
import { describeWith, postgresServer, shared } from "../support/servers.ts"

describeWith("postgres", "the PostgreSQL store", () => {
  const server = shared(postgresServer())
  const layer = Layer.unwrap(Effect.map(server, ({ url }) => Postgres.layer({ url: Redacted.make(url) })))

  suite("PostgreSQL", { layer, shared: true })
})
