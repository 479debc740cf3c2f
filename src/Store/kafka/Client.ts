/**
 * What the store needs of a client of Kafka: it writes to and reads from named partitions of one topic, without groups, without transactions,
 * and sends nothing twice.
 */
import * as Effect from "effect/Effect"
import { within } from "../../internal/store/within.ts"
import { type NewerFormat, Unavailable, Unsupported } from "../WorkflowStore.ts"

/** A record to write; one without a value is a tombstone. */
export interface Outgoing {
  readonly key: string
  readonly value: Uint8Array | null
}

/** A record that was read. */
export interface Incoming extends Outgoing {
  readonly offset: number
  /** When it was written, by the clock of the broker, in milliseconds since 1970. */
  readonly time: number
}

/** Where records were stored. */
export interface Stored {
  /** The offset of the first one. */
  readonly base: number
  /** When, by the clock of the broker; absent when the client does not tell. */
  readonly time: number | undefined
}

/** What one request read. */
export interface Fetched {
  readonly records: ReadonlyArray<Incoming>
  /** The offset after what was read; compaction leaves gaps. */
  readonly to: number
  /** The high watermark. */
  readonly end: number
  /** Whether the log does not reach from the asked offset: it was cut off at its beginning, or is not the log that it was. */
  readonly isOutside: boolean
}

/** A topic, and the settings that were asked for. */
export interface Topic {
  readonly partitions: number
  /** How many brokers keep a copy of the partition that has the fewest. */
  readonly replicas: number
  readonly settings: ReadonlyMap<string, string>
}

/** A topic to create. */
export interface NewTopic {
  readonly partitions: number
  /** How many brokers keep a copy; the default of the brokers when it is absent. */
  readonly replicas: number | undefined
  readonly settings: Readonly<Record<string, string>>
}

/** Why a request failed, or a topic cannot be used. */
export type Failure = Unavailable | Unsupported | NewerFormat

/** What talks to the brokers about one topic. */
export interface Client {
  /** Appends records to a partition, together and in one request, which is never sent again. When it fails the outcome is unknown. */
  readonly produce: (partition: number, records: ReadonlyArray<Outgoing>) => Effect.Effect<Stored, Failure>
  /** Reads from an offset on; waits for so many milliseconds when there is nothing yet. */
  readonly fetch: (partition: number, from: number, wait: number) => Effect.Effect<Fetched, Failure>
  /** Reads a few records from an offset on, beside what follows the end of the partition. */
  readonly read: (partition: number, from: number) => Effect.Effect<Fetched, Failure>
  /** The high watermark of a partition, by the word of its leader. */
  readonly end: (partition: number) => Effect.Effect<number, Failure>
  /** The topic with those of its settings that are named; none when it does not exist. */
  readonly describe: (settings: ReadonlyArray<string>) => Effect.Effect<Topic | undefined, Failure>
  /** Creates the topic, unless it exists. */
  readonly create: (topic: NewTopic) => Effect.Effect<void, Failure>
}

/** What a client is told. */
export interface ClientOptions {
  readonly brokers: ReadonlyArray<string>
  readonly topic: string
  /** How many milliseconds one request may take. */
  readonly timeout: number
  readonly user: string | undefined
  readonly password: string | undefined
  readonly mechanism: Mechanism
  /** Options of `tls.connect`; undefined without TLS. */
  readonly tls: object | undefined
}

/** How a user is authenticated. */
export type Mechanism = "PLAIN" | "SCRAM-SHA-256" | "SCRAM-SHA-512"

/** What one request reads. */
export interface Reading {
  readonly topic: string
  readonly partition: number
  readonly from: number
  /** How many milliseconds it waits when there is nothing yet. */
  readonly wait: number
  readonly bytes: number
}

/** The number of the connection that reads beside the one that follows a partition, which has the number of that. */
export const besideOf = (partition: number): number => -1 - partition

/** How many milliseconds a connection may take to be there. */
export const longestConnect = 2000

/** The high watermark that a broker has told of a partition. Throws when it told none. */
export const endIn = (partition: number, told: unknown): number => {
  const end = Number(told)
  if (!Number.isSafeInteger(end)) throw new Error(`partition ${partition} has no leader`)
  return end
}

/** How many bytes a request of a client reads at most that follows the end of a partition. */
export const mostBytes = 4 * 1024 * 1024

/** The same of one that reads a few records. */
export const fewBytes = 256 * 1024

/** What a request has read whose offset the log does not have. */
export const outside = (from: number): Fetched => ({ records: [], to: from, end: from, isOutside: true })

/** Waits for a promise of a client as long as a request may take; some never settle once a broker was killed. */
export const settled = <A>(
  milliseconds: number,
  send: () => Promise<A>,
  failure: (cause: unknown) => Failure = unavailable
): Effect.Effect<A, Failure> =>
  Effect.tryPromise({ try: send, catch: failure }).pipe(
    within(milliseconds, () => unavailable(new Error(`Kafka did not answer within ${milliseconds} ms`)))
  )

/** What a client throws, as an error of the store: its message alone, since some clients put into their errors all that they were told. */
export const unavailable = (cause: unknown): Unavailable => {
  const message = messageOf(cause)
  const advice = advices.find(([words]) => message.includes(words))?.[1]
  return new Unavailable({ cause: new Error(advice === undefined ? message : `${message} (${advice})`) })
}

/** The error of a record that is larger than the topic takes. */
export const tooLarge: Unsupported = new Unsupported({
  detail: "the commit is larger than the topic takes; raise its max.message.bytes"
})

/** The message of the first of several errors in one, which says more, and of what it was caused by. */
export const messageOf = (cause: unknown): string => {
  if (!(cause instanceof Error)) return String(cause)
  const [first]: ReadonlyArray<unknown> = "errors" in cause && Array.isArray(cause.errors) ? cause.errors : []
  if (first !== undefined) return messageOf(first)
  const because = cause.cause instanceof Error ? messageOf(cause.cause) : ""
  // Some clients repeat what they were told.
  return cause.message.includes(because) ? cause.message : `${cause.message} ${because}`
}

// internal

/** What brokers and clients say of settings that do not suit the broker, and what to do. It may be said in passing, while a broker starts. */
const advices = [
  ["opic authorization failed", "grant the user Read, Write, Describe and DescribeConfigs of the topic, and Create"],
  ["given the current SASL state", "a broker without users takes none: leave user and password out"],
  ["before secure TLS connection was established", "a broker without TLS hangs up: leave tls and connection out"]
] as const
