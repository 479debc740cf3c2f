/**
 * Copies of programs, made by replay for queries of executions that are not in the memory of this process: another worker has
 * them, or they sleep, or they are over. A copy carries nothing out and is never written back.
 *
 * Of one version of an execution there is one copy, however many ask at once. It is kept for a while, so that asking again and
 * again costs a look at the summary, and few are made at the same time, so that a worker goes on with its work.
 */
import * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Semaphore from "effect/Semaphore"
import type { RunId, Version, WorkflowId } from "../../Ids.ts"
import type { Problem } from "../../HistoryEvent.ts"
import { Interpreter } from "../../internal/replay/Interpreter.ts"
import { patiently } from "../../internal/store/patiently.ts"
import type { ExecutionSummary, StoreError } from "../../Store/WorkflowStore.ts"
import { NotFound, ShutDown } from "../../WorkflowError.ts"
import type { Registration } from "../WorkflowRegistry.ts"
import { foresee, inSlices, seenByOwners } from "./restore.ts"
import type { Shared } from "./Shared.ts"

/** A program as it was after a version of its execution. */
interface Copy {
  readonly summary: ExecutionSummary
  readonly interpreter: Interpreter
  /** Why the program cannot go on. Another problem of the interpreter means that a handler has touched the copy. */
  readonly problem: Problem | undefined
}

export type Failure = StoreError | NotFound | ShutDown

/** A copy that is being made, or was made. */
interface Entry {
  readonly registration: Registration
  readonly runId: RunId
  /** It is of this version, or of a later one. */
  readonly version: Version
  readonly made: Deferred.Deferred<Copy, Failure>
}

/** What copies need of an executor. */
export type Needs = Pick<Shared<never>, "budget" | "fibers" | "programContext" | "store">

/** How many copies are made at once, how many are kept, and for how long, in milliseconds. */
const madeAtOnce = 4
const keptAtMost = 16
const keptFor = 10_000

export class Copies {
  private readonly needs: Needs
  private readonly answerTimeout: number
  private readonly places = Semaphore.makeUnsafe(madeAtOnce)
  private readonly all = new Map<WorkflowId, Entry>()
  /** The copies that are made, the oldest first. */
  private readonly kept = new Map<WorkflowId, Entry>()

  constructor(needs: Needs, answerTimeout: number) {
    this.needs = needs
    this.answerTimeout = answerTimeout
  }

  /** A copy of the program of an execution, as it was after a version of its current run or later. */
  of(registration: Registration, { runId, version, workflowId }: ExecutionSummary): Effect.Effect<Copy, Failure> {
    return Effect.suspend(() => {
      const found = this.all.get(workflowId)
      const isWanted = found?.registration === registration && found.runId === runId && found.version >= version
      return Deferred.await(isWanted ? found.made : this.begin(workflowId, registration, { runId, version }))
    })
  }

  /** Drops the copy of an execution, which a handler has touched. */
  forget(workflowId: WorkflowId): void {
    this.all.delete(workflowId)
    this.kept.delete(workflowId)
  }

  /** Makes a copy, also when its first caller does not wait for it any more: others may. */
  private begin(workflowId: WorkflowId, registration: Registration, at: Pick<Entry, "runId" | "version">) {
    const entry: Entry = { registration, ...at, made: Deferred.makeUnsafe() }
    this.forget(workflowId)
    this.all.set(workflowId, entry)
    this.needs.fibers.fork(this.places.withPermit(this.make(workflowId, registration)), (exit) => {
      if (this.all.get(workflowId) === entry) this.keep(workflowId, entry, Exit.isSuccess(exit))
      const isStopped = Exit.isFailure(exit) && Cause.hasInterruptsOnly(exit.cause)
      Deferred.doneUnsafe(entry.made, isStopped ? Exit.fail(new ShutDown()) : exit)
    })
    return entry.made
  }

  private keep(workflowId: WorkflowId, entry: Entry, isMade: boolean): void {
    if (!isMade) return this.forget(workflowId)
    this.kept.set(workflowId, entry)
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= keptAtMost) break
      this.forget(oldest)
    }
    this.needs.fibers.after(keptFor, () => {
      if (this.kept.get(workflowId) === entry) this.forget(workflowId)
    })
  }

  private make(workflowId: WorkflowId, registration: Registration): Effect.Effect<Copy, Failure> {
    const { answerTimeout, needs } = this
    return Effect.gen(function* () {
      const found = yield* needs.store.load(workflowId).pipe(patiently(answerTimeout))
      if (found._tag === "None") return yield* new NotFound()
      const { commits, summary } = found.value
      const interpreter = new Interpreter(registration.program, needs.programContext, needs.budget)
      const seen = seenByOwners(found.value)
      foresee(interpreter, commits)
      const slices = inSlices(commits, (events, version) => {
        interpreter.replay(events, version > seen, true)
        return interpreter.problem === undefined
      })
      while (slices.next().done !== true) yield* Effect.yieldNow
      return { summary, interpreter, problem: interpreter.problem }
    })
  }
}
