/** What the Kafka store does when it does not know what became of a record, or when its partition began anew while it tidied. */
import { assert, it } from "@effect/vitest"
import { Effect, Option, Queue, Result } from "effect"
import { type Client, unavailable } from "../../src/Store/kafka/Client.ts"
import * as Log from "../../src/Store/kafka/Log.ts"
import { Partition } from "../../src/Store/kafka/Partition.ts"
import { keyOfCall, makeKeys } from "../../src/Store/kafka/record.ts"
import { save as saveTo } from "../../src/Store/kafka/save.ts"
import * as Tidy from "../../src/Store/kafka/tidy.ts"
import type { Topic } from "../../src/Store/kafka/Topic.ts"
import { Sequence } from "perdure/Ids"
import { after, freshId, loaded, save, start } from "../suites/store/builders.ts"
import { accepted, alterTopic, clientOf, createTopic, open, produce, readAll } from "../support/kafkaClient.ts"
import { kafkaServer } from "../support/kafkaServer.ts"
import { describeWith, shared } from "../support/servers.ts"

const lost = unavailable(new Error("the answer is lost"))

describeWith("kafka", "a record of the Kafka store", () => {
  const server = shared(kafkaServer({ inMemory: true }))

  /** The parts of a store on a topic, and another store beside it; what is written goes through a function. */
  const parts = Effect.fnUntraced(function* (
    name: string,
    produce: (client: Client, count: number) => Client["produce"] = (client) => client.produce
  ) {
    const on = yield* server
    const store = yield* open(on, { topic: name })
    const client = yield* clientOf(on, name)
    let count = 0
    const through: Client = { ...client, produce: (...asked) => produce(client, ++count)(...asked) }
    const partition = new Partition(0, 1024 * 1024)
    const log = yield* Log.start(through, [partition], { timeout: 5000, fresh: 30_000, old: 600_000 }, () => undefined)
    yield* log.opened
    const topic: Topic = {
      log,
      of: () => partition,
      read: (_, from) => client.read(0, from),
      key: makeKeys(),
      tidySoon: () => {},
      timeout: 5000
    }
    return { on, store, topic, partition, written: () => count }
  })

  it.live("of which it is not known whether it is stored is looked for, and sent again where it is not there", () =>
    Effect.gen(function* () {
      // The first request of each three is not sent, the second is, and its answer is lost.
      const { store, topic, written } = yield* parts("doubted", (client, count) => {
        if (count % 3 === 1) return () => Effect.fail(lost)
        if (count % 3 === 2) return (...asked) => Effect.flatMap(client.produce(...asked), () => Effect.fail(lost))
        return client.produce
      })
      const first = start(freshId())
      yield* saveTo(topic, first, 1024)
      assert.strictEqual(written(), 2)
      const second = after(first.summary)
      yield* saveTo(topic, second, 1024)
      assert.strictEqual(written(), 3)
      yield* saveTo(topic, after(second.summary), 1024)
      assert.strictEqual(written(), 5)
      assert.deepStrictEqual(
        (yield* loaded(store, first.workflowId)).commits.map(({ version }) => Number(version)),
        [1, 2, 3]
      )
      const stored = (yield* readAll(yield* server, "doubted")).filter((value) => value.includes(`"k":"c"`))
      assert.lengthOf(stored, 3)
    }).pipe(Effect.scoped)
  )

  it.live("that is lost each time is sent three times, and no more", () =>
    Effect.gen(function* () {
      const { store, topic, written } = yield* parts("given-up", () => () => Effect.fail(lost))
      const first = start(freshId())
      const saved = yield* Effect.result(saveTo(topic, first, 1024))
      const failure = Option.getOrThrow(Result.getFailure(saved))
      assert.strictEqual(failure._tag, "Unavailable")
      assert.include(failure.message, "Kafka did not say whether the record was stored: the answer is lost")
      assert.strictEqual(written(), 3)
      assert.isTrue(Option.isNone(yield* store.load(first.workflowId)))
    }).pipe(Effect.scoped)
  )

  it.live("is not removed by a process whose partition began anew while it tidied, and that has not read all yet", () =>
    Effect.gen(function* () {
      const on = yield* server
      const name = "half-read"
      const first = start(freshId())
      const call = { workflowId: first.workflowId, runId: first.runId, seq: Sequence.make(0) }
      const key = keyOfCall(call.workflowId, call.runId, call.seq)
      // Details that are older than a day are removed where there is no execution.
      yield* createTopic(on, name, { ...accepted, "message.timestamp.type": "CreateTime" })
      const { partition, store, topic } = yield* Effect.gen(function* () {
        yield* alterTopic(on, name, accepted)
        const made = yield* parts(name)
        yield* save(made.store, first)
        yield* alterTopic(on, name, { ...accepted, "message.timestamp.type": "CreateTime" })
        const timestamp = String(Date.now() - 2 * 86_400_000)
        yield* produce(on, name, [{ key, value: JSON.stringify("half done"), timestamp }])
        yield* alterTopic(on, name, accepted)
        return made
      })
      let rounds = 0
      const caughtUp = Effect.map(topic.log.caughtUp(), () => {
        rounds++
        const { origin } = partition
        const details = partition.latest.get(key)!
        partition.reset()
        partition.origin = origin
        partition.latest.set(key, details)
      })
      const asked = yield* Queue.sliding<void>(1)
      yield* Tidy.start({ ...topic, log: { ...topic.log, caughtUp: () => caughtUp } }, asked)
      yield* Queue.offer(asked, undefined)
      yield* Effect.sleep("1 second")
      assert.isAbove(rounds, 0)
      assert.notInclude(yield* readAll(on, name), "")
      assert.deepStrictEqual(yield* store.details(call), Option.some("half done"))
    }).pipe(Effect.scoped)
  )
})
