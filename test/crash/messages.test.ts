/** Messages between executions arrive once and in order, and their senders learn that, by processes that die on the way. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import * as Memory from "perdure/Store/Memory"
import { make as makeRandom } from "../../src/internal/replay/random.ts"
import { type Mode, modes, run } from "./MessageCrashes.ts"
import { type Scenario, scenarios } from "./MessageScenarios.ts"
import { type Crash, places } from "./Process.ts"

/** The share of second crashes that are tried; `SHARE=1` tries all, some 20,000, in a minute and a half. */
const share = Number(process.env["SHARE"] ?? 0.15)

/** No scenario makes so many commits, with all that is done again. */
const mostCommits = 1000

/** Names a run: set `MESSAGES` to it to run that one alone and see what happens. */
const tokenOf = (scenario: Scenario, mode: Mode, crashes: ReadonlyArray<Crash>): string =>
  [scenario.name, mode, ...crashes.map(({ commit, place }) => `${commit}.${places.indexOf(place)}`)].join(":")

/** Each run has a store and a time of its own. */
const runOf = Effect.fnUntraced(function* (scenario: Scenario, mode: Mode, crashes: ReadonlyArray<Crash>) {
  const store = yield* Memory.make()
  const token = `MESSAGES=${tokenOf(scenario, mode, crashes)}`
  const report = yield* run(store, scenario, mode, crashes).pipe(
    Effect.provide(TestClock.layer(), { local: true }),
    Effect.catchDefect((defect) => Effect.die(new Error(`${token}: ${String(defect)}`)))
  )
  if (report.violations.length > 0) assert.fail(`${token}\n${report.violations.join("\n")}\n${report.printed}`)
  return report
})

/** A crash at every commit, alone and followed by one at every commit of the recovery, or by a share of them. */
const everyCrash = Effect.fnUntraced(function* (scenario: Scenario, mode: Mode) {
  const random = makeRandom(`${scenario.name}:${mode}`)
  const isChosen = () => share === 1 || random.nextDoubleUnsafe() < share
  yield* runOf(scenario, mode, [])
  let runs = 0
  for (let commit = 1, goesOn = true; goesOn; commit++) {
    assert.isBelow(commit, mostCommits)
    for (const place of places) {
      const first = { commit, place }
      goesOn = (yield* runOf(scenario, mode, [first])).processes > 1
      if (!goesOn) break
      runs++
      yield* everySecondCrash(scenario, mode, first, isChosen)
    }
  }
  assert.isAtLeast(runs, 2 * places.length)
})

const everySecondCrash = Effect.fnUntraced(function* (
  scenario: Scenario,
  mode: Mode,
  first: Crash,
  isChosen: () => boolean
) {
  for (let commit = 1, goesOn = true; goesOn; commit++) {
    assert.isBelow(commit, mostCommits)
    for (const place of places) {
      if (!isChosen()) continue
      goesOn = (yield* runOf(scenario, mode, [first, { commit, place }])).processes > 2
      if (!goesOn) break
    }
  }
})

const [onlyName, onlyMode, ...onlyCrashes] = (process.env["MESSAGES"] ?? "").split(":")

describe("messages arrive once, and their senders learn that, with a crash at every commit and in the recovery", () => {
  for (const scenario of scenarios) {
    for (const mode of modes) it.live(`${scenario.name}, ${mode}`, () => everyCrash(scenario, mode), 120_000)
  }
})

/** `MESSAGES=scenario:mode:commit.place:commit.place` runs one alone and shows it. */
for (const scenario of scenarios.filter(({ name }) => name === onlyName)) {
  const mode = modes.find((mode) => mode === onlyMode)
  if (mode === undefined) continue
  const crashes = onlyCrashes.map((text): Crash => {
    const [commit = 0, place = 0] = text.split(".").map(Number)
    return { commit, place: places[place]! }
  })
  it.live(`${tokenOf(scenario, mode, crashes)} is one run, shown`, () =>
    Effect.map(runOf(scenario, mode, crashes), ({ printed }) => console.log(printed))
  )
}
