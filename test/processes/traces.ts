/** What finished errands have left behind, in their histories and in the log of their handlers. */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { DurableExecutor } from "perdure/Executor/DurableExecutor"
import * as Errand from "./Errand.ts"

/** No signal and no call is lost, none is there twice, and none ran after its result. Answers how many ran again. */
export const checkTraces = Effect.fnUntraced(function* (numbers: ReadonlyArray<number>, log: string) {
  const executor = yield* DurableExecutor
  // Time for handlers to run that should not.
  yield* Effect.sleep("300 millis")
  const runs = Errand.readLog(log)
  let calls = 0
  for (const number of numbers) {
    const { runId } = yield* executor.describe(`errand ${number}`)
    const history = yield* executor.history(`errand ${number}`)
    const tokens = history.flatMap((event) => (event._tag === "SignalReceived" ? [event.payload] : []))
    assert.deepStrictEqual<ReadonlyArray<unknown>>(tokens, [0, 1, 2, 3])
    for (const { at, key } of Errand.calls(runId, history)) {
      calls++
      const times = runs.get(key) ?? []
      assert.isNotEmpty(times, `call ${key} has a result, and its handler never ran`)
      for (const time of times) assert.isAtMost(time, at, `call ${key} ran after its result was recorded`)
    }
  }
  assert.strictEqual(calls, numbers.length * Errand.rounds * 2)
  return [...runs.values()].reduce((total, times) => total + times.length, 0) - calls
})
