/** What a state store of Dapr acknowledged survives that its sidecar, or its database, is killed, for minutes. */
import { it } from "@effect/vitest"
import { Effect } from "effect"
import { killedUnderLoad } from "../Store/contending.ts"
import { daprPlace } from "../support/daprClient.ts"
import { describeWith } from "../support/servers.ts"

/** How often a server is killed. */
const kills = Number(process.env["SERVER_KILLS"] ?? 200)

describeWith("daprd", "a server of Dapr that is killed for minutes", () => {
  for (const [component, killed] of [
    ["sqlite", "sidecar"],
    ["redis", "sidecar"],
    ["redis", "redis"]
  ] as const) {
    it.live(
      `5. ${kills} times under load, with writers beside it, keeps every acknowledged commit: the ${killed} of state.${component}`,
      () => Effect.scoped(killedUnderLoad(daprPlace(component, killed), kills)),
      120_000 + kills * 20_000
    )
  }
})
