/**
 * Explores everything that can happen in a scenario, breadth first, so that the first trace that breaks something is a shortest one.
 * States are kept as hashes of 53 bits: of a million states one is missed with a chance of about 1 in 10,000.
 */
import { judgeEnd } from "./ends.ts"
import { begun, type Model, type World } from "./state.ts"
import { steps } from "./steps.ts"

/** What was found: how much was explored, and the first thing that is wrong, with what led to it. */
export interface Found {
  readonly states: number
  readonly depth: number
  readonly ends: number
  readonly violation: string | undefined
  readonly trace: ReadonlyArray<string>
}

/** Explores a scenario, until something is wrong. Fails when there are more states than were to be expected. */
export const explore = (model: Model, mostStates = 1_500_000): Found => {
  const first = beginning(model)
  const known = new Set<number>([hashOf(first)])
  const steps = new Trace()
  let level: ReadonlyArray<Reached> = [{ world: first, at: 0 }]
  let ends = 0
  for (let depth = 0; ; depth++) {
    const below: Array<Reached> = []
    for (const reached of level) {
      const followed = follow(model, reached, known, steps, below)
      if (followed === "end") ends++
      else if (followed !== "on") {
        return { states: known.size, depth, ends, violation: followed.violation, trace: steps.to(followed.at) }
      }
    }
    if (known.size > mostStates) throw new Error(`more than ${mostStates} states`)
    if (below.length === 0) return { states: known.size, depth, ends, violation: undefined, trace: [] }
    level = below
  }
}

// internal

interface Reached {
  readonly world: World
  readonly at: number
}

interface Wrong {
  readonly violation: string
  readonly at: number
}

/** How each state was reached. Each label is kept once, since there are few of them. */
class Trace {
  private readonly from: Array<number> = [-1]
  private readonly labels: Array<string> = [""]
  private readonly kept = new Map<string, string>()

  add(from: number, label: string): number {
    if (!this.kept.has(label)) this.kept.set(label, label)
    this.labels.push(this.kept.get(label)!)
    return this.from.push(from) - 1
  }

  to(at: number): ReadonlyArray<string> {
    const trace: Array<string> = []
    for (let i = at; i > 0; i = this.from[i]!) trace.unshift(this.labels[i]!)
    return trace
  }
}

const follow = (
  model: Model,
  { at, world }: Reached,
  known: Set<number>,
  trace: Trace,
  below: Array<Reached>
): "on" | "end" | Wrong => {
  const { faults, normal } = steps(model, world)
  const violation = normal.length === 0 ? judgeEnd(model, world) : undefined
  if (violation !== undefined) return { violation, at }
  for (const { label, world: next } of [...normal, ...faults]) {
    const hash = hashOf(next)
    if (known.has(hash) && next.violation === undefined) continue
    known.add(hash)
    const reached = { world: next, at: trace.add(at, label) }
    if (next.violation !== undefined) return { violation: next.violation, at: reached.at }
    below.push(reached)
  }
  return normal.length === 0 ? "end" : "on"
}

const beginning = ({ scenario }: Model): World => ({
  store: Object.fromEntries(scenario.there.map((id) => [id, begun(id, `${id}:1`, 1, { isTaken: true })])),
  workers: Array.from({ length: scenario.workers ?? 2 }, () => ({ _tag: "Nothing" })),
  clients: (scenario.clients ?? []).map(() => ({ place: 0 })),
  late: [],
  facts: [],
  crashesLeft: scenario.faults.crashes,
  lossesLeft: scenario.faults.losses,
  violation: undefined
})

const texts = new WeakMap<object, string>()

/** The text of a part of a world; parts are shared by many worlds. */
const textOf = (part: object | null): string => {
  if (part === null) return "-"
  let text = texts.get(part)
  if (text === undefined) texts.set(part, (text = JSON.stringify(part)))
  return text
}

const hashOf = ({ clients, crashesLeft, facts, late, lossesLeft, store, workers }: World): number => {
  const executions = Object.keys(store)
    .sort()
    .map((id) => `${id}${textOf(store[id]!)}`)
  const parts = [executions, workers.map(textOf).sort(), clients.map(textOf), late.map(textOf).sort(), facts]
  const text = `${parts.map((part) => part.join()).join("|")}${crashesLeft}.${lossesLeft}`
  let a = 0x811c9dc5
  let b = 0x1b873593
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    a = Math.imul(a ^ code, 0x01000193)
    b = Math.imul(b ^ code, 0x85ebca6b)
    b ^= b >>> 13
  }
  return (a >>> 0) * 0x200000 + ((b >>> 0) & 0x1fffff)
}
