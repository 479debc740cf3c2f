/**
 * A row of the log: the lines of a group of commits, and beside them the ids of their executions, by which a damaged line is known. A line
 * has the id too, or says where the line before it is.
 */
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import type { WorkflowId } from "../../Ids.ts"
import * as Line from "./Line.ts"

/** How many lines a row has at most, and how many characters: a fold takes whole rows, and must be brief. */
export const linesAtMost = Line.placesInRow
export const lengthAtMost = 1024 * 1024

/** A commit of a row, or what is left of one that is damaged. */
export interface Member {
  readonly workflowId: WorkflowId
  readonly line: Line.Line | undefined
  readonly text: string
  /** Which line of the row it is. */
  readonly index: number
}

/** A row that was read. */
export interface Group {
  /** Each commit that the row had, unless both its line and its id are damaged. */
  readonly members: ReadonlyArray<Member>
  /** The executions of the lines, as far as they are known. */
  readonly ids: ReadonlyArray<WorkflowId | undefined>
}

/** Reads a row. `idAt` finds the execution of a line of an earlier row; none when that is folded. */
export const read = (
  row: { readonly position: number; readonly ids: string; readonly data: string },
  idAt: (position: number, index: number) => WorkflowId | undefined
): Group => {
  const named = namesIn(row.ids)
  const texts = row.data === "" ? [] : row.data.split("\n")
  const lines = texts.map((text) => Option.getOrUndefined(Line.decode(text)))
  const ids: Array<WorkflowId | undefined> = []
  for (const [index, line] of lines.entries()) {
    const beside = named?.length === lines.length ? named[index] : undefined
    ids.push(line === undefined ? beside : (ofLine(line, row.position, ids, idAt) ?? beside))
  }
  const found: ReadonlyArray<Found> = lines.map((line, index) => ({ line, id: ids[index], text: texts[index]!, index }))
  if (named === undefined) return { ids, members: found.flatMap(alone) }
  if (named.length !== lines.length) return { ids, members: displaced(named, found) }
  return { ids, members: found.flatMap((each, index) => inPlace(named[index]!, each)) }
}

// internal

/** A line, and the execution that it says it is of. */
interface Found {
  readonly line: Line.Line | undefined
  readonly id: WorkflowId | undefined
  readonly text: string
  readonly index: number
}

const namesIn = (text: string): ReadonlyArray<WorkflowId> | undefined => {
  const named = Option.getOrUndefined(parse(text))
  return isIds(named) ? named : undefined
}

const isIds = (value: unknown): value is ReadonlyArray<WorkflowId> =>
  Array.isArray(value) && value.every(Predicate.isString)

const parse: (text: string) => Option.Option<unknown> = Option.liftThrowable(JSON.parse)

const ofLine = (
  { of }: Line.Line,
  position: number,
  earlier: ReadonlyArray<WorkflowId | undefined>,
  idAt: (position: number, index: number) => WorkflowId | undefined
): WorkflowId | undefined => {
  if (typeof of === "string") return of
  const [row, index] = Line.atPlace(position, of)
  return row === position ? earlier[index] : idAt(row, index)
}

const damaged = (workflowId: WorkflowId, text: string, index: number): Member => ({
  workflowId,
  line: undefined,
  text,
  index
})

/** A line without an id beside it. */
const alone = ({ id, index, line, text }: Found): ReadonlyArray<Member> =>
  line === undefined || id === undefined ? [] : [{ workflowId: id, line, text, index }]

/** A line and the id that is beside it. Of two ids either may be the damaged one. */
const inPlace = (named: WorkflowId, { id, index, line, text }: Found): ReadonlyArray<Member> => {
  if (line !== undefined && id === named) return [{ workflowId: named, line, text, index }]
  const both = [damaged(named, text, index)]
  return id === undefined || id === named ? both : [...both, damaged(id, text, index)]
}

/** The lines of a row that has too many of them, or too few. */
const displaced = (named: ReadonlyArray<WorkflowId>, found: ReadonlyArray<Found>): ReadonlyArray<Member> => {
  const left = new Map<WorkflowId, number>()
  for (const id of named) left.set(id, (left.get(id) ?? 0) + 1)
  const whole = found.flatMap((each): ReadonlyArray<Member> => {
    const count = each.id === undefined ? 0 : (left.get(each.id) ?? 0)
    if (count === 0 || each.line === undefined) return []
    left.set(each.id!, count - 1)
    return alone(each)
  })
  const lost = Array.from(left).flatMap(([id, count]) => Array.from({ length: count }, () => damaged(id, "", 0)))
  return [...whole, ...lost]
}
