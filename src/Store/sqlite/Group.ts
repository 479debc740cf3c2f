/**
 * A row of the log: the lines of a group of commits, and beside them once more of which executions they are, by which a damaged line is
 * known. Both name the execution, or say where the line before is that has the last commit of it.
 */
import * as Option from "effect/Option"
import type { WorkflowId } from "../../Ids.ts"
import { parseJson } from "../../internal/core/parse.ts"
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
  /** Whether it may be of another execution. */
  readonly isDoubtful: boolean
}

/** A row that was read. */
export interface Group {
  /** Each commit that the row had, unless both its line and what is beside it are damaged, and unless it is folded. */
  readonly members: ReadonlyArray<Member>
  /** The executions of the lines, as far as they are known. */
  readonly ids: ReadonlyArray<WorkflowId | undefined>
}

/** Stands for the execution of a line after one that is folded: then so is this one. */
export const folded = Symbol("folded")

/** An execution; none when it cannot be told. */
export type Found = WorkflowId | typeof folded | undefined

/** Finds the execution of a line of an earlier row. */
export type IdAt = (position: number, index: number) => Found

/** Reads a row. */
export const read = (
  row: { readonly position: number; readonly ids: string; readonly data: string },
  idAt: IdAt
): Group => {
  const named = namesIn(row.ids)
  const texts = row.data === "" ? [] : row.data.split("\n")
  const isWhole = named?.length === texts.length
  const ids: Array<WorkflowId | undefined> = []
  const find = (of: string | Line.Place): Found => {
    if (typeof of === "string") return of as WorkflowId
    const [position, index] = Line.atPlace(row.position, of)
    return position === row.position ? ids[index] : idAt(position, index)
  }
  const lines = texts.map((text, index): Read => {
    const line = Option.getOrUndefined(Line.decode(text))
    const own = line && find(line.of)
    const beside = isWhole ? find(named[index]!) : undefined
    ids.push([beside, own].find((found) => typeof found === "string"))
    return { line, own, beside, text, index }
  })
  if (named === undefined) return { ids, members: lines.flatMap(alone) }
  if (!isWhole) {
    const beside = named.map(find)
    // Later rows count the lines as they were.
    return { ids: beside.map((found) => (found === folded ? undefined : found)), members: displaced(beside, lines) }
  }
  return { ids, members: lines.flatMap(inPlace) }
}

// internal

/** A line, the execution that it says it is of, and the one that is beside it. */
interface Read {
  readonly line: Line.Line | undefined
  readonly own: Found
  readonly beside: Found
  readonly text: string
  readonly index: number
}

const namesIn = (text: string): ReadonlyArray<string | Line.Place> | undefined => {
  const named = Option.getOrUndefined(parse(text))
  return Array.isArray(named) && named.every((name) => typeof name === "string" || Number.isSafeInteger(name))
    ? (named as ReadonlyArray<string | Line.Place>)
    : undefined
}

const parse: (text: string) => Option.Option<unknown> = Option.liftThrowable(parseJson)

/** A line that is believed. */
const alone = ({ index, line, own, text }: Read): ReadonlyArray<Member> =>
  line === undefined || typeof own !== "string" ? [] : [{ workflowId: own, line, text, index, isDoubtful: false }]

/** A line with what is beside it. Of two executions either may be the damaged one. */
const inPlace = (read: Read): ReadonlyArray<Member> => {
  const { beside, index, own, text } = read
  if (own === beside) return alone(read)
  const both = own === undefined ? [beside] : [beside, own]
  const isDoubtful = both.every((found) => typeof found === "string") && both.length === 2
  return both.flatMap((found) => (typeof found === "string" ? [damaged(found, text, index, isDoubtful)] : []))
}

const damaged = (workflowId: WorkflowId, text: string, index: number, isDoubtful = false): Member => ({
  workflowId,
  line: undefined,
  text,
  index,
  isDoubtful
})

/** The lines of a row that has too many of them, or too few. */
const displaced = (named: ReadonlyArray<Found>, lines: ReadonlyArray<Read>): ReadonlyArray<Member> => {
  const left = new Map<WorkflowId, number>()
  for (const id of named) if (typeof id === "string") left.set(id, (left.get(id) ?? 0) + 1)
  const whole = lines.flatMap((read): ReadonlyArray<Member> => {
    const count = typeof read.own === "string" ? (left.get(read.own) ?? 0) : 0
    if (count === 0) return []
    left.set(read.own as WorkflowId, count - 1)
    return alone(read)
  })
  const lost = Array.from(left).flatMap(([id, count]) => Array.from({ length: count }, () => damaged(id, "", 0)))
  return [...whole, ...lost]
}
