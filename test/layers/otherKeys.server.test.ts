/** Callers in processes with other keys, on NATS. */
import { Effect } from "effect"
import * as Nats from "perdure/Store/Nats"
import { encrypted } from "../support/encrypted.ts"
import { suite } from "../support/otherKeys.ts"
import { describeWith, natsServer } from "../support/servers.ts"

describeWith("nats", "on NATS", () =>
  suite(
    Effect.map(
      natsServer(),
      ({ address, monitor }) =>
        (keys) =>
          encrypted(Nats.layer({ servers: address, monitor }), {}, keys)
    )
  )
)
