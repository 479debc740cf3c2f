/**
 * Updates and results: what an execution answers, and the commits of asking. A question of a program is recorded with it, and any
 * worker that finds it open asks it, as a client would; so it may be asked again at any time.
 */
import { beginNext } from "./closing.ts"
import { append } from "./messages.ts"
import type { Execution, Model, Question, Write } from "./state.ts"

/** What is asked of an execution. */
export type Asked = Pick<Question, "kind" | "chain"> & { readonly updateId: string }

/** What comes of a question: a commit to be made first, an answer, or that it is to be waited for. */
export type Reply = Write | { readonly answer: string; readonly by: string } | "wait"

/** Asks an execution as it was read. */
export const inquire = (model: Model, found: Execution | null, asked: Asked): Reply => {
  if (found === null || found.status === "deleted") return { answer: "NotFound", by: asked.chain ?? "-" }
  if (asked.kind === "find") return { answer: found.chain, by: found.chain }
  return asked.kind === "result" ? resultOf(model, found, asked) : updateOf(model, found, asked)
}

/** The commit that records an answer in the execution that asked; none when the question is not open. */
export const recordAnswer = (
  model: Model,
  asker: Execution | null,
  question: Question,
  { answer, by }: { readonly answer: string; readonly by: string }
): Write | undefined => {
  const open = asker?.status === "running" ? asker.question : undefined
  if (asker === null || open === undefined || asker.unread.some(([kind]) => kind === "answer")) return undefined
  if (model.rules.openOnly && open.id !== question.id) return undefined
  return append(model, asker, ["answer", answer], {}, [`told ${open.id} ${open.kind} ${by} ${answer}`])
}

/** The id of the update that a question asks for. */
export const updateIdOf = ({ rules }: Model, { id }: Question, facts: ReadonlyArray<string>): string =>
  rules.askRecorded ? id : `${id}/${facts.filter((fact) => fact.startsWith("requested ")).length}`

// internal

const resultOf = ({ rules }: Model, found: Execution, asked: Asked): Reply => {
  const { chain, closedAt, past, result, status, version } = found
  const by = asked.chain ?? chain
  if (by !== chain) {
    const before = rules.knownBefore ? past[by]?.result : undefined
    return { answer: before ?? "Restarted", by }
  }
  if (status !== "closed" || result === undefined) return "wait"
  return rules.resultStays || version === closedAt ? { answer: result, by } : "wait"
}

const updateOf = (model: Model, found: Execution, { chain, updateId }: Asked): Reply => {
  const { rules } = model
  if (found.status === "between" && rules.finishFirst) return beginNext(model, found)
  const by = chain ?? found.chain
  const before = rules.knownBefore ? found.past[by] : undefined
  const known = (by === found.chain ? found : before)?.updates[updateId]
  const isAnswered = known !== undefined && known !== "open" && known !== "busy"
  if (isAnswered && rules.knownFirst) return { answer: known, by }
  if (by !== found.chain) return { answer: "Restarted", by }
  if (found.status === "closed") return { answer: "Finished", by }
  if (isAnswered) return { answer: known, by }
  if (known !== undefined) return "wait"
  const updates = { ...found.updates, [updateId]: "open" }
  return append(model, found, ["request", updateId], { updates }, [`requested ${by} ${updateId}`])
}
