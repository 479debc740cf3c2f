/**
 * What handlers report of their calls: kept here at once, and in the store soon after, so that the next attempt finds it whatever
 * becomes of this process. However often a handler reports, the store is asked once in a while for all of them together.
 */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import type * as Schema from "effect/Schema"
import type { RunId, Sequence } from "../../Ids.ts"
import type { CallDetails, CallPlace, StoreError, WorkflowStore } from "../../Store/WorkflowStore.ts"
import type { Fibers } from "./Fibers.ts"
import type { Lease } from "./Lease.ts"

/** How long what was reported stays in this process alone at most while the store answers, in milliseconds. */
const interval = 1000

/** How long the worker waits before it asks a store again that did not tell what a call has, in milliseconds. */
const pause = 1000

/** So many characters of JSON the details of a call may have: what is saved once a second for each handler is small. */
const longest = 256 * 1024

type Calls<A> = Map<RunId, Map<Sequence, A>>

export class Reports {
  private readonly store: WorkflowStore["Service"]
  private readonly fibers: Fibers
  private readonly lease: Pick<Lease, "mustLook">
  /** The latest report of each call that is open here. */
  private readonly latest: Calls<Schema.Json> = new Map()
  /** What the store does not have yet. */
  private unsaved: Calls<CallDetails> = new Map()
  private isSaving = false
  private savedAt = Number.NEGATIVE_INFINITY

  constructor(store: WorkflowStore["Service"], fibers: Fibers, lease: Pick<Lease, "mustLook">) {
    this.store = store
    this.fibers = fibers
    this.lease = lease
  }

  /** Notes what a handler reports, which replaces what was reported before. */
  report(call: CallPlace, details: Schema.Json): void {
    put(this.latest, call, details)
    put(this.unsaved, call, { ...call, details })
    this.saveSoon()
  }

  /** What was reported of a call last, here or by an attempt in another process. Waits for a store that does not answer. */
  read(call: CallPlace): Effect.Effect<Option.Option<Schema.Json>> {
    return Effect.suspend(() => {
      const known = this.latest.get(call.runId)?.get(call.seq)
      if (known !== undefined) return Effect.succeedSome(known)
      return this.store.details(call).pipe(
        Effect.retry({
          while: ({ reason }) => reason._tag === "Unavailable",
          schedule: Schedule.spaced(pause)
        }),
        // What cannot be read is as good as none: an attempt begins at its beginning.
        Effect.catch((error) => {
          this.fibers.log("Error", `the details of ${inWords(call)} are lost: ${error.message}`)
          return Effect.succeedNone
        })
      )
    })
  }

  /** Removes what was reported of a call that has its result; `isSure` when an earlier process may have reported too. */
  remove(call: CallPlace, isSure: boolean): void {
    const isKnown = take(this.latest, call) || this.unsaved.get(call.runId)?.has(call.seq) === true
    if (!isKnown && !isSure) return
    put(this.unsaved, call, call)
    this.saveSoon()
  }

  /** Forgets what was reported in a run that has left, so that it overwrites nothing in the process that has it next. */
  forget(runId: RunId): void {
    this.latest.delete(runId)
    for (const call of [...(this.unsaved.get(runId)?.values() ?? [])]) {
      if (call.details !== undefined) take(this.unsaved, call)
    }
  }

  /** Saves what is not saved yet: for a shutdown, whose handlers have ended. */
  get flush(): Effect.Effect<void> {
    return Effect.suspend(() => (this.unsaved.size === 0 ? Effect.void : this.save))
  }

  private saveSoon(): void {
    if (this.isSaving) return
    this.isSaving = true
    const wait = Math.max(0, this.savedAt + interval - this.fibers.passed())
    // Not within the call of a handler, which may report often in a row.
    this.fibers.after(wait, () => this.fibers.fork(this.save, () => this.saved()))
  }

  private saved(): void {
    this.isSaving = false
    if (this.unsaved.size > 0) this.saveSoon()
  }

  private get save(): Effect.Effect<void> {
    return Effect.suspend(() => {
      this.savedAt = this.fibers.passed()
      // Others may have taken the executions meanwhile, and know more.
      if (this.lease.mustLook) return Effect.void
      const all = [...this.unsaved.values()].flatMap((calls) => [...calls.values()]).filter((each) => this.fits(each))
      this.unsaved = new Map()
      return Effect.flatMap(Effect.exit(this.store.saveDetails(all)), (exit) =>
        // What one of them cannot have must not keep the others from it.
        Exit.isSuccess(exit) ? Effect.void : Effect.forEach(all, (each) => this.saveOne(each), { discard: true })
      )
    })
  }

  private saveOne(each: CallDetails): Effect.Effect<void> {
    return Effect.catch(this.store.saveDetails([each]), (error: StoreError) =>
      Effect.sync(() => {
        const isLater = error.reason._tag === "Unavailable"
        const what = isLater ? "could not be saved, and are tried again" : "cannot be saved"
        this.fibers.log("Warn", `the details of ${inWords(each)} ${what}: ${error.message}`, {
          workflowId: each.workflowId
        })
        // What came meanwhile is newer.
        if (isLater && this.unsaved.get(each.runId)?.has(each.seq) !== true) put(this.unsaved, each, each)
      })
    )
  }

  private fits(each: CallDetails): boolean {
    const length = each.details === undefined ? 0 : JSON.stringify(each.details).length
    if (length <= longest) return true
    const text = `the details of ${inWords(each)} have ${length} characters and may have ${longest}; they are not kept: report less`
    this.fibers.log("Error", text, { workflowId: each.workflowId })
    return false
  }
}

// internal

const inWords = ({ seq, workflowId }: CallPlace): string =>
  `activity #${seq} of execution ${JSON.stringify(workflowId)}`

const put = <A>(calls: Calls<A>, { runId, seq }: CallPlace, value: A): void => {
  const all = calls.get(runId)
  if (all === undefined) calls.set(runId, new Map([[seq, value]]))
  else all.set(seq, value)
}

/** Removes a value; returns whether it was there. */
const take = <A>(calls: Calls<A>, { runId, seq }: CallPlace): boolean => {
  const all = calls.get(runId)
  const isThere = all?.delete(seq) === true
  if (all?.size === 0) calls.delete(runId)
  return isThere
}
