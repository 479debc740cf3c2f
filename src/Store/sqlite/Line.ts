/**
 * A commit as a line of a group: what it changes of the summary, and its events, as JSON with a tab between. JSON escapes tabs and ends of
 * lines, so these are found without reading it.
 */
import * as Option from "effect/Option"
import type { RunId, Version, WorkflowId } from "../../Ids.ts"
import { damageOf, isVersion } from "../../internal/store/damage.ts"
import type { Commit, ExecutionSummary } from "../WorkflowStore.ts"

/** A line that was read. */
export interface Line {
  readonly workflowId: WorkflowId
  readonly version: Version
  /** The id of the commit. */
  readonly id: string
  /** The stored form of the events. */
  readonly format: number
  readonly change: Change
  /** JSON. */
  readonly events: string
}

/** What a commit makes of the summary before: another one, or what moves with most commits, and then what else is other or gone. */
export type Change =
  | ExecutionSummary
  | readonly [
      updatedAt: number,
      waitingFor: ExecutionSummary["waitingFor"],
      changed?: Partial<ExecutionSummary>,
      gone?: ReadonlyArray<string>
    ]

/** The line of a commit. Without a summary before it has its own in full. */
export const encode = (
  { id, summary, version, workflowId }: Commit,
  previous: ExecutionSummary | undefined,
  { events, format, quoted = JSON.stringify(workflowId) }: { events: string; format: number; quoted?: string }
): string => {
  const change = previous === undefined ? JSON.stringify(summary) : changeOf(previous, summary)
  return `[${quoted},${version},${JSON.stringify(id)},${format},${change}]\t${events}`
}

/** Reads a line; none when it is damaged. */
export const decode = (text: string): Option.Option<Line> => {
  const tab = text.indexOf("\t")
  if (tab < 0) return Option.none()
  const head = Option.getOrUndefined(parse(text.slice(0, tab)))
  if (!Array.isArray(head)) return Option.none()
  const [workflowId, version, id, format, change] = head as ReadonlyArray<unknown>
  if (typeof workflowId !== "string" || typeof id !== "string" || !isVersion(version)) return Option.none()
  if (typeof format !== "number" || typeof change !== "object" || change === null) return Option.none()
  return Option.some({
    workflowId: workflowId as WorkflowId,
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
  const version = Number(/^\["(?:[^"\\]|\\.)*",(\d+),/.exec(text)?.[1])
  return isVersion(version) ? version : undefined
}

/** The summary after a line. Fails with what is wrong. */
export const summaryAfter = (
  previous: ExecutionSummary | undefined,
  { change, version, workflowId }: Line
): ExecutionSummary | string => {
  const summary = isDelta(change) ? merged(previous, change, version) : change
  if (summary === undefined) return `the summary before version ${version} is missing`
  const damage = damageOf(summary)
  if (damage !== undefined) return damage
  return summary.workflowId === workflowId && summary.version === version
    ? summary
    : `the summary is that of version ${summary.version} of ${JSON.stringify(summary.workflowId)}`
}

/** The run of a damaged line. */
export const unknownRun = "" as RunId

// internal

type Delta = Extract<Change, ReadonlyArray<unknown>>

const isDelta = (change: Change): change is Delta => Array.isArray(change)

const parse: (text: string) => Option.Option<unknown> = Option.liftThrowable(JSON.parse)

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

const changeOf = (previous: ExecutionSummary, summary: ExecutionSummary): string => {
  let changed: Record<string, unknown> | undefined
  let gone: Array<string> | undefined
  for (const name of seldomNames) {
    const value = summary[name]
    if (value === previous[name]) continue
    if (value === undefined) (gone ??= []).push(name)
    else (changed ??= {})[name] = value
  }
  const often = `[${JSON.stringify(summary.updatedAt)},${JSON.stringify(summary.waitingFor)}`
  if (gone !== undefined) return `${often},${JSON.stringify(changed ?? {})},${JSON.stringify(gone)}]`
  return changed === undefined ? `${often}]` : `${often},${JSON.stringify(changed)}]`
}

const merged = (
  previous: ExecutionSummary | undefined,
  [updatedAt, waitingFor, changed, gone]: Delta,
  version: Version
): ExecutionSummary | undefined => {
  if (previous === undefined) return undefined
  const summary: Record<string, unknown> = { ...previous, ...changed, version, updatedAt, waitingFor }
  if (Array.isArray(gone)) for (const name of gone) delete summary[String(name)]
  return summary as unknown as ExecutionSummary
}
