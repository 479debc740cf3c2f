/**
 * What clients do: signals, updates, cancels, terminations, restarts and deletions from outside.
 */
import { beginNext, terminate } from "./closing.ts"
import { append, cancel } from "./messages.ts"
import { inquire } from "./questions.ts"
import { begun, chainOf, type Execution, isThere, type Model, numberOf, type Operation, type Write } from "./state.ts"

/** What a client does next: it saves something, is answered, or waits until something happens. */
export type Plan =
  | { readonly write: Write; readonly answer?: string | undefined }
  | { readonly answer: string }
  | "wait"

/** Decides on an operation, by the execution as it was read. `restarts`: how often the id was started again. */
export const plan = (model: Model, operation: Operation, found: Execution | null, restarts: number): Plan => {
  switch (operation[0]) {
    case "restart":
      return restart(model, operation[1], found, restarts)
    case "delete":
      return isThere(found) ? remove(model, found) : { answer: "NotFound" }
    case "leave":
      if (!isThere(found) || found.status === "closed") return { answer: "left" }
      return {
        write: {
          id: found.id,
          base: found.version,
          facts: [],
          next: { ...found, version: found.version + 1, isLeft: true }
        },
        answer: "left"
      }
    case "terminate":
      if (!isThere(found)) return { answer: "NotFound" }
      if (found.status === "closed") return { answer: "Finished" }
      if (found.status === "between" && model.rules.finishFirst) return { write: beginNext(model, found) }
      return { write: terminate(model, found), answer: "terminated" }
    case "cancel":
      return tell(model, found, (receiver) =>
        receiver.isCancelled ? "known" : cancel(model, receiver, { chain: undefined, id: "cancel" })
      )
    case "signal": {
      const key = operation[2]
      return tell(model, found, (receiver) =>
        append(model, receiver, ["key", key], {}, [`rec ${receiver.chain} ${key}`])
      )
    }
    case "update": {
      const reply = inquire(model, found, { kind: "update", chain: undefined, updateId: operation[2] })
      if (reply === "wait") return "wait"
      return "answer" in reply
        ? { answer: `update ${operation[1]} ${operation[2]} ${reply.by} ${reply.answer}` }
        : { write: reply }
    }
  }
}

// internal

const tell = (model: Model, found: Execution | null, how: (receiver: Execution) => Write | "known"): Plan => {
  if (!isThere(found)) return { answer: "NotFound" }
  if (found.status === "between" && model.rules.finishFirst) return { write: beginNext(model, found) }
  if (found.status === "closed") return { answer: "Finished" }
  const write = how(found)
  return write === "known" ? { answer: "told" } : { write, answer: "told" }
}

const restart = ({ rules }: Model, id: string, found: Execution | null, restarts: number): Plan => {
  const mayRestart = !isThere(found) || found.status === "closed"
  if (!mayRestart) return { answer: "running" }
  // What the chain before owes comes first.
  if (isThere(found) && rules.restartSettled && found.owed.length > 0) return "wait"
  const chain = `${id}:${restarts + 2}`
  const past = isThere(found) ? { ...found.past, [found.chain]: { updates: found.updates, result: found.result } } : {}
  const { record, seen, version } = found ?? { record: {}, seen: [], version: 0 }
  const next = begun(id, chain, version + 1, { past, ...(rules.seenById ? { record, seen } : {}) })
  return { write: { id, base: version, next, facts: [`begun ${chain}`] }, answer: "restarted" }
}

const remove = ({ rules }: Model, found: Execution): Plan => {
  const { chain, id, owed, run, seen, status, version } = found
  if (rules.deleteClosed && status !== "closed") return { answer: "running" }
  if (rules.deleteSettled && owed.length > 0) return "wait"
  const record = Object.fromEntries(seen.filter((id) => id.includes("#")).map((id) => [chainOf(id), numberOf(id)]))
  const kept = rules.seenById ? { record: { ...found.record, ...record } } : {}
  const next = rules.recordOfDeletion ? begun(id, chain, version + 1, { status: "deleted", ...kept }) : null
  return { write: { id, base: version, run, next, facts: [`deleted ${chain}`] }, answer: "deleted" }
}
