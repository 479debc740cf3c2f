/** Whatever is thrown has a record that can be stored, read and thrown again. */
import { runInNewContext } from "node:vm"
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { describeDefect, headlines, RecordedDefect } from "perdure/HistoryEvent"
import { Defect, WorkflowError } from "perdure/WorkflowError"
import { bounded, defectOf, errorOf } from "../../src/internal/replay/defect.ts"

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

const throwingEverywhere = new Proxy(new Error("plain"), {
  get: () => {
    throw new Error("not to be read")
  },
  getPrototypeOf: () => {
    throw new Error("not to be asked")
  }
})

const withCause = (message: string, cause: unknown): Error => new Error(message, { cause })

const ownCause = new Error("own")
ownCause.cause = withCause("other", ownCause)

const chain = (length: number): Error => (length === 0 ? new Error("0") : withCause(`${length}`, chain(length - 1)))

const tree = (depth: number): Error =>
  new AggregateError(depth === 0 ? [] : Array.from({ length: 20 }, () => tree(depth - 1)), "x".repeat(2_000))

/** An error of which every property is another thing at each look. */
const unsteady = new Proxy(new Error(), {
  get: (() => {
    let looks = 0
    return () => (looks++ % 2 === 0 ? `look ${looks}` : looks)
  })()
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
  ["an error that cannot be read", throwing, "Error", unreadable],
  ["a proxy that cannot be looked at", throwingEverywhere, "Error", unreadable],
  ["a number that is none", Number.NaN, "Error", "NaN"],
  ["a symbol", Symbol("s"), "Error", "Symbol(s)"],
  ["an error whose name is a number", error({ name: 5 }), "5", "plain"],
  ["an error without a prototype", Object.setPrototypeOf(new RangeError("bare"), null), "undefined", "bare"],
  ["an error of another realm", runInNewContext("new TypeError('far')"), "TypeError", "far"],
  ["an error with half of a character", new Error("a\ud800"), "Error", "a\ufffd"],
  ["an error with a long name", error({ name: "n".repeat(300) }), `${"n".repeat(182)}… (300 characters)`, "plain"]
]

describe("a defect", () => {
  it.each(cases)("of %s is recorded as texts", (_, thrown, name, message) => {
    assert.deepInclude(defectOf(thrown), { name, message })
  })

  it("of an error whose stack is a list has a text for it", () => {
    assert.strictEqual(defectOf(error({ stack: ["here"] })).stack, '["here"]')
  })

  it("keeps a code that is a text or a number, and no other", () => {
    assert.strictEqual(defectOf(error({ code: "ECONNREFUSED" })).code, "ECONNREFUSED")
    assert.strictEqual(defectOf(error({ code: 42 })).code, 42)
    for (const code of [Number.NaN, 1n, {}, null, undefined]) assert.notProperty(defectOf(error({ code })), "code")
  })

  it("keeps its causes, four deep", () => {
    assert.deepStrictEqual(causesOf(defectOf(chain(6))), ["6", "5", "4", "3", "2"])
    assert.deepStrictEqual(causesOf(defectOf(withCause("a", "b"))), ["a", "b"])
    assert.deepStrictEqual(causesOf(defectOf(withCause("a", null))), ["a", "null"])
  })

  it("that is its own cause ends", () => {
    assert.deepStrictEqual(causesOf(defectOf(ownCause)), ["own", "other"])
  })

  it("keeps ten errors of those it stands for", () => {
    const errors = Array.from({ length: 12 }, (_, index) => new Error(`${index}`))
    const { errors: kept } = defectOf(new AggregateError(errors, "many"))
    assert.deepStrictEqual(
      kept?.map(({ message }) => message),
      ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]
    )
  })

  it("of a message of ten million characters is short, and its stack has the places", () => {
    const { message, stack } = defectOf(new Error("x".repeat(10_000_000)))
    assert.lengthOf(message, 8_192)
    assert.include(message, "(10000000 characters)")
    assert.isAtMost(stack!.length, 8_192)
    assert.match(stack!, /\n {4}at .*defect\.test\.ts/)
  })

  it("is small, however many errors there are", () => {
    assert.isAtMost(JSON.stringify(defectOf(tree(3))).length, 200_000)
  })

  it("names the activity, also when a program throws it on, as it is or as a cause", () => {
    const defect = defectOf(new TypeError("broken"), "Charge")
    assert.strictEqual(defect.activity, "Charge")
    assert.match(describeDefect(defect), /^in activity "Charge": TypeError: broken\n {4}at /)
    assert.deepStrictEqual(defectOf(errorOf(defect)), defect)
    assert.strictEqual(defectOf(withCause("outer", errorOf(defect))).cause?.activity, "Charge")
  })

  it("is thrown again as an error with all that was recorded", () => {
    const thrown = Object.assign(new AggregateError([new RangeError("one"), "two"], "many", { cause: chain(1) }), {
      code: "E1"
    })
    const again = errorOf(defectOf(thrown)) as AggregateError & { code: unknown }
    assert.instanceOf(again, Error)
    assert.deepInclude(again, { name: "AggregateError", message: "many", code: "E1", stack: thrown.stack! })
    assert.deepStrictEqual(
      again.errors.map((each: Error) => [each.name, each.message]),
      [
        ["RangeError", "one"],
        ["Error", "two"]
      ]
    )
    assert.strictEqual(((again.cause as Error).cause as Error).message, "0")
  })

  it.each([
    ...cases.map(([what, thrown]) => [what, thrown] as const),
    ["an unsteady error", unsteady] as const,
    ["a tree", tree(3)] as const
  ])("of %s is the same after it was stored, thrown again and recorded again", (_, thrown) => {
    const defect = defectOf(thrown)
    const stored = Schema.decodeUnknownSync(RecordedDefect)(JSON.parse(JSON.stringify(defect)))
    assert.deepStrictEqual(stored, defect)
    const again = defectOf(errorOf(stored))
    assert.deepStrictEqual(withoutStacks(again), withoutStacks(defect))
    assert.strictEqual(again.stack, defect.stack ?? `${defect.name}: ${defect.message}`)
  })

  it("is part of an error that can be sent to other processes", () => {
    const reason = new Defect({
      defect: defectOf(new AggregateError([chain(2)], "many", { cause: chain(2) }), "Charge")
    })
    const error = new WorkflowError({ operation: "result", workflowId: "a", reason })
    const codec = Schema.toCodecJson(WorkflowError)
    const sent: unknown = JSON.parse(JSON.stringify(Schema.encodeSync(codec)(error)))
    assert.deepStrictEqual(Schema.decodeUnknownSync(codec)(sent), error)
    const said = [
      `result "a": the program ended with a defect: in activity "Charge": AggregateError: many`,
      "caused by Error: 2",
      "caused by Error: 1",
      "caused by Error: 0",
      "one of its errors is Error: 2, caused by Error: 1, caused by Error: 0",
      "    at "
    ]
    assert.strictEqual(error.message.slice(0, said.join("\n").length), said.join("\n"))
  })

  it("is told with the code of what caused it, once, and before the places in the code", () => {
    const refused = Object.assign(new Error("duplicate key value"), { code: "23505" })
    const failed = new Error("query failed", { cause: new Error("query failed", { cause: refused }) })
    const told = describeDefect(defectOf(failed))
    assert.isTrue(told.startsWith("Error: query failed\ncaused by Error: duplicate key value (23505)\n    at "), told)
    assert.strictEqual(headlines(defectOf(failed)), "Error: query failed, caused by Error: duplicate key value (23505)")
    const bare = defectOf(Object.assign(failed, { stack: undefined }))
    assert.strictEqual(describeDefect(bare), "Error: query failed\ncaused by Error: duplicate key value (23505)")
    // Said already.
    const lost = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" })
    assert.strictEqual(headlines(defectOf(lost)), "Error: connect ECONNREFUSED")
  })

  it.prop("of any record is thrown again as an error", [RecordedDefect], ([defect]) => {
    const again = defectOf(errorOf(defect))
    assert.deepInclude(again, { name: bounded(defect.name, 200), message: bounded(defect.message) })
  })
})

const causesOf = (defect: RecordedDefect | undefined): ReadonlyArray<string> =>
  defect === undefined ? [] : [defect.message, ...causesOf(defect.cause)]

const withoutStacks = (defect: RecordedDefect): unknown =>
  JSON.parse(JSON.stringify(defect, (key, value: unknown) => (key === "stack" ? undefined : value)))

describe("the record of a value that would take more than the memory when it is written", () => {
  it("is its beginning", () => {
    let shared: unknown = ["x"]
    for (let level = 0; level < 40; level++) shared = { a: shared, b: shared }
    const begin = performance.now()
    assert.include(defectOf(shared).message, '{"a":{"a":')
    assert.include(defectOf(new Uint8Array(20_000_000)).message, "Uint8Array] of 20000000 bytes")
    assert.include(defectOf(Array.from({ length: 1_000_000 }, (_, n) => n)).message, '99,"…"]')
    assert.isBelow(performance.now() - begin, 10_000)
  })
})
