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
  besideOf,
  type Client,
  type ClientOptions,
  endIn,
  type Failure,
  type Fetched,
  fewBytes,
  longestConnect,
  mostBytes,
  type NewTopic,
  outside,
  type Reading,
  tooLarge,
  type Topic,
  unavailable
} from "./Client.ts"
import { renewed } from "./renewed.ts"
import * as Sockets from "./sockets.ts"

/** Connects, until the end of the scope. */
export const make = Effect.fnUntraced(function* (
  options: ClientOptions
): Effect.fn.Return<Client, Failure, Scope.Scope> {
  const { timeout, topic } = options
  const config = configOf(options)
  const symbol = yield* hidden
  const clients = <A extends Connectable>(make: (kafka: kafkajs.Kafka) => A) =>
    renewed(
      () => connecting(config, make),
      ({ client }) => client.disconnect(),
      ({ destroy }) => destroy()
    )
  const producers = yield* clients((kafka) => kafka.producer(producerConfig))
  const admins = yield* clients((kafka) => kafka.admin({ retry: { retries: 0 } }))
  const clusters = yield* clients((kafka) => (kafka as unknown as Hidden)[symbol]!(clusterConfig))
  const on = <A>(number: number, milliseconds: number, use: (cluster: Cluster) => Promise<A>) =>
    clusters.use(number, milliseconds, ({ client, connected }) => connected().then(() => use(client)))
  const ask = <A>(use: (admin: kafkajs.Admin) => Promise<A>): Effect.Effect<A, Failure> =>
    admins.use(0, timeout, ({ client, connected }) => connected().then(() => use(client)))
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
    fetch: (partition, from, wait) =>
      on(partition, timeout + wait, (cluster) => fetch(cluster, { topic, partition, from, wait, bytes: mostBytes })),
    read: (partition, from) =>
      on(besideOf(partition), timeout, (cluster) =>
        fetch(cluster, { topic, partition, from, wait: 0, bytes: fewBytes })
      ),
    end: (partition) => on(besideOf(partition), timeout, (cluster) => endOf(cluster, topic, partition)),
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

const byNumber = ({ message }: kafkajs.PartitionerArgs): number => message.partition!

/** Not idempotent and without retries: it takes a sequence back after an error, and the broker then takes the next batch for the lost one. */
const producerConfig: kafkajs.ProducerConfig = {
  retry: { retries: 0 },
  allowAutoTopicCreation: false,
  createPartitioner: () => byNumber
}

interface Connectable {
  readonly connect: () => Promise<void>
  readonly disconnect: () => Promise<void>
}

/** A client that connects when it is used first, with connections of its own. */
interface Connecting<A> {
  readonly client: A
  readonly connected: () => Promise<void>
  readonly destroy: () => void
}

const connecting = <A extends Connectable>(
  config: kafkajs.KafkaConfig,
  make: (kafka: kafkajs.Kafka) => A
): Connecting<A> => {
  const { destroy, factory } = Sockets.make()
  const client = make(new kafkajs.Kafka({ ...config, socketFactory: factory }))
  let connected: Promise<void> | undefined
  return { client, destroy, connected: () => (connected ??= client.connect()) }
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
interface Cluster extends Connectable {
  readonly addTargetTopic: (topic: string) => Promise<void>
  readonly findLeaderForPartitions: (
    topic: string,
    partitions: ReadonlyArray<number>
  ) => Readonly<Record<string, ReadonlyArray<number>>>
  readonly findBroker: (node: { readonly nodeId: string }) => Promise<Broker>
}

type Hidden = Readonly<Record<symbol, (options: object) => Cluster>>

const clusterConfig = { allowAutoTopicCreation: false, isolationLevel: 0 }

/** The name of what makes clusters. */
const hidden: Effect.Effect<symbol, Unsupported> = Effect.suspend(() => {
  const symbol = Object.getOwnPropertySymbols(new kafkajs.Kafka({ brokers: [] })).find(
    ({ description }) => description === "private:Kafka:createCluster"
  )
  return symbol === undefined
    ? Effect.fail(
        new Unsupported({
          detail: 'this release of kafkajs is not known; install kafkajs 2.2, or set client: "platformatic"'
        })
      )
    : Effect.succeed(symbol)
})

/** The broker that leads a partition. */
const leaderOf = (cluster: Cluster, topic: string, partition: number): Promise<Broker> =>
  cluster.addTargetTopic(topic).then(() => {
    const [nodeId] = Object.keys(cluster.findLeaderForPartitions(topic, [partition]))
    if (nodeId === undefined) throw new Error(`partition ${partition} has no leader`)
    return cluster.findBroker({ nodeId })
  })

const fetch = (cluster: Cluster, { bytes, from, partition, topic, wait }: Reading): Promise<Fetched> =>
  leaderOf(cluster, topic, partition)
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
      if (typeOf(cause) === "OFFSET_OUT_OF_RANGE") return outside(from)
      throw cause
    })

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

const endOf = (cluster: Cluster, topic: string, partition: number): Promise<number> =>
  leaderOf(cluster, topic, partition)
    .then((broker) =>
      broker.listOffsets({ isolationLevel: 0, topics: [{ topic, partitions: [{ partition, timestamp: -1 }] }] })
    )
    .then(({ responses }) => endIn(partition, responses[0]?.partitions[0]?.offset))

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
