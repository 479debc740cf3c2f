/** The runs of executions, found in what is stored of several. */
import { assert, it } from "@effect/vitest"
import { Ids } from "perdure"
import type { HistoryEvent } from "perdure/HistoryEvent"
import { byRun, historiesIn } from "../../src/internal/store/runs.ts"

const started = (runId: string): HistoryEvent => ({
  _tag: "ExecutionStarted",
  at: 0,
  workflow: "Order",
  workflowId: Ids.WorkflowId.make("order"),
  runId: Ids.RunId.make(runId),
  input: null
})
const ended: HistoryEvent = { _tag: "ExecutionCompleted", at: 1, value: null }

it("commits of runs that come in turns are told apart, each run in its order", () => {
  const commits = ["a", "b", "a", "b", "c"].map((run, index) => ({ runId: Ids.RunId.make(run), index }))
  assert.deepStrictEqual(
    Array.from(byRun(commits), ([runId, commits]) => [runId, ...commits.map(({ index }) => index)]),
    [
      ["a", 0, 2],
      ["b", 1, 3],
      ["c", 4]
    ]
  )
})

it("a history begins with each start, also of a run that comes twice, and with none before the first", () => {
  const [first, second] = [started("a"), started("b")]
  assert.deepStrictEqual(historiesIn([ended, first, ended, second, second, ended]), [
    [first, ended],
    [second],
    [second, ended]
  ])
  assert.deepStrictEqual(historiesIn([ended]), [])
})
