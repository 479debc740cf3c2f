import { Effect, Layer } from "effect"
import * as Nats from "perdure/Store/Nats"
import { suite } from "../StoreSuite.ts"
import { describeWith, natsServer, shared } from "../support/servers.ts"

describeWith("nats", "the NATS store", () => {
  const server = shared(natsServer())
  const store = Layer.unwrap(Effect.map(server, ({ address, monitor }) => Nats.layer({ servers: address, monitor })))
  suite("NATS", { layer: store, shared: true })
})
