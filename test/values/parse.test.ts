/** What is read of JSON, also where V8 by itself reads another name than the one that is there. */
import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Schema } from "effect"
import { parseJson } from "../../src/internal/core/parse.ts"

/** Pieces of names and texts that mean something in JSON, or in their escapes. */
const pieces = [
  "\\",
  '"',
  ":",
  ",",
  "{",
  "}",
  "[",
  " ",
  "\t",
  "\n",
  "\u0001",
  "\ud800",
  "t",
  "u",
  "0",
  "1",
  "é",
  "__proto__"
]
const texts = Arbitrary.map(Arbitrary.array(Arbitrary.schema(Schema.Literals(pieces)), { maxLength: 5 }), (found) =>
  found.join("")
)

type Field = readonly [name: string, value: Schema.Json]
const leaves: Arbitrary.Arbitrary<Schema.Json> = Arbitrary.flatMap(texts, (text) =>
  Arbitrary.map(
    Arbitrary.schema(Schema.Literals([0, 1, 2])),
    (kind): Schema.Json => [text, null, { [text]: text }][kind]!
  )
)
const objects = Arbitrary.map(
  Arbitrary.array(
    Arbitrary.flatMap(texts, (name) => Arbitrary.map(leaves, (value): Field => [name, value])),
    { maxLength: 4 }
  ),
  (fields): Schema.JsonObject => Object.fromEntries(fields)
)

let places = 0

/** Makes V8 expect the texts of the names of an object, escapes and all, where it has none of its own escapes. */
const mislead = (place: string, names: ReadonlyArray<string>): void => {
  for (const [index, name] of names.entries()) {
    const written = JSON.stringify(name).slice(1, -1).slice(0, name.length)
    const before = Object.fromEntries(names.slice(0, index).map((name) => [name, 1]))
    JSON.parse(JSON.stringify({ [place]: 1, ...before, [written]: 1 }))
  }
}

describe("JSON", () => {
  it.each([
    ["a tab after a backslash", "\\", "\t"],
    ["a quote after a backslash", "\\", '"'],
    ["a character by its code", "\\", "\u0001"],
    ["several characters", "\\ta", "\tab"],
    ["an escape at the end", "a\\", "a\n"]
  ])("is read as it is written: %s", (what, before, name) => {
    JSON.parse(JSON.stringify({ [what]: 1, [before]: 2 }))
    const value = { [what]: 1, [name]: 2 }
    assert.deepStrictEqual(parseJson(JSON.stringify(value)), value)
  })

  it("is read as it is written, with spaces before its colons", () => {
    JSON.parse(String.raw`{"spaced":1,"\\":2}`)
    assert.deepStrictEqual(parseJson(String.raw`{ "spaced" : 1 , "\t" : 2 }`), { spaced: 1, "\t": 2 })
  })

  it.prop(
    "is read as it was written, whatever was read before",
    [Arbitrary.array(objects, { maxLength: 3 })],
    ([values]) => {
      const place = `place ${places++}`
      for (const value of values) {
        mislead(place, Object.keys(value))
        const whole = { [place]: 1, ...value }
        for (const text of [
          JSON.stringify(whole),
          JSON.stringify(whole, undefined, 2),
          JSON.stringify([whole, value])
        ]) {
          assert.deepStrictEqual(parseJson(text), text.startsWith("[") ? [whole, value] : whole)
        }
      }
    }
  )

  it.each([
    String.raw`{"\t":1,"a":2,"\t":3}`,
    String.raw`{"\u0061":1,"a":2,"\u0061":3}`,
    String.raw`{"\u0031":1,"b":2,"1":3,"0":{"\t":[{"\n":"\t"}]}}`,
    String.raw`{ "\t" : 1 , "a":"{\"\\t\":1}" }`,
    String.raw`{"\u005f_proto__":{"a":1}}`,
    String.raw`["{\"\\t\":", "\t", {"a":":"}]`
  ])("is the same as ever: %s", (text) => {
    const read = parseJson(text)
    const expected: unknown = JSON.parse(text)
    assert.deepStrictEqual(read, expected)
    assert.strictEqual(JSON.stringify(read), JSON.stringify(expected))
  })

  it.each([String.raw`{"\t":1`, String.raw`{"\q":1}`, '{"a\\', "\\", "", '{"a":1}\\'])(
    "is refused as ever: %s",
    (text) => {
      assert.throws(() => parseJson(text), SyntaxError)
    }
  )
})
