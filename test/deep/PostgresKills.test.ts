/** What PostgreSQL acknowledged survives its server being killed, for minutes. */
import { it } from "@effect/vitest"
import { Effect } from "effect"
import { killedUnderLoad } from "../Store/contending.ts"
import { postgresPlace } from "../support/postgresClient.ts"
import { describeWith } from "../support/servers.ts"

/** How often the server is killed. */
const kills = Number(process.env["SERVER_KILLS"] ?? 200)

describeWith("postgres", "a PostgreSQL that is killed for minutes", () => {
  it.live(
    `5. ${kills} times under load, with writers beside it, keeps every acknowledged commit`,
    () => Effect.scoped(killedUnderLoad(postgresPlace, kills)),
    120_000 + kills * 10_000
  )
})
