/** The Kafka store on a topic that others have written to, cut off, removed or made anew, and what it says of that. */
import { assert, it } from "@effect/vitest"
import { Effect, Logger, Stream } from "effect"
import type kafkajs from "kafkajs"
import type { StoreError } from "perdure/Store/WorkflowStore"
import { after, freshId, loaded, reasonOf, restart, save, start, type Store } from "../suites/store/builders.ts"
import { accepted, admin, alterTopic, createTopic, open, produce, readAll } from "../support/kafkaClient.ts"
import { kafkaBehindProxy, type KafkaServer } from "../support/kafkaServer.ts"
import { describeWith, shared } from "../support/servers.ts"
import { soon } from "../support/soon.ts"

const manage = <A>(on: KafkaServer, use: (admin: kafkajs.Admin) => Promise<A>) =>
  Effect.scoped(Effect.flatMap(admin(on), (admin) => Effect.promise(() => use(admin))))

const set = (on: KafkaServer, topic: string, settings: Readonly<Record<string, string>>) =>
  alterTopic(on, topic, { ...accepted, ...settings })

/** What an effect fails with, in words. */
const told = <A>(effect: Effect.Effect<A, StoreError>) =>
  Effect.match(effect, {
    onFailure: ({ reason }) =>
      `${reason._tag}: ${reason._tag === "Unavailable" ? (reason.cause as Error).message : reason.message}`,
    onSuccess: () => "done"
  })

/** Deletes the records of a topic of one partition before an offset, which Kafka allows where old ones are deleted anyway. */
const cutOff = Effect.fnUntraced(function* (on: KafkaServer, topic: string, offset: number) {
  yield* set(on, topic, { "cleanup.policy": "compact,delete" })
  yield* soon(
    manage(on, (admin) =>
      admin
        .fetchTopicOffsets(topic)
        .then(() => admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: String(offset) }] }))
    )
  )
  yield* set(on, topic, {})
})

/** Deletes a topic, and waits until it is gone. */
const removeTopic = Effect.fnUntraced(function* (on: KafkaServer, topic: string) {
  yield* manage(on, (admin) => admin.deleteTopics({ topics: [topic] }))
  yield* soon(
    Effect.map(
      manage(on, (admin) => admin.listTopics()),
      (names) => assert.notInclude(names, topic)
    )
  )
})

const fill = Effect.fnUntraced(function* (store: Store, count: number) {
  const first = start(freshId())
  yield* save(store, first)
  let { summary } = first
  for (let index = 1; index < count; index++) {
    const commit = index % 4 === 0 ? restart(summary) : after(summary)
    yield* save(store, commit)
    summary = commit.summary
  }
  return summary
})

describeWith("kafka", "a topic of the Kafka store", () => {
  const place = shared(kafkaBehindProxy())
  const server = Effect.map(place, ({ server }) => server)

  it.live("is tidied whatever another program has written to it, also under keys like those of the store", () =>
    Effect.gen(function* () {
      const on = yield* server
      const topic = "strange"
      // As old as what is looked at, which is a day.
      yield* createTopic(on, topic, { ...accepted, "message.timestamp.type": "CreateTime" })
      const long = String(Date.now() - 2 * 86_400_000)
      yield* produce(
        on,
        topic,
        ["x:[", 'x:["unfinished', "x:[]", "x:[1,2]", 'w:"', "x:[null]"].map((key) => ({
          key,
          value: "a",
          timestamp: long
        }))
      )
      yield* set(on, topic, {})
      const store = yield* open(on, { topic })
      const summary = yield* fill(store, 2)
      yield* store.delete(summary.workflowId, { version: summary.version })
      // The two commits are removed, as they count for nothing.
      yield* soon(
        Effect.map(readAll(on, topic), (values) =>
          assert.lengthOf(
            values.filter((value) => value === ""),
            2
          )
        )
      )
    }).pipe(Effect.scoped)
  )

  it.live("whose first records were deleted is told as such, at once, by a store that opens and by one that runs", () =>
    Effect.gen(function* () {
      const { between, server: on } = yield* place
      const topic = "cut"
      const said = "Unavailable: partition 0 does not begin at offset 0: records were deleted"
      const store = yield* open(on, { topic })
      const behind = yield* open(between, { topic, timeout: "2 seconds" })
      const summary = yield* fill(store, 5)
      yield* loaded(behind, summary.workflowId)
      yield* between.refuse
      const commit = after(summary)
      yield* save(store, commit)
      yield* cutOff(on, topic, 7)
      const began = performance.now()
      assert.strictEqual(yield* told(Effect.scoped(open(on, { topic }))), said)
      assert.isBelow(performance.now() - began, 3000)
      // The one that was away has missed what is gone.
      yield* between.resume
      yield* soon(Effect.map(told(behind.load(summary.workflowId)), (found) => assert.strictEqual(found, said)))
      // The one that has read all goes on.
      yield* save(store, after(commit.summary))
    }).pipe(Effect.scoped, Effect.provide(Logger.layer([])))
  )

  it.live("that is made anew is used from there on, by the store that runs and by others", () =>
    Effect.gen(function* () {
      const on = yield* server
      const topic = "anew"
      const store = yield* open(on, { topic })
      yield* fill(store, 20)
      yield* removeTopic(on, topic)
      yield* createTopic(on, topic, accepted)
      // It finds out by what it asks.
      yield* soon(Effect.map(store.count(), (count) => assert.strictEqual(count, 0)))
      const summary = yield* fill(store, 3)
      const other = yield* open(on, { topic })
      assert.lengthOf((yield* loaded(other, summary.workflowId)).commits, 3)
      assert.strictEqual(yield* other.count(), 1)
      // What says what the topic is was written again.
      assert.isNotEmpty((yield* readAll(on, topic)).filter((value) => value.includes('"nonce"')))
      yield* save(store, after(summary))
      assert.lengthOf((yield* loaded(other, summary.workflowId)).commits, 4)
    }).pipe(Effect.scoped)
  )

  it.live("that is made anew with other partitions is refused by the store that runs", () =>
    Effect.gen(function* () {
      const on = yield* server
      const topic = "wider"
      const store = yield* open(on, { topic })
      const summary = yield* fill(store, 5)
      yield* removeTopic(on, topic)
      const wide = yield* open(on, { topic, partitions: 3 })
      yield* fill(wide, 5)
      const said =
        "Unsupported: the topic wider: it had 3 partitions when it was made and has 1; their number must stay"
      yield* soon(Effect.map(told(store.load(summary.workflowId)), (found) => assert.strictEqual(found, said)))
      assert.strictEqual(yield* reasonOf(store.save(start(freshId()))), "Unsupported")
    }).pipe(Effect.scoped)
  )

  it.live("that keeps tombstones for less than a request takes is read once, and not again and again", () =>
    Effect.gen(function* () {
      const on = yield* server
      const topic = "hasty"
      yield* createTopic(on, topic, { ...accepted, "delete.retention.ms": "100" })
      const store = yield* open(on, { topic, unsafe: true })
      const told: Array<number> = []
      yield* Effect.forkScoped(
        Stream.runForEach(store.changes, (changes) =>
          Effect.sync(() => told.push(...changes.map(({ version }) => version)))
        )
      )
      yield* Effect.sleep("100 millis")
      const summary = yield* fill(store, 2)
      yield* Effect.sleep("3 seconds")
      yield* save(store, after(summary))
      yield* soon(Effect.sync(() => assert.deepStrictEqual(told, [1, 2, 3])))
    }).pipe(Effect.scoped)
  )

  for (const client of ["kafkajs", "platformatic"] as const) {
    it.live(`is read again by many at once for what is not in memory, with ${client}`, () =>
      Effect.gen(function* () {
        const on = yield* server
        const topic = `cold-${client}`
        const writer = yield* open(on, { topic, partitions: 2 })
        const summaries = yield* Effect.forEach(Array.from({ length: 40 }), () => fill(writer, 4), { concurrency: 8 })
        const reader = yield* open(on, { topic, client, cache: 1 })
        for (let round = 0; round < 3; round++) {
          const found = yield* Effect.forEach(summaries, ({ workflowId }) => loaded(reader, workflowId), {
            concurrency: "unbounded"
          })
          assert.deepStrictEqual(
            found.map(({ commits, summary }) => [summary, commits.length]),
            summaries.map((summary) => [summary, 4])
          )
        }
      }).pipe(Effect.scoped)
    )
  }
})
