/**
 * Doubles of activities, by their contracts.
 */
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import type * as Schema from "effect/Schema"
import * as Activity from "../Activity.ts"
import type { ActivityContext } from "../ActivityContext.ts"
import { shown } from "../internal/options.ts"
import type { TransactionalActivity } from "../TransactionalActivity.ts"

/**
 * A double of an activity, under the control of a test.
 *
 * @category models
 * @since 0.2.0
 */
export interface Double<in out Input, in out Success, in out Error, in Handler> {
  /** The handler, as the layer of a workflow needs it. */
  readonly layer: Layer.Layer<Handler>
  /** The inputs of the attempts that have begun, oldest first. */
  readonly calls: ReadonlyArray<Input>
  /** The next attempt without an answer of its own succeeds. */
  readonly succeedNext: (...success: void extends Success ? [success?: Success] : [success: Success]) => void
  /** The next attempt without an answer of its own fails; whether another one follows is for the retry policy to say. */
  readonly failNext: (error: Error) => void
  /** The next attempt without an answer of its own never ends by itself, but by a timeout, a cancel or a crash. */
  readonly hang: () => void
}

/**
 * Makes a double of an activity: attempts get the answers that the test has named, in that order. One beyond them is answered by
 * `otherwise`, and without it is a defect that names the call. That of a transactional activity writes nothing, so it has no transactions
 * and is good on any store.
 *
 * **Example** (A bank that is busy at first)
 *
 * ```ts
 * import { Effect, Layer, Schema } from "effect"
 * import { Activity, Workflow } from "perdure"
 * import { double, TestWorkflows } from "perdure/testing"
 *
 * const Charge = Activity.make("Charge", { input: Schema.Int, success: Schema.String, error: Schema.String })
 * const Order = Workflow.make("Order", { input: Schema.Int, success: Schema.String, error: Schema.String })
 * const OrderLive = Order.toLayer((cents) => Charge(cents))
 *
 * const charge = double(Charge)
 * charge.failNext("busy")
 * charge.succeedNext("receipt")
 *
 * const test = Effect.gen(function*() {
 *   const order = yield* Order.start(100)
 *   yield* TestWorkflows.pass("1 minute")
 *   return yield* order.result
 * })
 *
 * const Test = OrderLive.pipe(Layer.provide(charge.layer), Layer.provideMerge(TestWorkflows.layer))
 * await Effect.runPromise(Effect.provide(test, Test)) // => "receipt"
 * charge.calls // => [100, 100]
 * ```
 *
 * @category constructors
 * @since 0.2.0
 */
export const double = <
  Name extends string,
  Input extends Schema.Codec<unknown, unknown>,
  Success extends Schema.Codec<unknown, unknown>,
  Error extends Schema.Codec<unknown, unknown>,
  Heartbeat extends Schema.Codec<unknown, unknown>
>(
  activity:
    | Activity.Activity<Name, Input, Success, Error, Heartbeat>
    | TransactionalActivity<Name, Input, Success, Error>,
  otherwise?: (input: Input["Type"]) => Effect.Effect<Success["Type"], Error["Type"], ActivityContext>
): Double<
  Input["Type"],
  Success["Type"],
  Error["Type"],
  Activity.Handler<Name, Input["Type"], Success["Type"], Error["Type"]>
> => {
  type Answer = Effect.Effect<Success["Type"], Error["Type"], ActivityContext>
  const calls: Array<Input["Type"]> = []
  const answers: Array<Answer> = []
  const unexpected = (input: Input["Type"]): Answer => {
    const call = `activity ${activity.name} was called with ${shown(input)}, its attempt ${calls.length}`
    return Effect.die(
      new Error(`${call}, and its double has no answer left: name one with succeedNext, failNext or hang`)
    )
  }
  return {
    layer: plain(activity).toLayer((input) =>
      Effect.suspend(() => {
        calls.push(input)
        return answers.shift() ?? (otherwise ?? unexpected)(input)
      })
    ),
    calls,
    succeedNext: (...[success]) => void answers.push(Effect.succeed(success as Success["Type"])),
    failNext: (error) => void answers.push(Effect.fail(error)),
    hang: () => void answers.push(Effect.never)
  }
}

// internal

/** An activity of the same contract whose handlers run in no transaction. */
const plain = <
  Name extends string,
  Input extends Schema.Codec<unknown, unknown>,
  Success extends Schema.Codec<unknown, unknown>,
  Error extends Schema.Codec<unknown, unknown>,
  Heartbeat extends Schema.Codec<unknown, unknown>
>(
  activity:
    | Activity.Activity<Name, Input, Success, Error, Heartbeat>
    | TransactionalActivity<Name, Input, Success, Error>
): Pick<Activity.Activity<Name, Input, Success, Error, Heartbeat>, "toLayer"> => {
  if (!("transactional" in activity)) return activity
  const { error, input, name, retry, success, timeouts } = activity
  // A literal name, as the compiler has seen where the activity was defined.
  const make = Activity.make as (name: string, options: unknown) => unknown
  return make(name, { error, input, retry, success, timeout: timeouts }) as Activity.Activity<
    Name,
    Input,
    Success,
    Error,
    Heartbeat
  >
}
