/** The limits of activities where they meet what else holds attempts: their options, what is logged, losses, shutdowns, stale workers. */
import { assert, describe, it } from "@effect/vitest"
import { Clock, Context, Duration, Effect, Layer, Schema } from "effect"
import { TestClock } from "effect/testing"
import { Activity, Workflow } from "perdure"
import type { ActivityHandler, ActivityLimits, Registration } from "perdure/Executor/WorkflowRegistry"
import { WorkflowRegistry } from "perdure/Executor/WorkflowRegistry"
import { RunId, Sequence, Version, WorkflowId } from "perdure/Ids"
import * as Memory from "perdure/Store/Memory"
import { ActivityRunner } from "../../src/Executor/default/ActivityRunner.ts"
import { Alarms } from "../../src/Executor/default/Alarms.ts"
import { telling } from "../../src/Executor/default/Appender.ts"
import type { ActivityRun, OpenActivity } from "../../src/Executor/default/attempts.ts"
import { Fibers } from "../../src/Executor/default/Fibers.ts"
import { Observed } from "../../src/Executor/default/Observed.ts"
import type { Owner } from "../../src/Executor/default/Owner.ts"
import { Reports } from "../../src/Executor/default/Reports.ts"
import * as Lab from "../suites/executor/Lab.ts"
import { effect } from "../support/lines.ts"
import { Bomb, lostOrder, Order } from "../support/losing.ts"

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index)

describe("limits that make no sense are refused when the layer is made", () => {
  const Ship = Activity.make("Ship")
  const rate = "rateLimit must say how many begin in which time, such as { limit: 10, every: "
  const faults: ReadonlyArray<readonly [unknown, string]> = [
    [{ concurrency: 0 }, "concurrency must be a whole number of at least 1, and is 0"],
    [{ concurrency: 2.5 }, "concurrency must be a whole number of at least 1, and is 2.5"],
    [
      { rateLimit: { limit: 0, every: "1 second" } },
      "the limit of rateLimit must be a whole number of at least 1, and is 0"
    ],
    [{ rateLimit: { limit: 1, every: 0 } }, "every of rateLimit must be at least 1 ms, and is 0"],
    [{ rateLimit: { limit: 1, every: Number.POSITIVE_INFINITY } }, "every of rateLimit must be finite"],
    [{ rateLimit: { limit: 10 } }, `${rate}"1 second" }, and is {"limit":10}`],
    [{ rateLimit: "10 per second" }, `${rate}"1 second" }, and is "10 per second"`],
    [{ rateLimit: null }, `${rate}"1 second" }, and is null`],
    [{ concurency: 5 }, "there is no option concurency, but concurrency and rateLimit"],
    [{ rateLimit: { limit: 1, every: "1 second", burst: 5 } }, "there is no option burst, but limit and every"],
    [5, "they must be an object, such as { concurrency: 10 }, and are 5"]
  ]
  it.each(faults)("%j", (limits, fault) => {
    assert.throws(
      () => Ship.toLayer(() => Effect.void, limits as Activity.Limits),
      TypeError,
      `the limits of activity Ship: ${fault}`
    )
  })

  it("and Infinity is no limit", () => {
    const unlimited = Number.POSITIVE_INFINITY
    Ship.toLayer(() => Effect.void, { concurrency: unlimited, rateLimit: { limit: unlimited, every: "1 second" } })
  })
})

const Work = Activity.make("Work", { input: Schema.Int })
const One = Workflow.make("One", { input: Schema.Int })

effect("an activity of which none ends for long while others wait is logged once, with its limit", (lines) =>
  Effect.gen(function* () {
    const app = yield* Lab.open(
      One.toLayer(Work).pipe(Layer.provide(Work.toLayer(() => Effect.sleep("1 hour"), { concurrency: 2 })))
    )
    for (const number of numbers(5)) yield* app.run(One.start(number))
    yield* Lab.pass("9 seconds")
    assert.deepStrictEqual(lines, [])
    yield* Effect.replicateEffect(Lab.pass("1 second"), 60)
    assert.deepStrictEqual(
      lines.map(({ level }) => level),
      ["Warn"]
    )
    const { text } = lines[0]!
    assert.include(text, "no handler of these activities has ended for 10 seconds: Work (2 run and 3 wait in line)")
    assert.include(text, "Raise the concurrency")
  })
)

effect("an activity that waits for its rate, or whose handlers end, is no reason for a warning", (lines) =>
  Effect.gen(function* () {
    const Other = Activity.make("Other", { input: Schema.Int })
    const app = yield* Lab.open(
      One.toLayer(
        Effect.fn("One")(function* (number) {
          if (number < 5) yield* Work(number)
          else yield* Other(number)
        })
      ).pipe(
        Layer.provide([
          Work.toLayer(() => Effect.void, { rateLimit: { limit: 1, every: "1 hour" } }),
          Other.toLayer(() => Effect.sleep("8 seconds"), { concurrency: 1 })
        ])
      )
    )
    for (const number of numbers(15)) yield* app.run(One.start(number))
    yield* Effect.replicateEffect(Lab.pass("1 second"), 70)
    assert.deepStrictEqual(lines, [])
  })
)

effect("an attempt that must run alone waits for the rate of its activity, and holds nothing meanwhile", () =>
  Effect.gen(function* () {
    yield* lostOrder(3, 0)
    const begun: Array<string> = []
    const note = (name: string) => Effect.sync(() => void begun.push(name))
    const handlers = yield* Layer.build(
      Layer.merge(
        Bomb.toLayer(() => Effect.as(note("bomb"), 1), { rateLimit: { limit: 1, every: "1 minute" } }),
        Work.toLayer((number) => note(`work ${number}`))
      )
    )
    const Beside = Workflow.make("Beside", { success: Schema.Int })
    const shared = Layer.succeedContext(handlers)
    const app = yield* Lab.open(
      Layer.mergeAll(
        Beside.toLayer(() => Bomb()),
        One.toLayer(Work)
      ).pipe(Layer.provide(shared)),
      { worker: "next" }
    )
    yield* app.run(Beside.start())
    yield* Lab.settle
    assert.deepStrictEqual(begun, ["bomb"])
    const order = Order.toLayer(() => Bomb()).pipe(Layer.provide(shared))
    yield* Effect.provideService(Layer.build(order), WorkflowRegistry, app.registry)
    yield* Lab.pass("59 seconds")
    yield* app.run(One.start(1))
    yield* Lab.settle
    assert.deepStrictEqual(begun, ["bomb", "work 1"])
    yield* Lab.pass("1 second")
    assert.deepStrictEqual(begun, ["bomb", "work 1", "bomb"])
    const history = yield* app.executions.history("order")
    assert.lengthOf(
      history.filter(({ _tag }) => _tag === "ActivityAttemptIsolated"),
      1
    )
    assert.strictEqual(yield* app.run(Effect.flatMap(Order.handle("order"), ({ result }) => result)), 1)
  })
)

/** A runner in virtual time, with handlers that end when the test says so. */
const makeRunner = Effect.fnUntraced(function* (limit: number, limits?: ActivityLimits) {
  const clock = yield* Clock.Clock
  const fibers = new Fibers(Context.make(Clock.Clock, clock), clock)
  const lease = { mustLook: false, term: 0 }
  const told = { begun: [] as Array<string>, alone: [] as Array<boolean>, stale: 0 }
  const ends: Array<() => void> = []
  const free: ActivityHandler = {
    name: "Work",
    timeouts: { attempt: undefined, total: undefined },
    attempt: (input) =>
      Effect.callback((resume) => {
        told.begun.push(String(input))
        ends.push(() => resume(Effect.succeed({ _tag: "Success", value: null })))
        return Effect.never
      }),
    retry: () => Effect.die(new Error("no attempt fails"))
  }
  const handler = { ...free, limits }
  const store = yield* Memory.make()
  const observed = new Observed(fibers)
  const runner = new ActivityRunner({
    fibers,
    alarms: new Alarms(fibers),
    limit,
    monotonic: fibers.passed,
    lease,
    stale: () => {
      told.stale++
      runner.hold()
    },
    alone: 1000,
    appender: telling(observed, { store, commitId: () => "id", now: () => 0, suggestContinueAt: 1 }),
    reports: new Reports(store, fibers, lease),
    observed
  })
  const registrationOf = (workflow: string): Registration => ({
    workflow,
    program: () => Effect.never,
    handlers: new Map([["Work", handler]])
  })
  const ownerOf = (registration: Registration): Owner => ({
    workflowId: WorkflowId.make("id"),
    runId: RunId.make("run"),
    chain: RunId.make("run"),
    trace: undefined,
    root: undefined,
    registration,
    version: Version.make(1),
    term: 0,
    now: () => 0,
    inline: () => undefined,
    release: () => {},
    notice: () => {},
    tell: (event, reply) => {
      if (event._tag === "Isolated") told.alone.push(!event.over)
      reply?.(undefined)
    }
  })
  let seq = 0
  const start = (owner: Owner, input: string, what: { readonly lost?: number; readonly isFree?: boolean } = {}) => {
    const run: ActivityRun = { attempt: undefined, abandoned: false, dueAt: undefined, step: undefined }
    const activity = {
      seq: Sequence.make(seq),
      issued: { _tag: "ActivityScheduled", seq: Sequence.make(seq++), at: 0, name: "Work", input },
      failures: [],
      lost: what.lost === undefined ? undefined : { attempts: what.lost, alone: 0, isAlone: false }
    } as unknown as OpenActivity
    runner.start({ owner, activity, handler: what.isFree === true ? free : handler, run, done: () => {} })
  }
  return { runner, lease, told, ends, start, ownerOf, registrationOf }
})

it.effect("a worker that others may have taken for dead begins nothing, and its line keeps its order", () =>
  Effect.gen(function* () {
    const { ends, lease, ownerOf, registrationOf, runner, start, told } = yield* makeRunner(1)
    const owner = ownerOf(registrationOf("A"))
    for (const name of ["a", "b", "c"]) start(owner, name)
    lease.mustLook = true
    ends[0]!()
    assert.deepStrictEqual([told.begun, told.stale], [["a"], 1])
    lease.mustLook = false
    runner.release()
    ends[1]!()
    assert.deepStrictEqual(told.begun, ["a", "b", "c"])
  })
)

it.effect("an attempt whose execution may have been taken since its store last answered waits for the next look", () =>
  Effect.gen(function* () {
    const { lease, ownerOf, registrationOf, runner, start, told } = yield* makeRunner(10)
    const [doubtful, sure] = [ownerOf(registrationOf("A")), ownerOf(registrationOf("A"))]
    lease.term = 1
    sure.term = 1
    start(sure, "sure")
    start(doubtful, "doubtful")
    assert.deepStrictEqual([told.begun, told.stale], [["sure"], 1])
    assert.deepStrictEqual([...runner.owners], [doubtful, sure])
    doubtful.term = 1
    runner.release()
    assert.deepStrictEqual([told.begun, told.stale], [["sure", "doubtful"], 1])
  })
)

it.effect("a handler that a shutdown has left behind does not count in the concurrency of others that share it", () =>
  Effect.gen(function* () {
    const { ends, ownerOf, registrationOf, runner, start, told } = yield* makeRunner(10, { concurrency: 1 })
    const [gone, stays] = [registrationOf("Gone"), registrationOf("Stays")]
    start(ownerOf(gone), "a")
    const owner = ownerOf(stays)
    start(owner, "b")
    start(owner, "c")
    assert.deepStrictEqual(told.begun, ["a"])
    runner.hold()
    runner.leaveBehind(gone)
    runner.release()
    assert.deepStrictEqual(told.begun, ["a", "b"])
    // The end of what was left behind makes no room again.
    ends[0]!()
    assert.deepStrictEqual(told.begun, ["a", "b"])
    ends[1]!()
    assert.deepStrictEqual(told.begun, ["a", "b", "c"])
  })
)

it.effect(
  "an attempt that finds no room in the rate once it is alone waits in line again, and is not recorded as alone",
  () =>
    Effect.gen(function* () {
      const rateLimit = { limit: 1, every: Duration.minutes(1) }
      const { ends, ownerOf, registrationOf, start, told } = yield* makeRunner(10, { rateLimit })
      const owner = ownerOf(registrationOf("A"))
      start(owner, "long", { isFree: true })
      start(owner, "suspected", { lost: 3 })
      // It has given up to wait for the long one, so others begin.
      yield* TestClock.adjust("1 second")
      start(owner, "other")
      assert.deepStrictEqual(told.begun, ["long", "other"])
      ends[0]!()
      ends[1]!()
      yield* TestClock.adjust("30 seconds")
      assert.deepStrictEqual(
        [told.begun, told.alone],
        [
          ["long", "other"],
          [true, false]
        ]
      )
      start(owner, "free", { isFree: true })
      assert.deepStrictEqual(told.begun, ["long", "other", "free"])
      ends[2]!()
      yield* TestClock.adjust("30 seconds")
      assert.deepStrictEqual([told.begun.slice(3), told.alone], [["suspected"], [true, false, true]])
    })
)
