/**
 * Places in an index, in the order that SQLite has for them: numbers, then texts by their bytes in UTF-8, then bytes.
 */
import type { SQLInputValue } from "node:sqlite"
import type { ExecutionSummary } from "../WorkflowStore.ts"

/** A place in an index, by its columns. */
export type Place = ReadonlyArray<SQLInputValue>

/** Orders places of one index. */
export const compare = (a: Place, b: Place): number => {
  for (let i = 0; i < a.length; i++) {
    const order = compareValues(a[i]!, b[i]!)
    if (order !== 0) return order
  }
  return 0
}

/** An execution that is listed from memory. */
export interface Listed {
  readonly summary: ExecutionSummary | undefined
  /** Its place in a listing. One of which no start is known comes first. */
  readonly place: Place
}

/** The place of an execution in a listing. */
export const listed = ({ place }: Listed): Place => place

// internal

const compareValues = (a: SQLInputValue, b: SQLInputValue): number => {
  if (a === b) return 0
  if (typeof a === "number" && typeof b === "number") return a - b
  if (typeof a === "string" && typeof b === "string") return compareTexts(a, b)
  const rank = rankOf(a) - rankOf(b)
  return rank === 0 && rankOf(a) === 2 ? Buffer.compare(a as Uint8Array, b as Uint8Array) : rank
}

const rankOf = (value: SQLInputValue): number => (typeof value === "number" ? 0 : typeof value === "string" ? 1 : 2)

const compareTexts = (a: string, b: string): number => {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)]
    if (x !== y) return inUtf8(x) - inUtf8(y)
  }
  return a.length - b.length
}

/** The order of code units as UTF-8 has it: surrogates, which are of characters beyond all others, come last. */
const inUtf8 = (unit: number): number => (unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800)
