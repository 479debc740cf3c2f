/**
 * Executions that send to each other, as a test sees them: all that the store ever took of them, and what must hold of it.
 *
 *  1. Each message that was addressed is settled, once, and each message without an address is refused with its command, unless the
 *     run is over with that.
 *  2. A message that was delivered is in the chain to which it was addressed, once; a cancel may be there by another message.
 *     One that was refused is nowhere.
 *  3. What a receiver took was sent to it, as it was sent, and in the order of each of its senders.
 *  4. A chain ends once, and after its end it only settles messages.
 *  5. Of each commit the summary is the fold of the events, but for what the program knows of signals.
 *  6. Versions go on from each other and over deletions, so that none comes twice.
 *  7. A finished program heard and was told what its history has, in its order, and learned what its history says.
 *  8. At rest no execution owes anything, none that was cancelled runs, none that ended is due, each that runs is of a worker that lives, and its program
 *     issues nothing that is not recorded.
 *  9. Each result that can be asked for is the end of its chain.
 * 10. A child is started once, by its parent, which hears of its end if it has not ended itself, and as it was.
 * 11. At rest no child runs that its parent has told to stop: a child of a parent that has ended runs when it is abandoned.
 * 12. A run begins with what the run before it says, and nothing comes between the two.
 * 13. Of a key a chain obeys one signal. Of an update it has one request, one acceptance and one answer at most, in this order.
 * 14. The answer of an update that a client or a program got is that of the history.
 * 15. A signal with a key that a client knows to be kept is in a history of its execution.
 * 16. A call has one end at most, and a call that a client knows to have ended has the end that it gave.
 */
import { Effect, Stream } from "effect"
import {
  type ClosingEvent,
  type EventOf,
  type HistoryEvent,
  isClosing,
  type MessageOutcome
} from "perdure/HistoryEvent"
import type { UpdateAnswer } from "perdure/Message"
import type { MessageId, Ref, RunId, WorkflowId } from "perdure/Ids"
import { type Commit, type ExecutionSummary, stream, type WorkflowStore } from "perdure/Store/WorkflowStore"
import { isFinal, type WorkflowState } from "perdure/WorkflowState"
import { evolve, initial, messageId, messageNumber } from "../../src/internal/core/evolve.ts"
import { describe } from "../../src/internal/core/match.ts"
import { noSignals } from "../../src/internal/replay/signals.ts"
import { summarize } from "../../src/internal/store/summary.ts"
import { interpret } from "../replay/Driver.ts"
import { encoded, isEnded } from "./MessageScenarios.ts"
import { nameOf } from "./Process.ts"

type Happened =
  | { readonly _tag: "Saved"; readonly commit: Commit }
  | { readonly _tag: "Removed"; readonly workflowId: WorkflowId }

export class World {
  readonly store: WorkflowStore["Service"]
  /** Signals of other processes, which no program hears. */
  readonly acknowledged: Array<never> = []
  private readonly happened: Array<Happened> = []

  constructor(store: WorkflowStore["Service"]) {
    this.store = store
  }

  /** Told of what the store takes. */
  readonly observer = {
    ran: (): void => {},
    wrote: (commit: Commit): void => void this.happened.push({ _tag: "Saved", commit }),
    removed: (workflowId: WorkflowId): void => void this.happened.push({ _tag: "Removed", workflowId })
  }

  /** How often a worker took an execution. */
  get takeovers(): number {
    return this.happened.filter(
      (happened) => happened._tag === "Saved" && happened.commit.events.some(({ _tag }) => _tag === "OwnerChanged")
    ).length
  }

  /** What is stored now. */
  get summaries(): Effect.Effect<ReadonlyArray<ExecutionSummary>> {
    return Effect.orDie(Stream.runCollect(stream(this.store)))
  }

  /** The chains that can be asked: their ids were not started again, nor deleted. */
  get chains(): Effect.Effect<ReadonlySet<RunId>> {
    return Effect.map(this.summaries, (all) => new Set(all.map(({ chain, runId }) => chain ?? runId)))
  }

  /** What the executions have still to do, when these workers live. No worker needs to have one that is blocked. */
  unrest(workers: ReadonlyArray<string>): Effect.Effect<ReadonlyArray<string>> {
    return Effect.map(this.summaries, (all) =>
      all.flatMap(({ owed, owner = "", status, wakeAt, workflowId }) => [
        ...(owed === undefined ? [] : [`8. ${workflowId} owes ${owed}`]),
        ...(isFinal(status) && wakeAt !== undefined ? [`8. ${workflowId} has ended and is due`] : []),
        ...(status !== "running" || workers.includes(nameOf(owner))
          ? []
          : [`8. ${workflowId} is of ${owner || "nobody"}`])
      ])
    )
  }

  /** Whether an execution owes anything. */
  get owes(): Effect.Effect<boolean> {
    return Effect.map(this.summaries, (all) => all.some(({ owed }) => owed !== undefined))
  }

  /** What does not hold, at rest, when these workers live. `ask` asks for the end of a chain. */
  violations<E>(
    workers: ReadonlyArray<string>,
    ask: (ref: Ref) => Effect.Effect<ClosingEvent | undefined, E>
  ): Effect.Effect<ReadonlyArray<string>, E> {
    return Effect.gen({ self: this }, function* () {
      const { chains, wrong } = read(this.happened)
      wrong.push(...(yield* this.unrest(workers)), ...order(chains))
      for (const chain of chains) {
        wrong.push(...asked(chain))
        wrong.push(...sent(chain, chains), ...received(chain, chains), ...ended(chain), ...born(chain, chains))
        wrong.push(...answeredIn(chain, chains))
        const closing = closingOf(chain)
        if (closing === undefined && chain.state.status !== "blocked") wrong.push(...unrecorded(chain), ...deaf(chain))
        if (chain.isRemoved || closing === undefined) continue
        const told = yield* ask({ workflowId: chain.workflowId, runId: chain.runId })
        if (!isSame(told, closing)) wrong.push(`9. the result of ${chain.runId} is ${JSON.stringify(told)}`)
      }
      return wrong
    })
  }

  /** The answers that clients got and no history has. */
  misanswered(
    answers: ReadonlyArray<{ readonly workflowId: string; readonly update: string; readonly answer: UpdateAnswer }>
  ): ReadonlyArray<string> {
    const { chains } = read(this.happened)
    return answers.flatMap(({ answer, update, workflowId }) => {
      const chain = chains.find(({ runId }) => runId === answer.runId)
      const recorded = chain?.events.find(({ event }) => event._tag === "UpdateAnswered" && event.id === update)?.event
      const isRight = recorded?._tag === "UpdateAnswered" && isSame(recorded.exit, answer.exit)
      return isRight && chain?.workflowId === workflowId ? [] : [`14. ${update} was answered ${JSON.stringify(answer)}`]
    })
  }

  /** The signals with keys that clients know to be kept, and that no history has. */
  lost(kept: ReadonlyArray<{ readonly workflowId: string; readonly key: string }>): ReadonlyArray<string> {
    const { chains } = read(this.happened)
    const isThere = ({ key, workflowId }: (typeof kept)[number]) =>
      chains.some(
        (chain) =>
          chain.workflowId === workflowId &&
          chain.events.some(({ event }) => event._tag === "SignalReceived" && event.key === key)
      )
    return kept.flatMap((each) => (isThere(each) ? [] : [`15. ${each.key} of ${each.workflowId} is lost`]))
  }

  /** The ends of calls that clients know to be recorded, and that no history has. */
  undone(finished: ReadonlyArray<{ readonly workflowId: string; readonly name: string }>): ReadonlyArray<string> {
    const { chains } = read(this.happened)
    const left = chains.flatMap(({ events, workflowId }) =>
      events.flatMap(({ event }) =>
        event._tag === "ActivityResolved" && event.exit._tag === "Success"
          ? [`${String(event.exit.value)} of ${workflowId}`]
          : []
      )
    )
    return finished.flatMap(({ name, workflowId }) => {
      const place = left.indexOf(`${name} of ${workflowId}`)
      if (place < 0) return [`16. the end ${name} of ${workflowId} is lost`]
      left.splice(place, 1)
      return []
    })
  }

  /** All that happened, a line a commit. */
  get printed(): string {
    return this.happened
      .map((happened) => {
        if (happened._tag === "Removed") return `${happened.workflowId} removed`
        const { events, runId, version, workflowId } = happened.commit
        return `${workflowId}@${version} [${runId}] ${events.map(textOf).join("; ")}`
      })
      .join("\n")
  }
}

// internal

/** The events of a chain, each with the version of its commit. */
interface Chain {
  readonly workflowId: WorkflowId
  /** The first run, which names the chain. */
  readonly runId: RunId
  /** Of the latest run. */
  firstVersion: Commit["version"]
  readonly events: Array<{ readonly event: HistoryEvent; readonly version: number }>
  state: WorkflowState
  isRemoved: boolean
}

/** Splits what happened into chains, and follows their states and versions. */
const read = (all: ReadonlyArray<Happened>) => {
  const wrong: Array<string> = []
  const chains: Array<Chain> = []
  const latest = new Map<WorkflowId, { version: number; chain: Chain | undefined }>()
  for (const happened of all) {
    const workflowId = happened._tag === "Saved" ? happened.commit.workflowId : happened.workflowId
    const before = latest.get(workflowId) ?? { version: 0, chain: undefined }
    if (happened._tag === "Removed") {
      for (const chain of chains) if (chain.workflowId === workflowId) chain.isRemoved = true
      // The record of the deletion has a version of its own.
      latest.set(workflowId, { version: before.version + 1, chain: undefined })
      wrong.push(...left(before.chain))
      continue
    }
    const { events, runId, summary, version } = happened.commit
    if (version !== before.version + 1) wrong.push(`6. ${workflowId}@${version} comes after ${before.version}`)
    const [first] = events
    let { chain } = before
    if (first._tag === "ExecutionStarted" && first.continues !== undefined) {
      const continued = chain?.state.continued
      const isNext =
        continued !== undefined && isSame({ ...first, owner: undefined }, { ...continued.next, _tag: first._tag })
      if (chain === undefined || !isNext) {
        wrong.push(`12. ${workflowId}@${version} continues no run`)
        continue
      }
      chain.state = initial(first)
      chain.firstVersion = version
    } else if (chain?.state.continued !== undefined) {
      wrong.push(`12. ${workflowId}@${version} comes between two runs`)
    } else if (first._tag === "ExecutionStarted") {
      wrong.push(...left(chain))
      chain = { workflowId, runId, firstVersion: version, events: [], state: initial(first), isRemoved: false }
      chains.push(chain)
    }
    latest.set(workflowId, { version, chain })
    if (chain?.state.runId !== runId) {
      wrong.push(`6. ${workflowId}@${version} is of ${runId}, in ${chain?.state.runId}`)
      continue
    }
    for (const event of events) {
      chain.events.push({ event, version })
      if (event._tag === "ActivityResolved" && !chain.state.open.has(event.seq)) {
        wrong.push(`16. ${workflowId}@${version} ends call ${event.seq} again`)
      }
      if (event !== first || event._tag !== "ExecutionStarted") evolve(chain.state, event)
    }
    const folded = summarize(chain.state, { version, firstVersion: chain.firstVersion, signals: noSignals })
    if (!isSame(withoutSignals(folded), withoutSignals(summary))) {
      wrong.push(`5. ${workflowId}@${version} has ${JSON.stringify(summary)} for ${JSON.stringify(folded)}`)
    }
  }
  return { chains, wrong }
}

/** A summary without what a program alone knows. */
const withoutSignals = ({ published: _, unreceived: __, ...summary }: ExecutionSummary) => ({
  ...summary,
  waitingFor: []
})

/** What must not be true of a chain that is removed, or after which another one begins. */
const left = (chain: Chain | undefined): ReadonlyArray<string> => {
  if (chain === undefined) return []
  const { runId, state } = chain
  return state.closed === undefined || state.owed.size > 0
    ? [`4. ${runId} is left ${state.status}, owing ${[...state.owed.keys()].join(", ") || "nothing"}`]
    : []
}

/** The messages that a chain has sent, by their ids. */
const messagesOf = ({ events, runId }: Chain) => {
  const all = new Map<MessageId, { readonly event: EventOf<"MessageSent">; readonly version: number }>()
  for (const { event, version } of events) {
    if (event._tag === "MessageSent") all.set(messageId(runId, all.size + 1), { event, version })
  }
  return all
}

/** The events by which a chain received messages that programs of others have sent. */
const arrivalsIn = ({ events }: Chain) =>
  events.flatMap(({ event }) =>
    (event._tag === "SignalReceived" || event._tag === "CancelRequested") && event.id?.includes("#") ? [event] : []
  )

/** A start is settled once, and its child is there once if it was delivered, and never if it was refused. */
const started = (
  id: MessageId,
  { address, to }: EventOf<"MessageSent">,
  settled: ReadonlyArray<{ readonly outcome: MessageOutcome }>,
  chains: ReadonlyArray<Chain>
): ReadonlyArray<string> => {
  if (settled.length !== 1) return [`1. ${id} is settled ${settled.length} times`]
  const [{ outcome }] = settled as [{ readonly outcome: MessageOutcome }]
  const children = chains.filter(({ runId, workflowId }) => runId === address?.chain && workflowId === to)
  const isRight = children.length === (outcome._tag === "Delivered" ? 1 : 0)
  return isRight ? [] : [`10. the start ${id} is ${outcome._tag}, and ${children.length} children are there`]
}

/** What does not hold between a child and its parent. */
const born = (chain: Chain, chains: ReadonlyArray<Chain>): ReadonlyArray<string> => {
  const [{ event: first }] = chain.events as [Chain["events"][number]]
  if (first._tag !== "ExecutionStarted" || first.parent === undefined) return []
  const parent = chains.find(({ runId }) => runId === first.parent?.chain)
  if (parent === undefined) return [`10. ${chain.runId} has no parent`]
  const { workflowId } = parent
  const root = parent.state.root ?? { workflowId, chain: parent.runId }
  if (!isSame(first.root, root)) return [`10. ${chain.runId} has the root ${JSON.stringify(first.root)}`]
  const starts = [...messagesOf(parent).values()].flatMap(({ event: { address, message } }) =>
    message._tag === "Start" && address?.chain === chain.runId ? [message] : []
  )
  const [start] = starts
  if (start === undefined || starts.length > 1) return [`10. ${chain.runId} was started ${starts.length} times`]
  const closing = closingOf(chain)
  const heard = parent.events.flatMap(({ event }) =>
    event._tag === "ChildEnded" && event.from === chain.runId ? [event.closing] : []
  )
  const wrong = heard.flatMap((each) =>
    isSame(each, closing)
      ? []
      : [`10. ${chain.runId} ended as ${JSON.stringify(closing)}, and its parent heard ${JSON.stringify(each)}`]
  )
  const isAlone = parent.state.closed !== undefined
  if (closing !== undefined && !isAlone && heard.length === 0) wrong.push(`10. the end of ${chain.runId} was not heard`)
  const isTold = isAlone && start.parentClose !== "abandon"
  if (closing === undefined && isTold) wrong.push(`11. ${chain.runId} runs, and its parent has ended`)
  return wrong
}

/** Whether a run is over with the commit of a version. */
const isLast = ({ events }: Chain, version: number): boolean =>
  events.some((each) => each.version === version && (isClosing(each.event) || each.event._tag === "ExecutionContinued"))

const sent = (chain: Chain, chains: ReadonlyArray<Chain>): ReadonlyArray<string> =>
  [...messagesOf(chain)].flatMap(([id, { event, version }]) => {
    const settled = chain.events.flatMap((other) =>
      other.event._tag === "MessageSettled" && other.event.id === id
        ? [{ outcome: other.event.outcome, version: other.version }]
        : []
    )
    // A program that ends with its command is not told.
    if (event.address === undefined && settled.length === 0 && isLast(chain, version)) return []
    if (event.message._tag === "Start") return started(id, event, settled, chains)
    const [first] = settled
    if (first === undefined || settled.length > 1) return [`1. ${id} is settled ${settled.length} times`]
    const { outcome } = first
    const places = chains.filter((other) => arrivalsIn(other).some((arrival) => arrival.id === id))
    const where = `in ${places.map(({ runId }) => runId).join(", ") || "nothing"}`
    if (event.address === undefined) {
      const allowed = event.run === undefined ? ["NotFound"] : ["NotFound", "Restarted"]
      const isRight = outcome._tag === "Refused" && allowed.includes(outcome.reason) && first.version === version
      return isRight && places.length === 0 ? [] : [`1. ${id} to nobody is ${JSON.stringify(outcome)}, ${where}`]
    }
    if (outcome._tag === "Refused") return places.length === 0 ? [] : [`2. ${id} is refused, and ${where}`]
    const { chain: addressed } = event.address
    if (event.message._tag === "Cancel" && places.length === 0) {
      const receiver = chains.find(({ runId }) => runId === addressed)
      return receiver?.state.cancel === undefined ? [`2. ${id} is delivered, and ${addressed} not cancelled`] : []
    }
    return places.length === 1 && places[0]!.runId === addressed ? [] : [`2. ${id} to ${addressed} is ${where}`]
  })

const received = (chain: Chain, chains: ReadonlyArray<Chain>): ReadonlyArray<string> => {
  const known = new Set<MessageId>()
  return arrivalsIn(chain).flatMap((arrival) => {
    const id = arrival.id!
    if (known.has(id)) return [`2. ${id} is twice in ${chain.runId}`]
    known.add(id)
    const sender = chains.find(({ runId }) => runId === arrival.from)
    const event = sender === undefined ? undefined : messagesOf(sender).get(id)?.event
    const content =
      arrival._tag === "SignalReceived"
        ? { _tag: "Signal", name: arrival.name, payload: arrival.payload }
        : { _tag: "Cancel", reason: arrival.reason }
    return event?.to === chain.workflowId && isSame(event.message, content) ? [] : [`3. ${id} was not sent like that`]
  })
}

/** The messages of each sender are in order over all that its receiver has been. */
const order = (chains: ReadonlyArray<Chain>): ReadonlyArray<string> => {
  const latest = new Map<string, number>()
  return chains.flatMap((chain) =>
    arrivalsIn(chain).flatMap(({ from, id }) => {
      const pair = `${from} to ${chain.workflowId}`
      const before = latest.get(pair) ?? 0
      latest.set(pair, messageNumber(id!))
      return messageNumber(id!) > before ? [] : [`3. ${id} comes after ${before} from ${pair}`]
    })
  )
}

/** What does not hold of the updates that a chain was asked for. */
const asked = ({ events, runId }: Chain): ReadonlyArray<string> => {
  const steps = new Map<string, Array<string>>()
  for (const { event } of events) {
    if (event._tag !== "UpdateRequested" && event._tag !== "UpdateAccepted" && event._tag !== "UpdateAnswered") continue
    steps.set(event.id, [...(steps.get(event.id) ?? []), event._tag])
  }
  const whole = ["UpdateRequested", "UpdateAccepted", "UpdateAnswered"]
  return [...steps].flatMap(([id, tags]) =>
    isSame(tags, whole.slice(0, tags.length)) ? [] : [`13. update ${id} of ${runId} is ${tags.join(", ")}`]
  )
}

/** What a program was answered, and no history has. */
const answeredIn = (chain: Chain, chains: ReadonlyArray<Chain>): ReadonlyArray<string> => {
  const closing = closingOf(chain)
  if (closing?._tag !== "ExecutionCompleted" || !isEnded(closing.value)) return []
  return Object.entries(closing.value.answered ?? {}).flatMap(([id, answer]) => {
    const isRecorded = chains.some(({ events }) =>
      events.some(
        ({ event }) =>
          event._tag === "UpdateAnswered" &&
          event.id === id &&
          event.exit._tag === "Success" &&
          event.exit.value === answer
      )
    )
    return isRecorded ? [] : [`14. ${chain.runId} was answered ${answer} to ${id}`]
  })
}

const ended = ({ events, runId }: Chain): ReadonlyArray<string> => {
  const at = events.findIndex(({ event }) => isClosing(event))
  if (at < 0) return []
  const wrong = events
    .slice(at + 1)
    .flatMap(({ event }) => (event._tag === "MessageSettled" ? [] : [`4. ${runId} ended, then ${describe(event)}`]))
  const closing = events[at]!.event
  if (closing._tag !== "ExecutionCompleted") return wrong
  if (!isEnded(closing.value)) return [...wrong, `7. ${runId} returns ${JSON.stringify(closing.value)}`]
  const { heard, joined, learned, told } = closing.value
  if (new Set(told).size < told.length) wrong.push(`13. ${runId} was told ${told.join(", ")}`)
  const before = events.slice(0, at).map(({ event }) => event)
  const keys = new Set(before.flatMap((event) => (event._tag === "SignalReceived" ? (event.key ?? []) : [])))
  if (!isSame(told, [...keys].slice(0, told.length)))
    wrong.push(`7. ${runId} was told ${told.join(", ")} of ${[...keys].join(", ")}`)
  const said = before.flatMap((event) =>
    event._tag === "SignalReceived" && event.id !== undefined ? [event.payload] : []
  )
  if (!isSame(heard, said.slice(0, heard.length)))
    wrong.push(`7. ${runId} heard ${heard.join(", ")} of ${said.join(", ")}`)
  for (const [child, tag] of Object.entries(joined)) {
    const isRight = before.some(
      (event) => event._tag === "ChildEnded" && event.from === child && event.closing._tag === tag
    )
    if (!isRight) wrong.push(`7. ${runId} joined ${child}, which ended as ${tag}`)
  }
  for (const [id, outcome] of Object.entries(learned)) {
    const isRight = before.some(
      (event) =>
        event._tag === "MessageSettled" &&
        event.id === id &&
        (event.outcome._tag === "Refused" ? event.outcome.reason : event.outcome._tag) === outcome
    )
    if (!isRight) wrong.push(`7. ${runId} learned of ${id}: ${outcome}`)
  }
  return wrong
}

/** No program of a scenario goes on after a cancel. */
const deaf = ({ runId, state }: Chain): ReadonlyArray<string> =>
  state.cancel === undefined ? [] : [`8. ${runId} was cancelled, and runs`]

/** What the program of a chain still does on its history. */
const unrecorded = ({ events, runId }: Chain): ReadonlyArray<string> => {
  const interpreter = interpret(encoded)
  const first = events.findLastIndex(({ event }) => event._tag === "ExecutionStarted")
  interpreter.replay(events.slice(first).map(({ event }) => event))
  const { problem } = interpreter
  const more = problem === undefined ? interpreter.take().map(describe) : [problem.message]
  return more.length === 0 ? [] : [`8. ${runId} does more: ${more.join(", ")}`]
}

const closingOf = ({ events }: Chain): ClosingEvent | undefined => events.map(({ event }) => event).find(isClosing)

const textOf = (event: HistoryEvent): string =>
  event._tag === "MessageSettled" || event._tag === "MessageSent" ? JSON.stringify(event) : describe(event)

export const isSame = (a: unknown, b: unknown): boolean => canonical(a) === canonical(b)

/** JSON with sorted keys. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part
  )
