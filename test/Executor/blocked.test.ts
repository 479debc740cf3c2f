/** How blocked executions are tried, one after the other, and which tries count. */
import { assert, describe, it } from "@effect/vitest"
import { Clock, Context, Effect, Option } from "effect"
import { TestClock } from "effect/testing"
import { RunId, WorkflowId } from "perdure/Ids"
import type { ExecutionSummary, WorkflowStore } from "perdure/Store/WorkflowStore"
import { BlockedExecutions } from "../../src/Executor/default/BlockedExecutions.ts"
import { Fibers } from "../../src/Executor/default/Fibers.ts"
import type { ClaimOutcome } from "../../src/Executor/default/phases.ts"
import { Tries } from "../../src/Executor/default/Tries.ts"

/** Blocked executions of which each try takes so long and ends so, in virtual time. */
const blocked = Effect.fnUntraced(function* (outcomes: ReadonlyArray<readonly [outcome: ClaimOutcome, took: number]>) {
  const clock = yield* Clock.Clock
  const fibers = new Fibers(Context.make(Clock.Clock, clock), clock)
  const tries = new Tries(() => fibers.now())
  const executions = outcomes.map((_, index) => ({
    workflowId: WorkflowId.make(`${index}`),
    runId: RunId.make("run"),
    workflow: "Order",
    waitingFor: [],
    owed: 1
  })) as ReadonlyArray<Partial<ExecutionSummary>> as ReadonlyArray<ExecutionSummary>
  const pauses: Array<number> = []
  const settled: Array<string> = []
  const store = { list: () => Effect.succeed({ executions, next: Option.none() }) }
  const it = new BlockedExecutions({
    fibers,
    store: store as Partial<WorkflowStore["Service"]> as WorkflowStore["Service"],
    tries,
    pauses: true,
    sleep: (milliseconds) => Effect.sync(() => void pauses.push(milliseconds)),
    isWanted: () => true,
    take: ({ workflowId }) => {
      const [outcome, took] = outcomes[Number(workflowId)]!
      return Effect.as(Effect.sleep(took), outcome)
    },
    settle: (workflowId) => void settled.push(workflowId)
  })
  it.look()
  for (let index = 0; index < outcomes.length; index++) yield* TestClock.adjust("1 hour")
  assert.isTrue(it.isIdle)
  return { counts: executions.map((each) => tries.count(each)), pauses, settled }
})

describe("a worker that tries blocked executions", () => {
  it.effect("waits after a try in vain for ten times as long as it took, and for a minute at most", () =>
    Effect.gen(function* () {
      const { pauses } = yield* blocked([
        ["Declined", 20],
        ["Declined", 5999],
        ["Declined", 6001],
        ["Declined", 3_600_000]
      ])
      assert.deepStrictEqual(pauses, [200, 59_990, 60_000, 60_000])
    })
  )

  it.effect("counts as a try in vain only one that its program declined, and delivers what is owed then", () =>
    Effect.gen(function* () {
      const { counts, pauses, settled } = yield* blocked([
        ["Lost", 20],
        ["Declined", 20],
        ["Taken", 20]
      ])
      assert.deepStrictEqual(counts, [0, 1, 0])
      assert.deepStrictEqual(pauses, [200])
      assert.deepStrictEqual(settled, ["1"])
    })
  )
})
