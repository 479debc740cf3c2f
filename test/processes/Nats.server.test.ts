/** What the executor promises when processes share a bucket of NATS, and one of them, the server or both are killed, or one is frozen. */
import * as Nats from "perdure/Store/Nats"
import { describeWith, natsServer } from "../support/servers.ts"
import * as Served from "./served.ts"

describeWith("nats", "processes on one bucket of NATS", () => {
  Served.promises({
    start: natsServer(),
    arguments: ({ address, monitor }) => ["nats", address, monitor],
    store: ({ address, monitor }) => Nats.layer({ servers: address, monitor, timeout: "2 seconds" })
  })
})
