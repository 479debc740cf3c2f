/**
 * The crash proof of a store: every scenario of the corpus, with a crash at every commit and at every commit of the
 * recovery, ends as it does without.
 */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer } from "effect"
import { type StoreError, WorkflowStore } from "perdure/Store/WorkflowStore"
import { make as makeRandom } from "../../src/internal/replay/random.ts"
import { all, type Scenario, virtual } from "../corpus/scenarios.ts"
import { type Crash, places } from "./Process.ts"
import { check, type Report } from "./Observer.ts"
import { type Failure, run } from "./CrashRun.ts"

export interface Options<E> {
  /** Makes a store that is empty; answers how a process opens it. */
  readonly store: Layer.Layer<Opener, E>
  /** The share of second crashes that are tried, 1 being all of them. */
  readonly share: number
}

export interface SampleOptions<E> {
  /** As for the whole proof. */
  readonly store: Layer.Layer<Opener, E>
  /** How many crashes of each scenario are tried, each followed by another one. */
  readonly times: number
  /** Chooses them: the same seed, the same crashes. */
  readonly seed: string
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

/** Defines a sample of the proof, for a store on which all of it takes too long. */
export const sample = <E>(name: string, { seed, store, times }: SampleOptions<E>): void => {
  describe(`${name}: whatever crashes, it ends as it does without`, () => {
    for (const scenario of all({ ...virtual, calls: 16 })) {
      it.effect(
        `${scenario.name}, with ${times} crashes by the seed ${seed}, and another one after each`,
        () => Effect.provide(prove(scenario, chosenCrashes(`${seed} ${scenario.name}`, times)), store),
        120_000
      )
    }
  })
}

// internal

type Attempt = (crashes: ReadonlyArray<Crash>) => Effect.Effect<Report, Failure>

/** Runs a scenario without a crash, and then with those that `crashing` chooses, knowing how that went. */
const prove = (scenario: Scenario, crashing: (attempt: Attempt, sound: Report) => Effect.Effect<void, Failure>) =>
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
    check(sound, sound, "undisturbed")
    yield* crashing(
      (crashes) =>
        Effect.tap(attempt(crashes), (report) =>
          Effect.sync(() => check(report, sound, `crashing ${JSON.stringify(crashes)}`))
        ),
      sound
    )
  })

/** Every crash, alone and followed by every crash of the recovery, or by a share of them. */
const everyCrash = (scenario: Scenario, share: number) =>
  Effect.fnUntraced(function* (attempt: Attempt) {
    const random = makeRandom(scenario.name)
    let count = 0
    for (let commit = 1, goesOn = true; goesOn; commit++) {
      assert.isBelow(commit, mostCommits)
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

/** No scenario makes so many commits, with all that is done again. */
const mostCommits = 1000

/** Every crash of the recovery from the first one, or a share of them. */
const everySecondCrash = Effect.fnUntraced(function* (attempt: Attempt, first: Crash, isChosen: () => boolean) {
  for (let commit = 1, goesOn = true; goesOn; commit++) {
    assert.isBelow(commit, mostCommits)
    for (const place of places) {
      if (!isChosen()) continue
      const report = yield* attempt([first, { commit, place }])
      goesOn = report.processes > 2
      if (!goesOn) break
    }
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

/** A few crashes by chance among all commits, and of each recovery one among its first. */
const chosenCrashes = (seed: string, times: number) =>
  Effect.fnUntraced(function* (attempt: Attempt, sound: Report) {
    const random = makeRandom(seed)
    const upTo = (most: number) => Math.floor(random.nextDoubleUnsafe() * most)
    const crash = (most: number): Crash => ({ commit: 1 + upTo(most), place: places[upTo(places.length)]! })
    for (let time = 0; time < times; time++) {
      const report = yield* attempt([crash(sound.commits.length), crash(3)])
      assert.isAtLeast(report.processes, 2)
    }
  })
