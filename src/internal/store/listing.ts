/**
 * What every store that lists from memory shares: the order of summaries, filters and cursors.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Ancestor } from "../../HistoryEvent.ts"
import type { Ref } from "../../Ids.ts"
import {
  type Asked,
  type Change,
  type ExecutionSummary,
  type Outlook,
  type Page,
  Unsupported,
  type Workers,
  type WorkflowFilter
} from "../../Store/WorkflowStore.ts"
import { isFinal } from "../../WorkflowState.ts"
import { parseJson } from "../core/parse.ts"
import * as Conditions from "./conditions.ts"

/** How many summaries a page has at most. */
export const pageSize = (filter: WorkflowFilter): number => Math.max(1, Math.min(1000, Math.floor(filter.limit ?? 100)))

/** The place of a summary in a listing: start time, then id, as code units. */
export interface Place {
  readonly startedAt: number
  readonly workflowId: string
}

/** Orders summaries from the oldest to the newest. */
export const compare = (a: Place, b: Place): number =>
  a.startedAt - b.startedAt || (a.workflowId < b.workflowId ? -1 : a.workflowId > b.workflowId ? 1 : 0)

/** Orders summaries as a filter asks for. */
const comparison = ({ order }: WorkflowFilter): typeof compare =>
  order === "newest" ? (a, b) => compare(b, a) : compare

/** The cursor that continues after a place. */
export const encodeCursor = ({ startedAt, workflowId }: Place): string =>
  `[${Number.isFinite(startedAt) ? startedAt : startedAt > 0 ? "1e999" : "-1e999"},${JSON.stringify(workflowId)}]`

/** The place after which the page of a filter begins; none for the first page. */
export const startOf = (filter: WorkflowFilter): Effect.Effect<Option.Option<Place>, Unsupported> => {
  if (filter.cursor === undefined) return Effect.succeedNone
  const place = decodeCursor(filter.cursor)
  if (Option.isSome(place)) return Effect.succeed(place)
  return Effect.fail(notACursor(filter.cursor))
}

/** What is said of a cursor that no page has given. */
export const notACursor = (cursor: string): Unsupported =>
  new Unsupported({ detail: `not a cursor: ${JSON.stringify(cursor)}; pass the \`next\` of a page` })

/** Whether a worker has something to do for an execution. */
const isUnsettled = (summary: ExecutionSummary): boolean => !isFinal(summary.status) || summary.wakeAt !== undefined

/** Whether an execution waits for a worker to take it. */
export const isUnowned = (summary: ExecutionSummary): boolean => summary.owner === undefined && isUnsettled(summary)

/** What a worker may look for. */
export const outlook = (all: Iterable<ExecutionSummary>, workers: Workers, { wakeBefore }: Asked): Outlook => {
  const living = new Set<string | undefined>(workers.living.map(({ id }) => id))
  const found = { orphans: false, blocked: false, due: false }
  for (const summary of all) {
    found.orphans ||= isUnsettled(summary) && !living.has(summary.owner)
    found.blocked ||= summary.status === "blocked"
    found.due ||= summary.wakeAt !== undefined && summary.wakeAt < wakeBefore
  }
  return { ...workers, ...found }
}

/** What is told of a commit. */
export const changeOf = (summary: ExecutionSummary): Change => {
  const { closedAt, owner, parent, version, wakeAt, workflowId } = summary
  if (owner === undefined) return isUnowned(summary) ? { workflowId, version, unowned: true } : { workflowId, version }
  if (wakeAt === undefined) return { workflowId, version, owner }
  const change: Change = { workflowId, version, owner, wakeAt }
  return closedAt === undefined || parent === undefined ? change : { ...change, owedTo: parent.workflowId }
}

/** Tells whether a summary meets all conditions of a filter; the cursor and the limit aside. */
export const matching = (filter: WorkflowFilter): ((summary: ExecutionSummary) => boolean) => {
  const statuses = filter.status && new Set(filter.status)
  const owners = new Set(filter.ownerNotIn)
  const conditions = Conditions.conditionsOf(filter).map(Conditions.meets)
  const parent = filter.parent === undefined ? undefined : ancestorOf(filter.parent)
  const root = filter.root === undefined ? undefined : ancestorOf(filter.root)
  return (summary) =>
    (statuses === undefined || statuses.has(summary.status)) &&
    (filter.workflow === undefined || filter.workflow === summary.workflow) &&
    (filter.workflowVersion === undefined || filter.workflowVersion === summary.workflowVersion) &&
    (filter.startedFrom === undefined || summary.startedAt >= filter.startedFrom) &&
    (filter.startedBefore === undefined || summary.startedAt < filter.startedBefore) &&
    (filter.closedBefore === undefined || (summary.closedAt !== undefined && summary.closedAt < filter.closedBefore)) &&
    (filter.wakeBefore === undefined || (summary.wakeAt !== undefined && summary.wakeAt < filter.wakeBefore)) &&
    (parent === undefined || descends(summary.parent, parent)) &&
    (root === undefined || descends(summary.root, root)) &&
    (summary.owner === undefined || !owners.has(summary.owner)) &&
    (filter.unsettled !== true || isUnsettled(summary)) &&
    conditions.every((isMet) => isMet(summary.attributes))
}

/** What a condition on an ancestor asks for. */
export const ancestorOf = (asked: Ref | string): Ref => (typeof asked === "string" ? { workflowId: asked } : asked)

/** The page of all summaries that a filter asks for. */
export const page = (all: Iterable<ExecutionSummary>, filter: WorkflowFilter, after: Option.Option<Place>): Page => {
  const order = comparison(filter)
  const matches = matching(filter)
  const found: Array<ExecutionSummary> = []
  for (const summary of all) {
    if (matches(summary) && (Option.isNone(after) || order(after.value, summary) < 0)) found.push(summary)
  }
  found.sort(order)
  const executions = found.slice(0, pageSize(filter))
  const last = executions.at(-1)
  return {
    executions,
    next: last !== undefined && found.length > executions.length ? Option.some(encodeCursor(last)) : Option.none()
  }
}

/** How many summaries meet all conditions of a filter. */
export const count = (all: Iterable<ExecutionSummary>, filter: WorkflowFilter): number => {
  const matches = matching(filter)
  let count = 0
  for (const summary of all) if (matches(summary)) count++
  return count
}

// internal

const descends = (ancestor: Ancestor | undefined, { runId, workflowId }: Ref): boolean =>
  ancestor?.workflowId === workflowId && (runId === undefined || ancestor.chain === runId)

const decodeCursor = (cursor: string): Option.Option<Place> =>
  Option.flatMap(parse(cursor), (place) =>
    Array.isArray(place) && typeof place[0] === "number" && typeof place[1] === "string"
      ? Option.some({ startedAt: place[0], workflowId: place[1] })
      : Option.none()
  )

const parse: (text: string) => Option.Option<unknown> = Option.liftThrowable(parseJson)
