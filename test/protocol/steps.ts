/**
 * What can happen next: a worker or a client reads and decides, or saves; or a process dies, an answer of the store is lost, a write
 * lands late. What was read may be old when it is saved: the version decides. Any worker may do what a summary shows, as ownership
 * only saves work; so what holds here holds under every takeover.
 */
import { beginNext } from "./closing.ts"
import { plan } from "./clients.ts"
import { judge } from "./invariants.ts"
import { admit, append, note, sendable } from "./messages.ts"
import { turn } from "./program.ts"
import { inquire, recordAnswer, updateIdOf } from "./questions.ts"
import type { Client, Execution, Hand, Message, Model, Outcome, Write, World } from "./state.ts"
import * as words from "./words.ts"

export interface Step {
  readonly label: string
  readonly world: World
}

/** All that can happen next; without what is no fault nothing goes on. */
export const steps = (model: Model, world: World): { readonly normal: Array<Step>; readonly faults: Array<Step> } => {
  const normal: Array<Step> = []
  const faults: Array<Step> = []
  let isIdleDone = false
  for (const [i, hand] of world.workers.entries()) {
    const worker: Worker = { model, world, who: `W${i + 1}`, set: (world, hand) => withHand(world, i, hand) }
    if (hand._tag === "Nothing") {
      // Two idle workers are alike.
      if (!isIdleDone) normal.push(...takeUp(worker))
      isIdleDone = true
    } else {
      normal.push(...goOn(worker, hand))
      faults.push(...crash(worker, hand))
    }
  }
  for (const [i, client] of world.clients.entries()) normal.push(...clientSteps(model, world, i, client))
  for (const [i, write] of world.late.entries()) faults.push(...landLate(world, i, write))
  return { normal, faults }
}

// internal

/** Adds facts to what has happened, and says what is wrong with that. */
const happened = (world: World, added: ReadonlyArray<string>): World => {
  let { facts, violation } = world
  for (const fact of added) {
    violation ??= judge(facts, fact)
    facts = [...facts, fact].sort()
  }
  return { ...world, facts, violation }
}

/** What recovery finds, by summaries alone. */
const isDue = ({ rules }: Model, { isLeft, isQuiet, status }: Execution): boolean => {
  if (status === "deleted" || isQuiet) return false
  return status === "closed" ? rules.findClosed && (!isLeft || rules.findLeft) : !isLeft
}

/** A worker at work. */
interface Worker {
  readonly model: Model
  readonly world: World
  readonly who: string
  readonly set: (world: World, hand: Hand) => World
}

const nothing: Hand = { _tag: "Nothing" }

const withHand = (world: World, i: number, hand: Hand): World => ({
  ...world,
  workers: world.workers.map((other, j) => (j === i ? hand : other))
})

/** What a worker can take up. */
const takeUp = ({ model, set, who, world }: Worker): ReadonlyArray<Step> => {
  const found: Array<Step> = []
  const take = (what: string, hand: Hand) => found.push({ label: `${who}: ${what}`, world: set(world, hand) })
  for (const execution of Object.values(world.store)) {
    if (execution === null || !isDue(model, execution)) continue
    const { id, question, status, unread, updates } = execution
    if (status === "between") {
      take(`reads ${id}, to begin its next run`, { _tag: "Saving", write: beginNext(model, execution) })
    }
    for (const message of sendable(model, execution)) {
      take(`takes ${words.ofMessage(message)}`, { _tag: "Delivering", message })
    }
    if (status !== "running") continue
    const write = turn(model, execution, world.store)
    if (write !== undefined) take(`reads ${id}, takes a turn`, { _tag: "Saving", write })
    for (const [update, at] of Object.entries(updates)) {
      if (at !== "busy" || unread.some(([kind, what]) => kind === "handled" && what === update)) continue
      take(`has what the handler of ${update} waits for`, {
        _tag: "Saving",
        write: append(model, execution, ["handled", update])
      })
    }
    const isAnswered = unread.some(([kind]) => kind === "answer")
    if (question === undefined || isAnswered || !model.rules.findAsking) continue
    const updateId = updateIdOf(model, question, world.facts)
    const hand = asked(model, world, { _tag: "Asking", asker: id, question, updateId })
    if (hand !== undefined) take(`reads ${question.of} for question ${question.id}${words.ofHand(hand)}`, hand)
  }
  return found
}

type Asking = Extract<Hand, { readonly _tag: "Asking" }>

/** Asks; without an answer it is to be waited for. */
const asked = (model: Model, world: World, hand: Asking): Hand | undefined => {
  const { asker, question, updateId } = hand
  const { chain, kind, of } = question
  const reply = inquire(model, world.store[of] ?? null, { kind, chain, updateId })
  if (reply === "wait") return undefined
  const again = { _tag: "Asking", asker, question, updateId } as const
  return "answer" in reply ? { ...again, answer: reply.answer, by: reply.by } : { ...again, write: reply }
}

/** Goes on with what a worker has in hand. */
const goOn = (worker: Worker, hand: Exclude<Hand, { readonly _tag: "Nothing" }>): ReadonlyArray<Step> => {
  const { model, set, who, world } = worker
  const { write } = hand
  if (write !== undefined) {
    return save(model, world, write, {
      who,
      stored: (world, isStored) => set(world, afterSave(hand, write, isStored)),
      lost: (world, write) => set(world, { ...hand, write })
    })
  }
  if (hand._tag === "Delivering") return deliver(worker, hand.message, hand.outcome)
  return hand._tag === "Asking" ? answer(worker, hand) : []
}

const afterSave = (hand: Hand, { isHelp }: Write, isStored: boolean): Hand => {
  switch (hand._tag) {
    case "Delivering": {
      const { message, outcome } = hand
      if (isStored && outcome !== undefined) return nothing
      const result = isStored && isHelp !== true ? "delivered" : outcome
      return result === undefined ? { _tag: "Delivering", message } : { _tag: "Delivering", message, outcome: result }
    }
    case "Asking": {
      // A request that is stored is waited for, and an answer that is stored is all.
      if (isStored && isHelp !== true) return nothing
      return { ...hand, write: undefined }
    }
    default:
      return nothing
  }
}

const deliver = (
  { model, set, who, world }: Worker,
  message: Message,
  outcome: Outcome | undefined
): ReadonlyArray<Step> => {
  const hand = { _tag: "Delivering", message } as const
  if (outcome === undefined) {
    const admitted = admit(model, world.store[message.to] ?? null, message)
    const label = `${who}: reads ${message.to} for ${words.ofMessage(message)}`
    return typeof admitted === "string"
      ? [{ label: `${label}: ${admitted}`, world: set(world, { ...hand, outcome: admitted }) }]
      : [{ label, world: set(world, { ...hand, write: admitted }) }]
  }
  const write = note(model, world.store[message.from.id] ?? null, message, outcome)
  const label = `${who}: reads ${message.from.id} to note ${message.id} ${outcome}`
  return [{ label, world: set(world, write === undefined ? nothing : { ...hand, outcome, write }) }]
}

/** Records an answer, or asks again after a commit that came first. */
const answer = ({ model, set, who, world }: Worker, hand: Asking): ReadonlyArray<Step> => {
  const { answer, asker, by, question } = hand
  if (answer === undefined || by === undefined) {
    const next = asked(model, world, hand) ?? nothing
    return [
      {
        label: `${who}: reads ${question.of} for question ${question.id}${words.ofHand(next)}`,
        world: set(world, next)
      }
    ]
  }
  const write = recordAnswer(model, world.store[asker] ?? null, question, { answer, by })
  const label = `${who}: reads ${asker} to record the answer of ${question.id}`
  return [{ label, world: set(world, write === undefined ? nothing : { ...hand, write }) }]
}

const crash = (
  { model, set, who, world }: Worker,
  hand: Exclude<Hand, { readonly _tag: "Nothing" }>
): ReadonlyArray<Step> => {
  if (world.crashesLeft === 0) return []
  const { write } = hand
  const crashed = set({ ...world, crashesLeft: world.crashesLeft - 1 }, nothing)
  const found: Array<Step> = [{ label: `${who}: CRASH`, world: crashed }]
  if (write !== undefined && write.hasLanded !== true && world.late.length < model.scenario.faults.late) {
    const late = { ...crashed, late: [...world.late, write] }
    found.push({ label: `${who}: CRASH, its write is still under way (${words.ofWrite(write)})`, world: late })
  }
  return found
}

/** Stores a commit: at its version, in its run, and once. */
const land = (world: World, write: Write): World | "conflict" => {
  if (write.hasLanded === true) return world
  const now = world.store[write.id] ?? null
  if ((now?.version ?? 0) !== write.base || (write.run !== undefined && now?.run !== write.run)) return "conflict"
  return happened({ ...world, store: { ...world.store, [write.id]: write.next } }, write.facts)
}

/** A deletion removes the commits by which a save that is repeated is known. */
const forget = (world: World, id: string): World => {
  const forgotten = <T extends { readonly write?: Write | undefined }>(one: T): T =>
    one.write?.id === id && one.write.hasLanded === true ? { ...one, write: { ...one.write, hasLanded: false } } : one
  const workers = world.workers.map((hand) => (hand._tag === "Nothing" ? hand : forgotten(hand)))
  return { ...world, workers, clients: world.clients.map(forgotten) }
}

interface Saving {
  readonly who: string
  readonly stored: (world: World, isStored: boolean) => World
  readonly lost: (world: World, write: Write) => World
}

const save = (model: Model, world: World, write: Write, { lost, stored, who }: Saving): ReadonlyArray<Step> => {
  if (isDoubled(model, world, write)) {
    const violation = `of two that began ${write.next!.run} both were told that theirs is stored`
    return [{ label: `${who}: saves ${words.ofWrite(write)}`, world: { ...world, violation } }]
  }
  const landed = land(world, write)
  if (landed === "conflict") {
    return [{ label: `${who}: conflict at ${write.id}@${write.base + 1}`, world: stored(world, false) }]
  }
  const isGone = write.next === null || write.next.status === "deleted"
  const after = isGone ? forget(landed, write.id) : landed
  const verb = write.hasLanded === true ? "is answered that it saved" : "saves"
  const found: Array<Step> = [{ label: `${who}: ${verb} ${words.ofWrite(write)}`, world: stored(after, true) }]
  if (world.lossesLeft > 0 && write.hasLanded !== true) {
    const unknown = lost({ ...after, lossesLeft: after.lossesLeft - 1 }, { ...write, hasLanded: true })
    found.push({ label: `${who}: saves, ANSWER LOST: ${words.ofWrite(write)}`, world: unknown })
  }
  return found
}

/** Whether the store takes the begin of a run for one that it has, although another process made that. */
const isDoubled = ({ rules }: Model, { store }: World, { base, hasLanded, id, isHelp, next }: Write): boolean => {
  if (rules.ownCommitId || isHelp !== true || hasLanded === true) return false
  const now = store[id] ?? null
  return now !== null && next !== null && now.run === next.run && now.version > base
}

const landLate = (world: World, i: number, write: Write): ReadonlyArray<Step> => {
  const landed = land({ ...world, late: world.late.filter((_, j) => j !== i) }, write)
  return landed === "conflict" ? [] : [{ label: `LATE WRITE lands: ${words.ofWrite(write)}`, world: landed }]
}

const clientSteps = (model: Model, world: World, i: number, client: Client): ReadonlyArray<Step> => {
  const operation = model.scenario.clients?.[i]?.[client.place]
  if (operation === undefined) return []
  const who = `client${i + 1} ${operation.join(" ")}`
  const set = (world: World, client: Client): World => ({
    ...world,
    clients: world.clients.map((other, j) => (j === i ? client : other))
  })
  const done = (world: World, answer: string): World => {
    const facts = operation[0] === "update" ? [`got ${answer}`] : []
    return happened(set(world, { place: client.place + 1 }), facts)
  }
  if (client.write !== undefined) {
    return save(model, world, client.write, {
      who,
      stored: (world, isStored) =>
        isStored && client.answer !== undefined ? done(world, client.answer) : set(world, { place: client.place }),
      lost: (world, write) => set(world, { ...client, write })
    })
  }
  const restarts = world.facts.filter((fact) => fact.startsWith(`begun ${operation[1]}:`)).length
  const planned = plan(model, operation, world.store[operation[1]] ?? null, restarts)
  if (planned === "wait") return []
  return "write" in planned
    ? [{ label: `${who}: reads`, world: set(world, { place: client.place, ...planned }) }]
    : [{ label: `${who}: is answered ${planned.answer}`, world: done(world, planned.answer) }]
}
