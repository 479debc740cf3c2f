/** Promise 16: a child is started once, its end reaches its parent once, and it does not outlive the call that waits for it. */
import { Effect, Exit, Fiber, Latch, Layer, Option, Schema } from "effect"
import { Activity, Signal, Workflow, type WorkflowError } from "perdure"
import { isCommand } from "perdure/HistoryEvent"
import { WorkflowId } from "perdure/Ids"
import { type Commit, StoreError, type StoreErrorReason, TooLarge, Unavailable } from "perdure/Store/WorkflowStore"
import { assert } from "../assert.ts"
import { errorOf } from "./failures.ts"
import { Lab, open, pass, settle, until, words } from "./Lab.ts"
import { eventsOf, historyOf, summaryOf, tags } from "./stored.ts"
import type { SuitePart } from "./SuitePart.ts"

const Go = Signal.make("go")

class Refused extends Schema.TaggedError<Refused>()("Refused", { amount: Schema.Finite }) {}

const Charge = Activity.make("Charge", { input: Schema.Finite, success: Schema.String })
const Pay = Workflow.make("Pay", { input: Schema.Finite, success: Schema.String, error: Refused })
const PayLive = Pay.toLayer(
  Effect.fnUntraced(function* (amount) {
    if (amount > 100) return yield* new Refused({ amount })
    return yield* Charge(amount)
  })
).pipe(Layer.provide(Charge.toLayer((amount) => Effect.succeed(`paid ${amount}`))))

/** Waits for a signal. */
const Wait = Workflow.make("Wait", { input: Schema.String, success: Schema.String })
const WaitLive = Wait.toLayer((text) => Effect.as(Go.receive, text))

const children = Layer.merge(PayLive, WaitLive)

/** A parent whose program is given by the test. */
const Parent = Workflow.make("Parent", { success: Schema.Json, error: Refused, workflowId: () => "parent" })

const statusOf = (id: string) => Effect.map(summaryOf(id), ({ status }) => status)

export const parenting: SuitePart = (it) => {
  it.effect("16. a child is executed, and its success is that of the call", () =>
    Effect.gen(function* () {
      const { run } = yield* open(
        Layer.merge(
          children,
          Parent.toLayer(() => Pay.execute(7))
        )
      )
      assert.strictEqual(yield* run(Parent.execute()), "paid 7")
      yield* settle
      const history = yield* historyOf("parent")
      assert.deepStrictEqual(tags(history), [
        "ExecutionStarted",
        "MessageSent",
        "MessageSettled",
        "ChildEnded",
        "ExecutionCompleted"
      ])
      const { runId } = yield* summaryOf("parent")
      const child = yield* historyOf(`parent/${runId}/0`)
      const parent = { workflowId: WorkflowId.make("parent"), chain: runId }
      assert.deepInclude(child[0], { workflow: "Pay", parent, root: parent })
      assert.notProperty(history[0], "root")
    })
  )

  it.effect("16. the error of a child arrives as its own class, and every other end as a WorkflowError", () =>
    Effect.gen(function* () {
      const declared = Parent.toLayer(() =>
        Effect.catchTag(Pay.execute(500), "Refused", ({ amount }) => Effect.succeed(amount))
      )
      const first = yield* open(Layer.merge(children, declared))
      assert.strictEqual(yield* first.run(Parent.execute()), 500)
      yield* settle
      yield* first.stop
      const passed = yield* open(
        Layer.merge(
          children,
          Parent.toLayer(() => Pay.execute(500))
        )
      )
      const failed = yield* Effect.flip(passed.run(Parent.execute(undefined, { whenExists: "restart" })))
      assert.deepStrictEqual(failed, new Refused({ amount: 500 }))
      yield* settle
      yield* passed.stop
      const Ends = Workflow.make("Ends", { input: Schema.Literals(["dies", "waits"]) })
      const EndsLive = Ends.toLayer((how) => (how === "dies" ? Effect.die(new Error("a bug")) : Effect.never))
      const reasons = Parent.toLayer(() =>
        Effect.all(
          [
            refusal(Ends.execute("dies")),
            refusal(Ends.execute("waits", { workflowId: "cancelled" })),
            refusal(Ends.execute("waits", { workflowId: "terminated" })),
            refusal(Ends.execute("waits", { timeout: "1 hour" }))
          ],
          { concurrency: "unbounded" }
        )
      )
      const others = yield* open(Layer.merge(EndsLive, reasons))
      yield* others.run(Parent.start(undefined, { whenExists: "restart" }))
      yield* settle
      yield* others.cancel("cancelled")
      yield* others.terminate("terminated")
      yield* pass("1 hour")
      assert.deepStrictEqual(yield* others.run(Effect.flatMap(Parent.handle("parent"), ({ result }) => result)), [
        "Defect",
        "Cancelled",
        "Terminated",
        "TimedOut"
      ])
    })
  )

  it.effect(
    "16. an end of a child that the workflow does not declare ends the parent with a reason that names the child",
    () =>
      Effect.gen(function* () {
        const { cancel, run } = yield* open(
          Layer.merge(
            children,
            Parent.toLayer(() => Wait.execute("never", { workflowId: "child" }))
          )
        )
        yield* run(Parent.start())
        yield* settle
        yield* cancel("child", "from outside")
        const error = yield* errorOf(run(Effect.flatMap(Parent.handle("parent"), ({ result }) => result)))
        assert.deepInclude(error, {
          _tag: "OtherFailed",
          operation: "result",
          workflowId: "child",
          because: "Cancelled"
        })
      })
  )

  it.effect("16. a handle of a child signals it, cancels it and waits for its end as often as asked", () =>
    Effect.gen(function* () {
      const program = Parent.toLayer(() =>
        Effect.gen(function* () {
          const one = yield* Wait.start("one", { workflowId: "one" })
          const two = yield* Wait.start("two", { workflowId: "two" })
          yield* Go.send(one)
          yield* two.cancel("not needed")
          const ended = yield* Effect.exit(two.result)
          return [yield* one.result, yield* one.result, Exit.isFailure(ended), one.created]
        })
      )
      const { run } = yield* open(Layer.merge(children, program))
      assert.deepStrictEqual(yield* run(Parent.execute()), ["one", "one", true, true])
      assert.strictEqual(yield* statusOf("two"), "cancelled")
    })
  )

  it.effect("16. a message to a child that is not started yet arrives after its start", () =>
    Effect.gen(function* () {
      const program = Parent.toLayer(() =>
        Effect.map(
          Effect.all([Wait.execute("x", { workflowId: "child" }), Go.send("child", undefined)], {
            concurrency: "unbounded"
          }),
          ([text]) => text
        )
      )
      const { run } = yield* open(Layer.merge(children, program))
      assert.strictEqual(yield* run(Parent.execute()), "x")
    })
  )

  it.effect("16. an interrupted call cancels its child and waits for its end", () =>
    Effect.gen(function* () {
      const log: Array<string> = []
      const Slow = Workflow.make("Slow")
      const SlowLive = Slow.toLayer(() =>
        Effect.onInterrupt(Effect.never, () =>
          Effect.andThen(
            Effect.sleep("5 seconds"),
            Effect.sync(() => log.push("finalized"))
          )
        )
      )
      const program = Parent.toLayer(() =>
        Slow.execute(undefined, { workflowId: "slow" }).pipe(
          Effect.timeoutOption("1 minute"),
          Effect.map((done) => {
            log.push("went on")
            return Option.isNone(done)
          })
        )
      )
      const { run } = yield* open(Layer.mergeAll(children, SlowLive, program))
      yield* run(Parent.start())
      yield* pass("1 minute")
      assert.deepStrictEqual(log, [])
      yield* pass("5 seconds")
      assert.deepStrictEqual([...new Set(log)], ["finalized", "went on"])
      assert.isTrue(yield* run(Parent.execute()))
      assert.strictEqual(yield* statusOf("slow"), "cancelled")
    })
  )

  for (const [parentClose, status] of [
    ["cancel", "cancelled"],
    ["terminate", "terminated"],
    ["abandon", "running"]
  ] as const) {
    it.effect(`16. a child of a parent that ends is left ${status} by the policy ${parentClose}`, () =>
      Effect.gen(function* () {
        const program = Parent.toLayer(() => Effect.as(Wait.start("x", { workflowId: "child", parentClose }), "left"))
        const { run } = yield* open(Layer.merge(children, program))
        assert.strictEqual(yield* run(Parent.execute()), "left")
        yield* settle
        assert.strictEqual(yield* statusOf("child"), status)
      })
    )
  }

  it.effect("16. a parent that is terminated takes its children with it, also through another executor", () =>
    Effect.gen(function* () {
      for (const by of ["itself", "another"] as const) {
        const program = Parent.toLayer(() => Wait.execute("x", { workflowId: `child of ${by}` }))
        const app = yield* open(Layer.merge(children, program))
        const other = yield* open(Layer.empty)
        yield* app.run(Parent.start(undefined, { whenExists: "restart" }))
        yield* settle
        yield* (by === "itself" ? app : other).terminate("parent", "enough")
        yield* settle
        assert.strictEqual(yield* statusOf(`child of ${by}`), "cancelled")
        yield* app.stop
      }
    })
  )

  it.effect("16. a child may be run by another worker, and its end reaches its parent", () =>
    Effect.gen(function* () {
      const parents = yield* open(Parent.toLayer(() => Pay.execute(3, { workflowId: "elsewhere" })))
      yield* parents.run(Parent.start())
      yield* settle
      assert.deepStrictEqual(words(yield* summaryOf("parent")), ['child "elsewhere" of workflow Pay'])
      yield* open(children)
      yield* settle
      assert.strictEqual(yield* parents.run(Parent.execute()), "paid 3")
    })
  )

  it.effect("16. a child whose id is taken is refused, and the call says so", () =>
    Effect.gen(function* () {
      const program = Parent.toLayer(() => Effect.as(Wait.start("x", { workflowId: "taken" }), "started"))
      const { run } = yield* open(Layer.merge(children, program))
      yield* run(Wait.start("first", { workflowId: "taken" }))
      const error = yield* errorOf(run(Parent.execute()))
      assert.deepInclude(error, {
        _tag: "OtherFailed",
        operation: "start",
        workflowId: "taken",
        because: "AlreadyExists"
      })
      assert.strictEqual(yield* statusOf("taken"), "running")
    })
  )

  it.effect("16. what is not durable in a program is refused with what to do", () =>
    Effect.gen(function* () {
      const program = Parent.toLayer(() =>
        Effect.gen(function* () {
          return [
            yield* refusalInWords(Wait.start("x", { whenExists: "restart" })),
            yield* refusalInWords(Wait.start("x", { workflowId: "x".repeat(2000) })),
            yield* refusalInWords(Wait.start("x", { parentClose: "leave" as "cancel" })),
            yield* refusalInWords(Go.send({ workflowId: 5 as never }, undefined)),
            yield* refusalInWords(Go.send(null as never, undefined))
          ]
        })
      )
      const { run } = yield* open(Layer.merge(children, program))
      assert.deepStrictEqual(yield* run(Parent.execute()), [
        "InvalidPayload: whenExists: a child needs an id that is free; leave it out",
        "InvalidId: a workflow id may have 1024 bytes and this one has 2000; use a digest of it",
        'InvalidPayload: parentClose: it must be one of "cancel", "terminate", "abandon"',
        "InvalidPayload: the receiver: it must be an id, a ref or a handle",
        "InvalidPayload: the receiver: it must be an id, a ref or a handle"
      ])
    })
  )

  it.effect("16. a handle from outside is durable in a program", () =>
    Effect.gen(function* () {
      const app = yield* open(children)
      const outside = yield* app.run(Wait.start("x", { workflowId: "outside" }))
      const parents = yield* open(Parent.toLayer(() => Effect.as(Go.send(outside), "sent")))
      assert.strictEqual(yield* parents.run(Parent.execute()), "sent")
      yield* settle
      assert.strictEqual(yield* outside.result, "x")
      assert.include(tags(yield* historyOf("parent")), "MessageSent")
    })
  )

  it.effect("16. many children at once all end, and their parent gets each result", () =>
    Effect.gen(function* () {
      const amounts = Array.from({ length: 50 }, (_, index) => index)
      const program = Parent.toLayer(() =>
        Effect.forEach(amounts, (amount) => Pay.execute(amount), { concurrency: "unbounded" })
      )
      const { run } = yield* open(Layer.merge(children, program))
      const fiber = yield* Effect.forkChild(run(Parent.execute()))
      yield* settle
      assert.deepStrictEqual(
        yield* Fiber.join(fiber),
        amounts.map((amount) => `paid ${amount}`)
      )
    })
  )

  it.live("16. a child whose id is taken meanwhile is refused", () =>
    Effect.gen(function* () {
      const other = yield* open(children)
      const program = Parent.toLayer(() => refusal(Wait.start("x", { workflowId: "taken" })))
      const before = other.run(Wait.start("first", { workflowId: "taken" }))
      const { run } = yield* whenSaved("taken", (save) => Effect.andThen(Effect.orDie(before), save), open(program))
      assert.strictEqual(yield* run(Parent.execute()), "AlreadyExists")
      assert.strictEqual(yield* statusOf("taken"), "running")
    })
  )

  it.live("16. a child that has ended and was deleted before its start was noted was started", () =>
    Effect.gen(function* () {
      const other = yield* open(children)
      const program = Parent.toLayer(() => Effect.flatMap(Pay.start(5, { workflowId: "gone" }), ({ result }) => result))
      const lab = yield* Lab
      const told = Effect.map(historyOf("parent"), (history) => tags(history).includes("ChildEnded")).pipe(
        Effect.provideService(Lab, lab)
      )
      const lost = (save: Save) =>
        save.pipe(
          Effect.andThen(Effect.orDie(until(told))),
          Effect.andThen(Effect.orDie(until(Effect.isSuccess(other.executions.delete("gone"))))),
          Effect.andThen(
            new StoreError({ operation: "save", reason: new Unavailable({ cause: "the answer was lost" }) })
          )
        )
      const parents = yield* whenSaved("gone", lost, open(program))
      assert.strictEqual(yield* parents.run(Parent.execute()), "paid 5")
      assert.strictEqual((yield* errorOf(other.executions.describe("gone")))._tag, "NotFound")
      const settled = yield* eventsOf("parent", "MessageSettled")
      assert.deepStrictEqual(
        settled.map(({ outcome }) => outcome._tag),
        ["Delivered"]
      )
    })
  )

  it.effect("8. an execution that its parent cancelled at its end can be deleted, and its id is free again", () =>
    Effect.gen(function* () {
      const program = Parent.toLayer(() =>
        Effect.gen(function* () {
          const child = yield* Effect.orDie(Wait.start("x", { workflowId: "kid" }))
          yield* Effect.orDie(Go.send(child))
          return "started"
        })
      )
      const app = yield* open(program)
      const { store } = yield* Lab
      const chains: Array<string> = []
      // The second deletion has the record of the first one.
      for (let round = 0; round < 2; round++) {
        const { runId } = yield* app.run(Parent.start(undefined, { whenExists: "restart" }))
        yield* settle
        assert.includeMembers(tags(yield* historyOf("kid")), ["SignalReceived", "CancelRequested"])
        yield* app.executions.delete("kid")
        chains.push(runId)
        const { seen } = Option.getOrThrow(yield* store.deletion(WorkflowId.make("kid")))
        // The start, and the signal.
        assert.deepStrictEqual(seen, Object.fromEntries(chains.map((chain) => [chain, 2])))
      }
      const again = yield* app.run(Wait.start("again", { workflowId: "kid" }))
      assert.isTrue(again.created)
    })
  )

  for (const [when, isRaced] of [
    ["", false],
    [", also where another process records that while its parent tries", true]
  ] as const) {
    it.effect(`16. a child whose result its parent cannot hold has failed for it${when}`, () =>
      Effect.gen(function* () {
        const program = Parent.toLayer(() => Pay.execute(3))
        const lab = yield* Lab
        const tried = yield* Latch.make(!isRaced)
        const recorded = yield* Latch.make(!isRaced)
        const endsIn = ({ events, workflowId }: Commit) =>
          workflowId === "parent"
            ? events.flatMap((event) => (event._tag === "ChildEnded" ? [event.closing._tag] : []))
            : []
        const reason = new TooLarge({ bytes: 9, limit: 8 })
        // Whichever worker commits it.
        const save = (commit: Commit): Effect.Effect<Exit.Exit<void, StoreErrorReason>> => {
          const isOfParent = commit.events.some(isCommand)
          const [end] = endsIn(commit)
          if (end !== "ExecutionCompleted") {
            const saved = Effect.map(lab.store.saveAll([commit]), ([exit]) => exit!)
            return end === undefined ? saved : Effect.tap(saved, recorded.open)
          }
          const turn = isOfParent ? Effect.andThen(tried.open, recorded.await) : tried.await
          return Effect.as(turn, Exit.fail(reason))
        }
        const store: typeof lab.store = {
          ...lab.store,
          save: (commit) =>
            Effect.flatMap(save(commit), (exit) =>
              Effect.mapError(exit, (reason) => new StoreError({ operation: "save", reason }))
            ),
          saveAll: (commits) => Effect.forEach(commits, save)
        }
        const { run } = yield* Effect.provideService(Effect.andThen(open(children), open(program)), Lab, {
          ...lab,
          store
        })
        const error = yield* errorOf(run(Parent.execute()))
        assert.deepInclude(error, { _tag: "OtherFailed", because: "Defect" })
        assert.include(error.message, "the result of the child takes 9 bytes and the store accepts 8")
      })
    )
  }

  it.effect("16. the end of an abandoned child does not reach the next run of its parent", () =>
    Effect.gen(function* () {
      const program = Parent.toLayer(() =>
        Effect.as(Wait.start("x", { workflowId: "abandoned", parentClose: "abandon" }), "left")
      )
      const waiting = Parent.toLayer(() => Effect.as(Go.receive, "next"))
      const first = yield* open(Layer.merge(children, program))
      yield* first.run(Parent.execute())
      yield* first.stop
      const next = yield* open(Layer.merge(children, waiting))
      yield* next.run(Parent.start(undefined, { whenExists: "restart" }))
      yield* settle
      yield* next.signal("abandoned", "go", null)
      yield* settle
      const child = yield* historyOf("abandoned")
      assert.deepInclude(child.at(-1), { _tag: "MessageSettled" })
      assert.deepInclude(
        child.find(({ _tag }) => _tag === "MessageSettled"),
        {
          outcome: { _tag: "Refused", reason: "Restarted", runId: (yield* summaryOf("parent")).runId }
        }
      )
      assert.notInclude(tags(yield* historyOf("parent")), "ChildEnded")
    })
  )

  it.effect("16. a cancel of a parent reaches the child that it waits for, whose end it waits for", () =>
    Effect.gen(function* () {
      const program = Parent.toLayer(() => Wait.execute("x", { workflowId: "child" }))
      const app = yield* open(Layer.merge(children, program))
      const parent = yield* app.run(Parent.start())
      yield* settle
      yield* parent.cancel("enough")
      yield* settle
      assert.deepStrictEqual([yield* statusOf("parent"), yield* statusOf("child")], ["cancelled", "cancelled"])
      const ends = tags(yield* historyOf("parent")).slice(-2)
      assert.deepStrictEqual(ends, ["ChildEnded", "ExecutionCancelled"])
    })
  )

  it.effect("16. a handle of a run that is over is refused in a program", () =>
    Effect.gen(function* () {
      const app = yield* open(children)
      const old = yield* app.run(Wait.start("old", { workflowId: "again" }))
      yield* app.run(Go.send(old))
      yield* old.result
      yield* settle
      const parents = yield* open(
        Parent.toLayer(() => Effect.all([refusal(Go.send(old)), refusal(Go.send("nowhere")), refusal(old.cancel())]))
      )
      assert.deepStrictEqual(yield* parents.run(Parent.execute()), ["Finished", "NotFound", "Finished"])
      yield* settle
      yield* app.run(Wait.start("new", { workflowId: "again", whenExists: "restart" }))
      const again = Parent.execute(undefined, { whenExists: "restart" })
      assert.deepStrictEqual(yield* parents.run(again), ["Restarted", "NotFound", "Restarted"])
      assert.strictEqual(yield* statusOf("again"), "running")
    })
  )

  it.effect("16. children have children, and a cancel of the first reaches the last", () =>
    Effect.gen(function* () {
      const Nest = Workflow.make("Nest", { input: Schema.Int, workflowId: (depth) => `nest ${depth}` })
      const NestLive = Nest.toLayer((depth) => (depth === 0 ? Effect.never : Nest.execute(depth - 1)))
      const { run } = yield* open(NestLive)
      const first = yield* run(Nest.start(5))
      yield* settle
      yield* first.cancel()
      yield* settle
      const statuses = yield* Effect.forEach([0, 1, 2, 3, 4, 5], (depth) => statusOf(`nest ${depth}`))
      assert.deepStrictEqual([...new Set(statuses)], ["cancelled"])
    })
  )
}

// internal

/** What a call is refused with. */
const refusal = <A, R>(effect: Effect.Effect<A, WorkflowError.WorkflowError, R>) =>
  Effect.match(effect, { onSuccess: () => "none", onFailure: ({ reason }) => reason._tag as string })

/** The same, with the first line of what it says. */
const refusalInWords = <A, R>(effect: Effect.Effect<A, WorkflowError.WorkflowError, R>) =>
  Effect.match(effect, {
    onSuccess: () => "none",
    onFailure: ({ reason }) => `${reason._tag}: ${reason.message.split("\n")[0]}`
  })

type Save = Effect.Effect<void, StoreError>

/** With a store on which the first commit of an id that is saved alone meets what a test says. */
const whenSaved = Effect.fnUntraced(function* <A, E, R>(
  id: string,
  meets: (save: Save) => Save,
  effect: Effect.Effect<A, E, R>
) {
  const lab = yield* Lab
  let isFirst = true
  const save = (commit: Parameters<typeof lab.store.save>[0]): Save => {
    const saved = lab.store.save(commit)
    if (commit.workflowId !== id || !isFirst) return saved
    isFirst = false
    return meets(saved)
  }
  return yield* Effect.provideService(effect, Lab, { ...lab, store: { ...lab.store, save } })
})
