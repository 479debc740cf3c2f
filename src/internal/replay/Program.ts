/**
 * The program of an execution in memory, and what else a turn begins with.
 */
import type { HistoryEvent, Problem } from "../../HistoryEvent.ts"
import type { WorkerId } from "../../Ids.ts"
import type { WorkflowState } from "../../WorkflowState.ts"
import type { Interpreter } from "./Interpreter.ts"

/** The program of an execution in memory. */
export type Program =
  /** It waits for the next event. */
  | { readonly _tag: "Loaded"; readonly interpreter: Interpreter }
  /** It cannot go on. */
  | { readonly _tag: "Stopped"; readonly problem: Problem }

/** What an execution is before its turn. */
export interface Current {
  readonly program: Program
  /** Absent before its start. It is changed in place. */
  readonly state: WorkflowState | undefined
  /** The latest version, for messages of the execution to itself. */
  readonly version: number
  /** The worker whose turn it is. */
  readonly worker: WorkerId
  /** The version of the workflow that the worker has. */
  readonly programVersion?: string | undefined
  /** So many events the run may have. */
  readonly maxHistory: number
  /** Set when the worker takes the execution: from another worker, or because it has no owner. */
  readonly claim: Takeover | undefined
  /** Is told of each event of the turn before that changes the state. */
  readonly noting?: Noting | undefined
}

/** Notes what an event is about to change. */
export interface Noting extends Pick<WorkflowState, "open" | "trace"> {
  readonly updates: Pick<WorkflowState["updates"], "open">
  readonly note: (event: HistoryEvent, state: WorkflowState) => void
}

/** How a worker takes an execution. */
export interface Takeover {
  /** Whether the worker before it died, with the attempts that it ran. */
  readonly isLost: boolean
  /** Whether it is recorded that the program cannot go on here: not while other workers may be able to run it. */
  readonly mayBlock: boolean
}
