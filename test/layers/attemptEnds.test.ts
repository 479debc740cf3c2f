/** Ends that middleware gives to attempts in the place of their handlers: what callers can read, or a defect that says why not. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Schema } from "effect"
import { TestClock } from "effect/testing"
import { Activity, Middleware, RetryPolicy, Workflow } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import * as MemoryStore from "perdure/Store/Memory"

class Declined extends Schema.TaggedError<Declined>()("Declined", { message: Schema.String }) {}

const contract = { success: Schema.Int, error: Declined, retry: RetryPolicy.none } as const
const Work = Activity.make("Work", contract)
const Order = Workflow.make("Order", { success: Schema.String })
const base = DefaultExecutor.layer.pipe(Layer.provide(MemoryStore.layer))
/** How an effect has ended, in words. */
const ends = <A, R>(effect: Effect.Effect<A, unknown, R>) =>
  Effect.match(effect, {
    onSuccess: (value) => `has ${String(value)}`,
    onFailure: (error) => `fails with ${String((error as Error).message)}`
  })

/** What a program gets from an activity whose attempts end so, and which ends the observers outside have seen. */
const got = (end: unknown, isInline = false) =>
  Effect.gen(function* () {
    const seen: Array<string> = []
    const outside = Middleware.activity((_, next) => Effect.tap(next, ({ _tag }) => Effect.sync(() => seen.push(_tag))))
    const instead = Middleware.activity((_, next) => Effect.as(next, end as never))
    const OrderLive = Order.toLayer(() =>
      Effect.gen(function* () {
        return isInline ? yield* ends(Activity.inline("Work", contract, Effect.succeed(7))) : yield* ends(Work())
      })
    ).pipe(
      Layer.provide(Work.toLayer(() => Effect.succeed(7))),
      Layer.provideMerge(Middleware.apply(base, outside, instead))
    )
    const program = Effect.gen(function* () {
      const run = yield* Order.start(undefined, { workflowId: "order" })
      yield* TestClock.adjust("1 second")
      return yield* Effect.timeoutOrElse(run.result, { duration: 0, orElse: () => run.status })
    })
    const error = yield* Effect.match(Effect.provide(program, OrderLive), {
      onSuccess: (value) => value,
      onFailure: ({ message }) => message
    })
    return [error, seen] as const
  })

const defect = "has ended activity Work with"

describe("an end of middleware", () => {
  it.effect("that fits the schemas is what the program gets", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* got({ _tag: "Success", value: 3 }), ["has 3", ["Success"]])
      const declined = { _tag: "Fail", error: { _tag: "Declined", message: "no" } }
      assert.deepStrictEqual(yield* got(declined), ["fails with no", ["Fail"]])
      const [timedOut] = yield* got({ _tag: "TimedOut", after: 5 })
      assert.include(timedOut, 'ActivityTimedOut: activity "Work" took longer than 5 ms')
    })
  )

  it.effect("that fits nothing is a defect of the attempt, which names the fault", () =>
    Effect.gen(function* () {
      const cyclic: Record<string, unknown> = {}
      cyclic["self"] = cyclic
      const faults: ReadonlyArray<readonly [end: unknown, says: string]> = [
        [{ _tag: "Success", value: "text" }, "a success that does not fit its schema: Expected number"],
        [{ _tag: "Success", value: undefined }, "what is no end: "],
        [{ _tag: "Success" }, "what is no end: "],
        [{ _tag: "Success", value: 1n }, "what is no end: a bigint is no JSON"],
        [{ _tag: "Success", value: cyclic }, "what is no end: it contains itself"],
        [{ _tag: "Fail", error: "no" }, "an error that does not fit its schema"],
        [{ _tag: "TimedOut", after: "5" }, "what is no end: "],
        [{ _tag: "Die", defect: "bang" }, "what is no end: "],
        [{ _tag: "Pending" }, "Pending, which only its handler may"],
        [undefined, "what is no end: undefined is no JSON"],
        [null, "what is no end: null"],
        [7, "what is no end: 7"],
        [{ _tag: "Done" }, 'what is no end: {"_tag":"Done"}']
      ]
      for (const [end, says] of faults) {
        const [message, seen] = yield* got(end)
        assert.include(message, `${defect} ${says}`)
        assert.deepStrictEqual(seen, ["Die"])
      }
    })
  )

  it.effect("is looked at for what a program itself has, too", () =>
    Effect.gen(function* () {
      assert.include((yield* got({ _tag: "Success", value: "text" }, true))[0], `${defect} a success`)
      assert.include((yield* got({ _tag: "Pending" }, true))[0], `${defect} Pending`)
    })
  )

  it.effect("shares nothing with what is recorded", () =>
    Effect.gen(function* () {
      const List = Activity.make("List", { success: Schema.Array(Schema.Int) })
      const Lists = Workflow.make("Lists", { success: Schema.Array(Schema.Int), workflowId: () => "lists" })
      const end = { _tag: "Success", value: [1] } as const
      const instead = Middleware.activity(() => Effect.succeed(end))
      const live = Lists.toLayer(() => Effect.tap(List(), () => Effect.sleep("1 second"))).pipe(
        Layer.provide(List.toLayer(() => Effect.succeed([]))),
        Layer.provideMerge(Middleware.apply(base, instead))
      )
      const program = Effect.gen(function* () {
        const run = yield* Lists.start()
        const changed: Array<number> = end.value as never
        changed.push(2)
        const resolved = yield* Effect.map(run.history, (events) =>
          events.find(({ _tag }) => _tag === "ActivityResolved")
        ).pipe(Effect.repeat({ until: (found) => found !== undefined, times: 1000 }))
        assert.deepInclude(resolved, { exit: { _tag: "Success", value: [1] } })
      })
      yield* Effect.provide(program, live)
    })
  )
})

describe("the end of the handler", () => {
  it.effect("goes through as it is, also when it leaves its end to a caller outside", () =>
    Effect.gen(function* () {
      const Paid = Activity.make("Paid", { success: Schema.Int })
      const Sale = Workflow.make("Sale", { success: Schema.Int, workflowId: () => "sale" })
      const seen: Array<string> = []
      const looking = Middleware.activity((_, next) =>
        Effect.tap(next, ({ _tag }) => Effect.sync(() => seen.push(_tag)))
      )
      const live = Sale.toLayer(() => Paid()).pipe(
        Layer.provide(Paid.toLayer(() => Activity.pending)),
        Layer.provideMerge(Middleware.apply(base, looking, looking))
      )
      const program = Effect.gen(function* () {
        const run = yield* Sale.start()
        yield* TestClock.adjust("1 second")
        assert.deepStrictEqual(seen, ["Pending", "Pending"])
        assert.strictEqual(yield* run.status, "running")
      })
      yield* Effect.provide(program, live)
    })
  )
})
