/** What of Effect works in a program, with a crash after each commit: the row ends as it does without. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import * as Memory from "perdure/Store/Memory"
import { WorkflowStore } from "perdure/Store/WorkflowStore"
import type { Scenario } from "../corpus/scenarios.ts"
import { groups } from "../effects/groups.ts"
import { type Options, run } from "./CrashRun.ts"
import { check } from "./Observer.ts"

const prove = Effect.fnUntraced(function* (scenario: Scenario) {
  const store = yield* Memory.make()
  const layer = Layer.succeed(WorkflowStore, store)
  const attempt = (crashes: NonNullable<Options["crashes"]>) =>
    run({ scenario, workflowId: `${scenario.name} ${crashes[0]?.commit ?? 0}`, layer, store, crashes })
  const sound = yield* attempt([])
  for (let commit = 1; commit <= sound.commits.length; commit++) {
    const report = yield* attempt([{ commit, place: "after the write" }])
    assert.strictEqual(report.processes, 2)
    check(report, sound, `with a crash after commit ${commit}`)
  }
})

for (const [name, { rows }] of Object.entries(groups)) {
  describe(`${name}, in a program that crashes after each commit`, () => {
    for (const scenario of rows) it.effect(scenario.name, () => prove(scenario))
  })
}
