/**
 * Temporal's words as ours, and ours as Temporal's: without a server.
 */
import { assert, describe, it } from "@effect/vitest"
import { ActivityFailure, ApplicationFailure, TimeoutFailure } from "@temporalio/common"
import { Effect, Option, Result, Scope } from "effect"
import type { HistoryEvent } from "perdure/HistoryEvent"
import type { WorkflowFilter } from "perdure/Store/WorkflowStore"
import { detailsOf, unjudged } from "../../src/Executor/temporal/worker/details.ts"
import { Observed } from "../../src/Executor/temporal/worker/Observed.ts"
import { Policies } from "../../src/Executor/temporal/worker/Policies.ts"
import { Callers } from "../../src/Executor/temporal/sandbox/Callers.ts"
import { Outbox } from "../../src/Executor/temporal/sandbox/Outbox.ts"
import { countOf, failureAt, withFailure } from "../../src/internal/temporal/failed.ts"
import { closingOf, exitOf, failureOf, problemOf, problemOfFailure } from "../../src/internal/temporal/failures.ts"
import { inOrder } from "../../src/internal/temporal/order.ts"
import { reportedIn } from "../../src/internal/temporal/runs.ts"
import { tooLarge } from "../../src/internal/temporal/sizes.ts"
import { answerOf, type Failed, isLeftOpen, valueIn } from "../../src/internal/temporal/wire.ts"
import { changesOf } from "../../src/internal/temporal/searchable.ts"
import { runsBefore, versionOf } from "../../src/internal/temporal/versions.ts"
import { isLeftOver, leftOver, queryOf } from "../../src/internal/temporal/visibility.ts"

describe("values", () => {
  it("that read like answers of another kind come out as they went in", () => {
    const marked = { "perdure/pending": { attempt: 1 } }
    for (const value of [null, 1, "text", [], {}, marked, { "perdure/value": marked }, { "perdure/value": 1 }]) {
      const answer = answerOf(value)
      assert.isFalse(isLeftOpen(answer), JSON.stringify(value))
      assert.deepStrictEqual(valueIn(answer), value)
    }
  })

  it("are sent up to what Temporal takes of one", () => {
    const most = 2 * 1024 * 1024 - 16 * 1024
    assert.isUndefined(tooLarge("it", "x".repeat(most - 2)))
    assert.deepInclude(tooLarge("it", "x".repeat(most - 1)), { of: "it", bytes: most + 1, limit: most })
  })
})

describe("what Temporal reports of a task that fails again and again", () => {
  it("is told, and nothing is where it reports nothing", () => {
    const data = Buffer.from('["category=WorkflowTaskTimedOut"]')
    const payload = { metadata: { encoding: Buffer.from("json/plain") }, data }
    const reported = reportedIn({ searchAttributes: { indexedFields: { TemporalReportedProblems: payload } } })
    assert.include(reported!, "category=WorkflowTaskTimedOut")
    assert.isUndefined(reportedIn({ searchAttributes: { indexedFields: {} } }))
    assert.isUndefined(reportedIn({}))
  })
})

describe("filters", () => {
  const searchable = { customer: "text", total: "number", urgent: "flag" } as const
  const query = (filter: WorkflowFilter) =>
    queryOf(filter, { address: "localhost:7233", namespace: "shop", codec: undefined, searchable })
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
    assert.strictEqual(asked({ root: "r" }), " AND RootWorkflowId = 'r' AND WorkflowId != 'r'")
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
    // The numbers are Temporal's: a failure of the program, a task that was too late because of news, one of another code.
    const task = (cause: number) => problemOfFailure({ cause, failure: { message: "Defect: no" } })
    assert.deepStrictEqual([task(14), task(1), task(24)], [problemOf("Defect: no"), undefined, problemOf("Defect: no")])
  })
})

describe("what Temporal keeps of an activity", () => {
  const failed = (at: number, size = 0) => {
    const failure =
      size === 0 ? ({ _tag: "TimedOut", after: at } as const) : { _tag: "Fail" as const, error: "x".repeat(size) }
    return { at, failure }
  }
  const failing = (...all: ReadonlyArray<ReturnType<typeof failed>>): Failed =>
    all.reduce<Failed>((before, failed) => withFailure(before, failed), { failures: [] })
  const times = ({ failures }: Failed) => failures.map(({ at }) => at)

  it("has all failures, though of the oldest ones but the first only the number", () => {
    const all = failing(...Array.from({ length: 250 }, (_, at) => failed(at)))
    assert.lengthOf(all.failures, 200)
    assert.deepStrictEqual([all.forgotten, countOf(all)], [50, 250])
    assert.deepStrictEqual(times(all).slice(0, 2), [0, 51])
    assert.deepStrictEqual(
      [0, 1, 50, 51, 249].map((index) => failureAt(all, index)?.at),
      [0, 0, 0, 51, 249]
    )
  })

  it("does not grow with the errors", () => {
    const many = failing(...Array.from({ length: 100 }, (_, at) => failed(at, 9000)))
    assert.isBelow(JSON.stringify(many).length, 101_000)
    assert.deepStrictEqual([countOf(many), ...times(many)], [100, 0, ...Array.from({ length: 10 }, (_, at) => 90 + at)])
    const largeAtFirst = failing(failed(0, 120_000), failed(1), failed(2))
    assert.deepStrictEqual([countOf(largeAtFirst), ...times(largeAtFirst)], [3, 1, 2])
    const largeAtLast = failing(failed(0), failed(1), failed(2, 200_000))
    assert.deepStrictEqual([countOf(largeAtLast), ...times(largeAtLast)], [3, 0])
    const allLarge = failing(failed(0, 200_000), failed(1, 200_000))
    assert.deepStrictEqual([countOf(allLarge), allLarge.failures, failureAt(allLarge, 0)], [2, [], undefined])
  })

  it("says whether the end from outside was judged", () => {
    const ended = { attempt: 3, before: failing(failed(1), failed(2)), failed: failed(3) }
    const call = { run: "r", chain: "r", at: 0, ended } as never
    assert.deepStrictEqual(unjudged(undefined, call), ended)
    assert.isUndefined(unjudged({ failures: [] }, call))
    assert.isUndefined(unjudged(undefined, undefined))
    assert.deepStrictEqual(times(detailsOf(undefined, call)), [1, 2, 3])
    assert.deepStrictEqual(detailsOf({ failures: [], reported: 7 }, call), { failures: [], reported: 7 })
  })

  it("is what policies follow from, by one step for each failure in a worker that has them", async () => {
    const steps: Array<number> = []
    const handler = {
      retry: () =>
        Effect.sync(() => {
          let count = 0
          return (at: number) =>
            Effect.sync(() => {
              steps.push(at)
              return ++count > 300 ? Option.none<number>() : Option.some(count)
            })
        })
    } as never
    const judged = { handler, key: "r/0", retry: undefined }
    const worker = new Policies()
    const pause = (policies: Policies, before: Failed, at: number) =>
      Effect.runPromise(policies.pause(judged, before, failed(at)))
    let before: Failed = { failures: [] }
    for (let at = 0; at < 299; at++) {
      assert.deepStrictEqual(await pause(worker, before, at), Option.some(at + 1))
      before = withFailure(before, failed(at))
    }
    assert.lengthOf(steps, 299)
    // Another worker has to begin at the first one, and this one learns what was judged there.
    const other = new Policies()
    assert.deepStrictEqual(await pause(other, before, 299), Option.some(300))
    assert.lengthOf(steps, 299 + 300)
    before = withFailure(before, failed(299))
    assert.deepStrictEqual(await pause(worker, before, 300), Option.none())
    assert.lengthOf(steps, 299 + 300 + 2)
    // What was judged of other failures does not count.
    assert.deepStrictEqual(await pause(other, failing(failed(7)), 8), Option.some(2))
    assert.deepStrictEqual(await pause(other, failing(failed(7), failed(9)), 10), Option.some(3))
    assert.deepStrictEqual(steps.slice(-5), [7, 8, 7, 9, 10])
  })
})

describe("what a worker is told of a run", () => {
  it("it tells once, however often Temporal repeats the end of its history", () => {
    const told: Array<number> = []
    const observed = new Observed()
    Effect.runSync(
      Scope.provide(observed.add({ committed: ({ summary }) => void told.push(summary.version) }), Scope.makeUnsafe())
    )
    const tell = (run: string, version: number, at: number, name = "go") => {
      const events = [
        { _tag: "SignalReceived", at, name, payload: null },
        { _tag: "TimerStarted", at, seq: 0, fireAt: at + 5 }
      ]
      observed.told(run, JSON.stringify({ events, summary: { version }, open: [], updates: [] }), (thrown) => {
        throw thrown
      })
    }
    tell("a", 1, 10)
    tell("a", 2, 10)
    tell("a", 1, 20)
    tell("a", 2, 20)
    tell("a", 2, 20, "stop")
    tell("b", 2, 20)
    assert.deepStrictEqual(told, [1, 2, 2, 2])
  })
})

describe("versions", () => {
  it("differ over the runs of a chain, and grow", () => {
    assert.deepStrictEqual([versionOf(undefined, 0), versionOf(0, 7), versionOf(3, 127)], [1, 7, 3_000_127] as never)
    assert.deepStrictEqual(
      [1, 7, 3_000_001].map((version) => runsBefore(version as never)),
      [0, 0, 3]
    )
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
  it("is that of tasks, signals and updates first, at the time when the task began", () => {
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
      },
      {
        eventId: 10,
        eventTime: seconds(6),
        attributes: "workflowExecutionUpdateAcceptedEventAttributes",
        workflowExecutionUpdateAcceptedEventAttributes: {}
      }
    ] as never
    const event = (eventId: number, event: object) => ({ eventId, event: event as HistoryEvent })
    const ordered = inOrder(events, [
      event(1, { _tag: "ExecutionStarted", at: 1000 }),
      event(5, { _tag: "TimerStarted", at: 2100, seq: 0, fireAt: 4100 }),
      event(6, { _tag: "TimerFired", at: 4000, seq: 0 }),
      event(7, { _tag: "SignalReceived", at: 5000 }),
      event(10, { _tag: "ActivityResolved", at: 6000 })
    ])
    assert.deepStrictEqual(
      ordered.map(({ event }) => [event._tag, event.at]),
      [
        ["ExecutionStarted", 2000],
        ["TimerStarted", 2000],
        ["SignalReceived", 6000],
        ["ActivityResolved", 6000],
        ["TimerFired", 6000]
      ]
    )
    assert.deepInclude(ordered[1]!.event as object, { fireAt: 4000 })
  })
})
