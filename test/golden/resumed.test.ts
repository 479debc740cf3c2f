/** This release goes on where the golden histories of release 0.2 end: with what their programs wait for, and by its executor. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import * as Default from "perdure/Executor/Default"
import * as Memory from "perdure/Store/Memory"
import { isFinal } from "perdure/WorkflowState"
import { fold } from "../../src/internal/core/evolve.ts"
import { published } from "../../src/internal/store/published.ts"
import { summarize } from "../../src/internal/store/summary.ts"
import { interpret } from "../replay/Driver.ts"
import * as Lab from "../suites/executor/Lab.ts"
import { eventsOf, historiesOf, programOf, runsOf } from "./histories.ts"
import { later, workflows } from "./programs.ts"
import { acting2Workflow, actingWorkflow } from "./talking.ts"
import { Leave } from "./working.ts"

const histories = historiesOf("0.2")

/** Executions whose worker had another program when it took them. */
const wasWrong = (id: string) => id.startsWith("is blocked")

describe("the histories of release 0.2", () => {
  it("add up to whole summaries, with what their programs wait for and publish", () => {
    let compared = 0
    for (const history of histories.filter(({ scenario }) => !wasWrong(scenario))) {
      for (const run of runsOf(history)) {
        for (const [index, { summary }] of run.entries()) {
          const events = eventsOf(run.slice(0, index + 1))
          const state = fold(events)!
          // What other processes record tells nothing of the program.
          const { closed, problem, unreadSince } = state
          if (unreadSince !== undefined || problem !== undefined || closed?._tag === "ExecutionTerminated") continue
          const interpreter = interpret(programOf(events))
          interpreter.replay(events)
          const { firstVersion, version } = summary
          const { queries, signals } = interpreter
          const whole = summarize(state, { version, firstVersion, signals, published: published(queries.publications) })
          assert.deepStrictEqual(whole, summary, `${history.scenario}, version ${version}`)
          compared++
        }
      }
    }
    assert.isAbove(compared, 200)
  })

  it.effect("are taken over by the default executor, which blocks none and settles what is owed", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(later)
      const { store } = yield* Lab.Lab
      for (const { commits } of histories) for (const commit of commits) yield* store.save(commit)
      const { executions: before } = yield* store.list({ limit: 1000 })
      assert.strictEqual(before.length, histories.length)
      const app = yield* Lab.open(Layer.mergeAll(workflows, actingWorkflow, acting2Workflow), { worker: "worker-z" })
      for (let hour = 0; hour < 3; hour++) yield* Lab.pass("1 hour")
      const { executions: after } = yield* store.list({ limit: 1000 })
      for (const summary of after) {
        const { owed, status, workflowId } = summary
        assert.isUndefined(owed, workflowId)
        if (!isFinal(status))
          assert.deepStrictEqual([status, Lab.ownerName(summary)], ["running", "worker-z"], workflowId)
        const old = before.find((each) => each.workflowId === workflowId)!
        if (isFinal(old.status)) assert.deepInclude(summary, { status: old.status, runId: old.runId }, workflowId)
      }
      yield* app.stop
    }).pipe(Effect.provide(Lab.layer({ store: Memory.layer, executor: Default.layerWith })))
  )

  it.effect("end their calls by the tokens that were given away then", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(later)
      const { store } = yield* Lab.Lab
      const { commits } = histories.find(({ scenario }) => scenario.endsWith("told its token"))!
      for (const commit of commits) yield* store.save(commit)
      const told = eventsOf(commits).find(({ _tag }) => _tag === "SignalReceived")
      assert(told?._tag === "SignalReceived" && typeof told.payload === "string")
      const app = yield* Lab.open(actingWorkflow, { worker: "worker-z" })
      yield* Lab.pass("1 minute")
      yield* app.run(Leave.succeed(told.payload, "at last"))
      const closing = yield* app.result(commits[0]!.workflowId)
      assert.deepInclude(closing, { _tag: "ExecutionCompleted", value: ["at last", told.payload] })
    }).pipe(Effect.provide(Lab.layer({ store: Memory.layer, executor: Default.layerWith })))
  )
})
