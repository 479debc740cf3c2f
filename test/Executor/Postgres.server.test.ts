/** The default executor on a PostgreSQL server, every test in a schema of its own. */
import { Effect, Layer, Redacted } from "effect"
import * as Postgres from "perdure/Store/Postgres"
import { suite } from "../suites/DefaultExecutorSuite.ts"
import { describeWith, postgresServer, shared } from "../support/servers.ts"
import { inVirtualTime } from "../support/virtual.ts"

let schemas = 0

describeWith("postgres", "a PostgreSQL server", () => {
  const server = shared(postgresServer())

  const store = Layer.unwrap(
    Effect.map(server, ({ url }) => Postgres.layer({ url: Redacted.make(url), schema: `executor_${schemas++}` }))
  ).pipe(inVirtualTime)

  suite("PostgreSQL", {
    store,
    timeout: "60 seconds",
    // Five thousand executions, one after the other, whose commits wait for the disk: most of a minute.
    leaveOut: ["12. a long line of handlers that end at once is worked off"],
    runs: 10
  })
})
