/** Law 13: which workers live. */
import { assert } from "@effect/vitest"
import { Clock, Effect } from "effect"
import { WorkflowStore } from "perdure/Store/WorkflowStore"
import { freshWorker } from "./builders.ts"
import { type Area, eventually, stores } from "./Settings.ts"

export const living: Area = (it, settings) => {
  const { timeout } = settings

  it.effect(
    "13. a worker lives until the time of its heartbeat",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        const [brief, lasting] = [freshWorker("brief"), freshWorker("lasting")]
        assert.notInclude(yield* store.workers, brief)
        const now = yield* Clock.currentTimeMillis
        yield* store.heartbeat(brief, now + 2000)
        yield* store.heartbeat(lasting, now + 60_000)
        assert.includeMembers([...(yield* store.workers)], [brief, lasting])
        yield* Effect.sleep("2050 millis")
        const left = yield* store.workers
        assert.notInclude(left, brief)
        assert.include(left, lasting)
      }),
    timeout
  )

  it.effect(
    "13. the latest heartbeat counts",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        const worker = freshWorker()
        const now = yield* Clock.currentTimeMillis
        yield* store.heartbeat(worker, now + 2000)
        yield* store.heartbeat(worker, now + 60_000)
        yield* Effect.sleep("2050 millis")
        assert.lengthOf(
          (yield* store.workers).filter((each) => each === worker),
          1
        )
      }),
    timeout
  )

  it.effect(
    "13. a heartbeat with a time that has passed removes the worker at once",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        const worker = freshWorker()
        const now = yield* Clock.currentTimeMillis
        yield* store.heartbeat(worker, now + 60_000)
        assert.include(yield* store.workers, worker)
        yield* store.heartbeat(worker, now - 1)
        assert.notInclude(yield* store.workers, worker)
        yield* store.heartbeat(worker, 0)
        assert.notInclude(yield* store.workers, worker)
      }),
    timeout
  )

  it.effect(
    "13. every store knows of every worker, of 100 at once",
    () =>
      Effect.gen(function* () {
        const all = yield* stores(settings)
        const workers = Array.from({ length: 100 }, (_, n) => freshWorker(`${n} a/b.c:* >`))
        const until = (yield* Clock.currentTimeMillis) + 60_000
        yield* Effect.forEach(workers, (worker, n) => all[n % all.length]!.heartbeat(worker, until), {
          concurrency: "unbounded",
          discard: true
        })
        for (const store of all) {
          yield* eventually(
            settings,
            Effect.map(store.workers, (found) => assert.includeMembers([...found], workers))
          )
        }
        yield* Effect.forEach(workers, (worker) => all[0]!.heartbeat(worker, 0), { concurrency: "unbounded" })
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
