/** Promise 11 when the store is away for longer than the lease: what keeps one worker silent may keep the others silent too. */
import { assert } from "@effect/vitest"
import { Effect, Layer, Option } from "effect"
import { Activity, Workflow } from "perdure"
import { WorkflowId } from "perdure/Ids"
import { StoreError, Unavailable } from "perdure/Store/WorkflowStore"
import { cut, sound } from "./FaultyStore.ts"
import { Lab, nameOf, open, type Running, until } from "./Lab.ts"
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
const takers = Effect.fnUntraced(function* (id: string) {
  const { store } = yield* Lab
  const { commits } = Option.getOrThrow(yield* store.load(WorkflowId.make(id)))
  return commits
    .flatMap(({ events }) => events)
    .flatMap((event) => (event._tag === "OwnerChanged" ? [`${nameOf(event.owner)}${event.lost ? ", lost" : ""}`] : []))
})

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
}
