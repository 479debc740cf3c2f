/** Three brokers of which each keeps a copy: what they acknowledged survives the loss of any one of them. */
import { assert, it } from "@effect/vitest"
import { Duration, Effect, Fiber, Schedule } from "effect"
import type { WorkflowId } from "perdure/Ids"
import * as Kafka from "perdure/Store/Kafka"
import type { StoreError } from "perdure/Store/WorkflowStore"
import { partitionOf } from "../../src/Store/kafka/Topic.ts"
import {
  after,
  freshId,
  freshWorker,
  living,
  loaded,
  reasonOf,
  save,
  signal,
  start,
  type Store,
  tokens
} from "../suites/store/builders.ts"
import { accepted, clients, createTopic } from "../support/kafkaClient.ts"
import { kafkaCluster } from "../support/kafkaServer.ts"
import { describeWith, shared } from "../support/servers.ts"

/** How often a broker is killed, with each client. */
const rounds = Number(process.env["SERVER_KILLS"] ?? 6)

const forAWhile = { schedule: Schedule.spaced("50 millis").pipe(Schedule.upTo({ duration: "60 seconds" })) }

const patiently = <A>(effect: Effect.Effect<A, StoreError>) =>
  Effect.retry(effect, { ...forAWhile, while: ({ reason }) => reason._tag === "Unavailable" })

/** Appends tokens for ever, and notes the ones that were acknowledged. */
const write = Effect.fnUntraced(function* (store: Store, id: WorkflowId, writer: string, acknowledged: Set<string>) {
  for (let number = 0; ; number++) {
    const token = `${writer}:${number}`
    for (let stored = false; !stored;) {
      const { summary } = yield* patiently(loaded(store, id, Number.MAX_SAFE_INTEGER))
      const saved = yield* Effect.result(patiently(store.save(after(summary, { events: [signal(token)] }))))
      if (saved._tag === "Success") stored = true
      else if (saved.failure.reason._tag !== "Conflict") return yield* saved.failure
    }
    acknowledged.add(token)
  }
})

describeWith("kafka", "the Kafka store on three brokers", () => {
  const cluster = shared(kafkaCluster(3, { inMemory: true }))

  it.live(
    "is opened while one of them is away, also the first in the list",
    () =>
      Effect.gen(function* () {
        const servers = yield* cluster
        const options = { brokers: servers.map(({ address }) => address), topic: "away", timeout: "3 seconds" } as const
        yield* Effect.retry(Kafka.make(options), forAWhile)
        for (const { kill9, restart } of servers.slice(0, 2)) {
          yield* kill9
          for (const client of clients) {
            const store = yield* Effect.retry(Kafka.make({ ...options, client }), forAWhile)
            assert.strictEqual(store.guarantees.durability, "replicated")
            const commit = start(freshId())
            yield* patiently(store.save(commit))
            yield* patiently(loaded(store, commit.workflowId))
          }
          yield* restart
        }
      }).pipe(Effect.scoped),
    240_000
  )

  for (const client of clients) {
    it.live(
      `5. keeps with ${client} what was acknowledged when one of them is killed, ${rounds} times`,
      () =>
        Effect.gen(function* () {
          const servers = yield* cluster
          const options = {
            brokers: servers.map(({ address }) => address),
            topic: client,
            client,
            partitions: 3,
            timeout: "3 seconds"
          } as const
          const open = Effect.retry(Kafka.make(options), forAWhile)
          const stores = [yield* open, yield* open]
          assert.strictEqual(stores[0]!.guarantees.durability, "replicated")
          const executions = Array.from({ length: 6 }, () => start(freshId()))
          for (const commit of executions) yield* save(stores[0]!, commit)
          const acknowledged = new Set<string>()
          const writers = yield* Effect.forkScoped(
            Effect.forEach(
              executions.flatMap(({ workflowId }, execution) => [
                { workflowId, name: `${execution}-a`, store: stores[0]! },
                { workflowId, name: `${execution}-b`, store: stores[1]! }
              ]),
              ({ name, store, workflowId }) => write(store, workflowId, name, acknowledged),
              { concurrency: "unbounded", discard: true }
            )
          )
          for (let round = 0; round < rounds; round++) {
            const wanted = acknowledged.size + 50
            yield* Effect.sleep("20 millis").pipe(
              Effect.repeat({ until: () => acknowledged.size >= wanted || writers.pollUnsafe() !== undefined }),
              Effect.timeout("60 seconds")
            )
            assert.isUndefined(writers.pollUnsafe(), "a writer stopped")
            yield* servers[round % 3]!.kill9
            // The two others go on meanwhile.
            yield* Effect.sleep("4 seconds")
            yield* servers[round % 3]!.restart
          }
          yield* Fiber.interrupt(writers)
          for (const store of [...stores, yield* open]) {
            const found = yield* Effect.forEach(executions, ({ workflowId }) => patiently(loaded(store, workflowId)))
            for (const { commits, summary } of found) assert.lengthOf(commits, summary.version)
            const there = found.flatMap(({ commits }) => tokens(commits).map(String))
            assert.strictEqual(new Set(there).size, there.length, "a token is there twice")
            assert.deepStrictEqual(
              [...acknowledged].filter((token) => !there.includes(token)),
              [],
              "acknowledged and lost"
            )
          }
        }).pipe(Effect.scoped),
      120_000 + rounds * 30_000
    )

    it.live(
      `13. a partition whose broker is gone holds up no other with ${client}, and no lease of theirs`,
      () =>
        Effect.gen(function* () {
          const servers = yield* cluster
          const topic = `apart-${client}`
          yield* createTopic(servers[0]!, topic, accepted, { leaders: [1, 2] })
          const brokers = servers.map(({ address }) => address)
          const store = yield* Effect.retry(
            Kafka.make({ brokers, topic, client, replicas: 1, timeout: "3 seconds" }),
            forAWhile
          )
          const commits = Array.from({ length: 8 }, () => start(freshId()))
          for (const commit of commits) yield* save(store, commit)
          const [here, there] = [0, 1].map((number) =>
            commits.filter(({ workflowId }) => partitionOf(workflowId, 2) === number)
          )
          const worker = freshWorker()
          yield* store.heartbeat({ id: worker }, Duration.seconds(2))
          yield* Effect.acquireUseRelease(
            servers[1]!.kill9,
            () =>
              Effect.gen(function* () {
                // What this process knew of the leaders is not true any more.
                yield* Effect.sleep("3 seconds")
                yield* patiently(loaded(store, here![0]!.workflowId))
                for (const { summary, workflowId } of here!) {
                  yield* save(store, after(summary))
                  assert.lengthOf((yield* loaded(store, workflowId)).commits, 2)
                }
                assert.deepStrictEqual(yield* living(store), [])
                assert.strictEqual(yield* reasonOf(store.load(there![0]!.workflowId)), "Unavailable")
                assert.strictEqual(yield* reasonOf(store.list()), "Unavailable")
              }),
            () => servers[1]!.restart
          )
          yield* patiently(loaded(store, there![0]!.workflowId))
        }).pipe(Effect.scoped),
      120_000
    )
  }
})
