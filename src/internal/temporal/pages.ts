/**
 * Histories of Temporal as they are read: a page at a time.
 */
import type { temporal } from "@temporalio/proto"
import * as Effect from "effect/Effect"
import type { WorkflowErrorReason } from "../../WorkflowError.ts"
import { unsealed } from "./sealing.ts"
import { ask, type Server } from "./Server.ts"

/** An event of Temporal. */
export type HistoryEvent = temporal.api.history.v1.IHistoryEvent

/** A run of Temporal. */
export interface TemporalRun {
  readonly workflowId: string
  readonly runId: string
}

/** A part of a history, and the token of what follows. */
export interface HistoryPage {
  readonly events: ReadonlyArray<HistoryEvent>
  readonly next: Uint8Array | undefined
}

/** Asks for a page: the first one, or that of a token. `within` is the time for the answer, in milliseconds. */
export const pageOf = (
  server: Server,
  { runId, workflowId }: TemporalRun,
  options: {
    readonly token?: Uint8Array | undefined
    /** So many events at most. */
    readonly size?: number | undefined
    /** Waits for the event that closes the run, and asks for nothing else. */
    readonly last?: boolean | undefined
  } = {},
  within?: number
): Effect.Effect<HistoryPage, WorkflowErrorReason> => {
  const { last = false, size, token } = options
  return Effect.flatMap(
    ask(
      server,
      ({ workflowService }) =>
        workflowService.getWorkflowExecutionHistory({
          namespace: server.namespace,
          execution: { workflowId, runId },
          nextPageToken: token ?? null,
          maximumPageSize: size ?? null,
          waitNewEvent: last,
          historyEventFilterType: last ? closing : every
        }),
      within
    ),
    ({ history, nextPageToken }) =>
      Effect.map(Effect.fromResult(unsealed(server.codec, history?.events ?? [])), (events) => ({
        events,
        next: nextPageToken && nextPageToken.length > 0 ? nextPageToken : undefined
      }))
  )
}

/** All events of a run. */
export const eventsOf = (
  server: Server,
  run: TemporalRun
): Effect.Effect<ReadonlyArray<HistoryEvent>, WorkflowErrorReason> =>
  Effect.gen(function* () {
    const pages: Array<ReadonlyArray<HistoryEvent>> = []
    let token: Uint8Array | undefined
    do {
      const page: HistoryPage = yield* pageOf(server, run, { token })
      pages.push(page.events)
      token = page.next
    } while (token !== undefined)
    return pages.flat()
  })

/** With what a run began. */
export type Started = NonNullable<HistoryEvent["workflowExecutionStartedEventAttributes"]>

/** With what a run began, from the first event of its history. */
export const startOf = (server: Server, run: TemporalRun): Effect.Effect<Started | undefined, WorkflowErrorReason> =>
  Effect.map(
    pageOf(server, run, { size: 1 }),
    ({ events }) => events[0]?.workflowExecutionStartedEventAttributes ?? undefined
  )

// internal

/** Temporal's numbers of what a page has. */
const [every, closing] = [1, 2] as const
