/**
 * The part of the executor's port that a scenario uses, on Temporal's client. What the tests do not expect to fail is a
 * defect.
 */
import type { Client } from "@temporalio/client"
import { Effect, type Schema } from "effect"
import type { DurableExecutor } from "perdure"
import type { StartOptions } from "./Execution.ts"
import type { TemporalHistory } from "./history.ts"

/** What a scenario does from outside. */
export const clientOf = (client: Client, taskQueue: string) => {
  const handleOf = (workflowId: string) => client.workflow.getHandle(workflowId)
  return {
    start: (request: DurableExecutor.StartRequest) => {
      const options: StartOptions = request.timeout === undefined ? {} : { timeout: Number(request.timeout) }
      const { workflowId } = request
      return Effect.promise(() =>
        client.workflow.start(request.workflow, { taskQueue, workflowId, args: [request.input, options] })
      )
    },
    signal: (workflowId: string, name: string, payload: Schema.Json) =>
      Effect.promise(() => handleOf(workflowId).signal(name, payload)),
    terminate: (workflowId: string, reason: string) => Effect.promise(() => handleOf(workflowId).terminate(reason)),
    // The handle's own `cancel` takes no reason, though the server keeps one.
    cancel: (workflowId: string, reason: string) =>
      Effect.promise(() =>
        client.workflowService.requestCancelWorkflowExecution({
          namespace: client.options.namespace,
          workflowExecution: { workflowId },
          requestId: `${workflowId}/${reason}`,
          reason
        })
      ),
    /** Waits until the program has started: a worker answers queries from then on. */
    begun: (workflowId: string) =>
      Effect.promise(() => handleOf(workflowId).query<unknown>("__temporal_workflow_metadata")),
    /** The history so far. */
    history: (workflowId: string): Effect.Effect<TemporalHistory> =>
      Effect.promise(() => handleOf(workflowId).fetchHistory()),
    /** Waits for the end, however the execution ends. */
    ended: (workflowId: string) => Effect.exit(Effect.tryPromise(() => handleOf(workflowId).result()))
  }
}
