/** Copies of JSON, and what is refused because JSON would lose it without a word. */
import { runInNewContext } from "node:vm"
import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { canonicalJson, copyJson, equalJson, maxDepth } from "../../src/internal/core/json.ts"
import { parseJson } from "../../src/internal/core/parse.ts"

const nested = (levels: number): unknown => {
  let value: unknown = "x"
  for (let level = 0; level < levels; level++) value = level % 2 === 0 ? [value] : { a: value }
  return value
}

const circle: Record<string, unknown> = { list: [] }
circle["list"] = [1, { circle }]

class Point {
  readonly x = 1
}

const refused: ReadonlyArray<readonly [what: string, value: unknown, text: string]> = [
  ["NaN", Number.NaN, "NaN is no number of JSON"],
  ["infinity in a list", [0, [Number.POSITIVE_INFINITY]], "Infinity is no number of JSON\n  at [1][0]"],
  [
    "minus infinity in a field",
    { a: { b: Number.NEGATIVE_INFINITY } },
    '-Infinity is no number of JSON\n  at ["a"]["b"]'
  ],
  ["a bigint", { a: 1n }, 'a bigint is no JSON\n  at ["a"]'],
  ["a symbol", [Symbol("s")], "a symbol is no JSON\n  at [0]"],
  ["a function", { a: [() => 1] }, 'a function is no JSON\n  at ["a"][0]'],
  ["undefined", undefined, "undefined is no JSON"],
  ["undefined in a list", { a: [1, undefined] }, 'undefined is no JSON\n  at ["a"][1]'],
  ["a list with holes", Object.assign([1], { 2: 2 }), "undefined is no JSON\n  at [1]"],
  ["a map", { a: new Map([[1, 2]]) }, 'a value of class Map is neither a plain object nor a list\n  at ["a"]'],
  ["a set", new Set([1]), "a value of class Set is neither a plain object nor a list"],
  ["bytes", [new Uint8Array(2)], "a value of class Uint8Array is neither a plain object nor a list\n  at [0]"],
  ["an error", new Error("no"), "a value of class Error is neither a plain object nor a list"],
  ["a promise", Promise.resolve(1), "a value of class Promise is neither a plain object nor a list"],
  [
    "an object of a class",
    { a: new Point() },
    'a value of class Point is neither a plain object nor a list\n  at ["a"]'
  ],
  ["a value within itself", circle, "it contains itself\n"],
  ["one level too many", nested(maxDepth + 1), "it is nested deeper than 1000 levels"],
  ["very many levels", nested(100_000), "it is nested deeper than 1000 levels"],
  ["what toJSON makes of it", { a: { toJSON: () => undefined } }, 'undefined is no JSON\n  at ["a"]']
]

const taken: ReadonlyArray<readonly [what: string, value: unknown]> = [
  ["half of a character", "a\ud800"],
  ["minus zero", [-0, { a: -0 }]],
  ["fields without a value", { a: undefined, b: [{ c: undefined }] }],
  ["an object without a prototype", Object.assign(Object.create(null), { a: [1] })],
  ["an object of another realm", runInNewContext("({ a: [1, { b: null }] })")],
  ["a date", { at: new Date(0) }],
  ["an object that says what it is", [{ toJSON: (key: string) => ({ key }) }]],
  ["a field of the name of the prototype", JSON.parse('{"__proto__":{"a":1},"b":{"__proto__":2}}')],
  ["hidden fields", Object.defineProperty({ a: 1 }, "b", { value: 2, enumerable: false })],
  ["as many levels as there may be", nested(maxDepth)]
]

describe("what is recorded", () => {
  it.each(refused)("is not %s", (_, value, text) => {
    const result = canonicalJson(value)
    assert.isTrue(Result.isFailure(result))
    if (Result.isFailure(result)) assert.strictEqual(result.failure.slice(0, text.length), text)
  })

  it.each(taken)("is what JSON makes of %s", (_, value) => {
    const copy = Result.getOrThrow(canonicalJson(value))
    const read: unknown = JSON.parse(JSON.stringify(value))
    assert.deepStrictEqual(copy, read)
    assert.strictEqual(JSON.stringify(copy), JSON.stringify(value))
  })

  it("is read from each getter once", () => {
    let reads = 0
    const value = Object.defineProperty({}, "a", { get: () => ++reads, enumerable: true })
    assert.deepStrictEqual(canonicalJson(value), Result.succeed({ a: 1 }))
    assert.strictEqual(reads, 1)
  })

  it("gives no object the prototype that a field names", () => {
    const copy = Result.getOrThrow(canonicalJson(JSON.parse('{"__proto__":{"admin":true}}')))
    for (const json of [copy, copyJson(copy)]) {
      assert.strictEqual(Object.getPrototypeOf(json), Object.prototype)
      assert.isTrue(Object.hasOwn(json as object, "__proto__"))
    }
  })

  it.prop("is a copy that shares nothing with the value", [Schema.Json], ([value]) => {
    const expected = parseJson(JSON.stringify(value)) as Schema.Json
    for (const copy of [Result.getOrThrow(canonicalJson(value)), copyJson(expected)]) {
      assert.isTrue(equalJson(copy, expected))
      assert.isEmpty([...objectsIn(copy)].filter((object) => objectsIn(value).has(object)))
      for (const object of objectsIn(copy)) Object.assign(object, { changed: true })
      assert.isTrue(equalJson(expected, parseJson(JSON.stringify(value)) as Schema.Json))
    }
  })
})

const objectsIn = (value: unknown, found: Set<object> = new Set()): Set<object> => {
  if (typeof value !== "object" || value === null) return found
  found.add(value)
  for (const field of Object.values(value)) objectsIn(field, found)
  return found
}

describe("a value that is larger than any store accepts", () => {
  it("is refused, also when it is small itself and its parts are shared", () => {
    let shared: unknown = ["x".repeat(1000)]
    for (let level = 0; level < 40; level++) shared = [shared, shared]
    const begin = performance.now()
    for (const value of [shared, ["x".repeat(40_000_000), "y".repeat(40_000_000)]]) {
      assert.deepStrictEqual(canonicalJson(value), Result.fail("it is larger than 67108864 characters"))
    }
    assert.isBelow(performance.now() - begin, 10_000)
  })
})
