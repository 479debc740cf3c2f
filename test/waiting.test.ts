/** What an execution waits for, in words. */
import { assert, it } from "@effect/vitest"
import { Sequence, WorkflowId } from "perdure/Ids"
import { Waiting } from "perdure"
import { readWaiting } from "../src/internal/store/waiting.ts"

const seq = Sequence.make(3)
const at = Date.UTC(2026, 0, 2, 3, 4, 5, 6)
const problem = { reason: "Spinning", message: "it spins" } as const

const cases: ReadonlyArray<readonly [Waiting.Waiting, string]> = [
  [{ _tag: "Activity", seq, name: "Charge", attempt: 1 }, "activity Charge #3"],
  [{ _tag: "Activity", seq, name: "Charge", attempt: 2 }, "activity Charge #3, attempt 2"],
  [
    { _tag: "Activity", seq, name: "Charge", attempt: 2, retryAt: at },
    "activity Charge #3, attempt 2 at 2026-01-02T03:04:05.006Z"
  ],
  [
    { _tag: "Activity", seq, name: "Charge", attempt: 9, retryAt: 8.64e15 + 1 },
    "activity Charge #3, attempt 9 at 8640000000000001 ms"
  ],
  [{ _tag: "Activity", seq, name: "Charge", attempt: 1, alone: true }, "activity Charge #3, which runs alone"],
  [{ _tag: "Timer", seq, until: at }, "timer #3 until 2026-01-02T03:04:05.006Z"],
  [{ _tag: "Timer", seq, until: 1e300 }, "timer #3 until 1e+300 ms"],
  [{ _tag: "Signal", name: "paid" }, "signal paid"],
  [
    { _tag: "Delivery", to: WorkflowId.make('a "b"'), message: "signal paid" },
    'delivery of signal paid to "a \\"b\\""'
  ],
  [{ _tag: "Child", workflowId: WorkflowId.make("a/1"), workflow: "Pay" }, 'child "a/1" of workflow Pay'],
  [{ _tag: "Update", id: "u", name: "addItem" }, "update addItem, which no handler has taken yet"],
  [{ _tag: "Update", id: "u", name: "addItem", accepted: true }, "update addItem"],
  [{ _tag: "Updates", names: ["addItem", "checkOut"] }, "one of its updates: addItem, checkOut"],
  [{ _tag: "Answer", workflowId: WorkflowId.make("a"), operation: "result" }, 'result of "a"'],
  [{ _tag: "Deliveries", count: 1 }, "delivery of 1 message(s)"],
  [{ _tag: "Worker", workflow: "Order" }, "a worker that has workflow Order"],
  [{ _tag: "Blocked", problem }, "blocked: it spins"],
  [{ _tag: "Blocked", problem, retryAt: at }, "blocked: it spins (tried again at 2026-01-02T03:04:05.006Z)"],
  [{ _tag: "Cancelling", reason: "too late" }, "its finalizers, since it was cancelled: too late"],
  [{ _tag: "NextRun" }, "the beginning of its next run"],
  [{ _tag: "Nothing" }, "nothing that can happen by itself: only a cancel or terminate ends it"],
  [{ _tag: "More", count: 5 }, "and 5 more"],
  [{ _tag: "Other", text: "as release 0.1 said it" }, "as release 0.1 said it"]
]

it.each(cases)("%o is said as %o", (waiting, words) => {
  assert.strictEqual(Waiting.inWords(waiting), words)
})

it("every kind of thing is said", () => {
  assert.sameMembers(Object.keys(Waiting.Waiting.cases), [...new Set(cases.map(([{ _tag }]) => _tag))])
})

it("what was stored is read back as it was", () => {
  const all = cases.map(([waiting]) => waiting)
  assert.deepStrictEqual(readWaiting(JSON.parse(JSON.stringify(all))), all)
  assert.deepStrictEqual(readWaiting([]), [])
})

it("the words of release 0.1 are read as such", () => {
  assert.deepStrictEqual(readWaiting(["activity Charge #0", "signal paid"]), [
    { _tag: "Other", text: "activity Charge #0" },
    { _tag: "Other", text: "signal paid" }
  ])
})

it.each([[undefined], [null], ["signal paid"], [{}], [[1]], [[null]], [[{ name: "paid" }]], [["signal paid", 3]]])(
  "what is damaged is not read: %j",
  (stored) => {
    assert.isUndefined(readWaiting(stored))
  }
)
