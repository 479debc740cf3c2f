/** Lives that a test chooses, their names, and orders of what is in flight. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Layer, Option, Ref, Schema } from "effect"
import { Activity, Signal, Workflow } from "perdure"
import { interleave, type InterleaveOptions, Life, LifeFailure, live, TestWorkflows } from "perdure/testing"
import { lifeInWords, lifeOf, tokenOf } from "../../src/testing/lives.ts"

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
      assert.include(yield* refused({ lives: Infinity }), "lives must be finite")
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
      "order-1/order-2"
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
