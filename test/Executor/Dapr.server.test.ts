/** The default executor on a sidecar of Dapr, every test with a prefix of its own. */
import { Effect, Layer } from "effect"
import * as Dapr from "perdure/Store/Dapr"
import { suite } from "../suites/DefaultExecutorSuite.ts"
import { daprServer, describeWith, redisServer, shared } from "../support/servers.ts"
import { inVirtualTime } from "../support/virtual.ts"

let prefixes = 0

describeWith("daprd", "a sidecar of Dapr", () => {
  const server = shared(
    Effect.flatMap(redisServer({ inMemory: true }), ({ address }) => daprServer({ inMemory: true, redis: address }))
  )

  for (const component of ["sqlite", "redis"] as const) {
    const store = Layer.unwrap(
      Effect.map(server, ({ url }) => Dapr.layer({ url, component, prefix: `executor-${prefixes++}` }))
    ).pipe(inVirtualTime)

    suite(`Dapr with state.${component}`, {
      store,
      timeout: "60 seconds",
      // Five thousand executions, one after the other: most of a minute.
      leaveOut: ["12. a long line of handlers that end at once is worked off"],
      runs: 10
    })
  }
})
