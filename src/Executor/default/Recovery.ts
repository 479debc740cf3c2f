/**
 * Finds executions that no worker runs, and takes them. A worker proves that it lives by one heartbeat of its own; an execution
 * whose worker is silent is taken by a commit, fenced by its version like every other. Ownership only saves work: what protects
 * the history is the version.
 *
 * Executions are found by a scan now and then, and at once where the store reports one that has no owner.
 */
import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Semaphore from "effect/Semaphore"
import * as Stream from "effect/Stream"
import { formatVersion } from "../../HistoryEvent.ts"
import type { WorkerId, WorkflowId } from "../../Ids.ts"
import { digest } from "../../internal/core/digest.ts"
import { isUnowned } from "../../internal/store/listing.ts"
import { type ExecutionSummary, type StoreError, stream } from "../../Store/WorkflowStore.ts"
import { isFinal } from "../../WorkflowState.ts"
import type { Registration } from "../WorkflowRegistry.ts"
import type { Client } from "./Client.ts"
import { settle } from "./Delivery.ts"
import { storeErrorOf } from "./errors.ts"
import { Execution } from "./Execution.ts"
import type { InCare } from "./InCare.ts"
import type { Reply } from "./Mail.ts"
import type { Shared } from "./Shared.ts"

/** Executions that a scan reads at once. */
const pageSize = 1000

/** How much later than the first worker the next one takes an execution without an owner, in milliseconds. */
const stagger = 25

/** After so many looks at an execution a worker takes it, however many others come before it, which may lack its workflow. */
const mostLooks = 1

/** Executions whose messages are delivered at once in the background. */
const settlesAtOnce = 16

/** A scan looks for executions of workers that are gone, or also for executions that bear this worker's name. */
type Scan = "OfOthers" | "OwnToo"

export class Recovery {
  private readonly shared: Shared<Execution>
  private readonly inCare: InCare
  private readonly client: Client
  private readonly registrations: ReadonlyMap<string, Registration>
  private readonly lease: Duration.Duration
  private readonly interval: number
  private readonly concurrency: number
  /** Sleeps in real time: other workers live in it even when this one is tested in virtual time. */
  private readonly sleep: (milliseconds: number) => Effect.Effect<void>
  /** The scan that is under way, and the one that is to follow it. */
  private scanning: Scan | undefined = undefined
  private wanted: Scan | undefined = undefined
  /** The workers that lived at the last scan. */
  private alive: ReadonlySet<WorkerId> = new Set()
  /** How many scans have found an execution while another worker was to take it. */
  private looks = new Map<string, number>()
  /** Executions without an owner that the store has reported. */
  private readonly offered = new Set<WorkflowId>()
  private taking = false
  /** Whether this worker has let go of an execution because its store failed. */
  private hasLost = false
  /** Blocked executions whose program cannot go on here either, with the version at which that was found. */
  private readonly declined = new Map<WorkflowId, number>()
  /** Executions whose messages are being delivered in the background. */
  private readonly settling = new Set<WorkflowId>()
  private readonly settlements = Semaphore.makeUnsafe(settlesAtOnce)
  /** The workflows and formats that this worker does not have, once that was logged. */
  private readonly unknown = new Set<string>()

  constructor(options: {
    readonly shared: Shared<Execution>
    readonly inCare: InCare
    readonly client: Client
    readonly registrations: ReadonlyMap<string, Registration>
    /** How long a silent worker counts as alive, in milliseconds. */
    readonly lease: number
    /** How long taking one execution keeps others waiting, in milliseconds; it is in care by then, and goes on by itself. */
    readonly interval: number
    /** How many executions are taken at once. */
    readonly concurrency: number
    readonly sleep: (milliseconds: number) => Effect.Effect<void>
  }) {
    this.shared = options.shared
    this.inCare = options.inCare
    this.client = options.client
    this.registrations = options.registrations
    this.lease = Duration.millis(options.lease)
    this.interval = options.interval
    this.concurrency = options.concurrency
    this.sleep = options.sleep
  }

  /** Says that this worker lives, if it has anything to run: no other worker needs to wait for one that has not. */
  readonly beat: Effect.Effect<void, StoreError> = Effect.suspend(() =>
    this.registrations.size === 0 ? Effect.void : this.begin
  )

  /** Says that this worker lives. */
  readonly begin: Effect.Effect<void, StoreError> = Effect.suspend(() =>
    this.shared.store.heartbeat(this.shared.worker, this.lease)
  )

  /** Says that this worker has ended, so that others take its executions at once. */
  readonly end: Effect.Effect<void, StoreError> = Effect.suspend(() =>
    this.shared.store.heartbeat(this.shared.worker, Duration.zero)
  )

  /** Scans for executions to take. While a scan is under way, another one follows it. */
  scan(scan: Scan = "OfOthers"): Effect.Effect<void> {
    return Effect.suspend(() => {
      this.want(this.hasLost ? "OwnToo" : scan)
      this.hasLost = false
      return this.scanning === undefined ? this.scanAll : Effect.void
    })
  }

  /** Asks the next scan to look for executions of this worker too, since it has let one go. */
  lost(): void {
    this.hasLost = true
  }

  /** Delivers in the background what an execution owes that no worker runs. */
  settle(workflowId: WorkflowId): void {
    if (this.settling.has(workflowId)) return
    this.settling.add(workflowId)
    const { commitId, fibers, store } = this.shared
    const settled = settle({ store, commitId, now: () => fibers.now() }, workflowId)
    fibers.fork(this.settlements.withPermits(1)(settled), (exit) => {
      this.settling.delete(workflowId)
      if (Exit.isSuccess(exit) || Cause.hasInterruptsOnly(exit.cause)) return
      fibers.log("Error", `what ${JSON.stringify(workflowId)} owes: ${storeErrorOf(exit.cause).message}`)
    })
  }

  private want(scan: Scan): void {
    if (this.wanted !== "OwnToo") this.wanted = scan
  }

  /** Takes an execution that the store reports, if it has no owner and its workflow is here. */
  offer(workflowId: WorkflowId): void {
    if (this.registrations.size === 0 || this.inCare.get(workflowId) !== undefined) return
    this.offered.add(workflowId)
    if (this.taking) return
    this.taking = true
    this.shared.fibers.fork(this.takeOffered, () => {
      this.taking = false
    })
  }

  /** Looks for executions in care to which another process has committed unheard, since news of commits may be missed. */
  readonly lookForMissed: Effect.Effect<void, StoreError> = Effect.suspend(() => {
    const filter = {
      status: ["running", "blocked"],
      wakeBefore: this.shared.fibers.now() + 1,
      limit: pageSize
    } as const
    return Stream.runForEach(stream(this.shared.store, filter), ({ version, workflowId }) =>
      Effect.sync(() => this.inCare.get(workflowId)?.notice(version))
    )
  })

  private readonly scanAll: Effect.Effect<void> = Effect.gen({ self: this }, function* () {
    while (this.wanted !== undefined) {
      const scan: Scan = this.wanted
      this.wanted = undefined
      this.scanning = scan
      const found = yield* this.orphans(scan).pipe(Effect.onError(() => Effect.sync(() => this.want(scan))))
      yield* Effect.forEach(found, (summary) => Effect.raceFirst(this.take(summary), this.sleep(this.interval)), {
        concurrency: this.concurrency,
        discard: true
      })
    }
  }).pipe(
    Effect.catchCause((cause) => Effect.logWarning("could not look for executions without a worker", cause)),
    Effect.ensuring(
      Effect.sync(() => {
        this.scanning = undefined
      })
    )
  )

  /** The executions that this worker should take now. */
  private orphans(scan: Scan): Effect.Effect<ReadonlyArray<ExecutionSummary>, StoreError> {
    return Effect.gen({ self: this }, function* () {
      const { store, worker } = this.shared
      const alive = new Set(yield* store.workers)
      this.alive = new Set([...alive, worker])
      if (scan === "OwnToo") alive.delete(worker)
      else alive.add(worker)
      const found: Array<ExecutionSummary> = []
      const waiting = new Map<string, number>()
      const filter = { unsettled: true, ownerNotIn: [...alive], limit: pageSize }
      yield* Stream.runForEach(stream(store, filter), (summary) =>
        Effect.sync(() => {
          if (!this.isWanted(summary, scan)) return
          const looks = this.looks.get(summary.workflowId) ?? 0
          // What bears this worker's name is for no other worker: to them this one lives.
          if (summary.owner === worker || looks >= Math.min(mostLooks, this.rank(summary.workflowId)))
            found.push(summary)
          else waiting.set(summary.workflowId, looks + 1)
        })
      )
      this.looks = waiting
      return found
    })
  }

  /** Whether this worker has something to do for an execution that no worker runs. Logs, once a workflow, why not. */
  private isWanted(summary: ExecutionSummary, scan: Scan): boolean {
    const { format = 1, owed = 0, runId, version, workflow, workflowId } = summary
    if (this.inCare.get(workflowId) !== undefined || this.client.isStarting(runId)) return false
    if (this.declined.get(workflowId) === version && scan === "OfOthers") return false
    if (owed > 0 || this.registrations.has(workflow)) {
      if (format <= formatVersion) return true
      const known = `this one reads formats up to ${formatVersion}, so a worker of that release must run it`
      this.logOnce(`${workflow}\n${format}`, summary, `was recorded in format ${format} by a newer release; ${known}`)
      return false
    }
    // At a registration others are still to come, and a process without any registration is a client.
    if (scan === "OfOthers" && this.registrations.size > 0) {
      const cure = "an executor that is given its toLayer(...) runs it"
      this.logOnce(
        workflow,
        summary,
        `has no worker, and its workflow ${JSON.stringify(workflow)} is not registered here; ${cure}`
      )
    }
    return false
  }

  private logOnce(what: string, { workflowId }: ExecutionSummary, text: string): void {
    if (this.unknown.has(what)) return
    this.unknown.add(what)
    this.shared.fibers.log("Warn", `execution ${JSON.stringify(workflowId)} ${text} (logged once a workflow)`)
  }

  /** Takes an execution into care, or delivers what it owes. Completes when that is durable, or another worker was faster. */
  private take(summary: ExecutionSummary): Effect.Effect<void> {
    const { owed = 0, status, version, workflow, workflowId } = summary
    const registration = this.registrations.get(workflow)
    if (registration === undefined || isFinal(status)) return Effect.sync(() => this.settle(workflowId))
    const taken = Effect.callback<boolean>((resume) => {
      if (this.inCare.get(workflowId) !== undefined) return resume(Effect.succeed(true))
      const reply: Reply = (refusal) => resume(Effect.succeed(refusal === undefined))
      const execution = new Execution(this.shared, registration, { ...summary, claim: { from: summary.owner, reply } })
      this.inCare.touched(execution)
      execution.work()
    })
    if (status !== "blocked") return Effect.asVoid(taken)
    return Effect.map(taken, (isTaken) => {
      if (isTaken) return
      // A program that cannot go on here either is left alone, and what it owes is delivered all the same.
      this.declined.set(workflowId, version)
      if (owed > 0) this.settle(workflowId)
    })
  }

  private readonly takeOffered: Effect.Effect<void> = Effect.gen({ self: this }, function* () {
    while (this.offered.size > 0) {
      const batch = [...this.offered]
      this.offered.clear()
      yield* Effect.forEach(batch, (workflowId) => Effect.ignore(this.takeUnowned(workflowId)), {
        concurrency: this.concurrency,
        discard: true
      })
    }
  })

  private takeUnowned(workflowId: WorkflowId): Effect.Effect<void, StoreError> {
    return Effect.gen({ self: this }, function* () {
      const rank = this.rank(workflowId)
      if (rank > 0) yield* this.sleep(rank * stagger)
      const found = yield* this.shared.store.summary(workflowId)
      if (found._tag === "None" || !isUnowned(found.value) || !this.isWanted(found.value, "OwnToo")) return
      yield* Effect.raceFirst(this.take(found.value), this.sleep(this.interval))
    })
  }

  /** How many living workers come before this one for an execution (rendezvous hashing). */
  private rank(workflowId: string): number {
    const { worker } = this.shared
    const mine = digest(`${workflowId}\n${worker}`)
    let before = 0
    for (const other of this.alive) if (other !== worker && digest(`${workflowId}\n${other}`) > mine) before++
    return before
  }
}
