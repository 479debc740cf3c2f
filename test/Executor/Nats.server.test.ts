/**
 * The default executor on a nats-server, every test in a bucket of its own.
 *
 * Left out is what rests on a store that answers within a turn of the event loop, and what takes minutes where each of many
 * thousand commits waits for the disk.
 */
import { Effect, Layer } from "effect"
import * as Nats from "perdure/Store/Nats"
import { type It, makeIt } from "../executor/Area.ts"
import { blocking } from "../executor/blocking.ts"
import { evicting, limiting, sizing } from "../executor/bounding.ts"
import { calling } from "../executor/calling.ts"
import { describing } from "../executor/describing.ts"
import { cancelling, terminating } from "../executor/ending.ts"
import { outlasting, shuttingDown } from "../executor/failing.ts"
import { modelled } from "../executor/model.ts"
import { retrying, timingOut } from "../executor/retrying.ts"
import { messaging, takingOver } from "../executor/sharing.ts"
import { signalling } from "../executor/signalling.ts"
import { sleeping } from "../executor/sleeping.ts"
import { starting } from "../executor/starting.ts"
import { telling } from "../executor/telling.ts"
import { describeWith, natsServer, shared } from "../support/servers.ts"
import { inVirtualTime } from "../support/virtual.ts"

/** These ask for the result of a blocked execution while the new code is still being replayed. */
const atOnce = [
  "9. a blocked execution can be cancelled, which waits for the right code",
  "9. asynchronous work in a program blocks it, with the place, before it does any harm",
  "9. a program that never waits is stopped, and other executions go on",
  "9. a payload of the wrong shape, sent past the types, blocks the execution and can be read later",
  "12. a program that asks for more than a commit can hold is blocked, and goes on with better code"
]

/** These make thousands of commits, or a thousand senders compete for the next one. */
const large = [
  "5. a burst of signals loses none, and the program sees them in the order of the history",
  "12. a long line of handlers that end at once is worked off"
]

let buckets = 0

describeWith("nats", "the executor on NATS", () => {
  const server = shared(natsServer())

  const store = Layer.unwrap(
    Effect.map(server, ({ address, monitor }) =>
      Nats.layer({ servers: address, monitor, bucket: `executor-${buckets++}` })
    )
  ).pipe(inVirtualTime)

  const leftOut = new Set([...atOnce, ...large])
  const all = makeIt({ store, timeout: "60 seconds" })
  const it: It = {
    effect: (title, body) => !leftOut.has(title) && all.effect(title, body),
    live: (title, body) => !leftOut.has(title) && all.live(title, body),
    prop: (title, schema, runs, body) => !leftOut.has(title) && all.prop(title, schema, Math.min(runs, 10), body)
  }
  for (const area of [starting, calling, retrying, timingOut, signalling, sleeping, cancelling, terminating]) area(it)
  for (const area of [describing, blocking, telling, evicting, limiting, sizing, messaging, takingOver]) area(it)
  for (const area of [outlasting, shuttingDown, modelled]) area(it)
})
