/** Histories and timelines that property tests generate. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Layer, Option, Result, Schema } from "effect"
import { Activity, Signal, Workflow, type WorkflowHandle } from "perdure"
import { HistoryEvent } from "perdure/HistoryEvent"
import { double, histories, Life, live, play, replay, story, timelines } from "perdure/testing"
import { fold } from "../../src/internal/core/evolve.ts"
import { historyFor, Plan } from "../../src/testing/histories.ts"

describe("a generated history", () => {
  it.effect.prop(
    "is one that stores and executors read, and reads as a story",
    [histories],
    Effect.fnUntraced(function* ([history]) {
      const json = JSON.parse(JSON.stringify(history)) as unknown
      assert.deepStrictEqual(yield* Schema.decodeUnknownEffect(Schema.Array(HistoryEvent))(json), history)
      const state = fold(history)!
      const isOpen = story(history).at(-1)!.startsWith("calls") || story(history).at(-1)!.startsWith("sleeps")
      assert.strictEqual(state.open.size, isOpen ? 1 : 0)
      const times = history.map(({ at }) => at)
      assert.deepStrictEqual(
        times,
        times.toSorted((a, b) => a - b)
      )
    })
  )

  it("has numbers as JSON has them", () => {
    const call = { _tag: "Call", name: "Charge", input: -0, failures: 0, takeover: false, ends: "Success" } as const
    const history = historyFor({ input: "", happenings: [call], end: "ExecutionCompleted" })
    assert.deepStrictEqual(JSON.parse(JSON.stringify(history)), history)
  })

  const input = Schema.Json
  const options = { input, success: Schema.Json, error: Schema.Json }
  const calls = {
    Charge: Activity.make("Charge", options),
    Reserve: Activity.make("Reserve", options),
    Ship: Activity.make("Ship", options)
  }
  const handlers = Layer.mergeAll(double(calls.Charge).layer, double(calls.Reserve).layer, double(calls.Ship).layer)
  const callOf = ({ input, name }: { readonly input: Schema.Json; readonly name: keyof typeof calls }) => {
    if (name === "Charge") return Effect.exit(calls.Charge(input))
    return name === "Ship" ? Effect.exit(calls.Ship(input)) : Effect.exit(calls.Reserve(input))
  }
  const signals = {
    approve: Signal.make("approve", { payload: Schema.String }),
    "cancel-item": Signal.make("cancel-item", { payload: Schema.String })
  }
  const Order = Workflow.make("Order", { input, error: Schema.Json })

  /** Asks for what the plan says. */
  const programOf = (plan: Plan) =>
    Order.toLayer(
      Effect.fnUntraced(function* () {
        for (const each of plan.happenings) {
          if (each._tag === "Sleep") yield* Effect.sleep(each.minutes * 60_000)
          if (each._tag === "Signal") yield* signals[each.name].receive
          if (each._tag === "Call") yield* callOf(each)
        }
        if (plan.end === "ExecutionFailed") return yield* Effect.fail("refused")
        if (plan.end === "calling") yield* Effect.ignore(calls.Charge(null))
        if (plan.end === "sleeping") yield* Effect.sleep("1 hour")
        if (plan.end !== "ExecutionCompleted") return yield* Effect.never
      })
    ).pipe(Layer.provide(handlers))

  it.effect.prop("is one that a program may have written", [Plan], ([plan]) =>
    replay(historyFor(plan), programOf(plan))
  )

  it.effect.prop(
    "is another one where its program asks for something else",
    [Plan],
    Effect.fnUntraced(function* ([plan]) {
      const other = {
        ...plan,
        happenings: [{ _tag: "Sleep", minutes: 7, takeover: false }, ...plan.happenings]
      } as const
      if (plan.happenings[0]?._tag !== "Call") return
      const replayed = yield* Effect.result(replay(historyFor(plan), programOf(other)))
      assert.isTrue(Result.isFailure(replayed))
    })
  )
})

describe("a timeline", () => {
  const Add = Signal.make("add", { payload: Schema.Int })
  const Sum = Workflow.make("Sum", { success: Schema.Int })
  const SumLive = Sum.toLayer(
    Effect.fnUntraced(function* () {
      yield* Effect.sleep("1 day")
      let sum = 0
      for (let next = yield* Add.poll; Option.isSome(next); next = yield* Add.poll) sum += next.value
      return sum
    })
  )
  const Timeline = timelines(["one", "ten", "cancel"], { within: "2 days" })

  it.effect.prop(
    "is what comes to an execution, each at its time and once, wherever processes die",
    { timeline: Timeline, life: Life },
    Effect.fnUntraced(function* ({ life, timeline }) {
      type Handle = WorkflowHandle.WorkflowHandle<number, never>
      const script = play(timeline, {
        one: (sum: Handle) => Add.send(sum, 1),
        ten: (sum: Handle) => Add.send(sum, 10),
        cancel: () => Effect.fail("refused, and left at that")
      })
      // Messages of a life with an order come up to a second late.
      const day = 24 * 3600 * 1000
      if (timeline.some(({ after }) => Math.abs(after - day) < 5000)) return
      const { exit } = yield* live(Sum, undefined, { layer: SumLive, script }, life)
      const values = timeline
        .filter(({ after }) => after < day)
        .map(({ what }) => ({ one: 1, ten: 10, cancel: 0 })[what])
      assert.deepStrictEqual(exit, Exit.succeed(values.reduce((sum, value) => sum + value, 0)))
    })
  )

  it("has options that make sense", () => {
    assert.throws(() => timelines([], { within: "1 day" }), "timelines: there must be a name")
    assert.throws(() => timelines(["a"], { within: "1 day", most: 0 }), "most must be a whole number of at least 1")
    assert.throws(() => timelines(["a"], { within: -1 }), "within must be at least 1 ms")
  })
})
