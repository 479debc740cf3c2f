/** Of processes that write to the same executions each version has one winner, also while they and the server are killed. */
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { postgresPlace as place } from "../support/postgresClient.ts"
import { describeWith, shared } from "../support/servers.ts"
import { begin, endless, killedUnderLoad, progress } from "./contending.ts"

/** How often the server is killed. */
const kills = Number(process.env["SERVER_KILLS"] ?? 20)

describeWith("postgres", "a PostgreSQL to which several processes write", () => {
  const server = shared(place.start)

  it.live(
    "2. four processes append to the same executions: each version is won once, and the logs of all agree",
    () =>
      Effect.gen(function* () {
        const contest = yield* begin(place, yield* server, { processes: 4, executions: 24, count: 15 })
        yield* contest.end("wait")
        assert.strictEqual(contest.won(), 4 * 24 * 15)
      }).pipe(Effect.scoped),
    120_000
  )

  it.live(
    "5. writers that are killed lose nothing that they were told is stored",
    () =>
      Effect.gen(function* () {
        const contest = yield* begin(place, yield* server, { processes: 3, executions: 12, count: endless })
        for (let kill = 0; kill < 6; kill++) {
          yield* progress(contest, 50)
          yield* contest.replace
        }
        yield* contest.end("kill")
      }).pipe(Effect.scoped),
    120_000
  )

  it.live(
    `5. a server that is killed ${kills} times under load, with writers beside it, keeps every acknowledged commit`,
    () => Effect.scoped(killedUnderLoad(place, kills)),
    120_000 + kills * 10_000
  )
})
