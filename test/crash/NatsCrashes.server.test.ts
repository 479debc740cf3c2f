import { Context, Effect, Layer } from "effect"
import * as Nats from "perdure/Store/Nats"
import { WorkflowStore } from "perdure/Store/WorkflowStore"
import { describeWith, natsServer, shared } from "../support/servers.ts"
import { inVirtualTime } from "../support/virtual.ts"
import { Opener, sample } from "./Suite.ts"

let buckets = 0

describeWith("nats", "crashes on NATS", () => {
  const server = shared(natsServer())

  /** The connection outlives the processes that use it, so that a restart takes no virtual time. */
  const bucket = Layer.effect(
    Opener,
    Effect.gen(function* () {
      const { address, monitor } = yield* server
      const store = Nats.layer({ servers: address, monitor, bucket: `crashes-${buckets++}` })
      const context = yield* Layer.build(inVirtualTime(store))
      return Layer.succeed(WorkflowStore, Context.get(context, WorkflowStore))
    })
  )

  sample("NATS", { store: bucket, times: 3, seed: "1" })
})
