/**
 * Activities that are implemented together: a catalogue, and one layer with the handlers of all of them.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Scope } from "effect/Scope"
import type { SqlClient } from "effect/sql/SqlClient"
import * as Activity from "./Activity.ts"
import type { ActivityContext } from "./ActivityContext.ts"
import { shown } from "./internal/options.ts"
import type { AnyHandler, IsUnion } from "./internal/requirements.ts"
import type { Transactions } from "./Store/Transactions.ts"

/**
 * How an activity of a group is implemented: by a handler, or by a handler with limits.
 *
 * @category models
 * @since 0.2.0
 */
export type Implementation<A extends Activity.Any> = Handle<A> | WithLimits<A>

/**
 * The handler of an activity.
 *
 * @category models
 * @since 0.2.0
 */
export type Handle<A extends Activity.Any> = (
  input: Activity.Input<A>
) => Effect.Effect<Activity.Success<A>, Activity.Error<A>, unknown>

/**
 * The handler of an activity, and the limits that its `toLayer` would be given.
 *
 * @category models
 * @since 0.2.0
 */
export interface WithLimits<A extends Activity.Any> extends Activity.Limits {
  readonly handler: Handle<A>
}

/**
 * The implementations of all activities, by their names.
 *
 * @category utility types
 * @since 0.2.0
 */
export type ImplementationsOf<A extends Activity.Any> = {
  readonly [Current in A as Current["name"]]: Implementation<Current>
}

/**
 * The services that the handlers of a group need: of a transactional activity the transactions, which bring its `SqlClient`.
 *
 * @category utility types
 * @since 0.2.0
 */
export type ServicesOf<Handlers, A extends Activity.Any = never> = {
  [Name in keyof Handlers]: Name extends Extract<A, { readonly transactional: true }>["name"]
    ? Transactions | Exclude<ServicesOfOne<Handlers[Name]>, SqlClient>
    : ServicesOfOne<Handlers[Name]>
}[keyof Handlers]

/**
 * The services that a handler needs.
 *
 * @category utility types
 * @since 0.2.0
 */
export type ServicesOfOne<Handler> = Handler extends (...input: never) => Effect.Effect<unknown, unknown, infer R>
  ? R
  : Handler extends { readonly handler: (...input: never) => Effect.Effect<unknown, unknown, infer R> }
    ? R
    : never

/**
 * A message for each field that is no activity of the group, and for each option that there is not.
 *
 * @category utility types
 * @since 0.2.0
 */
export type NoOthers<Names extends string, Handlers> = {
  readonly [Name in Exclude<keyof Handlers, Names>]: "the group has no activity of this name"
} & {
  readonly [Name in keyof Handlers as Handlers[Name] extends { readonly handler: unknown } ? Name : never]: {
    readonly [Option in Exclude<keyof Handlers[Name], keyof WithLimits<Activity.Any>>]: readonly [
      "there is no such option"
    ]
  }
}

/**
 * Each activity, or a message where another one of the group has its name.
 *
 * @category utility types
 * @since 0.2.0
 */
export type Distinct<Activities extends ReadonlyArray<Activity.Any>> = {
  readonly [Index in keyof Activities]: Activities[Index] extends infer One extends Activity.Any
    ? true extends IsRepeated<Activities, One["name"]>
      ? `another activity of the group is named ${One["name"]}`
      : One
    : never
}

/**
 * Activities that are implemented together.
 *
 * @category models
 * @since 0.2.0
 */
export interface ActivityGroup<in out A extends Activity.Any> {
  /** The activities by their names, in the order in which they were given. */
  readonly activities: ReadonlyMap<string, A>
  /**
   * Implements all of them, at once or by an effect that makes the handlers. What the handlers and that effect need becomes
   * requirements of the layer. Throws a `TypeError` when a handler is missing or limits make no sense; made by an effect, that is a defect
   * of the layer.
   */
  readonly toLayer: <Handlers extends ImplementationsOf<A>, E = never, R = never>(
    handlers: (Handlers & NoOthers<A["name"], Handlers>) | Effect.Effect<Handlers & NoOthers<A["name"], Handlers>, E, R>
  ) => Layer.Layer<Activity.HandlerOf<A>, E, Exclude<ServicesOf<Handlers, A>, ActivityContext> | Exclude<R, Scope>>
}

/**
 * Groups activities. Throws a `TypeError` where two of them have one name.
 *
 * **Example** (A catalogue of what a shop does)
 *
 * ```ts
 * import { Effect, Schema } from "effect"
 * import { Activity, ActivityGroup } from "perdure"
 *
 * const Charge = Activity.make("Charge", { input: Schema.Number, success: Schema.String })
 * const Ship = Activity.make("Ship", { input: Schema.String })
 *
 * const Shop = ActivityGroup.make(Charge, Ship)
 * const ShopLive = Shop.toLayer({
 *   Charge: { handler: (cents) => Effect.succeed(`receipt of ${cents}`), concurrency: 10 },
 *   Ship: (receipt) => Effect.log(`shipped for ${receipt}`)
 * })
 *
 * Shop.activities.size // => 2
 * ```
 *
 * @category constructors
 * @since 0.2.0
 */
export const make = <const Activities extends ReadonlyArray<Activity.Any>>(
  ...activities: Activities & Distinct<Activities>
): ActivityGroup<Activities[number]> => {
  const byName = new Map<string, Implementable>()
  for (const activity of activities as ReadonlyArray<unknown>) {
    if (!Activity.isActivity(activity))
      throw new TypeError(`a group is made of activities, and not of ${shown(activity)}`)
    if (byName.has(activity.name)) throw new TypeError(`two activities of the group are named ${activity.name}`)
    // Every activity is made by a function that adds `toLayer`.
    byName.set(activity.name, activity as Implementable)
  }
  return {
    activities: byName,
    toLayer: (handlers: unknown) =>
      Effect.isEffect(handlers)
        ? Layer.unwrap(Effect.map(handlers, (made) => layerOf(byName, made)))
        : layerOf(byName, handlers)
    // The types of the handlers were checked one by one, which is lost in a map.
  } as unknown as ActivityGroup<Activities[number]>
}

// internal

/** An activity, whatever its types, as the group implements it. */
interface Implementable extends Activity.Any {
  readonly toLayer: (handler: Handle<Activity.Any>, limits?: Activity.Limits) => Layer.Layer<AnyHandler>
}

/** Whether a name is that of several activities of a list. */
type IsRepeated<Activities extends ReadonlyArray<Activity.Any>, Name extends string> = IsUnion<
  { [Index in keyof Activities]: Activities[Index]["name"] extends Name ? Index : never }[number]
>

const layerOf = (activities: ReadonlyMap<string, Implementable>, given: unknown): Layer.Layer<AnyHandler> => {
  if (typeof given !== "object" || given === null) {
    throw new TypeError(
      `the handlers of a group must be an object with a field for each activity, and are ${shown(given)}`
    )
  }
  const other = Object.keys(given).find((name) => !activities.has(name))
  if (other !== undefined) throw new TypeError(`the group has no activity named ${other}`)
  const layers = Array.from(activities, ([name, activity]) => {
    const { handler, ...limits } = implementationOf(
      name,
      Object.hasOwn(given, name) ? (given as Record<string, unknown>)[name] : undefined
    )
    return activity.toLayer(handler, limits)
  })
  return layers.reduce<Layer.Layer<AnyHandler>>((all, layer) => Layer.merge(all, layer), Layer.empty as never)
}

const implementationOf = (name: string, given: unknown): WithLimits<Activity.Any> => {
  const all = typeof given === "function" ? { handler: given } : given
  if (typeof all === "object" && all !== null && "handler" in all && typeof all.handler === "function") {
    return all as WithLimits<Activity.Any>
  }
  throw new TypeError(
    `the group has no handler of activity ${name}: give it a function or { handler, concurrency, rateLimit }, not ${shown(given)}`
  )
}
