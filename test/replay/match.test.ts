import { assert, describe, it } from "@effect/vitest"
import { type CommandEvent, HistoryEvent, isCommand } from "perdure/HistoryEvent"
import { MessageId, RunId, Sequence, Version, WorkerId, WorkflowId } from "perdure/Ids"
import { digest } from "../../src/internal/core/digest.ts"
import { describe as described, isSame, mismatch } from "../../src/internal/core/match.ts"
import { make as makeRandom } from "../../src/internal/replay/random.ts"

const seq = Sequence.make(3)
const at = 1000
const defect = { name: "TypeError", message: "x is not a function" }

/** Each event, and its line. */
const lines: ReadonlyArray<readonly [HistoryEvent, string]> = [
  [
    {
      _tag: "ExecutionStarted",
      at,
      workflow: "Order",
      workflowId: WorkflowId.make("1"),
      runId: RunId.make("r"),
      input: { id: 1 }
    },
    'ExecutionStarted Order({"id":1})'
  ],
  [{ _tag: "ActivityScheduled", at, seq, name: "Ship", input: [1], digest: 1 }, "ActivityScheduled #3 Ship([1])"],
  [{ _tag: "TimerStarted", at, seq, fireAt: 1500 }, "TimerStarted #3 for 500 ms"],
  [{ _tag: "ActivityCancelled", at, seq }, "ActivityCancelled #3"],
  [{ _tag: "TimerCancelled", at, seq }, "TimerCancelled #3"],
  [{ _tag: "TimerFired", at, seq }, "TimerFired #3"],
  [{ _tag: "ActivityResolved", at, seq, exit: { _tag: "TimedOut", after: 1 } }, "ActivityResolved #3 TimedOut"],
  [
    { _tag: "ActivityAttemptFailed", at, seq, attempt: 2, failure: { _tag: "Fail", error: 1 }, retryAt: 2 },
    "ActivityAttemptFailed #3 attempt 2"
  ],
  [{ _tag: "ActivityAttemptIsolated", at, seq, attempt: 5 }, "ActivityAttemptIsolated #3 attempt 5"],
  [{ _tag: "ActivityPending", at, seq, attempt: 2 }, "ActivityPending #3 attempt 2"],
  [
    { _tag: "ActivityAttemptEnded", at, seq, attempt: 2, failure: { _tag: "Fail", error: 1 } },
    "ActivityAttemptEnded #3 attempt 2 (failed with 1)"
  ],
  [
    { _tag: "MessageSent", at, seq, to: WorkflowId.make("2"), message: { _tag: "Signal", name: "go", payload: 1 } },
    'MessageSent #3 signal go to "2"'
  ],
  [
    { _tag: "MessageSettled", at, id: MessageId.make("r#1"), outcome: { _tag: "Delivered" } },
    "MessageSettled r#1 Delivered"
  ],
  [
    {
      _tag: "MessageSent",
      at,
      seq,
      to: WorkflowId.make("2"),
      message: { _tag: "Start", workflow: "Pay", input: 1, parentClose: "cancel" }
    },
    'MessageSent #3 start of Pay to "2"'
  ],
  [
    { _tag: "MessageSent", at, seq, to: WorkflowId.make("2"), message: { _tag: "Terminate", reason: "rain" } },
    'MessageSent #3 termination to "2"'
  ],
  [
    {
      _tag: "ChildEnded",
      at,
      workflowId: WorkflowId.make("2"),
      from: RunId.make("r"),
      closing: { _tag: "ExecutionCompleted", at, value: 1 }
    },
    'ChildEnded "2" ExecutionCompleted'
  ],
  [{ _tag: "SignalReceived", at, name: "go", payload: null }, "SignalReceived go(null)"],
  [{ _tag: "UpdateRequested", at, id: "u", name: "add", input: [1] }, 'UpdateRequested add([1]) as "u"'],
  [{ _tag: "UpdateAccepted", at, id: "u" }, 'UpdateAccepted "u"'],
  [{ _tag: "UpdateAnswered", at, id: "u", exit: { _tag: "Success", value: 1 } }, 'UpdateAnswered "u" success(1)'],
  [{ _tag: "UpdateAnswered", at, id: "u", exit: { _tag: "Fail", error: 1 } }, 'UpdateAnswered "u" failure(1)'],
  [{ _tag: "CancelRequested", at, kind: "cancel", reason: "rain" }, "CancelRequested (rain)"],
  [{ _tag: "OwnerChanged", at, owner: WorkerId.make("w") }, "OwnerChanged to w"],
  [{ _tag: "OwnerChanged", at, owner: WorkerId.make("w"), lost: true }, "OwnerChanged to w, attempts were lost"],
  [{ _tag: "ExecutionBlocked", at, problem: { reason: "Spinning", message: "..." } }, "ExecutionBlocked by Spinning"],
  [
    {
      _tag: "ExecutionContinued",
      at,
      next: { at, workflow: "Sum", workflowId: WorkflowId.make("s"), runId: RunId.make("r"), input: 3 }
    },
    "ExecutionContinued(3)"
  ],
  [
    { _tag: "ActivityScheduled", at, seq, name: "Ship", input: null, digest: 1, inline: true },
    "ActivityScheduled #3 Ship, inline"
  ],
  [{ _tag: "PatchRecorded", at, id: "new" }, 'PatchRecorded "new"'],
  [{ _tag: "AttributesSet", at, attributes: { a: 1, b: null } }, 'AttributesSet {"a":1,"b":null}'],
  [{ _tag: "ExecutionCompleted", at, value: "a".repeat(200) }, `ExecutionCompleted("${"a".repeat(116)}...)`],
  [{ _tag: "ExecutionFailed", at, failure: { _tag: "Fail", error: { code: 1 } } }, 'ExecutionFailed({"code":1})'],
  [
    { _tag: "ExecutionFailed", at, failure: { _tag: "Die", defect } },
    "ExecutionFailed with the defect TypeError: x is not a function"
  ],
  [
    {
      _tag: "ExecutionFailed",
      at,
      failure: { _tag: "Other", operation: "start", reason: "NotFound", message: "start x" }
    },
    "ExecutionFailed by start x"
  ],
  [{ _tag: "ExecutionCancelled", at, reason: "rain" }, "ExecutionCancelled (rain)"],
  [{ _tag: "ExecutionTimedOut", at }, "ExecutionTimedOut"],
  [{ _tag: "ExecutionTerminated", at, reason: "flood" }, "ExecutionTerminated (flood)"]
]

describe("a disagreement", () => {
  const start = (input: string, parentClose: "cancel" | "abandon"): HistoryEvent => ({
    _tag: "MessageSent",
    at,
    seq,
    to: WorkflowId.make("2"),
    message: { _tag: "Start", workflow: "Pay", input, parentClose }
  })

  it("of events that are described alike shows what differs", () => {
    const sides = [start("1 hour", "cancel"), start("2 hours", "abandon")] as const
    const { message } = mismatch({ workflow: "Order", position: 3, recorded: sides[0], issued: sides[1] })
    assert.include(message, 'history: MessageSent #3 start of Pay to "2" with input "1 hour", parentClose "cancel"')
    assert.include(message, 'program: MessageSent #3 start of Pay to "2" with input "2 hours", parentClose "abandon"')
  })

  it("of events that are not shows each", () => {
    const recorded: HistoryEvent = { _tag: "TimerFired", at, seq }
    const { message } = mismatch({ workflow: "Order", position: 3, recorded, issued: undefined })
    assert.include(message, "history: TimerFired #3\n  program: nothing\n")
  })
})

describe("a line names an event", () => {
  it("of every kind", () => {
    for (const [event, line] of lines) assert.strictEqual(described(event), line)
    assert.sameMembers([...new Set(lines.map(([event]) => event._tag))], Object.keys(HistoryEvent.cases))
  })
})

describe("a mismatch", () => {
  it("tells both sides, and what to do", () => {
    const problem = mismatch({ workflow: "Order", position: 7, recorded: lines[1]![0], issued: lines[2]![0] })
    assert.deepStrictEqual(problem, {
      reason: "NonDeterminism",
      message: [
        'the program of "Order" disagrees with its history at event 7',
        "  history: ActivityScheduled #3 Ship([1])",
        "  program: TimerStarted #3 for 500 ms",
        "Nothing is lost, and the execution resumes once the code is back that wrote this history. To change it for new executions " +
          'alone, keep both: `if (yield* Workflow.patched("a name")) { /* new */ } else { /* as the history has it */ }`.'
      ].join("\n")
    })
  })

  it("may have but one side", () => {
    const { message } = mismatch({ workflow: "Order", position: 7, recorded: undefined, issued: undefined })
    assert.include(message, "history: nothing more\n  program: nothing\n")
  })
})

describe("a command is the recorded one", () => {
  const commands = lines.map(([event]) => event).filter(isCommand)

  it("when its kind and all that identifies it are the same, at whatever time", () => {
    for (const [index, command] of commands.entries()) {
      for (const [other, issued] of commands.entries()) {
        assert.strictEqual(isSame(command, { ...issued, at: 2000 }), index === other, `${command._tag} ${issued._tag}`)
      }
    }
  })

  it("an activity by name, number and digest", () => {
    const command = commands.find((command) => command._tag === "ActivityScheduled")!
    assert.isFalse(isSame(command, { ...command, name: "Send" }))
    assert.isFalse(isSame(command, { ...command, seq: Sequence.make(4) }))
    assert.isFalse(isSame(command, { ...command, input: [2], digest: 2 }))
    const fields = { ...command, input: { id: 1, cents: [{ a: 1, b: null }] } }
    assert.isTrue(isSame(fields, { ...fields, input: { cents: [{ b: null, a: 1 }], id: 1 }, digest: 2 }))
    for (const input of [
      { id: 1 },
      { id: 1, cents: [] },
      { id: 1, cents: [{ a: 1, c: null }] },
      { id: 1, cents: {} }
    ]) {
      assert.isFalse(isSame(fields, { ...fields, input, digest: 2 }))
    }
  })

  it("a timer by number and time", () => {
    const command = commands.find((command) => command._tag === "TimerStarted")!
    assert.isFalse(isSame(command, { ...command, seq: Sequence.make(4) }))
    assert.isFalse(isSame(command, { ...command, fireAt: 1501 }))
  })

  it("a message by number, receiver and content, wherever it was addressed", () => {
    const command = commands.find((command) => command._tag === "MessageSent")!
    const address = { chain: RunId.make("r2"), version: Version.make(3) }
    assert.isTrue(isSame({ ...command, address }, command))
    assert.isFalse(isSame(command, { ...command, seq: Sequence.make(4) }))
    assert.isFalse(isSame(command, { ...command, to: WorkflowId.make("3") }))
    assert.isFalse(isSame(command, { ...command, message: { _tag: "Signal", name: "go", payload: 2 } }))
    assert.isFalse(isSame(command, { ...command, message: { _tag: "Cancel", reason: "go" } }))
  })

  it("a cancel by number", () => {
    for (const _tag of ["ActivityCancelled", "TimerCancelled"] as const) {
      assert.isFalse(isSame({ _tag, at, seq }, { _tag, at, seq: Sequence.make(4) }))
    }
  })

  it("an end by its value or error; words about a defect may differ", () => {
    const completed = (value: string | null): CommandEvent => ({ _tag: "ExecutionCompleted", at, value })
    assert.isFalse(isSame(completed("a"), completed("b")))
    assert.isTrue(
      isSame({ _tag: "ExecutionCompleted", at, value: [1] }, { _tag: "ExecutionCompleted", at, value: [1] })
    )
    const failed = (failure: Extract<CommandEvent, { readonly _tag: "ExecutionFailed" }>["failure"]): CommandEvent => ({
      _tag: "ExecutionFailed",
      at,
      failure
    })
    assert.isFalse(isSame(failed({ _tag: "Fail", error: 1 }), failed({ _tag: "Fail", error: 2 })))
    assert.isFalse(isSame(failed({ _tag: "Fail", error: 1 }), failed({ _tag: "Die", defect })))
    assert.isTrue(isSame(failed({ _tag: "Die", defect }), failed({ _tag: "Die", defect: { ...defect, message: "y" } })))
  })
})

describe("what is part of recorded histories never changes", () => {
  it("the digest of a text", () => {
    assert.deepStrictEqual(["", "null", '{"id":1}', "\u{1f600}"].map(digest), digests)
    for (const text of ["", "a", '{"id":1}']) assert.isTrue(Number.isSafeInteger(digest(text)))
  })

  it("the random numbers of a run", () => {
    const random = makeRandom("run")
    assert.deepStrictEqual([random.nextDoubleUnsafe(), random.nextDoubleUnsafe(), random.nextIntUnsafe()], numbers)
  })

  it("and they are spread evenly between 0 and 1", () => {
    const random = makeRandom("even")
    const buckets = Array.from({ length: 10 }, () => 0)
    for (let i = 0; i < 20_000; i++) {
      const number = random.nextDoubleUnsafe()
      assert.isTrue(number >= 0 && number < 1)
      buckets[Math.floor(number * 10)]!++
    }
    for (const count of buckets) assert.isTrue(count > 1800 && count < 2200, `${count}`)
    for (let i = 0; i < 1000; i++) assert.isTrue(Number.isSafeInteger(random.nextIntUnsafe()))
  })
})

// internal

const digests = [3338908027751811, 6158203196586298, 1837361167614188, 4725715722941614]
const numbers = [0.7925871976011711, 0.46942119337379906, 8192390272188761]
