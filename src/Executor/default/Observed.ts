/**
 * The observers of one executor. While there are none it costs a look at the length of a list.
 */
import * as Cause from "effect/Cause"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import { type HistoryEvent, isClosing, type Trace } from "../../HistoryEvent.ts"
import type { Sequence } from "../../Ids.ts"
import { chainOf } from "../../internal/core/continued.ts"
import { effectOf, thrownText } from "../../internal/given.ts"
import type { Noting } from "../../internal/replay/Program.ts"
import type { Commit, StoredCommit, StoreError, WorkflowStore } from "../../Store/WorkflowStore.ts"
import type { Open, WorkflowState } from "../../WorkflowState.ts"
import type { Attempting, Committed, Observer, Replayed } from "../Observers.ts"
import type { ActivityHandler, AttemptEnd } from "../WorkflowRegistry.ts"
import { replacedEnd } from "./attempts.ts"
import type { Fibers } from "./Fibers.ts"
import type { Owner } from "./Owner.ts"
import { under, underAll } from "../../internal/traced.ts"

/** What is known of an execution beside a commit of it: what was open before, and its trace. */
export interface Known extends Pick<WorkflowState, "open" | "trace"> {
  readonly updates: Pick<WorkflowState["updates"], "open">
}

/** Notes what the events of a commit change. */
export class Noted implements Noting, Known {
  readonly open = new Map<Sequence, Open>()
  updates: Known["updates"] = noUpdates
  trace: Trace | undefined = undefined

  note(event: HistoryEvent, state: WorkflowState): void {
    this.trace = state.trace
    const open = "seq" in event ? state.open.get(event.seq) : undefined
    if (open !== undefined) this.open.set(open.seq, open)
    if (event._tag === "UpdateAnswered") this.noteUpdate(event.id, state)
  }

  private noteUpdate(id: string, { updates }: WorkflowState): void {
    const update = updates.open.get(id)
    if (update === undefined) return
    this.updates = { open: new Map([...this.updates.open, [id, update]]) }
  }
}

/** A commit of this process, with what is known of its execution. */
interface Own {
  readonly commit: Commit
  readonly known: Known | undefined
}

/** The span that the start of an execution belongs to, by a commit and what is known beside it. */
const traceOf = ([first]: Commit["events"], known: Known | undefined): Trace | undefined =>
  known?.trace ?? (first._tag === "ExecutionStarted" ? first.trace : undefined)

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
    const commit: Committed = {
      events,
      summary,
      open: (seq) => known?.open.get(seq),
      update: (id) => known?.updates.open.get(id),
      trace: traceOf(events, known)
    }
    this.tell((observer) => observer.committed?.(commit))
  }

  /** Makes the save of commits a part of the traces of their executions. */
  within<A, E>(group: ReadonlyArray<Own>, save: Effect.Effect<A, E>): Effect.Effect<A, E> {
    if (this.all.length === 0) return save
    const traces = group.map(({ commit, known }) => (known === undefined ? undefined : traceOf(commit.events, known)))
    return underAll(traces, save)
  }

  /**
   * Saves a commit of an execution that is not run here, and tells of it. Its caller may give up before the store has answered: what is
   * stored all the same is told.
   */
  save(store: WorkflowStore["Service"], commit: Commit, known: Known | undefined): Effect.Effect<void, StoreError> {
    const save = store.save(commit)
    const tell = (known: Known | undefined) => Effect.map(save, () => this.committed(commit, known))
    if (this.all.length === 0) return tell(known)
    const told = Effect.flatMap(this.known(store, commit, known), tell)
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

  /** What is known beside a commit that is saved from outside. */
  known(
    store: Pick<WorkflowStore["Service"], "load">,
    commit: Commit,
    known: Known | undefined
  ): Effect.Effect<Known | undefined> {
    const isUnknown = this.all.length > 0 && known === undefined && commit.events.some(isClosing)
    return isUnknown ? beganWith(store, commit) : Effect.succeed(known)
  }

  /** Tells of a history that was read, and has taken the time since. */
  replayed(
    of: Pick<Owner, "workflowId" | "runId" | "chain" | "registration">,
    commits: ReadonlyArray<StoredCommit>,
    begun: number
  ): void {
    if (this.all.length === 0) return
    const first = commits[0]?.events[0]
    const started = first?._tag === "ExecutionStarted" ? first : undefined
    const replayed: Replayed = {
      workflow: of.registration.workflow,
      workflowId: of.workflowId,
      runId: of.runId,
      chain: started === undefined ? of.chain : chainOf(started),
      root: started?.root,
      events: commits.reduce((sum, { events }) => sum + events.length, 0),
      duration: this.fibers.passed() - begun,
      trace: started?.trace
    }
    this.tell((observer) => observer.replayed?.(replayed))
  }

  /** Wraps an attempt of a handler; the observer that came last is the outermost. */
  around(about: Attempting, handler: ActivityHandler): Effect.Effect<AttemptEnd> {
    const { context, input, trace } = about
    const whole = this.all.reduce(
      (next, { attempt }) => (attempt === undefined ? next : wrapped(handler, next, (next) => attempt(about, next))),
      Effect.suspend(() => handler.attempt(input, context))
    )
    return under(trace, whole)
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

// internal

const noUpdates: Known["updates"] = { open: new Map() }

/** What one observer makes of an attempt. An end of its own is looked at before others see it. */
const wrapped = (
  handler: ActivityHandler,
  next: Effect.Effect<AttemptEnd>,
  attempt: (next: Effect.Effect<AttemptEnd>) => Effect.Effect<AttemptEnd>
): Effect.Effect<AttemptEnd> =>
  Effect.suspend(() => {
    const given = new Set<AttemptEnd>()
    const noted = Effect.map(next, (end) => {
      given.add(end)
      return end
    })
    const whole = effectOf(`what is around activity ${handler.name}`, () => attempt(noted))
    return Effect.map(whole, (end) => (given.has(end) ? end : replacedEnd(handler, end)))
  })

/** The trace of a run that a commit closes, of which nothing else is known; nothing where its history cannot be read. */
const beganWith = (
  store: Pick<WorkflowStore["Service"], "load">,
  { workflowId }: Commit
): Effect.Effect<Known | undefined> =>
  store.load(workflowId).pipe(
    Effect.map((found): Known | undefined => {
      const first = Option.getOrUndefined(found)?.commits[0]?.events[0]
      return first?._tag === "ExecutionStarted"
        ? { open: new Map(), updates: noUpdates, trace: first.trace }
        : undefined
    }),
    Effect.orElseSucceed(() => undefined)
  )
