/** Workflows that survive every crash, and workflows that do not. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Layer, Option, Schema } from "effect"
import {
  Activity,
  ActivityContext,
  RetryPolicy,
  Signal,
  Update,
  Workflow,
  type WorkflowContext,
  type WorkflowError
} from "perdure"
import type * as Executor from "perdure/Executor/Default"
import { LifeFailure, crashEverywhere, type CrashOptions } from "perdure/testing"

class Busy extends Schema.TaggedError<Busy>()("Busy", {}) {}

const Charge = Activity.make("Charge", {
  input: Schema.Int,
  success: Schema.String,
  error: Busy,
  retry: RetryPolicy.exponential({ initialInterval: "1 minute", maxAttempts: 5 })
})
const Ship = Activity.make("Ship", { input: Schema.String, success: Schema.String })
const Approve = Signal.make("approve", { payload: Schema.String })
const Add = Update.make("add", { input: Schema.Int, success: Schema.Int })

const Parcel = Workflow.make("Parcel", { input: Schema.String, success: Schema.String })
const ParcelLive = Parcel.toLayer(
  Effect.fnUntraced(function* (address) {
    yield* Effect.sleep("1 day")
    return yield* Ship(address)
  })
)

const Order = Workflow.make("Order", {
  input: Schema.Int,
  success: Schema.String,
  workflowId: (cents) => `order-${cents}`
})
const OrderLive = Order.toLayer(
  Effect.fnUntraced(function* (cents) {
    let extra = 0
    yield* Add.handle((more) => Effect.sync(() => (extra += more)))
    const by = yield* Approve.receive.pipe(Effect.timeoutOption("7 days"))
    if (Option.isNone(by)) return "refused"
    const [receipt, parcel] = yield* Effect.all([Charge(cents + extra), Parcel.execute("home")], {
      concurrency: "unbounded"
    })
    yield* Effect.sleep("30 days")
    return `${by.value}: ${receipt}, ${parcel}`
  }, Effect.orDie)
)

/** Fails as often as it is told, and counts what it has charged by its idempotency keys. */
const bank = (failures: number) => {
  const charged = new Map<string, number>()
  let calls = 0
  const layer = Charge.toLayer(
    Effect.fnUntraced(function* (cents) {
      const { idempotencyKey } = yield* ActivityContext.ActivityContext
      yield* Effect.sleep("10 seconds")
      if (calls++ < failures) return yield* new Busy()
      charged.set(idempotencyKey, cents)
      return `receipt of ${cents}`
    })
  )
  return { charged, layer }
}

const found = <A, E>(effect: Effect.Effect<A, E>) =>
  Effect.map(Effect.exit(effect), (exit) => {
    assert.isTrue(Exit.isFailure(exit), "nothing is found")
    const error = Option.getOrUndefined(Exit.findErrorOption(exit))
    assert.instanceOf(error, LifeFailure)
    return error
  })

const Both = (failures = 0) => {
  const { charged, layer } = bank(failures)
  const handlers = Layer.merge(
    layer,
    Ship.toLayer((to) => Effect.succeed(`parcel to ${to}`))
  )
  return { charged, layer: Layer.merge(OrderLive, ParcelLive).pipe(Layer.provide(handlers)) }
}

describe("a workflow with sleeps, signals, retries, an update and a child survives every crash", () => {
  it.effect("with a script from outside", () =>
    Effect.gen(function* () {
      const report = yield* crashEverywhere(Order, 100, () => {
        const { charged, layer } = Both(2)
        return {
          layer,
          script: Effect.fnUntraced(function* (order) {
            yield* Effect.sleep("1 hour")
            assert.strictEqual(yield* Add.execute(order, 11), 11)
            yield* Effect.sleep("2 days")
            yield* Approve.send(order, "Ada")
          }),
          invariant: ({ exit }) => {
            assert.deepStrictEqual([...charged.values()], [111])
            assert.deepStrictEqual(exit, Exit.succeed("Ada: receipt of 111, parcel to home"))
          }
        }
      })
      assert.isAbove(report.commits, 10)
      assert.isAbove(report.lives, 100)
    })
  )

  it.effect("with a script that dies with its process and begins again", () =>
    crashEverywhere(
      Order,
      100,
      () => ({
        layer: Both().layer,
        scriptRestarts: true,
        script: Effect.fnUntraced(function* (order) {
          yield* Add.execute(order, 11, { updateId: "eleven" })
          yield* Approve.send(order, "Ada", { key: "approval" })
        })
      }),
      { recovery: 1 }
    )
  )

  it.effect("that nobody approves", () =>
    Effect.gen(function* () {
      const exits: Array<unknown> = []
      yield* crashEverywhere(Order, 100, {
        layer: Both().layer,
        invariant: ({ exit }) => Effect.sync(() => exits.push(exit))
      })
      assert.deepStrictEqual(new Set(exits.map((exit) => JSON.stringify(exit))).size, 1)
      assert.deepStrictEqual(exits[0], Exit.succeed("refused"))
    })
  )

  it.effect("that is cancelled, or asked from outside, whatever is under way", () =>
    Effect.gen(function* () {
      let cancelled = 0
      yield* crashEverywhere(
        Order,
        100,
        {
          layer: Both(1).layer,
          script: Effect.fnUntraced(function* (order) {
            yield* Approve.send(order, "Ada")
            yield* Effect.sleep("1 minute")
            yield* order.cancel("no more")
            yield* Effect.exit(order.result)
            assert.strictEqual(yield* order.status, "cancelled")
          }),
          invariant: ({ exit }) => {
            assert.include(String(exit), "no more")
            cancelled++
          }
        },
        { recovery: 1 }
      )
      assert.isAbove(cancelled, 50)
    })
  )
})

describe("what does not survive is found", () => {
  const A = Activity.make("A", { input: Schema.Int, success: Schema.Int })
  const B = Activity.make("B")
  const Faulty = Workflow.make("Faulty", { success: Schema.Int })
  type Requires = Handlers | WorkflowContext.WorkflowContext
  type Handlers = Activity.HandlerOf<typeof A> | Activity.HandlerOf<typeof B>
  const handlers = Layer.merge(
    A.toLayer((value) => Effect.succeed(value)),
    B.toLayer(() => Effect.void)
  )
  /** What is found in a workflow with these handlers. */
  const foundIn = (layer: Layer.Layer<never, WorkflowError.WorkflowError, Executor.Services | Handlers>) =>
    found(crashEverywhere(Faulty, undefined, { layer: Layer.provide(layer, handlers) }))

  it.effect("a program that reads the clock of the machine", () =>
    Effect.gen(function* () {
      const failure = yield* foundIn(
        Faulty.toLayer(() =>
          Effect.andThen(
            A(1),
            Effect.suspend(() => A(Date.now()))
          )
        )
      )
      assert.include(failure.why, "disagrees with its history")
      assert.include(failure.why, "history: ActivityScheduled #1 A(")
    })
  )

  it.effect("a program that draws random numbers of its own", () =>
    Effect.gen(function* () {
      const failure = yield* foundIn(
        Faulty.toLayer(() =>
          Effect.flatMap(
            Effect.sync(Math.random),
            (chance): Effect.Effect<number, never, Requires> => (chance < 0.5 ? A(1) : Effect.as(B(), 1))
          )
        )
      )
      assert.include(failure.why, "disagrees with its history")
    })
  )

  it.effect("a program that remembers outside of its history that it ran before", () =>
    Effect.gen(function* () {
      let hasRun = false
      const failure = yield* foundIn(
        Faulty.toLayer(() =>
          Effect.suspend((): Effect.Effect<number, never, Requires> => {
            const isFirst = !hasRun
            hasRun = true
            return isFirst ? A(1) : Effect.as(B(), 1)
          })
        )
      )
      assert.include(failure.why, 'replayed at the end, the program of "Faulty" disagrees with its history at event 2')
      assert.include(failure.why, "history: ActivityScheduled #0 A(1)\n  program: ActivityScheduled #0 B(null)")
      assert.deepStrictEqual(failure.life.crashes, [])
    })
  )

  it.effect("a handler whose answer depends on the number of its attempt, with the smallest crash", () =>
    Effect.gen(function* () {
      const attempts = A.toLayer(() => Effect.map(ActivityContext.ActivityContext, ({ attempt }) => attempt))
      const scenario = { layer: Faulty.toLayer(() => A(1)).pipe(Layer.provide(attempts)) }
      const failure = yield* found(crashEverywhere(Faulty, undefined, scenario))
      assert.strictEqual(
        failure.why,
        "it ended with ExecutionCompleted(2), and without a crash with ExecutionCompleted(1)"
      )
      assert.deepStrictEqual(failure.life.crashes, [{ commit: 1, place: "stored" }])
      assert.strictEqual(failure.replay, "1-stored")
      assert.include(
        failure.message,
        "workflow Faulty does not hold when its process dies after its commit 1 is stored"
      )
      assert.include(failure.message, "1. ExecutionStarted Faulty(null)\n2. ActivityScheduled #0 A(1)\n3. OwnerChanged")

      const again = yield* found(crashEverywhere(Faulty, undefined, scenario, { replay: failure.replay }))
      assert.deepStrictEqual([again.why, again.life.crashes], [failure.why, failure.life.crashes])
      // Another life is without fault.
      yield* crashEverywhere(Faulty, undefined, scenario, { replay: "1-before" })
    })
  )

  it.effect("a script that is lost in a crash", () =>
    Effect.gen(function* () {
      const Waits = Workflow.make("Waits")
      const failure = yield* found(
        crashEverywhere(Waits, undefined, () => {
          let isSent = false
          return {
            layer: Waits.toLayer(() => Effect.asVoid(Approve.receive)),
            scriptRestarts: true,
            // It notes what it is about to do as done.
            script: (handle) =>
              Effect.suspend(() => {
                if (isSent) return Effect.void
                isSent = true
                return Approve.send(handle, "Ada")
              })
          }
        })
      )
      assert.strictEqual(
        failure.why,
        "it does not end: it waits for signal approve, and its script has nothing more to do"
      )
    })
  )

  it.effect("a script that is repeated and sends twice", () =>
    Effect.gen(function* () {
      const Counts = Workflow.make("Counts", { success: Schema.Int })
      const failure = yield* found(
        crashEverywhere(Counts, undefined, {
          layer: Counts.toLayer(
            Effect.fnUntraced(function* () {
              yield* Effect.sleep("1 hour")
              let count = 0
              while (Option.isSome(yield* Approve.poll)) count++
              return count
            })
          ),
          scriptRestarts: true,
          script: (handle) => Approve.send(handle, "Ada")
        })
      )
      assert.strictEqual(
        failure.why,
        "it ended with ExecutionCompleted(2), and without a crash with ExecutionCompleted(1)"
      )
    })
  )

  it.effect("an invariant that a crash breaks, or that fails", () =>
    Effect.gen(function* () {
      const naive = () => {
        let paid = 0
        return {
          layer: Faulty.toLayer(() => A(1)).pipe(
            Layer.provide(
              A.toLayer((value) =>
                Effect.sync(() => {
                  paid += value
                  return value
                })
              )
            )
          ),
          paid: () => paid
        }
      }
      const broken = yield* found(
        crashEverywhere(Faulty, undefined, () => {
          const { layer, paid } = naive()
          return { layer, invariant: () => paid() === 1 }
        })
      )
      assert.strictEqual(broken.why, "its invariant does not hold")
      assert.deepStrictEqual(broken.life.crashes, [{ commit: 1, place: "answered" }])
      const thrown = new Error("paid twice")
      const failed = yield* found(
        crashEverywhere(Faulty, undefined, () => {
          const { layer, paid } = naive()
          return { layer, invariant: () => (paid() === 1 ? Effect.void : Effect.fail(thrown)) }
        })
      )
      assert.strictEqual(failed.cause, thrown)
      assert.include(failed.why, "paid twice")
    })
  )

  it.effect("what does not end even without a crash, a script that fails, and a layer that cannot be built", () =>
    Effect.gen(function* () {
      const layer = Faulty.toLayer(() => Effect.as(Approve.receive, 1))
      const stuck = yield* found(crashEverywhere(Faulty, undefined, { layer }))
      assert.strictEqual(
        stuck.why,
        "it does not end: it waits for signal approve, and its script has nothing more to do"
      )
      assert.strictEqual(stuck.replay, "none")
      const failed = yield* found(
        crashEverywhere(Faulty, undefined, { layer, script: () => Effect.fail("no network") })
      )
      assert.include(failed.why, "its script failed: Error: no network")
      const endless = yield* found(crashEverywhere(Faulty, undefined, { layer, script: () => Effect.never }))
      assert.include(endless.why, "and its script does not end")
      const unbuilt = crashEverywhere(Faulty, undefined, { layer: Layer.effectDiscard(Effect.fail("no database")) })
      assert.strictEqual(yield* Effect.flip(unbuilt), "no database")
    })
  )

  it.effect("what never comes to rest", () =>
    Effect.gen(function* () {
      const layer = Faulty.toLayer(() => Effect.forever(Effect.sleep("1 day")))
      const failure = yield* found(crashEverywhere(Faulty, undefined, { layer }))
      assert.match(failure.why, /^it is not over after 4000 pauses: it waits for timer #\d+ until /)
      assert.match(failure.message, /\n40\. .*\n… \d+ more events, which are in the `history` of this error …\n/)
      const calls = yield* foundIn(Faulty.toLayer(() => Effect.forever(A(1))))
      assert.match(calls.why, /^it is not over after 10000 events: let its input or its script bring it to an end$/)
      assert.isBelow(calls.message.length, 10_000)
      const spinning = yield* foundIn(Faulty.toLayer(() => Effect.forever(Effect.yieldNow)))
      assert.include(spinning.why, "ran for 1000 ms without waiting for anything")
    })
  )

  it.effect("a program that waits for a promise", () =>
    Effect.gen(function* () {
      const promised = Effect.promise(() => Promise.resolve(1))
      const failure = yield* foundIn(Faulty.toLayer(() => Effect.andThen(B(), promised)))
      assert.include(failure.why, "asynchronous")
    })
  )

  it.effect("an input that does not fit its schema, and a layer that is never built, or only once", () =>
    Effect.gen(function* () {
      const Strict = Workflow.make("Strict", { input: Schema.Int })
      const StrictLive = Strict.toLayer(() => Effect.void)
      const refused = yield* found(crashEverywhere(Strict, "text" as never, { layer: StrictLive }))
      assert.include(refused.why, "its start failed: start: the input of workflow Strict: Expected number")
      assert.notInclude(refused.message, "Its history")
      const hanging = Layer.merge(StrictLive, Layer.effectDiscard(Effect.never))
      const unbuilt = yield* found(crashEverywhere(Strict, 1, { layer: hanging }))
      assert.include(unbuilt.why, "its layer is not built")
      const once = yield* found(
        crashEverywhere(Strict, 1, () => {
          let builds = 0
          const port = Effect.suspend(() => (builds++ > 0 ? Effect.fail("the port is taken") : Effect.void))
          return { layer: Layer.merge(StrictLive, Layer.effectDiscard(port)) }
        })
      )
      assert.include(once.why, "its layer could be built at first, and not after a crash: Error: the port is taken")
      assert.strictEqual(once.replay, "1-before")
    })
  )
})

describe("crashEverywhere", () => {
  const Plain = Workflow.make("Plain", { success: Schema.Int })
  const One = Activity.make("One", { success: Schema.Int })

  it.effect("waits for promises of handlers and of layers", () =>
    Effect.gen(function* () {
      const OneLive = Layer.unwrap(
        Effect.map(
          Effect.promise(() => Promise.resolve(1)),
          (value) => One.toLayer(() => Effect.promise(() => Promise.resolve(value)))
        )
      )
      const layer = Plain.toLayer(() => One()).pipe(Layer.provide(OneLive))
      const report = yield* crashEverywhere(Plain, undefined, { layer }, { recovery: 1 })
      assert.deepStrictEqual(report, { lives: 2 + 7 + 14, commits: 2 })
    })
  )

  it.effect("builds the layer for each process, and lets a finalizer run only when a life is over", () =>
    Effect.gen(function* () {
      let [built, released, interrupted] = [0, 0, 0]
      const OneLive = Layer.unwrap(
        Effect.map(
          Effect.acquireRelease(
            Effect.sync(() => built++),
            () => Effect.sync(() => released++)
          ),
          () =>
            One.toLayer(() =>
              Effect.onInterrupt(Effect.delay(Effect.succeed(1), "1 day"), () => Effect.sync(() => interrupted++))
            )
        )
      )
      const layer = Plain.toLayer(() => One()).pipe(Layer.provide(OneLive))
      yield* crashEverywhere(Plain, undefined, { layer, invariant: () => interrupted === 0 }, { recovery: 1 })
      assert.isAbove(built, 30)
      assert.strictEqual(released, built)
    })
  )

  const Counts = Workflow.make("Counts", { success: Schema.Int })
  const CountsLive = Counts.toLayer(
    Effect.fnUntraced(function* () {
      yield* Effect.sleep("1 hour")
      let count = 0
      while (Option.isSome(yield* Approve.poll)) count++
      return count
    })
  )

  it.effect("what a script sends from outside is sent once, whatever dies", () =>
    crashEverywhere(Counts, undefined, {
      layer: CountsLive,
      script: (handle) => Effect.andThen(Approve.send(handle, "Ada"), Approve.send(handle, "Ben")),
      invariant: ({ exit }) => assert.deepStrictEqual(exit, Exit.succeed(2))
    })
  )

  it.effect("a key keeps what a script repeats from being taken twice", () =>
    crashEverywhere(Counts, undefined, {
      layer: CountsLive,
      scriptRestarts: true,
      script: (handle) => Approve.send(handle, "Ada", { key: "once" }),
      invariant: ({ exit }) => assert.deepStrictEqual(exit, Exit.succeed(1))
    })
  )

  it.effect("finds what only a second crash shows", () =>
    Effect.gen(function* () {
      const naive = () => {
        let calls = 0
        const OneLive = One.toLayer(() => Effect.sync(() => (++calls > 2 ? 2 : 1)))
        return {
          layer: Layer.provide(
            Plain.toLayer(() => One()),
            OneLive
          )
        }
      }
      yield* crashEverywhere(Plain, undefined, naive, { recovery: 0 })
      const failure = yield* found(crashEverywhere(Plain, undefined, naive))
      assert.deepStrictEqual(failure.life.crashes.length, 2)
      assert.include(failure.message, "then the next one")
    })
  )

  it.effect("a process that is killed does not go on when a promise of its handlers is kept", () =>
    Effect.gen(function* () {
      const Two = Activity.make("Two")
      const Both = Workflow.make("Both")
      const later = Effect.promise(() => new Promise((resolve) => setTimeout(resolve, 5)))
      const late = () => {
        let built = 0
        let ghosts = 0
        const handlers = Layer.unwrap(
          Effect.sync(() => {
            const process = ++built
            const note = Effect.sync(() => {
              if (process !== built) ghosts++
            })
            return Layer.merge(
              One.toLayer(() => Effect.as(Effect.andThen(later, note), 1)),
              Two.toLayer(() => Effect.void)
            )
          })
        )
        const program = Both.toLayer(() => Effect.asVoid(Effect.all([One(), Two()], { concurrency: 2 })))
        return { layer: Layer.provide(program, handlers), invariant: () => assert.strictEqual(ghosts, 0) }
      }
      yield* crashEverywhere(Both, undefined, late, { recovery: 0 })
    })
  )

  it.effect("a parent may end before its children, whatever becomes of them", () =>
    Effect.gen(function* () {
      const Child = Workflow.make("Child", { workflowId: () => "child" })
      const Parent = Workflow.make("Parent", { success: Schema.Int })
      for (const parentClose of ["cancel", "terminate", "abandon"] as const) {
        const layer = Layer.merge(
          Parent.toLayer(() => Effect.as(Child.start(undefined, { parentClose }), 1)),
          Child.toLayer(() => Effect.sleep("1 hour"))
        )
        const { lives } = yield* crashEverywhere(Parent, undefined, { layer })
        assert.isAbove(lives, 10)
      }
    })
  )

  it.effect("signals that a script sends at once are all sent, each once", () =>
    Effect.gen(function* () {
      const Note = Signal.make("note", { payload: Schema.String })
      const Notes = Workflow.make("Notes", { success: Schema.Array(Schema.String) })
      const layer = Notes.toLayer(
        Effect.fnUntraced(function* () {
          const notes = yield* Effect.all([Note.receive, Note.receive, Note.receive])
          yield* Effect.sleep("1 day")
          const more = yield* Note.poll
          return [...notes, ...Option.toArray(more)].toSorted()
        })
      )
      const { lives } = yield* crashEverywhere(Notes, undefined, {
        layer,
        script: (notes) =>
          Effect.all(
            ["a", "b", "c"].map((text) => Note.send(notes, text)),
            { concurrency: "unbounded" }
          )
      })
      assert.isAbove(lives, 20)
    })
  )

  it.effect("a token whose crash never comes is no life", () =>
    Effect.gen(function* () {
      const exit = yield* Effect.exit(
        crashEverywhere(Plain, undefined, { layer: Plain.toLayer(() => Effect.succeed(1)) }, { replay: "99-stored" })
      )
      assert.include(
        String(exit),
        "replay names no life any more: its crash at commit 99 never came, since the life has 1 commits"
      )
    })
  )

  it.effect("refuses options that make no sense, and says what they must be", () =>
    Effect.gen(function* () {
      const refused = (options: CrashOptions) =>
        Effect.map(Effect.exit(crashEverywhere(Plain, undefined, { layer: Layer.empty }, options)), (exit) =>
          String(exit)
        )
      assert.include(yield* refused({ recovery: -1 }), "recovery must be a whole number of at least 1, and is -1")
      assert.include(yield* refused({ replay: "3-half" }), 'such as "3-stored", and is "3-half"')
    })
  )

  it.effect("crashes a workflow of twenty commits everywhere in seconds", () =>
    Effect.gen(function* () {
      const Long = Workflow.make("Long", { success: Schema.Int })
      const LongLive = Long.toLayer(
        Effect.fnUntraced(function* () {
          let sum = 0
          for (let day = 0; day < 9; day++) {
            sum += yield* One()
            yield* Effect.sleep("1 day")
          }
          return sum + (yield* One())
        })
      )
      const layer = Layer.provide(
        LongLive,
        One.toLayer(() => Effect.succeed(1))
      )
      const begin = process.cpuUsage()
      const report = yield* crashEverywhere(Long, undefined, { layer })
      assert.strictEqual(report.commits, 20)
      // Of the processor, which others may use as well. Warm it takes one and a half, and the first time two or three.
      const { system, user } = process.cpuUsage(begin)
      assert.isBelow((system + user) / 1_000_000, 6)
    })
  )
})
