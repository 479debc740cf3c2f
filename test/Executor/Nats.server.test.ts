/** The default executor on a nats-server, every test in a bucket of its own. */
import { Effect, Layer } from "effect"
import * as Nats from "perdure/Store/Nats"
import { suite } from "../suites/DefaultExecutorSuite.ts"
import { describeWith, natsServer, shared } from "../support/servers.ts"
import { inVirtualTime } from "../support/virtual.ts"

let buckets = 0

describeWith("nats", "a nats-server", () => {
  const server = shared(natsServer())

  const store = Layer.unwrap(
    Effect.map(server, ({ address, monitor }) =>
      Nats.layer({ servers: address, monitor, bucket: `executor-${buckets++}` })
    )
  ).pipe(inVirtualTime)

  suite("NATS", {
    store,
    timeout: "60 seconds",
    // Five thousand executions, one after the other, whose commits wait for the disk: most of a minute.
    leaveOut: ["12. a long line of handlers that end at once is worked off"],
    runs: 10
  })
})
