/**
 * What must be so where nothing more can happen: all that was owed is settled, everything that waits waits with reason, and nobody
 * was told what is not true. Histories only grow, so every schedule ends; and so this is what holds sooner or later.
 */
import { inquire } from "./questions.ts"
import { turn } from "./program.ts"
import { type Execution, isThere, type Model, type World } from "./state.ts"

/** What is wrong with a world in which nothing more happens. */
export const judgeEnd = (model: Model, world: World): string | undefined => {
  for (const execution of Object.values(world.store)) {
    if (!isThere(execution)) continue
    const wrong = stuck(model, world, execution) ?? forgotten(world, execution) ?? orphaned(world, execution)
    if (wrong !== undefined) return wrong
  }
  for (const fact of world.facts) {
    const wrong = untrue(world, fact)
    if (wrong !== undefined) return wrong
  }
  for (const [i, { place }] of world.clients.entries()) {
    const operation = model.scenario.clients?.[i]?.[place]
    if (operation !== undefined) return `client${i + 1} waits for ever for "${operation.join(" ")}"`
  }
  return undefined
}

// internal

const stuck = (model: Model, { facts, store }: World, execution: Execution): string | undefined => {
  const { chain, id, isLeft, owed, place, question, status, updates } = execution
  // It waits for its worker.
  if (isLeft && status !== "closed") return undefined
  if (owed.length > 0) return `${id} owes for ever: ${owed.map(({ kind, to }) => `${kind} > ${to}`).join(", ")}`
  if (status === "between") return `${id} is between two runs for ever`
  if (status !== "running") return undefined
  if (turn(model, execution, store) !== undefined) return `${id} has something to do, and no worker sees it`
  if (Object.values(updates).includes("busy")) return `${id} has a handler that no worker goes on with`
  const instruction = model.scenario.programs[id]![place]
  if (question !== undefined) {
    const { chain, id: updateId, kind, of } = question
    const hasEnded = facts.some((fact) => fact.startsWith(`result ${chain} `)) || facts.includes(`deleted ${chain}`)
    const waits = inquire(model, store[of] ?? null, { kind, chain, updateId }) === "wait"
    return !waits || kind !== "result" || hasEnded ? `${id} waits for ever for the answer of ${of}` : undefined
  }
  if (instruction?.[0] !== "await") return undefined
  const kid = facts
    .find((fact) => fact.startsWith(`kid ${instruction[1]}<`) && fact.endsWith(` of ${chain}`))
    ?.split(" ")[1]
  const hasEnded = facts.some((fact) => fact.startsWith(`result ${kid} `) || fact === `deleted ${kid}`)
  return hasEnded ? `${id} waits for ever for ${kid}, which has ended` : undefined
}

/** What was recorded by an execution that runs, and neither taken nor kept. */
const forgotten = ({ facts }: World, { chain, mailbox, status }: Execution): string | undefined => {
  if (status !== "running") return undefined
  for (const fact of facts) {
    const [kind, by, message = ""] = fact.split(" ")
    if (kind !== "rec" || by !== chain) continue
    if (message === "cancel" || message === "terminate") return `the ${message} of ${chain} was lost`
    if (!facts.includes(`take ${chain} ${message}`) && !mailbox.includes(message))
      return `${message} was lost by ${chain}`
  }
  return undefined
}

/** A child that goes on although its parent has closed and was to end it. */
const orphaned = ({ facts }: World, { chain, status }: Execution): string | undefined => {
  const [, , policy, , parent] = facts.find((fact) => fact.startsWith(`kid ${chain} `))?.split(" ") ?? []
  if (status !== "running" || parent === undefined || policy === "abandon") return undefined
  return facts.some((fact) => fact.startsWith(`result ${parent} `))
    ? `${chain} outlives its parent for ever`
    : undefined
}

const untrue = ({ facts, store }: World, fact: string): string | undefined => {
  const [kind, a = "", b = ""] = fact.split(" ")
  const isRecorded = () => facts.some((other) => other.startsWith("rec ") && other.endsWith(` ${a}`))
  switch (kind) {
    case "noted": {
      const isStarted = facts.some((other) => other.startsWith("started ") && other.endsWith(`<${a.replace("#", ".")}`))
      if (b === "refused" && (isRecorded() || isStarted))
        return `${a} was delivered, and its sender told that it was not`
      const isLost = b === "delivered" && facts.includes(`sent ${a}`) && !isRecorded()
      return isLost ? `${a} was noted as delivered, and never recorded` : undefined
    }
    case "sent":
      return facts.some((other) => other.startsWith(`noted ${a} `)) ? undefined : `signal ${a} vanished from its sender`
    case "started": {
      const parent = a.slice(a.indexOf("<") + 1).replace(/\.\d+$/, "")
      const isAlive = Object.values(store).some((one) => one?.chain === parent && one.status === "running")
      const hasEnded = facts.some((other) => other.startsWith(`result ${a} `))
      const isTold = facts.includes(`end ${parent} of ${a} for ${parent}`)
      return isAlive && hasEnded && !isTold ? `the end of ${a} never reached its parent` : undefined
    }
    default:
      return undefined
  }
}
