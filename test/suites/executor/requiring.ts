/** Promises 9 and 10: what a program requires is there and is its own, and what is not recorded it does not get. */
import { Config, ConfigProvider, Context, Effect, Layer, Option, Schema } from "effect"
import { Activity, Signal, Update, Workflow } from "perdure"
import { assert } from "../assert.ts"
import type { SuitePart } from "./SuitePart.ts"
import { errorOf } from "./failures.ts"
import { open, settle, type Workflows } from "./Lab.ts"

const Read = Workflow.make("Read", { success: Schema.String })
const Order = Workflow.make("Order", { success: Schema.String })
const Refund = Workflow.make("Refund", { success: Schema.String })
const Charge = Activity.make("Charge", { input: Schema.Number, success: Schema.String })
/** It has the types of `Charge`, and other texts in the history. */
const ChargeText = Activity.make("Charge", { input: Schema.NumberFromString, success: Schema.String })
/** Another definition that says the same as `Charge`. */
const ChargeAgain = Activity.make("Charge", { input: Schema.Number, success: Schema.String })
/** A contract that the compiler tells from `Charge`. */
const ChargeCard = Activity.make("Charge", { input: Schema.Struct({ card: Schema.String }), success: Schema.String })

const charging = Order.toLayer(() => Charge(1))
const live = (answer: string) => Charge.toLayer(() => Effect.succeed(answer))
const configured = (values: Readonly<Record<string, string>>) =>
  Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromUnknown(values))

/** What only computes, and one of its methods that does not. */
class Tariff extends Context.Service<
  Tariff,
  { readonly name: string; readonly priceOf: (grams: number) => number; readonly fetch: Effect.Effect<string> }
>()("Tariff") {}

const tariff = (name: string) =>
  Layer.succeed(Tariff, {
    name,
    priceOf: (grams) => grams * 2,
    fetch: Effect.promise(() => Promise.resolve(name))
  })

const problemOf = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.map(errorOf(effect as Effect.Effect<A, never, R>), (reason) =>
    reason._tag === "Blocked" ? reason.problem : { reason: reason._tag, message: reason.message }
  )

export const requiring: SuitePart = (it) => {
  const readers: ReadonlyArray<readonly [kind: string, program: Effect.Effect<string, Config.ConfigError>]> = [
    ["a value", Config.String("TARIFF")],
    ["a value with a default", Config.String("TARIFF").pipe(Config.withDefault("high"))],
    ["one of several values", Config.all({ tariff: Config.String("TARIFF") }).pipe(Config.map(({ tariff }) => tariff))],
    ["a nested value", Config.nested(Config.String("TARIFF"), "shop")],
    [
      "a provider",
      Effect.flatMap(ConfigProvider.ConfigProvider, (provider) =>
        Effect.as(Effect.orDie(ConfigProvider.nested(provider, "shop").load(["TARIFF"])), "loaded")
      )
    ]
  ]

  it.effect("9. a program that reads configuration is blocked, whether the process has the value or not", () =>
    Effect.gen(function* () {
      for (const [kind, read] of readers) {
        const app = yield* open(Read.toLayer(() => Effect.orDie(read))).pipe(
          configured({ TARIFF: "low", "shop.TARIFF": "low" })
        )
        const problem = yield* problemOf(app.run(Read.execute(undefined, { workflowId: kind })))
        assert.strictEqual(problem.reason, "NonDeterminism", kind)
        assert.match(problem.message, /^the program reads the configuration "(shop\.)?TARIFF" of its process/, kind)
        assert.include(problem.message, "pass it as input, or read it in an activity", kind)
        yield* app.stop
      }
    })
  )

  it.effect("9. an execution that read configuration goes on with a program that does not", () =>
    Effect.gen(function* () {
      const app = yield* open(Read.toLayer(() => Effect.orDie(Config.String("TARIFF"))))
      const { id } = yield* app.run(Read.start())
      yield* settle
      yield* app.stop
      const Constant = ConfigProvider.fromUnknown({ TARIFF: "constant" })
      const mended = Effect.provideService(Config.String("TARIFF"), ConfigProvider.ConfigProvider, Constant)
      const again = yield* open(Read.toLayer(() => Effect.orDie(mended)))
      yield* settle
      assert.strictEqual(yield* (yield* again.run(Read.handle(id))).result, "constant")
    })
  )

  it.effect("9. a reference has its default value in a program, whatever its process has", () =>
    Effect.gen(function* () {
      const Tariff = Context.Reference("perdure/test/Tariff", { defaultValue: () => "standard" })
      const program = Read.toLayer(() => Tariff)
      const app = yield* open(Layer.provide(program, Layer.succeed(Tariff, "special"))).pipe(
        Effect.provideService(Tariff, "special")
      )
      assert.strictEqual(yield* app.run(Read.execute()), "standard")
    })
  )

  it.effect("9. a service that is pure is that of the layer, wherever a program is", () =>
    Effect.gen(function* () {
      const Go = Signal.make("go")
      const Price = Update.make("price", { input: Schema.Number, success: Schema.Number })
      const Quote = Workflow.make("Quote", { success: Schema.String, error: Schema.String })
      const undone: Array<string> = []
      const Undo = Activity.make("Undo", { input: Schema.Number })
      const QuoteLive = Quote.toLayer(() =>
        Effect.gen(function* () {
          yield* Price.handle((grams) => Effect.map(Workflow.pure(Tariff), ({ priceOf }) => priceOf(grams)))
          yield* Workflow.withCompensation(Effect.void, () =>
            Effect.flatMap(Workflow.pure(Tariff), ({ priceOf }) => Undo(priceOf(10)))
          )
          yield* Go.receive
          const { name } = yield* Workflow.pure(Tariff)
          const isPlain = Option.isSome(yield* Effect.serviceOption(Tariff))
          return yield* Effect.fail(`${name}, ${isPlain}`)
        })
      ).pipe(Layer.provide(Undo.toLayer((cents) => Effect.sync(() => void undone.push(`${cents}`)))))
      const before = yield* open(Layer.provide(QuoteLive, tariff("old")))
      const quote = yield* before.run(Quote.start())
      assert.strictEqual(yield* before.run(Price.execute(quote, 3)), 6)
      yield* before.stop
      const after = yield* open(Layer.provide(QuoteLive, tariff("new")))
      yield* after.run(Go.send(quote))
      const { result } = yield* after.run(Quote.handle(quote.id))
      assert.strictEqual(yield* Effect.flip(result), "new, false")
      assert.deepStrictEqual(undone, ["20"])
    })
  )

  it.effect("9. a service that is said to be pure and waits for something outside blocks the execution", () =>
    Effect.gen(function* () {
      const program = Read.toLayer(() => Effect.flatMap(Workflow.pure(Tariff), ({ fetch }) => fetch))
      const app = yield* open(Layer.provide(program, tariff("low")))
      const problem = yield* problemOf(app.run(Read.execute()))
      assert.strictEqual(problem.reason, "AsynchronousWork")
      assert.include(problem.message, "an activity")
    })
  )

  it.effect("9. a handler reads the configuration of its process", () =>
    Effect.gen(function* () {
      const handler = Charge.toLayer(() => Effect.orDie(Config.String("TARIFF")))
      const reading = charging.pipe(Layer.provide(handler))
      const provided = Layer.provide(reading, ConfigProvider.layer(ConfigProvider.fromUnknown({ TARIFF: "low" })))
      const app = yield* open(provided)
      assert.strictEqual(yield* app.run(Order.execute()), "low")
    })
  )

  it.effect("9. a call by a contract whose name has the handler of another one is blocked until its own is there", () =>
    Effect.gen(function* () {
      const texts = ChargeText.toLayer((cents) => Effect.succeed(`${cents} as text`))
      // The compiler cannot tell the two apart.
      const wrong = yield* open(charging.pipe(Layer.provide(texts)))
      const { id } = yield* wrong.run(Order.start())
      const problem = yield* problemOf(wrong.result(id))
      assert.strictEqual(problem.reason, "Undecodable")
      assert.include(problem.message, 'activity "Charge" is called by one contract and its handler is for another one')
      yield* wrong.stop
      const right = yield* open(charging.pipe(Layer.provide(live("charged"))))
      yield* settle
      assert.strictEqual(yield* (yield* right.run(Order.handle(id))).result, "charged")
    })
  )

  it.effect("9. two definitions of an activity that say the same are one contract", () =>
    Effect.gen(function* () {
      const handler = ChargeAgain.toLayer((cents) => Effect.succeed(`again ${cents}`))
      const app = yield* open(charging.pipe(Layer.provide(handler)))
      assert.strictEqual(yield* app.run(Order.execute()), "again 1")
    })
  )

  it.effect("10. handlers of two activities of one name are refused when the layers are built", () =>
    Effect.gen(function* () {
      const texts = ChargeText.toLayer(() => Effect.succeed("text"))
      const cards = ChargeCard.toLayer(() => Effect.succeed("card"))
      const again = ChargeAgain.toLayer(() => Effect.succeed("again"))
      const refused: ReadonlyArray<Workflows> = [
        charging.pipe(Layer.provide([live("right"), texts])),
        charging.pipe(Layer.provide([texts, live("right")])),
        charging.pipe(Layer.provide(live("right")), Layer.provide(cards)),
        charging.pipe(Layer.provide([live("right"), again]))
      ]
      for (const layer of refused) {
        const error = yield* errorOf(open(layer))
        assert.deepInclude(error, { _tag: "AmbiguousActivity", workflow: "Order", activity: "Charge" })
        assert.include(error.message, 'has handlers of two activities named "Charge"; give one of the two another name')
      }
    })
  )

  it.effect("10. each workflow has its own handler of an activity, and the nearest one", () =>
    Effect.gen(function* () {
      const refunding = Refund.toLayer(() => Charge(2))
      const texts = Read.toLayer(() => ChargeText(3))
      const app = yield* open(
        Layer.mergeAll(
          charging.pipe(Layer.provide(live("of the order")), Layer.provide(live("of all"))),
          refunding.pipe(Layer.provide(live("of the refund"))),
          texts.pipe(Layer.provide(ChargeText.toLayer((cents) => Effect.succeed(`text ${cents}`))))
        )
      )
      assert.strictEqual(yield* app.run(Order.execute()), "of the order")
      assert.strictEqual(yield* app.run(Refund.execute()), "of the refund")
      assert.strictEqual(yield* app.run(Read.execute()), "text 3")
    })
  )
}
