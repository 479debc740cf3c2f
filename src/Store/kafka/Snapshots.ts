/**
 * When snapshots are written, and which are read.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { liveClock } from "../../internal/liveClock.ts"
import { surviving } from "../../internal/store/surviving.ts"
import type { Client, Failure } from "./Client.ts"
import type { Partition } from "./Partition.ts"
import { decode } from "./record.ts"
import * as Snapshot from "./Snapshot.ts"
import type { Topic } from "./Topic.ts"

/** Takes over the snapshots that may be used: not those of a topic that was made anew since. What processes left behind is removed. */
export const restore = (
  place: Snapshot.Place,
  client: Client,
  partitions: ReadonlyArray<Partition>,
  longest: number
): Effect.Effect<void, Failure> =>
  Effect.andThen(
    Snapshot.removeParts(place),
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
  )

/**
 * Writes snapshots now and then where much has come since the last one, and at the end of the scope. The positions are those of the
 * snapshots that were taken over; 0 where there was none.
 */
export const start = Effect.fnUntraced(function* (
  place: Snapshot.Place,
  topic: Topic,
  restored: ReadonlyArray<number>
): Effect.fn.Return<void, never, Scope.Scope> {
  const written = [...restored]
  const write = (partition: Partition, least: number) =>
    Effect.suspend(() => {
      const { position } = partition.fold
      if (position - written[partition.number]! < least) return Effect.void
      // It saves time and nothing else, so that it may fail.
      return Effect.matchEffect(Snapshot.write(place, partition), {
        onFailure: (cause) => Effect.logWarning(`no snapshot was written to ${place.folder}: ${cause}`),
        onSuccess: (kept) => Effect.sync(() => void (written[partition.number] = kept ?? written[partition.number]!))
      })
    })
  const all = (least: number) =>
    Effect.forEach(topic.log.partitions, (partition) => write(partition, least), { discard: true })
  yield* Effect.addFinalizer(() => all(1))
  // A start costs as much as a snapshot, so one is worth it after as much as a start would read.
  const writeAll = all(many).pipe(surviving("what writes snapshots"))
  yield* Effect.forkScoped(Effect.forever(Effect.andThen(liveClock.sleep(nowAndThen), writeAll)))
})

// internal

const nowAndThen = Duration.seconds(30)
const many = 50_000
