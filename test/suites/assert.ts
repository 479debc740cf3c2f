/**
 * Assertions by the names that they have in vitest, on those of Node.js: so the suites run under any runner.
 */
import * as strict from "node:assert/strict"

type Message = string | undefined

interface Assert extends Assertions {
  (condition: unknown, message?: Message): asserts condition
}

interface Assertions {
  readonly strictEqual: <A>(actual: A, expected: A, message?: Message) => void
  readonly notStrictEqual: <A>(actual: A, expected: A, message?: Message) => void
  readonly deepStrictEqual: <A>(actual: A, expected: A, message?: Message) => void
  readonly notDeepEqual: <A>(actual: A, expected: A, message?: Message) => void
  /** A text has a part, a list has a member, or an object has these properties. */
  readonly include: (actual: unknown, expected: unknown, message?: Message) => void
  readonly notInclude: (actual: unknown, expected: unknown, message?: Message) => void
  /** A list has an equal member, or an object has equal properties. */
  readonly deepInclude: (actual: unknown, expected: unknown, message?: Message) => void
  readonly sameMembers: <A>(actual: ReadonlyArray<A>, expected: ReadonlyArray<A>, message?: Message) => void
  readonly includeMembers: <A>(actual: ReadonlyArray<A>, expected: ReadonlyArray<A>, message?: Message) => void
  readonly isTrue: (actual: unknown, message?: Message) => asserts actual is true
  readonly isFalse: (actual: unknown, message?: Message) => asserts actual is false
  readonly isNull: (actual: unknown, message?: Message) => asserts actual is null
  readonly isDefined: <A>(actual: A | undefined, message?: Message) => asserts actual is A
  readonly isUndefined: (actual: unknown, message?: Message) => asserts actual is undefined
  readonly isAbove: (actual: number, bound: number, message?: Message) => void
  readonly isAtLeast: (actual: number, bound: number, message?: Message) => void
  readonly isBelow: (actual: number, bound: number, message?: Message) => void
  readonly isAtMost: (actual: number, bound: number, message?: Message) => void
  readonly lengthOf: (actual: Sized, length: number, message?: Message) => void
  readonly isEmpty: (actual: Sized, message?: Message) => void
  readonly isNotEmpty: (actual: Sized, message?: Message) => void
  readonly notProperty: (actual: unknown, name: string, message?: Message) => void
  readonly match: (actual: string, pattern: RegExp, message?: Message) => void
  readonly instanceOf: <A>(
    actual: unknown,
    constructor: abstract new (...args: any) => A,
    message?: Message
  ) => asserts actual is A
  /** It throws, with this text in its message. */
  readonly throws: (run: () => unknown, message?: string | RegExp) => void
  readonly fail: (message: string) => never
}

type Sized = { readonly length: number } | { readonly size: number } | object

const assertions: Assertions = {
  strictEqual: (actual, expected, message) => strict.strictEqual(actual, expected, message),
  notStrictEqual: (actual, expected, message) => strict.notStrictEqual(actual, expected, message),
  deepStrictEqual: (actual, expected, message) => strict.deepStrictEqual(actual, expected, message),
  notDeepEqual: (actual, expected, message) => strict.notDeepStrictEqual(actual, expected, message),
  include: (actual, expected, message) =>
    holds(includes(actual, expected, Object.is), message, () => `${shown(actual)} has no ${shown(expected)}`),
  notInclude: (actual, expected, message) =>
    holds(!includes(actual, expected, Object.is), message, () => `${shown(actual)} has ${shown(expected)}`),
  deepInclude: (actual, expected, message) =>
    holds(includes(actual, expected, isEqual), message, () => `${shown(actual)} has no ${shown(expected)}`),
  sameMembers: (actual, expected, message) => strict.deepStrictEqual(counted(actual), counted(expected), message),
  includeMembers: (actual, expected, message) =>
    holds(
      expected.every((each) => actual.includes(each)),
      message,
      () => `${shown(actual)} has not all of ${shown(expected)}`
    ),
  isTrue: (actual, message) => strict.strictEqual(actual, true, message),
  isFalse: (actual, message) => strict.strictEqual(actual, false, message),
  isNull: (actual, message) => strict.strictEqual(actual, null, message),
  isDefined: (actual, message) => strict.notStrictEqual(actual, undefined, message),
  isUndefined: (actual, message) => strict.strictEqual(actual, undefined, message),
  isAbove: (actual, bound, message) => holds(actual > bound, message, () => `${actual} is not above ${bound}`),
  isAtLeast: (actual, bound, message) => holds(actual >= bound, message, () => `${actual} is less than ${bound}`),
  isBelow: (actual, bound, message) => holds(actual < bound, message, () => `${actual} is not below ${bound}`),
  isAtMost: (actual, bound, message) => holds(actual <= bound, message, () => `${actual} is more than ${bound}`),
  lengthOf: (actual, length, message) =>
    holds(sizeOf(actual) === length, message, () => `not ${length}: ${shown(actual)}`),
  isEmpty: (actual, message) => holds(sizeOf(actual) === 0, message, () => `it is not empty: ${shown(actual)}`),
  isNotEmpty: (actual, message) => holds(sizeOf(actual) > 0, message, () => "it is empty"),
  notProperty: (actual, name, message) =>
    holds(
      !(typeof actual === "object" && actual !== null && name in actual),
      message,
      () => `${shown(actual)} has ${name}`
    ),
  match: (actual, pattern, message) => strict.match(actual, pattern, message),
  instanceOf: (actual, constructor, message) =>
    holds(actual instanceof constructor, message, () => `${shown(actual)} is no ${constructor.name}`),
  throws: (run, message = "") =>
    strict.throws(run, (error) => {
      const text = error instanceof Error ? error.message : String(error)
      holds(
        typeof message === "string" ? text.includes(message) : message.test(text),
        undefined,
        () => `it threw ${shown(text)}, not ${message}`
      )
      return true
    }),
  fail: (message) => strict.fail(message)
}

export const assert: Assert = Object.assign(
  (condition: unknown, message?: Message) => strict.ok(condition, message),
  assertions
)

// internal

const holds = (isSo: boolean, message: Message, otherwise: () => string): void => {
  if (!isSo) strict.fail(message === undefined ? otherwise() : `${message}: ${otherwise()}`)
}

const shown = (value: unknown): string => {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? String(value))
  return text.length > 2000 ? `${text.slice(0, 2000)}…` : text
}

const isEqual = (a: unknown, b: unknown): boolean => {
  try {
    strict.deepStrictEqual(a, b)
    return true
  } catch {
    return false
  }
}

const includes = (actual: unknown, expected: unknown, isSame: (a: unknown, b: unknown) => boolean): boolean => {
  if (typeof actual === "string") return actual.includes(String(expected))
  if (Array.isArray(actual)) return actual.some((each) => isSame(each, expected))
  if (typeof actual !== "object" || actual === null) return false
  return Object.entries(expected as object).every(([name, value]) => isSame(actual[name as keyof typeof actual], value))
}

const sizeOf = (value: Sized): number =>
  "length" in value ? value.length : "size" in value ? value.size : Object.keys(value).length

/** How often each member is there. */
const counted = <A>(members: ReadonlyArray<A>): ReadonlyMap<A, number> => {
  const counts = new Map<A, number>()
  for (const member of members) counts.set(member, (counts.get(member) ?? 0) + 1)
  return counts
}
