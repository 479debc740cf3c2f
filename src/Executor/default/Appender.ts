/**
 * What an executor has to commit to executions that it does not run.
 */
import type * as Effect from "effect/Effect"
import type { EventOf } from "../../HistoryEvent.ts"
import type { RunId, WorkflowId } from "../../Ids.ts"
import type { Commit, StoreError, WorkflowStore } from "../../Store/WorkflowStore.ts"
import type { Known, Observed } from "./Observed.ts"

export interface Appender {
  readonly store: Pick<WorkflowStore["Service"], "load" | "summary" | "deletion">
  /** Saves a commit, and tells the observers of it, with what is known of the execution from its history. */
  readonly save: (commit: Commit, known?: Known) => Effect.Effect<void, StoreError>
  readonly commitId: () => string
  readonly now: () => number
  /** From so many events on the programs of executions that are started here are told to continue as new. */
  readonly suggestContinueAt: number
  /** Tells an execution of this worker of the end of its child; returns whether that is recorded. */
  readonly tellHere?: (parent: WorkflowId, chain: RunId, ended: Ended) => Effect.Effect<boolean>
}

/** Has the observers told of what is committed. */
export const telling = (
  observed: Observed,
  of: Omit<Appender, "save" | "store"> & { readonly store: WorkflowStore["Service"] }
): Appender => ({
  ...of,
  save: (commit, known) => observed.save(of.store, commit, known)
})

/** The end of a child, as its parent is told of it. */
export type Ended = Omit<EventOf<"ChildEnded">, "at">
