/**
 * When snapshots are written, and which are read.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { type Client, type Failure, liveClock } from "./Client.ts"
import type { Partition } from "./Partition.ts"
import { decode } from "./record.ts"
import * as Snapshot from "./Snapshot.ts"
import type { Topic } from "./Topic.ts"

/** Takes over the snapshots that may be used: not those of a topic that was made anew since. */
export const restore = (
  place: Snapshot.Place,
  client: Client,
  partitions: ReadonlyArray<Partition>,
  longest: number
): Effect.Effect<void, Failure> =>
  Effect.forEach(
    partitions,
    Effect.fnUntraced(function* (partition) {
      const kept = yield* Snapshot.read(place, partition, longest)
      if (kept === undefined) return
      const { records } = yield* client.read(partition.number, 0)
      const origin = records.map(({ key, value }) => decode(key, value)).find(({ _tag }) => _tag === "Origin")
      if (origin?._tag === "Origin" && origin.origin.nonce === kept.origin.nonce) partition.restore(kept)
    }),
    { discard: true }
  )

/** Writes snapshots now and then where much has come since the last one, and at the end of the scope. */
export const start = Effect.fnUntraced(function* (
  place: Snapshot.Place,
  topic: Topic
): Effect.fn.Return<void, never, Scope.Scope> {
  const written = topic.log.partitions.map(({ fold }) => fold.position)
  const write = (partition: Partition, least: number) =>
    Effect.suspend(() => {
      const { position } = partition.fold
      if (position - written[partition.number]! < least) return Effect.void
      written[partition.number] = position
      // It saves time and nothing else, so that it may fail.
      return Effect.ignore(Snapshot.write(place, partition))
    })
  const all = (least: number) =>
    Effect.forEach(topic.log.partitions, (partition) => write(partition, least), { discard: true })
  yield* Effect.addFinalizer(() => all(1))
  // A start costs as much as a snapshot, so one is worth it after as much as a start would read.
  yield* Effect.forkScoped(Effect.forever(Effect.andThen(liveClock.sleep(nowAndThen), all(many))))
})

// internal

const nowAndThen = Duration.seconds(30)
const many = 50_000
