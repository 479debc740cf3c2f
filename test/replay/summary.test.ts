/** The summary of an execution is a fold of its events, wherever they are cut and whoever appends. */
import { assert, describe, it } from "@effect/vitest"
import { type HistoryEvent, isClosing } from "perdure/HistoryEvent"
import { type MessageId, RunId, Sequence, Version, WorkerId, WorkflowId } from "perdure/Ids"
import type { ExecutionSummary } from "perdure/Store/WorkflowStore"
import type { WorkflowState } from "perdure/WorkflowState"
import { fold, messageId } from "../../src/internal/core/evolve.ts"
import { make as makeRandom } from "../../src/internal/replay/random.ts"
import { noSignals } from "../../src/internal/replay/signals.ts"
import { appended, stateOf, summarize } from "../../src/internal/store/summary.ts"
import { all, type Scenario, virtual } from "../corpus/scenarios.ts"
import { drive, printed, tokenOf } from "./Driver.ts"
import { started } from "./programs.ts"

type Appended = Parameters<typeof appended>[1]

/** A source of chance that follows from a name and a seed. */
interface Chance {
  /** A whole number below a limit. */
  readonly below: (limit: number) => number
  readonly is: (probability: number) => boolean
}

const chanceOf = (token: string): Chance => {
  const random = makeRandom(token)
  const draw = () => random.nextDoubleUnsafe()
  return { below: (limit) => Math.floor(draw() * limit), is: (probability) => draw() < probability }
}

const owner = WorkerId.make("w")
const chain = RunId.make("other run")

/** What another process may append after a history that ends at a time. */
const foreign = ({ below, is }: Chance, updatedAt: number): ReadonlyArray<Appended> => {
  const at = updatedAt + below(3) * below(5000)
  const from = is(0.5) ? { id: messageId(chain, 1 + below(9)), from: chain } : {}
  return [
    { _tag: "SignalReceived", at, name: "foreign", payload: below(9), ...from, unread: true },
    { _tag: "CancelRequested", at, kind: "cancel", reason: "foreign", ...from, unread: true },
    { _tag: "ExecutionTerminated", at, reason: "foreign" },
    { _tag: "ExecutionCancelled", at, reason: "foreign" }
  ]
}

/** A child of a child. */
const descent = {
  parent: { workflowId: WorkflowId.make("parent"), chain },
  root: { workflowId: WorkflowId.make("root"), chain: RunId.make("the chain of the root") }
}

/**
 * A history of a program of the corpus as it might be if other processes and executions had a part in it: with or without an
 * owner, attributes and a deadline, with signals, cancels, a termination and messages between its events.
 */
const historyOf = (scenario: Scenario, seed: number): ReadonlyArray<HistoryEvent> => {
  const chance = chanceOf(`summary ${tokenOf(scenario, seed)}`)
  const { below, is } = chance
  const history: Array<HistoryEvent> = []
  const sent: Array<MessageId> = []
  let count = 0
  for (const event of drive(scenario, seed)) {
    const at = Math.max(event.at, history.at(-1)?.at ?? 0)
    if (event._tag === "ExecutionStarted") {
      history.push({
        ...event,
        ...(is(0.5) ? { owner } : {}),
        ...(is(0.3) ? { attributes: { number: below(9), text: "a" } } : {}),
        ...(is(0.3) ? { memo: { number: below(9) } } : {}),
        ...(is(0.3) ? { deadline: at + below(20_000) } : {}),
        ...(is(0.2) ? descent : {})
      })
      continue
    }
    if (is(0.05)) {
      const [signal, cancel, termination] = foreign(chance, at)
      const event = is(0.7) ? signal! : is(0.9) ? cancel! : termination!
      history.push(event)
      if (isClosing(event)) break
    }
    if (is(0.03)) history.push({ _tag: "OwnerChanged", at, owner: WorkerId.make(`w${below(3)}`) })
    if (is(0.02)) {
      history.push({ _tag: "ExecutionBlocked", at, problem: { reason: "NonDeterminism", message: "other code" } })
    }
    if (is(0.08)) {
      count++
      const isAddressed = is(0.8)
      history.push({
        _tag: "MessageSent",
        at,
        seq: Sequence.make(1_000_000 + count),
        to: WorkflowId.make(`receiver ${below(3)}`),
        message: is(0.8) ? { _tag: "Signal", name: "go", payload: count } : { _tag: "Cancel", reason: "enough" },
        ...(isAddressed ? { address: { chain, version: Version.make(1 + below(9)) } } : {})
      })
      if (isAddressed) sent.push(messageId(RunId.make(tokenOf(scenario, seed)), count))
    }
    if (sent.length > 0 && is(0.15)) history.push(settled(chance, sent, at))
    history.push(event)
  }
  const last = history.at(-1)!.at
  while (sent.length > 0 && is(0.6)) history.push(settled(chance, sent, last))
  return history
}

/** The note that one of the messages is settled, by the worker or by another process. */
const settled = ({ below, is }: Chance, sent: Array<MessageId>, at: number): HistoryEvent => ({
  _tag: "MessageSettled",
  at,
  id: sent.splice(below(sent.length), 1)[0]!,
  outcome: is(0.7) ? { _tag: "Delivered" } : { _tag: "Refused", reason: "Finished" },
  ...(is(0.3) ? { unread: true } : {})
})

const at = (version: number) => ({
  version: Version.make(version),
  firstVersion: Version.make(1),
  signals: noSignals
})

/** The summary of a history in which each event is a commit. */
const summaryOf = (history: ReadonlyArray<HistoryEvent>): ExecutionSummary =>
  summarize(fold(history)!, at(history.length))

/** What is the same however a summary came about: all but the names of the signals that only the worker knows. */
const withoutWaitingFor = ({ unreceived: _, waitingFor: __, ...summary }: ExecutionSummary) => summary

/** What readers see of a state, without what finds the next timer quickly: that is tidied up when it is asked. */
const shown = (state: WorkflowState) =>
  Object.fromEntries(Object.entries(state).filter(([name]) => name !== "retries" && name !== "timers"))

const seeds = Array.from({ length: 12 }, (_, index) => index + 1)
const scenarios = all({ ...virtual, calls: 20 })

/** Calls back for random histories of all programs. */
const forHistories = (check: (history: ReadonlyArray<HistoryEvent>, chance: Chance, title: string) => void): void => {
  for (const scenario of scenarios) {
    for (const seed of seeds) {
      const title = `SUMMARY=${tokenOf(scenario, seed)}`
      const history = historyOf(scenario, seed)
      check(history, chanceOf(title), `${title}\n${printed(history)}`)
    }
  }
}

/** Positions of a history, its end among them. */
const positions = (history: ReadonlyArray<HistoryEvent>, { below }: Chance, count: number): ReadonlyArray<number> => [
  ...new Set([1, history.length, ...Array.from({ length: count }, () => 1 + below(history.length))])
]

describe("a summary", () => {
  it("counts the signals that were sent and not received, by their names", () => {
    const signal = (name: string) => ({ _tag: "SignalReceived", at: 9, name, payload: null, unread: true }) as const
    const first = summarize(fold(historyOf(scenarios[0]!, 1).slice(0, 1))!, at(1))
    const { unreceived } = appended(appended(appended(first, signal("a")), signal("b")), signal("a"))
    assert.deepStrictEqual(unreceived, { a: 2, b: 1 })
    const many = Array.from({ length: 12 }, (_, n) => signal(`s${n}`)).reduce(appended, first)
    assert.strictEqual(Object.keys(many.unreceived!).length, 10, "it stays small, however many names there are")
  })

  it("after an append by another process is that of the fold, but for the signals that only the worker knows", () => {
    const seen = new Set<string>()
    forHistories((history, chance, title) => {
      for (const position of positions(history, chance, 12)) {
        const events = history.slice(0, position)
        const state = fold(events)!
        if (state.closed !== undefined) continue
        const before = summarize(state, at(position))
        for (const event of foreign(chance, state.updatedAt)) {
          const after = withoutWaitingFor(appended(before, event))
          const folded = withoutWaitingFor(summaryOf([...events, event]))
          seen.add(`${event._tag}, ${state.status}, owed ${state.owed.size > 0}, owner ${state.owner !== undefined}`)
          const isLate =
            event._tag === "CancelRequested" && state.cancel === undefined && (state.deadline ?? event.at) < event.at
          if (isLate) {
            // A cancel that comes after the deadline: the deadline is no reason to look any more, which a summary cannot
            // tell from the others. Both say that a worker must look at once.
            assert.isAtMost(after.wakeAt!, event.at, title)
            assert.isAtMost(folded.wakeAt!, event.at, title)
            assert.deepStrictEqual({ ...after, wakeAt: 0 }, { ...folded, wakeAt: 0 }, `${position}, ${title}`)
          } else {
            assert.deepStrictEqual(after, folded, `${position}, ${event._tag}: ${title}`)
          }
        }
      }
    })
    // Four events, two statuses, with and without messages that are owed, with and without an owner.
    assert.strictEqual(seen.size, 32)
  })

  it("is the same, and so is the state, wherever the history is cut", () => {
    forHistories((history, chance, title) => {
      const whole = fold(history)!
      const summary = summarize(whole, at(history.length))
      for (const position of positions(history, chance, 8)) {
        const part = fold(history.slice(0, position))!
        // To look at a state is not to change it.
        summarize(part, at(position))
        const rest = fold(history.slice(position), part)!
        assert.deepStrictEqual(summarize(rest, at(history.length)), summary, `${position}, ${title}`)
        assert.deepStrictEqual(shown(rest), shown(whole), `${position}, ${title}`)
      }
    })
  })

  it("of a run that is closed says nothing of what it waited for, only how many messages it owes", () => {
    let owing = 0
    forHistories((history, _, title) => {
      const closing = history.findIndex(isClosing)
      if (closing === -1) return
      for (let position = closing + 1; position <= history.length; position++) {
        const { closedAt, owed = 0, owner, status, waitingFor, wakeAt } = summaryOf(history.slice(0, position))
        if (owed > 0) owing++
        assert.notInclude(["running", "blocked"], status, title)
        assert.strictEqual(closedAt, history[closing]!.at, title)
        assert.deepStrictEqual(waitingFor, owed > 0 ? [{ _tag: "Deliveries", count: owed }] : [], title)
        assert.strictEqual(wakeAt, owed > 0 ? closedAt : undefined, title)
        if (owed === 0) assert.isUndefined(owner, title)
      }
    })
    assert.isAbove(owing, 10)
  })

  it("has attributes that release 0.1 kept in it alone, and the state read with it has them too", () => {
    const events = [started()] as const
    const attributes = { customer: "Ada" }
    const stored = (attributes: ExecutionSummary["attributes"], event: HistoryEvent) => ({
      summary: { ...summaryOf(events), attributes },
      commits: [{ id: "1", runId: started().runId, version: Version.make(1), events: [event] }]
    })
    assert.deepStrictEqual(stateOf(stored(attributes, started()))?.attributes, attributes)
    assert.deepStrictEqual(stateOf(stored({}, started()))?.attributes, {})
    assert.deepStrictEqual(stateOf(stored({ other: 1 }, { ...started(), attributes }))?.attributes, attributes)
    // What the program has changed since is in the summary, too.
    const set: HistoryEvent = { _tag: "AttributesSet", at: 1, attributes: { urgent: true, gone: null } }
    const changed = stored({ ...attributes, urgent: true }, started())
    const commits = [{ ...changed.commits[0]!, events: [started(), set] as const }]
    assert.deepStrictEqual(stateOf({ ...changed, commits })?.attributes, { ...attributes, urgent: true })
    const headless: HistoryEvent = { _tag: "OwnerChanged", at: 1, owner }
    assert.isUndefined(stateOf(stored(attributes, headless)))
  })
})
