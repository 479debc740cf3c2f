/**
 * What must hold of the runs of a chain that a random schedule made: that each run, replayed up to any of its commits, goes on as
 * it did, and that the next run begins with all that was left.
 */
import { isAsk } from "../../src/internal/core/asked.ts"
import { type EventOf, type HistoryEvent, isCommand, isDelivered } from "perdure/HistoryEvent"
import { completed } from "../../src/internal/core/continued.ts"
import { fold, isUnread, messageId } from "../../src/internal/core/evolve.ts"
import { describe } from "../../src/internal/core/match.ts"
import type { Interpreter } from "../../src/internal/replay/Interpreter.ts"
import type { MessageProgram } from "../corpus/messages.ts"
import { interpret } from "./Driver.ts"
import { replay, type Run, shownBy } from "./MessageDriver.ts"

/** All that does not hold of a chain. */
export const faultsOf = (program: MessageProgram, runs: ReadonlyArray<Run>): ReadonlyArray<string> => [
  ...runs.flatMap((run, index) => {
    const isStill = stillnessOf(run)
    return positionsOf(run).flatMap((position) => {
      const difference = followed(program, run, position, isStill)
      return difference === undefined ? [] : [`run ${index + 1} from commit ${position}: ${difference}`]
    })
  }),
  ...runs.flatMap((run, index) => [
    ...answeredTwice(run).map((fault) => `run ${index + 1}: ${fault}`),
    ...lost(run, runs[index + 1]).map((fault) => `between runs ${index + 1} and ${index + 2}: ${fault}`)
  ]),
  ...unreceived(program, runs)
]

/** From how many commits on a run is followed: where it has its latest release, which may not know what earlier ones did later. */
export const positionsOf = ({ commits, releases }: Run): ReadonlyArray<number> =>
  commits.flatMap((_, index) => (index >= releases.at(-1)!.from && index > 0 ? [index] : [])).concat(commits.length)

// internal

/**
 * Replays a run up to a commit and goes on live from there, as it was recorded; the program is asked all queries, also where the run
 * was not. Answers what differs, if anything.
 */
const followed = (
  program: MessageProgram,
  run: Run,
  position: number,
  isStill: ReadonlyArray<boolean>
): string | undefined => {
  const { commits } = run
  const interpreter = interpret(program.releases[run.releases.at(-1)!.release]!)
  replay(interpreter, commits.slice(0, position))
  let difference = differently(interpreter, run, position)
  const before = commits.slice(0, position).flat()
  let issued: Array<HistoryEvent> = []
  for (const [index, events] of commits.slice(position).entries()) {
    const place = position + index
    for (const event of events) {
      difference ??= interpreter.problem?.message
      if (difference !== undefined) return difference
      if (isDelivered(event)) {
        // What others record is read together, and what comes with a start is delivered with it.
        const isTogether =
          place === 0 || (isUnread(event) && commits[place - 1]!.every(isUnread)) || isStill[before.length]
        if (!isTogether) issued.push(...interpreter.take())
        if (issued.length > 0) return `${describe(event)} came before ${describe(issued[0]!)}, which replay issued`
        interpreter.deliver(event)
      } else if (isCommand(event)) {
        if (issued.length === 0) issued = [...interpreter.take()]
        const command = issued.shift()
        const isSame = command !== undefined && textOf(whole(command, before)) === textOf(event)
        if (!isSame)
          return `${describe(event)} is recorded, and replay issued ${command === undefined ? "nothing" : textOf(whole(command, before))}`
      }
      before.push(event)
    }
    difference =
      issued.length > 0 ? `replay issued ${describe(issued[0]!)} too` : differently(interpreter, run, place + 1)
  }
  const more = interpreter.take()
  if (more.length > 0) return `replay issued ${describe(more[0]!)} beyond the end`
  return difference
}

/** What a program shows after a commit that it did not show when that was made. */
const differently = (interpreter: Interpreter, { shown }: Run, position: number): string | undefined => {
  const expected = shown.get(position)
  if (expected === undefined || interpreter.closed) return undefined
  const found = shownBy(interpreter)
  return found === expected ? undefined : `after commit ${position} it shows ${found} for ${expected}`
}

/** Before which events of a run no worker runs its program: none has taken it, or it is blocked. */
const stillnessOf = ({ commits }: Run): ReadonlyArray<boolean> => {
  let state: ReturnType<typeof fold>
  return commits.flat().map((event) => {
    const isStill = state === undefined || state.owner === undefined || state.status === "blocked"
    state = fold([event], state)
    return isStill
  })
}

/** A command with what the executor adds to it. */
const whole = (command: HistoryEvent, before: ReadonlyArray<HistoryEvent>): HistoryEvent =>
  command._tag === "ExecutionContinued" ? completed(command, fold(before)!) : command

/** An event as text, without the address of a message or a question, and without what may differ between two runs. */
const textOf = (event: HistoryEvent): string => {
  const isAddressed = event._tag === "MessageSent" || (event._tag === "ActivityScheduled" && isAsk(event))
  const hidden = isAddressed ? ["address", "runId"] : ["stack", "detail"]
  return JSON.stringify(event, (key, value: unknown) => (hidden.includes(key) ? undefined : value))
}

/** Updates that were accepted or answered more than once, or answered before they were accepted. */
const answeredTwice = ({ commits }: Run): ReadonlyArray<string> => {
  const steps = new Map<string, string>()
  const [start, ...events] = commits.flat()
  if (start?._tag === "ExecutionStarted") {
    for (const { id } of start.continues?.updates.open ?? []) steps.set(id, "requested")
    for (const [id] of start.continues?.updates.answered ?? []) steps.set(id, "requested accepted answered")
  }
  const faults: Array<string> = []
  for (const event of events) {
    if (event._tag !== "UpdateRequested" && event._tag !== "UpdateAccepted" && event._tag !== "UpdateAnswered") continue
    const before = steps.get(event.id)
    const step = event._tag.replace("Update", "").toLowerCase()
    // A second request changes nothing.
    if (step === "requested" && before !== undefined) continue
    const after = before === undefined ? step : `${before} ${step}`
    steps.set(event.id, after)
    const allowed = ["requested", "requested accepted", "requested accepted answered", "requested answered"]
    if (!allowed.includes(after)) faults.push(`update ${event.id} is ${after}`)
  }
  return faults
}

/** What a run has left and the next one does not have, by a model of its events. */
const lost = ({ commits }: Run, next: Run | undefined): ReadonlyArray<string> => {
  const events = commits.flat()
  const [start] = events
  const first = next?.commits[0]?.[0]
  if (next === undefined) return []
  if (start?._tag !== "ExecutionStarted" || first?._tag !== "ExecutionStarted") return ["a run has no start"]
  const found = first.continues!
  const faults: Array<string> = []
  const same = (what: string, expected: unknown, actual: unknown) => {
    if (JSON.stringify(expected) !== JSON.stringify(actual)) {
      faults.push(`${what} is ${JSON.stringify(actual)} for ${JSON.stringify(expected)}`)
    }
  }
  const { arrived, keys } = arrivals(start, events)
  for (const name of new Set(arrived.map(({ name }) => name))) {
    const all = arrived.flatMap((signal) => (signal.name === name ? [signal.payload] : []))
    const left = found.unread.flatMap((signal) => (signal.name === name ? [signal.payload] : []))
    // No program takes what it does not know, and of the others it takes the first ones.
    same(`what is left of signal ${name}`, name === "unknown" ? all : all.slice(all.length - left.length), left)
  }
  const order = arrived.map(({ payload }) => payload)
  const places = found.unread.map(({ payload }) => order.indexOf(payload))
  same(
    "the order of what is left",
    places.toSorted((a, b) => a - b),
    places
  )
  same("the keys", [...keys], found.keys)
  same("the chain", start.continues?.chain ?? start.runId, found.chain)
  same("the deadline", start.deadline, first.deadline)
  const cancel = start.continues?.cancel ?? events.find(({ _tag }) => _tag === "CancelRequested")
  same("the cancel", cancel?.at, found.cancel?.at)
  same(
    "the messages",
    owedAfter(start, events),
    found.owed.map(({ id }) => id)
  )
  same(
    "the children",
    childrenAfter(start, events),
    found.children.map(({ address }) => address.chain)
  )
  const open = openAfter(start, events)
  same(
    "the updates",
    open.requested,
    found.updates.open.map(({ id }) => id)
  )
  same("updates that are under way", [], open.accepted)
  return faults
}

type Started = EventOf<"ExecutionStarted">
type Signalled = Pick<EventOf<"SignalReceived">, "name" | "payload" | "key">

/** The signals that a run was given, in their order, without the ones whose keys were known; and the keys then. */
const arrivals = ({ continues }: Started, events: ReadonlyArray<HistoryEvent>) => {
  const keys = new Set(continues?.keys)
  const arrived: Array<Signalled> = [...(continues?.unread ?? [])]
  for (const event of events) {
    if (event._tag !== "SignalReceived" || (event.key !== undefined && keys.has(event.key))) continue
    if (event.key !== undefined) keys.add(event.key)
    arrived.push(event)
  }
  return { arrived, keys }
}

const owedAfter = ({ continues, runId }: Started, events: ReadonlyArray<HistoryEvent>): ReadonlyArray<string> => {
  const owed = new Set<string>(continues?.owed.map(({ id }) => id))
  let sent = continues?.sent ?? 0
  for (const event of events) {
    if (event._tag === "MessageSettled") owed.delete(event.id)
    if (event._tag !== "MessageSent") continue
    sent++
    if (event.address !== undefined) owed.add(messageId(continues?.chain ?? runId, sent))
  }
  return [...owed]
}

const childrenAfter = ({ continues, runId }: Started, events: ReadonlyArray<HistoryEvent>): ReadonlyArray<string> => {
  const children = new Set<string>(continues?.children.map(({ address }) => address.chain))
  const starts = new Map<string, string>()
  for (const { address, id, message } of continues?.owed ?? [])
    if (message._tag === "Start") starts.set(id, address.chain)
  let sent = continues?.sent ?? 0
  for (const event of events) {
    if (event._tag === "ChildEnded") children.delete(event.from)
    if (event._tag === "MessageSettled" && event.outcome._tag === "Refused") children.delete(starts.get(event.id) ?? "")
    if (event._tag !== "MessageSent") continue
    sent++
    if (event.message._tag !== "Start" || event.address === undefined) continue
    starts.set(messageId(continues?.chain ?? runId, sent), event.address.chain)
    children.add(event.address.chain)
  }
  return [...children]
}

const openAfter = ({ continues }: Started, events: ReadonlyArray<HistoryEvent>) => {
  const known = new Set<string>(continues?.updates.answered.map(([id]) => id))
  const requested = new Set<string>(continues?.updates.open.map(({ id }) => id))
  const accepted = new Set<string>()
  for (const event of events) {
    if (event._tag === "UpdateRequested" && !known.has(event.id)) requested.add(event.id)
    if (event._tag === "UpdateAccepted") accepted.add(event.id)
    if (event._tag === "UpdateAnswered") accepted.delete(event.id)
    if (event._tag === "UpdateRequested" || event._tag === "UpdateAccepted" || event._tag === "UpdateAnswered") {
      known.add(event.id)
      if (event._tag !== "UpdateRequested") requested.delete(event.id)
    }
  }
  return { requested: [...requested], accepted: [...accepted] }
}

/** Signals that came to a chain which takes all, and that it neither took, in their order, nor left. */
const unreceived = ({ receives }: MessageProgram, runs: ReadonlyArray<Run>): ReadonlyArray<string> => {
  const closing = runs.at(-1)?.commits.at(-1)?.at(-1)
  if (receives === undefined || closing?._tag !== "ExecutionCompleted") return []
  const keys = new Set<string>()
  const sent = runs.flatMap(({ commits }) =>
    commits.flat().flatMap((event) => {
      if (event._tag !== "SignalReceived" || (event.key !== undefined && keys.has(event.key))) return []
      if (event.key !== undefined) keys.add(event.key)
      return event.name === "a" ? [event.payload] : []
    })
  )
  const taken = receives(closing.value)
  const expected = sent.slice(0, taken.length)
  return JSON.stringify(taken) === JSON.stringify(expected) ? [] : [`it took ${taken.join()} of ${sent.join()}`]
}
