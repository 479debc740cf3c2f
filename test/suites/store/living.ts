/** Law 13: which workers live. */
import { assert } from "@effect/vitest"
import { Duration, Effect } from "effect"
import { TestClock } from "effect/testing"
import { WorkflowStore } from "perdure/Store/WorkflowStore"
import { freshWorker } from "./builders.ts"
import { type Area, eventually, stores } from "./Settings.ts"

export const living: Area = (it, settings) => {
  const { timeout } = settings

  it.effect(
    "13. a worker lives for the length of its lease",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        const [brief, lasting] = [freshWorker("brief"), freshWorker("lasting")]
        assert.notInclude(yield* store.workers, brief)
        yield* store.heartbeat(brief, Duration.seconds(2))
        yield* store.heartbeat(lasting, Duration.minutes(1))
        assert.includeMembers([...(yield* store.workers)], [brief, lasting])
        yield* Effect.sleep("2050 millis")
        const left = yield* store.workers
        assert.notInclude(left, brief)
        assert.include(left, lasting)
      }),
    timeout
  )

  it.effect(
    "13. the latest lease counts",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        const worker = freshWorker()
        yield* store.heartbeat(worker, Duration.seconds(2))
        yield* store.heartbeat(worker, Duration.minutes(1))
        yield* Effect.sleep("2050 millis")
        assert.lengthOf(
          (yield* store.workers).filter((each) => each === worker),
          1
        )
      }),
    timeout
  )

  it.effect(
    "13. a lease of no length removes the worker at once",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        const worker = freshWorker()
        yield* store.heartbeat(worker, Duration.minutes(1))
        assert.include(yield* store.workers, worker)
        yield* store.heartbeat(worker, Duration.zero)
        assert.notInclude(yield* store.workers, worker)
        yield* store.heartbeat(worker, Duration.zero)
        assert.notInclude(yield* store.workers, worker)
      }),
    timeout
  )

  it.effect(
    "13. leases run by the clock of the machines, however far a test has moved its own",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        const worker = freshWorker()
        yield* store.heartbeat(worker, Duration.minutes(1))
        yield* TestClock.adjust("1000 days")
        assert.include(yield* store.workers, worker)
        // And the other way round: one that is given by a clock in the future is no longer than it says.
        const brief = freshWorker("brief")
        yield* store.heartbeat(brief, Duration.seconds(2))
        assert.include(yield* store.workers, brief)
        yield* TestClock.withLive(Effect.sleep("2050 millis"))
        assert.notInclude(yield* store.workers, brief)
      }).pipe(Effect.provide(TestClock.layer())),
    timeout
  )

  it.effect(
    "13. every store knows of every worker, of 100 at once",
    () =>
      Effect.gen(function* () {
        const all = yield* stores(settings)
        const workers = Array.from({ length: 100 }, (_, n) => freshWorker(`${n} a/b.c:* >`))
        yield* Effect.forEach(workers, (worker, n) => all[n % all.length]!.heartbeat(worker, Duration.minutes(1)), {
          concurrency: "unbounded",
          discard: true
        })
        for (const store of all) {
          yield* eventually(
            settings,
            Effect.map(store.workers, (found) => assert.includeMembers([...found], workers))
          )
        }
        yield* Effect.forEach(workers, (worker) => all[0]!.heartbeat(worker, Duration.zero), {
          concurrency: "unbounded"
        })
        for (const store of all) {
          yield* eventually(
            settings,
            Effect.map(store.workers, (found) => assert.isEmpty(found.filter((worker) => workers.includes(worker))))
          )
        }
      }),
    timeout
  )
}
