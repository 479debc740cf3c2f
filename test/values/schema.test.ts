/** Schemas as codecs: whatever the code of a schema does is a value or a text, now. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Result, Schema, SchemaGetter } from "effect"
import { jsonCodec } from "../../src/internal/schema.ts"

/** A text whose code runs an effect in both directions. */
const running = (effect: (text: string) => Effect.Effect<string>) => {
  const getter = SchemaGetter.transformEffect(effect)
  return Schema.String.pipe(Schema.decodeTo(Schema.String, { decode: getter, encode: getter }))
}

const overflow = (): string => overflow() + overflow()
const unreadable = Object.defineProperty(new Error(), "message", {
  get: () => {
    throw new Error("not to be read")
  }
})
const throwing = (thrown: unknown) =>
  running(() => {
    throw thrown
  })
const strange = Schema.String.check(
  Schema.makeFilter(() => {
    throw new RangeError("a check")
  })
)

const cases: ReadonlyArray<readonly [what: string, schema: Schema.Codec<string>, text: RegExp]> = [
  ["throws an error", throwing(new SyntaxError("boom")), /^the schema threw while it (en|de)coded, SyntaxError: boom$/],
  ["throws a text", throwing("boom"), /^the schema threw while it (en|de)coded, Error: boom$/],
  ["throws what cannot be read", throwing(unreadable), /, Error: something was thrown that cannot be read$/],
  ["throws in a check", strange, /^the schema threw while it (en|de)coded, RangeError: a check$/],
  [
    "dies",
    running(() => Effect.die(new TypeError("dead"))),
    /^the schema threw while it (en|de)coded, TypeError: dead$/
  ],
  ["overflows the stack", running(() => Effect.sync(overflow)), /, RangeError: Maximum call stack size exceeded$/],
  [
    "overflows the stack at once",
    running((text) => Effect.succeed(text + overflow())),
    /, RangeError: Maximum call stack/
  ],
  [
    "sleeps",
    running((text) => Effect.as(Effect.sleep("1 hour"), text)),
    /^the schema is asynchronous, and it must be synchronous to (en|de)code what is recorded$/
  ],
  [
    "waits for a promise",
    running((text) => Effect.promise(() => Promise.resolve(text))),
    /^the schema is asynchronous/
  ],
  ["waits for ever", running(() => Effect.never), /^the schema is asynchronous/],
  ["interrupts itself", running(() => Effect.interrupt), /^the schema interrupted itself while it (en|de)coded$/],
  ["runs no effect", running(() => undefined as never), /^the schema threw while it (en|de)coded, /],
  ["refuses", Schema.String.check(Schema.isMinLength(5)), /^Expected /]
]

const failureOf = (result: Result.Result<unknown, string>): string =>
  Result.isFailure(result) ? result.failure : "none"

describe("a schema that", () => {
  it.each(cases)("%s gives a failure in both directions", (_, schema, text) => {
    const codec = jsonCodec(schema)
    assert.match(failureOf(codec.encode("abc")), text)
    assert.match(failureOf(codec.decode("abc")), text)
  })

  it("is asynchronous is interrupted", () => {
    let ends = 0
    const codec = jsonCodec(running(() => Effect.onInterrupt(Effect.never, () => Effect.sync(() => void ends++))))
    assert.isTrue(Result.isFailure(codec.encode("")))
    assert.isTrue(Result.isFailure(codec.decode("")))
    assert.strictEqual(ends, 2)
  })

  it("waits for nothing may run effects", () => {
    const codec = jsonCodec(running((text) => Effect.andThen(Effect.yieldNow, Effect.succeed(text))))
    assert.deepStrictEqual(codec.encode("a"), Result.succeed("a"))
    assert.deepStrictEqual(codec.decode("a"), Result.succeed("a"))
  })

  it("says how its value is wrong says where", () => {
    const codec = jsonCodec(Schema.Struct({ items: Schema.Array(Schema.Struct({ cents: Schema.Number })) }))
    const wrong = { items: [{ cents: 1 }, { cents: "2" }] }
    assert.match(failureOf(codec.decode(wrong)), /at \["items"\]\[1\]\["cents"\]/)
    assert.match(failureOf(codec.encode(wrong as never)), /at \["items"\]\[1\]\["cents"\]/)
  })

  it("lets anything through is held to JSON", () => {
    const codec = jsonCodec(Schema.Any)
    assert.deepStrictEqual(
      codec.encode({ a: -0, b: undefined, at: new Date(0) }),
      Result.succeed({ a: 0, at: "1970-01-01T00:00:00.000Z" })
    )
    assert.strictEqual(
      failureOf(codec.encode({ a: [new Map()] })),
      'a value of class Map is neither a plain object nor a list\n  at ["a"][0]'
    )
    assert.match(
      failureOf(codec.encode(Object.defineProperty({}, "a", { enumerable: true, get: overflow }))),
      /RangeError/
    )
  })

  it.each([Schema.Json, Schema.Unknown, Schema.Any, Schema.Struct({ list: Schema.Array(Schema.String) })])(
    "passes values on shares none of them (%#)",
    (schema) => {
      const codec = jsonCodec(schema as Schema.Codec<unknown>)
      const value = { list: ["a"] }
      const json = Result.getOrThrow(codec.encode(value)) as typeof value
      value.list.push("b")
      assert.deepStrictEqual(json, { list: ["a"] })
      const read = Result.getOrThrow(codec.decode(json)) as typeof value
      read.list.push("c")
      assert.deepStrictEqual(json, { list: ["a"] })
      assert.deepStrictEqual(codec.decode(json), Result.succeed({ list: ["a"] }))
    }
  )

  it("reads what is deeper than can be recorded now", () => {
    let json: Schema.Json = 1
    for (let level = 0; level < 2_000; level++) json = [json]
    assert.isTrue(Result.isSuccess(jsonCodec(Schema.Any).decode(json)))
    assert.strictEqual(failureOf(jsonCodec(Schema.Any).encode(json)), "it is nested deeper than 1000 levels")
  })
})
