/**
 * Temporal's words as ours, and ours as Temporal's: without a server.
 */
import { assert, describe, it } from "@effect/vitest"
import { ActivityFailure, ApplicationFailure, TimeoutFailure } from "@temporalio/common"
import { Result } from "effect"
import type { HistoryEvent } from "perdure/HistoryEvent"
import type { WorkflowFilter } from "perdure/Store/WorkflowStore"
import { allOf, detailsOf, isUnjudged, withFailure } from "../../src/Executor/temporal/worker/details.ts"
import { Callers } from "../../src/Executor/temporal/sandbox/Callers.ts"
import { Outbox } from "../../src/Executor/temporal/sandbox/Outbox.ts"
import { closingOf, exitOf, failureOf, problemOf } from "../../src/internal/temporal/failures.ts"
import { inOrder } from "../../src/internal/temporal/order.ts"
import { changesOf } from "../../src/internal/temporal/searchable.ts"
import { isLeftOver, leftOver, queryOf } from "../../src/internal/temporal/visibility.ts"

describe("filters", () => {
  const searchable = { customer: "text", total: "number", urgent: "flag" } as const
  const query = (filter: WorkflowFilter) => queryOf(filter, { namespace: "shop", searchable })
  const asked = (filter: WorkflowFilter) =>
    Result.getOrThrow(query(filter)).replace("ExecutionStatus != 'ContinuedAsNew'", "")

  it("are queries of visibility", () => {
    assert.strictEqual(asked({}), "")
    assert.strictEqual(asked({ workflow: "Ann's" }), " AND WorkflowType = 'Ann\\'s'")
    assert.strictEqual(
      asked({ startedFrom: 1, startedBefore: 2.5 }),
      " AND StartTime >= 1000000 AND StartTime < 2000000"
    )
    assert.strictEqual(asked({ status: ["completed"] }), " AND ExecutionStatus IN ('Completed')")
    assert.strictEqual(asked({ status: ["timedOut"] }), " AND ExecutionStatus IN ('TimedOut', 'Failed')")
    assert.strictEqual(
      asked({ status: ["blocked"] }),
      " AND ExecutionStatus IN ('Running') AND TemporalReportedProblems IS NOT NULL"
    )
    assert.strictEqual(asked({ attributes: { urgent: true, total: 5 } }), " AND `urgent` = true AND `total` = 5")
    assert.strictEqual(asked({ where: { total: { above: 1, upTo: 2 } } }), " AND `total` > 1 AND `total` <= 2")
    assert.strictEqual(asked({ where: { customer: { in: ["a", "b"] } } }), " AND `customer` IN ('a', 'b')")
    assert.strictEqual(asked({ parent: { workflowId: "p", runId: "r" } }), " AND ParentWorkflowId = 'p'")
  })

  it("that Temporal cannot answer are refused", () => {
    for (const filter of [{ order: "oldest" }, { wakeBefore: 1 }, { ownerNotIn: [] }] as const) {
      assert.isTrue(Result.isFailure(query(filter)), JSON.stringify(filter))
    }
    assert.include(Result.getOrThrow(Result.flip(query({ attributes: { colour: 1 } }))), "--name colour --type Double")
    assert.isTrue(Result.isFailure(query({ attributes: { customer: 'a "b"' } })))
  })

  it("leave to be looked at what is in the memo alone", () => {
    const summary = { status: "timedOut", workflowVersion: "2", parent: { workflowId: "p", chain: "r" } } as never
    assert.isFalse(isLeftOver({ workflow: "Order", parent: "p" }))
    assert.isTrue(isLeftOver({ parent: { workflowId: "p", runId: "r" } }))
    assert.isTrue(leftOver({ status: ["timedOut"], workflowVersion: "2" })(summary))
    assert.isFalse(leftOver({ status: ["failed"] })(summary))
    assert.isFalse(leftOver({ parent: { workflowId: "p", runId: "other" } })(summary))
  })

  it("and attributes are of the types that the namespace has", () => {
    const changes = { customer: "a", total: "many", urgent: null, other: 1 }
    assert.deepStrictEqual(changesOf(changes, searchable), [
      { key: { name: "customer", type: "KEYWORD" }, value: "a" },
      { key: { name: "urgent", type: "BOOL" }, value: null }
    ])
    assert.deepStrictEqual(changesOf(changes, undefined), [])
  })
})

describe("failures", () => {
  const failed = { _tag: "Fail", error: { _tag: "Declined", code: 1 } } as const

  it("carry an end, and are shown by the tag of its error", () => {
    const failure = failureOf(failed, "declined", 0)
    assert.deepInclude(failure, { type: "perdure/Declined", nonRetryable: false, nextRetryDelay: 1 })
    const wrapped = new ActivityFailure("failed", "Charge", "0", "NON_RETRYABLE_FAILURE", "worker", failure)
    assert.deepStrictEqual(exitOf(wrapped), failed)
    assert.isTrue(failureOf(failed, "declined").nonRetryable)
  })

  it("of Temporal's own are timeouts and defects", () => {
    const timeout = (type: "SCHEDULE_TO_CLOSE" | "START_TO_CLOSE") =>
      new ActivityFailure("t", "Charge", "0", "TIMEOUT", "w", new TimeoutFailure("t", undefined, type))
    assert.deepStrictEqual(exitOf(timeout("SCHEDULE_TO_CLOSE"), { total: 7 }), { _tag: "TimedOut", after: 7 })
    assert.deepStrictEqual(exitOf(timeout("START_TO_CLOSE"), { attempt: 5, total: 7 }), { _tag: "TimedOut", after: 5 })
    assert.strictEqual(exitOf(timeout("START_TO_CLOSE"))._tag, "Die")
    const foreign = ApplicationFailure.create({ type: "Other", message: "no", details: [{ _tag: "Fail" }] })
    assert.deepInclude(closingOf(foreign, 3), { _tag: "ExecutionFailed", at: 3 })
  })

  it("of tasks are problems", () => {
    assert.deepStrictEqual(problemOf("Undecodable: no"), { reason: "Undecodable", message: "no" })
    assert.strictEqual(problemOf("[TMPRL1100] Nondeterminism error: no").reason, "NonDeterminism")
    assert.deepStrictEqual(problemOf("Error: no"), { reason: "Defect", message: "Error: no" })
  })
})

describe("what Temporal keeps of an activity", () => {
  const failed = (at: number) => ({ at, failure: { _tag: "TimedOut", after: at } as const })

  it("has all failures, though of the oldest ones but the first only the number", () => {
    let details = detailsOf(undefined, undefined)
    for (let at = 0; at < 250; at++) details = withFailure({ ...details, reported: 7 }, failed(at))
    assert.lengthOf(details.failures, 200)
    assert.deepInclude(details, { forgotten: 50, reported: 7 })
    assert.lengthOf(allOf(details), 250)
    assert.strictEqual(allOf(details)[0]!.at, 0)
    assert.strictEqual(details.failures[1]!.at, 51)
    assert.strictEqual(allOf(details).at(-1)!.at, 249)
  })

  it("says whether the end from outside was judged", () => {
    const call = { run: "r", chain: "r", at: 0, failures: [failed(1)] } as never
    assert.isTrue(isUnjudged(undefined, call))
    assert.isFalse(isUnjudged(withFailure({ failures: [] }, failed(1)), call))
    assert.deepStrictEqual(detailsOf(undefined, call).failures, [failed(1)])
  })
})

describe("in the sandbox", () => {
  it("the messages to one execution leave one after the other", () => {
    const left: Array<string> = []
    const outbox = new Outbox(({ id }) => void left.push(id))
    const to = (id: string, to: string) => outbox.add({ id, command: { to } } as never)
    to("1", "a")
    to("2", "a")
    to("3", "b")
    assert.deepStrictEqual(left, ["1", "3"])
    outbox.settled("a" as never)
    outbox.settled("b" as never)
    assert.deepStrictEqual([left, outbox.isEmpty], [["1", "3", "2"], false])
    outbox.settled("a" as never)
    assert.isTrue(outbox.isEmpty)
  })

  it("callers hear what they wait for, also of what has been", async () => {
    const callers = new Callers()
    const heard: Array<string> = []
    const wait = (wait: "accepted" | "answered") =>
      callers.wait({ id: "u", wait }).then(({ exit }) => void heard.push(`${wait} ${exit?._tag ?? ""}`))
    const all = [wait("accepted"), wait("answered")]
    callers.accepted({ _tag: "UpdateAccepted", at: 0, id: "u" })
    await all[0]
    assert.deepStrictEqual(heard, ["accepted "])
    callers.answered({ _tag: "UpdateAnswered", at: 0, id: "u", exit: { _tag: "Success", value: 1 } })
    await Promise.all([...all, wait("answered")])
    assert.deepStrictEqual(heard, ["accepted ", "answered Success", "answered Success"])
    assert.deepInclude(callers.get("u"), { accepted: true })
  })
})

describe("the order of events", () => {
  it("is that of tasks, signals first, at the time when the task began", () => {
    const seconds = (seconds: number) => ({ seconds: seconds as never })
    const events = [
      { eventId: 1, eventTime: seconds(1), attributes: "workflowExecutionStartedEventAttributes" },
      { eventId: 2, eventTime: seconds(1) },
      { eventId: 3, eventTime: seconds(2) },
      {
        eventId: 4,
        eventTime: seconds(2),
        attributes: "workflowTaskCompletedEventAttributes",
        workflowTaskCompletedEventAttributes: { startedEventId: 3 }
      },
      {
        eventId: 5,
        eventTime: seconds(2),
        attributes: "timerStartedEventAttributes",
        timerStartedEventAttributes: { workflowTaskCompletedEventId: 4 }
      },
      { eventId: 6, eventTime: seconds(4), attributes: "timerFiredEventAttributes" },
      { eventId: 7, eventTime: seconds(5), attributes: "workflowExecutionSignaledEventAttributes" },
      { eventId: 8, eventTime: seconds(6) },
      {
        eventId: 9,
        eventTime: seconds(6),
        attributes: "workflowTaskCompletedEventAttributes",
        workflowTaskCompletedEventAttributes: { startedEventId: 8 }
      }
    ] as never
    const event = (eventId: number, event: object) => ({ eventId, event: event as HistoryEvent })
    const ordered = inOrder(events, [
      event(1, { _tag: "ExecutionStarted", at: 1000 }),
      event(5, { _tag: "TimerStarted", at: 2100, seq: 0, fireAt: 4100 }),
      event(6, { _tag: "TimerFired", at: 4000, seq: 0 }),
      event(7, { _tag: "SignalReceived", at: 5000 })
    ])
    assert.deepStrictEqual(
      ordered.map(({ event }) => [event._tag, event.at]),
      [
        ["ExecutionStarted", 2000],
        ["TimerStarted", 2000],
        ["SignalReceived", 6000],
        ["TimerFired", 6000]
      ]
    )
    assert.deepInclude(ordered[1]!.event as object, { fireAt: 4000 })
  })
})
