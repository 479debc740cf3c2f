/** What errors say of options that make no sense. */
import { assert, describe, it } from "@effect/vitest"
import { count, shown } from "../src/internal/options.ts"

describe("a value in a message", () => {
  it("is itself where it is short: a text in quotes, and JSON", () => {
    const values = ["a b", 1.5, Number.NaN, true, undefined, null, { limit: [1] }, 2n]
    assert.deepStrictEqual(values.map(shown), [
      '"a b"',
      "1.5",
      "NaN",
      "true",
      "undefined",
      "null",
      '{"limit":[1]}',
      "2"
    ])
  })

  it("has 200 characters at most, whatever it is", () => {
    const around: Array<unknown> = ["x".repeat(1000)]
    around.push(around)
    const source = Function(`/* ${"x".repeat(1000)} */`)
    for (const long of ["x".repeat(1000), source, around, Object.fromEntries([["x".repeat(1000), 1]])]) {
      assert.isAtMost(shown(long).length, 200)
      assert.isAtMost(count("limit", long as never)!.length, 300)
    }
  })
})
