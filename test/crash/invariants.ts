/**
 * What is true of the history of every finished run, whatever crashed on the way to it.
 *
 *  1. It begins with `ExecutionStarted`, which comes once.
 *  2. It has one closing event, which is its last.
 *  3. An activity has at most one result, after it was scheduled; none once it was cancelled; and nothing after either.
 *  4. The same holds for timers, and none fires before its time.
 *  5. Sequence numbers count from 0, without gaps, in the order of the history.
 *  6. Times never go backwards, but that a command has the time of the event from which it follows.
 *  7. Versions are contiguous.
 *  8. Every acknowledged signal is there exactly once, and those of one name are in order.
 *  9. The attempts of an activity that failed or were lost are numbered from 1, without gaps.
 * 10. No attempt starts once the result of its activity is recorded or it is cancelled, and its number is one more than
 *     that of the failures and losses recorded by then.
 * 11. The program that wrote it agrees with it.
 * 12. It is of the worker that started it, until another one says in the history that it takes it.
 * 13. Each summary has the attributes that the history up to it adds up to.
 */
import type { HistoryEvent } from "perdure/HistoryEvent"
import { isClosing, isCommand, isDelivered } from "perdure/HistoryEvent"
import type { Commit, StoredCommit } from "perdure/Store/WorkflowStore"
import { describe } from "../../src/internal/core/match.ts"
import type { Run } from "../corpus/handlers.ts"
import type { Message, Scenario } from "../corpus/scenarios.ts"
import { interpret } from "../replay/Driver.ts"

/** A run of a handler, and what had been recorded of its activity when it started. */
export interface ObservedRun extends Run {
  /** How many attempts had failed, or were lost. */
  readonly before: number
  readonly isOver: boolean
}

/** What is known of a finished run. */
export interface Finished {
  readonly scenario: Scenario
  readonly commits: ReadonlyArray<StoredCommit>
  /** The commits as they were written, with their summaries. */
  readonly written: ReadonlyArray<Commit>
  readonly runs: ReadonlyArray<ObservedRun>
  /** The messages whose sender was answered, or who found them in the history. */
  readonly acknowledged: ReadonlyArray<Message>
}

/** The invariants that do not hold, with their numbers. */
export const violations = (finished: Finished): ReadonlyArray<string> => {
  const history = finished.commits.flatMap((commit) => commit.events)
  return [
    ...beginning(history),
    ...ending(history),
    ...commands(history),
    ...times(history),
    ...versions(finished.commits),
    ...signals(history, finished.acknowledged),
    ...attempts(history),
    ...runs(finished.runs),
    ...agreement(finished.scenario, history),
    ...owners(finished.written),
    ...attributes(finished.written)
  ]
}

/** How many attempts of the open activities of a run have failed, or were lost with a worker that died. */
export class AttemptsBefore {
  private readonly open = new Map<number, { count: number; readonly dueAt: number }>()

  of(seq: number): number {
    return this.open.get(seq)?.count ?? 0
  }

  take(event: HistoryEvent): void {
    switch (event._tag) {
      case "ActivityScheduled":
        return void this.open.set(event.seq, { count: 0, dueAt: event.at })
      case "ActivityAttemptFailed":
        return void this.open.set(event.seq, { count: this.of(event.seq) + 1, dueAt: event.retryAt })
      case "ActivityPending":
        return void this.open.set(event.seq, { count: this.of(event.seq), dueAt: event.timeout?.at ?? Infinity })
      case "ActivityAttemptEnded":
        return void this.open.set(event.seq, { count: this.of(event.seq), dueAt: Infinity })
      case "ActivityResolved":
      case "ActivityCancelled":
        return void this.open.delete(event.seq)
      case "OwnerChanged":
        // What waits for its next attempt did not run.
        if (event.lost === true) for (const each of this.open.values()) if (each.dueAt <= event.at) each.count++
    }
  }
}

// internal

type History = ReadonlyArray<HistoryEvent>

const beginning = (history: History): ReadonlyArray<string> => {
  const starts = history.filter((event) => event._tag === "ExecutionStarted").length
  return history[0]?._tag === "ExecutionStarted" && starts === 1 ? [] : [`1. there are ${starts} starts`]
}

const ending = (history: History): ReadonlyArray<string> => {
  const closings = history.filter(isClosing)
  const last = history.at(-1)
  return closings.length === 1 && closings[0] === last
    ? []
    : [`2. closing events: ${closings.map(describe).join(", ")}`]
}

const commands = (history: History): ReadonlyArray<string> => {
  const wrong: Array<string> = []
  const open = new Map<number, { readonly isTimer: boolean; readonly fireAt: number }>()
  let next = 0
  const opened = (seq: number, isTimer: boolean, fireAt: number) => {
    if (seq !== next++) wrong.push(`5. #${seq} is where #${next - 1} should be`)
    open.set(seq, { isTimer, fireAt })
  }
  const ended = (event: HistoryEvent & { readonly seq: number }, isTimer: boolean) => {
    const command = open.get(event.seq)
    const number = isTimer ? 4 : 3
    if (command?.isTimer !== isTimer) wrong.push(`${number}. ${describe(event)}, which is not open`)
    else if (event._tag === "TimerFired" && event.at < command.fireAt) wrong.push(`4. #${event.seq} fired early`)
    open.delete(event.seq)
  }
  for (const event of history) {
    if (event._tag === "ActivityScheduled") opened(event.seq, false, 0)
    else if (event._tag === "TimerStarted") opened(event.seq, true, event.fireAt)
    else if (event._tag === "ActivityResolved" || event._tag === "ActivityCancelled") ended(event, false)
    else if (event._tag === "TimerFired" || event._tag === "TimerCancelled") ended(event, true)
  }
  return wrong
}

const times = (history: History): ReadonlyArray<string> => {
  const delivered = new Set<number>()
  let latest = 0
  return history.flatMap((event) => {
    if (isCommand(event)) return delivered.has(event.at) ? [] : [`6. ${describe(event)} has a time of its own`]
    if (isDelivered(event)) delivered.add(event.at)
    const before = latest
    latest = Math.max(latest, event.at)
    return event.at < before ? [`6. ${describe(event)} goes back in time`] : []
  })
}

const versions = (commits: Finished["commits"]): ReadonlyArray<string> =>
  commits.flatMap(({ version }, index) =>
    version === index + 1 ? [] : [`7. version ${version} at place ${index + 1}`]
  )

const signals = (history: History, acknowledged: ReadonlyArray<Message>): ReadonlyArray<string> => {
  const received = history.filter((event) => event._tag === "SignalReceived")
  const sent = acknowledged.filter((message) => message._tag === "Signal")
  const names = new Set([...received, ...sent].map(({ name }) => name))
  return [...names].flatMap((name) => {
    const [there, told] = [received, sent].map((all) => payloads(name, all))
    return there === told ? [] : [`8. received ${name} ${there}, acknowledged ${told}`]
  })
}

const payloads = (name: string, all: ReadonlyArray<{ readonly name: string; readonly payload: unknown }>): string =>
  JSON.stringify(all.filter((signal) => signal.name === name).map(({ payload }) => payload))

const attempts = (history: History): ReadonlyArray<string> => {
  const before = new AttemptsBefore()
  return history.flatMap((event) => {
    const count = "seq" in event ? before.of(event.seq) : 0
    before.take(event)
    if (event._tag !== "ActivityAttemptFailed") return []
    return event.attempt === count + 1 ? [] : [`9. ${describe(event)} after ${count} attempts`]
  })
}

const runs = (all: Finished["runs"]): ReadonlyArray<string> =>
  all.flatMap((run) => {
    if (run.isOver) return [`10. ${run.activity} ${run.key} started although it was over`]
    return run.attempt === run.before + 1
      ? []
      : [`10. ${run.activity} ${run.key} started attempt ${run.attempt} after ${run.before} attempts`]
  })

const agreement = (scenario: Scenario, history: History): ReadonlyArray<string> => {
  const interpreter = interpret(scenario.program)
  interpreter.replay(history)
  if (interpreter.problem !== undefined) return [`11. ${interpreter.problem.message}`]
  const extra = interpreter.take()
  return extra.length === 0 ? [] : [`11. the program issues more: ${extra.map(describe).join(", ")}`]
}

const owners = (written: Finished["written"]): ReadonlyArray<string> => {
  let owner = written[0]?.summary.owner
  return written.flatMap(({ events, summary, version }) => {
    for (const event of events) if (event._tag === "OwnerChanged") owner = event.owner
    if (summary.owner === undefined || summary.owner === owner) return []
    return [`12. version ${version} is by ${summary.owner}, while it is the execution of ${owner}`]
  })
}

const attributes = (written: Finished["written"]): ReadonlyArray<string> => {
  const current = new Map<string, unknown>()
  return written.flatMap(({ events, summary, version }) => {
    for (const event of events) {
      const changes =
        event._tag === "AttributesSet" || event._tag === "ExecutionStarted" ? (event.attributes ?? {}) : {}
      for (const [name, value] of Object.entries(changes)) {
        if (value === null) current.delete(name)
        else current.set(name, value)
      }
    }
    const [there, told] = [Object.entries(summary.attributes), [...current]].map((all) => JSON.stringify(all.sort()))
    return there === told ? [] : [`13. version ${version} has the attributes ${there}, and the history has ${told}`]
  })
}
