/**
 * Rows of `segments`: commits of one run that follow each other.
 */
import type { DatabaseSync, SQLInputValue } from "node:sqlite"
import * as Option from "effect/Option"
import type { RunId } from "../../Ids.ts"
import { parseJson } from "../../internal/core/parse.ts"
import { idsOf } from "./Ids.ts"
import type { Pending } from "./Entry.ts"
import { fromName, integer, toName } from "./Row.ts"
import * as Shorthand from "./Shorthand.ts"

/** A row. One of a release before the log is one commit, and names its run only if it is the oldest of it. */
export interface Segment {
  readonly first: number
  readonly last: number
  readonly id: string
  readonly runId: string | null
  readonly format: number
  /** A line of JSON for each commit, in shorthand. */
  readonly events: string
  readonly isOne: boolean
}

/** A commit of the log as a row. */
export const fromPending = ({ events, format, id, runId, version }: Pending): Segment => ({
  first: version,
  last: version,
  id: fromName(id),
  runId: fromName(runId),
  format,
  events,
  isOne: true
})

/** The ids of the commits of a row, and the JSON of their events. */
export const split = ({ events: text, id, isOne }: Segment) => {
  const events = Shorthand.expand(text)
  return isOne
    ? { ids: [toName(id)], lines: [events] }
    : { ids: idsOf(id, 0), lines: events.includes("\n") ? events.split("\n") : [events] }
}

/** Reads several texts of JSON at once, which costs less than one after the other; none when one of them is damaged. */
export const parse = (lines: ReadonlyArray<string>): ReadonlyArray<unknown> | undefined => {
  if (lines.length === 1) return undefined
  const found = Option.getOrUndefined(parseOption(`[${lines.join()}]`))
  return Array.isArray(found) && found.length === lines.length ? found : undefined
}

/** Reads rows of executions, a slice at a time. */
export const reader = (connection: DatabaseSync) => {
  const rows = connection.prepare(`
    SELECT ${integer("coalesce(first, version)")}, ${integer("version")}, id, run_id, ${integer("format")}, events, first IS NULL
    FROM segments WHERE execution = ? AND version > ? ORDER BY version
  `)
  // A row as an array costs half of a row as an object, and a long history has many.
  rows.setReturnArrays(true)
  const runOf = connection.prepare(
    `
    SELECT run_id FROM segments WHERE execution = ?1 AND coalesce(first, version) <= ?2 AND run_id IS NOT NULL
    ORDER BY version DESC LIMIT 1
  `.replaceAll(/\?\d/g, "?")
  )
  const read = (key: SQLInputValue, after: number, last: number): Array<Segment> => {
    const found: Array<Segment> = []
    let commits = 0
    let length = 0
    for (const row of rows.iterate(key, after) as Iterable<unknown> as Iterable<Row>) {
      const [first, version, id, runId, format, events, isOne] = row
      if (first > last) break
      found.push({ first, last: version, id, runId, format, events, isOne: isOne === 1 })
      commits += version - first + 1
      length += events.length
      if (version >= last || commits >= sliceCommits || length >= sliceLength) break
    }
    return found
  }
  return {
    /** The rows with commits after a version, up to another one; the first of them, when they are many. */
    read,
    /** The rows after one that was read; `undefined` when that is not there any more. */
    readOn: (key: SQLInputValue, before: Segment, last: number): Array<Segment> | undefined => {
      const found = read(key, before.last - 1, last)
      return found.shift()?.id === before.id ? found : undefined
    },
    /** The run that a commit belongs to. */
    runOf: (key: SQLInputValue, version: number): RunId | undefined => {
      const found = runOf.get(key, version)
      return found && (toName(found["run_id"]) as RunId)
    }
  }
}

// internal

type Row = readonly [number, number, string, string | null, number, string, number]

/** How many commits are read at a time: a few milliseconds, and much more than the beginning of a slice costs. */
const sliceCommits = 2048

/** How many characters of events are read at a time. */
const sliceLength = 4_000_000

const parseOption: (text: string) => Option.Option<unknown> = Option.liftThrowable(parseJson)
