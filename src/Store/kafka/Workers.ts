/**
 * Which workers live: the latest value of a key for each, with the length of its lease.
 *
 * The clock of the leases is that of the broker that leads the partition. A lease begins when the broker stored the heartbeat, and the
 * time now is measured by the records that are stored. While the brokers do not answer no worker can renew its lease, so none runs
 * meanwhile, as far as this process knows.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import { parsed } from "../../internal/core/parse.ts"
import { liveNow } from "../../internal/liveClock.ts"
import { workerOf } from "../../internal/store/worker.ts"
import { leftTtl, type WorkerRecord, type Workers } from "../WorkflowStore.ts"
import type { Failure } from "./Client.ts"
import { brokerTime } from "./read.ts"
import type { Latest, Partition } from "./Partition.ts"
import { clockKey, isOfWorker, keyOfWorker } from "./record.ts"
import { inTime, sendLatest, type Topic } from "./Topic.ts"

/** Notes that a worker lives for the length of a lease from now on, or with one of no length that it has left. */
export const heartbeat = (
  topic: Topic,
  { id, workflows }: WorkerRecord,
  lease: Duration.Duration
): Effect.Effect<void, Failure> =>
  sendLatest(
    topic,
    home(topic),
    keyOfWorker(id),
    JSON.stringify({ worker: id, lease: Duration.toMillis(lease), workflows, left: Duration.isZero(lease) })
  )

/** The workers that live now, and the ones that have left. */
export const workers = (topic: Topic): Effect.Effect<Workers, Failure> => inTime(topic, read(topic))

/** The keys of workers that neither live nor are known to have left. */
export const forgotten = (partition: Partition): ReadonlyArray<string> => {
  const now = brokerTime(partition)
  return livesOf(partition).flatMap(({ key, lease, time }) =>
    time + Math.max(forgetAfter, 2 * lease) < now ? [key] : []
  )
}

// internal

const forgetAfter = Duration.toMillis(leftTtl)
const longestMeasured = 30_000

const read = Effect.fnUntraced(function* (topic: Topic): Effect.fn.Return<Workers, Failure> {
  const partition = home(topic)
  const measured = partition.clock?.at ?? Number.NEGATIVE_INFINITY
  // A process learns the time from what is written; where nothing is, it writes something.
  if (liveNow() - measured > longestMeasured) yield* sendLatest(topic, partition, clockKey, "")
  yield* topic.log.caughtUp(partition)
  const now = brokerTime(partition)
  const answering = now - topic.log.sinceTrouble(partition)
  const all = livesOf(partition)
  return {
    living: all.flatMap(({ lease, left, time, worker }) =>
      !left && Math.max(time, answering) + lease > now ? [worker] : []
    ),
    left: all.flatMap(({ left, time, worker }) => (left && time + forgetAfter > now ? [worker.id] : []))
  }
})

const home = ({ log }: Topic): Partition => log.partitions[0]!

interface Life {
  readonly key: string
  readonly worker: WorkerRecord
  readonly lease: number
  readonly left: boolean
  readonly time: number
}

const livesOf = ({ latest }: Partition): ReadonlyArray<Life> =>
  [...latest].flatMap(([key, value]) => {
    const life = isOfWorker(key) ? lifeOf(key, value) : undefined
    return life === undefined ? [] : [life]
  })

/** What a value tells of a worker; one that cannot be read tells of none. */
const lifeOf = (key: string, { text, time }: Latest): Life | undefined => {
  const told = Option.getOrUndefined(parsed(text))
  if (!Predicate.isObject(told)) return undefined
  const { left, lease, worker: id, workflows } = told as { readonly [Name in string]?: unknown }
  if (typeof id !== "string" || typeof lease !== "number") return undefined
  return { key, worker: workerOf(id, workflows), lease, left: left === true, time }
}
