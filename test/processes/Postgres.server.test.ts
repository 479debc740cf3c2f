/** What the executor promises when processes share a PostgreSQL, and one of them, the server or both are killed, or one is frozen. */
import { Redacted } from "effect"
import * as Postgres from "perdure/Store/Postgres"
import { describeWith, postgresServer } from "../support/servers.ts"
import * as Served from "./served.ts"

describeWith("postgres", "processes on one PostgreSQL", () => {
  Served.promises({
    start: postgresServer(),
    arguments: ({ url }) => ["postgres", url],
    store: ({ url }) => Postgres.layer({ url: Redacted.make(url), timeout: "2 seconds" })
  })
})
