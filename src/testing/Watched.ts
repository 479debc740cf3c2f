/**
 * What has come of a life so far, as its processes tell of it.
 */
import type { Registration } from "../Executor/WorkflowRegistry.ts"
import { type ClosingEvent, isClosing } from "../HistoryEvent.ts"
import type { Commit } from "../Store/WorkflowStore.ts"
import { isFinal } from "../WorkflowState.ts"
import { type Attempt, callOf, type Watcher } from "./Process.ts"
import { programKey } from "./replaying.ts"

/** An attempt that began, and whether its call was over by then. */
export interface Began extends Attempt {
  readonly isOver: boolean
}

export class Watched {
  /** What was written, in order. */
  readonly commits: Array<Commit> = []
  readonly began: Array<Began> = []
  /** The programs that were registered, by workflow and version. */
  readonly programs = new Map<string, Registration>()
  private readonly wrong: (fault: string) => void
  private readonly latest = new Map<string, Commit>()
  private readonly over = new Set<string>()
  private processes = 0
  private running = 0
  private events = 0

  /** Tells of what is wrong by `wrong`. */
  constructor(wrong: (fault: string) => void) {
    this.wrong = wrong
  }

  /** Whether attempts are under way in the process that lives. */
  get isBusy(): boolean {
    return this.running > 0
  }

  /** What another process tells, after which attempts of the one before it are under way no more. */
  next(): Watcher {
    const process = ++this.processes
    this.running = 0
    return {
      wrote: (commit) => this.wrote(commit),
      began: (attempt) => {
        this.running++
        this.began.push({ ...attempt, isOver: this.over.has(attempt.call) })
      },
      ended: () => {
        if (process === this.processes) this.running--
      },
      registered: (registration) =>
        this.programs.set(programKey(registration.workflow, registration.version), registration)
    }
  }

  /** The last event of an execution, once it has ended. */
  closingOf(workflowId: string): ClosingEvent | undefined {
    const last = this.latest.get(workflowId)
    if (last === undefined || !isFinal(last.summary.status)) return undefined
    // What it owed to its parent and its children is noted after its end.
    const closed = this.commits.findLast((commit) => commit.workflowId === workflowId && commit.events.some(isClosing))
    return closed?.events.findLast(isClosing)
  }

  private wrote(commit: Commit): void {
    this.events += commit.events.length
    this.commits.push(commit)
    if (this.events > mostEvents) {
      this.wrong(`it is not over after ${mostEvents} events: let its input or its script bring it to an end`)
    }
    this.latest.set(commit.workflowId, commit)
    for (const event of commit.events) {
      if (event._tag === "ActivityResolved" || event._tag === "ActivityCancelled") {
        this.over.add(callOf(commit.runId, event.seq))
      } else if (event._tag === "ExecutionBlocked") this.wrong(event.problem.message)
    }
  }
}

// internal

/** So many events a life has. */
const mostEvents = 10_000
