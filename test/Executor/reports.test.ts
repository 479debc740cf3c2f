/** What handlers report, where the store or the place of the call refuses it. */
import { assert, describe, it } from "@effect/vitest"
import { Clock, Context, Effect, Option } from "effect"
import { TestClock } from "effect/testing"
import { RunId, Sequence, WorkflowId } from "perdure/Ids"
import * as Memory from "perdure/Store/Memory"
import { Corrupt, StoreError, type WorkflowStore } from "perdure/Store/WorkflowStore"
import { Fibers } from "../../src/Executor/default/Fibers.ts"
import { Reports } from "../../src/Executor/default/Reports.ts"

const placeOf = (seq: number) => ({
  workflowId: WorkflowId.make("order"),
  runId: RunId.make("run"),
  seq: Sequence.make(seq)
})

/** Reports in virtual time to a store that refuses the details of call 0 while it is told to. */
const make = Effect.gen(function* () {
  const clock = yield* Clock.Clock
  const memory = yield* Memory.make()
  const link = { refuses: false }
  const refused = new StoreError({ operation: "saveDetails", reason: new Corrupt({ detail: "no room" }) })
  const store: WorkflowStore["Service"] = {
    ...memory,
    saveDetails: (all) =>
      link.refuses && all.some(({ seq }) => seq === 0) ? Effect.fail(refused) : memory.saveDetails(all)
  }
  const lease = { mustLook: false }
  const reports = new Reports(store, new Fibers(Context.make(Clock.Clock, clock), clock), lease)
  const saved = (seq: number) => Effect.map(memory.details(placeOf(seq)), Option.getOrUndefined)
  return { lease, link, reports, saved }
})

/** Saves something: what comes within a second of that is saved together, when it is over. */
const justSaved = (reports: Reports) => {
  reports.report(placeOf(2), "first")
  return TestClock.adjust("10 millis")
}

describe("what handlers report", () => {
  it.effect("is saved for one call when the store refuses that of another", () =>
    Effect.gen(function* () {
      const { link, reports, saved } = yield* make
      link.refuses = true
      yield* justSaved(reports)
      reports.report(placeOf(0), "refused")
      reports.report(placeOf(1), "taken")
      yield* TestClock.adjust("5 seconds")
      assert.deepStrictEqual([yield* saved(0), yield* saved(1)], [undefined, "taken"])
    })
  )

  it.effect("is not saved where it is too long, and that of other calls is", () =>
    Effect.gen(function* () {
      const { reports, saved } = yield* make
      yield* justSaved(reports)
      reports.report(placeOf(0), "x".repeat(256 * 1024))
      reports.report(placeOf(1), "x".repeat(256 * 1024 - 2))
      yield* TestClock.adjust("5 seconds")
      assert.isUndefined(yield* saved(0))
      assert.strictEqual(JSON.stringify(yield* saved(1)).length, 256 * 1024)
    })
  )

  it.effect("overwrites nothing once another process may have the execution, and is saved when it has not", () =>
    Effect.gen(function* () {
      const { lease, reports, saved } = yield* make
      lease.mustLook = true
      reports.report(placeOf(0), "late")
      yield* TestClock.adjust("5 seconds")
      assert.isUndefined(yield* saved(0))
      lease.mustLook = false
      reports.report(placeOf(1), "later")
      yield* TestClock.adjust("5 seconds")
      assert.deepStrictEqual([yield* saved(0), yield* saved(1)], ["late", "later"])
      yield* justSaved(reports)
      reports.report(placeOf(0), "never")
      reports.remove(placeOf(1), false)
      reports.forget(placeOf(0).runId)
      yield* TestClock.adjust("5 seconds")
      assert.deepStrictEqual([yield* saved(0), yield* saved(1)], ["late", undefined])
    })
  )
})
