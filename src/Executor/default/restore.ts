/**
 * What an execution is in memory after its history was read: a decision without I/O.
 */
import type { ClosingEvent, Problem } from "../../HistoryEvent.ts"
import type { RunId, Version, WorkerId } from "../../Ids.ts"
import { fold } from "../../internal/core/evolve.ts"
import type { Interpreter } from "../../internal/replay/Interpreter.ts"
import type { Program } from "../../internal/replay/turn.ts"
import { stateOf } from "../../internal/store/summary.ts"
import type { StoredCommit, StoredExecution } from "../../Store/WorkflowStore.ts"
import { isFinal, type WorkflowState, type WorkflowStatus } from "../../WorkflowState.ts"

/** What an execution was in memory before the read. */
export interface Before {
  readonly runId: RunId
  /** The latest version that the program has seen. */
  readonly version: number
  /** The live program, of which only later commits were read. */
  readonly live: (Program & { readonly state: WorkflowState }) | undefined
  readonly worker: WorkerId
  /** The worker that the execution is taken from, when this is a takeover. */
  readonly claim: { readonly from: WorkerId | undefined } | undefined
  /** A program that has not seen anything. */
  readonly fresh: () => Interpreter
  /** What keeps the program from going on, beside the history. */
  readonly problem: Problem | undefined
}

export type Restored =
  /** Another worker has it, or another run has its id. */
  | { readonly _tag: "NotOurs" }
  | { readonly _tag: "Closed"; readonly event: ClosingEvent; readonly status: WorkflowStatus; readonly owes: boolean }
  | { readonly _tag: "Failed"; readonly detail: string }
  /** `isClaimed`: it is taken over, which is not recorded yet. */
  | {
      readonly _tag: "Ready"
      readonly version: Version
      readonly program: Program
      readonly state: WorkflowState
      readonly isClaimed: boolean
    }

/** Follows what was read, with the live program or a fresh one. */
export const restore = (stored: StoredExecution, before: Before): Restored => {
  const { commits, summary } = stored
  const { claim, live, worker } = before
  if (summary.runId !== before.runId) return notOurs
  const isClaimed = claim !== undefined && (summary.owner === claim.from || summary.owner === worker)
  const state = live === undefined ? stateOf(stored) : fold(eventsOf(commits), live.state)
  if (state?.closed !== undefined)
    return { _tag: "Closed", event: state.closed, status: state.status, owes: state.owed.size > 0 }
  if (isFinal(summary.status) || (!isClaimed && summary.owner !== worker)) return notOurs
  if (state === undefined) return { _tag: "Failed", detail: "the history has no beginning" }
  if (live?._tag === "Stopped") return { _tag: "Ready", version: summary.version, program: live, state, isClaimed }
  const interpreter = live?.interpreter ?? before.fresh()
  const seen = isClaimed ? seenByOwners(summary) : before.version
  for (const commit of commits) interpreter.replay(commit.events, commit.version > seen)
  const problem = interpreter.problem ?? before.problem
  const program: Program = problem === undefined ? { _tag: "Loaded", interpreter } : { _tag: "Stopped", problem }
  return { _tag: "Ready", version: summary.version, program, state, isClaimed }
}

// internal

const notOurs: Restored = { _tag: "NotOurs" }

const eventsOf = (commits: ReadonlyArray<StoredCommit>) => commits.flatMap(({ events }) => events)

/** Up to which version a worker has run the program: what follows from later commits is news, and is logged. */
const seenByOwners = ({ owner, version }: StoredExecution["summary"]): number =>
  // Without an owner the execution was started by a process without its program, which has never run.
  owner === undefined ? 0 : version
