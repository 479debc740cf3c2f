/** Promise 10: errors are typed from end to end. */
import { Cause, Data, Effect, Exit, Layer, Option, Schema } from "effect"
import { Activity, RetryPolicy, Workflow } from "perdure"
import { assert } from "../assert.ts"
import type { SuitePart } from "./SuitePart.ts"
import { errorOf } from "./failures.ts"
import { open } from "./Lab.ts"

class Declined extends Schema.TaggedError<Declined>()("Declined", { cents: Schema.Number, at: Schema.DateTimeUtc }) {}
class Lost extends Schema.TaggedError<Lost>()("Lost", { parcel: Schema.Option(Schema.String) }) {}

const Charge = Activity.make("Charge", {
  input: Schema.Number,
  success: Schema.Date,
  error: Declined,
  retry: RetryPolicy.none
})
const Order = Workflow.make("Order", {
  input: Schema.Number,
  success: Schema.Date,
  error: Schema.Union([Declined, Lost])
})

export const telling: SuitePart = (it) => {
  const at = Schema.decodeSync(Schema.DateTimeUtcFromString)("2024-02-29T12:00:00.000Z")
  const charging = (charge: (cents: number) => Effect.Effect<Date, Declined>) =>
    Order.toLayer((cents) => Charge(cents)).pipe(Layer.provide(Charge.toLayer(charge)))

  it.effect("10. values of any schema pass through inputs, activities and results", () =>
    Effect.gen(function* () {
      const app = yield* open(charging((cents) => Effect.succeed(new Date(cents))))
      assert.deepStrictEqual(yield* app.run(Order.execute(86_400_000)), new Date(86_400_000))
    })
  )

  it.effect("10. an error of an activity arrives in the program, and outside, as the same class with its data", () =>
    Effect.gen(function* () {
      const seen: Array<unknown> = []
      const workflows = Order.toLayer((cents) =>
        Effect.tapError(Charge(cents), (error) => Effect.sync(() => seen.push(error)))
      ).pipe(Layer.provide(Charge.toLayer((cents) => Effect.fail(new Declined({ cents, at })))))
      const app = yield* open(workflows)
      const error = yield* Effect.flip(app.run(Order.execute(12, { workflowId: "order" })))
      assert.instanceOf(error, Declined)
      assert.deepStrictEqual(error, new Declined({ cents: 12, at }))
      assert.instanceOf(seen[0], Declined)
      assert.deepStrictEqual(seen[0], error)
      yield* app.stop
      const again = yield* open(workflows)
      const later = yield* Effect.flip((yield* again.run(Order.handle("order"))).result)
      assert.deepStrictEqual(later, error)
    })
  )

  it.effect("10. an error can be caught by its tag, and each member of a union arrives as itself", () =>
    Effect.gen(function* () {
      const app = yield* open(
        Order.toLayer((cents) =>
          Charge(cents).pipe(
            Effect.catchTag("Declined", ({ cents }) => Effect.fail(new Lost({ parcel: Option.some(`${cents}`) })))
          )
        ).pipe(Layer.provide(Charge.toLayer((cents) => Effect.fail(new Declined({ cents, at })))))
      )
      const caught = yield* app
        .run(Order.execute(5))
        .pipe(Effect.catchTag("Lost", ({ parcel }) => Effect.succeed(parcel)))
      assert.deepStrictEqual(caught, Option.some("5"))
    })
  )

  it.effect("10. a defect of a handler is a defect of the call, with the stack of its origin", () =>
    Effect.gen(function* () {
      const causes: Array<Cause.Cause<unknown>> = []
      const app = yield* open(
        Order.toLayer((cents) => Effect.tapCause(Charge(cents), (cause) => Effect.sync(() => causes.push(cause)))).pipe(
          Layer.provide(Charge.toLayer(() => Effect.die(brokenHere())))
        )
      )
      const error = yield* errorOf(app.run(Order.execute(1)))
      assert.strictEqual(error._tag, "Defect")
      assert.include(error.message, "the machine is broken")
      assert.include(error.message, "brokenHere")
      const defect = Cause.squash(causes[0]!)
      assert.instanceOf(defect, Error)
      assert.include((defect as Error).stack, "brokenHere")
    })
  )

  it.effect("10. a defect of a program is recorded with its stack", () =>
    Effect.gen(function* () {
      const app = yield* open(
        Order.toLayer(() =>
          Effect.sync(() => {
            throw brokenHere()
          })
        )
      )
      const error = yield* errorOf(app.run(Order.execute(1)))
      assert.strictEqual(error._tag, "Defect")
      if (error._tag !== "Defect") return
      assert.deepInclude(error.defect, { name: "TypeError", message: "the machine is broken" })
      assert.include(error.defect.stack, "brokenHere")
    })
  )

  it.effect("10. anything may be thrown", () =>
    Effect.gen(function* () {
      const Throw = Workflow.make("Throw", { input: Schema.Number })
      const circular: Record<string, unknown> = {}
      circular["self"] = circular
      class Odd extends Data.Error<{ readonly x: number }> {}
      const thrown: ReadonlyArray<readonly [value: unknown, message: string]> = [
        ["a text", "a text"],
        [undefined, "undefined"],
        [null, "null"],
        [{ code: 7 }, '{"code":7}'],
        [circular, "[object Object]"],
        [12n, "12"],
        [new Odd({ x: 1 }), ""]
      ]
      const app = yield* open(Throw.toLayer((index) => Effect.die(thrown[index]![0])))
      for (const [index, [, message]] of thrown.entries()) {
        const error = yield* errorOf(app.run(Throw.execute(index)))
        assert.strictEqual(error._tag, "Defect")
        if (error._tag === "Defect") assert.strictEqual(error.defect.message, message)
      }
    })
  )

  it.effect("10. a result that does not fit its schema is a defect that says which", () =>
    Effect.gen(function* () {
      const Small = Activity.make("Small", { success: Schema.Number.check(Schema.isLessThan(10)) })
      const Smalls = Workflow.make("Smalls", { success: Schema.Number.check(Schema.isLessThan(5)) })
      const run = (answer: number) =>
        Effect.gen(function* () {
          const handler = Small.toLayer(() => Effect.succeed(answer))
          const app = yield* open(Smalls.toLayer(() => Small()).pipe(Layer.provide(handler)))
          return yield* Effect.ensuring(app.run(Smalls.execute()), app.stop)
        })
      assert.strictEqual(yield* run(4), 4)
      assert.include((yield* errorOf(run(7))).message, "the success of workflow Smalls does not fit its schema")
      assert.include((yield* errorOf(run(11))).message, "the success of activity Small does not fit its schema")
    })
  )

  it.effect("10. an input of an activity that does not fit its schema is a defect of the call", () =>
    Effect.gen(function* () {
      const Small = Activity.make("Small", { input: Schema.Number.check(Schema.isLessThan(10)) })
      const Smalls = Workflow.make("Smalls")
      let runs = 0
      const app = yield* open(
        Smalls.toLayer(() => Small(11)).pipe(Layer.provide(Small.toLayer(() => Effect.sync(() => void runs++))))
      )
      const error = yield* errorOf(app.run(Smalls.execute()))
      assert.include(error.message, "the input of activity Small does not fit its schema")
      assert.strictEqual(runs, 0)
    })
  )

  it.effect("10. a handler that interrupts itself is a defect of the call, not an endless wait", () =>
    Effect.gen(function* () {
      const app = yield* open(charging(() => Effect.interrupt))
      const error = yield* errorOf(app.run(Order.execute(1)))
      assert.include(error.message, "the handler of activity Charge interrupted itself")
    })
  )

  it.effect("10. two programs of one name are refused", () =>
    Effect.gen(function* () {
      const program = charging(() => Effect.never)
      const exit = yield* Effect.exit(
        open(
          Layer.mergeAll(
            program,
            Order.toLayer(() => Effect.never)
          )
        )
      )
      assert.isTrue(Exit.isFailure(exit))
      const error = yield* errorOf(Effect.suspend(() => exit))
      assert.deepInclude(error, { _tag: "AlreadyRegistered", workflow: "Order" })
    })
  )
}

const brokenHere = () => new TypeError("the machine is broken")
