/** What a worker says of itself, and what it makes of what the others say. */
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Fiber } from "effect"
import { WorkerId } from "perdure/Ids"
import type { WorkerRecord } from "perdure/Store/WorkflowStore"
import { Heartbeat, incarnationOf } from "../../src/Executor/default/Heartbeat.ts"
import { Lease } from "../../src/Executor/default/Lease.ts"
import type { Store } from "../suites/executor/FaultyStore.ts"

const worker = (id: string) => WorkerId.make(id)

/** A heartbeat in a store that says what the test wants. */
const make = (options: { readonly id?: string; readonly name?: string } = {}) => {
  const others = { living: [] as Array<WorkerRecord>, left: [] as Array<WorkerId> }
  const said: Array<readonly [record: WorkerRecord, milliseconds: number]> = []
  const time = { now: 1_000_000, latency: 0, overtaken: 0 }
  const workflows: Array<string> = []
  const superseded: Array<string> = []
  const store = {
    heartbeat: (record: WorkerRecord, lease: Duration.Duration) =>
      Effect.gen(function* () {
        // The first to be asked is the last to be stored.
        if (time.overtaken-- > 0) yield* Effect.yieldNow
        said.push([record, Duration.toMillis(lease)])
        time.now += time.latency
      }),
    workers: Effect.sync(() => others)
  } as Partial<Store> as Store
  const it = new Heartbeat({
    store,
    worker: worker(options.id ?? "orders/me"),
    name: options.id === undefined ? "orders" : options.name,
    lease: new Lease(1000, () => time.now),
    milliseconds: 1000,
    workflows: () => [...workflows],
    now: () => time.now,
    superseded: (by) => superseded.push(by)
  })
  return { it, others, said, time, workflows, superseded }
}

describe("a worker", () => {
  it.effect("says that it lives once it has something to run", () =>
    Effect.gen(function* () {
      const { it, said, workflows } = make()
      yield* it.beat
      assert.deepStrictEqual(said, [])
      workflows.push("Order")
      yield* it.beat
      const record = { id: worker("orders/me"), workflows: ["Order"] }
      assert.deepStrictEqual(said, [[record, 1000]])
      yield* it.end
      assert.deepStrictEqual(said[1], [record, 0])
    })
  )

  it.effect("says last what it has last, also where a store takes the later of two heartbeats first", () =>
    Effect.gen(function* () {
      const { it, said, time, workflows } = make()
      time.overtaken = 1
      workflows.push("Order")
      const first = yield* Effect.forkChild(it.beat, { startImmediately: true })
      workflows.push("Refund")
      yield* it.beat
      yield* Fiber.join(first)
      assert.deepStrictEqual(
        said.map(([{ workflows }]) => workflows),
        [["Order"], ["Order", "Refund"]]
      )
    })
  )

  it.effect("says last that it has ended, also where a heartbeat before is still under way", () =>
    Effect.gen(function* () {
      const { it, said, time, workflows } = make()
      workflows.push("Order")
      time.overtaken = 1
      const beat = yield* Effect.forkChild(it.beat, { startImmediately: true })
      const late = yield* Effect.forkChild(it.beat, { startImmediately: true })
      workflows.length = 0
      yield* it.end
      yield* Fiber.joinAll([beat, late])
      assert.deepStrictEqual(
        said.map(([, milliseconds]) => milliseconds),
        [1000, 0],
        "one that comes to its turn after the end is not said"
      )
    })
  )

  it.effect("has a lease that begins when it was asked for", () =>
    Effect.gen(function* () {
      const { it, time, workflows } = make()
      workflows.push("Order")
      time.latency = 400
      yield* it.beat
      time.now += 599
      assert.isFalse(it.lease.isOver)
      time.now += 1
      assert.isTrue(it.lease.isOver)
    })
  )

  it.effect("takes for dead what is silent and has not ended in order", () =>
    Effect.gen(function* () {
      const { it, others } = make()
      others.living = [{ id: worker("a") }]
      others.left = [worker("b")]
      yield* it.look
      assert.deepStrictEqual(
        ["b", "c", "orders/me", undefined].map((id) => it.hasDied(id as WorkerId | undefined)),
        [false, true, false, false]
      )
      assert.sameMembers([...it.alive], ["a", "orders/me"])
    })
  )

  it("knows the incarnations of its name, and no others", () => {
    const { it } = make()
    const again = incarnationOf("orders", "another start", 1_700_000_000_000)
    assert.notStrictEqual(again, incarnationOf("orders", "one more", 1_700_000_000_000))
    assert.deepStrictEqual(
      [again, "orders/me", "orders", "orders2", "orders-2/x", "orders/2/x", "x/orders"].map((id) =>
        it.isNamesake(worker(id))
      ),
      [true, true, true, false, false, false, false]
    )
    assert.isFalse(it.isNamesake(undefined))
    const { it: ofPath } = make({ id: "eu/orders/me", name: "eu/orders" })
    assert.deepStrictEqual(
      ["eu/orders/x", "eu/orders", "eu/x", "eu"].map((id) => ofPath.isNamesake(worker(id))),
      [true, true, false, false],
      "what release 0.1 has named is the whole id"
    )
    const { it: nameless } = make({ id: "7f3a" })
    assert.deepStrictEqual(
      ["7f3a", "7f3b", "/7f3a"].map((id) => nameless.isNamesake(worker(id))),
      [true, false, false]
    )
  })

  it.effect("has the same place among the others at each start", () =>
    Effect.gen(function* () {
      const workflowIds = Array.from({ length: 100 }, (_, number) => `order ${number}`)
      const placesAt = Effect.fnUntraced(function* (start: number) {
        const { it, others } = make({ id: `${incarnationOf("mine", "unique", start)}`, name: "mine" })
        others.living = ["a", "b"].map((name) => ({ id: incarnationOf(name, "other", start), workflows: ["Order"] }))
        yield* it.look
        return workflowIds.map((workflowId) => it.rank({ workflowId, workflow: "Order" }))
      })
      const places = yield* placesAt(1)
      assert.sameMembers([...new Set(places)], [0, 1, 2])
      for (const start of [2, 1_000_000]) assert.deepStrictEqual(yield* placesAt(start), places)
    })
  )

  it.effect("is superseded by a later worker of its name, and not by an earlier one", () =>
    Effect.gen(function* () {
      const { it, others, superseded } = make()
      // The clock of the last one was ahead when it started.
      others.living = ["orders/aaa", "orders/me", "stock/before", "orders/yyy"].map((id) => ({ id: worker(id) }))
      yield* it.look
      yield* it.look
      assert.deepStrictEqual(superseded, [])
      others.living.push({ id: worker("stock/after") })
      yield* it.look
      assert.deepStrictEqual(superseded, [])
      others.living.push({ id: worker("orders/zzz") })
      yield* it.look
      assert.deepStrictEqual(superseded, ["orders/zzz"])
    })
  )

  it.effect("does not stop for a worker whose id only begins with its name", () =>
    Effect.gen(function* () {
      const { it, others, superseded } = make({ id: "w1/0", name: "w1" })
      yield* it.look
      others.living = ["w12", "w10/9", "w1-b/9"].map((id) => ({ id: worker(id) }))
      yield* it.look
      assert.deepStrictEqual(superseded, [])
      others.living.push({ id: worker("w1/9") })
      yield* it.look
      assert.deepStrictEqual(superseded, ["w1/9"])
    })
  )

  it.effect("is the one that goes on when an earlier one of its name was frozen as it started, and is seen late", () =>
    Effect.gen(function* () {
      const ids = [1_700_000_000_000, 1_700_000_020_000].map((startedAt) => incarnationOf("orders", "start", startedAt))
      const [earlier, later] = ids.map((id) => make({ id: `${id}`, name: "orders" }))
      yield* earlier!.it.begin
      // The lease of the frozen one is over.
      yield* later!.it.begin
      for (const { others } of [earlier!, later!]) others.living = ids.map((id) => ({ id }))
      yield* later!.it.look
      yield* later!.it.look
      yield* earlier!.it.look
      assert.deepStrictEqual(later!.superseded, [])
      assert.deepStrictEqual(earlier!.superseded, [`${ids[1]}`])
    })
  )

  it.effect("leaves no record of having left, if it never said that it lives", () =>
    Effect.gen(function* () {
      const { it, said, workflows } = make()
      yield* it.beat
      yield* it.end
      assert.deepStrictEqual(said, [])
      workflows.push("Order")
      yield* it.beat
      yield* it.end
      yield* it.end
      assert.deepStrictEqual(
        said.map(([, milliseconds]) => milliseconds),
        [1000, 0]
      )
    })
  )

  it.effect("counts workers that have the workflow, or do not say what they have", () =>
    Effect.gen(function* () {
      const { it, others } = make()
      const me = { id: worker("orders/me"), workflows: ["Order"] }
      const may = () => ["Order", "Stock", "None"].map((workflow) => it.othersMayHave({ workflow }))
      others.living = [me]
      yield* it.look
      assert.deepStrictEqual(may(), [false, false, false])
      others.living = [me, { id: worker("a"), workflows: ["Stock"] }]
      yield* it.look
      assert.deepStrictEqual(may(), [false, true, false])
      others.living = [me, { id: worker("old") }]
      yield* it.look
      assert.deepStrictEqual(may(), [true, true, true])
    })
  )

  it.effect("agrees with the others who comes first for an execution, and each comes first for some", () =>
    Effect.gen(function* () {
      const ids = ["a", "b", "c"]
      const living = [
        ...ids.map((id) => ({ id: worker(id), workflows: ["Order"] })),
        { id: worker("d"), workflows: ["Stock"] }
      ]
      const workers = ids.map((id) => make({ id }))
      for (const { it, others } of workers) {
        others.living = living
        yield* it.look
      }
      const first = new Map<string, number>()
      for (let number = 0; number < 60; number++) {
        const ranks = workers.map(({ it }) => it.rank({ workflowId: `order ${number}`, workflow: "Order" }))
        assert.sameMembers(ranks, [0, 1, 2])
        const id = ids[ranks.indexOf(0)]!
        first.set(id, (first.get(id) ?? 0) + 1)
      }
      for (const id of ids) assert.isAbove(first.get(id)!, 5)
    })
  )
})
