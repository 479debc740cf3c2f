/**
 * The crash proof of a store: every scenario of the corpus, with a crash at every commit and at every commit of the
 * recovery, ends as it does without.
 */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer } from "effect"
import { isCommand, isDelivered } from "perdure/HistoryEvent"
import { type StoreError, WorkflowStore } from "perdure/Store/WorkflowStore"
import { make as makeRandom } from "../../src/internal/replay/random.ts"
import { all, isExpected, type Scenario, virtual } from "../corpus/scenarios.ts"
import { printed } from "../replay/Driver.ts"
import { type Crash, places } from "./Process.ts"
import { type Failure, type Report, run } from "./World.ts"

export interface Options<E> {
  /** Makes a store that is empty; answers how a process opens it. */
  readonly store: Layer.Layer<Opener, E>
  /** The share of second crashes that are tried, 1 being all of them. */
  readonly share: number
}

/** How a process opens the store of a test. */
export class Opener extends Context.Service<Opener, Layer.Layer<WorkflowStore, StoreError>>()("perdure/test/Opener") {}

/** Defines the proof for a store. */
export const suite = <E>(name: string, options: Options<E>): void => {
  describe(`${name}: whatever crashes, it ends as it does without`, () => {
    for (const scenario of all({ ...virtual, calls: 16 })) {
      it.effect(
        `${scenario.name}, with a crash at every commit, and at every commit of the recovery`,
        () => Effect.provide(prove(scenario, everyCrash(scenario, options.share)), options.store),
        120_000
      )
    }

    const loop = all(virtual).find(({ name }) => name === "Loop")!
    it.effect(
      "a loop of a thousand calls, with crashes here and there",
      () => Effect.provide(prove(loop, someCrashes), options.store),
      120_000
    )
  })
}

// internal

type Attempt = (crashes: ReadonlyArray<Crash>) => Effect.Effect<Report, Failure>

/** Runs a scenario without a crash, and then with those that `crashing` chooses. */
const prove = (scenario: Scenario, crashing: (attempt: Attempt) => Effect.Effect<void, Failure>) =>
  Effect.gen(function* () {
    const layer = yield* Opener
    const store = Context.get(yield* Layer.build(layer), WorkflowStore)
    const runs = { count: 0 }
    const attempt: Attempt = (crashes) => {
      const workflowId = `${scenario.name} ${runs.count++}`
      const failed = (text: string) => new Error(`${scenario.name}, crashing ${JSON.stringify(crashes)}: ${text}`)
      return run({ scenario, workflowId, layer, store, crashes }).pipe(
        Effect.catchDefect((defect) => Effect.die(failed(String(defect))))
      )
    }
    const sound = yield* attempt([])
    check(scenario, sound, sound, [])
    yield* crashing((crashes) =>
      Effect.tap(attempt(crashes), (report) => Effect.sync(() => check(scenario, report, sound, crashes)))
    )
  })

const check = (scenario: Scenario, report: Report, sound: Report, crashes: ReadonlyArray<Crash>): void => {
  const of = `${scenario.name}, crashing ${JSON.stringify(crashes)}\n${printed(report.history)}\n`
  assert.isTrue(isExpected(scenario, report.outcome), `${of}${JSON.stringify(report.outcome)}`)
  assert.deepStrictEqual(report.violations, [], of)
  assert.deepStrictEqual(facts(report), facts(sound), of)
}

/** What happened, whatever the order: how often the program saw or asked for each thing. */
const facts = ({ history }: Report): ReadonlyArray<string> =>
  history
    .filter((event) => isCommand(event) || isDelivered(event) || event._tag === "ActivityAttemptFailed")
    .map((event) => ("name" in event ? `${event._tag} ${event.name}` : event._tag))
    .toSorted()

/** Every crash, alone and followed by every crash of the recovery, or by a share of them. */
const everyCrash = (scenario: Scenario, share: number) =>
  Effect.fnUntraced(function* (attempt: Attempt) {
    const random = makeRandom(scenario.name)
    let count = 0
    for (let commit = 1, goesOn = true; goesOn; commit++) {
      for (const place of places) {
        const report = yield* attempt([{ commit, place }])
        goesOn = report.processes > 1
        if (!goesOn) break
        count++
        const isChosen = () => share === 1 || random.nextDoubleUnsafe() < share
        yield* everySecondCrash(attempt, { commit, place }, isChosen)
      }
    }
    assert.isAtLeast(count, 2 * places.length)
  })

/** Both crashes take every place, and every place of the one meets every place of the other, though not at every commit. */
const everySecondCrash = Effect.fnUntraced(function* (attempt: Attempt, first: Crash, isChosen: () => boolean) {
  for (let commit = 1, goesOn = true; goesOn; commit++) {
    if (!isChosen()) continue
    const place = places[(places.indexOf(first.place) + first.commit + commit) % places.length]!
    const report = yield* attempt([first, { commit, place }])
    goesOn = report.processes > 2
  }
})

/** Crashes by chance, in a history that is too long for all of them. */
const someCrashes = Effect.fnUntraced(function* (attempt: Attempt) {
  const random = makeRandom("here and there")
  const crash = (): Crash => ({
    commit: 1 + Math.floor(random.nextDoubleUnsafe() * 330),
    place: places[Math.floor(random.nextDoubleUnsafe() * places.length)]!
  })
  for (let times = 0; times < 8; times++) {
    const report = yield* attempt([crash(), crash(), crash()])
    assert.strictEqual(report.processes, 4)
  }
})
