/**
 * What a worker does with an execution: one turn of its program, as one commit.
 */
import { close } from "./closing.ts"
import {
  type Event,
  type Execution,
  type Instruction,
  isThere,
  type Message,
  type Model,
  type Policy,
  type Question,
  type Store,
  type Write
} from "./state.ts"

/** A turn: events are delivered in their order, and after each the program goes as far as it can. */
export const turn = (model: Model, execution: Execution, store: Store): Write | undefined => {
  const draft: Draft = { model, store, now: { ...execution, version: execution.version + 1, isTaken: true }, facts: [] }
  const program = model.scenario.programs[execution.id]!
  while (draft.now.status === "running") {
    const { now } = draft
    if (now.question === undefined) {
      if (!follow(draft, program[now.place]!) && !deliver(draft)) break
    } else if (!stopRacing(draft) && !deliver(draft)) break
  }
  const { facts, now: next } = draft
  const isSame =
    next.place === execution.place &&
    next.status === execution.status &&
    next.question === execution.question &&
    next.unread.length === execution.unread.length
  return isSame ? undefined : { id: execution.id, base: execution.version, run: execution.run, next, facts }
}

// internal

/** A turn that is being taken. */
interface Draft {
  readonly model: Model
  readonly store: Store
  readonly facts: Array<string>
  now: Execution
}

const change = (draft: Draft, changes: Partial<Execution>): true => {
  draft.now = { ...draft.now, ...changes }
  return true
}

/** Follows an instruction; returns whether the program can go on with what it knows. */
const follow = (draft: Draft, instruction: Instruction): boolean => {
  const { model, now } = draft
  const done = { place: now.place + 1 }
  switch (instruction[0]) {
    case "start":
      return start(draft, instruction[1], instruction[2])
    case "started":
      return !now.owed.some(({ kind, to }) => kind === "start" && to === instruction[1]) && change(draft, done)
    case "await":
      return join(draft, instruction[1])
    case "signal":
      return signal(draft, instruction[1])
    case "receive":
      return receive(draft)
    case "find":
    case "update":
    case "result":
      return ask(draft, instruction[0], instruction[1])
    case "race":
      return receive(draft) || ask(draft, "result", instruction[1], true)
    case "continue":
      if (model.rules.handlersFirst && Object.values(now.updates).includes("busy")) return false
      return change(draft, { ...done, status: "between" })
    case "return":
      return change(draft, close(model, now, "done", draft.facts))
    case "idle":
      return false
  }
}

/** The part of a message that its sender makes. */
const envelope = ({ model, now }: Draft): Pick<Message, "id" | "from"> => {
  const number = model.rules.countByChain ? now.sent : now.commands
  return { id: `${now.chain}#${number + 1}`, from: { id: now.id, chain: now.chain, run: now.run } }
}

const start = (draft: Draft, child: string, policy: Policy): boolean => {
  const { facts, model, now, store } = draft
  const { addressed, endByChain } = model.rules
  const message = envelope(draft)
  const chain = `${child}<${message.id.replace("#", ".")}`
  const key = endByChain ? chain : `#${now.commands}`
  const sent = {
    place: now.place + 1,
    commands: now.commands + 1,
    sent: now.sent + 1,
    refs: { ...now.refs, [child]: chain },
    own: { ...now.own, [child]: key }
  }
  const found = store[child]
  if (addressed && isThere(found)) {
    facts.push(`noted ${message.id} refused`)
    return change(draft, { ...sent, ended: [...now.ended, key] })
  }
  facts.push(`kid ${chain} ${policy} of ${now.chain}`)
  const base = addressed ? (found?.version ?? 0) : undefined
  return change(draft, {
    ...sent,
    kids: [...now.kids, { id: child, chain, key, policy }],
    owed: [...now.owed, { ...message, kind: "start", to: child, chain, key, base }]
  })
}

const signal = (draft: Draft, to: string): boolean => {
  const { facts, model, now, store } = draft
  const message = envelope(draft)
  facts.push(`sent ${message.id}`)
  const sent = { place: now.place + 1, commands: now.commands + 1, sent: now.sent + 1 }
  const found = store[to]
  const known = now.kids.find(({ id }) => id === to)?.chain ?? (to === now.id ? now.chain : undefined)
  const chain = model.rules.addressed ? (known ?? (isThere(found) ? found.chain : undefined)) : undefined
  if (model.rules.addressed && chain === undefined) {
    facts.push(`noted ${message.id} refused`)
    return change(draft, sent)
  }
  return change(draft, { ...sent, owed: [...now.owed, { ...message, kind: "signal", to, chain }] })
}

const receive = (draft: Draft): boolean => {
  const { facts, now } = draft
  const [first, ...mailbox] = now.mailbox
  if (first === undefined) return false
  facts.push(`take ${now.chain} ${first}`)
  return change(draft, { mailbox, place: now.place + 1 })
}

/** Waits for the end of a child. Of one that another run has started the store knows the result. */
const join = (draft: Draft, child: string): boolean => {
  const { facts, now } = draft
  const key = now.own[child]
  if (key === undefined) return ask(draft, "result", child)
  if (!now.ended.includes(key)) return false
  facts.push(`joined ${now.chain} ${child} ${key}`)
  return change(draft, { place: now.place + 1 })
}

const ask = (draft: Draft, kind: Question["kind"], of: string, races = false): boolean => {
  const { facts, model, now, store } = draft
  const found = store[of]
  const addressed = model.rules.askAddressed && kind !== "find" && isThere(found) ? found.chain : undefined
  const chain = now.refs[of] ?? addressed
  const id = `${model.rules.askByRun ? now.run : now.chain}?${now.commands}`
  const issued = { place: now.place + 1, commands: now.commands + 1 }
  facts.push(`asked ${id}`)
  if (model.rules.askAddressed && kind !== "find" && chain === undefined) {
    facts.push(`told ${id} ${kind} - NotFound`)
    return change(draft, issued)
  }
  return change(draft, { ...issued, question: { id, kind, of, chain, races } })
}

/** Ends the wait for an answer when a signal came first. */
const stopRacing = (draft: Draft): boolean => {
  const { facts, now } = draft
  const [first, ...mailbox] = now.mailbox
  if (now.question?.races !== true || first === undefined) return false
  facts.push(`take ${now.chain} ${first}`)
  return change(draft, { mailbox, question: undefined })
}

/** Delivers the next event; returns whether there was one. */
const deliver = (draft: Draft): boolean => {
  const [event, ...unread] = draft.now.unread
  if (event === undefined) return false
  change(draft, { unread })
  apply(draft, event)
  return true
}

const apply = (draft: Draft, [kind, what]: Event): unknown => {
  const { facts, model, now } = draft
  switch (kind) {
    case "signal":
      return change(draft, { mailbox: [...now.mailbox, what] })
    case "key":
      if (now.keys.includes(what)) return
      return change(draft, { mailbox: [...now.mailbox, what], keys: [...now.keys, what] })
    case "cancel":
      return change(draft, close(model, now, "cancelled", facts))
    case "end":
      return change(draft, { ended: [...now.ended, what] })
    case "request": {
      const known = now.updates[what]
      if (known !== undefined && known !== "open") return
      facts.push(`handles ${now.chain} ${what}`)
      return change(draft, { updates: { ...now.updates, [what]: "busy" } })
    }
    case "handled":
      if (now.updates[what] !== "busy") return
      facts.push(`answer ${now.chain} ${what}`)
      return change(draft, { updates: { ...now.updates, [what]: "ok" } })
    case "answer": {
      const { question, refs } = now
      if (question?.kind !== "find" || what === "NotFound") return change(draft, { question: undefined })
      return change(draft, { question: undefined, refs: { ...refs, [question.of]: what } })
    }
  }
}
