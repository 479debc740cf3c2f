/**
 * The summary that goes with a commit.
 */
import * as DateTime from "effect/DateTime"
import type * as Types from "effect/Types"
import type { Version, WorkerId } from "../../Ids.ts"
import { wakeAt } from "../../internal/core/evolve.ts"
import type { ExecutionSummary } from "../../Store/WorkflowStore.ts"
import type { OpenActivity, OpenTimer, WorkflowState } from "../../WorkflowState.ts"

/** How many things that an execution waits for are named. */
const namedAtMost = 10

/** Summarizes a state at a version. `signals` are those that the program waits for. */
export const summarize = (options: {
  readonly state: WorkflowState
  readonly version: Version
  readonly firstVersion: Version
  readonly owner: WorkerId
  readonly signals: ReadonlyArray<string>
  readonly attributes: ExecutionSummary["attributes"]
}): ExecutionSummary => {
  const { state } = options
  const summary: Types.Mutable<ExecutionSummary> = {
    workflowId: state.workflowId,
    runId: state.runId,
    workflow: state.workflow,
    status: state.status,
    version: options.version,
    firstVersion: options.firstVersion,
    startedAt: state.startedAt,
    updatedAt: state.updatedAt,
    waitingFor: waitingFor(state, options.signals),
    attributes: options.attributes
  }
  if (state.closed !== undefined) {
    summary.closedAt = state.closed.at
    return summary
  }
  summary.owner = options.owner
  const wake = wakeAt(state)
  if (wake !== undefined) summary.wakeAt = wake
  return summary
}

/** What an execution waits for, in words. */
const waitingFor = (state: WorkflowState, signals: ReadonlyArray<string>): ReadonlyArray<string> => {
  if (state.closed !== undefined) return []
  if (state.problem !== undefined) return [`blocked: ${state.problem.message}`]
  const names: Array<string> = []
  for (const command of state.open) {
    if (names.length === namedAtMost) break
    names.push(describe(command))
  }
  for (const signal of signals) if (names.length < namedAtMost) names.push(`signal ${signal}`)
  const more = state.open.length + signals.length - names.length
  if (more > 0) names.push(`and ${more} more`)
  return names.length > 0 ? names : ["nothing that can happen by itself: only a cancel or terminate ends it"]
}

const describe = (command: OpenActivity | OpenTimer): string => {
  if (command._tag === "Timer") return `timer #${command.seq} until ${time(command.fireAt)}`
  const name = `activity ${command.scheduled.name} #${command.seq}`
  return command.retryAt === undefined
    ? name
    : `${name}, attempt ${command.failures.length + 1} at ${time(command.retryAt)}`
}

const time = (at: number): string => DateTime.formatIso(DateTime.makeUnsafe(at))
