/**
 * A KV bucket: the stream behind it, the subjects of its keys, and how to read and write them.
 *
 * Only the leader of a stream knows its latest message and what was removed, so the leader is asked for those. Older messages
 * never change and may come from any replica; a replica that does not have them all yet is asked again.
 */
import type { JetStreamPublishOptions, StoredMsg } from "@nats-io/jetstream"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Semaphore from "effect/Semaphore"
import type { Unavailable } from "../WorkflowStore.ts"
import { liveClock } from "../../internal/liveClock.ts"
import { type Connection } from "./Connection.ts"
import type { Outgoing } from "./message.ts"

/** What a message is published on. */
export interface Conditions {
  /** The sequence that the latest message of the key must have; 0 for none. */
  readonly expected?: number | undefined
  /** After what time the server removes the message again, such as `1h`. */
  readonly ttl?: string | undefined
}

/** A bucket on a connection. */
export class Bucket {
  readonly connection: Connection
  readonly name: string
  readonly stream: string
  /** What the subjects of all keys begin with. */
  readonly prefix: string
  // A server takes 50 unfinished batches of a stream, from all its clients together.
  private readonly batches = Semaphore.makeUnsafe(4)

  constructor(connection: Connection, name: string) {
    this.connection = connection
    this.name = name
    this.stream = `KV_${name}`
    this.prefix = `$KV.${name}.`
  }

  /** The latest message of a key; `null` when there is none. */
  latest(key: string): Effect.Effect<StoredMsg | null, Unavailable> {
    const query = { last_by_subj: this.prefix + key }
    return this.connection.request(() => this.connection.jsm.streams.getMessage(this.stream, query))
  }

  /** The message at a sequence; `null` when there is none any more. */
  at(seq: number): Effect.Effect<StoredMsg | null, Unavailable> {
    return this.connection.request(() => this.connection.jsm.streams.getMessage(this.stream, { seq }))
  }

  /** The first message of a key from a sequence on, as the leader has it; `null` when there is none. */
  next(key: string, seq: number): Effect.Effect<StoredMsg | null, Unavailable> {
    const query = { seq, next_by_subj: this.prefix + key }
    return this.connection.request(() => this.connection.jsm.streams.getMessage(this.stream, query))
  }

  /** Removes all messages of a key, or of the keys that a pattern stands for. */
  purgeAll(key: string): Effect.Effect<void, Unavailable> {
    return Effect.asVoid(
      this.connection.request(() => this.connection.jsm.streams.purge(this.stream, { filter: this.prefix + key }))
    )
  }

  /** Removes the messages of a key up to a sequence, that one included. */
  purge(key: string, last: number): Effect.Effect<void, Unavailable> {
    const options = { filter: this.prefix + key, seq: last + 1 }
    return Effect.asVoid(this.connection.request(() => this.connection.jsm.streams.purge(this.stream, options)))
  }

  /**
   * The messages of a key with sequences from `from` to `to`, oldest first, as many as one answer holds: none when they
   * are gone. `>` stands for every key.
   */
  range(key: string, from: number, to: number): Effect.Effect<ReadonlyArray<StoredMsg>, Unavailable> {
    const { jsm, request } = this.connection
    const query = { seq: from, batch: batchSize, next_by_subj: this.prefix + key }
    return request(
      () =>
        new Promise((resolve, reject) => {
          const messages: Array<StoredMsg> = []
          const callback = (done: { err?: Error } | null, message: StoredMsg) => {
            if (done !== null)
              return done.err === undefined || nothingFound(done.err) ? resolve(messages) : reject(done.err)
            if (message.seq <= to) messages.push(message)
          }
          jsm.direct.getBatch(this.stream, { ...query, callback }).catch(reject)
        })
    )
  }

  /** Publishes a message, on conditions; returns its sequence. */
  publish(key: string, { headers, body }: Outgoing, { expected, ttl }: Conditions): Effect.Effect<number, Unavailable> {
    const { js, timeout } = this.connection
    const options: Partial<JetStreamPublishOptions> = { headers, timeout }
    if (expected !== undefined) options.expect = { lastSubjectSequence: expected }
    if (ttl !== undefined) options.ttl = ttl
    return Effect.map(
      this.connection.request(() => js.publish(this.prefix + key, body, options)),
      (ack) => ack.seq
    )
  }

  /** Publishes messages to one key, all together or none of them, if its latest one has the sequence `expected`. */
  publishBatch(key: string, messages: ReadonlyArray<Outgoing>, expected: number): Effect.Effect<number, Unavailable> {
    const { js, request, timeout } = this.connection
    const subject = this.prefix + key
    const [first, ...rest] = messages
    const last = rest.pop()!
    const options = { headers: first!.headers, timeout, expect: { lastSubjectSequence: expected } }
    return Effect.gen(function* () {
      const batch = yield* request(() => js.startBatch(subject, first!.body, options))
      const ack = yield* request(() => {
        for (const { headers, body } of rest) batch.add(subject, body, { headers, ack: false })
        return batch.commit(subject, last.body, { headers: last.headers, timeout })
      })
      return ack.seq
    }).pipe(this.batches.withPermit)
  }
}

/** Tries again for a while what a server that just started, or a replica that lags, cannot do at once. */
export const patiently = <A>(bucket: Bucket, effect: Effect.Effect<A, Unavailable>): Effect.Effect<A, Unavailable> => {
  const ask = (pause: number, until: number): Effect.Effect<A, Unavailable> =>
    effect.pipe(
      Effect.catch((error) =>
        liveClock.currentTimeMillisUnsafe() + pause > until
          ? Effect.fail(error)
          : Effect.andThen(liveClock.sleep(Duration.millis(pause)), ask(pause * 2, until))
      )
    )
  return Effect.suspend(() => ask(shortest, liveClock.currentTimeMillisUnsafe() + bucket.connection.timeout))
}

/**
 * Waits before a message is published again whose condition did not hold: longer each time, from 10 milliseconds on. The
 * leader of a cluster refuses it because of messages that it has accepted and does not show yet.
 */
export const pauseBefore = (request: number): Effect.Effect<void> =>
  liveClock.sleep(Duration.millis(5 * 2 ** (request - 1)))

// internal

const batchSize = 1000

// The first pause before asking again, in milliseconds; each one after it is twice as long.
const shortest = 25

const nothingFound = (cause: Error) => "code" in cause && cause.code === 404
