/** The default executor on a nats-server, every test in a bucket of its own. */
import { Effect, Layer } from "effect"
import * as Nats from "perdure/Store/Nats"
import { type It, makeIt } from "../suites/executor/Area.ts"
import { blocking } from "../suites/executor/blocking.ts"
import { evicting, limiting, sizing } from "../suites/executor/bounding.ts"
import { calling } from "../suites/executor/calling.ts"
import { describing } from "../suites/executor/describing.ts"
import { cancelling, terminating } from "../suites/executor/ending.ts"
import { outlasting, shuttingDown } from "../suites/executor/failing.ts"
import { modelled } from "../suites/executor/model.ts"
import { retrying, timingOut } from "../suites/executor/retrying.ts"
import { messaging, takingOver } from "../suites/executor/sharing.ts"
import { signalling } from "../suites/executor/signalling.ts"
import { sleeping } from "../suites/executor/sleeping.ts"
import { starting } from "../suites/executor/starting.ts"
import { telling } from "../suites/executor/telling.ts"
import { describeWith, natsServer, shared } from "../support/servers.ts"
import { inVirtualTime } from "../support/virtual.ts"

/** Left out: five thousand executions, one after the other, whose commits wait for the disk: most of a minute. */
const large = "12. a long line of handlers that end at once is worked off"

let buckets = 0

describeWith("nats", "the executor on NATS", () => {
  const server = shared(natsServer())

  const store = Layer.unwrap(
    Effect.map(server, ({ address, monitor }) =>
      Nats.layer({ servers: address, monitor, bucket: `executor-${buckets++}` })
    )
  ).pipe(inVirtualTime)

  const all = makeIt({ store, timeout: "60 seconds" })
  const it: It = {
    effect: (title, body) => title !== large && all.effect(title, body),
    live: all.live,
    prop: (title, schema, runs, body) => all.prop(title, schema, Math.min(runs, 10), body)
  }
  for (const area of [starting, calling, retrying, timingOut, signalling, sleeping, cancelling, terminating]) area(it)
  for (const area of [describing, blocking, telling, evicting, limiting, sizing, messaging, takingOver]) area(it)
  for (const area of [outlasting, shuttingDown, modelled]) area(it)
})
