/**
 * The client on `@platformatic/kafka`, whose public API reads without groups.
 *
 * A long poll holds up all other requests of its connection, so each partition reads with a consumer of its own, and one more asks for the
 * high watermarks. After a broker was killed some calls never settle, so a consumer that failed is replaced.
 */
import { Admin, Consumer, Producer } from "@platformatic/kafka"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import {
  besideOf,
  type Client,
  type ClientOptions,
  endIn,
  type Failure,
  type Fetched,
  fewBytes,
  type Incoming,
  longestConnect,
  mostBytes,
  type NewTopic,
  type Outgoing,
  outside,
  type Reading,
  tooLarge,
  type Topic,
  unavailable
} from "./Client.ts"
import { renewed } from "./renewed.ts"

/** Connects, until the end of the scope. */
export const make = Effect.fnUntraced(function* (
  options: ClientOptions
): Effect.fn.Return<Client, Failure, Scope.Scope> {
  const { timeout, topic } = options
  const base = baseOf(options)
  const producers = yield* renewed(
    () => new Producer({ ...base, acks: -1, autocreateTopics: false, idempotent: false }),
    (producer) => producer.close()
  )
  const consumers = yield* renewed(
    () => new Consumer({ ...base, groupId: "perdure-is-never-joined", isolationLevel: 0 }),
    (consumer) => consumer.close(true)
  )
  const admins = yield* renewed(
    () => new Admin(base),
    (admin) => admin.close()
  )
  const ends = new Map<number, number>()
  // Requests of one session go one after the other: each names the one before.
  const turns = new Map<number, Semaphore.Semaphore>()
  const turnOf = (partition: number): Semaphore.Semaphore => {
    const turn = turns.get(partition) ?? Semaphore.makeUnsafe(1)
    turns.set(partition, turn)
    return turn
  }
  const ask = <A>(use: (admin: Admin) => Promise<A>) => admins.use(0, timeout, use)
  return {
    produce: (partition, records) =>
      Effect.map(
        producers.use(0, timeout, (producer) => send(producer, topic, partition, records), produceFailure),
        ({ offsets }) => ({ base: Number(offsets![0]!.offset), time: undefined })
      ),
    fetch: (partition, from, wait) =>
      consumers.use(partition, timeout + wait, (consumer) =>
        fetch(consumer, { topic, partition, from, wait, bytes: mostBytes }, ends)
      ),
    read: (partition, from) =>
      turnOf(partition).withPermit(
        consumers.use(besideOf(partition), timeout, (consumer) =>
          fetch(consumer, { topic, partition, from, wait: 0, bytes: fewBytes }, ends)
        )
      ),
    end: (partition) =>
      consumers.use(besideOf(partition), timeout, (consumer) =>
        consumer
          .listOffsets({ topics: [topic], partitions: { [topic]: [partition] } })
          .then((all) => endIn(partition, all.get(topic)?.[partition]))
      ),
    describe: (settings) => ask((admin) => describe(admin, topic, settings)),
    create: (created) => Effect.asVoid(ask((admin) => admin.createTopics(creation(topic, created))))
  }
})

// internal

const baseOf = ({ brokers, mechanism, password, timeout, tls, user }: ClientOptions) => ({
  clientId: "perdure",
  bootstrapBrokers: [...brokers],
  retries: 0,
  timeout,
  requestTimeout: timeout + longestPoll,
  connectTimeout: Math.min(timeout, longestConnect),
  ...(tls === undefined ? {} : { tls }),
  ...(user === undefined ? {} : { sasl: { mechanism, username: user, password: password ?? "" } })
})

const longestPoll = 1000

/** Whether a broker has answered with an error of a name. */
const isSaid = (cause: unknown, name: string): boolean =>
  typeof cause === "object" &&
  cause !== null &&
  "findBy" in cause &&
  typeof cause.findBy === "function" &&
  Boolean(cause.findBy("apiId", name))

const produceFailure = (cause: unknown): Failure =>
  isSaid(cause, "MESSAGE_TOO_LARGE") || isSaid(cause, "RECORD_LIST_TOO_LARGE") ? tooLarge : unavailable(cause)

const send = (producer: Producer, topic: string, partition: number, records: ReadonlyArray<Outgoing>) =>
  producer.send({
    acks: -1,
    messages: records.map(({ key, value }) => ({
      topic,
      partition,
      key: Buffer.from(key),
      ...(value === null ? {} : { value: value as Buffer })
    }))
  })

const fetch = (
  consumer: Consumer,
  { bytes, from, partition, topic, wait }: Reading,
  ends: Map<number, number>
): Promise<Fetched> =>
  consumer
    .metadata({ topics: [topic] })
    .then(({ topics }) => {
      const { id: topicId, partitions } = topics.get(topic)!
      return consumer.fetch({
        node: partitions[partition]!.leader,
        maxWaitTime: wait,
        minBytes: 1,
        maxBytes: bytes,
        topics: [
          {
            topicId,
            partitions: [
              {
                partition,
                currentLeaderEpoch: -1,
                fetchOffset: BigInt(from),
                lastFetchedEpoch: -1,
                partitionMaxBytes: bytes
              }
            ]
          }
        ]
      })
    })
    .then(({ responses }) => {
      // A session leaves out a partition without news.
      const answer = responses[0]?.partitions[0]
      const end = answer === undefined ? (ends.get(partition) ?? from) : Number(answer.highWatermark)
      ends.set(partition, end)
      const batches = answer?.records ?? []
      const last = batches.at(-1)
      return {
        records: batches.flatMap((batch) => recordsOf(batch, from)),
        to: last === undefined ? from : Math.max(from, Number(last.firstOffset) + last.lastOffsetDelta + 1),
        end,
        isOutside: false
      }
    })
    .catch((cause: unknown) => {
      if (isSaid(cause, "OFFSET_OUT_OF_RANGE")) return outside(from)
      throw cause
    })

type Batch = NonNullable<Awaited<ReturnType<Consumer["fetch"]>>["responses"][0]["partitions"][0]["records"]>[0]

// Bits of the attributes of a batch.
const appendTime = 0x8
const control = 0x20

/** The records of a batch. Where brokers set the time they do so once for all of them. */
const recordsOf = (batch: Batch, from: number): ReadonlyArray<Incoming> => {
  const { attributes, firstOffset, firstTimestamp, maxTimestamp, records } = batch
  if ((attributes & control) !== 0) return []
  return records.flatMap(({ key, offsetDelta, timestampDelta, value }) => {
    const offset = Number(firstOffset) + offsetDelta
    const time = (attributes & appendTime) === 0 ? firstTimestamp + timestampDelta : maxTimestamp
    return offset < from ? [] : [{ offset, key: key?.toString() ?? "", value, time: Number(time) }]
  })
}

const creation = (topic: string, { partitions, replicas, settings }: NewTopic) => ({
  topics: [topic],
  partitions,
  replicas: replicas ?? -1,
  configs: Object.entries(settings).map(([name, value]) => ({ name, value }))
})

const topicResource = 2

const describe = (admin: Admin, topic: string, settings: ReadonlyArray<string>): Promise<Topic | undefined> =>
  admin.listTopics().then((names) =>
    names.includes(topic)
      ? admin.metadata({ topics: [topic], forceUpdate: true }).then(({ topics }) =>
          admin
            .describeConfigs({
              resources: [{ resourceType: topicResource, resourceName: topic, configurationKeys: [...settings] }]
            })
            .then((described) => {
              const { partitions } = topics.get(topic)!
              return {
                partitions: Object.keys(partitions).length,
                replicas: Math.min(...Object.values(partitions).map(({ replicas }) => replicas.length)),
                settings: new Map(described[0]!.configs.map(({ name, value }) => [name, value ?? ""]))
              }
            })
        )
      : undefined
  )
