/**
 * The client on `kafkajs`, which is plain JavaScript and speaks to every broker.
 *
 * Its public API reads through consumer groups alone, so reading goes through its cluster, which it keeps behind a symbol. A connection
 * has one request at a time, and a long poll would hold up all others, so each partition reads on a connection of its own.
 */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import kafkajs from "kafkajs"
import { Unsupported } from "../WorkflowStore.ts"
import {
  type Client,
  type ClientOptions,
  type Failure,
  type Fetched,
  type NewTopic,
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
  const kafka = new kafkajs.Kafka(configOf(options))
  const producers = yield* renewed(
    () => connecting(kafka.producer(producerConfig)),
    ({ client }) => client.disconnect()
  )
  const admins = yield* renewed(
    () => connecting(kafka.admin({ retry: { retries: 0 } })),
    ({ client }) => client.disconnect()
  )
  const createCluster = yield* hidden(kafka)
  const clusters = yield* renewed(createCluster, (cluster) => cluster.disconnect())
  const read = (number: number, reading: Reading) =>
    clusters.use(number, timeout + reading.wait, (cluster) => connected(cluster).then(() => fetch(cluster, reading)))
  const ask = <A>(use: (admin: kafkajs.Admin) => Promise<A>): Effect.Effect<A, Failure> =>
    admins.use(0, timeout, (admin) => admin.connected().then(() => use(admin.client)))
  return {
    produce: (partition, records) => {
      const messages = records.map(({ key, value }) => ({ key, value: value as Buffer | null, partition }))
      const send = ({ client, connected }: Connecting<kafkajs.Producer>) =>
        connected().then(() => client.send({ topic, acks: -1, timeout, messages }))
      return Effect.map(producers.use(0, timeout, send, produceFailure), ([answer]) => ({
        base: Number(answer!.baseOffset),
        time: timeOf(answer!.logAppendTime)
      }))
    },
    fetch: (partition, from, wait) => read(partition, { topic, partition, from, wait, bytes: mostBytes }),
    read: (partition, from) => read(beside, { topic, partition, from, wait: 0, bytes: fewBytes }),
    ends: (partitions) =>
      clusters.use(-1, timeout, (cluster) => connected(cluster).then(() => endsOf(cluster, topic, partitions))),
    describe: (settings) => describe(ask, topic, settings),
    create: (created) => Effect.asVoid(ask((admin) => admin.createTopics({ ...creation(topic, created), timeout })))
  }
})

// internal

const configOf = ({ brokers, mechanism, password, timeout, tls, user }: ClientOptions): kafkajs.KafkaConfig => {
  const kind = mechanism.toLowerCase() as "plain" | "scram-sha-256" | "scram-sha-512"
  return {
    clientId: "perdure",
    brokers: [...brokers],
    logLevel: kafkajs.logLevel.NOTHING,
    requestTimeout: timeout,
    connectionTimeout: Math.min(timeout, longestConnect),
    retry: { initialRetryTime: 20, maxRetryTime: 500, retries: 5 },
    ...(tls === undefined ? {} : { ssl: tls }),
    ...(user === undefined
      ? {}
      : { sasl: { mechanism: kind, username: user, password: password ?? "" } as kafkajs.SASLOptions })
  }
}

const longestConnect = 2000

const byNumber = ({ message }: kafkajs.PartitionerArgs): number => message.partition!

/** Not idempotent and without retries: it takes a sequence back after an error, and the broker then takes the next batch for the lost one. */
const producerConfig: kafkajs.ProducerConfig = {
  retry: { retries: 0 },
  allowAutoTopicCreation: false,
  createPartitioner: () => byNumber
}

/** A client that connects when it is used first. */
interface Connecting<A> {
  readonly client: A
  readonly connected: () => Promise<void>
}

const connecting = <A extends { readonly connect: () => Promise<void> }>(client: A): Connecting<A> => {
  let connected: Promise<void> | undefined
  return { client, connected: () => (connected ??= client.connect()) }
}

const timeOf = (time: string | undefined): number | undefined =>
  time === undefined || time === "-1" ? undefined : Number(time)

const typeOf = (cause: unknown): string =>
  cause instanceof Error && "type" in cause && typeof cause.type === "string" ? cause.type : ""

const produceFailure = (cause: unknown): Failure =>
  ["MESSAGE_TOO_LARGE", "RECORD_LIST_TOO_LARGE"].includes(typeOf(cause)) ? tooLarge : unavailable(cause)

/** The part of a broker that kafkajs does not publish. */
interface Broker {
  readonly fetch: (
    request: object
  ) => Promise<{ readonly responses: ReadonlyArray<{ readonly partitions: ReadonlyArray<Answer> }> }>
  readonly listOffsets: (request: object) => Promise<{
    readonly responses: ReadonlyArray<{
      readonly partitions: ReadonlyArray<{ readonly partition: number; readonly offset: string }>
    }>
  }>
}

interface Answer {
  readonly highWatermark: string
  readonly messages: ReadonlyArray<{
    readonly offset: string
    readonly timestamp: string
    readonly key: Buffer | null
    readonly value: Buffer | null
    readonly isControlRecord: boolean
  }>
}

/** The part of a cluster that kafkajs does not publish. */
interface Cluster {
  readonly isConnected: () => boolean
  readonly connect: () => Promise<void>
  readonly disconnect: () => Promise<void>
  readonly addTargetTopic: (topic: string) => Promise<void>
  readonly findLeaderForPartitions: (
    topic: string,
    partitions: ReadonlyArray<number>
  ) => Readonly<Record<string, ReadonlyArray<number>>>
  readonly findBroker: (node: { readonly nodeId: string }) => Promise<Broker>
}

type Hidden = Readonly<Record<symbol, (options: object) => Cluster>>

/** What makes clusters, each with connections of its own. */
const hidden = (kafka: kafkajs.Kafka): Effect.Effect<() => Cluster, Unsupported> => {
  const symbol = Object.getOwnPropertySymbols(kafka).find(
    ({ description }) => description === "private:Kafka:createCluster"
  )
  return symbol === undefined
    ? Effect.fail(
        new Unsupported({
          detail: 'this release of kafkajs is not known; install kafkajs 2.2, or set client: "platformatic"'
        })
      )
    : Effect.succeed(() => (kafka as unknown as Hidden)[symbol]!({ allowAutoTopicCreation: false, isolationLevel: 0 }))
}

const connected = (cluster: Cluster): Promise<void> => (cluster.isConnected() ? Promise.resolve() : cluster.connect())

const leaders = (cluster: Cluster, topic: string, partitions: ReadonlyArray<number>) =>
  cluster.addTargetTopic(topic).then(() => Object.entries(cluster.findLeaderForPartitions(topic, partitions)))

interface Reading {
  readonly topic: string
  readonly partition: number
  readonly from: number
  readonly wait: number
  readonly bytes: number
}

const fetch = (cluster: Cluster, { bytes, from, partition, topic, wait }: Reading): Promise<Fetched> =>
  leaders(cluster, topic, [partition])
    .then(([leader]) => cluster.findBroker({ nodeId: leader![0] }))
    .then((broker) =>
      broker.fetch({
        maxWaitTime: wait,
        minBytes: 1,
        maxBytes: bytes,
        isolationLevel: 0,
        topics: [
          { topic, partitions: [{ partition, fetchOffset: String(from), maxBytes: bytes, currentLeaderEpoch: -1 }] }
        ]
      })
    )
    .then(({ responses }) => fetchedOf(responses[0]!.partitions[0]!, from))
    .catch((cause: unknown) => {
      if (typeOf(cause) === "OFFSET_OUT_OF_RANGE") return { records: [], to: from, end: from, isOutside: true }
      throw cause
    })

const mostBytes = 4 * 1024 * 1024
const fewBytes = 256 * 1024

// The number of the cluster that reads beside the ones of the partitions.
const beside = -2

const fetchedOf = ({ highWatermark, messages }: Answer, from: number): Fetched => {
  const last = messages.at(-1)
  return {
    records: messages.flatMap(({ isControlRecord, key, offset, timestamp, value }) =>
      Number(offset) < from || isControlRecord
        ? []
        : [{ offset: Number(offset), key: key?.toString() ?? "", value, time: Number(timestamp) }]
    ),
    to: last === undefined ? from : Math.max(from, Number(last.offset) + 1),
    end: Number(highWatermark),
    isOutside: false
  }
}

const endsOf = (cluster: Cluster, topic: string, partitions: number): Promise<ReadonlyArray<number>> =>
  leaders(
    cluster,
    topic,
    Array.from({ length: partitions }, (_, partition) => partition)
  )
    .then((all) =>
      Promise.all(
        all.map(([nodeId, led]) =>
          cluster.findBroker({ nodeId }).then((broker) =>
            broker.listOffsets({
              isolationLevel: 0,
              topics: [{ topic, partitions: led.map((partition) => ({ partition, timestamp: -1 })) }]
            })
          )
        )
      )
    )
    .then((answers) => {
      const ends: Array<number> = []
      for (const { responses } of answers) {
        for (const { offset, partition } of responses[0]!.partitions) ends[partition] = Number(offset)
      }
      if (ends.filter((end) => Number.isSafeInteger(end)).length < partitions)
        throw new Error("a partition has no leader")
      return ends
    })

const creation = (topic: string, { partitions, replicas, settings }: NewTopic) => ({
  waitForLeaders: true,
  topics: [
    {
      topic,
      numPartitions: partitions,
      replicationFactor: replicas ?? -1,
      configEntries: Object.entries(settings).map(([name, value]) => ({ name, value }))
    }
  ]
})

const describe = Effect.fnUntraced(function* (
  ask: <A>(use: (admin: kafkajs.Admin) => Promise<A>) => Effect.Effect<A, Failure>,
  topic: string,
  settings: ReadonlyArray<string>
): Effect.fn.Return<Topic | undefined, Failure> {
  const names = yield* ask((admin) => admin.listTopics())
  if (!names.includes(topic)) return undefined
  const { topics } = yield* ask((admin) => admin.fetchTopicMetadata({ topics: [topic] }))
  const { partitions } = topics[0]!
  const { resources } = yield* ask((admin) =>
    admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configNames: [...settings] }]
    })
  )
  return {
    partitions: partitions.length,
    replicas: Math.min(...partitions.map(({ replicas }) => replicas.length)),
    settings: new Map(resources[0]!.configEntries.map(({ configName, configValue }) => [configName, configValue]))
  }
})
