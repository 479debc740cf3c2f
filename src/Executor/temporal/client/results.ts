/**
 * Results of executions: the last event of a chain, which is waited for over all of its runs.
 */
import * as Effect from "effect/Effect"
import type { ClosingEvent } from "../../../HistoryEvent.ts"
import type { Ref } from "../../../Ids.ts"
import { closingIn } from "../../../internal/temporal/closing.ts"
import { type HistoryEvent, pageOf, type TemporalRun } from "../../../internal/temporal/pages.ts"
import { isMeant, look, type Run } from "../../../internal/temporal/runs.ts"
import type { Server } from "../../../internal/temporal/Server.ts"
import { NotFound, Restarted, type WorkflowErrorReason } from "../../../WorkflowError.ts"
import { watching } from "./watching.ts"

/** Waits until a chain is finished and returns its last event; fails once it is blocked. */
export const result = (server: Server, ref: Ref): Effect.Effect<ClosingEvent, WorkflowErrorReason> => {
  const { runId, workflowId } = ref
  if (runId === undefined) return resultOfChain(server, ref)
  // Most executions have one run, by whose name callers know them: then it need not be looked for.
  const waiting = Effect.flatMap(lastEvent(server, { workflowId, runId }), (event) =>
    isOfChain(event) ? resultOfChain(server, ref) : closingIn(server, { workflowId, runId }, event)
  ).pipe(
    Effect.catchTags({ NotFound: () => resultOfChain(server, ref), StoreFailed: () => resultOfChain(server, ref) })
  )
  return Effect.raceFirst(waiting, watching(server, ref))
}

// internal

const resultOfChain = (server: Server, ref: Ref): Effect.Effect<ClosingEvent, WorkflowErrorReason> =>
  Effect.flatMap(first(server, ref), ({ temporalRun, workflowId }) =>
    Effect.raceFirst(ending(server, workflowId, temporalRun), watching(server, { workflowId }))
  )

/** Whether a run may have ended without its chain: it is continued, or was reset. */
const isOfChain = (event: HistoryEvent): boolean =>
  Boolean(event.workflowExecutionContinuedAsNewEventAttributes ?? event.workflowExecutionTerminatedEventAttributes)

/** A run of the chain that a caller means: the latest, or of a chain before it the one that the caller names. */
const first = Effect.fnUntraced(function* (
  server: Server,
  { runId, workflowId }: Ref
): Effect.fn.Return<Run, WorkflowErrorReason> {
  const latest = yield* look(server, workflowId)
  if (isMeant(latest, runId)) return latest
  return yield* look(server, workflowId, runId).pipe(
    Effect.mapError((reason) =>
      // Temporal knows nothing of a run of this name, which may be that of a child.
      reason._tag === "NotFound" || reason._tag === "StoreFailed" ? new Restarted({ runId: latest.chain }) : reason
    )
  )
})

/** Waits until a run has ended, and the runs that go on with it. */
const ending = (server: Server, workflowId: string, runId: string): Effect.Effect<ClosingEvent, WorkflowErrorReason> =>
  Effect.flatMap(lastEvent(server, { workflowId, runId }), (event) => {
    const next = event.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId
    return next ? ending(server, workflowId, next) : closingIn(server, { workflowId, runId }, event)
  })

/** How long the server may take to say that there is nothing yet, in milliseconds. */
const longPoll = 70_000

const lastEvent = (
  server: Server,
  run: TemporalRun,
  token?: Uint8Array
): Effect.Effect<HistoryEvent, WorkflowErrorReason> =>
  Effect.flatMap(
    pageOf(server, run, { last: true, token }, longPoll),
    ({ events: [event], next }): Effect.Effect<HistoryEvent, WorkflowErrorReason> => {
      if (event !== undefined) return Effect.succeed(event)
      return next === undefined ? Effect.fail(new NotFound()) : lastEvent(server, run, next)
    }
  )
