/** Promise 8: what can be known of an execution, and that its end is final. */
import { Deferred, Duration, Effect, Layer, Option, Schema } from "effect"
import { Activity, RetryPolicy, Signal, Update, Workflow } from "perdure"
import { Sequence, WorkerId } from "perdure/Ids"
import type { Page } from "perdure/Store/WorkflowStore"
import { assert } from "../assert.ts"
import type { SuitePart } from "./SuitePart.ts"
import { errorOf, reasonOf } from "./failures.ts"
import { Lab, open, pass, settle, until, words } from "./Lab.ts"

const Go = Signal.make("go")
const Stop = Signal.make("stop")
const Hang = Activity.make("Hang")
const Flaky = Activity.make("Flaky", {
  error: Schema.String,
  retry: RetryPolicy.exponential({ initialInterval: "1 minute" })
})

const handlers = Layer.mergeAll(
  Hang.toLayer(() => Effect.never),
  Flaky.toLayer(() => Effect.fail("not now"))
)

const Wait = Workflow.make("Wait", { input: Schema.Number, success: Schema.Number })
const WaitLive = Wait.toLayer((input) => Effect.as(Go.receive, input))
const Fail = Workflow.make("Fail", { error: Schema.String })
const FailLive = Fail.toLayer(() => Effect.fail("always"))

const ids = (page: Page) => page.executions.map(({ workflowId }) => String(workflowId))

export const describing: SuitePart = (it) => {
  it.effect("8. every execution can say what it waits for", () =>
    Effect.gen(function* () {
      const All = Workflow.make("All", { error: Schema.String })
      const Never = Workflow.make("Never")
      const Many = Workflow.make("Many")
      const app = yield* open(
        Layer.mergeAll(
          All.toLayer(() =>
            Effect.all([Hang(), Flaky(), Effect.sleep("1 hour"), Go.receive, Stop.receive], {
              concurrency: "unbounded",
              discard: true
            })
          ),
          Never.toLayer(() => Effect.never),
          Many.toLayer(() =>
            Effect.all(
              Array.from({ length: 15 }, () => Hang()),
              { concurrency: "unbounded", discard: true }
            )
          )
        ).pipe(Layer.provide(handlers))
      )
      const all = yield* app.run(All.start())
      const never = yield* app.run(Never.start())
      const many = yield* app.run(Many.start())
      yield* settle
      assert.deepStrictEqual(words(yield* all.describe), [
        "activity Hang #0",
        "activity Flaky #1, attempt 2 at 1970-01-01T00:01:00.000Z",
        "timer #2 until 1970-01-01T01:00:00.000Z",
        "signal go",
        "signal stop"
      ])
      assert.deepStrictEqual(words(yield* never.describe), [
        "nothing that can happen by itself: only a cancel or terminate ends it"
      ])
      assert.deepStrictEqual(words(yield* many.describe), [
        ...Array.from({ length: 10 }, (_, seq) => `activity Hang #${seq}`),
        "and 5 more"
      ])
    })
  )

  it.effect("8. a program that waits for updates says for which, and that it waits for a time beside", () =>
    Effect.gen(function* () {
      const AddItem = Update.make("addItem")
      const CheckOut = Update.make("checkOut")
      const Cart = Workflow.make("Cart", { input: Schema.Boolean })
      const app = yield* open(
        Cart.toLayer(
          Effect.fnUntraced(function* (expires) {
            const done = yield* Deferred.make<void>()
            yield* AddItem.handle(() => Effect.void)
            yield* CheckOut.handle(() => Deferred.succeed(done, undefined))
            yield* expires ? Effect.timeoutOption(Deferred.await(done), "1 hour") : Deferred.await(done)
          })
        )
      )
      const cart = yield* app.run(Cart.start(false))
      const expiring = yield* app.run(Cart.start(true))
      yield* settle
      const updates = "one of its updates: addItem, checkOut"
      assert.deepStrictEqual(words(yield* cart.describe), [updates])
      assert.deepStrictEqual(words(yield* expiring.describe), ["timer #0 until 1970-01-01T01:00:00.000Z", updates])
    })
  )

  it.effect("8. an execution that was cancelled says so, with what its finalizers wait for", () =>
    Effect.gen(function* () {
      const Clean = Workflow.make("Clean", { workflowId: () => "clean" })
      const app = yield* open(Clean.toLayer(() => Effect.ensuring(Effect.never, Effect.sleep("1 hour"))))
      const clean = yield* app.run(Clean.start())
      yield* clean.cancel("not needed")
      yield* settle
      assert.deepStrictEqual(words(yield* clean.describe), [
        "its finalizers, since it was cancelled: not needed",
        "timer #0 until 1970-01-01T01:00:00.000Z"
      ])
      yield* pass("1 hour")
      assert.deepStrictEqual((yield* clean.describe).waitingFor, [])
      assert.strictEqual(yield* clean.status, "cancelled")
    })
  )

  it.live("8. an execution of which no living worker has the workflow says so first", () =>
    Effect.gen(function* () {
      const asker = yield* open(Layer.empty)
      const described = Effect.map(asker.executions.describe("waits"), words)
      const first = yield* open(WaitLive)
      yield* first.run(Wait.start(7, { workflowId: "waits" }))
      assert.deepStrictEqual(yield* described, ["signal go"])
      yield* first.stop
      assert.deepStrictEqual(yield* described, ["a worker that has workflow Wait", "signal go"])
      // It is so also by a handle, and when only workers of other workflows live.
      const other = yield* open(FailLive)
      assert.deepStrictEqual(yield* described, ["a worker that has workflow Wait", "signal go"])
      const handle = yield* other.run(Wait.handle("waits"))
      assert.deepStrictEqual(words(yield* handle.describe), ["a worker that has workflow Wait", "signal go"])
      const last = yield* open(WaitLive)
      assert.deepStrictEqual(yield* described, ["signal go"])
      yield* last.signal("waits", "go", null)
      yield* last.result("waits")
      yield* last.stop
      assert.deepStrictEqual(yield* described, [], "what is finished waits for none")
    })
  )

  it.live("8. a living worker that does not say which workflows it has may have any", () =>
    Effect.gen(function* () {
      const { store } = yield* Lab
      const asker = yield* open(Layer.empty)
      const first = yield* open(WaitLive)
      yield* first.run(Wait.start(7, { workflowId: "waits" }))
      yield* first.stop
      const described = Effect.map(asker.executions.describe("waits"), words)
      assert.deepStrictEqual(yield* described, ["a worker that has workflow Wait", "signal go"])
      // As releases before 0.2 do.
      yield* store.heartbeat({ id: WorkerId.make("old") }, Duration.hours(1))
      assert.deepStrictEqual(yield* described, ["signal go"])
    })
  )

  it.live("8. an execution that is blocked, or that none has taken yet, says no more than that", () =>
    Effect.gen(function* () {
      const asker = yield* open(Layer.empty)
      yield* asker.run(Wait.start(7, { workflowId: "new" }))
      assert.deepStrictEqual(words(yield* asker.executions.describe("new")), ["a worker that has workflow Wait"])
      const first = yield* open(
        Wait.toLayer(() =>
          Effect.as(
            Effect.promise(() => Promise.resolve()),
            1
          )
        )
      )
      yield* until(Effect.map(asker.executions.describe("new"), ({ status }) => status === "blocked"))
      yield* first.stop
      const blocked = words(yield* asker.executions.describe("new"))
      assert.lengthOf(blocked, 1)
      assert.match(blocked[0]!, /^blocked: /)
    })
  )

  it.live("8. a description counts the signals that the program has not received, by name", () =>
    Effect.gen(function* () {
      const Two = Workflow.make("Two")
      const app = yield* open(
        Two.toLayer(() => Effect.andThen(Effect.andThen(Go.receive, Go.receive), Stop.receive)),
        { worker: "app" }
      )
      const { describe, id } = yield* app.run(Two.start())
      const unreceived = Effect.map(describe, (summary) => summary.unreceived)
      assert.isUndefined(yield* unreceived)
      for (const name of ["stop", "stop", "typo"]) yield* app.signal(id, name, null)
      assert.deepStrictEqual(yield* unreceived, { stop: 2, typo: 1 })
      yield* app.signal(id, "go", null)
      assert.deepStrictEqual(yield* unreceived, { stop: 2, typo: 1 }, "the program was ready for it")
      // Without a worker it is counted too, whatever the program is ready for.
      yield* app.stop
      const sender = yield* open(Layer.empty)
      const { executions } = sender
      yield* sender.signal(id, "typo", null)
      yield* sender.signal(id, "go", null)
      assert.deepStrictEqual((yield* executions.describe(id)).unreceived, { stop: 2, typo: 2, go: 1 })
      yield* open(
        Two.toLayer(() =>
          Effect.andThen(Effect.andThen(Go.receive, Go.receive), Effect.andThen(Stop.receive, Effect.never))
        ),
        { worker: "app" }
      )
      yield* until(
        Effect.map(executions.describe(id), ({ owner, wakeAt }) => owner !== undefined && wakeAt === undefined)
      )
      assert.deepStrictEqual((yield* executions.describe(id)).unreceived, { stop: 1, typo: 2 })
    })
  )

  it.effect("8. a description has the status, the times, the attributes and when it must be woken", () =>
    Effect.gen(function* () {
      const Sleep = Workflow.make("Sleep")
      const app = yield* open(
        Sleep.toLayer(() => Effect.sleep("1 hour")),
        { worker: "one" }
      )
      yield* pass("1 minute")
      const attributes = { customer: "Ada", cents: 12, urgent: true }
      const handle = yield* app.run(Sleep.start(undefined, { workflowId: "sleep", attributes }))
      const summary = yield* handle.describe
      assert.deepInclude(summary, {
        runId: handle.runId,
        workflow: "Sleep",
        status: "running",
        startedAt: 60_000,
        updatedAt: 60_000,
        wakeAt: 3_660_000,
        waitingFor: [{ _tag: "Timer", seq: Sequence.make(0), until: 3_660_000 }],
        attributes
      })
      assert.isDefined(summary.owner)
      assert.strictEqual(String(summary.workflowId), "sleep")
      yield* pass("1 hour")
      const closed = yield* handle.describe
      assert.deepInclude(closed, { status: "completed", updatedAt: 3_660_000, closedAt: 3_660_000, attributes })
      assert.deepStrictEqual([closed.waitingFor, closed.wakeAt, closed.owner], [[], undefined, undefined])
    })
  )

  it.effect("8. executions are listed by status, workflow, attributes and time, a page at a time", () =>
    Effect.gen(function* () {
      const app = yield* open(Layer.mergeAll(WaitLive, FailLive))
      for (let index = 0; index < 25; index++) {
        const attributes = { even: index % 2 === 0 }
        yield* app.run(Wait.start(index, { workflowId: `w${String(index).padStart(2, "0")}`, attributes }))
        yield* pass(1000)
      }
      yield* app.run(Fail.start(undefined, { workflowId: "f" }))
      yield* app.signal("w03", "go", null)
      yield* settle
      const list = app.executions.list
      assert.deepStrictEqual(ids(yield* list({ status: ["failed"] })), ["f"])
      assert.deepStrictEqual(ids(yield* list({ status: ["completed", "failed"] })), ["w03", "f"])
      assert.strictEqual(ids(yield* list({ workflow: "Wait" })).length, 25)
      assert.strictEqual(ids(yield* list({ attributes: { even: true } })).length, 13)
      assert.deepStrictEqual(ids(yield* list({ startedFrom: 4000, startedBefore: 6000 })), ["w04", "w05"])
      const pages: Array<ReadonlyArray<string>> = []
      let cursor: string | undefined
      do {
        const page: Page = yield* list({ workflow: "Wait", limit: 10, cursor })
        pages.push(ids(page))
        cursor = Option.getOrUndefined(page.next)
      } while (cursor !== undefined && pages.length < 10)
      assert.deepStrictEqual(
        pages.map((page) => page.length),
        [10, 10, 5]
      )
      assert.deepStrictEqual(pages.flat(), pages.flat().toSorted())
    })
  )

  it.effect("8. a filter or a cursor that makes no sense is a mistake of the caller, and says what", () =>
    Effect.gen(function* () {
      const app = yield* open(WaitLive)
      const limit = yield* errorOf(app.executions.list({ limit: Number.NaN }))
      assert.strictEqual(limit._tag, "InvalidPayload")
      assert.strictEqual(limit.message, "the filter: limit must be a whole number of at least 1, and is NaN")
      const cursor = yield* errorOf(app.executions.list({ cursor: "garbage" }))
      assert.strictEqual(cursor._tag, "InvalidPayload")
      assert.match(cursor.message, /^the filter: .*not a cursor/)
      const counted = yield* errorOf(app.executions.count({ wakeBefore: Number.NaN }))
      assert.strictEqual(counted._tag, "InvalidPayload")
      assert.match(counted.message, /^the filter: wakeBefore must be a time/)
    })
  )

  it.effect("8. the result of an execution that was deleted is not that of the next one of its id", () =>
    Effect.gen(function* () {
      const app = yield* open(WaitLive)
      const start = app.run(Wait.start(1, { workflowId: "again" }))
      const first = yield* start
      yield* app.signal("again", "go", null)
      assert.strictEqual(yield* first.result, 1)
      yield* app.executions.delete(first)
      const second = yield* start
      assert.include(yield* errorOf(first.result), { _tag: "Restarted", runId: second.runId })
    })
  )

  it.effect("8. executions are listed by when they must be woken", () =>
    Effect.gen(function* () {
      const Sleep = Workflow.make("Sleep", { input: Schema.Number })
      const app = yield* open(Layer.mergeAll(WaitLive, Sleep.toLayer(Effect.sleep)))
      yield* app.run(Wait.start(1, { workflowId: "never" }))
      for (const seconds of [3, 1, 2]) {
        yield* app.run(Sleep.start(seconds * 1000, { workflowId: `in ${seconds} s` }))
      }
      assert.sameMembers(ids(yield* app.executions.list({ wakeBefore: 2000 })), ["in 1 s"])
      assert.sameMembers(ids(yield* app.executions.list({ wakeBefore: 2001 })), ["in 1 s", "in 2 s"])
      yield* pass("2 seconds")
      assert.sameMembers(ids(yield* app.executions.list({ wakeBefore: 1e12 })), ["in 3 s"])
    })
  )

  it.effect("8. the history tells all that happened, in order", () =>
    Effect.gen(function* () {
      const app = yield* open(WaitLive)
      const handle = yield* app.run(Wait.start(7))
      yield* app.run(Go.send(handle))
      yield* handle.result
      assert.deepStrictEqual(
        (yield* handle.history).map(({ _tag }) => _tag),
        ["ExecutionStarted", "SignalReceived", "ExecutionCompleted"]
      )
    })
  )

  it.effect("8. an end never changes, whatever is sent afterwards and however often the executor restarts", () =>
    Effect.gen(function* () {
      const workflows = Layer.mergeAll(WaitLive, FailLive)
      let app = yield* open(workflows)
      const completed = yield* app.run(Wait.start(1, { workflowId: "completed" }))
      yield* app.run(Go.send(completed))
      yield* app.run(Fail.start(undefined, { workflowId: "failed" }))
      yield* (yield* app.run(Wait.start(1, { workflowId: "cancelled" }))).cancel()
      yield* (yield* app.run(Wait.start(1, { workflowId: "terminated" }))).terminate()
      yield* app.run(Wait.start(1, { workflowId: "timedOut", timeout: "1 minute" }))
      yield* pass("1 hour")
      const { store } = yield* Lab
      const all = store.list()
      const ends = yield* all
      assert.strictEqual(ends.executions.length, 5)
      for (let round = 0; round < 3; round++) {
        for (const { status, workflowId } of ends.executions) {
          assert.strictEqual(status, String(workflowId))
          for (const send of [app.signal(workflowId, "go", null), app.cancel(workflowId), app.terminate(workflowId)]) {
            assert.deepInclude(yield* errorOf(send), { _tag: "Finished", status })
          }
        }
        yield* app.stop
        app = yield* open(workflows)
        yield* pass("1 hour")
      }
      assert.deepStrictEqual(yield* all, ends)
    })
  )

  it.effect("8. whoever asks for a result gets it: before the end, after it, and after a restart", () =>
    Effect.gen(function* () {
      const first = yield* open(WaitLive)
      const handle = yield* first.run(Wait.start(7, { workflowId: "seven" }))
      const before = yield* Effect.forkChild(Effect.replicateEffect(handle.result, 3))
      yield* settle
      yield* first.run(Go.send(handle))
      yield* settle
      assert.deepStrictEqual(before.pollUnsafe()?._tag, "Success")
      assert.strictEqual(yield* handle.result, 7)
      yield* first.stop
      const second = yield* open(WaitLive)
      assert.strictEqual(yield* (yield* second.run(Wait.handle("seven"))).result, 7)
    })
  )

  it.effect("8. a finished execution can be deleted, and its id is free again", () =>
    Effect.gen(function* () {
      const app = yield* open(WaitLive)
      const start = app.run(Wait.start(7, { workflowId: "seven" }))
      const handle = yield* start
      yield* app.run(Go.send(handle))
      yield* handle.result
      yield* app.executions.delete("seven")
      for (const question of [app.run(handle.status), app.run(handle.history), app.result("seven"), handle.cancel()]) {
        assert.strictEqual(yield* reasonOf<unknown, never, never>(question), "NotFound")
      }
      assert.strictEqual(yield* reasonOf(app.executions.delete("seven")), "NotFound")
      assert.strictEqual(yield* reasonOf(app.run(Wait.handle("seven"))), "NotFound")
      const again = yield* start
      assert.isTrue(again.created)
      assert.notStrictEqual(again.runId, handle.runId)
      assert.strictEqual(yield* again.status, "running")
    })
  )

  it.effect("8. an unfinished execution cannot be deleted", () =>
    Effect.gen(function* () {
      const app = yield* open(WaitLive)
      const handle = yield* app.run(Wait.start(7))
      assert.deepInclude(yield* errorOf(app.executions.delete(handle.id)), { _tag: "Unfinished", status: "running" })
      yield* app.run(Go.send(handle))
      assert.strictEqual(yield* handle.result, 7)
    })
  )

  it.effect("8. an id that nobody started is not found", () =>
    Effect.gen(function* () {
      const app = yield* open(WaitLive)
      const questions = [
        app.executions.describe("nobody"),
        app.executions.history("nobody"),
        app.result("nobody"),
        app.run(Wait.handle("nobody"))
      ]
      for (const question of questions) {
        assert.strictEqual(yield* reasonOf<unknown, never, never>(question), "NotFound")
      }
    })
  )
}
