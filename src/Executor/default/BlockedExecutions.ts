/**
 * Tries executions that are blocked, also those of workers that live, since this worker may have the code that they need. One
 * after the other and beside all else, because a program that cannot go on may take the whole process for a while.
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import type { ExecutionSummary, StoreError, WorkflowStore } from "../../Store/WorkflowStore.ts"
import { isDue } from "./due.ts"
import { storeErrorOf } from "./errors.ts"
import type { Fibers } from "./Fibers.ts"
import type { Tries } from "./Tries.ts"

/** Executions that one look reads. */
const pageSize = 1000

/** After a try in vain the next one waits for so many times as long as the try took. */
const pauseFactor = 10

export interface Options {
  readonly fibers: Fibers
  readonly store: WorkflowStore["Service"]
  readonly tries: Tries
  /** Real time, in milliseconds. */
  readonly now: () => number
  readonly sleep: (milliseconds: number) => Effect.Effect<void>
  /** Whether this worker has the workflow and does not have the execution. */
  readonly isWanted: (summary: ExecutionSummary) => boolean
  /** Takes an execution, if its program can go on here. */
  readonly take: (summary: ExecutionSummary) => Effect.Effect<boolean>
  /** Delivers in the background what an execution owes that cannot go on here. */
  readonly settle: (workflowId: ExecutionSummary["workflowId"]) => void
}

export class BlockedExecutions {
  private readonly options: Options
  /** Where the next look begins. */
  private cursor: string | undefined = undefined
  private trying = false

  constructor(options: Options) {
    this.options = options
  }

  get isIdle(): boolean {
    return !this.trying
  }

  /** Looks for blocked executions, unless it still tries the ones of an earlier look. */
  look(): void {
    if (this.trying) return
    this.trying = true
    const { fibers } = this.options
    fibers.fork(this.tryAll, (exit) => {
      this.trying = false
      if (Exit.isSuccess(exit) || Cause.hasInterruptsOnly(exit.cause)) return
      fibers.log("Warn", `could not look for blocked executions: ${storeErrorOf(exit.cause).message}`)
    })
  }

  private readonly tryAll: Effect.Effect<void, StoreError> = Effect.gen({ self: this }, function* () {
    const { fibers, isWanted, now, settle, sleep, store, take, tries } = this.options
    const page = yield* store.list({ status: ["blocked"], limit: pageSize, cursor: this.cursor })
    this.cursor = Option.getOrUndefined(page.next)
    for (const summary of page.executions) {
      if (!isWanted(summary) || !tries.isDue(summary) || !isDue(summary, fibers.now())) continue
      const { owed = 0, workflowId } = summary
      const begun = now()
      if (yield* take(summary)) {
        tries.succeeded(workflowId)
        continue
      }
      // What it owes is delivered all the same.
      if (tries.failed(summary) === 1 && owed > 0) settle(workflowId)
      yield* sleep((now() - begun) * pauseFactor)
    }
  })
}
