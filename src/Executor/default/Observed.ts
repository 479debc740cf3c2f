/**
 * The observers of one executor. While there are none it costs a look at the length of a list.
 */
import * as Cause from "effect/Cause"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Scope from "effect/Scope"
import type { HistoryEvent, Trace } from "../../HistoryEvent.ts"
import type { Sequence } from "../../Ids.ts"
import { thrownText } from "../../internal/given.ts"
import type { Noting } from "../../internal/replay/Program.ts"
import type { Commit, StoredCommit, StoreError, WorkflowStore } from "../../Store/WorkflowStore.ts"
import type { Open, WorkflowState } from "../../WorkflowState.ts"
import type { Attempting, Committed, Observer, Replayed } from "../Observers.ts"
import type { AttemptEnd } from "../WorkflowRegistry.ts"
import type { Fibers } from "./Fibers.ts"
import type { Owner } from "./Owner.ts"

/** What is known of an execution beside a commit of it: what was open before, and its trace. */
export type Known = Pick<WorkflowState, "open" | "trace">

/** Notes what the events of a commit change. */
export class Noted implements Noting, Known {
  readonly open = new Map<Sequence, Open>()
  trace: Trace | undefined = undefined

  note(event: HistoryEvent, state: WorkflowState): void {
    this.trace = state.trace
    const open = "seq" in event ? state.open.get(event.seq) : undefined
    if (open !== undefined) this.open.set(open.seq, open)
  }
}

export class Observed {
  private readonly fibers: Fibers
  private all: ReadonlyArray<Observer> = []

  constructor(fibers: Fibers) {
    this.fibers = fibers
  }

  /** What notes the events of a commit, if it will be told of. */
  noting(): Noted | undefined {
    return this.all.length === 0 ? undefined : new Noted()
  }

  /** Adds an observer until the scope closes. */
  add(observer: Observer): Effect.Effect<void, never, Scope.Scope> {
    return Effect.acquireRelease(
      Effect.sync(() => void (this.all = [...this.all, observer])),
      () => Effect.sync(() => void (this.all = this.all.filter((each) => each !== observer)))
    )
  }

  /** Tells of a commit that is stored. */
  committed({ events, summary }: Pick<Commit, "events" | "summary">, known: Known | undefined): void {
    if (this.all.length === 0) return
    const first = events[0]
    const begun = first._tag === "ExecutionStarted" ? first.trace : undefined
    const commit: Committed = {
      events,
      summary,
      open: (seq) => known?.open.get(seq),
      trace: known?.trace ?? begun
    }
    this.tell((observer) => observer.committed?.(commit))
  }

  /**
   * Saves a commit of an execution that is not run here, and tells of it. Its caller may give up before the store has answered: what is
   * stored all the same is told.
   */
  save(store: WorkflowStore["Service"], commit: Commit, known: Known | undefined): Effect.Effect<void, StoreError> {
    const save = store.save(commit)
    const told = Effect.map(save, () => this.committed(commit, known))
    if (this.all.length === 0) return told
    return Effect.contextWith((caller: Context.Context<never>) =>
      Effect.callback((resume) => {
        this.fibers.fork(Effect.provideContext(told, caller), (exit) => {
          // The executor has ended, and its caller goes on: to save again changes nothing.
          const isCut = Exit.isFailure(exit) && Cause.hasInterruptsOnly(exit.cause)
          resume(isCut ? save : exit)
        })
      })
    )
  }

  /** Tells of a history that was read, and has taken the time since. */
  replayed(
    of: Pick<Owner, "workflowId" | "runId" | "registration">,
    commits: ReadonlyArray<StoredCommit>,
    begun: number
  ): void {
    if (this.all.length === 0) return
    const first = commits[0]?.events[0]
    const replayed: Replayed = {
      workflow: of.registration.workflow,
      workflowId: of.workflowId,
      runId: of.runId,
      events: commits.reduce((sum, { events }) => sum + events.length, 0),
      duration: this.fibers.passed() - begun,
      trace: first?._tag === "ExecutionStarted" ? first.trace : undefined
    }
    this.tell((observer) => observer.replayed?.(replayed))
  }

  /** Wraps an attempt; the observer that came last is the outermost. */
  around(about: Attempting, effect: Effect.Effect<AttemptEnd>): Effect.Effect<AttemptEnd> {
    return this.all.reduce((next, { attempt }) => {
      return attempt === undefined ? next : Effect.suspend(() => attempt(about, next))
    }, effect)
  }

  private tell(call: (observer: Observer) => void): void {
    for (const observer of this.all) {
      try {
        call(observer)
      } catch (thrown) {
        this.fibers.log("Error", `an observer of the executor threw: ${thrownText(thrown)}`)
      }
    }
  }
}
