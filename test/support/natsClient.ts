/** A client of a nats-server beside the store under test: what tests look at, and write, behind its back. */
import { jetstream, jetstreamManager, type StreamConfig } from "@nats-io/jetstream"
import { connect, headers, type NatsConnection } from "@nats-io/transport-node"
import { Effect } from "effect"
import * as Nats from "perdure/Store/Nats"
import type { NatsServer } from "./servers.ts"

/** Opens a store on a server. */
export const open = ({ address, monitor }: NatsServer, options: Partial<Nats.Options> = {}) =>
  Nats.make({ servers: address, monitor, ...options })

/** Connects to a server until the end of the test. */
export const client = ({ address }: Pick<NatsServer, "address">) =>
  Effect.acquireRelease(
    Effect.promise(() => connect({ servers: address })),
    (nats: NatsConnection) => Effect.promise(() => nats.close())
  )

/** What manages the streams of a server. */
export const manager = (server: Pick<NatsServer, "address">) =>
  Effect.flatMap(client(server), (nats) => Effect.promise(() => jetstreamManager(nats)))

/** Publishes a message with headers. */
export const publish = Effect.fnUntraced(function* (
  server: Pick<NatsServer, "address">,
  subject: string,
  body: string | Uint8Array,
  pairs: ReadonlyArray<readonly [name: string, value: string]> = []
) {
  const js = jetstream(yield* client(server))
  const all = headers()
  for (const [name, value] of pairs) all.append(name, value)
  yield* Effect.promise(() => js.publish(subject, body, { headers: all }))
}, Effect.scoped)

/** The settings of a stream that the store accepts. */
export const streamOf = (bucket: string): Partial<StreamConfig> & { name: string } => ({
  name: `KV_${bucket}`,
  subjects: [`$KV.${bucket}.>`],
  discard: "new",
  allow_rollup_hdrs: true,
  allow_direct: true,
  allow_msg_ttl: true,
  allow_atomic: true
})
