/** What the Kafka store reads from its topic again, where the broker sends less than it has, or another process has removed it meanwhile. */
import { assert, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import type { Client, Fetched } from "../../src/Store/kafka/Client.ts"
import * as Log from "../../src/Store/kafka/Log.ts"
import { Partition } from "../../src/Store/kafka/Partition.ts"
import { load } from "../../src/Store/kafka/read.ts"
import type { Topic } from "../../src/Store/kafka/Topic.ts"
import { after, freshId, save, signal, start, type Store } from "../suites/store/builders.ts"
import { clientOf, open } from "../support/kafkaClient.ts"
import { kafkaServer } from "../support/kafkaServer.ts"
import { describeWith, shared } from "../support/servers.ts"

describeWith("kafka", "a commit of the Kafka store that is not in memory", () => {
  const server = shared(kafkaServer({ inMemory: true }))

  /** A topic that is read with nothing kept in memory, and an execution of two commits; what is read goes through a function. */
  const cold = Effect.fnUntraced(function* (
    name: string,
    through: (fetched: Fetched, count: number, store: Store) => Effect.Effect<Fetched>
  ) {
    const on = yield* server
    const store = yield* open(on, { topic: name })
    const first = start(freshId())
    yield* save(store, first)
    yield* save(store, after(first.summary))
    const client: Client = yield* clientOf(on, name)
    const partition = new Partition(0, 1)
    const log = yield* Log.start(client, [partition], { timeout: 5000, fresh: 30_000, old: 600_000 }, () => undefined)
    yield* log.opened
    let count = 0
    const topic: Topic = {
      log,
      of: () => partition,
      read: (_, from) => Effect.flatMap(client.read(0, from), (fetched) => through(fetched, count++, store)),
      key: () => "unused",
      tidySoon: () => {},
      timeout: 5000
    }
    return { topic, first, asked: () => count }
  })

  const none = (fetched: Fetched): Fetched => ({ ...fetched, records: [] })

  it.live("is asked for again when the broker sent nothing", () =>
    Effect.gen(function* () {
      const { asked, first, topic } = yield* cold("once", (fetched, count) =>
        Effect.succeed(count === 0 ? none(fetched) : fetched)
      )
      const found = Option.getOrThrow(yield* load(topic, first.workflowId, undefined))
      assert.deepStrictEqual(
        found.commits.map(({ events }) => events.length),
        [2, 1]
      )
      assert.strictEqual(asked(), 2)
    }).pipe(Effect.scoped)
  )

  it.live("is asked for in as many requests as it takes where its events are large", () =>
    Effect.gen(function* () {
      const on = yield* server
      const first = start(freshId())
      const commits = [first]
      // One request brings no more than one of them.
      const payload = "a".repeat(300 * 1024)
      for (let count = 0; count < 3; count++)
        commits.push(after(commits.at(-1)!.summary, { events: [signal(payload)] }))
      const { asked, topic } = yield* cold("large", Effect.succeed)
      const store = yield* open(on, { topic: "large" })
      for (const commit of commits) yield* save(store, commit)
      const found = Option.getOrThrow(yield* load(topic, first.workflowId, undefined))
      assert.deepStrictEqual(
        found.commits.map(({ events }) => events),
        commits.map(({ events }) => events)
      )
      assert.isAtLeast(asked(), 3)
    }).pipe(Effect.scoped)
  )

  it.live("is not said to be damaged when the broker keeps sending nothing", () =>
    Effect.gen(function* () {
      const { first, topic } = yield* cold("never", (fetched) => Effect.succeed(none(fetched)))
      const failure = yield* Effect.flip(load(topic, first.workflowId, undefined))
      assert.strictEqual(failure._tag, "Unavailable")
      assert.include(failure.message, "offset 1 was not read")
    }).pipe(Effect.scoped)
  )

  it.live("that another process removed meanwhile is not there any more", () =>
    Effect.gen(function* () {
      const { first, topic } = yield* cold("removed", (fetched, _, store) =>
        Effect.gen(function* () {
          const [execution] = (yield* store.list()).executions
          yield* store.delete(execution!.workflowId, { version: execution!.version })
          return none(fetched)
        }).pipe(Effect.orDie)
      )
      assert.isTrue(Option.isNone(yield* load(topic, first.workflowId, undefined)))
    }).pipe(Effect.scoped)
  )
})
