/**
 * Who lives: one key for each worker, with the time until which it does. The server removes it a while after that.
 */
import { headers } from "@nats-io/transport-node"
import * as Effect from "effect/Effect"
import type { WorkerId } from "../../Ids.ts"
import type { Unavailable } from "../WorkflowStore.ts"
import { type Bucket, patiently } from "./Bucket.ts"
import { wallClock } from "./Connection.ts"
import * as Key from "./key.ts"
import { deletionMarker } from "./message.ts"

/** Notes until when a worker lives. */
export const heartbeat = (bucket: Bucket, worker: WorkerId, until: number): Effect.Effect<void, Unavailable> =>
  Effect.suspend(() => {
    const left = until - wallClock.currentTimeMillisUnsafe()
    const living: Life = { worker, until }
    const message =
      left > 0
        ? { headers: headers(), body: utf8.encode(JSON.stringify(living)) }
        : { headers: deletionMarker(), body: new Uint8Array() }
    const ttl = `${Math.ceil(Math.max(0, left) / 1000) + grace}s`
    return Effect.asVoid(bucket.publish(Key.encode(worker), message, { ttl }))
  })

/** The workers that live now. */
export const living = (bucket: Bucket): Effect.Effect<ReadonlyArray<WorkerId>, Unavailable> =>
  Effect.map(lives(bucket, 1), (lives) => {
    const now = wallClock.currentTimeMillisUnsafe()
    // A worker whose heartbeat came in the middle of reading is there twice; the later one counts.
    const latest = new Map(lives.map(({ worker, until }) => [worker, until]))
    return Array.from(latest).flatMap(([worker, until]) => (until > now ? [worker] : []))
  })

// internal

interface Life {
  readonly worker: WorkerId
  readonly until: number
}

const lives = (bucket: Bucket, from: number): Effect.Effect<ReadonlyArray<Life>, Unavailable> =>
  Effect.flatMap(patiently(bucket, bucket.range(">", from, Number.MAX_SAFE_INTEGER)), (messages) => {
    const found = messages.flatMap((message) => (message.data.length === 0 ? [] : [message.json<Life>()]))
    const last = messages.at(-1)
    return last === undefined
      ? Effect.succeed(found)
      : Effect.map(lives(bucket, last.seq + 1), (more) => [...found, ...more])
  })

const utf8 = new TextEncoder()

// Seconds that a key outlives its worker, for the clocks of machines that differ.
const grace = 60
