/** Executions that sleep for long and were taken over without being read: they wake in time, and when they are told something. */
import { assert, describe } from "@effect/vitest"
import { Effect, Layer, Schema } from "effect"
import { TestClock } from "effect/testing"
import { Signal, Workflow } from "perdure"
import { WorkflowId } from "perdure/Ids"
import * as Memory from "perdure/Store/Memory"
import * as Sqlite from "perdure/Store/Sqlite"
import { cut } from "../suites/executor/FaultyStore.ts"
import { Lab, looked, open, ownerName, pass, type Running, settle, until } from "../suites/executor/Lab.ts"
import { reasonOf } from "../suites/executor/failures.ts"
import { summaryOf } from "../suites/executor/stored.ts"
import { makeIt } from "../suites/executor/SuitePart.ts"
import { vitest } from "../suites/vitest.ts"

const Call = Signal.make("call", { payload: Schema.String })
const Nap = Workflow.make("Nap", { success: Schema.String })
const NapLive = Nap.toLayer(() => Effect.raceFirst(Effect.as(Effect.sleep("2 hours"), "slept"), Call.receive))

/** Some more than a worker reads of those that it takes at once. */
const count = 1050

const idOf = (index: number) => WorkflowId.make(`nap ${String(index).padStart(4, "0")}`)

const settings = (worker: string) => ({ worker, heartbeatInterval: "50 millis", lease: "10 minutes" }) as const

/** A worker that has taken many sleepers over from one that has ended, and how many it has read. */
const taken = Effect.gen(function* () {
  const { store } = yield* Lab
  const before = yield* open(NapLive, settings("before"))
  yield* Effect.forEach(
    Array.from({ length: count }, (_, index) => idOf(index)),
    (workflowId) => before.run(Nap.start(undefined, { workflowId })),
    { concurrency: 64, discard: true }
  )
  yield* before.stop
  let reads = 0
  const counting = {
    ...store,
    load: (...args: Parameters<typeof store.load>) => Effect.suspend(() => store.load(...((reads += 1), args)))
  }
  const lab = yield* Lab
  const after = yield* Effect.provideService(open(NapLive, settings("after")), Lab, { ...lab, store: counting })
  const { living } = yield* store.workers
  const itself = living.flatMap(({ id }) => (ownerName({ owner: id }) === "after" ? [id] : []))
  yield* until(Effect.map(store.count({ unsettled: true, ownerNotIn: itself }), (left) => left === 0))
  yield* settle
  return { after, reads: () => reads, store }
})

const statusOf = (id: WorkflowId) => Effect.map(summaryOf(id), ({ status }) => status)

const resultOf = (worker: Running, id: WorkflowId) => worker.run(Effect.flatMap(Nap.handle(id), ({ result }) => result))

describe.each([
  ["memory", Memory.layer],
  ["SQLite", Sqlite.layer({ filename: ":memory:" })]
] as const)("sleepers on %s", (_, store) => {
  const it = makeIt(vitest, { store })

  it.effect("9. very many are taken over and not all of them are read", () =>
    Effect.gen(function* () {
      const { reads } = yield* taken
      assert.isAtLeast(reads(), 1)
      assert.isBelow(reads(), count)
    })
  )

  it.effect("9. one that was not read takes what it is told, here and elsewhere, also when the news is lost", () =>
    Effect.gen(function* () {
      const { after } = yield* taken
      const other = yield* open(Layer.empty, settings("other"))
      const [here, there, unheard, cancelled, ended] = [1, 2, 3, 4, 5].map((back) => idOf(count - back)) as [
        WorkflowId,
        WorkflowId,
        WorkflowId,
        WorkflowId,
        WorkflowId
      ]
      yield* after.run(Call.send(here, "here"))
      assert.strictEqual(yield* resultOf(after, here), "here")
      yield* other.run(Call.send(there, "there"))
      assert.strictEqual(yield* resultOf(other, there), "there")
      yield* after.cancel(cancelled, "late")
      assert.strictEqual(yield* reasonOf(resultOf(after, cancelled)), "Cancelled")
      yield* other.terminate(ended, "now")
      assert.strictEqual(yield* reasonOf(resultOf(after, ended)), "Terminated")
      after.link.fault = cut("changes")
      yield* other.run(Call.send(unheard, "unheard"))
      yield* until(Effect.map(statusOf(unheard), (status) => status === "completed"))
    })
  )

  it.effect("9. those that were not read wake in time", () =>
    Effect.gen(function* () {
      const { after, store } = yield* taken
      yield* pass("1 hour")
      yield* looked(after)
      yield* pass("3580 seconds")
      yield* looked(after)
      assert.strictEqual(yield* store.count({ status: ["running"] }), count)
      // They are in care by now: nothing is looked for any more.
      after.link.fault = cut("list")
      yield* pass("19 seconds")
      assert.strictEqual(yield* store.count({ status: ["running"] }), count)
      yield* pass("1 second")
      assert.strictEqual(yield* store.count({ status: ["completed"] }), count)
      assert.strictEqual((yield* summaryOf(idOf(count - 1))).closedAt, 7_200_000)
    })
  )

  it.effect("9. those that were not read wake after the clock has jumped", () =>
    Effect.gen(function* () {
      const { store } = yield* taken
      yield* TestClock.adjust("1 day")
      yield* until(Effect.map(store.count({ status: ["completed"] }), (woken) => woken === count))
    })
  )

  it.effect("9. those that were not read are taken again by the next worker", () =>
    Effect.gen(function* () {
      const { after } = yield* taken
      yield* after.stop
      const next = yield* open(NapLive, settings("next"))
      const last = idOf(count - 1)
      yield* until(Effect.map(summaryOf(last), (summary) => ownerName(summary) === "next"))
      yield* next.run(Call.send(last, "again"))
      assert.strictEqual(yield* resultOf(next, last), "again")
    })
  )
})
