/**
 * Crashes: where they come, in words and as tokens.
 */

/**
 * Where in a commit a process dies: before the commit is stored, after that and before it is answered, or after it is answered, when
 * what it asks for has just begun.
 *
 * @category models
 * @since 0.2.0
 */
export type Place = "before" | "stored" | "answered"

/**
 * When a process dies: at its commit of this number, from 1.
 *
 * @category models
 * @since 0.2.0
 */
export interface Crash {
  readonly commit: number
  readonly place: Place
}

/** The places, in their order. */
export const places: ReadonlyArray<Place> = ["before", "stored", "answered"]

/** A text that names crashes: of the first process, of the second one, and so on. */
export const tokenOf = (crashes: ReadonlyArray<Crash>): string =>
  crashes.length === 0 ? calm : crashes.map(({ commit, place }) => `${commit}-${place}`).join("/")

/** The crashes that a token names; `undefined` when it names none. */
export const crashesOf = (token: string): ReadonlyArray<Crash> | undefined => {
  if (token === calm) return []
  const found = token.split("/").map((part) => pattern.exec(part))
  if (found.some((match) => match === null)) return undefined
  return found.map((match) => ({ commit: Number(match![1]), place: match![2] as Place }))
}

/** Crashes in words. */
export const crashesInWords = (crashes: ReadonlyArray<Crash>): string => {
  if (crashes.length === 0) return "without any crash"
  const [first, ...rest] = crashes.map(inWords)
  return [`when its process dies ${first}`, ...rest.map((words) => `then the next one ${words}`)].join(", ")
}

// internal

/** The token of a life without a crash. */
const calm = "none"

const pattern = /^([1-9]\d*)-(before|stored|answered)$/

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
