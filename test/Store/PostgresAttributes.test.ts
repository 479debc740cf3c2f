/** The bytes of attributes on PostgreSQL are in the order of the values. */
import { assert, describe, it } from "@effect/vitest"
import type { HistoryEvent } from "perdure"
import { fromValue, highest, lowest } from "../../src/Store/postgres/Attributes.ts"

type Value = HistoryEvent.Attribute

/** Values in the order of the laws: numbers, flags, and texts by their code units. */
const ordered: ReadonlyArray<Value> = [
  ...[
    -Number.MAX_VALUE,
    -1e10,
    -2,
    -1.5,
    -1,
    -Number.MIN_VALUE,
    0,
    Number.MIN_VALUE,
    0.5,
    1,
    255,
    256,
    Number.MAX_VALUE
  ],
  ...[false, true],
  ...[
    "",
    "\0",
    "\0a",
    "A",
    "a",
    "a\0",
    "aa",
    "b",
    "\u007f",
    "\u0080",
    "\u07ff",
    "\u0800",
    "\ud800",
    "\ud83d\ude00",
    "\udfff",
    "\uffff"
  ]
]

const compared = (a: Value, b: Value) => Buffer.compare(fromValue(a), fromValue(b))

describe("the bytes of attributes", () => {
  it("are in the order of the values", () => {
    for (const [index, value] of ordered.entries()) {
      for (const [other, against] of ordered.entries()) {
        assert.strictEqual(compared(value, against), Math.sign(index - other), JSON.stringify([value, against]))
      }
    }
    assert.strictEqual(compared(0, -0), 0)
  })

  it("are within the bounds of their type", () => {
    for (const value of ordered) {
      if (typeof value === "boolean") continue
      const type = typeof value === "number" ? "number" : "text"
      assert.isAtLeast(Buffer.compare(fromValue(value), lowest(type)), 0)
      assert.isBelow(Buffer.compare(fromValue(value), highest(type)), 0)
    }
  })
})
