/** Promise 7, of executions that no worker has taken: a cancel ends them, since there is no program whose finalizers could run. */
import { Effect, Layer, Schema } from "effect"
import { Signal, Workflow } from "perdure"
import type { Commit, StoreError } from "perdure/Store/WorkflowStore"
import { assert } from "../assert.ts"
import { errorOf } from "./failures.ts"
import { type Lab, open, pass, type Running, settle } from "./Lab.ts"
import { historyOf, summaryOf, tags } from "./stored.ts"
import type { SuitePart } from "./SuitePart.ts"

const Go = Signal.make("go")

const ran: Array<string> = []

/** Waits, and says when it runs and when it is undone. */
const Job = Workflow.make("Job", { input: Schema.String, workflowId: (id) => id })
const JobLive = Job.toLayer((id) =>
  Effect.ensuring(
    Effect.suspend(() => {
      ran.push(id)
      return Go.receive
    }),
    Effect.sync(() => ran.push(`undid ${id}`))
  )
)

const Parent = Workflow.make("Parent", { success: Schema.Json, workflowId: () => "parent" })

const asked = ["ExecutionStarted", "CancelRequested"]

/** Before an executor saves for the first time by itself, something else happens. */
const beforeSave = ({ link }: Running, meanwhile: Effect.Effect<unknown, StoreError>) => {
  const { save, saveAll } = link.store
  let isFirst = true
  const once = Effect.suspend(() => {
    if (!isFirst) return Effect.void
    isFirst = false
    return Effect.orDie(Effect.asVoid(meanwhile))
  })
  Object.assign(link.store, {
    save: (commit: Commit) => Effect.andThen(once, save(commit)),
    saveAll: (commits: ReadonlyArray<Commit>) => Effect.andThen(once, saveAll(commits))
  })
}

export const untaken: SuitePart = (it) => {
  it.effect("7. a cancel ends an execution that no worker has taken, and none runs it later", () =>
    Effect.gen(function* () {
      ran.length = 0
      const client = yield* open(Layer.empty)
      const job = yield* client.run(Job.start("new"))
      yield* client.run(Go.send(job))
      yield* client.cancel("new", "not needed")
      const error = yield* errorOf(client.run(job.result))
      assert.strictEqual(error._tag, "Cancelled")
      assert.include(error.message, "not needed")
      const history = yield* historyOf("new")
      assert.deepStrictEqual(tags(history), [
        "ExecutionStarted",
        "SignalReceived",
        "CancelRequested",
        "ExecutionCancelled"
      ])
      const { closedAt, owner, status, wakeAt, waitingFor } = yield* summaryOf("new")
      assert.deepStrictEqual([status, wakeAt, owner, waitingFor], ["cancelled", undefined, undefined, []])
      assert.strictEqual(closedAt, history.at(-1)!.at)
      assert.strictEqual((yield* errorOf(client.cancel("new")))._tag, "Finished")
      yield* open(JobLive)
      yield* pass("1 hour")
      assert.deepStrictEqual(ran, [])
      assert.lengthOf(yield* historyOf("new"), 4)
    })
  )

  it.effect("16. an interrupted call does not wait for a child that no worker has taken", () =>
    Effect.gen(function* () {
      const app = yield* open(
        Parent.toLayer(() => Effect.as(Effect.timeoutOption(Job.execute("child"), "1 minute"), "gone on"))
      )
      const parent = yield* app.run(Parent.start())
      yield* pass("1 minute")
      assert.strictEqual(yield* app.run(parent.result), "gone on")
      const end = (yield* historyOf("parent")).find((event) => event._tag === "ChildEnded")
      assert.deepInclude(end?.closing, { _tag: "ExecutionCancelled", reason: "the call of its parent was interrupted" })
      const child = yield* summaryOf("child")
      assert.deepStrictEqual([child.status, child.owed, child.wakeAt], ["cancelled", undefined, undefined])
    })
  )

  it.effect("16. a child that no worker has taken is cancelled from outside, and its parent learns that", () =>
    Effect.gen(function* () {
      const app = yield* open(
        Parent.toLayer(() =>
          Effect.catch(Effect.as(Job.execute("child"), "went"), ({ reason }) => Effect.succeed<string>(reason._tag))
        )
      )
      const client = yield* open(Layer.empty)
      const parent = yield* app.run(Parent.start())
      yield* settle
      yield* client.cancel("child")
      yield* settle
      assert.strictEqual(yield* app.run(parent.result), "Cancelled")
      assert.isUndefined((yield* summaryOf("child")).owed)
    })
  )

  it.effect("16. children that no worker has taken end with their parent", () =>
    Effect.gen(function* () {
      const app = yield* open(Parent.toLayer(() => Effect.as(Job.start("child"), "done")))
      assert.strictEqual(yield* app.run(Parent.execute()), "done")
      yield* settle
      const child = yield* summaryOf("child")
      assert.deepStrictEqual([child.status, child.owed], ["cancelled", undefined])
      assert.deepStrictEqual(tags(yield* historyOf("child")).slice(0, 3), [...asked, "ExecutionCancelled"])
    })
  )

  it.effect("7. a worker that takes an execution before the cancel is saved runs its finalizers", () =>
    Effect.gen(function* () {
      ran.length = 0
      const client = yield* open(Layer.empty)
      yield* client.run(Job.start("raced"))
      beforeSave(
        client,
        open(JobLive).pipe(
          Effect.andThen(settle),
          Effect.provide(yield* Effect.context<Lab>()),
          Effect.scoped,
          Effect.orDie
        )
      )
      yield* client.cancel("raced")
      yield* settle
      assert.deepStrictEqual(ran, ["raced", "undid raced"])
      assert.deepStrictEqual(tags(yield* historyOf("raced")), [
        "ExecutionStarted",
        "OwnerChanged",
        "CancelRequested",
        "ExecutionCancelled"
      ])
    })
  )

  it.effect(
    "7. a worker that takes an execution while a cancel ends it lets it go, and nothing it did is recorded",
    () =>
      Effect.gen(function* () {
        const client = yield* open(Layer.empty)
        yield* client.run(Job.start("raced"))
        const worker = yield* open(JobLive, { heartbeatInterval: "1 hour" })
        yield* settle
        // It has taken the first one; of the second one the cancel comes before its commit.
        const context = yield* Effect.context<never>()
        yield* client.run(Job.start("first"))
        yield* settle
        beforeSave(worker, Effect.provide(Effect.orDie(client.cancel("second")), context))
        yield* client.run(Job.start("second"))
        yield* settle
        assert.deepStrictEqual(tags(yield* historyOf("second")), [...asked, "ExecutionCancelled"])
        assert.strictEqual((yield* summaryOf("first")).status, "running")
        yield* worker.signal("first", "go", null)
        assert.strictEqual((yield* worker.result("first"))._tag, "ExecutionCompleted")
      })
  )

  it.effect("7. a cancel of a blocked execution waits for code that can run its finalizers", () =>
    Effect.gen(function* () {
      const Two = Workflow.make("Two", { workflowId: () => "two" })
      const wrong = yield* open(
        Two.toLayer(() => Effect.forever(Effect.yieldNow)),
        { spinLimit: "5 millis" }
      )
      yield* wrong.run(Two.start())
      yield* settle
      assert.strictEqual((yield* summaryOf("two")).status, "blocked")
      yield* wrong.stop
      const client = yield* open(Layer.empty)
      yield* client.cancel("two", "not needed")
      yield* settle
      assert.strictEqual((yield* summaryOf("two")).status, "blocked")
      const undone: Array<string> = []
      yield* open(
        Two.toLayer(() =>
          Effect.ensuring(
            Go.receive,
            Effect.sync(() => undone.push("two"))
          )
        )
      )
      yield* settle
      assert.deepStrictEqual(undone, ["two"])
      const history = yield* historyOf("two")
      assert.deepStrictEqual(tags(history), [
        "ExecutionStarted",
        "ExecutionBlocked",
        "CancelRequested",
        "OwnerChanged",
        "ExecutionCancelled"
      ])
      assert.deepInclude(history.at(-1), { reason: "not needed" })
    })
  )
}
