/** The rows, undisturbed: each ends with its value, and goes on as it was when it is replayed from any position. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import * as Memory from "perdure/Store/Memory"
import { WorkflowStore } from "perdure/Store/WorkflowStore"
import type { Scenario } from "../corpus/scenarios.ts"
import { run } from "../crash/CrashRun.ts"
import { check, type Report } from "../crash/Observer.ts"
import { continued, drive, printed } from "../replay/Driver.ts"
import { groups } from "./groups.ts"

/** The fewest commits of a row: it begins, and ends after a durable wait. */
const fewest = 2

/** How many random schedules a row gets. */
const schedules = 4

const goesOn = ({ history, scenario }: Pick<Report, "history" | "scenario">): void => {
  for (let position = 1; position <= history.length; position++) {
    const difference = continued(scenario, history, position)
    if (difference !== undefined) assert.fail(`from event ${position}: ${difference}\n${printed(history)}`)
  }
}

const ends = Effect.fnUntraced(function* (scenario: Scenario) {
  const store = yield* Memory.make()
  const report = yield* run({ scenario, workflowId: "1", layer: Layer.succeed(WorkflowStore, store), store })
  check(report, report, "undisturbed")
  assert.isAtLeast(report.commits.length, fewest, "it waits for nothing durable")
  goesOn(report)
})

for (const [name, { isDriven, rows }] of Object.entries(groups)) {
  describe(`${name}, in a program that is replayed from each position`, () => {
    for (const scenario of rows) {
      it.effect(scenario.name, () => ends(scenario))
    }
  })
  if (!isDriven) continue
  describe(`${name}, in a program whose activities fail and which is cancelled by chance`, () => {
    for (const scenario of rows) {
      it(scenario.name, () => {
        for (let seed = 1; seed <= schedules; seed++) goesOn({ scenario, history: drive(scenario, seed) })
      })
    }
  })
}
