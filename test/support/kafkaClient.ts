/** A client of a broker of Kafka beside the store under test: what tests look at, and write, behind its back. */
import { Effect } from "effect"
import kafkajs from "kafkajs"
import * as Kafka from "perdure/Store/Kafka"
import * as Client from "../../src/Store/kafka/kafkajs.ts"
import { type KafkaServer, kafkaServer } from "./kafkaServer.ts"

/** Whether all is tested: with each client, and each mishap often. `npm test` has a sample, and `npm run test:kafka` the whole. */
export const isWhole = process.env["KAFKA"] === "whole"

/** The clients with which tests run. */
export const clients = isWhole ? (["kafkajs", "platformatic"] as const) : (["kafkajs"] as const)

type Address = Pick<KafkaServer, "address">

/** Opens a store on a server. */
export const open = ({ address }: Address, options: Partial<Kafka.Options> = {}) =>
  Kafka.make({ brokers: address, replicas: 1, ...options })

/** Kafka, for processes that contend. */
export const kafkaPlace = (client: "kafkajs" | "platformatic") => ({
  start: kafkaServer(),
  arguments: ({ address }: Address) => [client, address],
  open: (server: Address) => open(server, { client })
})

const kafkaOf = ({ address }: Address) =>
  new kafkajs.Kafka({ brokers: [address], logLevel: kafkajs.logLevel.NOTHING, retry: { initialRetryTime: 20 } })

/** What manages the topics of a server. */
export const admin = (server: Address) =>
  Effect.acquireRelease(
    Effect.promise(() => {
      const admin = kafkaOf(server).admin()
      return admin.connect().then(() => admin)
    }),
    (admin) => Effect.promise(() => admin.disconnect())
  )

interface NewTopic {
  readonly partitions?: number
  readonly replicas?: number
  /** The one broker of each partition, instead. */
  readonly leaders?: ReadonlyArray<number>
}

/** Creates a topic. */
export const createTopic = (
  server: Address,
  topic: string,
  settings: Readonly<Record<string, string>>,
  { partitions = 1, replicas = 1, leaders }: NewTopic = {}
) =>
  Effect.flatMap(admin(server), (admin) =>
    Effect.promise(() =>
      admin.createTopics({
        waitForLeaders: true,
        topics: [
          {
            topic,
            ...(leaders === undefined
              ? { numPartitions: partitions, replicationFactor: replicas }
              : { replicaAssignment: leaders.map((node, partition) => ({ partition, replicas: [node] })) }),
            configEntries: Object.entries(settings).map(([name, value]) => ({ name, value }))
          }
        ]
      })
    )
  ).pipe(Effect.scoped)

/** Gives a topic other settings. */
export const alterTopic = (server: Address, name: string, settings: Readonly<Record<string, string>>) =>
  Effect.flatMap(admin(server), (admin) =>
    Effect.promise(() =>
      admin.alterConfigs({
        validateOnly: false,
        resources: [
          {
            type: kafkajs.ConfigResourceTypes.TOPIC,
            name,
            configEntries: Object.entries(settings).map(([name, value]) => ({ name, value }))
          }
        ]
      })
    )
  ).pipe(Effect.scoped)

/** The settings of a topic that the store accepts, of one copy. */
export const accepted = {
  "cleanup.policy": "compact",
  "message.timestamp.type": "LogAppendTime",
  "min.compaction.lag.ms": "60000",
  "delete.retention.ms": "86400000",
  "unclean.leader.election.enable": "false",
  "max.message.bytes": String(10 * 1024 * 1024),
  "flush.messages": "1"
}

/** Writes records to a topic. */
export const produce = (
  server: Address,
  topic: string,
  messages: ReadonlyArray<{ readonly key: string; readonly value: string | null; readonly timestamp?: string }>
) =>
  Effect.acquireRelease(
    Effect.promise(() => {
      const producer = kafkaOf(server).producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner })
      return producer.connect().then(() => producer)
    }),
    (producer) => Effect.promise(() => producer.disconnect())
  ).pipe(
    Effect.flatMap((producer) => Effect.promise(() => producer.send({ topic, messages: [...messages], acks: -1 }))),
    Effect.scoped
  )

/** The client of the store, on a topic. */
export const clientOf = ({ address }: Address, topic: string) =>
  Client.make({
    brokers: [address],
    topic,
    timeout: 5000,
    user: undefined,
    password: undefined,
    mechanism: "PLAIN",
    tls: undefined
  })

/** The values of all records of a topic of one partition. */
export const readAll = (server: Address, topic: string): Effect.Effect<ReadonlyArray<string>> =>
  Effect.gen(function* () {
    const client = yield* clientOf(server, topic)
    const end = yield* client.end(0)
    const values: Array<string> = []
    for (let from = 0, empty = 0; from < end && empty < 3;) {
      const { records, to } = yield* client.fetch(0, from, 10)
      for (const { value } of records) values.push(value === null ? "" : Buffer.from(value).toString())
      empty = to === from ? empty + 1 : 0
      from = to
    }
    return values
  }).pipe(Effect.scoped, Effect.orDie)
