/**
 * How a run begins: by a client, or as a child.
 */
import * as Duration from "effect/Duration"
import type { Ancestor, EventOf } from "../../HistoryEvent.ts"
import type { RunId, Version, WorkerId, WorkflowId } from "../../Ids.ts"
import { suggestedLength } from "../../internal/core/derive.ts"
import { evolve, initial } from "../../internal/core/evolve.ts"
import { firstBy } from "../../internal/core/told.ts"
import { unreceived } from "../../internal/replay/signals.ts"
import { summarize } from "../../internal/store/summary.ts"
import type { FirstMessage } from "../../Message.ts"
import type { Commit } from "../../Store/WorkflowStore.ts"
import type { StartRequest } from "../DurableExecutor.ts"
import type { Appender } from "./Appender.ts"

/** The first event of a run. */
export const startedEvent = (
  request: Omit<StartRequest, "workflowId">,
  by: Pick<Appender, "now" | "suggestContinueAt">,
  run: {
    readonly workflowId: WorkflowId
    readonly runId: RunId
    readonly owner?: WorkerId
    readonly parent?: Ancestor
    readonly root?: Ancestor
    /** The version of the program that runs it. */
    readonly version?: string | undefined
  }
): EventOf<"ExecutionStarted"> => {
  const { attributes, input, memo, timeout = Duration.infinity, trace, version = run.version, workflow } = request
  const { owner, parent, root, runId, workflowId } = run
  const { suggestContinueAt } = by
  const at = by.now()
  const milliseconds = Duration.toMillis(Duration.fromInputUnsafe(timeout))
  return {
    _tag: "ExecutionStarted",
    at,
    workflow,
    workflowId,
    runId,
    input,
    ...(Number.isFinite(milliseconds) ? { deadline: at + Math.max(0, Math.ceil(milliseconds)) } : {}),
    ...(owner === undefined ? {} : { owner }),
    ...(attributes === undefined || Object.keys(attributes).length === 0 ? {} : { attributes }),
    ...(memo === undefined ? {} : { memo }),
    ...(parent === undefined ? {} : { parent }),
    ...(root === undefined ? {} : { root }),
    ...(version === undefined ? {} : { version }),
    ...(suggestContinueAt === suggestedLength ? {} : { suggestContinueAt }),
    ...(trace === undefined ? {} : { trace })
  }
}

/** The first commit of a run that waits for a worker, with a message that comes with it. */
export const firstCommit = (
  id: string,
  event: EventOf<"ExecutionStarted">,
  version: Version,
  message?: FirstMessage | undefined
): Commit => {
  const { at, runId, workflowId } = event
  const state = initial(event)
  const signals = unreceived(message?._tag === "Signal" ? [message] : (event.continues?.unread ?? []))
  const commit = (events: Commit["events"]): Commit => {
    const summary = summarize(state, { version, firstVersion: version, signals })
    return { id, workflowId, runId, version, events, summary }
  }
  if (message === undefined) return commit([event])
  const first = { ...firstBy(message, at), unread: true } as const
  evolve(state, first)
  return commit([event, first])
}
