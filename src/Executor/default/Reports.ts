/**
 * What handlers report of their calls: kept here at once, and in the store soon after, so that the next attempt finds it whatever
 * becomes of this process. However often a handler reports, the store is asked once in a while for all of them together.
 */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import type * as Schema from "effect/Schema"
import type { CallDetails, CallPlace, WorkflowStore } from "../../Store/WorkflowStore.ts"
import type { Fibers } from "./Fibers.ts"

/** How long what was reported stays in this process alone at most while the store answers, in milliseconds. */
const interval = 1000

/** How long the worker waits before it asks a store again that did not tell what a call has, in milliseconds. */
const pause = 1000

export class Reports {
  private readonly store: WorkflowStore["Service"]
  private readonly fibers: Fibers
  /** The latest report of each call that is open here. */
  private readonly latest = new Map<string, Schema.Json>()
  /** What the store does not have yet. */
  private unsaved = new Map<string, CallDetails>()
  private isSaving = false
  private savedAt = Number.NEGATIVE_INFINITY

  constructor(store: WorkflowStore["Service"], fibers: Fibers) {
    this.store = store
    this.fibers = fibers
  }

  /** Notes what a handler reports, which replaces what was reported before. */
  report(call: CallPlace, details: Schema.Json): void {
    const key = keyOf(call)
    this.latest.set(key, details)
    this.unsaved.set(key, { ...call, details })
    this.saveSoon()
  }

  /** What was reported of a call last, here or by an attempt in another process. Waits for a store that does not answer. */
  read(call: CallPlace): Effect.Effect<Option.Option<Schema.Json>> {
    return Effect.suspend(() => {
      const known = this.latest.get(keyOf(call))
      if (known !== undefined) return Effect.succeedSome(known)
      return this.store.details(call).pipe(
        Effect.retry({
          while: ({ reason }) => reason._tag === "Unavailable",
          schedule: Schedule.spaced(pause)
        }),
        // What cannot be read is as good as none: an attempt begins at its beginning.
        Effect.catch((error) => {
          this.fibers.log(
            "Error",
            `the details of an activity of execution ${call.workflowId} are lost: ${error.message}`
          )
          return Effect.succeedNone
        })
      )
    })
  }

  /** Removes what was reported of a call that has its result. */
  remove(call: CallPlace): void {
    const key = keyOf(call)
    this.latest.delete(key)
    this.unsaved.set(key, call)
    this.saveSoon()
  }

  /** Forgets what was reported of a call that goes on in another process, once the store has it. */
  forget(call: CallPlace): void {
    this.latest.delete(keyOf(call))
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
      const all = this.unsaved
      this.unsaved = new Map()
      this.savedAt = this.fibers.passed()
      return Effect.map(Effect.exit(this.store.saveDetails([...all.values()])), (exit) => {
        if (Exit.isSuccess(exit)) return
        this.fibers.log("Warn", "what handlers have reported could not be saved, and is tried again")
        // What came meanwhile is newer.
        this.unsaved = new Map([...all, ...this.unsaved])
      })
    })
  }
}

// internal

const keyOf = ({ runId, seq }: CallPlace): string => `${seq} ${runId}`
