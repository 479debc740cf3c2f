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
  unavailable,
  within
} from "./Client.ts"

/** Connects, until the end of the scope. */
export const make = Effect.fnUntraced(function* (
  options: ClientOptions
): Effect.fn.Return<Client, Failure, Scope.Scope> {
  const { timeout, topic } = options
  const kafka = new kafkajs.Kafka(configOf(options))
  // Not idempotent and without retries: it takes a sequence back after an error, and the broker then takes the next batch for the lost one.
  const producer = kafka.producer({
    retry: { retries: 0 },
    allowAutoTopicCreation: false,
    createPartitioner: () => byNumber
  })
  const admin = kafka.admin({ retry: { retries: 0 } })
  const connected = { producer: false, admin: false }
  const connect = (name: "producer" | "admin", { connect }: { readonly connect: () => Promise<void> }) =>
    connected[name] ? Effect.void : Effect.map(within(timeout, connect), () => void (connected[name] = true))
  yield* Effect.addFinalizer(() =>
    Effect.promise(() => Promise.allSettled([producer.disconnect(), admin.disconnect()]))
  )
  const clusters = yield* clustersOf(kafka as unknown as Hidden)
  const ask = <A>(use: (admin: kafkajs.Admin) => Promise<A>): Effect.Effect<A, Failure> =>
    Effect.andThen(
      connect("admin", admin),
      within(timeout, () => use(admin))
    )
  return {
    produce: (partition, records) =>
      Effect.andThen(
        connect("producer", producer),
        within(
          timeout,
          () =>
            producer.send({
              topic,
              acks: -1,
              timeout,
              messages: records.map(({ key, value }) => ({ key, value: value as Buffer | null, partition }))
            }),
          produceFailure
        )
      ).pipe(Effect.map(([answer]) => ({ base: Number(answer!.baseOffset), time: timeOf(answer!.logAppendTime) }))),
    fetch: (partition, from, wait) =>
      clusters.use(partition, timeout + wait, (cluster) =>
        fetch(cluster, { topic, partition, from, wait, bytes: mostBytes })
      ),
    read: (partition, from) =>
      clusters.use(beside, timeout, (cluster) => fetch(cluster, { topic, partition, from, wait: 0, bytes: fewBytes })),
    ends: (partitions) => clusters.use(-1, timeout, (cluster) => endsOf(cluster, topic, partitions)),
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
  readonly refreshMetadata: () => Promise<void>
  readonly findLeaderForPartitions: (
    topic: string,
    partitions: ReadonlyArray<number>
  ) => Readonly<Record<string, ReadonlyArray<number>>>
  readonly findBroker: (node: { readonly nodeId: string }) => Promise<Broker>
}

type Hidden = Readonly<Record<symbol, (options: object) => Cluster>>

/** Clusters, each with connections of its own, made when they are needed first. */
const clustersOf = Effect.fnUntraced(function* (kafka: Hidden) {
  const symbol = Object.getOwnPropertySymbols(kafka).find(
    ({ description }) => description === "private:Kafka:createCluster"
  )
  if (symbol === undefined) {
    return yield* new Unsupported({
      detail: 'this release of kafkajs is not known; install kafkajs 2.2, or set client: "platformatic"'
    })
  }
  const all = new Map<number, Cluster>()
  const get = (number: number): Cluster => {
    const found = all.get(number) ?? kafka[symbol]!({ allowAutoTopicCreation: false, isolationLevel: 0 })
    all.set(number, found)
    return found
  }
  yield* Effect.addFinalizer(() =>
    Effect.promise(() => Promise.allSettled(Array.from(all.values(), (cluster) => cluster.disconnect())))
  )
  return {
    use: <A>(number: number, timeout: number, use: (cluster: Cluster) => Promise<A>): Effect.Effect<A, Failure> =>
      Effect.suspend(() => {
        const cluster = get(number)
        const connected = () => (cluster.isConnected() ? use(cluster) : cluster.connect().then(() => use(cluster)))
        // The leader may be another one by now; a connection that is in doubt is given up.
        return Effect.tapError(within(timeout, connected), () =>
          Effect.ignore(within(timeout, () => cluster.refreshMetadata().catch(() => cluster.disconnect())))
        )
      })
  }
})

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
