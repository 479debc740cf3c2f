/**
 * Removes from the topic what counts for nothing. Any process may, and two that do it at once do no harm.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import { liveClock } from "../../internal/liveClock.ts"
import { surviving } from "../../internal/store/surviving.ts"
import type { Failure } from "./Client.ts"
import * as Details from "./Details.ts"
import * as Origin from "./origin.ts"
import type { Partition } from "./Partition.ts"
import { isPast } from "./read.ts"
import { seal } from "./remove.ts"
import { sendHead, sendTombstone, type Topic } from "./Topic.ts"
import * as Workers from "./Workers.ts"

/** Tidies when it is asked to, and now and then, until the end of the scope. */
export const start = Effect.fnUntraced(function* (
  topic: Topic,
  asked: Queue.Queue<void>
): Effect.fn.Return<void, never, Scope.Scope> {
  const waited = liveClock.sleep(nowAndThen)
  yield* Effect.raceFirst(Queue.take(asked), waited).pipe(
    // What is asked for at the same time is done at once.
    Effect.andThen(liveClock.sleep(pause)),
    Effect.andThen(Effect.ignore(all(topic)).pipe(surviving("what tidies the topic"))),
    Effect.forever,
    Effect.forkScoped
  )
})

// internal

const nowAndThen = Duration.seconds(60)
const pause = Duration.millis(200)
const rounds = 4
const inFlight = 256

/** Tidies a partition, as far as what was read allows; returns how many records that took. */
const once = Effect.fnUntraced(function* (topic: Topic, partition: Partition): Effect.fn.Return<number, Failure> {
  yield* topic.log.caughtUp(partition)
  yield* Origin.ensure(topic, partition)
  // A partition that began anew meanwhile knows nothing of what it has.
  if (!Number.isFinite(partition.reachedAt)) return 0
  const { fold } = partition
  const graves = fold.unburied()
  const removals = fold.unsealed()
  const keys = [
    ...fold.untidy((grave) => isPast(partition, grave)),
    ...Workers.forgotten(partition),
    ...Details.forgotten(partition)
  ]
  yield* Effect.forEach(
    graves,
    ([id, { key, offset: after, record, time }]) =>
      sendHead(topic, partition, key, { k: "g", id, seen: fold.position, after, record, time }),
    { concurrency: inFlight, discard: true }
  )
  yield* Effect.forEach(removals, ([id]) => seal(topic, partition, id), { concurrency: inFlight, discard: true })
  yield* Effect.forEach(keys, (key) => sendTombstone(topic, partition, key), { concurrency: inFlight, discard: true })
  return graves.length + removals.length + keys.length
})

/** Tidies all partitions. What a deletion leaves is tidied in rounds, as each waits for what the one before wrote. */
const all = Effect.fnUntraced(function* (topic: Topic): Effect.fn.Return<void, Failure> {
  for (let round = 0; round < rounds; round++) {
    const counts = yield* Effect.forEach(topic.log.partitions, (partition) => once(topic, partition))
    if (counts.every((count) => count === 0)) return
  }
})
