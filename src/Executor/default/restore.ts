/**
 * What an execution is in memory after its history was read: a decision without I/O, in slices, so that a long history does
 * not keep the process from other work.
 */
import { type ClosingEvent, type HistoryEvent, isCommand, type Problem } from "../../HistoryEvent.ts"
import type { RunId, Version, WorkerId } from "../../Ids.ts"
import { tooLong } from "../../internal/core/continued.ts"
import { fold, isUnread } from "../../internal/core/evolve.ts"
import type { Interpreter } from "../../internal/replay/Interpreter.ts"
import type { Program } from "../../internal/replay/Program.ts"
import { attributed } from "../../internal/store/summary.ts"
import type { StoredCommit, StoredExecution } from "../../Store/WorkflowStore.ts"
import { isFinal, type WorkflowState, type WorkflowStatus } from "../../WorkflowState.ts"
import type { Read } from "./readHistory.ts"

/** What an execution was in memory before the read. */
export interface Before {
  readonly runId: RunId
  /** The latest version that the program has seen. */
  readonly version: number
  /** The live program, of which only later commits were read. */
  readonly live: (Program & { readonly state: WorkflowState }) | undefined
  readonly shared: {
    readonly worker: WorkerId
    /** So many events a run may have. */
    readonly maxHistory: number
  }
  /** The worker that the execution is taken from, when this is a takeover. */
  readonly claim: { readonly from: WorkerId | undefined; readonly onlyBlocked: boolean } | undefined
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

/** What came of a read, followed by the program. */
export type Found = Restored | Exclude<Read, { readonly _tag: "Found" }>

/** Follows what was read, with the live program or a fresh one. Yields between two slices. */
export function* restore(stored: StoredExecution, before: Before): Generator<void, Restored> {
  const { commits, summary } = stored
  const { claim, live, shared } = before
  const { maxHistory, worker } = shared
  if (summary.runId !== before.runId) return notOurs
  const isClaimed = claim !== undefined && (summary.owner === claim.from || summary.owner === worker)
  if (isClaimed && claim.onlyBlocked && summary.status !== "blocked") return notOurs
  const isOver = isFinal(summary.status)
  if (!isOver && !isClaimed && summary.owner !== worker) return notOurs
  const interpreter = isOver || live?._tag === "Stopped" ? undefined : (live?.interpreter ?? before.fresh())
  const seen = isClaimed || summary.status === "blocked" ? seenByOwners(stored) : before.version
  if (live === undefined && interpreter !== undefined) foresee(interpreter, commits)
  let state = live?.state
  yield* inSlices(commits, (events, version) => {
    state = fold(events, state)
    if (state === undefined) return false
    if (interpreter?.problem === undefined) interpreter?.replay(events, version > seen)
    return true
  })
  if (live === undefined) state = attributed(state, stored)
  if (state?.closed !== undefined)
    return { _tag: "Closed", event: state.closed, status: state.status, owes: state.owed.size > 0 }
  if (isOver) return notOurs
  if (state === undefined) return { _tag: "Failed", detail: "the history has no beginning" }
  const ready = { _tag: "Ready", version: summary.version, state, isClaimed } as const
  if (live?._tag === "Stopped") return { ...ready, program: live }
  // There is one, since the execution is not over.
  const problem = interpreter!.problem ?? before.problem ?? tooLong(state, maxHistory)
  const program: Program =
    problem === undefined ? { _tag: "Loaded", interpreter: interpreter! } : { _tag: "Stopped", problem }
  return { ...ready, program }
}

/** How many events are followed at a time: a few milliseconds of most programs. */
const sliceEvents = 4096

/** Follows the events of commits until told to stop, in slices. */
export function* inSlices(
  commits: ReadonlyArray<StoredCommit>,
  follow: (events: ReadonlyArray<HistoryEvent>, version: Version) => boolean
): Generator<void, void> {
  let followed = 0
  for (const { events, version } of commits) {
    for (let from = 0; from < events.length; from += sliceEvents) {
      const slice = events.length <= sliceEvents ? events : events.slice(from, from + sliceEvents)
      if (!follow(slice, version)) return
      followed += slice.length
      if (followed < sliceEvents) continue
      followed = 0
      yield
    }
  }
}

/**
 * Up to which version a worker has run the program: what follows from later commits is news. Of an execution that is blocked no
 * program has done anything since, so what blocked it is news too.
 */
export const seenByOwners = ({ commits, summary: { owner, status } }: StoredExecution): number => {
  // Without an owner the execution was started by a process without its program, which has never run.
  if (owner === undefined && !isFinal(status)) return 0
  const isSeen = ({ events }: StoredCommit) => !events.every(isUnread)
  if (status !== "blocked") return commits.findLast(isSeen)?.version ?? 0
  const resumed = commits.findLastIndex(({ events }) => events.some(({ _tag }) => _tag === "OwnerChanged"))
  const blocked = commits.findIndex(
    ({ events }, index) => index >= resumed && events.some(({ _tag }) => _tag === "ExecutionBlocked")
  )
  const until = commits[blocked]?.events.some(isCommand) === true ? blocked + 1 : blocked
  return commits.slice(0, Math.max(0, until)).findLast(isSeen)?.version ?? 0
}

/** Prepares a program for a history: what it did on an event of another process is in a later commit. */
export const foresee = (interpreter: Interpreter, commits: ReadonlyArray<StoredCommit>): void => {
  for (const { events } of commits) interpreter.foresee(events)
}

// internal

const notOurs: Restored = { _tag: "NotOurs" }
