/**
 * Lives as tokens, by which a failure names the life that it is about.
 */
import * as Schema from "effect/Schema"
import { shown } from "../internal/options.ts"
import { AnyLife, calm, type Crash, type Life } from "./lives.ts"

/** What lives a life, and names it. */
export const LivedBy = Schema.Literals(["crashEverywhere", "interleave", "live"])
export type LivedBy = typeof LivedBy.Type

/** A text that names a life. */
export const tokenOf = ({ crashes, order }: Life): string => {
  const words = crashes.map(({ commit, place }) => `${commit}-${place}`)
  if (order > 0) words.push(`order-${order}`)
  return words.length === 0 ? calmToken : words.join("/")
}

/** The life that a token names; `undefined` when it names none. */
export const lifeOf = (token: string): Life | undefined => {
  if (token === calmToken) return calm
  const crashes: Array<Crash> = []
  let order = 0
  for (const part of String(token).split("/")) {
    const [, commit, place, named] = pattern.exec(part) ?? []
    if (order > 0 || (commit ?? named) === undefined) return undefined
    if (named !== undefined) order = Number(named)
    else crashes.push({ commit: Number(commit), place: place as Crash["place"] })
  }
  const life = { crashes, order }
  return isLife(life) ? life : undefined
}

/** The life that is to be lived alone; a `TypeError` where it is none, or one that only another function lives. */
export const named = (by: LivedBy, given: string | Life): Life => {
  const { example, isOwn } = kinds[by]
  if (typeof given === "object") {
    if (isLife(given)) return given
    throw new TypeError(
      `${by}: a life must be one of the schema of lives, such as that of "${example}", and is ${shown(given)}`
    )
  }
  const life = lifeOf(given)
  if (life === undefined) {
    throw new TypeError(
      `${by}: the token of a life must be what a failure has named, such as "${example}", and is ${shown(given)}`
    )
  }
  if (isOwn(life)) return life
  throw new TypeError(`${by}: ${shown(given)} names no life of its own, such as "${example}": ${ownerOf(life)}`)
}

/** How a life is lived alone, in words. */
export const again = (by: LivedBy, token: string): string =>
  by === "live" ? `live(…, ${JSON.stringify(token)})` : `${by}(…, { replay: ${JSON.stringify(token)} })`

// internal

const calmToken = "none"

const pattern = /^(?:([1-9]\d*)-(before|stored|answered)|order-([1-9]\d*))$/

const isLife = Schema.is(AnyLife)

interface Kind {
  readonly example: string
  readonly isOwn: (life: Life) => boolean
}

const kinds: Readonly<Record<LivedBy, Kind>> = {
  crashEverywhere: { example: "3-stored", isOwn: ({ crashes, order }) => order === 0 && crashes.length <= 2 },
  interleave: { example: "order-17", isOwn: ({ crashes, order }) => order > 0 && crashes.length === 0 },
  live: { example: "3-stored/order-17", isOwn: () => true }
}

/** Where to go with a life, in words. */
const ownerOf = (life: Life): string => {
  const owner = (["crashEverywhere", "interleave", "live"] as const).find((by) => kinds[by].isOwn(life))!
  return `run it with ${again(owner, tokenOf(life))}`
}
