/** The protocol of the messages between executions, explored in small: `test/deep/Protocol.test.ts` has all of it. */
import { assert, describe, it } from "@effect/vitest"
import { large, small } from "./holes.ts"
import { type Rule, rules, without } from "./rules.ts"
import { type ScenarioName, scenarios } from "./scenarios.ts"
import { explore } from "./search.ts"

/** Scenarios of a few thousand states. */
const explored: ReadonlyArray<ScenarioName> = [
  "sendClosed",
  "sendEarly",
  "taken",
  "parentRestart",
  "cancelOver",
  "askResultSmall"
]

describe("the protocol of messages", () => {
  for (const name of explored) {
    it(`holds where ${scenarios[name].about}`, () => {
      const { states, violation } = explore({ scenario: scenarios[name], rules: without() })
      assert.isUndefined(violation)
      assert.isAbove(states, 0)
    })
  }

  for (const { length, scenario, violation, without: removed } of small) {
    it(`needs ${removed.join(" or ")}: ${scenario}`, () => {
      const found = explore({ scenario: scenarios[scenario], rules: without(...removed) })
      assert.deepStrictEqual([found.violation, found.trace.length], [violation, length])
      assert.isAbove(found.states, 0)
    })
  }

  it("needs every rule", () => {
    const needed = new Set([...small, ...large].flatMap(({ without }) => without))
    const all = Object.keys(rules) as ReadonlyArray<Rule>
    assert.deepStrictEqual(
      all.filter((rule) => !needed.has(rule)),
      []
    )
  })
})
