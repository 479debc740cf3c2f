/**
 * The executions of this worker that sleep for long and are not in its memory, however many they are. The store has them, and
 * tells of the commits of others to them. They come into care a while before they wake, so that their alarms ring in time.
 */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { formatVersion } from "../../HistoryEvent.ts"
import { Version, type WorkflowId } from "../../Ids.ts"
import { type Change, type ExecutionSummary, type StoreError, stream } from "../../Store/WorkflowStore.ts"
import type { Client } from "./Client.ts"
import { sleepsBeyond } from "./due.ts"
import { Execution } from "./Execution.ts"
import type { InCare } from "./InCare.ts"
import type { Registrations } from "./Registrations.ts"
import type { Shared } from "./Shared.ts"

/** Executions that are looked at together. */
const pageSize = 1000

export interface Options {
  readonly shared: Shared<Execution>
  readonly inCare: InCare
  readonly client: Client
  readonly registrations: Registrations
  /** How often `look` is called, in milliseconds. */
  readonly interval: number
}

export class Sleepers {
  private readonly options: Options
  /** How long before they wake executions are in care, in milliseconds. */
  private readonly early: number
  /** The time before which none of them wakes. */
  private next = Number.POSITIVE_INFINITY

  constructor(options: Options) {
    this.options = options
    this.early = Math.max(60_000, 4 * options.interval)
  }

  /** Calls back if this worker has an execution that is not in care. Should the look at it fail, another one comes. */
  whenOurs(workflowId: WorkflowId, then: () => void): void {
    if (!this.areThere) return
    const { fibers, store, worker } = this.options.shared
    fibers.fork(store.summary(workflowId), (exit) => {
      if (Exit.isSuccess(exit) && Option.exists(exit.value, ({ owner }) => owner === worker)) then()
    })
  }

  /** Whether there may be some. */
  private get areThere(): boolean {
    return this.next !== Number.POSITIVE_INFINITY
  }

  /** Whether an execution may stay out of memory: it does nothing but sleep, for long. */
  maySleep(summary: ExecutionSummary): boolean {
    const now = this.options.shared.fibers.now()
    // Of a history that a clock has put ahead the time is not that of the clock.
    return summary.updatedAt <= now && sleepsBeyond(now + this.early, summary)
  }

  /** Takes executions that sleep for long, by their summaries alone; completes once each is taken or lost. */
  take(summaries: ReadonlyArray<ExecutionSummary>, taken: (summary: ExecutionSummary) => void): Effect.Effect<void> {
    return Effect.callback((resume) => {
      let left = summaries.length
      const ended = (summary: ExecutionSummary, isTaken: boolean) => {
        if (isTaken) {
          this.next = Math.min(this.next, summary.wakeAt ?? this.next)
          taken(summary)
        }
        if (--left === 0) resume(Effect.void)
      }
      if (left === 0) return resume(Effect.void)
      for (const summary of summaries) this.claim(summary, (isTaken) => ended(summary, isTaken))
    })
  }

  /** Whether a commit gave an execution of this worker something to do that may be one of them. */
  concerns({ owner, wakeAt }: Change): boolean {
    const { fibers, worker } = this.options.shared
    if (!this.areThere || owner !== worker) return false
    return wakeAt !== undefined && wakeAt <= fibers.now() + this.early
  }

  /** Brings an execution of this worker into care that has something to do by now or soon. */
  awaken(summary: ExecutionSummary): void {
    const { client, inCare, registrations, shared } = this.options
    const { format = 1, owner, runId, status, wakeAt = shared.fibers.now(), workflowId } = summary
    const registration = registrations.of(summary)
    if (registration === undefined || owner !== shared.worker || status !== "running" || format > formatVersion) return
    if (inCare.get(workflowId) !== undefined || client.isStarting(runId)) return
    inCare.touched(new Execution(shared, registration, { ...summary, sleepsUntil: wakeAt }))
  }

  /** Brings into care what wakes before the next looks. */
  readonly look: Effect.Effect<void, StoreError> = Effect.suspend(() => {
    const { fibers, store } = this.options.shared
    const now = fibers.now()
    if (this.next > now + this.early / 2) return Effect.void
    const wakeBefore = now + this.early
    return stream(store, { status: ["running"], wakeBefore, limit: pageSize }).pipe(
      Stream.runForEach((summary) => Effect.sync(() => this.awaken(summary))),
      Effect.andThen(
        Effect.sync(() => {
          this.next = wakeBefore
        })
      )
    )
  })

  private claim(summary: ExecutionSummary, done: (isTaken: boolean) => void): void {
    const { commitId, fibers, saves, worker } = this.options.shared
    const { owner, runId, workflowId } = summary
    if (owner === worker) return done(true)
    const version = Version.make(summary.version + 1)
    const at = Math.max(fibers.now(), summary.updatedAt)
    const event = { _tag: "OwnerChanged", at, owner: worker } as const
    const next = { ...summary, version, owner: worker, updatedAt: at }
    saves.save({ id: commitId(), workflowId, runId, version, events: [event], summary: next }, (outcome) =>
      done(outcome === "Saved")
    )
  }
}
