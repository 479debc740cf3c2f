/**
 * Attributes and memos as users give them: checked, copied, and within the bounds of a summary, which is part of every commit.
 *
 * A bound may grow from one release to the next and never shrink: a replay must take what was taken.
 */
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import type { Attribute, AttributeChanges } from "../HistoryEvent.ts"
import { type Attributes, isAttribute, Unfit, withChanges } from "./core/attributes.ts"
import { canonicalJson } from "./core/json.ts"
import { thrownText } from "./given.ts"
import { shown } from "./options.ts"
import { byteLength, exceeds } from "./store/codec.ts"

/** How many attributes an execution may have. */
const mostAttributes = 100

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
      const fault = faultOfName(field[0]) ?? faultOfValue(field[0], field[1])
      if (fault !== undefined) return Result.fail(fault)
      // JSON has no minus zero.
      if (field[1] === 0) field[1] = 0
    }
    const attributes = Object.fromEntries(fields) as Record<string, Attribute>
    const fault = faultOfAll(attributes)
    return fault === undefined ? Result.succeed(attributes) : Result.fail(fault)
  } catch (thrown) {
    return Result.fail(`they cannot be read: ${thrownText(thrown)}`)
  }
}

/** Why attributes cannot be changed so; `undefined` when they can. The changes are copied and checked one by one. */
export const faultOfChanges = (attributes: Attributes, changes: AttributeChanges): string | undefined =>
  faultOfAll(withChanges(attributes, changes))

/** A copy of a memo, or why it is none. */
export const memoOf = (given: unknown): Result.Result<Schema.Json, string> => {
  const read = Result.try({
    try: () => canonicalJson(given),
    catch: (thrown) => `it cannot be read: ${thrownText(thrown)}`
  })
  const memo = Result.isSuccess(read) ? read.success : Result.fail(read.failure)
  if (Result.isFailure(memo)) return Result.fail(memo.failure)
  const text = JSON.stringify(memo.success)
  return exceeds(text, mostBytes)
    ? Result.fail(`it has ${byteLength(text)} bytes as JSON, and may have ${mostBytes}; keep an id of what it tells`)
    : memo
}

/** Why a text is no name of an attribute; `undefined` when it is one. */
export const faultOfName = (name: string): string | undefined => {
  if (!name.isWellFormed()) return `the name ${shown(name)} has an unpaired surrogate; leave it out`
  return exceeds(name, mostNameBytes)
    ? `the name ${shown(name)} has ${byteLength(name)} bytes, and may have ${mostNameBytes}; shorten it`
    : undefined
}

// internal

/** The longest name, and the longest text, in bytes of UTF-8. */
const mostNameBytes = 256
const mostTextBytes = 1024

/** All attributes, and a memo, as JSON: with what programs publish they fit into what a store keeps of an execution at hand. */
const mostBytes = 8 * 1024

const faultOfValue = (name: string, value: unknown): string | undefined => {
  if (value instanceof Unfit) return `${shown(name)} does not fit its schema: ${value.issue}`
  if (!isAttribute(value)) return `${shown(name)} is ${shown(value)}; each must be a text, a finite number or a flag`
  if (typeof value !== "string") return undefined
  if (!value.isWellFormed()) return `${shown(name)} is ${shown(value)}, which has an unpaired surrogate; leave it out`
  return exceeds(value, mostTextBytes)
    ? `${shown(name)} has ${byteLength(value)} bytes, and may have ${mostTextBytes}; shorten it, or keep it in the memo`
    : undefined
}

const faultOfAll = (attributes: Attributes): string | undefined => {
  const count = Object.keys(attributes).length
  if (count > mostAttributes) return `they are ${count}, and may be ${mostAttributes}; keep the others in the memo`
  const text = JSON.stringify(attributes)
  return exceeds(text, mostBytes)
    ? `they have ${byteLength(text)} bytes as JSON, and may have ${mostBytes}; keep what is not searched for in the memo`
    : undefined
}
