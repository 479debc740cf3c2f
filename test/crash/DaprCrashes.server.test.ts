import { Context, Effect, Layer } from "effect"
import * as Dapr from "perdure/Store/Dapr"
import { WorkflowStore } from "perdure/Store/WorkflowStore"
import { daprServer, describeWith, redisServer, shared } from "../support/servers.ts"
import { inVirtualTime } from "../support/virtual.ts"
import { Opener, sample } from "./Suite.ts"

let prefixes = 0

describeWith("daprd", "crashes on Dapr", () => {
  const server = shared(
    Effect.flatMap(redisServer({ inMemory: true }), ({ address }) => daprServer({ inMemory: true, redis: address }))
  )

  for (const component of ["sqlite", "redis"] as const) {
    /** The store outlives the processes that use it, so that a restart takes no virtual time. */
    const opened = Layer.effect(
      Opener,
      Effect.gen(function* () {
        const { url } = yield* server
        const store = Dapr.layer({ url, component, prefix: `crashes-${prefixes++}` })
        const context = yield* Layer.build(inVirtualTime(store))
        return Layer.succeed(WorkflowStore, Context.get(context, WorkflowStore))
      })
    )

    sample(`Dapr with state.${component}`, { store: opened, times: 3, seed: "1" })
  }
})
