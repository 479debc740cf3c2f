/** Lives that a test chooses, their names, and orders of what is in flight. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Layer, Logger, Option, Ref, Schema } from "effect"
import { Activity, ActivityContext, Signal, Workflow } from "perdure"
import {
  crashEverywhere,
  interleave,
  type InterleaveOptions,
  Life,
  LifeFailure,
  live,
  replay,
  ReplayFailure,
  TestWorkflows
} from "perdure/testing"
import { lifeInWords } from "../../src/testing/lives.ts"
import { lifeOf, tokenOf } from "../../src/testing/tokens.ts"

const Load = Activity.make("Load", { input: Schema.Int, success: Schema.Int })
const Add = Signal.make("add", { payload: Schema.Int })
const LoadLive = Load.toLayer((value) => Effect.succeed(value))

const Sum = Workflow.make("Sum", { success: Schema.Int })

/** Adds up what three handlers answer, each to what was there before it was asked: an update may be lost. */
const Careless = Sum.toLayer(
  Effect.fnUntraced(function* () {
    const sum = yield* Ref.make(0)
    const add = Effect.fnUntraced(function* (value: number) {
      yield* Load(value)
      const before = yield* Ref.get(sum)
      const more = yield* Load(value)
      yield* Ref.set(sum, before + more)
    })
    yield* add(1)
    yield* Effect.all([Effect.delay(add(2), "100 millis"), Effect.delay(add(3), "600 millis")], {
      concurrency: "unbounded"
    })
    return yield* Ref.get(sum)
  })
)
const careless = { layer: Layer.provide(Careless, LoadLive) }

const found = <A, E>(effect: Effect.Effect<A, E>) =>
  Effect.map(Effect.exit(effect), (exit) => {
    assert.isTrue(Exit.isFailure(exit), "nothing is found")
    const error = Option.getOrUndefined(Exit.findErrorOption(exit))
    assert.instanceOf(error, LifeFailure)
    return error
  })

describe("interleave", () => {
  const scenario = {
    ...careless,
    invariant: ({ exit }: { readonly exit: Exit.Exit<number, unknown> }) =>
      assert.deepStrictEqual(exit, Exit.succeed(6))
  }

  it.effect("finds an order that breaks an invariant which holds where nothing is late, and names it", () =>
    Effect.gen(function* () {
      yield* live(Sum, undefined, scenario)
      const failure = yield* found(interleave(Sum, undefined, scenario))
      assert.isAbove(failure.life.order, 0)
      assert.strictEqual(failure.replay, `order-${failure.life.order}`)
      assert.include(
        failure.message,
        `workflow Sum does not hold without any crash, in the order ${failure.life.order}:`
      )
      const { replay } = failure
      const again = yield* found(interleave(Sum, undefined, scenario, { replay }))
      assert.deepStrictEqual([again.why, again.history], [failure.why, failure.history])
    })
  )

  it.effect("tries many orders, also of what comes from outside, and each is the same each time", () =>
    Effect.gen(function* () {
      const Two = Workflow.make("Two", { success: Schema.Array(Schema.Int) })
      const TwoLive = Two.toLayer(() => Effect.all([Effect.race(Load(1), Load(2)), Add.receive, Add.receive]))
      const histories = new Map<number, string>()
      const two = {
        layer: Layer.provide(TwoLive, LoadLive),
        script: (handle: { readonly workflowId: string }) =>
          Effect.all([Add.send(handle.workflowId, 3), Add.send(handle.workflowId, 4)], { concurrency: "unbounded" })
      }
      const collect = interleave(Two, undefined, () => ({
        ...two,
        invariant: ({ history, life }) => {
          const text = JSON.stringify(history)
          assert.strictEqual(histories.get(life.order) ?? text, text)
          histories.set(life.order, text)
        }
      }))
      const report = yield* collect
      assert.deepStrictEqual(report, yield* collect)
      assert.strictEqual(report.lives, 100)
      assert.isAtLeast(report.stories, 8)
    })
  )

  it.effect("refuses options that make no sense", () =>
    Effect.gen(function* () {
      const refused = (options: InterleaveOptions) =>
        Effect.map(Effect.exit(interleave(Sum, undefined, careless, options)), String)
      assert.include(yield* refused({ lives: 0 }), "lives must be a whole number of at least 1, and is 0")
      assert.include(yield* refused({ lives: Infinity }), "lives must be 1000000 at most, and is Infinity")
      assert.include(yield* refused({ lives: 1_000_001 }), "lives must be 1000000 at most, and is 1000001")
      assert.include(yield* refused({ lives: 5, replay: "order-17" }), "leave one of them out")
      assert.include(yield* refused({ replay: "order" }), 'such as "order-17", and is "order"')
      assert.include(yield* refused({ spread: -1 }), "spread must be at least 1 ms, and is -1")
    })
  )
})

describe("live", () => {
  const Nap = Workflow.make("Nap", { success: Schema.String })
  const NapLive = Nap.toLayer(() => Effect.as(Effect.sleep("7 days"), "well rested"))

  it.effect("goes through the crashes that it is given, whether they come or not", () =>
    Effect.gen(function* () {
      const life = {
        crashes: [
          { commit: 1, place: "stored" },
          { commit: 1, place: "answered" }
        ],
        order: 0
      } as const
      const ended = yield* live(Nap, undefined, { layer: NapLive }, life)
      assert.deepStrictEqual(ended.exit, Exit.succeed("well rested"))
      assert.deepStrictEqual(ended.life, life)
      assert.strictEqual(ended.history.filter((event) => event._tag === "OwnerChanged").length, 2)
      yield* live(Nap, undefined, { layer: NapLive }, { crashes: [{ commit: 20, place: "before" }], order: 3 })
    })
  )

  it.effect("gives its script the time of the executions, and what a test has otherwise", () =>
    Effect.gen(function* () {
      const seen: Array<unknown> = []
      yield* live(Nap, undefined, {
        layer: NapLive,
        script: Effect.fnUntraced(function* (nap) {
          yield* TestWorkflows.pass("6 days")
          seen.push(yield* nap.status)
          yield* TestWorkflows.pass("1 day")
          seen.push(yield* nap.status, (yield* nap.history).length)
        })
      })
      assert.deepStrictEqual(seen, ["running", "completed", 4])
    })
  )

  it.effect.prop(
    "holds for a correct workflow in all lives",
    { life: Life },
    Effect.fnUntraced(function* ({ life }) {
      const { exit } = yield* live(Nap, undefined, { layer: NapLive }, life)
      assert.deepStrictEqual(exit, Exit.succeed("well rested"))
    })
  )
})

describe("a token", () => {
  const Nap = Workflow.make("Nap", { success: Schema.Int })
  const Ask = Activity.make("Ask", { success: Schema.Int })
  /** Answers with the number of its attempt, so that a crash shows. */
  const attempts = Ask.toLayer(() => Effect.map(ActivityContext.ActivityContext, ({ attempt }) => attempt))
  const napping = {
    layer: Nap.toLayer(() => Ask()).pipe(Layer.provide(attempts)),
    invariant: ({ exit }: { readonly exit: Exit.Exit<number, unknown> }) => Exit.isSuccess(exit) && exit.value === 1
  }
  const refused = (effect: Effect.Effect<unknown, unknown>) => Effect.map(Effect.exit(effect), String)

  it.effect("of a failure runs that life alone, in what has named it and in live", () =>
    Effect.gen(function* () {
      const failure = yield* found(crashEverywhere(Nap, undefined, napping))
      assert.include(failure.message, '\nThis life alone: crashEverywhere(…, { replay: "1-stored" })\n')
      const again = yield* found(crashEverywhere(Nap, undefined, napping, { replay: failure.replay }))
      assert.deepStrictEqual(again.life, failure.life)
      const lived = yield* found(live(Nap, undefined, napping, failure.replay))
      assert.deepStrictEqual([lived.life, lived.why], [failure.life, "its invariant does not hold"])
      assert.include(lived.message, '\nThis life alone: live(…, "1-stored")\n')
      const life = { crashes: failure.life.crashes, order: 3 }
      const both = yield* found(live(Nap, undefined, napping, life))
      assert.strictEqual(both.replay, "1-stored/order-3")
      assert.deepStrictEqual(both.history, (yield* found(live(Nap, undefined, napping, both.replay))).history)
    })
  )

  it.effect("shows what its life logs", () =>
    Effect.gen(function* () {
      const logged: Array<unknown> = []
      const logger = Layer.succeed(Logger.CurrentLoggers, new Set([Logger.make(({ message }) => logged.push(message))]))
      const layer = Nap.toLayer(() => Effect.as(Effect.log("naps"), 1))
      yield* Effect.provide(live(Nap, undefined, { layer }), logger)
      assert.deepStrictEqual(logged, [])
      yield* Effect.provide(live(Nap, undefined, { layer }, "none"), logger)
      assert.deepStrictEqual(logged, [["naps"]])
    })
  )

  it.effect("of a life that something else has lived is refused, and it is said what runs it", () =>
    Effect.gen(function* () {
      const crashing = (replay: string, recovery?: number) =>
        refused(crashEverywhere(Nap, undefined, napping, { replay, recovery }))
      const ordered = (replay: string) => refused(interleave(Nap, undefined, napping, { replay }))
      assert.include(
        yield* crashing("order-17"),
        'crashEverywhere: "order-17" names no life of its own, such as "3-stored": run it with interleave(…, { replay: "order-17" })'
      )
      assert.include(yield* crashing("1-stored/order-17"), 'run it with live(…, "1-stored/order-17")')
      assert.include(yield* crashing("1-stored/1-stored/1-stored"), 'run it with live(…, "1-stored/1-stored/1-stored")')
      assert.include(yield* crashing("1-stored", 2), "replay runs one life, and recovery is about many")
      assert.include(
        yield* ordered("1-stored"),
        'interleave: "1-stored" names no life of its own, such as "order-17": run it with crashEverywhere(…, { replay: "1-stored" })'
      )
      assert.include(yield* ordered("none"), 'run it with crashEverywhere(…, { replay: "none" })')
      assert.include(yield* ordered("1-stored/order-17"), 'run it with live(…, "1-stored/order-17")')
    })
  )

  it.effect("of no life is refused everywhere, as is a life that is none", () =>
    Effect.gen(function* () {
      for (const token of ["", "order-9999999", "1001-stored", "1-half"]) {
        const says = `the token of a life must be what a failure has named, such as`
        assert.include(yield* refused(crashEverywhere(Nap, undefined, napping, { replay: token })), says)
        assert.include(yield* refused(interleave(Nap, undefined, napping, { replay: token })), says)
        assert.include(yield* refused(live(Nap, undefined, napping, token)), says)
      }
      const none = { crashes: [{ commit: 0, place: "before" as const }], order: 0 }
      assert.include(
        yield* refused(live(Nap, undefined, napping, none)),
        'live: a life must be one of the schema of lives, such as that of "3-stored/order-17", and is {"crashes":[{"commit":0'
      )
    })
  )
})

describe("crashEverywhere", () => {
  it.effect("fails where the workflow ends with a defect before anything crashes", () =>
    Effect.gen(function* () {
      const Broken = Workflow.make("Broken")
      const layer = Broken.toLayer(() => Effect.die(new Error("not wired", { cause: new Error("no database") })))
      const failure = yield* Effect.flip(crashEverywhere(Broken, undefined, { layer }))
      assert.strictEqual(
        failure._tag === "LifeFailure" && failure.why,
        "it ends with a defect, and nothing has crashed: Error: not wired, caused by Error: no database"
      )
    })
  )
})

describe("failures", () => {
  it.effect("are data, as other errors of the library are", () =>
    Effect.gen(function* () {
      const broken = { ...careless, invariant: () => Effect.die(new Error("no")) }
      const failure = yield* found(
        live(Sum, undefined, broken, { crashes: [{ commit: 1, place: "stored" }], order: 7 })
      )
      const json = JSON.parse(
        JSON.stringify(yield* Schema.encodeEffect(Schema.toCodecJson(LifeFailure))(failure))
      ) as unknown
      const read = yield* Schema.decodeUnknownEffect(Schema.toCodecJson(LifeFailure))(json)
      assert.instanceOf(read, LifeFailure)
      assert.strictEqual(read.message, failure.message)
      assert.strictEqual((read.cause as Error).message, "no")
      const replayed = yield* Effect.flip(replay("{", careless.layer))
      const written = yield* Schema.encodeEffect(Schema.toCodecJson(ReplayFailure))(replayed as ReplayFailure)
      assert.deepStrictEqual(written, { _tag: "ReplayFailure", why: (replayed as ReplayFailure).why, history: [] })
    })
  )
})

describe("the clock of the machine", () => {
  const Now = Workflow.make("Now", { success: Schema.Int })
  const scenario = {
    layer: Now.toLayer(() => Effect.suspend(() => Load(Date.now()))).pipe(Layer.provide(LoadLive))
  }

  it.effect("is found out wherever lives are tried", () =>
    Effect.gen(function* () {
      const crashed = yield* found(crashEverywhere(Now, undefined, scenario))
      assert.include(crashed.why, "disagrees with its history")
      const ordered = yield* found(interleave(Now, undefined, scenario))
      assert.include(ordered.why, "disagrees with its history")
    })
  )

  it.effect("is waited for once, and not in each life", () =>
    Effect.gen(function* () {
      let waits = 0
      const { setTimeout } = globalThis
      const counting = ((run: () => void, milliseconds?: number) => {
        if (milliseconds === 2) waits++
        return setTimeout(run, milliseconds)
      }) as typeof setTimeout
      const counted = <A, E>(effect: Effect.Effect<A, E>) =>
        Effect.sync(() => {
          waits = 0
          globalThis.setTimeout = counting
        }).pipe(
          Effect.andThen(effect),
          Effect.ensuring(Effect.sync(() => (globalThis.setTimeout = setTimeout))),
          Effect.map(() => waits)
        )
      assert.strictEqual(yield* counted(interleave(Sum, undefined, careless, { lives: 10 })), 1)
      assert.strictEqual(yield* counted(crashEverywhere(Sum, undefined, careless, { recovery: 0 })), 1)
      assert.strictEqual(yield* counted(live(Sum, undefined, careless)), 0)
    })
  )
})

describe("a life", () => {
  it.effect.prop(
    "is named by a token",
    { life: Life },
    Effect.fnUntraced(function* ({ life }) {
      assert.deepStrictEqual(lifeOf(tokenOf(life)), life)
      return yield* Effect.succeed(true)
    })
  )

  it("has no token that is none", () => {
    for (const token of [
      "",
      "x",
      "0-stored",
      "1-half",
      "1-stored/",
      "order-0",
      "order-1/1-stored",
      "order-1/order-2",
      "order-1000001",
      "1001-stored",
      "none/1-stored"
    ]) {
      assert.isUndefined(lifeOf(token), token)
    }
  })

  it("is told in words", () => {
    const crashes = [
      { commit: 2, place: "before" },
      { commit: 1, place: "stored" },
      { commit: 3, place: "answered" }
    ] as const
    assert.strictEqual(
      lifeInWords({ crashes, order: 17 }),
      "when its process dies before its commit 2 is stored, then the next one after its commit 1 is stored and before it is " +
        "answered, then the next one after its commit 3 is answered, in the order 17"
    )
    assert.strictEqual(lifeInWords({ crashes: [], order: 0 }), "without any crash")
  })
})
