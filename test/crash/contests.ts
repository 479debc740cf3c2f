/** Contests of executors over executions that do anything to each other, by number. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { TestClock } from "effect/testing"
import { Verify } from "perdure"
import * as Memory from "perdure/Store/Memory"
import { WorkflowStore } from "perdure/Store/WorkflowStore"
import { make as makeRandom } from "../../src/internal/replay/random.ts"
import * as Crashes from "./MessageCrashes.ts"
import * as Takeovers from "./MessageTakeovers.ts"
import { places } from "./Process.ts"
import { randomScenario } from "./randomScenarios.ts"

/** How many contests share a test, so that one that fails says about where it is. */
const together = 50

/** Each with a store and a time of its own, so that a number is the same contest alone. */
const contest = Effect.fnUntraced(function* (number: number, kind: Kind) {
  const token = `CONTEST=${kind}:${number}`
  const store = yield* Memory.make()
  const report = yield* contests[kind](store, number, token).pipe(
    Effect.provide(TestClock.layer(), { local: true }),
    Effect.catchDefect((defect) => Effect.die(new Error(`${token}: ${String(defect)}`)))
  )
  const verdicts = yield* Stream.runCollect(Verify.stream()).pipe(Effect.provideService(WorkflowStore, store))
  const unsound = verdicts.filter(({ faults }) => faults.length > 0)
  assert.deepStrictEqual(unsound, [], `${token}\n${report.printed}`)
  if (report.violations.length > 0) assert.fail(`${token}\n${report.violations.join("\n")}\n${report.printed}`)
  return report
})

type Kind = keyof typeof contests
type Contest = (
  store: WorkflowStore["Service"],
  number: number,
  seed: string
) => Effect.Effect<{ readonly violations: ReadonlyArray<string>; readonly printed: string }>

/** What processes do to each other. */
const contests = {
  /** Several run at once, over bad links; they die, or are believed to be dead. */
  takeovers: ((store, number, seed) => Takeovers.run(store, randomScenario(number), seed)) as Contest,
  /** One after the other dies at a commit. */
  crashes: ((store, number, seed) => {
    const random = makeRandom(seed)
    const below = (most: number) => Math.floor(random.nextDoubleUnsafe() * most)
    const crashes = Array.from({ length: 1 + below(4) }, () => ({
      commit: 1 + below(8),
      place: places[below(places.length)]!
    }))
    return Crashes.run(store, randomScenario(number), below(2) === 0 ? "prompt" : "late", crashes)
  }) as Contest
}

/** Holds so many contests of each kind, from a number on. */
export const holdContests = (first: number, count: number): void => {
  for (const kind of Object.keys(contests) as ReadonlyArray<Kind>) {
    describe(`executions that do anything to each other end rightly, by processes that meet ${kind}`, () => {
      for (let from = first; from < first + count; from += together) {
        const end = Math.min(from + together, first + count)
        it.live(`contests ${from} to ${end - 1}`, () =>
          Effect.gen(function* () {
            for (let number = from; number < end; number++) yield* contest(number, kind)
          })
        )
      }
    })
  }
  const [kind, number] = (process.env["CONTEST"] ?? "").split(":")
  if (kind === undefined || !(kind in contests)) return
  it.live(`${kind}:${number} is one contest, shown`, () =>
    Effect.gen(function* () {
      const { printed } = yield* contest(Number(number), kind as Kind)
      console.log(JSON.stringify(randomScenario(Number(number)).actions, undefined, 1), `\n${printed}`)
    })
  )
}
