/**
 * Which workers live: one key for each, with the length of its latest lease. The server removes it a while after that.
 *
 * The clock of the leases is that of the servers. Both ends of a lease are theirs: its beginning is when the server stored the
 * message, and now is when the leader of the stream answers. So machines whose clocks differ agree, and a lease may be shorter
 * than a second, which is the least that a server takes for the life of a message.
 */
import { headers } from "@nats-io/transport-node"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { WorkerId } from "../../Ids.ts"
import { Unavailable } from "../WorkflowStore.ts"
import { type Bucket, patiently } from "./Bucket.ts"
import { liveClock } from "./Connection.ts"
import * as Key from "./key.ts"
import { encodeNothing } from "./message.ts"

/** Notes that a worker lives for the length of a lease from now on; one of no length removes it. */
export const heartbeat = (
  bucket: Bucket,
  worker: WorkerId,
  lease: Duration.Duration
): Effect.Effect<void, Unavailable> =>
  Effect.suspend(() => {
    const millis = Duration.toMillis(lease)
    // Release 0.1 reads until when the worker lives by the clock of its own machine.
    const life: Life = { worker, lease: millis, until: liveClock.currentTimeMillisUnsafe() + millis }
    const message = millis > 0 ? { headers: headers(), body: utf8.encode(JSON.stringify(life)) } : encodeNothing()
    const ttl = `${Math.ceil(millis / 1000) + grace}s`
    return Effect.asVoid(bucket.publish(Key.encode(worker), message, { ttl }))
  })

/** The workers that live now. */
export const living = (bucket: Bucket): Effect.Effect<ReadonlyArray<WorkerId>, Unavailable> =>
  Effect.map(patiently(bucket, read(bucket)), ({ lives, now }) =>
    Array.from(lives.values()).flatMap(({ until, worker }) => (until > now ? [worker] : []))
  )

// internal

/** What the message of a worker says. */
interface Life {
  readonly worker: WorkerId
  /** In milliseconds; absent in messages of release 0.1. */
  readonly lease?: number
  readonly until: number
}

interface Reading {
  /** The latest life of each key, with its end by the clock of the servers. */
  readonly lives: ReadonlyMap<string, Life>
  /** The time by the clock of the servers, within the reading. */
  readonly now: number
}

const read = Effect.fnUntraced(function* (bucket: Bucket): Effect.fn.Return<Reading, Unavailable> {
  const { jsm, request } = bucket.connection
  const { state, ts } = yield* request(() => jsm.streams.info(bucket.stream))
  const lives = new Map<string, Life>()
  let last = 0
  for (;;) {
    const messages = yield* bucket.range(">", last + 1, Number.MAX_SAFE_INTEGER)
    if (messages.length === 0) break
    for (const message of messages) {
      last = message.seq
      // A worker whose heartbeat came in the middle of reading is there twice; the later one counts.
      lives.delete(message.subject)
      if (message.data.length === 0) continue
      const life = message.json<Life>()
      const until = life.lease === undefined ? life.until : message.time.getTime() + life.lease
      lives.set(message.subject, { worker: life.worker, until })
    }
  }
  // A replica that has the latest message has all before it.
  if (last < state.last_seq && (yield* bucket.at(state.last_seq)) !== null) {
    return yield* new Unavailable({ cause: new Error(`a replica of ${bucket.name} lags behind`) })
  }
  // Every server that is new enough tells its time.
  return { lives, now: DateTime.makeUnsafe(ts!).epochMilliseconds }
})

const utf8 = new TextEncoder()

// Seconds that a key outlives its worker, for release 0.1 on machines whose clocks differ.
const grace = 60
