/** What executors that take an execution from each other make of it, by seeds. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import * as Memory from "perdure/Store/Memory"
import { WorkflowStore } from "perdure/Store/WorkflowStore"
import { all, type Scenario, virtual } from "../corpus/scenarios.ts"
import { printed } from "../replay/Driver.ts"
import * as Takeovers from "./Takeovers.ts"
import * as Faults from "./Faults.ts"
import { check, type Report } from "./Observer.ts"
import * as CrashRun from "./CrashRun.ts"

/** How many seeds each scenario gets, with a good link and with a bad one. */
const seeds = 20

// A caller outside has no token before the handler has run, which takeovers delay for any time.
const scenarios = all({ ...virtual, calls: 16 }).filter(({ messages }) =>
  messages.every(({ _tag }) => _tag !== "Complete")
)

/** Over in an instant of virtual time, so that over a good link nobody can take them. */
const instant = new Set([
  "Sequence",
  "FanOut",
  "Loop",
  "ProgramDefect",
  "HandlerDefect",
  "NestedScopes",
  "FailingFinalizer"
])

/** What may stand between an executor and the store, by its worker. */
const links: Readonly<Record<string, Takeovers.Options["link"]>> = {
  good: () => (store) => store,
  bad: Faults.link
}

/** Each run has a store and a time of its own, so that a seed is the same schedule alone. */
const inItsOwn = <A, E>(run: (options: Pick<Takeovers.Options, "layer" | "store">) => Effect.Effect<A, E>) =>
  Memory.make().pipe(
    Effect.flatMap((store) => run({ store, layer: Layer.succeed(WorkflowStore, store) })),
    Effect.provide(TestClock.layer(), { local: true })
  )

const undisturbed = (scenario: Scenario) =>
  inItsOwn((options) => CrashRun.run({ ...options, scenario, workflowId: "undisturbed" }))

/** Runs a scenario by several executors, and fails unless it ends as it does by one. */
const takeOver = Effect.fnUntraced(function* (scenario: Scenario, link: string, number: number, sound: Report) {
  const seed = `${link}:${scenario.name}:${number}`
  const report = yield* inItsOwn((options) =>
    Takeovers.run({ ...options, scenario, seed, sound, link: links[link]! })
  ).pipe(Effect.catchDefect((defect) => Effect.die(new Error(`TAKEOVERS=${seed}: ${String(defect)}`))))
  check(report, sound, `TAKEOVERS=${seed}`)
  return report
})

const takeoversOf = ({ history }: Report): number => history.filter(({ _tag }) => _tag === "OwnerChanged").length

const [onlyLink = "", onlyName, onlyNumber] = (process.env["TAKEOVERS"] ?? "").split(":")

for (const link of Object.keys(links)) {
  describe(`executors that take an execution from each other, over ${link} links, end it as one does`, () => {
    for (const scenario of scenarios) {
      if (link === "good" && instant.has(scenario.name)) continue
      it.live(
        `${scenario.name}`,
        Effect.fnUntraced(function* () {
          const sound = yield* undisturbed(scenario)
          let takeovers = 0
          for (let number = 1; number <= seeds; number++) {
            takeovers += takeoversOf(yield* takeOver(scenario, link, number, sound))
          }
          assert.isAtLeast(takeovers, instant.has(scenario.name) ? 1 : seeds)
        })
      )
    }
  })
}

/** `TAKEOVERS=link:Name:number` runs one schedule and shows it. */
for (const scenario of scenarios.filter(({ name }) => onlyLink in links && name === onlyName)) {
  it.live(
    `${onlyLink}:${onlyName}:${onlyNumber} is one schedule, shown`,
    Effect.fnUntraced(function* () {
      const sound = yield* undisturbed(scenario)
      const report = yield* takeOver(scenario, onlyLink, Number(onlyNumber), sound)
      console.log(printed(report.history))
    })
  )
}
