/**
 * The first record of each partition, which says what the topic is. It tells a topic of another program from one of the store, and one that
 * was made anew from the one that a snapshot is of.
 */
import * as Effect from "effect/Effect"
import { randomBytes } from "node:crypto"
import { NewerFormat, Unsupported } from "../WorkflowStore.ts"
import type { Failure } from "./Client.ts"
import type { Partition } from "./Partition.ts"
import { encodeOrigin, format, type Origin } from "./record.ts"
import { type Topic, unknown } from "./Topic.ts"

/** Checks the origins of all partitions, and writes the ones that are missing in a topic without records. */
export const ensure = (topic: Topic, name: string): Effect.Effect<void, Failure | NewerFormat> =>
  Effect.forEach(topic.log.partitions, (partition) => ensureOne(topic, name, partition), { discard: true })

// internal

const ensureOne = Effect.fnUntraced(function* (
  topic: Topic,
  name: string,
  partition: Partition
): Effect.fn.Return<void, Failure | NewerFormat> {
  const partitions = topic.log.partitions.length
  if (partition.origin === undefined) {
    if (partition.fold.position > 0)
      return yield* refuse(name, "it has records of another program; choose another topic")
    const origin: Origin = { format, partitions, nonce: randomBytes(9).toString("base64url") }
    const content = { _tag: "Origin", origin } as const
    const verdict = yield* topic.log.send(partition, { ...encodeOrigin(origin), content })
    if (verdict === "unknown") return yield* unknown
  }
  // Another process may have been first.
  const origin = partition.origin!
  if (origin.format > format) return yield* new NewerFormat({ format: origin.format, known: format })
  if (origin.partitions !== partitions) {
    const detail = `it had ${origin.partitions} partitions when it was made and has ${partitions}; their number must stay`
    return yield* refuse(name, detail)
  }
})

const refuse = (name: string, detail: string): Effect.Effect<never, Unsupported> =>
  Effect.fail(new Unsupported({ detail: `the topic ${name}: ${detail}` }))
