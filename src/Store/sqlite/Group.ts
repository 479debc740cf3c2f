/**
 * A row of the log: the lines of a group of commits, and beside them the ids of their executions, by which a damaged line is known.
 */
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import type { WorkflowId } from "../../Ids.ts"
import * as Line from "./Line.ts"

/** How many lines a row has at most, and how many characters: a fold takes whole rows, and must be brief. */
export const linesAtMost = 64
export const lengthAtMost = 1024 * 1024

/** A commit of a row, or what is left of one that is damaged. */
export interface Member {
  readonly workflowId: WorkflowId
  readonly line: Line.Line | undefined
  readonly text: string
}

/** Reads a row. Each commit that it had is there, unless both the line and the ids are damaged. */
export const read = (ids: unknown, data: unknown): ReadonlyArray<Member> => {
  const named = Option.getOrUndefined(parse(String(ids)))
  const texts = data === "" ? [] : String(data).split("\n")
  const lines = texts.map((text) => Option.getOrUndefined(Line.decode(text)))
  if (!Array.isArray(named) || !named.every(Predicate.isString)) {
    return lines.flatMap((line, index) => (line === undefined ? [] : [whole(line, texts[index]!)]))
  }
  const members = named as ReadonlyArray<unknown> as ReadonlyArray<WorkflowId>
  return members.length === lines.length
    ? members.flatMap((id, index) => inPlace(id, lines[index], texts[index]!))
    : displaced(members, lines, texts)
}

// internal

const parse: (text: string) => Option.Option<unknown> = Option.liftThrowable(JSON.parse)

const whole = (line: Line.Line, text: string): Member => ({ workflowId: line.workflowId, line, text })
const damaged = (workflowId: WorkflowId, text: string): Member => ({ workflowId, line: undefined, text })

/** A line and the id that is beside it. Of two ids either may be the damaged one. */
const inPlace = (id: WorkflowId, line: Line.Line | undefined, text: string): ReadonlyArray<Member> => {
  if (line === undefined) return [damaged(id, text)]
  return line.workflowId === id ? [whole(line, text)] : [damaged(id, text), damaged(line.workflowId, text)]
}

/** The lines of a row that has too many of them, or too few. */
const displaced = (
  ids: ReadonlyArray<WorkflowId>,
  lines: ReadonlyArray<Line.Line | undefined>,
  texts: ReadonlyArray<string>
): ReadonlyArray<Member> => {
  const left = new Map<WorkflowId, number>()
  for (const id of ids) left.set(id, (left.get(id) ?? 0) + 1)
  const found = lines.flatMap((line, index) => {
    if (line === undefined) return []
    const count = left.get(line.workflowId) ?? 0
    if (count === 0) return [damaged(line.workflowId, texts[index]!)]
    left.set(line.workflowId, count - 1)
    return [whole(line, texts[index]!)]
  })
  const lost = Array.from(left).flatMap(([id, count]) => Array.from({ length: count }, () => damaged(id, "")))
  return [...found, ...lost]
}
