/**
 * The corpus, unchanged, on Temporal: the same definitions and programs, inside its sandbox and on its server.
 *
 * 1. Every scenario ends as it does on the default executor.
 * 2. Every history passes Temporal's replayer.
 */
import { assert, describe, layer } from "@effect/vitest"
import { Effect } from "effect"
import * as Scenarios from "../corpus/scenarios.ts"
import { describeWith } from "../support/servers.ts"
import { corpusQueue, Lab, layer as labLayer } from "./temporal/Lab.ts"
import type { TemporalHistory } from "./temporal/history.ts"

/** Whatever competes is half a second apart. */
const pace: Scenarios.Pace = { unit: 100, month: 3000, calls: 20 }
const scenarios = Scenarios.portable(pace)

/** Calls without times. They go first, so that a worker that is still cold delays nothing that competes. */
const warming: ReadonlySet<string> = new Set(["Sequence", "FanOut", "Loop"])
const histories = new Map<string, TemporalHistory>()

/** Starts a scenario, sends its messages and answers its end. */
const run = Effect.fnUntraced(function* (scenario: Scenarios.Scenario, workflowId: string, taskQueue = corpusQueue) {
  const { client, executor } = yield* Lab
  const { result, send, start } = yield* executor(taskQueue)
  const { input, messages, timeout, workflow } = scenario
  yield* start({ workflow, workflowId, input, timeout })
  // A worker answers queries from its start on.
  if (messages.length > 0) {
    yield* Effect.promise(() => client.workflow.getHandle(workflowId).query("__temporal_workflow_metadata"))
  }
  let now = 0
  for (const { at, ...message } of messages) {
    yield* Effect.sleep(at - now)
    now = at
    if (message._tag === "Complete") return yield* Effect.die(new Error("no scenario of these has one"))
    yield* send({ workflowId }, message)
  }
  return yield* result({ workflowId })
})

describeWith("temporal", "the corpus on Temporal", () => {
  layer(labLayer, { excludeTestServices: true, timeout: "2 minutes" })("with a worker", (it) => {
    const endsAsExpected = (scenario: Scenarios.Scenario) =>
      it.effect(
        `1. ${scenario.name} ends as it does on the default executor`,
        Effect.fnUntraced(function* () {
          const outcome = Scenarios.outcomeOf(yield* run(scenario, scenario.name))
          histories.set(scenario.name, yield* (yield* Lab).history(scenario.name))
          assert.isTrue(Scenarios.isExpected(scenario, outcome), JSON.stringify(outcome))
        })
      )

    describe("that starts", () => {
      for (const scenario of scenarios) if (warming.has(scenario.name)) endsAsExpected(scenario)
    })

    describe("that runs", { concurrent: true }, () => {
      for (const scenario of scenarios) if (!warming.has(scenario.name)) endsAsExpected(scenario)
    })

    describe("that ran", () => {
      it.effect("2. the replayer accepts every history", () =>
        Effect.gen(function* () {
          assert.strictEqual(histories.size, scenarios.length)
          assert.deepStrictEqual(yield* (yield* Lab).replay(histories), [])
        })
      )
    })
  })
})
