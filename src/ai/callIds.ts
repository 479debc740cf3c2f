/**
 * The ids of calls of tools. Providers have those of one answer in mind, and may give an id again in the next one or in the same. A
 * conversation tells its calls apart by their ids alone: which has a result, and which a person has approved.
 */
import type * as Prompt from "effect/ai/Prompt"
import type { Answer } from "./Request.ts"

/** An answer whose calls have ids that the conversation before it does not have. Only an id that is taken is changed. */
export const withOwnIds = (messages: ReadonlyArray<Prompt.Message>, answer: Answer): Answer => {
  const taken = new Set(messages.flatMap(idsOf))
  const counts = new Map<string, number>()
  // What comes after a call, such as the result of a tool that the provider runs, is of the latest call of its id.
  const latest = new Map<string, string>()
  const own = (id: string): string => {
    const free = taken.has(id) ? next(id, taken, counts) : id
    taken.add(free)
    latest.set(id, free)
    return free
  }
  return answer.map((part) => {
    switch (part.type) {
      case "tool-call":
        return { ...part, id: own(part.id) }
      case "tool-result":
        return { ...part, id: latest.get(part.id) ?? part.id }
      case "tool-approval-request":
        return { ...part, toolCallId: latest.get(part.toolCallId) ?? part.toolCallId }
      default:
        return part
    }
  })
}

// internal

const idsOf = ({ content }: Prompt.Message): ReadonlyArray<string> =>
  typeof content === "string"
    ? []
    : content.flatMap((part) => (part.type === "tool-call" || part.type === "tool-result" ? [part.id] : []))

/** The first id after one that is taken, of characters that providers take: `call` is followed by `call-2`. */
const next = (id: string, taken: ReadonlySet<string>, counts: Map<string, number>): string => {
  let count = counts.get(id) ?? 2
  while (taken.has(`${id}-${count}`)) count++
  counts.set(id, count + 1)
  return `${id}-${count}`
}
