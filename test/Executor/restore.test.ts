/** How an execution is brought back from a long history: in slices, by the program and by the state alike. */
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Before } from "../../src/Executor/default/restore.ts"
import { restore } from "../../src/Executor/default/restore.ts"
import { HistoryEvent } from "perdure/HistoryEvent"
import { RunId, Version, WorkerId } from "perdure/Ids"
import type { StoredExecution } from "perdure/Store/WorkflowStore"
import { interpret } from "../replay/Driver.ts"
import { after, epoch, freshId, signal, start } from "../suites/store/builders.ts"

const length = 20_000
const worker = WorkerId.make("w")

/** An execution that was told signals, in as many commits. */
const told = (signals: number, commits: number): StoredExecution => {
  const { events, id, runId, summary, version, workflowId } = start(freshId(), { summary: { owner: worker } })
  const started = HistoryEvent.cases.ExecutionStarted.make({
    at: epoch,
    workflow: summary.workflow,
    workflowId,
    runId,
    owner: worker,
    input: null
  })
  assert.strictEqual(events[0]!._tag, "ExecutionStarted")
  const all = [{ id, runId, version, events: [started] as StoredExecution["commits"][0]["events"] }]
  let last = summary
  for (let n = 0; n < commits; n++) {
    const events = Array.from({ length: signals / commits }, () => signal("x"))
    const next = after(last, { events: events as never })
    all.push({ id: next.id, runId, version: next.version, events: next.events })
    last = next.summary
  }
  return { summary: last, commits: all }
}

for (const [name, commits] of [
  ["many commits", length],
  ["one commit", 1]
] as const) {
  it(`a history of ${name} is followed in slices`, () => {
    const stored = told(length, commits)
    const interpreter = interpret(() => Effect.never)
    const before: Before = {
      runId: stored.summary.runId,
      version: 0,
      live: undefined,
      shared: { worker, maxHistory: 1_000_000 },
      claim: undefined,
      fresh: () => interpreter,
      problem: undefined
    }
    const slices = restore(stored, before)
    let paused = 0
    let slice = slices.next()
    for (; slice.done !== true; slice = slices.next()) {
      paused++
      const followed = interpreter.signals.unreceived?.["token"] ?? 0
      assert.isAtMost(followed, paused * 4096)
    }
    assert.strictEqual(paused, Math.floor(length / 4096))
    assert.deepInclude(slice.value, { _tag: "Ready", version: Version.make(commits + 1) })
    assert.deepStrictEqual(interpreter.signals.unreceived, { token: length })
  })
}

it("a later run is no execution of the one that was to be read, also where it has the same worker", () => {
  const stored = told(1, 1)
  for (const claim of [undefined, { from: worker, onlyBlocked: false }]) {
    const before: Before = {
      runId: RunId.make("the run before"),
      version: 0,
      live: undefined,
      shared: { worker, maxHistory: 1_000_000 },
      claim,
      fresh: () => interpret(() => Effect.never),
      problem: undefined
    }
    const found = restore(stored, before).next()
    assert.isTrue(found.done)
    assert.deepStrictEqual(found.value, { _tag: "NotOurs" })
    const same = restore(stored, { ...before, runId: stored.summary.runId }).next()
    assert.deepInclude(same.value, { _tag: "Ready", isClaimed: claim !== undefined })
  }
})
