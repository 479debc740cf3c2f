/**
 * A commit as a line of a group: what it changes of the summary, and its events, as JSON with a tab between. JSON escapes tabs and ends of
 * lines, so these are found without reading it.
 */
import * as Option from "effect/Option"
import type { HistoryEvent } from "../../HistoryEvent.ts"
import type { RunId, Version, WorkflowId } from "../../Ids.ts"
import { parseJson } from "../../internal/core/parse.ts"
import { damageOf, isVersion } from "../../internal/store/damage.ts"
import type { Commit, ExecutionSummary } from "../WorkflowStore.ts"
import * as Shorthand from "./Shorthand.ts"

/** A line that was read. */
export interface Line {
  /** The execution, or where the log has the commit before this one. */
  readonly of: WorkflowId | Place
  readonly version: Version
  /** The id of the commit. */
  readonly id: string
  /** The stored form of the events. */
  readonly format: number
  readonly change: Change
  /** JSON, in shorthand. */
  readonly events: string
}

/** The place of a line, seen from another one: so many rows before, and its index there. One number, since every line has one. */
export type Place = number

/** Makes such a place. */
export const placeOf = (rowsBefore: number, index: number): Place => rowsBefore * placesInRow + index

/** The row and the index that a place means for a line of a row. */
export const atPlace = (position: number, place: Place): readonly [position: number, index: number] => [
  position - Math.floor(place / placesInRow),
  place % placesInRow
]

/** How many lines a row has at most. */
export const placesInRow = 64

/** What a commit makes of the summary before: another one, or what moves with most commits, and then what else is other or gone. */
export type Change =
  | ExecutionSummary
  | readonly [
      /** 0 for the time of the last event. */
      updatedAt: number,
      /** 0 for the activity that the last event asks for. */
      waitingFor: ExecutionSummary["waitingFor"] | 0,
      changed?: Partial<ExecutionSummary>,
      gone?: ReadonlyArray<string>
    ]

/** The line of a commit: with its summary in full, or with the difference to the one of the line before. */
export const encode = (
  { events: all, id, summary, version }: Commit,
  before: { readonly summary: ExecutionSummary; readonly place: Place } | undefined,
  { events, format, quoted }: { readonly events: string; readonly format: number; readonly quoted: string }
): string => {
  const change = before === undefined ? JSON.stringify(summary) : changeOf(before.summary, summary, all.at(-1))
  return `[${before?.place ?? quoted},${version},${JSON.stringify(id)},${format},${change}]\t${events}`
}

/** Reads a line; none when it is damaged. */
export const decode = (text: string): Option.Option<Line> => {
  const tab = text.indexOf("\t")
  if (tab < 0) return Option.none()
  const head = Option.getOrUndefined(parse(text.slice(0, tab)))
  if (!Array.isArray(head)) return Option.none()
  const [of, version, id, format, change] = head as ReadonlyArray<unknown>
  if ((typeof of !== "string" && !isCount(of)) || typeof id !== "string" || !isVersion(version)) return Option.none()
  if (!isCount(format) || typeof change !== "object" || change === null) return Option.none()
  return Option.some({
    of: of as Line["of"],
    version: version as Version,
    id,
    format,
    change: change as Change,
    events: text.slice(tab + 1)
  })
}

/** Whether a line has its summary in full. */
export const isFull = ({ change }: Line): boolean => !Array.isArray(change)

/** The version that a damaged line still shows. */
export const versionIn = (text: string): number | undefined => {
  const version = Number(/^\[(?:"(?:[^"\\]|\\.)*"|\d+),(\d+),/.exec(text)?.[1])
  return isVersion(version) ? version : undefined
}

/** What a line changes, as far as it says so. */
export const changed = (change: Change): Partial<ExecutionSummary> => {
  if (!isDelta(change)) return change
  const changed: unknown = change[2]
  return typeof changed === "object" && changed !== null ? changed : {}
}

/** The summary of an execution after lines that follow each other. Fails with what is wrong. */
export const summaryAfter = (
  previous: ExecutionSummary | undefined,
  workflowId: WorkflowId,
  lines: ReadonlyArray<Line>
): ExecutionSummary | string => {
  let summary: Record<string, unknown> | undefined = previous && { ...previous }
  for (const [index, line] of lines.entries()) {
    const { change, version } = line
    if (!isDelta(change)) summary = { ...change }
    else if (summary === undefined) return `the summary before version ${version} is missing`
    else merge(summary, change, line, index === lines.length - 1)
  }
  const damage = damageOf(summary)
  if (damage !== undefined) return damage
  const { version } = lines.at(-1)!
  return summary!["workflowId"] === workflowId && summary!["version"] === version
    ? (summary as unknown as ExecutionSummary)
    : `the summary is that of version ${String(summary!["version"])} of ${JSON.stringify(summary!["workflowId"])}`
}

/** The run of a damaged line. */
export const unknownRun = "" as RunId

// internal

type Delta = Extract<Change, ReadonlyArray<unknown>>

const isDelta = (change: Change): change is Delta => Array.isArray(change)

const parse: (text: string) => Option.Option<unknown> = Option.liftThrowable(parseJson)

/** What a change names only where it is another one. */
const seldom: { readonly [Name in Exclude<keyof ExecutionSummary, keyof typeof always>]-?: true } = {
  runId: true,
  workflow: true,
  workflowVersion: true,
  status: true,
  firstVersion: true,
  chain: true,
  startedAt: true,
  closedAt: true,
  wakeAt: true,
  owner: true,
  unreceived: true,
  attributes: true,
  memo: true,
  parent: true,
  root: true,
  owed: true,
  published: true,
  format: true
}
const always = { workflowId: true, version: true, updatedAt: true, waitingFor: true }
const seldomNames = Object.keys(seldom) as ReadonlyArray<keyof typeof seldom>

const changeOf = (previous: ExecutionSummary, summary: ExecutionSummary, last: HistoryEvent | undefined): string => {
  let changed: Record<string, unknown> | undefined
  let gone: Array<string> | undefined
  for (const name of seldomNames) {
    const value = summary[name]
    if (value === previous[name]) continue
    if (value === undefined) (gone ??= []).push(name)
    else (changed ??= {})[name] = value
  }
  const { updatedAt, waitingFor } = summary
  const often = `[${updatedAt === last?.at ? 0 : JSON.stringify(updatedAt)},${isAsked(waitingFor, last) ? 0 : JSON.stringify(waitingFor)}`
  if (gone !== undefined) return `${often},${JSON.stringify(changed ?? {})},${JSON.stringify(gone)}]`
  return changed === undefined ? `${often}]` : `${often},${JSON.stringify(changed)}]`
}

/** Whether an execution waits for the activity that an event asks for, and for nothing else. */
const isAsked = (waitingFor: ExecutionSummary["waitingFor"], last: HistoryEvent | undefined): boolean => {
  if (waitingFor.length !== 1 || last?._tag !== "ActivityScheduled") return false
  const [first] = waitingFor
  if (first!._tag !== "Activity" || first.seq !== last.seq || first.name !== last.name || first.attempt !== 1)
    return false
  return Object.keys(first).length === 4
}

/** Changes a summary. What the events say counts only of the last line. */
const merge = (
  summary: Record<string, unknown>,
  [updatedAt, waitingFor, changed, gone]: Delta,
  { events, version }: Line,
  isLast: boolean
): void => {
  Object.assign(summary, changed)
  summary["version"] = version
  if (Array.isArray(gone)) for (const name of gone) delete summary[String(name)]
  if (!isLast) return
  const last = updatedAt === 0 || waitingFor === 0 ? lastOf(events) : undefined
  summary["updatedAt"] = updatedAt === 0 ? last?.["at"] : updatedAt
  summary["waitingFor"] =
    waitingFor === 0 ? [{ _tag: "Activity", seq: last?.["seq"], name: last?.["name"], attempt: 1 }] : waitingFor
}

/** The last event of a text. */
const lastOf = (text: string): Readonly<Record<string, unknown>> | undefined => {
  const events = Option.getOrUndefined(parse(Shorthand.expand(text)))
  const last: unknown = Array.isArray(events) ? events.at(-1) : undefined
  return typeof last === "object" && last !== null ? (last as Readonly<Record<string, unknown>>) : undefined
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0
