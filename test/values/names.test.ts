/** Names of definitions are checked where they are defined. */
import { assert, describe, it } from "@effect/vitest"
import { Activity, Signal, Workflow } from "perdure"

const makers: ReadonlyArray<readonly [kind: string, make: (name: string) => { readonly name: string }]> = [
  ["a workflow", (name) => Workflow.make(name)],
  ["an activity", (name) => Activity.make(name as "name")],
  ["a signal", (name) => Signal.make(name)]
]

describe.each(makers)("the name of %s", (kind, make) => {
  it.each(["a", " ", "Zoë/\u0000", "constructor", "\ud83d\ude00", "n".repeat(5_000)])("may be %j", (name) => {
    assert.strictEqual(make(name).name, name)
  })

  it.each([
    ["", '""'],
    ["a\ud800", '"a\\ud800"'],
    ["\ude00\ud83d", '"\\ude00\\ud83d"'],
    [undefined, "undefined"],
    [5, "5"],
    [{ toString: () => "a" }, "{}"],
    [Symbol("a"), "Symbol(a)"]
  ])("is not %o", (name, shown) => {
    assert.throws(
      () => make(name as string),
      TypeError,
      `the name of ${kind} must be a text that is not empty and has no unpaired surrogates, and is ${shown}`
    )
  })
})
