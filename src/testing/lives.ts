/**
 * Lives: where processes die, and in which order comes what is in flight. As data and in words.
 */
import * as Schema from "effect/Schema"

/** The places of a commit in which a process dies, in their order. */
export const places = ["before", "stored", "answered"] as const

/** So many orders have a number. */
export const mostOrders = 1_000_000

/** A whole number up to another one, from 0 or more. */
export const upTo = (maximum: number, minimum = 0) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))

/**
 * When a process dies: at its commit of this number, from 1. *before* it is stored; after it is *stored*, and before it is answered; or
 * after it is *answered*, when what it asks for has just begun.
 *
 * @category models
 * @since 0.2.0
 */
export const Crash = Schema.Struct({ commit: upTo(1000, 1), place: Schema.Literals(places) })
export type Crash = typeof Crash.Type

/**
 * What may come to an execution from its processes: a schema, so that a property test can generate lives and make them smaller.
 *
 * **Example** (A property of all lives)
 *
 * ```ts no-check
 * it.effect.prop("it is paid once", { life: Life }, ({ life }) => live(Order, 100, scenario, life))
 * ```
 *
 * @category models
 * @since 0.2.0
 */
export const Life = Schema.Struct({
  /** Where the first process dies, then the second one, and so on; the one after them lives. */
  crashes: Schema.Array(Schema.Struct({ commit: upTo(20, 1), place: Schema.Literals(places) })).check(
    Schema.isMaxLength(3)
  ),
  /** Names the order in which comes what is in flight; 0 for that in which nothing is late. */
  order: upTo(mostOrders)
})
export type Life = typeof Life.Type

/** Every life that can be lived, of which `Life` has what is worth a try by chance. */
export const AnyLife = Schema.Struct({
  crashes: Schema.Array(Crash).check(Schema.isMaxLength(20)),
  order: upTo(mostOrders)
})

/** A life in which nothing happens. */
export const calm: Life = { crashes: [], order: 0 }

/** A life in words. */
export const lifeInWords = ({ crashes, order }: Life): string => {
  const [first, ...rest] = crashes.map(inWords)
  const died = first === undefined ? "without any crash" : `when its process dies ${first}`
  const all = [died, ...rest.map((words) => `then the next one ${words}`)]
  return [...all, ...(order > 0 ? [`in the order ${order}`] : [])].join(", ")
}

// internal

const inWords = ({ commit, place }: Crash): string => {
  switch (place) {
    case "before":
      return `before its commit ${commit} is stored`
    case "stored":
      return `after its commit ${commit} is stored and before it is answered`
    case "answered":
      return `after its commit ${commit} is answered`
  }
}
