/** Promise 20: a call of an activity may be ended from outside, once, by any process that has its token. */
import { Cause, Effect, Layer, Logger, Schema } from "effect"
import { Activity, ActivityContext, RetryPolicy, Workflow } from "perdure"
import { assert } from "../assert.ts"
import { errorOf, reasonOf } from "./failures.ts"
import { open, pass, type Running, settle, until, words } from "./Lab.ts"
import { historyOf, summaryOf, tags } from "./stored.ts"
import type { SuitePart } from "./SuitePart.ts"

class Declined extends Schema.TaggedError<Declined>()("Declined", { code: Schema.Int }) {}

const Charge = Activity.make("Charge", {
  input: Schema.Int,
  success: Schema.DateFromMillis,
  error: Schema.Union([Declined, Activity.ActivityTimedOut]),
  retry: RetryPolicy.exponential({ maxAttempts: 3, initialInterval: "1 second" }),
  timeout: "1 minute"
})
const Order = Workflow.make("Order", {
  input: Schema.Int,
  success: Schema.DateFromMillis,
  error: Schema.Union([Declined, Activity.ActivityTimedOut])
})
const paid = new Date(86_400_000)

/**
 * The workflow with a handler that leaves its end to others, and the tokens that it has given away. `after` is what the handler does once
 * it has given one away, and `rest` what the program does once it is paid.
 */
const leaving = (
  after: Effect.Effect<void, never, ActivityContext.ActivityContext> = Effect.void,
  rest: Effect.Effect<void> = Effect.void
) => {
  const tokens: Array<string> = []
  const layer = Order.toLayer((cents) => Effect.tap(Charge(cents), () => rest)).pipe(
    Layer.provide(
      Charge.toLayer(() =>
        Effect.gen(function* () {
          const { token } = yield* ActivityContext.ActivityContext
          tokens.push(token)
          yield* after
          return yield* Activity.pending
        })
      )
    )
  )
  return { layer, tokens }
}

const start = (app: Running) => app.run(Order.start(1, { workflowId: "order" }))

export const completing: SuitePart = (it) => {
  it.effect("20. a success from outside is the result, and what waits says so before", () =>
    Effect.gen(function* () {
      const { layer, tokens } = leaving()
      const app = yield* open(layer, { maxActivities: 1 })
      const order = yield* start(app)
      yield* app.run(Order.start(2))
      yield* settle
      // Neither of them takes the only place.
      assert.lengthOf(tokens, 2)
      assert.deepStrictEqual(words(yield* summaryOf("order")), [
        "activity Charge #0, attempt 1, to be ended from outside until 1970-01-01T00:01:00.000Z"
      ])
      yield* app.run(Charge.succeed(tokens[0]!, paid))
      assert.deepStrictEqual(yield* order.result, paid)
      assert.deepStrictEqual(tags(yield* historyOf("order")), [
        "ExecutionStarted",
        "ActivityScheduled",
        "ActivityPending",
        "ActivityResolved",
        "ExecutionCompleted"
      ])
      assert.strictEqual(yield* reasonOf(app.run(Charge.succeed(tokens[0]!, paid))), "Finished")
    })
  )

  it.effect("20. an error from outside ends an attempt, and the policy says what follows", () =>
    Effect.gen(function* () {
      const { layer, tokens } = leaving()
      const app = yield* open(layer)
      const order = yield* start(app)
      for (const code of [1, 2, 3]) {
        yield* settle
        assert.lengthOf(tokens, code)
        // What is delivered twice ends nothing else, nor does an error of an attempt that is over.
        yield* app.run(Charge.fail(tokens.at(-1)!, new Declined({ code })))
        yield* Effect.forEach(tokens, (token) => Effect.flip(app.run(Charge.fail(token, new Declined({ code: 9 })))))
        yield* pass("5 seconds")
        if (code === 3) break
        yield* Effect.forEach(tokens.slice(0, -1), (token) =>
          Effect.flip(app.run(Charge.fail(token, new Declined({ code: 9 }))))
        )
      }
      assert.deepStrictEqual(yield* Effect.flip(order.result), new Declined({ code: 3 }))
      assert.lengthOf(new Set(tokens), 3)
    })
  )

  it.effect("20. any process with the contract may end it, also while no worker lives", () =>
    Effect.gen(function* () {
      // Long enough that the execution is open when a second end comes.
      const { layer, tokens } = leaving(Effect.void, Effect.sleep("1 minute"))
      const first = yield* open(layer)
      const order = yield* start(first)
      yield* settle
      yield* first.stop
      const web = yield* open(Layer.empty)
      yield* web.run(Charge.fail(tokens[0]!, new Declined({ code: 1 })))
      const over = { _tag: "ActivityOver", activity: "Charge" } as const
      // What has ended is not waited for any more, also before a worker looks.
      assert.notInclude(words(yield* summaryOf("order")).join(), "Charge")
      assert.deepInclude(yield* errorOf(web.run(Charge.succeed(tokens[0]!, paid))), over)
      const second = yield* open(layer)
      yield* pass("5 seconds")
      assert.lengthOf(tokens, 2)
      yield* web.run(Charge.succeed(tokens[1]!, paid))
      assert.deepInclude(yield* errorOf(web.run(Charge.fail(tokens[1]!, new Declined({ code: 2 })))), over)
      yield* until(Effect.map(summaryOf("order"), (summary) => words(summary).join().includes("timer")))
      yield* pass("1 minute")
      assert.deepStrictEqual(yield* (yield* second.run(Order.handle(order.id))).result, paid)
      assert.strictEqual(yield* reasonOf(web.run(Charge.succeed(tokens[1]!, paid))), "Finished")
    })
  )

  it.effect("20. a lost or restarted worker does not run again what was left to others", () =>
    Effect.gen(function* () {
      const { layer, tokens } = leaving()
      const first = yield* open(layer)
      const order = yield* start(first)
      yield* settle
      yield* first.stop
      const second = yield* open(layer, { maxLoaded: 1 })
      yield* pass("30 seconds")
      yield* second.run(Charge.succeed(tokens[0]!, paid))
      assert.deepStrictEqual(yield* (yield* second.run(Order.handle(order.id))).result, paid)
      assert.lengthOf(tokens, 1)
    })
  )

  it.effect("20. the timeout of an attempt counts from its beginning, over restarts", () =>
    Effect.gen(function* () {
      const { layer, tokens } = leaving(Effect.sleep("20 seconds"))
      const first = yield* open(layer)
      const order = yield* start(first)
      yield* pass("30 seconds")
      assert.deepInclude(words(yield* summaryOf("order")).join(), "until 1970-01-01T00:01:00.000Z")
      yield* first.stop
      const second = yield* open(layer)
      yield* pass("29 seconds")
      assert.lengthOf(tokens, 1)
      yield* pass("2 seconds")
      assert.lengthOf(tokens, 2)
      yield* pass("1 hour")
      assert.lengthOf(tokens, 3)
      assert.deepStrictEqual(
        yield* Effect.flip((yield* second.run(Order.handle(order.id))).result),
        new Activity.ActivityTimedOut({ activity: "Charge", after: 60_000 })
      )
    })
  )

  it.effect("20. an end that comes before the handler has left counts, and interrupts it", () =>
    Effect.gen(function* () {
      let interrupted = 0
      const hanging = Effect.onInterrupt(Effect.never, () => Effect.sync(() => void interrupted++))
      for (const isHere of [true, false]) {
        const { layer, tokens } = leaving(hanging)
        const app = yield* open(layer)
        const web = isHere ? app : yield* open(Layer.empty)
        const order = yield* app.run(Order.start(1))
        yield* settle
        yield* web.run(Charge.succeed(tokens[0]!, paid))
        yield* settle
        assert.deepStrictEqual(yield* order.result, paid)
        yield* app.stop
      }
      assert.strictEqual(interrupted, 2)
    })
  )

  it.effect("20. an error that comes while the handler of a later attempt runs ends that attempt", () =>
    Effect.gen(function* () {
      for (const isHere of [true, false]) {
        const { layer, tokens } = leaving(Effect.never)
        const app = yield* open(layer)
        const web = isHere ? app : yield* open(Layer.empty)
        const order = yield* app.run(Order.start(1))
        for (const code of [1, 2, 3]) {
          yield* settle
          assert.lengthOf(tokens, code)
          yield* web.run(Charge.fail(tokens.at(-1)!, new Declined({ code })))
          yield* pass("5 seconds")
        }
        assert.deepStrictEqual(yield* Effect.flip(order.result), new Declined({ code: 3 }))
        yield* app.stop
      }
    })
  )

  it.effect("20. a finalizer that dies beside it is logged, and changes nothing", () =>
    Effect.gen(function* () {
      const logged: Array<string> = []
      const logger = Logger.make(({ cause, message }) => {
        logged.push(`${String(message)}: ${Cause.pretty(cause).split("\n")[0]}`)
      })
      const tokens: Array<string> = []
      const handler = Charge.toLayer(() =>
        Effect.gen(function* () {
          tokens.push((yield* ActivityContext.ActivityContext).token)
          return yield* Activity.pending
        }).pipe(Effect.ensuring(Effect.die(new Error("no connection"))))
      )
      const layer = Order.toLayer((cents) => Charge(cents)).pipe(Layer.provide(handler))
      const app = yield* Effect.provide(open(layer), Logger.layer([logger]))
      const order = yield* start(app)
      yield* settle
      yield* app.run(Charge.succeed(tokens[0]!, paid))
      assert.deepStrictEqual(yield* order.result, paid)
      assert.deepStrictEqual(logged, [
        "the handler of activity Charge has left its end to a caller outside, and failed beside that: Error: no connection"
      ])
    })
  )

  it.effect("20. what the program gave up takes no end", () =>
    Effect.gen(function* () {
      const { layer, tokens } = leaving()
      const Hasty = Workflow.make("Hasty", { success: Schema.String })
      const HastyLive = Hasty.toLayer(() =>
        Effect.gen(function* () {
          yield* Effect.ignore(Effect.timeoutOption(Charge(1), "10 seconds"))
          yield* Effect.sleep("1 hour")
          return "gave up"
        })
      )
      const charges = Charge.toLayer(() =>
        Effect.gen(function* () {
          tokens.push((yield* ActivityContext.ActivityContext).token)
          return yield* Activity.pending
        })
      )
      const app = yield* open(Layer.merge(layer, Layer.provide(HastyLive, charges)))
      const hasty = yield* app.run(Hasty.start())
      yield* pass("1 minute")
      const web = yield* open(Layer.empty)
      for (const { run } of [app, web]) {
        assert.strictEqual(yield* reasonOf(run(Charge.succeed(tokens[0]!, paid))), "ActivityOver")
      }
      yield* pass("1 hour")
      assert.strictEqual(yield* hasty.result, "gave up")
    })
  )

  it.effect("20. a token, a value or a place that makes no sense is refused, and changes nothing", () =>
    Effect.gen(function* () {
      const { layer, tokens } = leaving()
      const Ship = Activity.make("Ship", { success: Schema.DateFromMillis })
      const Inner = Workflow.make("Inner", { success: Schema.String })
      const InnerLive = Inner.toLayer(() =>
        Effect.catchTag(Effect.as(Charge.succeed(tokens[0]!, paid), "ended"), "WorkflowError", ({ reason }) =>
          Effect.succeed(reason.message)
        )
      )
      const app = yield* open(Layer.merge(layer, InnerLive))
      yield* start(app)
      yield* settle
      const { version } = yield* summaryOf("order")
      const refused = [
        app.run(Charge.succeed("order", paid)),
        app.run(Charge.succeed(5 as never, paid)),
        app.run(Charge.succeed("", paid)),
        app.run(Ship.succeed(tokens[0]!, paid)),
        app.run(Charge.succeed(tokens[0]!, "today" as never)),
        app.run(Charge.fail(tokens[0]!, new Error("no") as never))
      ]
      for (const each of refused) assert.strictEqual(yield* reasonOf(each), "InvalidPayload")
      assert.include(yield* app.run(Inner.execute()), "it is a program, which ends no activity: send a signal")
      assert.strictEqual((yield* summaryOf("order")).version, version)
    })
  )

  it.live("20. a worker that is killed while handlers leave loses no end", () =>
    Effect.gen(function* () {
      const { layer, tokens } = leaving()
      const settings = { heartbeatInterval: "20 millis", lease: "60 millis" } as const
      const first = yield* open(layer, settings)
      const order = yield* start(first)
      yield* until(Effect.map(summaryOf("order"), (summary) => words(summary).join().includes("from outside")))
      first.link.fault = () => "unasked"
      const second = yield* open(layer, settings)
      yield* second.run(Charge.succeed(tokens[0]!, paid))
      assert.deepStrictEqual(yield* (yield* second.run(Order.handle(order.id))).result, paid)
      assert.lengthOf(tokens, 1)
    })
  )
}
