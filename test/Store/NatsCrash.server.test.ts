/** What NATS acknowledged survives its server being killed, again and again, in the middle of the work. */
import { assert, it } from "@effect/vitest"
import { Effect, Fiber, Schedule } from "effect"
import type { WorkflowId } from "perdure/Ids"
import * as Nats from "perdure/Store/Nats"
import type { StoreError, WorkflowStore } from "perdure/Store/WorkflowStore"
import { after, freshId, loaded, save, signal, start, tokens } from "../suites/store/builders.ts"
import { describeWith, natsCluster, natsServer } from "../support/servers.ts"

type Store = WorkflowStore["Service"]

const writersPerExecution = 4
const acknowledgedBetween = 20

interface Work {
  readonly acknowledged: Set<string>
  readonly attempted: Set<string>
}

const forAWhile = { schedule: Schedule.spaced("50 millis").pipe(Schedule.upTo({ duration: "60 seconds" })) }

const unavailable = (error: StoreError) => error.reason._tag === "Unavailable"

/** Appends tokens for ever; every fifteenth is larger than a message. */
const write = Effect.fnUntraced(function* (store: Store, workflowId: WorkflowId, writer: string, work: Work) {
  const abandons = writer.endsWith("0")
  for (let number = 0; ; number++) {
    const token = `${writer}:${number}`
    const payload = number % 15 === 14 ? token.padEnd(1_300_000, ".") : token
    let stored = false
    while (!stored) {
      const { summary } = yield* Effect.retry(loaded(store, workflowId, Number.MAX_SAFE_INTEGER), {
        ...forAWhile,
        while: unavailable
      })
      const commit = after(summary, { events: [signal(payload)] })
      work.attempted.add(token)
      // Some writers never ask again: whether what they wrote is there is open, but it is there once at most.
      const saved = yield* Effect.result(abandons ? store.save(commit) : save(store, commit))
      if (saved._tag === "Success") {
        work.acknowledged.add(token)
        stored = true
      } else if (abandons && unavailable(saved.failure)) stored = true
      else if (saved.failure.reason._tag !== "Conflict") return yield* saved.failure
    }
  }
})

/** Writes to three executions, two stores at a time, while `disturb` is called again and again; then checks them all. */
const survives = Effect.fnUntraced(function* (options: {
  readonly store: Nats.Options
  readonly rounds: number
  readonly disturb: (round: number) => Effect.Effect<void>
}) {
  const stores = [yield* opened(options.store), yield* opened(options.store)]
  const executions = Array.from({ length: 3 }, () => start(freshId()))
  yield* Effect.forEach(executions, (commit) => save(stores[0]!, commit))
  const work: Work = { acknowledged: new Set(), attempted: new Set() }
  const writers = yield* Effect.forkScoped(
    Effect.forEach(
      executions.flatMap(({ workflowId }, execution) =>
        Array.from({ length: writersPerExecution }, (_, writer) => ({ workflowId, name: `${execution}-${writer}` }))
      ),
      ({ workflowId, name }, index) => write(stores[index % 2]!, workflowId, name, work),
      { concurrency: "unbounded", discard: true }
    )
  )
  for (let round = 1; round <= options.rounds; round++) {
    const wanted = work.acknowledged.size + acknowledgedBetween
    yield* Effect.sleep("10 millis").pipe(
      Effect.repeat({ until: () => work.acknowledged.size >= wanted || writers.pollUnsafe() !== undefined }),
      Effect.timeout("60 seconds")
    )
    assert.isUndefined(writers.pollUnsafe(), "a writer stopped")
    yield* options.disturb(round)
  }
  yield* Fiber.interrupt(writers)
  for (const store of [...stores, yield* opened(options.store)]) {
    const found = yield* Effect.forEach(executions, ({ workflowId }) => tokensOf(store, workflowId))
    assertKept(work, found.flat())
    const page = yield* Effect.retry(store.list(), forAWhile)
    assert.strictEqual(page.executions.length, executions.length)
  }
})

const opened = (options: Nats.Options) => Effect.retry(Nats.make(options), forAWhile)

/** The tokens of an execution, which must have no gap. */
const tokensOf = Effect.fnUntraced(function* (store: Store, workflowId: WorkflowId) {
  const { commits, summary } = yield* Effect.retry(loaded(store, workflowId), forAWhile)
  const versions = Array.from({ length: summary.version }, (_, index) => index + 1)
  assert.deepStrictEqual(
    commits.map(({ version }) => Number(version)),
    versions
  )
  return tokens(commits.slice(1)).map((token) => String(token).replaceAll(".", ""))
})

const assertKept = ({ acknowledged, attempted }: Work, found: ReadonlyArray<string>) => {
  const there = new Set(found)
  assert.strictEqual(there.size, found.length, "a token is there twice")
  assert.deepStrictEqual(
    [...acknowledged].filter((token) => !there.has(token)),
    [],
    "acknowledged and lost"
  )
  assert.deepStrictEqual(
    found.filter((token) => !attempted.has(token)),
    [],
    "never written"
  )
}

describeWith("nats", "a nats-server that is killed", () => {
  it.live(
    "20 times under load keeps every acknowledged commit, once and without gaps",
    () =>
      Effect.gen(function* () {
        const { address, kill9, monitor, restart } = yield* natsServer()
        yield* survives({
          store: { servers: address, monitor, timeout: "2 seconds" },
          rounds: 20,
          disturb: (round) =>
            Effect.andThen(kill9, Effect.andThen(Effect.sleep(round % 3 === 0 ? "300 millis" : "1 millis"), restart))
        })
      }).pipe(Effect.scoped),
    240_000
  )

  it.live(
    "in a cluster of three leaves every acknowledged commit with the others",
    () =>
      Effect.gen(function* () {
        const cluster = yield* natsCluster(3)
        const store = {
          servers: cluster.map(({ address }) => address),
          monitor: cluster.map(({ monitor }) => monitor),
          replicas: 3,
          timeout: "2 seconds"
        } as const
        const { guarantees } = yield* opened(store)
        assert.strictEqual(guarantees.durability, "replicated")
        yield* survives({
          store,
          rounds: 6,
          disturb: (round) => {
            const { kill9, restart } = cluster[round % 3]!
            return Effect.andThen(kill9, Effect.andThen(Effect.sleep("1 second"), restart))
          }
        })
      }).pipe(Effect.scoped),
    240_000
  )
})
