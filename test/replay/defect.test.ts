/** Whatever is thrown has a record. */
import { assert, describe, it } from "@effect/vitest"
import { defectOf } from "../../src/internal/replay/defect.ts"

const circular: Record<string, unknown> = Object.create(null) as Record<string, unknown>
circular["self"] = circular

const { proxy, revoke } = Proxy.revocable({}, {})
revoke()

const error = (fields: Readonly<Record<string, unknown>>): Error => Object.assign(new Error("plain"), fields)

const throwing = Object.defineProperty(new Error(), "message", {
  get: () => {
    throw new Error("not to be read")
  }
})

const unreadable = "something was thrown that cannot be read"

const cases: ReadonlyArray<readonly [what: string, thrown: unknown, name: string, message: string]> = [
  ["an error", new TypeError("wrong"), "TypeError", "wrong"],
  ["a text", "wrong", "Error", "wrong"],
  ["an object", { wrong: 1 }, "Error", '{"wrong":1}'],
  ["nothing", undefined, "Error", "undefined"],
  ["a bigint", 1n, "Error", "1"],
  ["an error whose message is a bigint", error({ message: 1n }), "Error", "1"],
  ["an error whose message is an object", error({ message: { a: 1 } }), "Error", '{"a":1}'],
  ["an error without a name", error({ name: undefined }), "undefined", "plain"],
  ["a circular object without a prototype", circular, "Error", unreadable],
  ["a proxy that was revoked", proxy, "Error", unreadable],
  ["an error that cannot be read", throwing, "Error", unreadable]
]

describe("a defect", () => {
  it.each(cases)("of %s is recorded as texts", (_, thrown, name, message) => {
    assert.deepInclude(defectOf(thrown), { name, message })
  })

  it("of an error whose stack is a list has a text for it", () => {
    assert.strictEqual(defectOf(error({ stack: ["here"] })).stack, '["here"]')
  })
})
