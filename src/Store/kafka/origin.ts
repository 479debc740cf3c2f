/**
 * The origin of each partition, which says what the topic is. It tells a topic of another program from one of the store, and one that
 * was made anew from the one that a snapshot is of.
 */
import * as Effect from "effect/Effect"
import { randomBytes } from "node:crypto"
import { NewerFormat, Unsupported } from "../WorkflowStore.ts"
import type { Failure } from "./Client.ts"
import type { Partition } from "./Partition.ts"
import { encodeOrigin, format, type Origin } from "./record.ts"
import { sendFact, type Topic } from "./Topic.ts"

/** Why a partition of a topic with a name cannot be used, by what was read of it. */
export const refusalOf =
  (name: string, partitions: number) =>
  ({ isForeign, origin }: Partition): Failure | undefined => {
    if (origin === undefined) {
      return isForeign ? refusal(name, "it has records of another program; choose another topic") : undefined
    }
    if (origin.format > format) return new NewerFormat({ format: origin.format, known: format })
    if (origin.partitions === partitions) return undefined
    const detail = `it had ${origin.partitions} partitions when it was made and has ${partitions}; their number must stay`
    return refusal(name, detail)
  }

/** Writes the origin of a partition that was read to its end and has none: the topic is new, or was made anew. */
export const ensure = (topic: Topic, partition: Partition): Effect.Effect<void, Failure> => {
  if (partition.origin !== undefined) return Effect.void
  const { partitions } = topic.log
  const origin: Origin = { format, partitions: partitions.length, nonce: randomBytes(9).toString("base64url") }
  // Another process may be first, with an origin that must be looked at.
  return Effect.andThen(
    sendFact(topic, partition, { ...encodeOrigin(origin), content: { _tag: "Origin", origin } }),
    topic.log.caughtUp(partition)
  )
}

// internal

const refusal = (name: string, detail: string): Unsupported =>
  new Unsupported({ detail: `the topic ${name}: ${detail}` })
