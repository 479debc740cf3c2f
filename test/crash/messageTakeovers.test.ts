/** Messages between executions arrive once and in order, by processes that take executions from each other over bad links. */
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Duration, Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import type { Ref } from "perdure/Ids"
import * as Memory from "perdure/Store/Memory"
import { WorkflowStore } from "perdure/Store/WorkflowStore"
import { attempt, settings } from "./MessageCrashes.ts"
import { layers, type Scenario, scenarios } from "./MessageScenarios.ts"
import { run } from "./MessageTakeovers.ts"
import { World } from "./MessageWorld.ts"
import * as Process from "./Process.ts"
import { Traffic } from "./Traffic.ts"

/** How many seeds each scenario gets. */
const seeds = Number(process.env["SEEDS"] ?? 40)

/** Each run has a store and a time of its own, so that a seed is the same schedule alone. */
const runOf = Effect.fnUntraced(function* (scenario: Scenario, number: number) {
  const store = yield* Memory.make()
  const seed = `${scenario.name}:${number}`
  const token = `MESSAGES=${seed}`
  const report = yield* run(store, scenario, seed).pipe(
    Effect.provide(TestClock.layer(), { local: true }),
    Effect.catchDefect((defect) => Effect.die(new Error(`${token}: ${String(defect)}`)))
  )
  if (report.violations.length > 0) assert.fail(`${token}\n${report.violations.join("\n")}\n${report.printed}`)
  return report
})

const [onlyName, onlyNumber] = (process.env["MESSAGES"] ?? "").split(":")

describe("messages arrive once, by processes that die, or take executions from each other over bad links", () => {
  for (const scenario of scenarios) {
    it.live(
      `${scenario.name}`,
      Effect.fnUntraced(function* () {
        let takeovers = 0
        let deaths = 0
        for (let number = 1; number <= seeds; number++) {
          const report = yield* runOf(scenario, number)
          takeovers += report.takeovers
          deaths += report.deaths
        }
        assert.isAtLeast(takeovers, seeds / 2)
        assert.isAtLeast(deaths, seeds / 5)
      }),
      120_000
    )
  }
})

it.live("a program that was stopped sends the rest after another process delivered one of its messages, and died", () =>
  Effect.gen(function* () {
    const world = new World(yield* Memory.make())
    const traffic = new Traffic<never>(Effect.void)
    let ids = 0
    const start = (worker: string, options: Pick<Process.Options, "scenario" | "link" | "crash">) =>
      Effect.acquireRelease(
        Process.start(
          {
            ...options,
            worker,
            store: Layer.succeed(WorkflowStore, world.store),
            observer: world.observer,
            traffic,
            makeId: () => `${ids++}`
          },
          settings
        ),
        (process) => process.end
      )
    // It looks at the receiver for a second before each delivery.
    const slow = yield* start("slow", {
      scenario: { layer: layers.all },
      link: (store) => ({ ...store, load: (id, options) => Effect.delay(store.load(id, options), "1 second") })
    })
    const blocked = scenarios.find(({ name }) => name === "blocked")!
    for (const action of blocked.actions) yield* attempt(slow, action)
    yield* traffic.pass(1500)
    yield* world.store.heartbeat({ id: slow.id() }, Duration.zero)
    const crash = { commit: 2, place: "after the write" } as const
    const other = yield* start("other", { scenario: { layer: Layer.empty }, link: (store) => store, crash })
    yield* other.look
    yield* traffic.pass(10)
    assert.isTrue(Deferred.isDoneUnsafe(other.died))
    assert.isTrue(yield* world.owes)
    yield* traffic.pass(60_000)
    const asked = (ref: Ref) => Effect.orDie(slow.executor.result(ref))
    assert.deepStrictEqual(yield* world.violations(["slow"], asked), [], world.printed)
  }).pipe(Effect.scoped, Effect.provide(TestClock.layer(), { local: true }))
)

/** `MESSAGES=scenario:number` runs one schedule and shows it. */
for (const scenario of scenarios.filter(({ name }) => name === onlyName && Number(onlyNumber) > 0)) {
  it.live(`${onlyName}:${onlyNumber} is one schedule, shown`, () =>
    Effect.map(runOf(scenario, Number(onlyNumber)), ({ printed }) => console.log(printed))
  )
}
