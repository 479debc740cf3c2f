/**
 * The protocol of the messages between executions: everything that can happen in each scenario, and what happens without each rule
 * (`docs/decisions/0018`). With `FAULTS=1` or more each scenario has so many crashes, lost answers and late writes, and with
 * `WORKERS=3` so many workers; then it takes longer. `SCENARIO=child WITHOUT=oneLine,startKnown` shows one alone, with its trace.
 */
import { assert, describe, it } from "@effect/vitest"
import { large, small } from "../protocol/holes.ts"
import { type Rule, without } from "../protocol/rules.ts"
import { type ScenarioName, scenarios } from "../protocol/scenarios.ts"
import { explore, type Found } from "../protocol/search.ts"
import type { Scenario } from "../protocol/state.ts"

const { FAULTS: more, SCENARIO: only, WITHOUT: removed, WORKERS: workers } = process.env
const all = Object.keys(scenarios) as ReadonlyArray<ScenarioName>

/** Far more than a scenario has, unless it is given more faults. */
const mostStates = 3_000_000

const scenarioOf = (name: ScenarioName): Scenario => {
  const scenario: Scenario = scenarios[name]
  const many = Number(more)
  const faults = more === undefined ? scenario.faults : { crashes: many, losses: many, late: many }
  return workers === undefined ? { ...scenario, faults } : { ...scenario, faults, workers: Number(workers) }
}

const exploreIt = (name: ScenarioName, rules: ReadonlyArray<Rule>): Found => {
  const began = performance.now()
  const found = explore({ scenario: scenarioOf(name), rules: without(...rules) }, mostStates)
  const { depth, ends, states, violation } = found
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  const title = [name, ...rules.map((rule) => `-${rule}`)].join(" ")
  const outcome = violation === undefined ? "holds" : `${violation}, after ${found.trace.length} steps`
  console.log(`${title}: ${states} states, depth ${depth}, ${ends} ends, ${seconds} s: ${outcome}`)
  return found
}

describe.skipIf(only !== undefined)("the protocol of messages", () => {
  for (const name of all) {
    it(`holds where ${scenarios[name].about}`, () => assert.isUndefined(exploreIt(name, []).violation))
  }

  for (const { length, scenario, violation, without } of more === undefined ? [...small, ...large] : []) {
    it(`needs ${without.join(" or ")}: ${scenario}`, () => {
      const found = exploreIt(scenario, without)
      assert.deepStrictEqual([found.violation, found.trace.length], [violation, length])
    })
  }
})

it.runIf(only !== undefined)("one scenario, shown", () => {
  const rules = removed === undefined ? [] : (removed.split(",") as ReadonlyArray<Rule>)
  const { trace } = exploreIt(only as ScenarioName, rules)
  for (const line of trace) console.log(`  ${line}`)
})
