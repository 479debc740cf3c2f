/** Law 13: which workers live, and which have left. */
import { Duration, Effect } from "effect"
import { TestClock } from "effect/testing"
import { WorkerId } from "perdure/Ids"
import { WorkflowStore } from "perdure/Store/WorkflowStore"
import { assert } from "../assert.ts"
import { freshId, freshWorker, living as livingOf, reasonOf, start, type Store } from "./builders.ts"
import { type Area, eventually, stores } from "./Settings.ts"

const lives = (store: Store, id: WorkerId, lease: Duration.Duration) => store.heartbeat({ id, workflows: [] }, lease)

const hasLeft = (store: Store, id: WorkerId) => Effect.map(store.workers, ({ left }) => left.includes(id))

export const living: Area = (it, settings) => {
  const { timeout } = settings

  it.effect(
    "13. a worker lives for the length of its lease, and has not left when that is over",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        const [brief, lasting] = [freshWorker("brief"), freshWorker("lasting")]
        assert.notInclude(yield* livingOf(store), brief)
        yield* lives(store, brief, Duration.seconds(2))
        yield* lives(store, lasting, Duration.minutes(1))
        assert.includeMembers(yield* livingOf(store), [brief, lasting])
        yield* Effect.sleep("2050 millis")
        const left = yield* livingOf(store)
        assert.notInclude(left, brief)
        assert.include(left, lasting)
        assert.isFalse(yield* hasLeft(store, brief))
      }),
    timeout
  )

  it.effect(
    "13. the latest lease counts",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        const worker = freshWorker()
        yield* lives(store, worker, Duration.seconds(2))
        yield* lives(store, worker, Duration.minutes(1))
        yield* Effect.sleep("2050 millis")
        assert.lengthOf(
          (yield* livingOf(store)).filter((each) => each === worker),
          1
        )
      }),
    timeout
  )

  it.effect(
    "13. the workflows of a worker are those of its latest heartbeat, in every store",
    () =>
      Effect.gen(function* () {
        const all = yield* stores(settings)
        const id = freshWorker()
        const recorded = (store: Store) =>
          Effect.map(store.workers, ({ living }) => living.find((worker) => worker.id === id)?.workflows)
        for (const workflows of [["Order", 'a/b.c:* > "é" \u0000', "lone \ud800"], [], undefined, ["Order"]]) {
          yield* all[0]!.heartbeat({ id, workflows }, Duration.minutes(1))
          for (const store of all) {
            yield* eventually(
              settings,
              Effect.map(recorded(store), (found) => assert.deepStrictEqual(found, workflows))
            )
          }
        }
      }),
    timeout
  )

  it.effect(
    "13. a lease of no length says that the worker has left, until it lives again",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        const [worker, unheard] = [freshWorker(), freshWorker("unheard")]
        yield* lives(store, worker, Duration.minutes(1))
        assert.include(yield* livingOf(store), worker)
        assert.isFalse(yield* hasLeft(store, worker))
        for (let time = 0; time < 2; time++) {
          yield* lives(store, worker, Duration.zero)
          assert.notInclude(yield* livingOf(store), worker)
          assert.isTrue(yield* hasLeft(store, worker))
        }
        yield* lives(store, worker, Duration.minutes(1))
        assert.include(yield* livingOf(store), worker)
        assert.isFalse(yield* hasLeft(store, worker))
        yield* lives(store, unheard, Duration.zero)
        assert.isTrue(yield* hasLeft(store, unheard))
        assert.notInclude(yield* livingOf(store), unheard)
      }),
    timeout
  )

  it.effect(
    "13. that a worker has left is known to every store, and when it is opened again",
    () =>
      Effect.gen(function* () {
        const [store] = yield* stores(settings)
        const worker = freshWorker()
        yield* lives(store!, worker, Duration.minutes(1))
        yield* lives(store!, worker, Duration.zero)
        for (const each of yield* stores(settings)) {
          yield* eventually(
            settings,
            Effect.map(hasLeft(each, worker), (left) => assert.isTrue(left))
          )
          assert.notInclude(yield* livingOf(each), worker)
        }
      }),
    timeout
  )

  it.effect(
    "13. workers whose ids differ in anything are different workers",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        const own = freshWorker()
        const ids = [
          "",
          "\ud800",
          "\ud801",
          "\udc00",
          "\ufffd",
          "\u0000",
          " ",
          "a",
          "A",
          "\uFFFE",
          '\uFFFE"\ud800"'
        ].map((end) => WorkerId.make(own + end))
        ids.push(WorkerId.make(`\uFFFE${own}`), WorkerId.make(`\uFFFE"${own}"`))
        for (const id of ids) yield* lives(store, id, Duration.minutes(1))
        const found = Effect.map(livingOf(store), (living) => living.filter((id) => id.includes(own)))
        assert.sameMembers(yield* found, ids)
        for (const id of ids.splice(0, 5)) yield* lives(store, id, Duration.zero)
        assert.sameMembers(yield* found, ids)
      }),
    timeout
  )

  it.effect(
    "13. a heartbeat that is answered tells of the same workers, and of all that there is to look for",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        const [worker, other, gone] = [freshWorker(), freshWorker("other"), freshWorker("gone")]
        const asks = (wakeBefore: number) =>
          store.heartbeat({ id: worker, workflows: ["Order"] }, Duration.minutes(1), { wakeBefore })
        if ((yield* asks(0)) === undefined) return
        yield* lives(store, other, Duration.minutes(1))
        yield* lives(store, gone, Duration.zero)
        const told = yield* asks(0)
        const known = yield* store.workers
        const byId = (a: { readonly id: string }, b: { readonly id: string }) => (a.id < b.id ? -1 : 1)
        assert.deepStrictEqual(told!.living.toSorted(byId), known.living.toSorted(byId))
        assert.sameMembers([...told!.left], [...known.left])
        assert.deepInclude(told!.living, { id: worker, workflows: ["Order"] })
        assert.include(told!.left, gone)
        const wakeAt = 1000 + Math.random()
        for (const [what, summary, key] of [
          ["no owner", {}, "orphans"],
          ["an owner that has left", { owner: gone }, "orphans"],
          ["an owner that never lived", { owner: freshWorker("never") }, "orphans"],
          ["debts of one that is gone", { status: "completed", closedAt: 1, owner: gone, owed: 1, wakeAt }, "orphans"],
          ["blocked with an owner", { status: "blocked", owner: other }, "blocked"],
          ["due with an owner", { owner: other, wakeAt }, "due"]
        ] as const) {
          const first = start(freshId(), { summary })
          yield* store.save(first)
          assert.isTrue((yield* asks(wakeAt + 1))![key], what)
          yield* store.delete(first.workflowId, { version: first.version })
        }
      }),
    timeout
  )

  it.effect(
    "13. a lease that is no length of time is refused, and changes nothing",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        const worker = freshWorker()
        yield* lives(store, worker, Duration.minutes(1))
        for (const lease of [
          Duration.millis(-1),
          Duration.infinity,
          Duration.negativeInfinity,
          undefined,
          null,
          Number.NaN,
          5,
          "soon"
        ]) {
          assert.strictEqual(yield* reasonOf(lives(store, worker, lease as Duration.Duration)), "Unsupported")
        }
        for (const record of [
          undefined,
          null,
          worker,
          {},
          { id: 5 },
          { id: worker, workflows: [5] },
          { id: worker, workflows: "W" }
        ]) {
          const beat = store.heartbeat(record as never, Duration.zero)
          assert.strictEqual(yield* reasonOf(beat), "Unsupported")
        }
        for (const asked of [null, 5, {}, { wakeBefore: "soon" }, { wakeBefore: Number.NaN }]) {
          const beat = store.heartbeat({ id: worker }, Duration.minutes(1), asked as never)
          assert.strictEqual(yield* reasonOf(beat), "Unsupported")
        }
        yield* lives(store, worker, Duration.days(400 * 365))
        assert.include(yield* livingOf(store), worker)
        yield* lives(store, worker, Duration.nanos(1n))
        yield* Effect.sleep("10 millis")
        assert.notInclude(yield* livingOf(store), worker)
        assert.isFalse(yield* hasLeft(store, worker))
      }),
    timeout
  )

  it.effect(
    "13. leases run by the clock of the machines, however far a test has moved its own",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        const worker = freshWorker()
        yield* lives(store, worker, Duration.minutes(1))
        yield* TestClock.adjust("1000 days")
        assert.include(yield* livingOf(store), worker)
        // And the other way round: one that is given by a clock in the future is no longer than it says.
        const brief = freshWorker("brief")
        yield* lives(store, brief, Duration.seconds(2))
        assert.include(yield* livingOf(store), brief)
        yield* TestClock.withLive(Effect.sleep("2050 millis"))
        assert.notInclude(yield* livingOf(store), brief)
      }).pipe(Effect.provide(TestClock.layer())),
    timeout
  )

  it.effect(
    "13. every store knows of every worker, of 100 at once",
    () =>
      Effect.gen(function* () {
        const all = yield* stores(settings)
        const workers = Array.from({ length: 100 }, (_, n) => freshWorker(`${n} a/b.c:* >`))
        yield* Effect.forEach(workers, (worker, n) => lives(all[n % all.length]!, worker, Duration.minutes(1)), {
          concurrency: "unbounded",
          discard: true
        })
        for (const store of all) {
          yield* eventually(
            settings,
            Effect.map(livingOf(store), (found) => assert.includeMembers(found, workers))
          )
        }
        yield* Effect.forEach(workers, (worker) => lives(all[0]!, worker, Duration.zero), {
          concurrency: "unbounded"
        })
        for (const store of all) {
          yield* eventually(
            settings,
            Effect.map(livingOf(store), (found) => assert.isEmpty(found.filter((worker) => workers.includes(worker))))
          )
        }
      }),
    timeout
  )
}
