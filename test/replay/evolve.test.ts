import { readFileSync } from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import { type ClosingEvent, type EventOf, HistoryEvent, isClosing, type ParentClose } from "perdure/HistoryEvent"
import { type MessageId, RunId, Sequence, Version, WorkerId, WorkflowId } from "perdure/Ids"
import type { WorkflowState, WorkflowStatus } from "perdure/WorkflowState"
import { beginning } from "../../src/internal/core/continued.ts"
import { evolve, fold, initial, leftBy, messageId, outcomeOf, wakeAt } from "../../src/internal/core/evolve.ts"
import { standingOf } from "../../src/internal/core/updates.ts"
import { tooManyLosses } from "../../src/internal/replay/losses.ts"
import { all, virtual } from "../corpus/scenarios.ts"
import { drive } from "./Driver.ts"
import { cancelled, fired, resolved, signal, started } from "./programs.ts"

/** The events that some test folded. */
const taken = new Set<string>()

/** The state after some events. */
const after = (...events: ReadonlyArray<HistoryEvent>): WorkflowState =>
  events.reduce((state, event) => {
    taken.add(event._tag)
    evolve(state, event)
    return state
  }, initial(started()))

/** What readers see of a state, without what finds the next timer quickly. */
const shown = (state: WorkflowState | undefined) => {
  if (state === undefined) return undefined
  return Object.fromEntries(Object.entries(state).filter(([name]) => name !== "retries" && name !== "timers"))
}

const scheduled = (seq: number): EventOf<"ActivityScheduled"> => ({
  _tag: "ActivityScheduled",
  at: 1100,
  seq: Sequence.make(seq),
  name: "Echo",
  input: seq,
  digest: 1
})
const timer = (seq: number, fireAt: number): HistoryEvent => ({
  _tag: "TimerStarted",
  at: 1100,
  seq: Sequence.make(seq),
  fireAt
})
const failure = { _tag: "Fail", error: "no" } as const
const failed = (seq: number, attempt: number): EventOf<"ActivityAttemptFailed"> => ({
  _tag: "ActivityAttemptFailed",
  at: 1200 + attempt,
  seq: Sequence.make(seq),
  attempt,
  failure,
  retryAt: 5000 + attempt
})
const owned: HistoryEvent = { _tag: "OwnerChanged", at: 1300, owner: WorkerId.make("w") }
const problem = { reason: "NonDeterminism", message: "other code" } as const
const blocked: HistoryEvent = { _tag: "ExecutionBlocked", at: 1400, problem }
const seqs = (state: WorkflowState) => [...state.open.keys()]
const opened = (state: WorkflowState) => [...state.open.values()]

describe("the table of WorkflowState", () => {
  it("ExecutionStarted: running, and nothing is open", () => {
    const first = { ...started(), deadline: 9000 }
    const state = after(scheduled(0), first)
    assert.deepStrictEqual(shown(state), shown(initial(first)))
    assert.deepInclude(state, { status: "running", startedAt: 1000, updatedAt: 1000, deadline: 9000 })
    assert.strictEqual(state.open.size, 0)
  })

  it("ExecutionStarted: with an owner all is read, and without one the start itself is not", () => {
    assert.strictEqual(initial(started()).unreadSince, 1000)
    assert.isUndefined(initial({ ...started(), owner: WorkerId.make("w") }).unreadSince)
  })

  it("ActivityScheduled and TimerStarted add the command, in order", () => {
    const state = after(scheduled(0), timer(1, 2000), scheduled(2))
    assert.deepStrictEqual<ReadonlyArray<unknown>>(opened(state), [
      { seq: 0, issued: scheduled(0), failures: [], dueAt: undefined },
      { seq: 1, issued: timer(1, 2000), failures: [], dueAt: 2000 },
      { seq: 2, issued: scheduled(2), failures: [], dueAt: undefined }
    ])
    assert.strictEqual(state.updatedAt, 1100)
  })

  it("ActivityAttemptFailed counts the attempt of its activity alone, and notes when to repeat it", () => {
    const state = after(scheduled(0), timer(1, 2000), scheduled(2), failed(2, 1), failed(2, 2))
    const [first, second, third] = opened(state)
    assert.deepInclude(first, { failures: [], dueAt: undefined })
    assert.deepInclude(second, { failures: [], dueAt: 2000 })
    const failures = [
      { at: 1201, failure },
      { at: 1202, failure }
    ]
    assert.deepInclude(third, { failures, dueAt: 5002 })
    assert.strictEqual(state.updatedAt, 1202)
  })

  it("ActivityResolved, ActivityCancelled, TimerFired and TimerCancelled remove the command", () => {
    const open = [scheduled(0), timer(1, 2000), scheduled(2), timer(3, 2000)]
    const cancel = (seq: number, _tag: "ActivityCancelled" | "TimerCancelled"): HistoryEvent => ({
      _tag,
      at: 2500,
      seq: Sequence.make(seq)
    })
    assert.deepStrictEqual<ReadonlyArray<number>>(seqs(after(...open, resolved(0, { value: 0 }))), [1, 2, 3])
    assert.deepStrictEqual<ReadonlyArray<number>>(seqs(after(...open, fired(1, 2000))), [0, 2, 3])
    assert.deepStrictEqual<ReadonlyArray<number>>(seqs(after(...open, cancel(2, "ActivityCancelled"))), [0, 1, 3])
    assert.deepStrictEqual<ReadonlyArray<number>>(seqs(after(...open, cancel(3, "TimerCancelled"))), [0, 1, 2])
    assert.strictEqual(after(scheduled(0), resolved(0, { value: 0 })).open.size, 0)
    assert.deepStrictEqual<ReadonlyArray<number>>(seqs(after(scheduled(0), resolved(1, { value: 0 }))), [0])
    assert.strictEqual(after(...open, cancel(3, "TimerCancelled")).updatedAt, 2500)
  })

  it("ExecutionContinued clears what is open, and the next run has what is left", () => {
    const start: HistoryEvent = {
      _tag: "MessageSent",
      at: 1100,
      seq: Sequence.make(1),
      to: WorkflowId.make("child"),
      message: { _tag: "Start", workflow: "Pay", input: 1, parentClose: "abandon" },
      address: { chain: RunId.make("run of child"), version: Version.make(0) }
    }
    const left = after(scheduled(0), start, cancelled("cancel", "enough"))
    const { chain, runId: run } = left
    const { _tag, ...cancel } = left.cancel!
    const continues = { run, input: 1, unread: [], cancel, ...leftBy(left) }
    const next = { ...started(), runId: RunId.make("next"), input: 7, continues }
    const last: EventOf<"ExecutionContinued"> = { _tag: "ExecutionContinued", at: 5000, next }
    taken.add(last._tag)
    const state = fold([last], left)!
    assert.deepStrictEqual<unknown>([state.status, state.continued, state.updatedAt], ["running", last, 5000])
    assert.deepStrictEqual([state.open.size, wakeAt(state)], [0, 5000])
    const worker = WorkerId.make("w")
    const begun = initial(beginning(last, worker))
    assert.deepStrictEqual<unknown>(
      [begun.runId, begun.chain, begun.startedAt, begun.owner, begun.sent, begun.length, begun.continued],
      ["next", chain, 1000, worker, 1, 1, undefined]
    )
    assert.deepStrictEqual([...begun.owed], [...left.owed])
    assert.deepStrictEqual([...begun.children], [...left.children])
    assert.deepStrictEqual(begun.cancel, { _tag, ...cancel })
    assert.isUndefined(initial(beginning(last)).owner)
  })

  it("PatchRecorded changes nothing but the time", () => {
    const patch: HistoryEvent = { _tag: "PatchRecorded", at: 1900, id: "new" }
    assert.deepStrictEqual(shown(after(scheduled(0), patch)), {
      ...shown(after(scheduled(0))),
      ...{ updatedAt: 1900, length: 3, format: 2 }
    })
  })

  it("AttributesSet changes the attributes that it names, and removes those that are null", () => {
    const set = (attributes: EventOf<"AttributesSet">["attributes"]): HistoryEvent => ({
      _tag: "AttributesSet",
      at: 1900,
      attributes
    })
    const before = set({ a: 1, b: "x", ["__proto__"]: true })
    const changes = set({ b: "y", c: false, a: null, d: null })
    const state = after(before, changes)
    const expected = Object.fromEntries<unknown>([
      ["b", "y"],
      ["__proto__", true],
      ["c", false]
    ])
    assert.deepStrictEqual(Object.entries(state.attributes), Object.entries(expected))
    assert.deepStrictEqual([state.updatedAt, state.length, state.format], [1900, 3, 2])
    assert.deepStrictEqual(after(before, set({ b: null, a: null, ["__proto__"]: null })).attributes, {})
    assert.deepStrictEqual(fold([{ ...started(), attributes: { a: 1, b: 2 } }, set({ b: 3 })])!.attributes, {
      a: 1,
      b: 3
    })
  })

  it("SignalReceived changes nothing but the time", () => {
    const before = after(scheduled(0), blocked)
    const state = after(scheduled(0), blocked, signal("go", null, 1900))
    assert.deepStrictEqual(shown(state), { ...shown(before), updatedAt: 1900, length: 4 })
  })

  it("SignalReceived keeps its key, which needs the second stored form", () => {
    const state = after({ ...signal("go", 1), key: "k" } as HistoryEvent, signal("go", 1))
    assert.deepStrictEqual([...state.keys], ["k"])
    assert.strictEqual(state.format, 2)
    assert.strictEqual(after(signal("go", 1)).format, 1)
    assert.strictEqual(after().keys.size, 0)
  })

  it("UpdateRequested adds an update whose id is new, UpdateAccepted notes its handler, UpdateAnswered keeps its id", () => {
    const requested = (id: string, input: number): EventOf<"UpdateRequested"> => ({
      _tag: "UpdateRequested",
      at: 1500,
      id,
      name: "add",
      input
    })
    const accepted = (id: string): HistoryEvent => ({ _tag: "UpdateAccepted", at: 1600, id })
    const answered = (id: string): HistoryEvent => ({
      _tag: "UpdateAnswered",
      at: 1700,
      id,
      exit: { _tag: "Success", value: 1 }
    })
    const state = after(requested("a", 1), requested("b", 2), requested("a", 3), accepted("b"))
    const standings = (input: number) =>
      ["a", "b", "c"].map((id) => standingOf(state.updates, { id, name: "add", input }))
    assert.deepStrictEqual(state.updates.open.get("a")?.request, requested("a", 1))
    assert.deepStrictEqual(standings(1), ["requested", "other", "unknown"])
    assert.deepStrictEqual(standings(2), ["other", "accepted", "unknown"])
    assert.strictEqual(standingOf(state.updates, { id: "a", name: "other", input: 1 }), "other")
    taken.add("UpdateAnswered")
    // A refusal is an answer without an acceptance.
    for (const event of [answered("a"), answered("b"), answered("c"), requested("b", 2), accepted("a")])
      evolve(state, event)
    assert.deepStrictEqual([...state.updates.open.keys()], [])
    assert.deepStrictEqual([...state.updates.answered.keys()], ["a", "b"])
    assert.deepStrictEqual(standings(2), ["other", "answered", "unknown"])
    assert.strictEqual(state.format, 2)
    // The updates of one run are no other's.
    assert.strictEqual(after().updates.answered.size, 0)
  })

  it("what another process appends is unread until the owner records something", () => {
    const unread = { unread: true } as const
    const told = after(owned, { ...signal("go", null, 1900), ...unread }, { ...signal("go", null, 2000), ...unread })
    assert.strictEqual(told.unreadSince, 1900)
    assert.strictEqual(wakeAt(told), 1900)
    const outcome = { _tag: "Delivered" } as const
    const others: ReadonlyArray<HistoryEvent> = [
      { ...cancelled("cancel", "enough"), ...unread },
      { _tag: "MessageSettled", at: 3000, id: messageId(started().runId, 1), outcome, ...unread }
    ]
    for (const event of others) {
      assert.strictEqual(after(owned, event).unreadSince, 3000)
      assert.strictEqual(after(owned, { ...signal("go", null, 1900), ...unread }, event).unreadSince, 1900)
    }
    evolve(told, timer(0, 9000))
    assert.isUndefined(told.unreadSince)
    assert.strictEqual(wakeAt(told), 9000)
  })

  it("MessageSent adds a message that has an address, and MessageSettled removes it", () => {
    const address = { chain: RunId.make("other run"), version: Version.make(3) }
    const sent = (seq: number, to: string): EventOf<"MessageSent"> => ({
      _tag: "MessageSent",
      at: 1100 + seq,
      seq: Sequence.make(seq),
      to: WorkflowId.make(to),
      message: { _tag: "Signal", name: "go", payload: seq }
    })
    const chain = started().runId
    const [first, third] = [messageId(chain, 1), messageId(chain, 3)]
    const state = after(owned, { ...sent(0, "a"), address }, sent(1, "nobody"), { ...sent(2, "b"), address })
    assert.strictEqual(state.sent, 3)
    assert.deepStrictEqual([...state.owed.keys()], [first, third])
    assert.deepStrictEqual<unknown>(state.owed.get(third), {
      id: third,
      to: "b",
      message: { _tag: "Signal", name: "go", payload: 2 },
      address,
      since: 1102
    })
    assert.strictEqual(wakeAt(state), 1100)
    assert.strictEqual(state.format, 2)
    const settled = (id: MessageId): HistoryEvent => ({
      _tag: "MessageSettled",
      at: 4500,
      id,
      outcome: { _tag: "Delivered" }
    })
    taken.add("MessageSettled")
    evolve(state, settled(first))
    evolve(state, { _tag: "ExecutionCompleted", at: 4000, value: 1 })
    assert.deepStrictEqual([...state.owed.keys()], [third])
    assert.deepInclude(state, { status: "completed", owner: WorkerId.make("w") })
    assert.strictEqual(wakeAt(state), 4000)
    evolve(state, settled(third))
    assert.strictEqual(state.owed.size, 0)
    assert.deepStrictEqual([state.owner, wakeAt(state)], [undefined, undefined])
  })

  it("the start of a child adds it, its refusal or end removes it, and an end tells children and parent", () => {
    const [chain, parentChain] = [started().runId, RunId.make("parent chain")]
    const parent = { workflowId: WorkflowId.make("parent"), chain: parentChain }
    const start = (seq: number, to: string, parentClose: ParentClose): EventOf<"MessageSent"> => ({
      _tag: "MessageSent",
      at: 1100 + seq,
      seq: Sequence.make(seq),
      to: WorkflowId.make(to),
      message: { _tag: "Start", workflow: "Pay", input: seq, parentClose },
      address: { chain: RunId.make(`run of ${to}`), version: Version.make(0) }
    })
    const closing = { _tag: "ExecutionCompleted", at: 1500, value: 1 } as const
    const ended = (to: string, from: string): HistoryEvent => ({
      _tag: "ChildEnded",
      at: 1500,
      workflowId: WorkflowId.make(to),
      from: RunId.make(from),
      closing
    })
    const refused = { _tag: "Refused", reason: "AlreadyExists" } as const
    taken.add("ChildEnded")
    const state = initial({ ...started(), parent })
    assert.strictEqual(state.format, 2)
    const children = ["a", "b", "c", "d", "e"]
    const policies = ["cancel", "terminate", "abandon", "cancel", "cancel"] as const
    children.forEach((id, index) => evolve(state, start(index, id, policies[index]!)))
    evolve(state, { _tag: "MessageSettled", at: 1400, id: messageId(chain, 4), outcome: refused })
    evolve(state, ended("e", "run of e"))
    evolve(state, ended("a", "another run of a"))
    evolve(state, ended("e", "run of e"))
    assert.deepStrictEqual([...state.children.keys()].map(String), ["a", "b", "c"])
    // Its id may be taken again by now, but it was started.
    assert.deepStrictEqual(outcomeOf(state, messageId(chain, 5), refused), { _tag: "Delivered" })
    assert.deepStrictEqual(outcomeOf(state, messageId(chain, 1), refused), refused)
    for (const number of [1, 2, 3, 5]) {
      evolve(state, { _tag: "MessageSettled", at: 1600, id: messageId(chain, number), outcome: { _tag: "Delivered" } })
    }
    evolve(state, { ...closing, at: 2000 })
    const owed = [...state.owed.values()].map(({ address, id, message, to }) => [to, message._tag, address.chain, id])
    assert.deepStrictEqual<unknown>(owed, [
      ["a", "Cancel", "run of a", `${chain}/close/run of a`],
      ["b", "Terminate", "run of b", `${chain}/close/run of b`],
      ["parent", "Ended", "parent chain", `${chain}/end`]
    ])
    assert.strictEqual(wakeAt(state), 2000)
  })

  it("MessageSent and MessageSettled need the second stored form, each of them alone", () => {
    const id = messageId(started().runId, 1)
    const to = WorkflowId.make("a")
    const message = { _tag: "Cancel", reason: "enough" } as const
    assert.strictEqual(after(signal("go", null)).format, 1)
    assert.strictEqual(after({ _tag: "MessageSent", at: 1100, seq: Sequence.make(0), to, message }).format, 2)
    assert.strictEqual(after({ _tag: "MessageSettled", at: 1100, id, outcome: { _tag: "Delivered" } }).format, 2)
  })

  it("CancelRequested: the first one is kept", () => {
    const state = after(cancelled("timeout", "late"), cancelled("cancel", "no more"))
    assert.deepInclude(state.cancel, { kind: "timeout", reason: "late" })
    assert.deepInclude(state, { status: "running", updatedAt: 3000 })
  })

  it("ExecutionBlocked: blocked, with the problem, until OwnerChanged: running, under its new owner", () => {
    const stuck = after(scheduled(0), blocked)
    assert.deepInclude(stuck, { status: "blocked", problem, updatedAt: 1400 })
    assert.strictEqual(stuck.open.size, 1)
    evolve(stuck, owned)
    assert.deepInclude(stuck, { status: "running", problem: undefined, owner: WorkerId.make("w") })
    taken.add("OwnerChanged")
  })

  it("OwnerChanged counts lost attempts, and ActivityAttemptIsolated notes one that runs alone", () => {
    const lost: HistoryEvent = { _tag: "OwnerChanged", at: 1500, owner: WorkerId.make("w"), lost: true }
    const alone: HistoryEvent = { _tag: "ActivityAttemptIsolated", at: 1600, seq: Sequence.make(0), attempt: 2 }
    const lostOf = (...events: ReadonlyArray<HistoryEvent>) =>
      opened(after(scheduled(0), timer(1, 2000), ...events)).map((open) => open.lost)
    assert.deepStrictEqual(lostOf(owned), [undefined, undefined])
    assert.deepStrictEqual(lostOf(lost), [{ attempts: 1, alone: 0, isAlone: false }, undefined])
    assert.deepStrictEqual(lostOf(lost, alone)[0], { attempts: 1, alone: 0, isAlone: true })
    assert.deepStrictEqual(lostOf(lost, alone, lost)[0], { attempts: 2, alone: 1, isAlone: false })
    assert.deepStrictEqual(lostOf(lost, alone, owned)[0], { attempts: 1, alone: 0, isAlone: false })
    // Between two attempts nothing runs.
    assert.isUndefined(lostOf(failed(0, 1), lost)[0])
    assert.strictEqual(lostOf(failed(0, 1), { ...lost, at: 6000 })[0]?.attempts, 1)
    // An attempt that failed has ended, and with it the time in which it ran alone.
    assert.deepStrictEqual(lostOf(lost, alone, failed(0, 2))[0], { attempts: 1, alone: 0, isAlone: false })
    taken.add("ActivityAttemptIsolated")
  })

  it("ExecutionBlocked by lost attempts is tried again after a minute, and after pauses that double up to a day", () => {
    const lost: HistoryEvent = { _tag: "OwnerChanged", at: 1300, owner: WorkerId.make("w"), lost: true }
    const alone: HistoryEvent = { _tag: "ActivityAttemptIsolated", at: 1300, seq: Sequence.make(0), attempt: 2 }
    const problem = { reason: "LostAttempts", message: "it ends its process" } as const
    const poisonous: HistoryEvent = { _tag: "ExecutionBlocked", at: 1400, problem, retryAt: 9000 }
    const pauses = Array.from({ length: 14 }, (_, index) => {
      const losses = Array.from({ length: index + 3 }, () => [alone, lost]).flat()
      return tooManyLosses(after(scheduled(0), scheduled(1), lost, ...losses))!.pause / 60_000
    })
    assert.isUndefined(tooManyLosses(after(scheduled(0), lost, alone, lost, alone, lost)))
    const waiting = after(scheduled(0), lost, alone, lost, poisonous)
    assert.deepStrictEqual([waiting.retryAt, wakeAt(waiting)], [9000, 9000])
    assert.deepStrictEqual(pauses, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 1440, 1440, 1440])
    const tried = after(scheduled(0), lost, alone, lost, poisonous, owned)
    assert.isUndefined(tried.retryAt)
    assert.isUndefined(wakeAt(tried))
    const stuck = after(scheduled(0), lost, alone, lost, blocked)
    assert.isUndefined(stuck.retryAt)
    assert.isUndefined(wakeAt(stuck))
  })

  const closings: ReadonlyArray<readonly [ClosingEvent, WorkflowStatus]> = [
    [{ _tag: "ExecutionCompleted", at: 4000, value: 1 }, "completed"],
    [{ _tag: "ExecutionFailed", at: 4000, failure }, "failed"],
    [{ _tag: "ExecutionCancelled", at: 4000, reason: "enough" }, "cancelled"],
    [{ _tag: "ExecutionTimedOut", at: 4000 }, "timedOut"],
    [{ _tag: "ExecutionTerminated", at: 4000, reason: "enough" }, "terminated"]
  ]
  for (const [event, status] of closings) {
    it(`${event._tag}: ${status}, and nothing is open`, () => {
      const state = after(scheduled(0), timer(1, 2000), blocked, event)
      assert.deepInclude(state, { status, problem: undefined, closed: event, updatedAt: 4000 })
      assert.strictEqual(state.open.size, 0)
    })
  }

  it("ActivityPending waits for a caller outside, and ActivityAttemptEnded for the policy", () => {
    const [activity, attempt] = [Sequence.make(0), 1]
    const pending: HistoryEvent = {
      _tag: "ActivityPending",
      at: 1500,
      seq: activity,
      attempt,
      timeout: { at: 9000, after: 7500 }
    }
    const ended: HistoryEvent = { _tag: "ActivityAttemptEnded", at: 1600, seq: activity, attempt, failure }
    const lost: HistoryEvent = { _tag: "OwnerChanged", at: 1700, owner: WorkerId.make("w"), lost: true }
    const of = (...events: ReadonlyArray<HistoryEvent>) => {
      const state = after(scheduled(0), ...events)
      return [opened(state)[0], wakeAt(state)] as const
    }
    const [open, wakes] = of(pending, lost)
    assert.deepInclude(open, { pending: { after: 7500 }, dueAt: 9000 })
    assert.strictEqual(wakes, 9000)
    assert.isUndefined(open?.lost)
    const [over, wakesNow] = of(pending, ended, lost)
    assert.deepInclude(over, { pending: undefined, ended: failure, dueAt: undefined })
    assert.deepStrictEqual([over?.lost, wakesNow], [undefined, undefined])
    assert.strictEqual(of(pending, { ...ended, unread: true })[1], 1600)
    assert.deepInclude(of(pending, ended, failed(0, 1))[0], { ended: undefined, dueAt: 5001 })
    taken.add("ActivityPending").add("ActivityAttemptEnded")
  })

  // A test of its own, so that others can be run alone.
  it("has no row that was not taken", () => {
    const source = readFileSync(new URL("../../src/WorkflowState.ts", import.meta.url), "utf8")
    const rows = [...source.matchAll(/^ \* \| `(\w+)` *\|/gm)].map(([, tag]) => tag!)
    const tags = Object.keys(HistoryEvent.cases)
    const closing = closings.map(([event]) => event._tag)
    assert.sameMembers([...rows, ...closing], tags, "the table names every event that is not closing")
    assert.include(source, "| a closing event ")
    assert.sameMembers([...taken], tags, "every row of the table was taken")
  })
})

describe("a state", () => {
  it("is of a history that begins with a start, or goes on from a state", () => {
    assert.isUndefined(fold([]))
    assert.isUndefined(fold([scheduled(0)]))
    const state = fold([started(), scheduled(0)])
    assert.deepStrictEqual(shown(state), shown(after(scheduled(0))))
    assert.deepStrictEqual(shown(fold([timer(1, 5)], state)), shown(after(scheduled(0), timer(1, 5))))
  })

  it("is never older than it was, though a command may follow from an event before the last", () => {
    const late = signal("go", null, 5000)
    const closing: HistoryEvent = { _tag: "ExecutionTimedOut", at: 1200 }
    for (const command of [scheduled(0), timer(1, 2000), closing]) {
      assert.strictEqual(after(late, command).updatedAt, 5000)
    }
  })

  it("has nothing open at the end of any schedule, and is closed by its last event", () => {
    for (const scenario of all({ ...virtual, calls: 10 })) {
      const history = drive(scenario, 11)
      const state = fold(history)
      assert.strictEqual(state?.open.size, 0, scenario.name)
      assert.deepStrictEqual<HistoryEvent | undefined>(state?.closed, history.find(isClosing), scenario.name)
    }
  })
})

describe("a worker must look at a run", () => {
  it("when its earliest timer or repetition is due", () => {
    assert.strictEqual(wakeAt(after(timer(0, 7000), timer(1, 6000), timer(2, 8000))), 6000)
    assert.strictEqual(wakeAt(after(timer(0, 7000), scheduled(1), failed(1, 1))), 5001)
    assert.strictEqual(wakeAt(after(scheduled(1), failed(1, 1), timer(2, 1500))), 1500)
  })

  it("when its deadline passes, unless it is being cancelled", () => {
    const first = { ...started(), deadline: 4000, owner: WorkerId.make("w") }
    assert.strictEqual(wakeAt(after(first)), 4000)
    assert.strictEqual(wakeAt(after(first, timer(0, 3999))), 3999)
    assert.isUndefined(wakeAt(after(first, cancelled())))
  })

  it("not at all while it waits for others, or is closed", () => {
    assert.isUndefined(wakeAt(after(scheduled(0))))
    const first = { ...started(), deadline: 4000 }
    assert.isUndefined(wakeAt(after(first, { _tag: "ExecutionCompleted", at: 1, value: 1 })))
  })
})
