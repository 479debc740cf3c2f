/** What the executor promises when processes share a sidecar of Dapr, and one of them, the sidecar or both are killed, or one is frozen. */
import { describe } from "@effect/vitest"
import * as Dapr from "perdure/Store/Dapr"
import { components, sidecar } from "../support/daprClient.ts"
import { describeWith } from "../support/servers.ts"
import * as Served from "./served.ts"

describeWith("daprd", "processes on one sidecar of Dapr", () => {
  for (const component of components) {
    describe(`with state.${component}`, () => {
      Served.promises({
        start: sidecar(component),
        arguments: ({ url }) => [`dapr.${component}`, url],
        store: ({ url }) => Dapr.layer({ url, component, timeout: "2 seconds", lookEvery: "200 millis" })
      })
    })
  }
})
