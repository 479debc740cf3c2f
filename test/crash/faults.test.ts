import { describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import * as Memory from "perdure/Store/Memory"
import { WorkflowStore } from "perdure/Store/WorkflowStore"
import { make as makeRandom } from "../../src/internal/replay/random.ts"
import { all, type Scenario, virtual } from "../corpus/scenarios.ts"
import * as Faults from "./Faults.ts"
import { check } from "./Observer.ts"
import { type Crash, places } from "./Process.ts"
import { run } from "./CrashRun.ts"

/** How many seeds each scenario gets. */
const seeds = 40

/** Runs a scenario undisturbed, and then by seeds. */
const prove = (scenario: Scenario, disturbed: (seed: string) => { readonly crashes: ReadonlyArray<Crash> }) =>
  Effect.gen(function* () {
    const store = yield* Memory.make()
    const layer = Layer.succeed(WorkflowStore, store)
    const sound = yield* run({ scenario, workflowId: "sound", layer, store })
    check(sound, sound, "undisturbed")
    for (let number = 1; number <= seeds; number++) {
      const workflowId = `${scenario.name}:${number}`
      const { crashes } = disturbed(workflowId)
      const disturbance = `seed ${workflowId}, crashing ${JSON.stringify(crashes)}`
      const report = yield* run({ scenario, workflowId, layer, store, crashes, link: Faults.link(workflowId) }).pipe(
        Effect.catchDefect((defect) => Effect.die(new Error(`${disturbance}: ${String(defect)}`)))
      )
      check(report, sound, disturbance)
    }
  })

const scenarios = all({ ...virtual, calls: 16 })

describe("through a bad link to the store it ends as it does through a good one", () => {
  for (const scenario of scenarios) {
    it.effect(`${scenario.name}`, () => prove(scenario, () => ({ crashes: [] })), 120_000)
  }
})

describe("and with crashes besides", () => {
  for (const scenario of scenarios) {
    it.effect(`${scenario.name}`, () => prove(scenario, (seed) => ({ crashes: crashesOf(seed) })), 120_000)
  }
})

// internal

/** One or two crashes by a seed. */
const crashesOf = (seed: string): ReadonlyArray<Crash> => {
  const random = makeRandom(`${seed} crashing`)
  const pick = (count: number) => Math.floor(random.nextDoubleUnsafe() * count)
  return Array.from({ length: 1 + pick(2) }, () => ({ commit: 1 + pick(8), place: places[pick(places.length)]! }))
}
