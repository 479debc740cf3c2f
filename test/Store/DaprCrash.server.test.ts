/** Of processes that write to the same executions each version has one winner, also while they, the sidecar and its database are killed. */
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { components, daprPlace } from "../support/daprClient.ts"
import { describeWith, shared } from "../support/servers.ts"
import { begin, endless, killedUnderLoad, progress } from "./contending.ts"

/** How often a server is killed. */
const kills = Number(process.env["SERVER_KILLS"] ?? 20)

for (const component of components) {
  const place = daprPlace(component)

  describeWith("daprd", `a sidecar of Dapr to which several processes write, with state.${component}`, () => {
    const server = shared(place.start)

    it.live(
      "2. four processes append to the same executions: each version is won once, and the logs of all agree",
      () =>
        Effect.gen(function* () {
          const contest = yield* begin(place, yield* server, { processes: 4, executions: 24, count: 15 })
          yield* contest.end("wait")
          assert.strictEqual(contest.won(), 4 * 24 * 15)
        }).pipe(Effect.scoped),
      240_000
    )

    it.live(
      "5. writers that are killed 20 times lose nothing that they were told is stored",
      () =>
        Effect.gen(function* () {
          const contest = yield* begin(place, yield* server, { processes: 3, executions: 12, count: endless })
          for (let kill = 0; kill < 20; kill++) {
            yield* progress(contest, 30)
            yield* contest.replace
          }
          yield* contest.end("kill")
        }).pipe(Effect.scoped),
      240_000
    )

    it.live(
      `5. a sidecar that is killed ${kills} times under load, with writers beside it, keeps every acknowledged commit`,
      () => Effect.scoped(killedUnderLoad(place, kills)),
      120_000 + kills * 20_000
    )
  })
}

describeWith("daprd", "a Redis behind a sidecar of Dapr", () => {
  it.live(
    `5. that is killed ${kills} times under load, with writers beside it, keeps every acknowledged commit`,
    () => Effect.scoped(killedUnderLoad(daprPlace("redis", "redis"), kills)),
    120_000 + kills * 20_000
  )
})
