/**
 * Calls of activities, as Temporal is asked for them.
 */
import { ActivityCancellationType, type ActivityOptions, scheduleActivity } from "@temporalio/workflow"
import * as Duration from "effect/Duration"
import type * as Schema from "effect/Schema"
import type { EventOf } from "../../../HistoryEvent.ts"
import type { WorkflowState } from "../../../WorkflowState.ts"
import { askName, isAsk } from "../../../internal/core/asked.ts"
import { type Call, type FailedAttempt, sendName } from "../../../internal/temporal/wire.ts"

/** How long a silent worker keeps an attempt before Temporal gives it to another one. */
const heartbeatTimeout = "10 seconds"

/** How Temporal repeats attempts that were lost with their worker; a failed one names its own pause. */
const lostAttempts = { initialInterval: "1 second", maximumInterval: "10 seconds" } as const

/** The worker ends an attempt by itself; Temporal does so this many milliseconds later, in case the worker hangs. */
const grace = 10_000

/** Temporal wants a limit for each activity, in milliseconds. This one stands for none. */
const unlimited = Duration.toMillis(Duration.days(3650))

/** An attempt that a caller outside has ended, and what came before it. */
export interface EndedOutside {
  /** How often the call was left to callers before. */
  readonly times: number
  readonly failures: ReadonlyArray<FailedAttempt>
}

/** Schedules a call; its id is our sequence number. The promise is Temporal's. */
export const callActivity = (
  command: EventOf<"ActivityScheduled">,
  state: WorkflowState,
  at: number,
  ended?: EndedOutside
): Promise<Schema.Json> => {
  const { input, name, retry, seq, timeouts } = command
  const { attempt, total } = timeouts ?? {}
  const options: ActivityOptions = {
    activityId: ended === undefined ? String(seq) : `${seq}/${ended.times}`,
    cancellationType: ActivityCancellationType.TRY_CANCEL,
    heartbeatTimeout,
    retry: lostAttempts,
    startToCloseTimeout: attempt === undefined ? unlimited : attempt + grace,
    ...(total === undefined ? {} : { scheduleToCloseTimeout: Math.max(1, command.at + total - at) })
  }
  if (isAsk(command)) return scheduleActivity<Schema.Json>(name, [input], options)
  const call: Call = {
    run: state.runId,
    chain: state.chain,
    at: command.at,
    ...(state.root === undefined ? {} : { root: state.root }),
    ...(state.trace === undefined ? {} : { trace: state.trace }),
    ...(retry === undefined ? {} : { retry }),
    ...(timeouts === undefined ? {} : { timeouts }),
    ...(ended === undefined ? {} : { failures: ended.failures })
  }
  return scheduleActivity<Schema.Json>(name, [input, call], options)
}

/** Sends what Temporal has no command for, by an activity that is asked until it is done. */
export const callSend = (
  id: string,
  input: { readonly [Key in string]: Schema.Json | undefined }
): Promise<Schema.Json> => callOwn(sendName, `send ${id}`, input)

/** Asks another execution, for the executor itself. */
export const callAsk = (id: string, input: Schema.Json): Promise<Schema.Json> => callOwn(askName, id, input)

// internal

const callOwn = (name: string, activityId: string, input: unknown): Promise<Schema.Json> =>
  scheduleActivity<Schema.Json>(name, [input], {
    activityId,
    heartbeatTimeout,
    retry: lostAttempts,
    startToCloseTimeout: unlimited
  })
