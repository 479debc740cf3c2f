/**
 * Checks of what users give beside payloads: names, ids, attributes, and code. No compiler has checked some of it.
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Attribute } from "../HistoryEvent.ts"
import { bounded, defectOf, textOf } from "./replay/defect.ts"

/** The name of a definition, a version or a patch. Throws when it is none: names are columns and keys of stores, so each must be a text of its own. */
export const nameOf = <Name extends string>(
  kind: "workflow" | "activity" | "signal" | "query" | "update" | "patch" | "version",
  name: Name
): Name => {
  if (typeof name === "string" && name !== "" && name.isWellFormed()) return name
  throw new TypeError(
    `the name of a ${kind} must be a text that is not empty and has no unpaired surrogates, and is ${shown(name)}`
  )
}

/** The id that a caller or a definition gives, or why it is none; any text is one. `undefined` where none is given. */
export const idOf = <Input>(
  chosen: string | undefined,
  derive: ((input: Input) => string) | undefined,
  input: Input
): Result.Result<string | undefined, string> => {
  try {
    const id: unknown = chosen === undefined ? derive?.(input) : chosen
    if (typeof id === "string" || (id === undefined && derive === undefined)) return Result.succeed(id)
    return Result.fail(`it must be a text, and is ${shown(id)}`)
  } catch (thrown) {
    return Result.fail(`the function workflowId threw ${thrownText(thrown)}; it must return a text for every input`)
  }
}

/** A copy of attributes, or why they are none. */
export const attributesOf = (given: unknown): Result.Result<Record<string, Attribute>, string> => {
  try {
    if (typeof given !== "object" || given === null || Array.isArray(given)) {
      return Result.fail(`they must be an object with a field for each, and are ${shown(given)}`)
    }
    const fields = Object.keys(given).map((name): [name: string, value: unknown] => [
      name,
      given[name as keyof typeof given]
    ])
    for (const field of fields) {
      const [name, value] = field
      if (!name.isWellFormed()) return Result.fail(`the name ${shown(name)} has an unpaired surrogate; leave it out`)
      if (!isAttribute(value)) {
        return Result.fail(`${shown(name)} is ${shown(value)}; each must be a text, a finite number or a flag`)
      }
      if (typeof value === "string" && !value.isWellFormed()) {
        return Result.fail(`${shown(name)} is ${shown(value)}, which has an unpaired surrogate; leave it out`)
      }
      // JSON has no minus zero.
      if (value === 0) field[1] = 0
    }
    return Result.succeed(Object.fromEntries(fields) as Record<string, Attribute>)
  } catch (thrown) {
    return Result.fail(`they cannot be read: ${thrownText(thrown)}`)
  }
}

/** What the code of a user returns, which must be an effect: a fiber that meets something else ends without its finalizers. */
export const effectOf = <A, E, R>(of: string, run: () => Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.suspend(() => {
    const returned: unknown = run()
    return Effect.isEffect(returned)
      ? (returned as Effect.Effect<A, E, R>)
      : Effect.die(new TypeError(`${of} returned no effect but ${shown(returned)}`))
  })

// internal

const isAttribute = (value: unknown): value is Attribute =>
  typeof value === "string" || typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value))

const thrownText = (thrown: unknown): string => {
  const { message, name } = defectOf(thrown)
  return bounded(`${name}: ${message}`, 1_000)
}

/** Anything in a few words; texts in quotes. */
const shown = (value: unknown): string =>
  bounded(typeof value === "string" ? JSON.stringify(value) : textOf(value), 200)
