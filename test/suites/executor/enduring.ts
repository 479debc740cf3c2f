/** Promises 8, 11, 13, 14, 15 and 17 where a store, a message or another process is at its worst. */
import { Effect, Exit, Fiber, Latch, Layer, Schema, Scope } from "effect"
import { Activity, Signal, Update, Workflow } from "perdure"
import { WorkflowId } from "perdure/Ids"
import { WorkflowRegistry } from "perdure/Executor/WorkflowRegistry"
import { type Commit, Corrupt, StoreError, Unavailable } from "perdure/Store/WorkflowStore"
import { protocol } from "#protocol"
import { assert } from "../assert.ts"
import { errorOf, reasonOf } from "./failures.ts"
import { cut, type Store } from "./FaultyStore.ts"
import { Lab, open, pass, settle, until } from "./Lab.ts"
import { eventsOf, historyOf, summaryOf, tags } from "./stored.ts"
import type { SuitePart } from "./SuitePart.ts"

const brief = { heartbeatInterval: "20 millis", lease: "100 millis" } as const

const Go = Signal.make("go")
const Wait = Workflow.make("Wait")
const WaitLive = Wait.toLayer(() => Go.receive)

/** Waits for a signal, with an update that is never answered. */
const Hold = Update.make("hold")
const Held = Workflow.make("Held")
const HoldLive = Held.toLayer(() =>
  Effect.andThen(
    Hold.handle(() => Effect.never),
    Go.receive
  )
)

/** A program that is given by the test. */
const Asker = Workflow.make("Asker", { success: Schema.String })

const send = (to: string) =>
  Effect.flatMap(protocol, (context) =>
    context.send({ to: WorkflowId.make(to), message: { _tag: "Signal", name: "go", payload: null } })
  )

/** Sends a message, and ends without waiting for what becomes of it. */
const Forget = Workflow.make("Forget", { input: Schema.String })
const ForgetLive = Forget.toLayer((to) => Effect.asVoid(Effect.forkChild(send(to), { startImmediately: true })))

/** Opens what a test needs on a store that differs from that of the laboratory. */
const on = <A, E, R>(differing: (store: Store) => Partial<Store>, effect: Effect.Effect<A, E, R>) =>
  Effect.flatMap(Lab, (lab) =>
    Effect.provideService(effect, Lab, { ...lab, store: { ...lab.store, ...differing(lab.store) } })
  )

const failing = (operation: StoreError["operation"], workflowId: string, reason: StoreError["reason"]) =>
  Effect.fail(new StoreError({ operation, workflowId: WorkflowId.make(workflowId), reason }))

/** A store that does not answer for one execution. */
const awayFrom =
  (name: string) =>
  (store: Store): Partial<Store> => ({
    load: (workflowId, options) =>
      isCalled(name)(workflowId)
        ? failing("load", workflowId, new Unavailable({ cause: new Error("it is") }))
        : store.load(workflowId, options)
  })

/** A store that cannot read one execution any more from when the test says so. */
const damaging = (name: string) => {
  const damage = { isDone: false }
  const corrupt = (operation: StoreError["operation"]) => failing(operation, name, new Corrupt({ detail: "it is" }))
  const differing = (store: Store): Partial<Store> => ({
    load: (workflowId, options) =>
      Effect.suspend(() =>
        damage.isDone && isCalled(name)(workflowId) ? corrupt("load") : store.load(workflowId, options)
      ),
    summary: (workflowId) =>
      Effect.suspend(() =>
        damage.isDone && isCalled(name)(workflowId) ? corrupt("summary") : store.summary(workflowId)
      )
  })
  return { damage, differing }
}

const isCalled = (name: string) => (workflowId: string) => workflowId === name

export const enduring: SuitePart = (it) => {
  it.live("13. a damaged execution is looked at once in a heartbeat, and no more", () =>
    Effect.gen(function* () {
      const client = yield* open(Layer.empty)
      yield* client.run(Wait.start(undefined, { workflowId: "damaged" }))
      let loads = 0
      const differing = (store: Store): Partial<Store> => ({
        load: (workflowId, options) => {
          if (!isCalled("damaged")(workflowId)) return store.load(workflowId, options)
          loads++
          return failing("load", workflowId, new Corrupt({ detail: "it is" }))
        }
      })
      const worker = yield* on(differing, open(WaitLive, { heartbeatInterval: "100 millis" }))
      yield* Effect.sleep("1 second")
      assert.isAtLeast(loads, 2)
      assert.isAtMost(loads, 14)
      yield* worker.run(Effect.andThen(Wait.start(undefined, { workflowId: "sound" }), Go.send("sound", undefined)))
      yield* worker.result("sound")
    })
  )

  for (const by of ["a heartbeat", "news of a commit"] as const) {
    it.live(`13. callers that wait for an execution are told by ${by} that its record is damaged`, () =>
      Effect.gen(function* () {
        const interval = by === "a heartbeat" ? "20 millis" : "1 hour"
        const { damage, differing } = damaging("damaged")
        const worker = yield* open(HoldLive)
        const client = yield* on(differing, open(Layer.empty, { heartbeatInterval: interval, lease: "2 hours" }))
        const held = yield* client.run(Held.start(undefined, { workflowId: "damaged" }))
        const asked = [
          yield* Effect.forkChild(errorOf(held.result)),
          yield* Effect.forkChild(errorOf(client.run(Hold.execute(held))))
        ]
        yield* until(Effect.map(historyOf("damaged"), (history) => tags(history).includes("UpdateAccepted")))
        damage.isDone = true
        if (by === "news of a commit") yield* worker.signal("damaged", "go", null)
        for (const each of asked) {
          const error = yield* Effect.timeout(Fiber.join(each), "5 seconds")
          assert.strictEqual(error._tag, "StoreFailed")
          assert.include(error.message, "it is")
        }
        assert.strictEqual((yield* errorOf(held.result))._tag, "StoreFailed")
      })
    )
  }

  it.live("13. callers are told of damage also where the execution is in memory, and it goes on", () =>
    Effect.gen(function* () {
      const { damage, differing } = damaging("damaged")
      const app = yield* on(differing, open(HoldLive, { heartbeatInterval: "20 millis", lease: "2 hours" }))
      const held = yield* app.run(Held.start(undefined, { workflowId: "damaged" }))
      const asked = [
        yield* Effect.forkChild(errorOf(held.result)),
        yield* Effect.forkChild(errorOf(app.run(Hold.execute(held))))
      ]
      yield* until(Effect.map(historyOf("damaged"), (history) => tags(history).includes("UpdateAccepted")))
      damage.isDone = true
      for (const each of asked) {
        assert.strictEqual((yield* Effect.timeout(Fiber.join(each), "5 seconds"))._tag, "StoreFailed")
      }
      yield* app.signal("damaged", "go", null)
      yield* until(Effect.map(summaryOf("damaged"), ({ status }) => status === "completed"))
    })
  )

  it.effect("16. what a program asks of an execution that is damaged fails, and it goes on", () =>
    Effect.gen(function* () {
      const { damage, differing } = damaging("damaged")
      const worker = yield* open(HoldLive)
      yield* worker.run(Held.start(undefined, { workflowId: "damaged" }))
      const app = yield* on(differing, open(Asker.toLayer(() => reasonOf(Held.handle("damaged")))))
      damage.isDone = true
      assert.strictEqual(yield* app.run(Asker.execute()), "StoreFailed")
    })
  )

  it.effect("16. a defect of the executor in what a program asks is that of the call, and is recorded", () =>
    Effect.gen(function* () {
      const broken = (store: Store): Partial<Store> => ({
        summary: (workflowId) =>
          isCalled("broken")(workflowId) ? Effect.die(new RangeError("a bug of the store")) : store.summary(workflowId)
      })
      const asks = Effect.exit(Held.handle("broken"))
      const app = yield* on(
        broken,
        open(Asker.toLayer(() => Effect.map(asks, (exit) => (Exit.hasDies(exit) ? "a defect" : exit._tag))))
      )
      assert.strictEqual(yield* app.run(Asker.execute(undefined, { workflowId: "asker" })), "a defect")
      const [answer] = yield* eventsOf("asker", "ActivityResolved")
      assert.deepInclude(answer?.exit, { _tag: "Die" })
      assert.include(JSON.stringify(answer), "a bug of the store")
      // It is not asked again.
      yield* pass("1 minute")
      assert.lengthOf(yield* eventsOf("asker", "ActivityResolved"), 1)
    })
  )

  it.effect("8. a finished execution whose history is damaged can be deleted", () =>
    Effect.gen(function* () {
      const differing = (store: Store): Partial<Store> => ({
        load: (workflowId) => failing("load", workflowId, new Corrupt({ detail: "it is" })),
        summary: store.summary
      })
      const app = yield* open(WaitLive)
      yield* app.run(Wait.start(undefined, { workflowId: "damaged" }))
      yield* app.terminate("damaged")
      const damaged = yield* on(differing, open(Layer.empty))
      yield* damaged.executions.delete("damaged")
      const { store } = yield* Lab
      assert.strictEqual((yield* store.summary(WorkflowId.make("damaged")))._tag, "None")
    })
  )

  it.effect("8. a handle of the present run is good also where an earlier run is still in memory", () =>
    Effect.gen(function* () {
      const app = yield* open(WaitLive)
      const other = yield* open(Layer.empty)
      yield* app.run(Wait.start(undefined, { workflowId: "again" }))
      app.link.fault = cut("changes")
      yield* other.terminate("again")
      const second = yield* other.run(Wait.start(undefined, { workflowId: "again", whenExists: "restart" }))
      const handle = yield* app.run(Wait.handle("again"))
      assert.strictEqual(handle.runId, second.runId)
      yield* app.run(Go.send(handle, undefined))
      const history = yield* other.executions.history(second)
      assert.deepStrictEqual(
        history.map(({ _tag }) => _tag),
        ["ExecutionStarted", "SignalReceived"]
      )
    })
  )

  it.live("11. an end that another process gave an execution is learned also when nobody tells of it", () =>
    Effect.gen(function* () {
      const app = yield* open(WaitLive, brief)
      const other = yield* open(Layer.empty)
      const handle = yield* app.run(Wait.start())
      const result = yield* Effect.forkChild(errorOf(handle.result))
      app.link.fault = cut("changes")
      yield* other.terminate(handle.id, "enough")
      assert.include(yield* Effect.timeout(Fiber.join(result), "5 seconds"), { _tag: "Terminated" })
      yield* until(Effect.map(Effect.exit(app.signal(handle.id, "go", null)), Exit.isFailure))
    })
  )

  it.effect("13. a new run that waits for what the one before owes is refused in time", () =>
    Effect.gen(function* () {
      const receiver = yield* open(Layer.empty)
      yield* receiver.run(Wait.start(undefined, { workflowId: "away" }))
      const app = yield* on(awayFrom("away"), open(ForgetLive, { answerTimeout: "10 seconds" }))
      yield* app.run(Forget.execute("away", { workflowId: "sender" }))
      const again = Forget.start("away", { workflowId: "sender", whenExists: "restart" })
      const refused = yield* Effect.forkChild(errorOf(app.run(again)))
      yield* pass("11 seconds")
      const error = yield* Fiber.join(refused)
      assert.strictEqual(error._tag, "StoreUnavailable")
      assert.include(error.message, "what the execution owes to others was not delivered within 10000 ms")
    })
  )

  it.live("15. what a store does not answer for keeps no worker from what others left", () =>
    Effect.gen(function* () {
      const client = yield* open(Layer.empty)
      yield* client.run(Wait.start(undefined, { workflowId: "away" }))
      const short = { ...brief, shutdownTimeout: "200 millis" } as const
      const sender = yield* on(awayFrom("away"), open(ForgetLive, { ...short, worker: "sender" }))
      yield* sender.run(Forget.execute("away", { workflowId: "sender" }))
      yield* sender.stop
      const app = yield* on(awayFrom("away"), open(WaitLive, short))
      yield* Effect.sleep("100 millis")
      const orphan = yield* open(WaitLive, { ...brief, worker: "orphan" })
      const { describe } = yield* orphan.run(Wait.start(undefined, { workflowId: "left" }))
      yield* orphan.stop
      yield* until(Effect.map(describe, ({ owner }) => owner !== undefined && String(owner) !== "orphan"))
      yield* app.signal("left", "go", null)
      yield* app.result("left")
    })
  )

  it.live("15. a message leaves when the commit that sends it is saved, and not before", () =>
    Effect.gen(function* () {
      const Many = Workflow.make("Many")
      const Second = Signal.make("second")
      // More than is carried out at once, so the first message is among what comes after a pause.
      const ManyLive = Many.toLayer(() =>
        Effect.gen(function* () {
          yield* Effect.forkChild(Effect.andThen(Second.receive, send("two")))
          yield* Go.receive
          const timers = Array.from({ length: 1100 }, () => Effect.sleep("1 hour"))
          yield* Effect.all([...timers, send("one")], { concurrency: "unbounded", discard: true })
        })
      )
      const gate = yield* Latch.make(false)
      const differing = (store: Store): Partial<Store> => ({
        guarantees: { ...store.guarantees, durability: "process" },
        saveAll: (commits) =>
          commits.some(({ events }) => events.some((event) => event._tag === "MessageSent" && event.to === "two"))
            ? Effect.andThen(gate.await, store.saveAll(commits))
            : store.saveAll(commits)
      })
      const receivers = yield* open(Layer.empty)
      for (const id of ["one", "two"]) yield* receivers.run(Wait.start(undefined, { workflowId: id }))
      const app = yield* on(differing, open(ManyLive))
      const handle = yield* app.run(Many.start())
      yield* app.run(Go.send(handle, undefined))
      yield* Effect.forkChild(app.run(Second.send(handle, undefined)), { startImmediately: true })
      const received = (id: string) =>
        Effect.map(receivers.executions.history(id), (events) => events.some(({ _tag }) => _tag === "SignalReceived"))
      yield* until(received("one"))
      yield* Effect.sleep("50 millis")
      assert.isFalse(yield* received("two"))
      yield* gate.open
      yield* until(received("two"))
    })
  )

  it.live("14. an execution whose first commit is being saved ends with its workflow", () =>
    Effect.gen(function* () {
      const Tick = Activity.make("Tick")
      const Loop = Workflow.make("Loop")
      let [isOpen, late] = [true, 0]
      const LoopLive = Loop.toLayer(() => Effect.forever(Effect.andThen(Tick(), Effect.sleep("5 millis")))).pipe(
        Layer.provide(Tick.toLayer(() => Effect.sync(() => void (isOpen || late++))))
      )
      const gate = yield* Latch.make(false)
      const differing = (store: Store): Partial<Store> => ({
        guarantees: { ...store.guarantees, durability: "process" },
        saveAll: (commits) =>
          commits.some(({ version }) => version === 1)
            ? Effect.andThen(gate.await, store.saveAll(commits))
            : store.saveAll(commits)
      })
      const app = yield* on(differing, open(WaitLive))
      const scope = yield* Scope.make()
      const registry = Layer.succeed(WorkflowRegistry, app.registry)
      yield* Layer.buildWithScope(Layer.provide(LoopLive, registry), scope)
      const start = yield* Effect.forkChild(app.run(Loop.start()), { startImmediately: true })
      const closing = yield* Effect.forkChild(Scope.close(scope, Exit.void), { startImmediately: true })
      yield* gate.open
      yield* Fiber.join(closing)
      isOpen = false
      yield* Fiber.await(start)
      yield* Effect.sleep("100 millis")
      assert.strictEqual(late, 0)
    })
  )

  it.live("13. a start that is answered too late runs once", () =>
    Effect.gen(function* () {
      const calls: Array<number> = []
      const Step = Activity.make("Step", { input: Schema.Int })
      const Steps = Workflow.make("Steps")
      const StepsLive = Steps.toLayer(() => Effect.forEach([1, 2, 3], (n) => Step(n), { discard: true })).pipe(
        Layer.provide(
          Step.toLayer((n) =>
            Effect.andThen(
              Effect.sync(() => void calls.push(n)),
              Effect.sleep("20 millis")
            )
          )
        )
      )
      let isMute = true
      const differing = (store: Store): Partial<Store> => ({
        guarantees: { ...store.guarantees, durability: "process" },
        saveAll: (commits) =>
          Effect.map(store.saveAll(commits), (exits) =>
            isMute ? exits.map(() => Exit.fail(new Unavailable({ cause: new Error("lost") }))) : exits
          )
      })
      const options = { ...brief, answerTimeout: "50 millis", worker: "mute" } as const
      const app = yield* on(differing, open(StepsLive, options))
      const started = yield* errorOf(app.run(Steps.start(undefined, { workflowId: "late" })))
      assert.strictEqual(started._tag, "StoreUnavailable")
      // A registration makes the worker look for executions of its own name.
      yield* Layer.build(Layer.provide(WaitLive, Layer.succeed(WorkflowRegistry, app.registry)))
      yield* Effect.sleep("50 millis")
      isMute = false
      yield* app.result("late")
      yield* settle
      assert.deepStrictEqual(calls, [1, 2, 3])
    })
  )

  it.live("17. an update that another process sends while the program continues is of its next run", () =>
    Effect.gen(function* () {
      const Double = Update.make("double", { input: Schema.Int, success: Schema.Int })
      const Hop = Workflow.make("Hop", { input: Schema.Boolean })
      const HopLive = Hop.toLayer(
        Effect.fnUntraced(function* (isFirst) {
          yield* Go.receive
          if (isFirst) return Hop.continueAsNew(false)
          yield* Double.handle((number) => Effect.succeed(2 * number))
          return yield* Go.receive
        })
      )
      // The worker leaves it between its two runs, until another process begins the next one.
      const gate = yield* Latch.make(false)
      const isNext = ([event]: Commit["events"]) => event._tag === "ExecutionStarted" && event.continues !== undefined
      const app = yield* on(
        (store) => ({
          guarantees: { ...store.guarantees, durability: "process" },
          saveAll: (commits) =>
            commits.some(({ events }) => isNext(events))
              ? Effect.andThen(gate.await, store.saveAll(commits))
              : store.saveAll(commits)
        }),
        open(HopLive)
      )
      const handle = yield* app.run(Hop.start(true, { workflowId: "hop" }))
      // It continues after the sender has seen its summary, and before its history is read.
      let isAsked = false
      const continuing = Effect.andThen(
        app.run(Go.send(handle, undefined)),
        until(Effect.map(app.executions.describe("hop"), ({ waitingFor }) => waitingFor[0]?._tag === "NextRun"))
      )
      const sender = yield* on(
        (store) => ({
          load: (workflowId, options) =>
            Effect.suspend(() => {
              const before = isAsked ? Effect.void : Effect.orDie(continuing)
              isAsked = true
              return Effect.andThen(before, store.load(workflowId, options))
            })
        }),
        open(Layer.empty)
      )
      const answer = yield* Effect.forkChild(sender.run(Double.execute(handle, 4, { updateId: "four" })))
      const requests = Effect.map(app.executions.history("hop"), (events) =>
        events.flatMap((event) => (event._tag === "UpdateRequested" ? [event.id] : []))
      )
      yield* until(Effect.map(requests, (ids) => ids.length > 0))
      yield* gate.open
      yield* app.run(Go.send(handle, undefined))
      assert.strictEqual(yield* Effect.timeout(Fiber.join(answer), "5 seconds"), 8)
    })
  )
}
