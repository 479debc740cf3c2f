/**
 * Tells the worker what an execution has done, for its observers: what follows from one event together, and nothing of it while Temporal
 * replays. A worker is told of it before the server has it, and again when the task of the workflow is repeated.
 */
import { proxySinks, workflowInfo } from "@temporalio/workflow"
import type { HistoryEvent, Problem } from "../../../HistoryEvent.ts"
import { type Sequence, Version } from "../../../Ids.ts"
import { noSignals, type Signals } from "../../../internal/replay/signals.ts"
import { summarize } from "../../../internal/store/summary.ts"
import type { Told, ToldSinks } from "../../../internal/temporal/wire.ts"
import type { Open, OpenUpdate, WorkflowState } from "../../../WorkflowState.ts"

export class Telling {
  private readonly sinks = proxySinks<ToldSinks>()
  private events: Array<HistoryEvent> = []
  private open = new Map<Sequence, Open>()
  private updates = new Map<string, OpenUpdate>()

  /** Notes an event that is about to change the state. */
  note(event: HistoryEvent, state: WorkflowState): void {
    if (workflowInfo().unsafe.isReplaying) return
    this.events.push(event)
    const open = "seq" in event ? state.open.get(event.seq) : undefined
    if (open !== undefined) this.open.set(open.seq, open)
    const update = event._tag === "UpdateAnswered" ? state.updates.open.get(event.id) : undefined
    if (update !== undefined && event._tag === "UpdateAnswered") this.updates.set(event.id, update)
  }

  /** Tells that the program cannot go on. Temporal has no event for it. */
  blocked(problem: Problem, state: WorkflowState, at: number): void {
    this.note({ _tag: "ExecutionBlocked", at, problem }, state)
    this.flush({ ...state, length: state.length + 1, status: "blocked", problem }, noSignals)
  }

  /** Tells of what was noted, together. */
  flush(state: WorkflowState, signals: Signals): void {
    if (this.events.length === 0) return
    const version = Version.make(state.length)
    const told: Told = {
      events: this.events,
      summary: summarize(state, { version, firstVersion: Version.make(1), signals }),
      open: [...this.open.values()],
      updates: [...this.updates],
      trace: state.trace
    }
    this.events = []
    this.open = new Map()
    this.updates = new Map()
    // A copy as JSON: what crosses the border of the sandbox must be data.
    this.sinks.perdure.committed(JSON.stringify(told))
  }
}
