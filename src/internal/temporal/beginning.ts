/**
 * How a run begins, from what Temporal and the start say of it.
 */
import type * as Schema from "effect/Schema"
import type { EventOf } from "../../HistoryEvent.ts"
import { RunId, WorkflowId } from "../../Ids.ts"
import type { Memo, Start } from "./wire.ts"

/** What Temporal knows of a run. */
export interface Info {
  readonly workflowType: string
  readonly workflowId: string
  readonly originalExecutionRunId: string
  readonly firstExecutionRunId: string
}

/** The first event of a run. A reset keeps the id with which the run began: random numbers are drawn from it, and messages named by it. */
export const startedEvent = (
  info: Info,
  input: Schema.Json,
  start: Start,
  at: number,
  version: string | undefined
): EventOf<"ExecutionStarted"> => {
  const { attributes, continues, memo, parent, root, suggestContinueAt, timeout, trace } = start
  const deadline = start.deadline ?? (timeout === undefined ? undefined : at + timeout)
  return {
    _tag: "ExecutionStarted",
    at,
    workflow: info.workflowType,
    workflowId: WorkflowId.make(info.workflowId),
    runId: start.run ?? RunId.make(info.originalExecutionRunId),
    input,
    ...(deadline === undefined ? {} : { deadline }),
    ...(attributes === undefined ? {} : { attributes }),
    ...(memo === undefined ? {} : { memo }),
    ...(parent === undefined ? {} : { parent }),
    ...(root === undefined ? {} : { root }),
    ...(version === undefined ? {} : { version }),
    ...(suggestContinueAt === undefined ? {} : { suggestContinueAt }),
    ...(trace === undefined ? {} : { trace }),
    ...(continues === undefined ? {} : { continues })
  }
}

/** The second argument of the run that goes on with an execution. */
export const startOfNext = (
  { next }: EventOf<"ExecutionContinued">,
  { searchable }: Start
): Start & { readonly run: RunId } => {
  const { attributes, continues, deadline, memo, parent, root, runId, suggestContinueAt, trace } = next
  return { run: runId, deadline, attributes, memo, parent, root, suggestContinueAt, trace, continues, searchable }
}

/** What is in Temporal's memo of an execution that is started. */
export const memoOf = (start: Start, input: number, chain?: RunId): Memo => {
  const { attributes, memo, parent, root, version } = start
  return { input, chain, version, attributes, memo, parent, root }
}
