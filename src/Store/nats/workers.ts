/**
 * Which workers live: one key for each, with the length of its latest lease. The server removes it a while after that.
 *
 * The clock of the leases is that of the servers. Both ends of a lease are theirs: its beginning is when the server stored the
 * message, and now is when the leader of the stream answers. So machines whose clocks differ agree, and a lease may be shorter
 * than a second, which is the least that a server takes for the life of a message.
 *
 * While the servers cannot be reached no worker can renew its lease. So leases do not run meanwhile, as far as this process
 * knows: after a request without an answer in good time every worker has the length of its lease to be heard again.
 *
 * A worker that has left has a message too, in the same place, for as long as that is to be known.
 */
import type { StoredMsg } from "@nats-io/jetstream"
import { headers } from "@nats-io/transport-node"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import { WorkerId } from "../../Ids.ts"
import { parseJson } from "../../internal/core/parse.ts"
import { leftTtl, Unavailable, type WorkerRecord, type Workers } from "../WorkflowStore.ts"
import { type Bucket, patiently } from "./Bucket.ts"
import { liveClock } from "./Connection.ts"
import * as Key from "./key.ts"

/** Notes that a worker lives for the length of a lease from now on, or with one of no length that it has left. */
export const heartbeat = (
  bucket: Bucket,
  { id: worker, workflows }: WorkerRecord,
  lease: Duration.Duration
): Effect.Effect<void, Unavailable> =>
  Effect.suspend(() => {
    const millis = Duration.toMillis(lease)
    const left = Duration.isZero(lease)
    // Release 0.1 reads until when the worker lives by the clock of its own machine.
    const until = left ? 0 : liveClock.currentTimeMillisUnsafe() + millis
    const message: Message = { worker, lease: millis, until, workflows, left }
    const seconds = left ? Duration.toSeconds(leftTtl) : Math.min(Math.ceil(millis / 1000) + grace, longest)
    const outgoing = { headers: headers(), body: utf8.encode(JSON.stringify(message)) }
    return Effect.asVoid(bucket.publish(Key.encode(worker), outgoing, { ttl: `${seconds}s` }))
  })

/** The workers that live now, and the ones that have left. */
export const workers = (bucket: Bucket): Effect.Effect<Workers, Unavailable> =>
  Effect.map(patiently(bucket, read(bucket)), ({ answering, lives, now }) => {
    const all = Array.from(lives.values())
    return {
      living: all.flatMap(({ lease, left, until, worker }) =>
        !left && Math.max(until, answering + lease) > now ? [worker] : []
      ),
      left: all.flatMap(({ left, worker }) => (left ? [worker.id] : []))
    }
  })

// internal

/** What a worker publishes. Release 0.1 knows `worker` and `until` alone. */
interface Message {
  readonly worker: WorkerId
  /** In milliseconds. */
  readonly lease: number
  readonly until: number
  readonly workflows: ReadonlyArray<string> | undefined
  readonly left: boolean
}

/** What a message tells. */
interface Life {
  readonly worker: WorkerRecord
  /** The end of the lease by the clock of the servers. */
  readonly until: number
  /** Its length in milliseconds; 0 when that is not known. */
  readonly lease: number
  readonly left: boolean
}

interface Reading {
  /** The latest life of each key. */
  readonly lives: ReadonlyMap<string, Life>
  /** The time by the clock of the servers, within the reading. */
  readonly now: number
  /** Since when they have answered all requests, by their clock. */
  readonly answering: number
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
      const life = lifeOf(message)
      // A worker whose heartbeat came in the middle of reading is there twice; the later one counts.
      if (Option.isSome(life)) lives.set(message.subject, life.value)
      else lives.delete(message.subject)
    }
  }
  // A replica that has the latest message has all before it.
  if (last < state.last_seq && (yield* bucket.at(state.last_seq)) !== null) {
    return yield* new Unavailable({ cause: new Error(`a replica of ${bucket.name} lags behind`) })
  }
  // Every server that is new enough tells its time.
  const now = DateTime.makeUnsafe(ts!).epochMilliseconds
  return { lives, now, answering: now - bucket.connection.sinceTrouble() }
})

/** What a message tells; none when that cannot be read, and for the empty message of a worker of release 0.1 that has left. */
const lifeOf = (message: StoredMsg): Option.Option<Life> =>
  Option.flatMap(parse(message.string()), (told) => {
    if (!Predicate.isObject(told)) return Option.none()
    const { left, lease, until, worker: id, workflows } = told as Partial<Record<keyof Message, unknown>>
    if (typeof id !== "string" || typeof until !== "number") return Option.none()
    const known = Array.isArray(workflows) && workflows.every(Predicate.isString)
    return Option.some({
      worker: known ? { id: WorkerId.make(id), workflows } : { id: WorkerId.make(id) },
      until: typeof lease === "number" ? message.time.getTime() + lease : until,
      lease: typeof lease === "number" ? lease : 0,
      left: left === true
    })
  })

const parse: (text: string) => Option.Option<unknown> = Option.liftThrowable(parseJson)

const utf8 = new TextEncoder()

// Seconds that a key outlives its worker, for release 0.1 on machines whose clocks differ.
const grace = 60
// Seconds that a server can count: no key lives longer.
const longest = 100 * 365 * 24 * 60 * 60
