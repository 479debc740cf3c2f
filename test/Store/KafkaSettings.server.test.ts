/** What the Kafka store asks of its topic, and what it says where it does not have it. */
import { assert, describe, it } from "@effect/vitest"
import { inspect } from "node:util"
import { Effect, Redacted, Result } from "effect"
import * as Kafka from "perdure/Store/Kafka"
import { freshId, save, start } from "../suites/store/builders.ts"
import { accepted, admin, createTopic, open, produce } from "../support/kafkaClient.ts"
import { kafkaServer } from "../support/kafkaServer.ts"
import { describeWith, shared } from "../support/servers.ts"

const refusal = (options: Kafka.Options) =>
  Effect.map(Effect.result(Effect.scoped(Kafka.make(options))), (result) =>
    Result.isFailure(result) ? `${result.failure.reason._tag}: ${result.failure.reason.message}` : "opened"
  )

describe("options of the Kafka store", () => {
  for (const [options, fault] of [
    [{ brokers: [] }, "brokers must be an address"],
    [{ brokers: "kafka://user:secret@host:9092" }, "brokers must be an address"],
    [{ brokers: "host" }, "brokers must be an address"],
    [{ brokers: "host:0" }, "brokers must be an address"],
    [{ brokers: ["host:1", "host:65536"] }, "brokers must be an address"],
    [{ brokers: "[::1]:9092" }, "brokers must have no address of IPv6"],
    [
      { brokers: "host:1", topic: "a b" },
      'topic must be made of letters, digits, ., - and _, at most 200, and is "a b"'
    ],
    [{ brokers: "host:1", topic: ".." }, "topic must be made of letters"],
    [{ brokers: "host:1", topic: 5 as never }, "topic must be made of letters"],
    [{ brokers: "host:1", partitions: 0 }, "partitions must be a whole number"],
    [{ brokers: "host:1", replicas: 1.5 }, "replicas must be a whole number"],
    [{ brokers: "host:1", replicas: 40_000 }, "replicas must be at most 32767"],
    [{ brokers: "host:1", maxCommitBytes: 4e9 }, "maxCommitBytes must be at most 2000000000"],
    [{ brokers: "host:1", timeout: 0 }, "timeout must be at least 1 ms"],
    [{ brokers: "host:1", timeout: "100 days" }, "timeout must be at most 86400000 ms"],
    [{ brokers: "host:1", user: "ann" }, "user needs password"],
    [{ brokers: "host:1", user: "", password: Redacted.make("secret") }, "user must be a name"],
    [{ brokers: "host:1", user: "ann", password: Redacted.make("") }, "password must be a text that is not empty"],
    [{ brokers: "host:1", password: Redacted.make("secret") }, "password needs user"],
    [{ brokers: "host:1", user: "ann", password: "secret" as never }, "password must be Redacted"],
    [{ brokers: "host:1", client: "librdkafka" as never }, "client must be one of kafkajs, platformatic"],
    [{ brokers: "host:1", mechanism: "GSSAPI" as never }, "mechanism must be one of PLAIN, SCRAM-SHA-256"],
    [{ brokers: "host:1", mechanism: "PLAIN" }, "mechanism needs user"],
    [{ brokers: "host:1", tls: "true" as never }, 'tls must be true or false, and is "true"'],
    [{ brokers: "host:1", unsafe: "false" as never }, 'unsafe must be true or false, and is "false"'],
    [{ brokers: "host:1", connection: "secret" as never }, "connection must be an object"],
    [{ brokers: "host:1", connection: { key: "secret" } }, "connection is not what tls.connect takes: "],
    [{ brokers: "host:1", connection: { pfx: Buffer.from("secret") } }, "connection is not what tls.connect takes: "],
    [{ brokers: "host:1", connection: { ciphers: "none" } }, "connection is not what tls.connect takes: "],
    [{ brokers: "host:1", snapshots: "" }, "snapshots must be the path of a folder"],
    [{ brokers: "host:1", snapshots: 5 as never }, "snapshots must be the path of a folder"]
  ] as const) {
    it.effect(`are refused: ${inspect(options)}`, () =>
      Effect.gen(function* () {
        const said = yield* refusal(options)
        assert.include(said, `Unsupported: ${fault}`)
        assert.notInclude(said, "secret")
      })
    )
  }
})

describeWith("kafka", "the topic of the Kafka store", () => {
  const server = shared(kafkaServer({ inMemory: true }))

  for (const [setting, value, advice] of [
    ["cleanup.policy", "delete", "set cleanup.policy to compact"],
    ["cleanup.policy", "compact,delete", "set cleanup.policy to compact"],
    ["message.timestamp.type", "CreateTime", "set message.timestamp.type to LogAppendTime"],
    ["max.message.bytes", "1048588", "set max.message.bytes to 10485760"],
    ["compression.type", "zstd", "set compression.type to producer"],
    ["min.compaction.lag.ms", "0", "set min.compaction.lag.ms to 10000"],
    ["delete.retention.ms", "60000", "set delete.retention.ms to 3600000"],
    ["unclean.leader.election.enable", "true", "set unclean.leader.election.enable to false"],
    ["flush.messages", "1000", "set flush.messages to 1"]
  ] as const) {
    it.live(`with ${setting} ${value} is refused with what to set`, () =>
      Effect.gen(function* () {
        const { address } = yield* server
        const topic = `refused-${setting}-${value.replace(",", "-")}`
        yield* createTopic({ address }, topic, { ...accepted, [setting]: value })
        const said = yield* refusal({ brokers: address, topic, replicas: 1 })
        assert.include(said, "Unsupported")
        assert.include(said, advice)
      })
    )
  }

  it.live("that may lose what it acknowledged is opened with unsafe, and its guarantees say so", () =>
    Effect.gen(function* () {
      const on = yield* server
      yield* createTopic(on, "lossy", { ...accepted, "unclean.leader.election.enable": "true" })
      yield* createTopic(on, "unsynced", { ...accepted, "flush.messages": "1000" })
      const durabilities = yield* Effect.forEach(["lossy", "unsynced"], (topic) =>
        Effect.map(open(on, { topic, unsafe: true }), ({ guarantees }) => guarantees.durability)
      )
      assert.deepStrictEqual(durabilities, ["none", "process"])
    }).pipe(Effect.scoped)
  )

  it.live("is created when there is none, and promises the disk with one copy", () =>
    Effect.gen(function* () {
      const on = yield* server
      const stores = yield* Effect.forEach([1, 2, 3], () => open(on, { topic: "created", partitions: 2 }), {
        concurrency: "unbounded"
      })
      for (const { guarantees } of stores) assert.strictEqual(guarantees.durability, "disk")
      const commit = start(freshId())
      yield* save(stores[0]!, commit)
      for (const store of stores) assert.strictEqual(yield* store.count(), 1)
      const topics = yield* Effect.flatMap(admin(on), (admin) =>
        Effect.promise(() => admin.fetchTopicMetadata({ topics: ["created"] }))
      )
      assert.lengthOf(topics.topics[0]!.partitions, 2)
    }).pipe(Effect.scoped)
  )

  it.live("with fewer copies than wanted is refused", () =>
    Effect.gen(function* () {
      const on = yield* server
      yield* createTopic(on, "few", accepted)
      assert.include(yield* refusal({ brokers: on.address, topic: "few" }), "it has 1 copies and not 3")
      const said = yield* refusal({ brokers: on.address, topic: "none" })
      assert.include(said, "Unsupported: the topic none: it could not be created")
    })
  )

  for (const client of ["kafkajs", "platformatic"] as const) {
    it.live(`of a broker without users and TLS is told to leave them out, with ${client}`, () =>
      Effect.gen(function* () {
        const options = { brokers: (yield* server).address, replicas: 1, client, timeout: "2 seconds" } as const
        const user = { user: "ann", password: Redacted.make("secret") }
        assert.match(yield* refusal({ ...options, ...user }), /^Unavailable: .*leave user and password out/)
        assert.match(yield* refusal({ ...options, tls: true }), /^Unavailable: .*leave tls and connection out/)
      })
    )
  }

  it.live("of another program is refused, and what another program writes later is passed over", () =>
    Effect.gen(function* () {
      const on = yield* server
      yield* createTopic(on, "foreign", accepted)
      yield* produce(on, "foreign", [{ key: "a", value: "hello" }])
      const said = yield* refusal({ brokers: on.address, topic: "foreign", replicas: 1 })
      assert.include(said, "it has records of another program")
      const store = yield* open(on, { topic: "visited" })
      yield* save(store, start(freshId()))
      yield* produce(on, "visited", [
        { key: "a", value: "hello" },
        { key: "b", value: JSON.stringify({ k: "c", id: "half", seen: 0 }) },
        { key: "c", value: null }
      ])
      yield* save(store, start(freshId()))
      assert.strictEqual(yield* store.count(), 2)
      assert.strictEqual(yield* (yield* open(on, { topic: "visited" })).count(), 2)
    }).pipe(Effect.scoped)
  )

  it.live("whose partitions became more is refused", () =>
    Effect.gen(function* () {
      const on = yield* server
      yield* Effect.scoped(open(on, { topic: "grown" }))
      yield* Effect.flatMap(admin(on), (admin) =>
        Effect.promise(() => admin.createPartitions({ topicPartitions: [{ topic: "grown", count: 3 }] }))
      )
      assert.include(
        yield* refusal({ brokers: on.address, topic: "grown", replicas: 1 }),
        "it had 1 partitions when it was made and has 3"
      )
    }).pipe(Effect.scoped)
  )

  it.live("of a later release is refused as such", () =>
    Effect.gen(function* () {
      const on = yield* server
      yield* createTopic(on, "newer", accepted)
      yield* produce(on, "newer", [
        { key: "origin:n", value: JSON.stringify({ format: 2, nonce: "n", partitions: 1 }) }
      ])
      assert.include(yield* refusal({ brokers: on.address, topic: "newer", replicas: 1 }), "NewerFormat")
    })
  )
})
