/**
 * What the operations of the store work with: the log of a topic, and how ids are spread over it.
 */
import { createHash } from "node:crypto"
import * as Effect from "effect/Effect"
import { within } from "../../internal/store/within.ts"
import { Unavailable } from "../WorkflowStore.ts"
import type { Failure, Fetched } from "./Client.ts"
import type { Head } from "./head.ts"
import type { Verdict, Writing } from "./Line.ts"
import type { Log } from "./Log.ts"
import type { Partition } from "./Partition.ts"
import { encode } from "./record.ts"

/** A topic. */
export interface Topic {
  readonly log: Log
  /** The partition of an id. It is part of the format. */
  readonly of: (workflowId: string) => Partition
  /** Reads records of a partition again. */
  readonly read: (partition: Partition, from: number) => Effect.Effect<Fetched, Failure>
  /** Makes keys that are never used again. */
  readonly key: () => string
  /** Asks for what may be removed from the topic to be removed. */
  readonly tidySoon: () => void
  /** How many milliseconds an operation may take. */
  readonly timeout: number
}

/** The number of the partition of an id. */
export const partitionOf = (workflowId: string, partitions: number): number =>
  createHash("sha1").update(workflowId).digest().readUInt32BE(0) % partitions

/** The error of a record of which it is not known whether it was stored, and why, if that is known. */
export const undecided = (why?: Unavailable): Unavailable => {
  const words = why?.cause instanceof Error ? `: ${why.cause.message}` : ""
  return new Unavailable({ cause: new Error(`Kafka did not say whether the record was stored${words}`) })
}

/** Ends what writes when it takes longer than an operation may. */
export const inTime = <A, E>({ timeout }: Topic, effect: Effect.Effect<A, E>): Effect.Effect<A, E | Failure> =>
  effect.pipe(within(timeout, () => undecided()))

/** Writes a record that is about an execution and has no more than its head. */
export const sendHead = (
  topic: Topic,
  partition: Partition,
  key: string,
  head: Head
): Effect.Effect<Verdict, Failure> =>
  inTime(
    topic,
    topic.log.send(partition, {
      key,
      value: encode(head),
      content: { _tag: "Folded", head, body: undefined },
      isTimed: head.k === "d"
    })
  )

/** Writes a record that always counts. */
export const sendFact = (topic: Topic, partition: Partition, writing: Writing): Effect.Effect<void, Failure> =>
  inTime(
    topic,
    Effect.flatMap(topic.log.send(partition, writing), (verdict) =>
      typeof verdict === "string" ? Effect.void : Effect.fail(undecided(verdict))
    )
  )

/** Writes a latest value. */
export const sendLatest = (
  topic: Topic,
  partition: Partition,
  key: string,
  text: string
): Effect.Effect<void, Failure> =>
  sendFact(topic, partition, { key, value: Buffer.from(text), content: { _tag: "Latest", text }, isTimed: true })

/** Writes a tombstone. */
export const sendTombstone = (topic: Topic, partition: Partition, key: string): Effect.Effect<void, Failure> =>
  sendFact(topic, partition, { key, value: null, content: { _tag: "Tombstone" } })
