/** The store on the state stores of a real sidecar of Dapr. */
import { Effect, Layer } from "effect"
import * as Dapr from "perdure/Store/Dapr"
import { toldInTheTable } from "../docs/guarantees.ts"
import { suite } from "../suites/StoreSuite.ts"
import { longComponents } from "../support/daprClient.ts"
import { daprServer, describeWith, redisServer, shared } from "../support/servers.ts"

describeWith("daprd", "the Dapr store", () => {
  const server = shared(
    Effect.flatMap(redisServer({ inMemory: true }), ({ address }) => daprServer({ inMemory: true, redis: address }))
  )

  for (const component of longComponents) {
    const layer = Layer.unwrap(Effect.map(server, ({ url }) => Dapr.layer({ url, component })))
    suite(`Dapr with state.${component}`, { layer, shared: true })
    toldInTheTable("Dapr", layer)
  }
})
