/** Hooks: effects that are told of what this process has committed, once, in decoded values. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer, Schema } from "effect"
import { Activity, Hooks, Middleware, RetryPolicy, Signal, Update, Workflow } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import * as MemoryStore from "perdure/Store/Memory"
import * as Lab from "../suites/executor/Lab.ts"
import { eventsOf, historyOf, summaryOf } from "../suites/executor/stored.ts"

const { open, pass, settle } = Lab
const lab = Lab.layer({ store: MemoryStore.layer, executor: DefaultExecutor.layerWith })
const laboratory = Effect.provide(lab)

class Declined extends Schema.TaggedError<Declined>()("Declined", { code: Schema.String }) {}

// Encoded, the cents are a text and a day is one, too: what is decoded can be told from what is recorded.
const Charge = Activity.make("Charge", { input: Schema.NumberFromString, success: Schema.Date })
const Ship = Activity.make("Ship", {
  input: Schema.NumberFromString,
  error: Declined,
  retry: RetryPolicy.exponential({ initialInterval: "1 second", maxAttempts: 2 })
})
const Approve = Signal.make("approve", { payload: Schema.Date })
const AddItem = Update.make("addItem", { input: Schema.NumberFromString, success: Schema.Int })
const Order = Workflow.make("Order", {
  input: Schema.NumberFromString,
  success: Schema.Date,
  error: Declined,
  workflowId: (cents) => `order-${cents}`
})
const OrderLive = Order.toLayer(
  Effect.fnUntraced(function* (cents) {
    let items = 0
    yield* AddItem.handle((item) => Effect.sync(() => (items += item)))
    const day = yield* Approve.receive
    yield* Effect.ignore(Ship(cents))
    yield* Effect.sleep("1 minute")
    if (cents === 1) return yield* new Declined({ code: "too little" })
    yield* Charge(cents + items)
    return day
  })
).pipe(
  Layer.provide(Charge.toLayer(() => Effect.succeed(new Date(3)))),
  Layer.provide(Ship.toLayer(() => Effect.fail(new Declined({ code: "no boat" }))))
)

/** Keeps what hooks are told, by the name of each. */
const keeping = () => {
  const told: Array<readonly [Hooks.HookName, Readonly<Record<string, unknown>>]> = []
  const keep = (hook: Hooks.HookName) => (event: Hooks.About) => Effect.sync(() => void told.push([hook, { ...event }]))
  const all: Required<{ readonly [Name in Hooks.HookName]: ReturnType<typeof keep> }> = {
    onWorkflowStart: keep("onWorkflowStart"),
    onWorkflowComplete: keep("onWorkflowComplete"),
    onWorkflowFail: keep("onWorkflowFail"),
    onWorkflowCancel: keep("onWorkflowCancel"),
    onWorkflowBlock: keep("onWorkflowBlock"),
    onTimer: keep("onTimer"),
    onActivityStart: keep("onActivityStart"),
    onActivityComplete: keep("onActivityComplete"),
    onActivityFail: keep("onActivityFail"),
    onRetry: keep("onRetry"),
    onSignal: keep("onSignal"),
    onUpdate: keep("onUpdate")
  }
  return { told, all, names: () => told.map(([name]) => name) }
}

const without = (event: Readonly<Record<string, unknown>>, ...names: ReadonlyArray<string>) =>
  Object.fromEntries(Object.entries(event).filter(([name]) => !names.includes(name)))

describe("hooks", () => {
  it.effect("are told of a life, with ids and decoded values", () =>
    Effect.gen(function* () {
      const { all, told } = keeping()
      const hooks = Hooks.make([Order, Charge, Ship, Approve, AddItem], all)
      const app = yield* open(OrderLive.pipe(Layer.provideMerge(Hooks.layer(hooks))))
      const run = yield* app.run(Order.start(5, { attributes: { city: "Rome" }, memo: { by: "Ada" } }))
      yield* pass("1 second")
      yield* app.run(AddItem.execute(run, 2, { updateId: "click" }))
      yield* app.run(Approve.send(run, new Date(0), { key: "once" }))
      yield* pass("1 hour")
      const { runId } = run
      const about = { workflow: "Order", workflowId: "order-5", runId, chain: runId }
      const ship = { ...about, activity: "Ship", seq: 0, inline: false, input: 5 }
      const charge = { ...about, activity: "Charge", seq: 2, inline: false, input: 7 }
      const declined = { _tag: "Failed", error: new Declined({ code: "no boat" }) }
      const events = yield* historyOf("order-5")
      const at = (tag: string) => events.find(({ _tag }) => _tag === tag)!.at
      assert.deepStrictEqual(
        told.map(([name, event]) => [name, without(event, "version", "at")]),
        [
          ["onWorkflowStart", { ...about, input: 5, attributes: { city: "Rome" }, memo: { by: "Ada" } }],
          ["onUpdate", { ...about, update: "addItem", updateId: "click", input: 2 }],
          ["onSignal", { ...about, signal: "approve", payload: new Date(0), key: "once" }],
          ["onActivityStart", ship],
          ["onRetry", { ...ship, attempt: 1, reason: declined, retryAt: at("ActivityAttemptFailed") + 1000 }],
          ["onActivityFail", { ...ship, reason: declined }],
          ["onTimer", { ...about, seq: 1, startedAt: at("TimerStarted"), late: 0 }],
          ["onActivityStart", charge],
          ["onActivityComplete", { ...charge, value: new Date(3) }],
          ["onWorkflowComplete", { ...about, value: new Date(0) }]
        ]
      )
      // The commit of each, and its time, are those of the history.
      assert.deepStrictEqual(told[0]?.[1]["version"], 1)
      assert.deepStrictEqual(told.at(-1)?.[1]["version"], (yield* summaryOf("order-5")).version)
      assert.deepStrictEqual(told[2]?.[1]["at"], at("SignalReceived"))
    }).pipe(laboratory)
  )

  it.effect("are told of each end, with its reason", () =>
    Effect.gen(function* () {
      const Ends = Workflow.make("Ends", { input: Schema.String, error: Declined, workflowId: (id) => id })
      const EndsLive = Ends.toLayer(
        Effect.fnUntraced(function* (how) {
          if (how === "fails") return yield* new Declined({ code: "of its own" })
          if (how === "dies") return yield* Effect.die(new Error("a bug"))
          if (how === "asks") return yield* Effect.asVoid(Ends.handle("unknown"))
          if (how === "blocks") return yield* Effect.promise(() => Promise.resolve())
          yield* Effect.onInterrupt(Effect.sleep("1 day"), () => Effect.die(new Error("while it ended")))
        })
      )
      const { all, told } = keeping()
      const app = yield* open(EndsLive.pipe(Layer.provideMerge(Hooks.layer(Hooks.make([Ends], only(all))))))
      for (const how of ["fails", "dies", "asks", "blocks", "is cancelled", "is terminated"]) {
        yield* app.run(Ends.start(how))
      }
      yield* app.run(Ends.start("times out", { timeout: "1 minute" }))
      yield* settle
      yield* app.cancel("is cancelled", "no more")
      yield* app.terminate("is terminated", "at once")
      yield* pass("2 minutes")
      const ends = told.filter(([name]) => name !== "onWorkflowStart" && name !== "onTimer")
      const by = (id: string) => ends.filter(([, { workflowId }]) => workflowId === id)
      const reasonOf = (id: string) => by(id).map(([name, { reason }]) => [name, reason])
      assert.deepStrictEqual(reasonOf("fails"), [
        ["onWorkflowFail", { _tag: "Failed", error: new Declined({ code: "of its own" }) }]
      ])
      assert.strictEqual(ends.length, 7)
      const [died] = by("dies")
      assert.nestedPropertyVal(died![1], "reason._tag", "Defect")
      assert.nestedPropertyVal(died![1], "reason.defect.message", "a bug")
      const [asked] = by("asks")
      assert.nestedPropertyVal(asked![1], "reason._tag", "OtherFailed")
      assert.nestedPropertyVal(asked![1], "reason.because", "NotFound")
      assert.nestedPropertyVal(asked![1], "reason.workflowId", "unknown")
      const [blocked] = by("blocks")
      assert.strictEqual(blocked![0], "onWorkflowBlock")
      assert.nestedPropertyVal(blocked![1], "problem.reason", "AsynchronousWork")
      const [cancelled] = by("is cancelled")
      assert.strictEqual(cancelled![0], "onWorkflowCancel")
      assert.strictEqual(cancelled![1]["because"], "no more")
      assert.include(String(cancelled![1]["detail"]), "while it ended")
      assert.deepStrictEqual(reasonOf("is terminated"), [
        ["onWorkflowFail", { _tag: "Terminated", because: "at once" }]
      ])
      assert.deepStrictEqual(reasonOf("times out"), [["onWorkflowFail", { _tag: "TimedOut" }]])
      assert.include(String(by("times out")[0]![1]["detail"]), "while it ended")
    }).pipe(laboratory)
  )

  it.effect("of activities tell defects and timeouts, and of no question of the executor", () =>
    Effect.gen(function* () {
      const Bug = Activity.make("Bug")
      const Slow = Activity.make("Slow", { timeout: { attempt: "1 second" }, retry: RetryPolicy.none })
      const Busy = Workflow.make("Busy", { workflowId: () => "busy" })
      const BusyLive = Busy.toLayer(() =>
        Effect.gen(function* () {
          yield* Effect.ignoreCause(Bug())
          yield* Effect.ignoreCause(Slow())
          yield* Effect.ignore(Effect.flatMap(Order.handle("order-none"), ({ result }) => result))
          yield* Activity.inline("own", { success: Schema.Date }, Effect.succeed(new Date(1)))
        })
      ).pipe(
        Layer.provide(Bug.toLayer(() => Effect.die(new Error("a bug")))),
        Layer.provide(Slow.toLayer(() => Effect.never))
      )
      const { all, told } = keeping()
      const json = keeping()
      const alone = keeping()
      const Own = Activity.make("own")
      const app = yield* open(
        BusyLive.pipe(
          Layer.provideMerge(Hooks.layer(Hooks.make([Bug, Slow, Own], ofActivities(all)))),
          Layer.provideMerge(Hooks.layer(Hooks.make(ofActivities(json.all)))),
          Layer.provideMerge(Hooks.layer(Hooks.make([Bug], { onActivityFail: alone.all.onActivityFail })))
        )
      )
      yield* app.run(Busy.start())
      yield* pass("1 hour")
      assert.strictEqual((yield* summaryOf("busy")).status, "completed")
      const [, bug, , slow] = told
      assert.strictEqual(told.length, 4)
      assert.deepStrictEqual(alone.names(), ["onActivityFail"])
      assert.deepStrictEqual([bug![0], bug![1]["activity"]], ["onActivityFail", "Bug"])
      assert.nestedPropertyVal(bug![1], "reason.defect.message", "a bug")
      assert.deepStrictEqual(slow![1]["reason"], { _tag: "TimedOut", after: 1000 })
      // An inline activity has no definition, whatever its name: hooks without a list are told of it, in JSON.
      const own = json.told.filter(([, { activity }]) => activity === "own")
      assert.deepStrictEqual(
        own.map(([name, { inline, value }]) => [name, inline, value]),
        [
          ["onActivityStart", true, undefined],
          ["onActivityComplete", true, new Date(1).toISOString()]
        ]
      )
      assert.strictEqual(json.told.length, 6)
    }).pipe(laboratory)
  )

  it.effect("are told once of a chain that continues as new, and of the parent of a child", () =>
    Effect.gen(function* () {
      const Child = Workflow.make("Child", { workflowId: () => "child" })
      const Loop = Workflow.make("Loop", { input: Schema.Int, workflowId: () => "loop" })
      const live = Layer.mergeAll(
        Child.toLayer(() => Effect.void),
        Loop.toLayer((n) => (n > 0 ? Effect.succeed(Loop.continueAsNew(n - 1)) : Effect.asVoid(Child.execute())))
      )
      const { all, told } = keeping()
      const app = yield* open(live.pipe(Layer.provideMerge(Hooks.layer(Hooks.make([Loop, Child], only(all))))))
      const { runId } = yield* app.run(Loop.start(3))
      yield* pass("1 hour")
      const loop = told.filter(([, { workflow }]) => workflow === "Loop")
      assert.deepStrictEqual(
        loop.map(([name]) => name),
        ["onWorkflowStart", "onWorkflowComplete"]
      )
      assert.deepStrictEqual(
        loop.map(([, { chain }]) => chain),
        [runId, runId]
      )
      assert.notStrictEqual(loop[1]![1]["runId"], runId)
      const child = told.filter(([, { workflow }]) => workflow === "Child")
      assert.deepStrictEqual(child[0]![1]["parent"], { workflowId: "loop", chain: runId })
      assert.strictEqual(child.length, 2)
    }).pipe(laboratory)
  )

  it.effect("without definitions are told of everything, in JSON of their own", () =>
    Effect.gen(function* () {
      const inputs: Array<unknown> = []
      const spoil = Hooks.make({
        onSignal: ({ payload, signal }) => Effect.sync(() => inputs.push([signal, payload])),
        onWorkflowStart: (event) =>
          Effect.sync(() => {
            inputs.push([event.workflow, structuredClone(event.input), event.attributes["city"]])
            Object.assign(event.input as object, { spoilt: true })
            Object.assign(event.attributes, { city: "Oslo" })
          })
      })
      const Plain = Workflow.make("Plain", {
        input: Schema.Struct({ day: Schema.Date }),
        success: Schema.Unknown,
        workflowId: () => "plain"
      })
      const PlainLive = Plain.toLayer((input) => Effect.as(Approve.receive, Object.keys(input)))
      const app = yield* open(PlainLive.pipe(Layer.provideMerge(Hooks.layer(spoil))))
      const run = yield* app.run(Plain.start({ day: new Date(0) }, { attributes: { city: "Rome" } }))
      yield* settle
      yield* app.run(Approve.send(run, new Date(1)))
      yield* settle
      assert.deepStrictEqual(yield* app.run(run.result), ["day"])
      assert.deepStrictEqual(inputs, [
        ["Plain", { day: new Date(0).toISOString() }, "Rome"],
        ["approve", new Date(1).toISOString()]
      ])
      const [started] = yield* eventsOf("plain", "ExecutionStarted")
      assert.deepStrictEqual(started?.input, { day: new Date(0).toISOString() })
      assert.deepStrictEqual((yield* summaryOf("plain")).attributes, { city: "Rome" })
    }).pipe(laboratory)
  )

  it.effect("are told of the definitions of their list alone", () =>
    Effect.gen(function* () {
      const { all, told } = keeping()
      const { onActivityFail, onActivityStart, onSignal, onTimer, onWorkflowStart } = all
      const Other = Workflow.make("Other")
      const hooks = Hooks.compose(
        Hooks.make([Ship], { onActivityStart, onActivityFail }),
        Hooks.make([Other, Signal.make("disapprove")], { onWorkflowStart, onTimer, onSignal })
      )
      const app = yield* open(OrderLive.pipe(Layer.provideMerge(Hooks.layer(hooks))))
      const run = yield* app.run(Order.start(5))
      yield* app.run(Approve.send(run, new Date(0)))
      yield* pass("1 hour")
      assert.deepStrictEqual(
        told.map(([name, { activity }]) => [name, activity]),
        [
          ["onActivityStart", "Ship"],
          ["onActivityFail", "Ship"]
        ]
      )
    }).pipe(laboratory)
  )

  it.effect("of a process are told of what that commits: a client of the start, a worker of the rest", () =>
    Effect.gen(function* () {
      const [client, worker] = [keeping(), keeping()]
      const web = yield* open(Hooks.layer(Hooks.make(client.all)))
      const app = yield* open(OrderLive.pipe(Layer.provideMerge(Hooks.layer(Hooks.make(worker.all)))))
      const run = yield* web.run(Order.start(1))
      yield* pass("1 second")
      yield* web.run(Approve.send(run, new Date(0)))
      yield* pass("1 hour")
      yield* Effect.flip(app.run(run.result))
      assert.deepStrictEqual(client.names(), ["onWorkflowStart", "onSignal"])
      assert.deepStrictEqual(worker.names(), [
        "onActivityStart",
        "onRetry",
        "onActivityFail",
        "onTimer",
        "onWorkflowFail"
      ])
    }).pipe(laboratory)
  )

  it.effect("are not called by a worker that replays or takes over", () =>
    Effect.gen(function* () {
      const first = yield* open(OrderLive)
      const run = yield* first.run(Order.start(5))
      yield* first.run(Approve.send(run, new Date(0)))
      yield* pass("10 seconds")
      yield* first.stop
      yield* pass("1 hour")
      const { all, names, told } = keeping()
      yield* open(OrderLive.pipe(Layer.provideMerge(Hooks.layer(Hooks.make(all)))))
      yield* pass("1 hour")
      assert.strictEqual((yield* summaryOf("order-5")).status, "completed")
      assert.deepStrictEqual(names(), ["onTimer", "onActivityStart", "onActivityComplete", "onWorkflowComplete"])
      const [started] = yield* eventsOf("order-5", "TimerStarted")
      const [fired] = yield* eventsOf("order-5", "TimerFired")
      assert.isAbove(fired!.at, started!.fireAt)
      assert.strictEqual(told[0]?.[1]["late"], fired!.at - started!.fireAt)
    }).pipe(laboratory)
  )

  it.effect("have the services of their layer, and a scope that closes after each call", () =>
    Effect.gen(function* () {
      class Trail extends Context.Service<Trail, Array<string>>()("Trail") {}
      const trail: Array<string> = []
      const hooks = Hooks.make([Order], {
        onWorkflowStart: ({ input }) =>
          Effect.gen(function* () {
            const trail = yield* Trail
            yield* Effect.acquireRelease(
              Effect.sync(() => trail.push(`open for ${input}`)),
              () => Effect.sync(() => trail.push("closed"))
            )
          })
      })
      const layer = Layer.provide(Hooks.layer(hooks), Layer.succeed(Trail, trail))
      const app = yield* open(OrderLive.pipe(Layer.provideMerge(layer)))
      yield* app.run(Order.start(5))
      yield* settle
      assert.deepStrictEqual(trail, ["open for 5", "closed"])
    }).pipe(laboratory)
  )
})

describe("hooks add up", () => {
  const named = (name: string, told: Array<string>) =>
    Hooks.make([Order], {
      onWorkflowStart: ({ input }) =>
        Effect.andThen(
          Effect.sleep("1 second"),
          Effect.sync(() => told.push(`${name} ${input}`))
        )
    })

  it.effect("composed they are called one after the other, in order", () =>
    Effect.gen(function* () {
      const told: Array<string> = []
      const all = Hooks.compose(named("a", told), Hooks.compose(named("b", told), named("c", told)))
      const app = yield* open(OrderLive.pipe(Layer.provideMerge(Hooks.layer(all))))
      yield* app.run(Order.start(5))
      yield* pass("2500 millis")
      assert.deepStrictEqual(told, ["a 5", "b 5"])
      yield* pass("1 second")
      assert.deepStrictEqual(told, ["a 5", "b 5", "c 5"])
    }).pipe(laboratory)
  )

  it.effect("each layer has its own calls, however it comes in", () =>
    Effect.gen(function* () {
      const told: Array<string> = []
      const executor = Middleware.apply(
        DefaultExecutor.layer,
        Middleware.logging,
        Middleware.withHooks(named("middleware", told)),
        Middleware.withHooks(named("more", told), { concurrency: 1 })
      ).pipe(Layer.provide(MemoryStore.layer))
      const live = OrderLive.pipe(Layer.provideMerge(Hooks.layer(named("layer", told))), Layer.provideMerge(executor))
      const program = Effect.gen(function* () {
        yield* Order.start(5)
        yield* pass("1 second")
        assert.deepStrictEqual(told.toSorted(), ["layer 5", "middleware 5", "more 5"])
      })
      yield* Effect.provide(program, live)
    }).pipe(laboratory)
  )
})

/** Hooks of workflows, and those of activities, out of all of them. */
const only = ({
  onTimer,
  onWorkflowBlock,
  onWorkflowCancel,
  onWorkflowComplete,
  onWorkflowFail,
  onWorkflowStart
}: All) => ({
  onTimer,
  onWorkflowBlock,
  onWorkflowCancel,
  onWorkflowComplete,
  onWorkflowFail,
  onWorkflowStart
})
const ofActivities = ({ onActivityComplete, onActivityFail, onActivityStart, onRetry }: All) => ({
  onActivityComplete,
  onActivityFail,
  onActivityStart,
  onRetry
})
type All = ReturnType<typeof keeping>["all"]
