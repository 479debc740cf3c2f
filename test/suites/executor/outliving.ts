/** Promise 11 when the store is away for longer than the lease: what keeps one worker silent may keep the others silent too. */
import { Effect, Latch, Layer, Option, Schedule, Schema } from "effect"
import { Activity, ActivityContext, Workflow } from "perdure"
import { WorkflowId } from "perdure/Ids"
import { StoreError, Unavailable } from "perdure/Store/WorkflowStore"
import { assert } from "../assert.ts"
import { cut, sound } from "./FaultyStore.ts"
import { Lab, nameOf, open, type Running, until } from "./Lab.ts"
import { eventsOf } from "./stored.ts"
import type { SuitePart } from "./SuitePart.ts"

const Long = Activity.make("Long")
const Order = Workflow.make("Order")

const leaseLength = 600
const settings = (worker: string) => ({ worker, heartbeatInterval: 100, lease: leaseLength })

/** Workers of which each runs orders of its own, and who ran which. */
const two = Effect.gen(function* () {
  const ran: Array<string> = []
  const run = Effect.fnUntraced(function* (name: string) {
    const handler = Long.toLayer(() =>
      Effect.andThen(
        Effect.sync(() => ran.push(name)),
        Effect.never
      )
    )
    const worker = yield* open(Order.toLayer(() => Long()).pipe(Layer.provide(handler)), settings(name))
    const ids = Array.from({ length: 10 }, (_, number) => `${name} ${number}`)
    yield* Effect.forEach(ids, (workflowId) => worker.run(Order.start(undefined, { workflowId })))
    return { worker, ids }
  })
  const a = yield* run("a")
  const b = yield* run("b")
  yield* until(Effect.sync(() => ran.length === 20))
  return { a, b, ran }
})

/** The store is away from all workers for two leases. */
const outage = Effect.fnUntraced(function* (...workers: ReadonlyArray<Running>) {
  for (const { link } of workers) link.fault = cut()
  yield* Effect.sleep(leaseLength * 2)
})

/** Who has taken an execution from another worker. */
const takers = (id: string) =>
  Effect.map(eventsOf(id, "OwnerChanged"), (changes) =>
    changes.map(({ lost, owner }) => `${nameOf(owner)}${lost ? ", lost" : ""}`)
  )

const Charge = Activity.make("Charge", { success: Schema.String, error: Schema.String, retry: Schedule.spaced(900) })
const Payment = Workflow.make("Payment", { success: Schema.String, workflowId: () => "payment" })

/** A worker of which each handler notes its attempt; the first ones fail, and the next one is due after the lease. */
const payer = (ran: Array<string>, name: string, failures = 1) => {
  const handlers = Layer.merge(
    Charge.toLayer(() =>
      Effect.gen(function* () {
        const { attempt } = yield* ActivityContext.ActivityContext
        ran.push(`${name} ${attempt}`)
        return attempt <= failures ? yield* Effect.fail("try again") : name
      })
    ),
    Long.toLayer(() => Effect.sync(() => ran.push(`${name} long`)))
  )
  const programs = Layer.merge(
    Payment.toLayer(() => Effect.orDie(Charge())),
    Order.toLayer(() => Long())
  )
  return open(Layer.provide(programs, handlers), settings(name))
}

/** A worker of orders that notes of which executions it begins handlers; they end when a gate opens. */
const orders = (begun: Array<string>, name: string, { gate = Effect.void, maxActivities = 10 } = {}) => {
  const handler = Long.toLayer(() =>
    Effect.gen(function* () {
      const { workflowId } = yield* ActivityContext.ActivityContext
      begun.push(`${name} ${workflowId}`)
      yield* gate
    })
  )
  return open(Order.toLayer(() => Long()).pipe(Layer.provide(handler)), { ...settings(name), maxActivities })
}

/** Waits until so many attempts have failed, which is in the store. */
const failed = (attempts: number) =>
  until(Effect.map(eventsOf("payment", "ActivityAttemptFailed"), ({ length }) => length === attempts))

export const outliving: SuitePart = (it) => {
  it.live("11. when the store was away for longer than the lease, no worker that lives is taken for dead", () =>
    Effect.gen(function* () {
      const { a, b, ran } = yield* two
      yield* outage(a.worker, b.worker)
      a.worker.link.fault = sound
      // The other one comes back later, and still in time.
      yield* Effect.sleep(leaseLength / 3)
      b.worker.link.fault = sound
      yield* Effect.sleep(leaseLength * 3)
      for (const id of [...a.ids, ...b.ids]) assert.deepStrictEqual(yield* takers(id), [])
      assert.lengthOf(ran, 20, "no handler ran again")
    })
  )

  it.live("11. a worker that died while the store was away is taken over about two leases afterwards", () =>
    Effect.gen(function* () {
      const { a, b, ran } = yield* two
      yield* outage(a.worker, b.worker)
      a.worker.link.fault = sound
      const back = performance.now()
      yield* Effect.sleep(leaseLength / 2)
      assert.lengthOf(ran, 20, "it has half a lease left to say that it lives")
      yield* until(Effect.sync(() => ran.length === 30))
      assert.isBelow(performance.now() - back, leaseLength * 5)
      for (const id of b.ids) assert.deepStrictEqual(yield* takers(id), ["a, lost"])
      for (const id of a.ids) assert.deepStrictEqual(yield* takers(id), [])
    })
  )

  it.live("11. a worker whose heartbeat alone is not answered takes nobody for dead", () =>
    Effect.gen(function* () {
      const { a, b, ran } = yield* two
      a.worker.link.fault = cut("heartbeat")
      b.worker.link.fault = cut("heartbeat")
      yield* Effect.sleep(leaseLength * 3)
      for (const id of [...a.ids, ...b.ids]) assert.deepStrictEqual(yield* takers(id), [])
      assert.lengthOf(ran, 20)
    })
  )

  it.live("11. a worker that starts at the end of an outage takes none that lives for dead", () =>
    Effect.gen(function* () {
      const { a, b, ran } = yield* two
      yield* outage(a.worker, b.worker)
      const lab = yield* Lab
      const begun = performance.now()
      // For it the store is away for a while too.
      const store = {
        ...lab.store,
        heartbeat: (...asked: Parameters<typeof lab.store.heartbeat>) =>
          performance.now() - begun < leaseLength / 3
            ? Effect.fail(new StoreError({ operation: "heartbeat", reason: new Unavailable({ cause: "away" }) }))
            : lab.store.heartbeat(...asked)
      }
      const handler = Long.toLayer(() =>
        Effect.andThen(
          Effect.sync(() => ran.push("c")),
          Effect.never
        )
      )
      yield* Effect.provideService(open(Order.toLayer(() => Long()).pipe(Layer.provide(handler)), settings("c")), Lab, {
        ...lab,
        store
      })
      yield* Effect.sleep(50)
      a.worker.link.fault = sound
      b.worker.link.fault = sound
      yield* Effect.sleep(leaseLength * 2)
      assert.lengthOf(ran, 20, "no handler ran again")
    })
  )

  it.live("11. a worker that was cut off past its lease begins no attempt of an execution that another one took", () =>
    Effect.gen(function* () {
      const ran: Array<string> = []
      const a = yield* payer(ran, "a")
      const payment = yield* a.run(Payment.start())
      yield* failed(1)
      a.link.fault = cut()
      const b = yield* payer(ran, "b")
      assert.strictEqual(yield* (yield* b.run(Payment.handle("payment"))).result, "b")
      // Its own timer has been due by then: it has asked again and again.
      const { heartbeat } = a.link.count
      yield* until(Effect.sync(() => a.link.count.heartbeat > heartbeat + 3))
      assert.deepStrictEqual(ran, ["a 1", "b 2"])
      a.link.fault = sound
      assert.strictEqual(yield* Effect.timeout(payment.result, "5 seconds"), "b")
      // Its line goes on: it runs what is started on it.
      yield* b.stop
      yield* Effect.timeout(a.run(Order.execute(undefined, { workflowId: "later" })), "5 seconds")
      assert.deepStrictEqual(ran, ["a 1", "b 2", "a long"])
      assert.deepStrictEqual(yield* takers("payment"), ["b, lost"])
    })
  )

  it.live(
    "11. a worker that was cut off past its lease goes on with what nobody took, once it has said that it lives",
    () =>
      Effect.gen(function* () {
        const ran: Array<string> = []
        const a = yield* payer(ran, "a")
        const payment = yield* a.run(Payment.start())
        yield* failed(1)
        a.link.fault = cut()
        const { heartbeat } = a.link.count
        yield* Effect.sleep(leaseLength * 2)
        yield* until(Effect.sync(() => a.link.count.heartbeat > heartbeat + 5))
        assert.deepStrictEqual(ran, ["a 1"], "it begins nothing while others may have taken the execution")
        const { summary } = a.link.count
        a.link.fault = cut("heartbeat")
        const { heartbeat: unheard } = a.link.count
        yield* until(Effect.sync(() => a.link.count.heartbeat > unheard + 3))
        assert.strictEqual(a.link.count.summary, summary, "it does not look before it has said that it lives")
        a.link.fault = cut("summary")
        yield* until(Effect.sync(() => a.link.count.summary > summary + 3))
        assert.deepStrictEqual(ran, ["a 1"], "it has not looked yet")
        a.link.fault = sound
        assert.strictEqual(yield* Effect.timeout(payment.result, "5 seconds"), "a")
        assert.deepStrictEqual(ran, ["a 1", "a 2"])
        assert.deepStrictEqual(yield* takers("payment"), [])
      })
  )

  it.live(
    "11. an attempt that was due while its worker was cut off is not begun when another one has the execution",
    () =>
      Effect.gen(function* () {
        const ran: Array<string> = []
        const a = yield* payer(ran, "a")
        yield* a.run(Payment.start())
        yield* failed(1)
        a.link.fault = cut()
        const b = yield* payer(ran, "b", 2)
        yield* failed(2)
        assert.deepStrictEqual(ran, ["a 1", "b 2"])
        // It hears of no commit, and learns by its own look alone what was taken.
        const { heartbeat, summary } = a.link.count
        a.link.fault = cut("changes", "load", "list")
        yield* until(Effect.sync(() => a.link.count.summary > summary && a.link.count.heartbeat > heartbeat + 5))
        assert.strictEqual(yield* (yield* b.run(Payment.handle("payment"))).result, "b")
        assert.deepStrictEqual(ran, ["a 1", "b 2", "b 3"])
      })
  )

  it.live("11. a worker that is cut off past its lease twice looks twice what others have taken", () =>
    Effect.gen(function* () {
      const ran: Array<string> = []
      const a = yield* payer(ran, "a", 2)
      yield* a.run(Payment.start())
      const { count } = a.link
      for (const attempt of [1, 2]) {
        yield* failed(attempt)
        a.link.fault = cut()
        const { heartbeat, summary } = count
        yield* Effect.sleep(leaseLength * 2)
        yield* until(Effect.sync(() => count.heartbeat > heartbeat + 5))
        assert.lengthOf(ran, attempt)
        a.link.fault = sound
        yield* until(Effect.sync(() => ran.length === attempt + 1))
        assert.isAbove(count.summary, summary)
      }
      assert.deepStrictEqual(ran, ["a 1", "a 2", "a 3"])
    })
  )

  it.live(
    "11. a worker whose heartbeat is the first to come through again looks what was taken before it begins anything",
    () =>
      Effect.gen(function* () {
        const begun: Array<string> = []
        const gate = Latch.makeUnsafe()
        const worker = (name: string) => orders(begun, name, { gate: gate.await, maxActivities: name === "a" ? 1 : 10 })
        const a = yield* worker("a")
        yield* a.run(Order.start(undefined, { workflowId: "first" }))
        yield* until(Effect.sync(() => begun.length === 1))
        yield* a.run(Order.start(undefined, { workflowId: "in line" }))
        // It hears of no commit, and learns by its own look alone what was taken.
        const deaf = cut("changes", "load", "list")
        a.link.fault = (operation) => (operation === "heartbeat" ? "unasked" : deaf(operation))
        yield* worker("b")
        yield* until(Effect.sync(() => begun.length === 3))
        a.link.fault = deaf
        const { heartbeat, summary } = a.link.count
        yield* until(Effect.sync(() => a.link.count.heartbeat > heartbeat + 2))
        yield* gate.open
        yield* until(Effect.sync(() => a.link.count.summary > summary && a.link.count.heartbeat > heartbeat + 5))
        assert.sameMembers(begun, ["a first", "b first", "b in line"])
      })
  )

  it.live(
    "11. an answer that was under way when the lease was over begins no handler of what was taken meanwhile",
    () =>
      Effect.gen(function* () {
        const begun: Array<string> = []
        const a = yield* orders(begun, "a")
        const answered = Latch.makeUnsafe()
        a.link.fault = (operation) => (operation === "saveAll" ? { answeredAfter: answered.await } : undefined)
        yield* Effect.forkScoped(a.run(Order.start(undefined, { workflowId: "taken" })))
        const { store } = yield* Lab
        yield* until(Effect.map(store.summary(WorkflowId.make("taken")), Option.isSome))
        // It hears of no commit, and learns by its own look alone what was taken.
        const deaf = cut("changes", "load", "list")
        a.link.fault = (operation) => (operation === "heartbeat" ? "unasked" : deaf(operation))
        yield* orders(begun, "b")
        yield* until(Effect.sync(() => begun.includes("b taken")))
        a.link.fault = deaf
        // Its look is over when it begins this one.
        yield* a.run(Order.start(undefined, { workflowId: "own" }))
        yield* until(Effect.sync(() => begun.includes("a own")))
        const { summary } = a.link.count
        yield* answered.open
        yield* until(Effect.sync(() => a.link.count.summary > summary))
        yield* Effect.sleep(leaseLength)
        assert.deepStrictEqual(begun, ["b taken", "a own"])
      })
  )

  it.live("11. an attempt that is due after the worker's look begins only if its execution was not taken", () =>
    Effect.gen(function* () {
      const ran: Array<string> = []
      const a = yield* payer(ran, "a", 1)
      yield* a.run(Payment.start())
      yield* failed(1)
      const deaf = cut("changes", "load", "list")
      a.link.fault = (operation) => (operation === "heartbeat" ? "unasked" : deaf(operation))
      const b = yield* payer(ran, "b", 1)
      yield* until(Effect.map(takers("payment"), ({ length }) => length > 0))
      a.link.fault = deaf
      yield* a.run(Order.start(undefined, { workflowId: "own" }))
      assert.strictEqual(yield* (yield* b.run(Payment.handle("payment"))).result, "b")
      yield* Effect.sleep(leaseLength)
      assert.sameMembers(ran, ["a 1", "a long", "b 2"])
    })
  )
}
