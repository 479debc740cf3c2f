/** What finished workloads have left behind, in their histories and in the log of their handlers. */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { Executions } from "perdure/Executor/Executions"
import * as Workload from "./WorkloadProgram.ts"

/**
 * No signal and no call is lost, none is there twice, and none ran after its result. Answers how many ran again. One call may be
 * late for each process that was frozen: that of the handler which was about to write its line.
 */
export const checkHandlerLog = Effect.fnUntraced(function* (numbers: ReadonlyArray<number>, log: string, mostLate = 0) {
  const executions = yield* Executions
  // Time for handlers to run that should not.
  yield* Effect.sleep("300 millis")
  const runs = Workload.readLog(log)
  let calls = 0
  let late = 0
  for (const number of numbers) {
    const { runId } = yield* executions.describe(`workload ${number}`)
    const history = yield* executions.history(`workload ${number}`)
    const tokens = history.flatMap((event) => (event._tag === "SignalReceived" ? [event.payload] : []))
    assert.deepStrictEqual<ReadonlyArray<unknown>>(tokens, [0, 1, 2, 3])
    for (const { at, key } of Workload.calls(runId, history)) {
      calls++
      const times = runs.get(key) ?? []
      assert.isNotEmpty(times, `call ${key} has a result, and its handler never ran`)
      for (const time of times) {
        if (time > at && late++ >= mostLate) assert.fail(`call ${key} ran after its result was recorded`)
      }
    }
  }
  assert.strictEqual(calls, numbers.length * Workload.rounds * 2)
  return [...runs.values()].reduce((total, times) => total + times.length, 0) - calls
})
