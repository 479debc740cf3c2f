/**
 * Law 17 of the stores: whether a summary that was read back is one.
 *
 * Without a schema, since executors read thousands when they look for work, and this costs a tenth.
 */
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import type { ExecutionSummary } from "../../Store/StoredExecution.ts"
import { Corrupt } from "../../Store/StoreError.ts"
import type { Deletion } from "../../Store/WorkflowStore.ts"
import { WorkflowStatus } from "../../WorkflowState.ts"
import { isAttribute } from "../core/attributes.ts"
import { parsed } from "../core/parse.ts"
import { shown } from "../options.ts"
import { readWaiting } from "./waiting.ts"

/** What is wrong with a summary; `undefined` when nothing is. */
export const damageOf = (summary: unknown): string | undefined => {
  if (!isRecord(summary)) return `the summary is ${shown(summary)}`
  for (const name in checks) {
    const check = checks[name as keyof typeof checks]
    if (!check(summary[name], summary)) return `the summary has the ${name} ${shown(summary[name])}`
  }
  return undefined
}

/** A summary that cannot be read: what is wrong with it, and the start of its execution as far as it tells, which is 0 else. */
export interface Damage {
  readonly detail: string
  readonly startedAt: number
}

/** The commit that a summary was stored with. */
interface Summarized {
  readonly workflowId: string
  readonly runId: string
  readonly version: number
}

/** Reads the text of the summary of a commit. */
export const readSummary = (text: string, commit: Summarized): Result.Result<ExecutionSummary, Damage> => {
  const told = parsed(text)
  if (Option.isNone(told)) return Result.fail({ detail: "the summary is not JSON", startedAt: 0 })
  const found = told.value as ExecutionSummary
  const { runId, version, workflowId } = commit
  const detail =
    damageOf(found) ??
    (found.workflowId === workflowId && found.version === version && found.runId === runId
      ? undefined
      : `the summary is of version ${found.version} of ${JSON.stringify(found.workflowId)}`)
  // A copy would take more room than what was just parsed.
  if (detail === undefined) return Result.succeed(Object.assign(found, { waitingFor: readWaiting(found.waitingFor)! }))
  return Result.fail({ detail, startedAt: isRecord(found) && Number.isFinite(found.startedAt) ? found.startedAt : 0 })
}

/** The error of operations on an execution of which something is damaged, with what to do. */
export const damaged = (detail: string): Corrupt =>
  new Corrupt({ detail: `${detail}; no other execution is affected, so restore this one from a backup` })

/** Whether a value is a count of the versions, messages and formats that there may be. */
export const isVersion = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 1

/**
 * What a deletion has seen, if a value says that: for each chain, the number of a message. There may be `null`, recorded for a
 * message that has no number, which says nothing.
 */
export const readSeen = (value: unknown): Deletion["seen"] | undefined => {
  if (!isRecord(value)) return undefined
  const said = Object.entries(value).filter(([, number]) => number !== null)
  return said.every(isNumbered) ? Object.fromEntries(said) : undefined
}

/** Whether a value is what an execution has for attributes. */
export const areAttributes = (value: unknown): boolean => {
  if (!isRecord(value)) return false
  for (const name in value) if (!isAttribute(value[name])) return false
  return true
}

// internal

type Check = (value: unknown, summary: Readonly<Record<string, unknown>>) => boolean

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const isNumbered = (entry: readonly [string, unknown]): entry is [string, number] => Number.isSafeInteger(entry[1])

const unless =
  (check: Check): Check =>
  (value, summary) =>
    value === undefined || check(value, summary)

const statuses: ReadonlySet<unknown> = new Set(WorkflowStatus.literals)

const isPublished = (value: unknown): boolean =>
  isRecord(value) && (value["leftOut"] === undefined ? "value" in value : Predicate.isString(value["leftOut"]))

const isAncestor: Check = (value) =>
  isRecord(value) && Predicate.isString(value["workflowId"]) && Predicate.isString(value["chain"])

const checks: { readonly [Name in keyof ExecutionSummary]-?: Check } = {
  workflowId: Predicate.isString,
  runId: Predicate.isString,
  workflow: Predicate.isString,
  workflowVersion: unless(Predicate.isString),
  status: (value) => statuses.has(value),
  version: isVersion,
  firstVersion: (value, { version }) => isVersion(value) && value <= (version as number),
  chain: unless(Predicate.isString),
  startedAt: Number.isFinite,
  updatedAt: Number.isFinite,
  closedAt: unless(Number.isFinite),
  wakeAt: unless(Number.isFinite),
  owner: unless(Predicate.isString),
  waitingFor: (value) => readWaiting(value) !== undefined,
  unreceived: unless((value) => isRecord(value) && Object.values(value).every(Number.isSafeInteger)),
  attributes: areAttributes,
  // Anything that was read as JSON is one.
  memo: () => true,
  parent: unless(isAncestor),
  root: unless(isAncestor),
  owed: unless((value) => Number.isSafeInteger(value) && (value as number) >= 0),
  published: unless((value) => isRecord(value) && Object.values(value).every(isPublished)),
  format: unless(isVersion)
}
