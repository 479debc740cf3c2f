/**
 * The base of the errors of this library: errors of a schema that Node.js shows as errors.
 */
import * as Inspectable from "effect/Inspectable"
import { TaggedError as make } from "effect/Schema"

/**
 * `Schema.TaggedError`, whose errors Node.js shows with message and stack, and with their fields after them. Effect would have
 * it show the fields alone, so `console.log` and a test that fails would say neither what happened nor where.
 */
export const TaggedError: typeof make = (identifier?: string) => {
  const makeBase = make<unknown>(identifier) as unknown as (...args: ReadonlyArray<unknown>) => Base
  return (...args: ReadonlyArray<unknown>): any => {
    const base = makeBase(...args)
    // Its answer is itself, which Node.js takes for: show it as if nothing had been said.
    base.prototype[Inspectable.NodeInspectSymbol] = function (this: unknown) {
      return this
    }
    return base
  }
}

// internal

/** A class that another one extends. */
interface Base {
  readonly prototype: { [Inspectable.NodeInspectSymbol]?: (this: unknown) => unknown }
}
