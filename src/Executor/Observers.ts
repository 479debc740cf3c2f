/**
 * What an executor shows to layers at its edge: what this process has committed, the attempts that it runs and the histories that it
 * replays. Hooks, tracing, metrics and middleware of activities stand on it; an executor knows nothing else of them.
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import type { ActivityContext } from "../ActivityContext.ts"
import type { Ancestor, HistoryEvent, Trace } from "../HistoryEvent.ts"
import type { RunId, Sequence, WorkflowId } from "../Ids.ts"
import type { ExecutionSummary } from "../Store/WorkflowStore.ts"
import type { Open, OpenUpdate } from "../WorkflowState.ts"
import type { AttemptEnd } from "./WorkflowRegistry.ts"

/**
 * A commit of this process that is stored. It is told once, by the process that made it; a process that dies in between does not
 * tell of it.
 *
 * @category models
 * @since 0.2.0
 */
export interface Committed {
  readonly events: ReadonlyArray<HistoryEvent>
  /** What is known of the execution after the commit. */
  readonly summary: ExecutionSummary
  /**
   * The activity or the timer of a sequence number, as it was before an event of the commit changed or ended it. `undefined` where this
   * process has not read the history.
   */
  readonly open: (seq: Sequence) => Open | undefined
  /** The update of an id, as it was before an event of the commit answered it; `undefined` as for `open`. */
  readonly update: (id: string) => OpenUpdate | undefined
  /**
   * The span that the start of the execution belongs to, where that was recorded and is known here: to the process that runs the
   * execution, and of a commit that starts or closes it to any.
   */
  readonly trace: Trace | undefined
}

/**
 * An attempt of an activity that is about to run in this process.
 *
 * @category models
 * @since 0.2.0
 */
export interface Attempting {
  readonly context: ActivityContext["Service"]
  readonly input: Schema.Json
  /** The first run of the chain. */
  readonly chain: RunId
  /** The first ancestor of a child. */
  readonly root: Ancestor | undefined
  /** The span that the start of the execution belongs to. */
  readonly trace: Trace | undefined
}

/**
 * A history that was read to bring a program into memory.
 *
 * @category models
 * @since 0.2.0
 */
export interface Replayed {
  readonly workflow: string
  readonly workflowId: WorkflowId
  readonly runId: RunId
  /** The first run of the chain. */
  readonly chain: RunId
  /** The first ancestor of a child. */
  readonly root: Ancestor | undefined
  /** How many events were read. */
  readonly events: number
  /** How long it took, from the read to the last event, in milliseconds. */
  readonly duration: number
  readonly trace: Trace | undefined
}

/**
 * Observes an executor. Its functions are called in the middle of the executor's work: they must return at once. What they throw is
 * logged.
 *
 * @category models
 * @since 0.2.0
 */
export interface Observer {
  readonly committed?: ((commit: Committed) => void) | undefined
  readonly replayed?: ((replayed: Replayed) => void) | undefined
  /** Wraps an attempt. It counts as a part of the handler: its time is that of the attempt, and what it dies with is the defect of the attempt. */
  readonly attempt?: ((attempt: Attempting, next: Effect.Effect<AttemptEnd>) => Effect.Effect<AttemptEnd>) | undefined
}

/**
 * The observers of an executor.
 *
 * @category services
 * @since 0.2.0
 */
export class Observers extends Context.Service<
  Observers,
  {
    /** Adds an observer until the scope closes, around the ones that are there. */
    readonly add: (observer: Observer) => Effect.Effect<void, never, Scope.Scope>
  }
>()("perdure/Executor/Observers") {}
