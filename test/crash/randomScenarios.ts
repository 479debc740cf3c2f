/**
 * Scenarios drawn at random: executions that start children, send to each other, ask each other and continue as new, and clients that
 * do anything to them. What must hold of them is what must hold of all scenarios: `MessageWorld.ts`.
 */
import type { ParentClose } from "perdure/HistoryEvent"
import { make as makeRandom } from "../../src/internal/replay/random.ts"
import type { Action, Instruction, Scenario } from "./MessageScenarios.ts"

/** The scenario of a number. */
export const randomScenario = (number: number): Scenario => {
  const random = makeRandom(`scenario ${number}`)
  const draw = () => random.nextDoubleUnsafe()
  const roots = ids.slice(0, 2 + Math.floor(draw() * 3))
  const actions: Array<Action> = []
  const startOf = (op: "start" | "restart", id: string): Action => ({
    op,
    id,
    workflow: draw() < 0.5 ? "Sender" : "Receiver",
    input: program(draw, 2)
  })
  for (const id of roots) actions.push(startOf("start", id))
  const more = 2 + Math.floor(draw() * 7)
  for (let count = 0; count < more; count++) {
    const place = 1 + Math.floor(draw() * actions.length)
    actions.splice(place, 0, action(draw, startOf))
  }
  return { name: `random ${number}`, actions, isOpen: true }
}

// internal

const ids = ["P", "Q", "D", "E"] as const
const kids = ["C", "G", "E"] as const
const names = ["u", "v", "slow", "slower"] as const

const pickBy =
  (draw: () => number) =>
  <A>(all: ReadonlyArray<A>): A =>
    all[Math.floor(draw() * all.length)]!

const action = (draw: () => number, startOf: (op: "start" | "restart", id: string) => Action): Action => {
  const pick = pickBy(draw)
  const id = pick([...ids, ...ids, "C"])
  const name = pick(names)
  const chance = draw()
  if (chance < 0.25) return { op: "update", id, name }
  if (chance < 0.33) return { op: "finish", id, name: pick(["x", "y", "z"]) }
  if (chance < 0.45) return { op: "tell", id, name: pick(["a", "b", "c"]) }
  if (chance < 0.55) return { op: "cancel", id }
  if (chance < 0.62) return { op: "terminate", id }
  if (chance < 0.68) return { op: "delete", id }
  if (chance < 0.8) return startOf("restart", id)
  const op = chance < 0.9 ? "updateWith" : "tellOrStart"
  // A name for each, since the id may be started with a program that never answers.
  return {
    op,
    id,
    name: op === "updateWith" ? name : pick(["a", "b", "c"]),
    workflow: "Receiver",
    input: [["answer"], ...program(draw, 1)]
  }
}

/** Draws a program, whose children descend so far at most. */
const program = (draw: () => number, depth: number): ReadonlyArray<Instruction> => {
  const length = 1 + Math.floor(draw() * 6)
  const instructions = Array.from({ length }, () => instruction(draw, depth))
  const first: ReadonlyArray<Instruction> = draw() < 0.5 ? [["answer"]] : []
  const shown: ReadonlyArray<Instruction> = draw() < 0.3 ? [["show"]] : []
  const all: ReadonlyArray<Instruction> = [...first, ...shown, ...instructions]
  // A child that was not started has no end to wait for, and a run knows the children of its own alone.
  return all.flatMap((each, index): ReadonlyArray<Instruction> => {
    if (each[0] === "again" && draw() < 0.7) return [each, ["answer"]]
    if (each[0] !== "join") return [each]
    const since = all.slice(all.slice(0, index).findLastIndex(([what]) => what === "again") + 1, index)
    return since.some(([what]) => what === "child") ? [each] : []
  })
}

const instruction = (draw: () => number, depth: number): Instruction => {
  const pick = pickBy(draw)
  const to = pick([...ids, "C"])
  const chance = draw()
  if (depth > 0 && chance < 0.22) {
    const close = pick<ParentClose>(["cancel", "terminate", "abandon"])
    const input = JSON.stringify(program(draw, depth - 1))
    return chance < 0.12 ? ["child", pick(kids), close, input] : ["execute", pick(kids), close, input]
  }
  return pick<() => Instruction>([
    () => ["say", to],
    () => ["say", to],
    () => ["hear"],
    () => ["hear"],
    () => ["obey"],
    () => ["again"],
    () => ["again"],
    () => ["wait"],
    () => ["nap"],
    () => ["patched"],
    () => ["join"],
    () => (draw() < 0.5 ? ["cancel", to] : ["idle"]),
    () => ["ask", to, pick(names)],
    () => ["ask", to, pick(names)],
    () => [draw() < 0.5 ? "end" : "query", to],
    () => ["undo", to],
    () => ["leave"]
  ])()
}
