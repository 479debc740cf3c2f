/**
 * Checks of what users give beside payloads: names, ids, and code. No compiler has checked some of it.
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { shown } from "./options.ts"
import { bounded, defectOf } from "./replay/defect.ts"

/** The name of a definition, a version or a patch. Throws when it is none: names are columns and keys of stores, so each must be a text of its own. */
export const nameOf = <Name extends string>(
  kind: "workflow" | "activity" | "signal" | "query" | "update" | "patch" | "version",
  name: Name
): Name => {
  if (typeof name === "string" && name !== "" && name.isWellFormed()) return name
  throw new TypeError(
    `the name of ${/^[aeiou]/.test(kind) ? "an" : "a"} ${kind} must be a text that is not empty and has no unpaired surrogates, and is ${shown(name)}`
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

/** What the code of a user returns, which must be an effect: a fiber that meets something else ends without its finalizers. */
export const effectOf = <A, E, R>(of: string, run: () => Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.suspend(() => {
    const returned: unknown = run()
    if (Effect.isEffect(returned)) return returned as Effect.Effect<A, E, R>
    // What an async function fails with would end the process.
    if (returned instanceof Promise) returned.catch(() => undefined)
    return Effect.die(new TypeError(`${of} returned no effect but ${returnedOf(returned)}`))
  })

/** What was thrown, in a few words. */
export const thrownText = (thrown: unknown): string => {
  const { message, name } = defectOf(thrown)
  return bounded(`${name}: ${message}`, 1_000)
}

// internal

/** What functions return that are written as they are elsewhere, and what to write. */
const returnedOf = (value: unknown): string => {
  if (value instanceof Promise) return "a promise: write Effect.fn instead of async"
  return isGenerator(value) ? "a generator: put Effect.fn around the function*" : shown(value)
}

const isGenerator = (value: unknown): boolean => Object.prototype.toString.call(value) === "[object Generator]"
