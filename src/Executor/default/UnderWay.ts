/**
 * What one execution has under way outside its program: handlers that run, messages that are delivered.
 */
import { type HistoryEvent, isCommand } from "../../HistoryEvent.ts"
import type { Sequence } from "../../Ids.ts"
import { carryOut } from "../../internal/replay/Carrier.ts"
import type { Turn } from "../../internal/replay/turn.ts"
import type { WorkflowState } from "../../WorkflowState.ts"
import { Activities } from "./Activities.ts"
import { carrier } from "./carrier.ts"
import { Deliveries } from "./Deliveries.ts"
import type { Owner } from "./Owner.ts"
import type { Shared } from "./Shared.ts"

/** Events that are carried out without letting other work of the process in between. */
const atOnce = 1024

export class UnderWay {
  private readonly shared: Shared<never>
  private readonly owner: Owner
  private activities: Activities | undefined = undefined
  private deliveries: Deliveries | undefined = undefined
  private closed = false
  /** Saved events whose consequences are still to come. */
  private backlog: Array<HistoryEvent> = []
  /** The state that what is carried out belongs to. */
  private state: WorkflowState | undefined = undefined

  constructor(shared: Shared<never>, owner: Owner) {
    this.shared = shared
    this.owner = owner
  }

  /** Whether no handler runs or is in line. */
  get isIdle(): boolean {
    return this.backlog.length === 0 && (this.activities?.isIdle ?? true)
  }

  /** Whether all that is under way is the wait for the answers of others. */
  get isAsking(): boolean {
    return this.backlog.length === 0 && (this.activities?.isAsking ?? true)
  }

  /** When the next attempt of a failed activity is due. */
  get nextRetryAt(): number | undefined {
    return this.activities?.nextRetryAt
  }

  /** Does what follows from the saved events of a turn. */
  carryOut({ events }: Turn, state: WorkflowState): void {
    this.state = state
    // At once, while the state is the one that was saved: what a later turn sends must not leave before it is saved too.
    this.deliver(state)
    const { backlog } = this
    if (backlog.length === 0 && events.length <= atOnce) return this.carryOutAll(events)
    for (const event of events) backlog.push(event)
    if (backlog.length === events.length) this.workOff(backlog, 0)
  }

  /** Begins the open activity of a sequence number. */
  begin(seq: Sequence): void {
    if (this.closed) return
    this.activities ??= new Activities(this.shared, this.owner)
    this.activities.begin(this.state?.open.get(seq))
  }

  /** Ends the handler of an activity that was cancelled. */
  abandon(seq: Sequence): void {
    this.activities?.end(seq)
  }

  /** Delivers the messages that are owed in a saved state. */
  private deliver(state: WorkflowState): void {
    if (this.closed || state.owed.size === 0) return
    const { appender, fibers } = this.shared
    this.deliveries ??= new Deliveries(fibers, appender, (id, outcome) =>
      this.owner.tell({ _tag: "Settled", id, outcome })
    )
    this.deliveries.next(state)
  }

  /** Takes what is open and owed in a state into care; keeps what is under way already, and ends what is not open any more. */
  resume(state: WorkflowState, canGoOn = true): void {
    // Without its program activities stay as they are, but what is owed is delivered.
    this.state = state
    this.backlog = []
    if (!canGoOn) return this.deliver(state)
    if (state.open.size > 0 && !this.closed) this.activities ??= new Activities(this.shared, this.owner)
    this.activities?.resume(state)
    this.deliver(state)
  }

  /** Begins the attempts that are due. */
  retry(state: WorkflowState): void {
    this.activities?.retry(state)
  }

  /** Begins nothing more. Activities whose handlers are interrupted stay open. */
  close(handlers: "Interrupt" | "LetRun"): void {
    this.closed = true
    this.backlog = []
    this.activities?.close()
    if (handlers === "Interrupt") this.activities?.abandonAll()
  }

  /** The run is over: what handlers reported is of no more use. */
  over(): void {
    this.activities?.endAll()
  }

  /** Ends all handlers, and begins no more deliveries. */
  abandonAll(): void {
    this.backlog = []
    this.deliveries?.stop()
    this.activities?.abandonAll()
  }

  /** Carries out a part of a backlog, and the rest after other work of the process. */
  private workOff(backlog: Array<HistoryEvent>, from: number): void {
    if (backlog !== this.backlog) return
    this.carryOutAll(backlog.slice(from, from + atOnce))
    if (from + atOnce < backlog.length) {
      this.shared.fibers.yield(() => this.workOff(backlog, from + atOnce))
    } else {
      this.backlog = []
    }
  }

  private carryOutAll(events: ReadonlyArray<HistoryEvent>): void {
    for (const event of events) {
      if (isCommand(event)) carryOut(carrier, this, event)
      else this.note(event)
    }
  }

  /** Does what follows from a saved event that is no command. */
  private note(event: HistoryEvent): void {
    switch (event._tag) {
      case "ActivityResolved":
        return this.activities?.end(event.seq)
      case "ActivityPending":
        return this.activities?.wait(event.seq, event.timeout?.at)
      case "ActivityAttemptEnded":
        return this.activities?.again(this.state?.open.get(event.seq))
      case "ActivityAttemptFailed":
        return this.activities?.wait(event.seq, event.retryAt)
      case "OwnerChanged":
        return this.state === undefined ? undefined : this.resume(this.state, this.state.status !== "blocked")
    }
  }
}
