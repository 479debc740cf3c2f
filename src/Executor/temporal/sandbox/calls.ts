/**
 * Calls of activities, as Temporal is asked for them.
 */
import { ActivityCancellationType, type ActivityOptions, scheduleActivity } from "@temporalio/workflow"
import * as Duration from "effect/Duration"
import type * as Schema from "effect/Schema"
import type { EventOf } from "../../../HistoryEvent.ts"
import type { WorkflowState } from "../../../WorkflowState.ts"
import { isAsk } from "../../../internal/core/asked.ts"
import { type Call, sendName } from "../../../internal/temporal/wire.ts"

/** How long a silent worker keeps an attempt before Temporal gives it to another one. */
const heartbeatTimeout = "10 seconds"

/** How Temporal repeats attempts that were lost with their worker; a failed one names its own pause. */
const lostAttempts = { initialInterval: "1 second", maximumInterval: "10 seconds" } as const

/**
 * Temporal wants a limit for each attempt, in milliseconds. This one stands for none: the worker ends an attempt at its timeout, which begins
 * when the handler does, after a wait for its turn; and a worker that does not live is silent.
 */
const unlimited = Duration.toMillis(Duration.days(3650))

/** An attempt that a caller outside has ended, and what came before it. */
export interface EndedOutside extends NonNullable<Call["ended"]> {
  /** How often a caller has ended an attempt of the call. */
  readonly times: number
}

/** Schedules a call; its id is our sequence number. The promise is Temporal's. */
export const callActivity = (
  command: EventOf<"ActivityScheduled">,
  state: WorkflowState,
  at: number,
  ended?: EndedOutside
): Promise<Schema.Json> => {
  const { input, name, retry, seq, timeouts } = command
  const { total } = timeouts ?? {}
  const options: ActivityOptions = {
    activityId: ended === undefined ? String(seq) : `${seq}/${ended.times}`,
    cancellationType: ActivityCancellationType.TRY_CANCEL,
    heartbeatTimeout,
    retry: lostAttempts,
    startToCloseTimeout: unlimited,
    ...(total === undefined ? {} : { scheduleToCloseTimeout: Math.max(1, command.at + total - at) })
  }
  if (isAsk(command)) return scheduleActivity<Schema.Json>(name, [input], options)
  const call: Call = {
    run: state.runId,
    chain: state.chain,
    at: command.at,
    root: state.root,
    trace: state.trace,
    retry,
    timeouts,
    ended: ended && { attempt: ended.attempt, before: ended.before, failed: ended.failed }
  }
  return scheduleActivity<Schema.Json>(name, [input, call], options)
}

/** Sends what Temporal has no command for, by an activity that is asked until it is done. */
export const callSend = (
  id: string,
  input: { readonly [Key in string]: Schema.Json | undefined }
): Promise<Schema.Json> =>
  scheduleActivity<Schema.Json>(sendName, [input], {
    activityId: `send ${id}`,
    heartbeatTimeout,
    retry: lostAttempts,
    startToCloseTimeout: unlimited
  })
