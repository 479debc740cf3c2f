/**
 * How summaries become columns and come back: what executions are found by has a column, and all else is JSON in one.
 *
 * A column with a key does not always show the text that it stands for (see key.ts): then the JSON has the text too.
 */
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import { parseJson } from "../../internal/core/parse.ts"
import type { RunId, Version, WorkerId, WorkflowId } from "../../Ids.ts"
import { damageOf } from "../../internal/store/damage.ts"
import { readWaiting } from "../../internal/store/waiting.ts"
import { isFinal, type WorkflowStatus } from "../../WorkflowState.ts"
import type { ExecutionSummary } from "../WorkflowStore.ts"
import { fromText, keyOf, toText } from "./key.ts"

/** A row, by positions. */
export type Row = ReadonlyArray<unknown>

/** A summary as it is written. */
export interface Columns {
  readonly workflowId: string
  readonly runId: string
  readonly workflow: string
  readonly workflowVersion: string | null
  /** Empty when it has none: a text is found in an index, what is null is not. */
  readonly owner: string
  readonly unsettled: boolean
  readonly parentId: string | null
  readonly parentChain: string | null
  readonly rootId: string | null
  readonly rootChain: string | null
  /** JSON. */
  readonly rest: string
}

/** The columns of a summary. */
export const fromSummary = (summary: ExecutionSummary): Columns => {
  const { attributes, chain, format, memo, owed, owner, parent, published, root, unreceived, waitingFor } = summary
  const { workflow, workflowId, workflowVersion } = summary
  const keys = {
    workflowId: keyOf(workflowId),
    workflow: keyOf(workflow),
    workflowVersion: workflowVersion === undefined ? null : keyOf(workflowVersion),
    owner: owner === undefined ? "" : keyOf(owner)
  }
  const texts: Record<string, unknown> = {}
  if (keys.workflowId !== workflowId) texts["workflowId"] = workflowId
  if (keys.workflow !== workflow) texts["workflow"] = workflow
  if (workflowVersion !== undefined && keys.workflowVersion !== workflowVersion) {
    texts["workflowVersion"] = workflowVersion
  }
  if (owner !== undefined && keys.owner !== owner) texts["owner"] = owner
  const rest = { ...texts, chain, format, owed, waitingFor, attributes, parent, root, unreceived, published, memo }
  return {
    ...keys,
    runId: fromText(summary.runId),
    unsettled: !isFinal(summary.status) || summary.wakeAt !== undefined,
    parentId: parent === undefined ? null : keyOf(parent.workflowId),
    parentChain: parent === undefined ? null : keyOf(parent.chain),
    rootId: root === undefined ? null : keyOf(root.workflowId),
    rootChain: root === undefined ? null : keyOf(root.chain),
    rest: JSON.stringify(rest)
  }
}

/** The columns of which a summary is made. */
export const summaryColumns = [
  ...["workflow_id", "run_id", "workflow", "workflow_version", "status", "version", "first_version", "started_at"],
  ...["updated_at", "closed_at", "wake_at", "owner", "rest"]
]
  .map((column) => `e.${column}`)
  .join()

/** The columns of a row `h` that has nothing but a place, in the order of the others. */
export const horizonColumns = "h.workflow_id,NULL,NULL,NULL,NULL,NULL,NULL,h.started_at,NULL,NULL,NULL,NULL,NULL"

/** How many they are. */
export const summaryWidth = 13

/** The place of a row in a listing. */
export const placeOf = (row: Row): { readonly startedAt: number; readonly workflowId: string } => ({
  startedAt: Number(row[7]),
  workflowId: String(row[0])
})

/** Reads a summary back from its columns. Fails with what is wrong. */
export const toSummary = (row: Row): Result.Result<ExecutionSummary, string> => {
  const [id, runId, workflow, workflowVersion, status, version, firstVersion, startedAt, updatedAt] = row
  const [closedAt, wakeAt, owner, text] = row.slice(9)
  const rest = Option.getOrUndefined(parse(String(text)))
  if (!Predicate.isObject(rest)) return Result.fail("the summary is no JSON")
  const said = rest as Record<string, unknown>
  const summary = {
    workflowId: id as WorkflowId,
    runId: toText(runId) as RunId,
    workflow: workflow as string,
    status: status as WorkflowStatus,
    version: version as Version,
    firstVersion: firstVersion as Version,
    startedAt: startedAt as number,
    updatedAt: updatedAt as number,
    ...(workflowVersion === null ? {} : { workflowVersion: workflowVersion as string }),
    ...(closedAt === null ? {} : { closedAt: closedAt as number }),
    ...(wakeAt === null ? {} : { wakeAt: wakeAt as number }),
    ...(owner === "" ? {} : { owner: owner as WorkerId }),
    ...(said as Pick<ExecutionSummary, "attributes">),
    waitingFor: readWaiting(said["waitingFor"]) as ExecutionSummary["waitingFor"]
  }
  const damage = damageOf(summary)
  return damage === undefined ? Result.succeed(summary) : Result.fail(damage)
}

/** The id of an execution, as far as it can be seen. */
export const idOf = (row: Row): WorkflowId => {
  const rest = Option.getOrUndefined(parse(String(row[12])))
  const whole = Predicate.hasProperty(rest, "workflowId") ? rest.workflowId : row[0]
  return String(whole) as WorkflowId
}

// internal

const parse: (text: string) => Option.Option<unknown> = Option.liftThrowable(parseJson)
