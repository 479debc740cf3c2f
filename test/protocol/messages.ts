/**
 * Messages between executions: pure decisions, from what was read of a receiver or a sender to a commit.
 */
import { beginNext, closeFromOutside, terminate } from "./closing.ts"
import {
  begun,
  chainOf,
  type Event,
  type Execution,
  type Message,
  type Model,
  numberOf,
  type Outcome,
  type Write
} from "./state.ts"

/** Adds what happened to an execution. */
export const append = (
  { rules }: Model,
  execution: Execution,
  event: Event,
  more: Partial<Execution> = {},
  facts: ReadonlyArray<string> = []
): Write => {
  const { id, run, status, unread, version } = execution
  const kept = status === "between" && !rules.sealed ? unread : [...unread, event]
  return { id, base: version, run, facts, next: { ...execution, version: version + 1, unread: kept, ...more } }
}

/** Whether and how a message goes into its receiver as that was read. */
export const admit = (model: Model, receiver: Execution | null, message: Message): Write | Outcome => {
  if (message.kind === "start") return admitStart(model, receiver, message)
  const { rules } = model
  if (receiver === null) return "refused"
  if (rules.seenFirst && hasSeen(receiver, message)) return "delivered"
  const { chain, isCancelled, kids, run, status } = receiver
  if (status === "deleted") return "refused"
  if (rules.chainCheck && message.chain !== undefined && message.chain !== chain) return "refused"
  if (message.kind === "end" && !rules.chainNotRun && message.run !== run) return "refused"
  if (status === "between" && rules.finishFirst) return beginNext(model, receiver)
  if (message.kind === "terminate") {
    return status === "closed" ? "delivered" : terminate(model, receiver, [`rec ${chain} terminate ${message.chain}`])
  }
  if (status === "closed") return "refused"
  switch (message.kind) {
    case "cancel":
      return isCancelled ? "delivered" : cancel(model, receiver, message)
    case "signal": {
      if (hasSeen(receiver, message)) return "delivered"
      const facts = [`rec ${chain} ${message.id}`]
      return append(model, receiver, ["signal", message.id], { seen: [...receiver.seen, message.id] }, facts)
    }
    case "end": {
      const isOpen = kids.some((kid) => kid.chain === message.from.chain)
      if (rules.chainCheck && !isOpen) return "delivered"
      const facts = [`end ${chain} of ${message.from.chain} for ${message.chain}`]
      const left = kids.filter((kid) => kid.chain !== message.from.chain)
      return append(model, receiver, ["end", message.key!], { kids: left }, facts)
    }
  }
}

/** A cancel. What no worker has taken ends with it, as its program has nothing to undo. */
export const cancel = (
  model: Model,
  receiver: Execution,
  { chain, id }: { readonly chain?: string | undefined; readonly id: string }
): Write => {
  const facts = [`rec ${receiver.chain} cancel ${chain ?? receiver.chain}`]
  const isUntaken = !receiver.isTaken && (receiver.run === receiver.chain || !model.rules.onlyUntaken)
  const seen = [...receiver.seen, id]
  if (isUntaken && receiver.status === "running") {
    return closeFromOutside(
      model,
      { ...receiver, seen, isCancelled: true },
      { result: "cancelled", bySummary: true, facts }
    )
  }
  return append(model, receiver, ["cancel", ""], { isCancelled: true, seen }, facts)
}

/** The messages of an execution that can be sent now. */
export const sendable = ({ rules }: Model, { owed }: Execution): ReadonlyArray<Message> =>
  rules.oneLine ? owed.filter((message, i) => owed.findIndex(({ to }) => to === message.to) === i) : owed

/** The commit with which the sender notes what became of a message; none when that was noted. */
export const note = (
  { rules }: Model,
  sender: Execution | null,
  message: Message,
  found: Outcome
): Write | undefined => {
  if (sender === null || !sender.owed.some(({ id }) => id === message.id)) return undefined
  const { kids, owed, run, status, unread, version } = sender
  const isOpen = kids.some(({ chain }) => chain === message.chain)
  const isStart = message.kind === "start" && status !== "closed"
  const outcome = isStart && !isOpen && rules.endedWasStarted ? "delivered" : found
  // A sender that is closed is told nothing.
  const told = message.kind === "start" && status === "closed" ? "late" : outcome
  const settled = { ...sender, version: version + 1, owed: owed.filter(({ id }) => id !== message.id) }
  const failed = {
    ...settled,
    unread: [...unread, ["end", message.key!] as const],
    kids: kids.filter(({ chain }) => chain !== message.chain)
  }
  const next = isStart && outcome === "refused" && isOpen ? failed : settled
  return { id: sender.id, base: version, run, facts: [`noted ${message.id} ${told}`], next }
}

// internal

/** Starts a child, when nothing has happened to its id since its parent looked. */
const admitStart = ({ rules }: Model, found: Execution | null, message: Message): Write | Outcome => {
  const { base, chain, from, key, to } = message
  const version = found?.version ?? 0
  const isKnown = rules.startKnown && (found?.chain === chain || found?.past[chain!] !== undefined)
  if (isKnown && found?.status !== "deleted") return "delivered"
  if (base !== undefined ? version !== base : found !== null && found.status !== "deleted") return "refused"
  const parent = { id: from.id, chain: from.chain, run: from.run, key: key! }
  const { record, seen } = found ?? { record: {}, seen: [] }
  const kept = rules.seenById ? { record, seen } : {}
  const next = begun(to, chain!, version + 1, { parent, past: found?.past ?? {}, ...kept })
  return { id: to, base: version, next, facts: [`started ${chain}`] }
}

/** Whether a message is in the commits of an execution, or in the record of their deletion. */
const hasSeen = ({ record, seen }: Execution, { id }: Message): boolean =>
  seen.includes(id) || (record[chainOf(id)] ?? 0) >= numberOf(id)
