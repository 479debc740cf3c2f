/**
 * When the outside does what: schedules of messages as data, for property tests.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { count, first, time } from "../internal/options.ts"

/**
 * What comes from outside, by its name, and how many milliseconds after the start.
 *
 * @category models
 * @since 0.2.0
 */
export type Timeline<Name extends string> = ReadonlyArray<{ readonly what: Name; readonly after: number }>

/**
 * A schema of timelines, so that a property test can generate them and make them smaller: what comes is one of the names, as often as it
 * likes, up to `most` altogether (5 unless told), and up to `within` after the start.
 *
 * **Example** (Approvals and cancels at any time)
 *
 * ```ts
 * import { Effect, Schema } from "effect"
 * import { Signal, Workflow } from "perdure"
 * import { live, play, timelines } from "perdure/testing"
 *
 * const Approve = Signal.make("approve")
 * const Order = Workflow.make("Order", { success: Schema.String })
 * const layer = Order.toLayer(() => Effect.as(Approve.receive, "approved"))
 *
 * // For a property test: it.effect.prop("…", { timeline: Timeline }, …)
 * const Timeline = timelines(["approve", "cancel"], { within: "10 days" })
 *
 * const timeline: typeof Timeline.Type = [{ what: "approve", after: 5000 }, { what: "cancel", after: 6000 }]
 * const test = Effect.map(live(Order, undefined, { layer, script: play(timeline, {
 *   approve: (order) => Approve.send(order),
 *   cancel: (order) => order.cancel()
 * }) }), ({ exit }) => exit._tag)
 * await Effect.runPromise(test) // => "Success"
 * ```
 *
 * @category arbitraries
 * @since 0.2.0
 */
export const timelines = <const Name extends string>(
  names: ReadonlyArray<Name>,
  options: { readonly within: Duration.Input; readonly most?: number | undefined }
): Schema.Codec<Timeline<Name>> => {
  const { most = 5, within } = options
  const fault = first(
    names.length > 0 ? undefined : "there must be a name",
    time("within", within),
    count("most", most) ?? (Number.isFinite(most) ? undefined : "most must be finite")
  )
  if (fault !== undefined) throw new TypeError(`timelines: ${fault}`)
  const maximum = Math.floor(Duration.toMillis(Duration.fromInputUnsafe(within)))
  const after = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum }))
  return Schema.Array(Schema.Struct({ what: Schema.Literals(names), after })).check(Schema.isMaxLength(most))
}

/**
 * The script of a timeline: everything comes at its time, what comes at one time in the order of the list. What is refused, such as a
 * message to an execution that is over, is left at that.
 *
 * @category testing
 * @since 0.2.0
 */
export const play =
  <Name extends string, Handle, R>(
    timeline: Timeline<Name>,
    messages: Readonly<Record<Name, (handle: Handle) => Effect.Effect<unknown, unknown, R>>>
  ): ((handle: Handle) => Effect.Effect<void, never, R>) =>
  (handle) =>
    Effect.forEach(timeline, ({ after, what }) => Effect.ignore(Effect.delay(messages[what](handle), after)), {
      concurrency: "unbounded",
      discard: true
    })
