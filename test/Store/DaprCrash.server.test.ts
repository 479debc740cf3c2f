/** Of processes that write to the same executions each version has one winner, also while they, the sidecar and its database are killed. */
import { it } from "@effect/vitest"
import { Effect } from "effect"
import { daprPlace, longComponents } from "../support/daprClient.ts"
import { describeWith, shared } from "../support/servers.ts"
import { contests, killedUnderLoad, usualKills } from "./contending.ts"

for (const component of longComponents) {
  describeWith("daprd", `a sidecar of Dapr to which several processes write, with state.${component}`, () => {
    const place = daprPlace(component)
    contests(place, shared(place.start), { seconds: 20, writers: 20 })
  })
}

describeWith("daprd", "a Redis behind a sidecar of Dapr", () => {
  it.live(
    `5. that is killed ${usualKills} times under load, with writers beside it, keeps every acknowledged commit`,
    () => Effect.scoped(killedUnderLoad(daprPlace("redis", "redis"), usualKills)),
    120_000 + usualKills * 20_000
  )
})
