/**
 * Tells the worker what an execution has done, for its observers: what follows from one event together, and nothing of it while Temporal
 * replays. A worker may be told of it before the server has it, and again when the server refuses the task.
 */
import { proxySinks, workflowInfo } from "@temporalio/workflow"
import type { HistoryEvent } from "../../../HistoryEvent.ts"
import { type Sequence, Version } from "../../../Ids.ts"
import type { Signals } from "../../../internal/replay/signals.ts"
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
