/**
 * Finds executions that no worker runs, and takes them. A worker proves that it lives by one heartbeat of its own; an execution
 * whose worker is silent is taken by a commit, fenced by its version like every other. Ownership only saves work: what protects
 * the history is the version.
 *
 * 1. Executions are found by a scan now and then, and at once where the store reports one that has no owner.
 * 2. A worker whose own heartbeat did not get through takes no other for dead until they all had the time to beat (`Lease.ts`).
 * 3. A worker that cannot replay an execution leaves it to the other workers of its workflow that live, and records that the
 *    execution is blocked only when none of them has taken it.
 * 4. A blocked execution is tried by every worker that has its workflow, also while its owner lives.
 */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import { formatVersion } from "../../HistoryEvent.ts"
import type { WorkflowId } from "../../Ids.ts"
import { isUnowned } from "../../internal/store/listing.ts"
import type { Change, ExecutionSummary, Outlook, Page, StoreError, WorkflowFilter } from "../../Store/WorkflowStore.ts"
import { isFinal } from "../../WorkflowState.ts"
import { BlockedExecutions } from "./BlockedExecutions.ts"
import type { Client } from "./Client.ts"
import { hasWork, isDebtor, soon } from "./due.ts"
import { Execution } from "./Execution.ts"
import type { Heartbeat } from "./Heartbeat.ts"
import type { InCare } from "./InCare.ts"
import { withoutWaiting } from "./OpenQuestions.ts"
import { Outage } from "./Outage.ts"
import type { ClaimOutcome } from "./phases.ts"
import { Paced } from "./Paced.ts"
import type { Registrations } from "./Registrations.ts"
import { RecoveryLog } from "./RecoveryLog.ts"
import { Settlements } from "./Settlements.ts"
import type { Shared } from "./Shared.ts"
import { Sleepers } from "./Sleepers.ts"
import { Tries } from "./Tries.ts"

/** Executions that are looked at together for news. */
const pageSize = 1000

/** How much later than the first worker the next one takes an execution without an owner, in milliseconds. */
const stagger = 25

/** After so many looks at an execution a worker takes it, however many others come before it, which may lack its workflow. */
const mostLooks = 1

/** After so many tries in vain it is recorded that an execution is blocked, although other workers live that may run it. */
const mostDeclines = 3

/** So many executions are read and replayed in one scan although they only sleep. */
const mostReplays = 1000

/** A scan looks for executions of workers that are gone, or also for executions that bear this worker's name. */
type Scan = "OfOthers" | "OwnToo"

export class Recovery {
  private readonly shared: Shared<Execution>
  private readonly inCare: InCare
  private readonly client: Client
  private readonly registrations: Registrations
  private readonly heartbeat: Heartbeat
  private readonly interval: number
  private readonly together: { readonly concurrency: number; readonly discard: true }
  private readonly onlyDue: boolean
  /** Sleeps in real time: other workers live in it even when this one is tested in virtual time. */
  private readonly sleep: (milliseconds: number) => Effect.Effect<void>
  /** The scan that is under way, and the one that is to follow it. */
  private scanning: Scan | undefined = undefined
  private wanted: Scan | undefined = undefined
  /** How many scans have found an execution while another worker was to take it. */
  private looks = new Map<string, number>()
  /** Executions without an owner that the store has reported. */
  private readonly offered = new Set<WorkflowId>()
  private taking = false
  /** How many executions the scan has read. */
  private taken = 0
  /** Whether this worker has let go of an execution because its store failed. */
  private hasLost = false
  /** Executions whose program cannot go on here. */
  private readonly tries: Tries
  private readonly blocked: BlockedExecutions
  private readonly settlements: Settlements
  /** Some stores look at all that is open to find what is due. */
  private readonly missed: Paced
  private readonly sleepers: Sleepers
  private readonly log: RecoveryLog
  private readonly outage = new Outage("looking for executions without a worker")

  constructor(options: {
    readonly shared: Shared<Execution>
    readonly inCare: InCare
    readonly client: Client
    readonly registrations: Registrations
    readonly heartbeat: Heartbeat
    /** How long taking one execution keeps others waiting, in milliseconds; it is in care by then, and goes on by itself. */
    readonly interval: number
    /** How many executions are read and taken at once. */
    readonly concurrency: number
    /** Whether executions are left alone for which there is nothing to do yet. */
    readonly onlyDue: boolean
    readonly now: () => number
    readonly sleep: (milliseconds: number) => Effect.Effect<void>
  }) {
    this.shared = options.shared
    this.inCare = options.inCare
    this.client = options.client
    this.registrations = options.registrations
    this.heartbeat = options.heartbeat
    this.interval = options.interval
    this.together = { concurrency: options.concurrency, discard: true }
    this.onlyDue = options.onlyDue
    this.sleep = options.sleep
    this.tries = new Tries(options.now)
    this.missed = new Paced(options.now)
    this.sleepers = new Sleepers(options)
    this.log = new RecoveryLog(options.shared, options.heartbeat)
    const { appender, fibers, store } = options.shared
    this.settlements = new Settlements(fibers, { ...appender, tellHere: (...told) => this.client.tellParent(...told) })
    this.blocked = new BlockedExecutions({
      fibers,
      store,
      tries: this.tries,
      pauses: !options.onlyDue,
      sleep: options.sleep,
      isWanted: (summary) => this.registrations.hasFor(summary) && this.isWanted(summary, "OwnToo"),
      take: (summary) => this.take(summary, { mayBlock: false, onlyBlocked: true }),
      settle: (workflowId) => this.settle(workflowId)
    })
  }

  /** Scans for executions to take, unless the outlook is that there are none. While a scan is under way, another one follows it. */
  scan(scan: Scan, outlook?: Outlook): Effect.Effect<void> {
    return Effect.suspend(() => {
      this.want(this.hasLost ? "OwnToo" : scan)
      this.hasLost = false
      return this.scanning === undefined ? this.scanAll(outlook) : Effect.void
    })
  }

  /** Whether nothing is looked for, taken or delivered in the background. */
  get isIdle(): boolean {
    const scans = this.scanning !== undefined || this.wanted !== undefined
    return !scans && !this.taking && this.blocked.isIdle && this.settlements.isIdle
  }

  /** Asks the next scan to look for executions of this worker too, since it has let one go. */
  lost(): void {
    this.hasLost = true
  }

  /** Tries the executions of a workflow again, which has another program now. */
  renewed(workflow: string): void {
    this.tries.forget(workflow)
  }

  /** Delivers in the background what an execution owes that no worker runs. */
  settle(workflowId: WorkflowId): void {
    this.settlements.settle(workflowId)
  }

  /** Fetches the end of a child for a parent that this worker runs, which then records it without a race. */
  ended(child: WorkflowId, parent: WorkflowId): void {
    if (this.inCare.get(parent) !== undefined) this.settle(child)
    else this.sleepers.whenOurs(parent, () => this.settle(child))
  }

  /** Delivers what an execution owes that this process has closed from outside, when no worker lives that has it. */
  closed(workflowId: WorkflowId): void {
    const { fibers, store } = this.shared
    fibers.fork(Effect.andThen(this.heartbeat.look, store.summary(workflowId)), (exit) => {
      // Should that fail, the next look finds it.
      if (Exit.isFailure(exit) || Option.isNone(exit.value) || exit.value.value.owed === undefined) return
      if (!this.heartbeat.isOtherAlive(exit.value.value.owner)) this.settle(workflowId)
    })
  }

  /** Takes an execution of which the store tells, if this worker is to run it and does not yet. */
  heard(change: Change): void {
    if (change.unowned === true || this.sleepers.concerns(change)) this.offer(change.workflowId)
  }

  /** Takes an execution if it has no worker, and this one is to run it. */
  offer(workflowId: WorkflowId): void {
    if (this.registrations.size > 0) this.offered.add(workflowId)
    if (this.taking || this.offered.size === 0) return
    this.taking = true
    this.shared.fibers.fork(this.takeOffered, () => {
      this.taking = false
    })
  }

  /** Looks for commits of others to what this worker has, as news may be missed, and to what it has let go, which may owe. */
  lookForMissed(outlook: Outlook | undefined): Effect.Effect<void, StoreError> {
    return outlook?.due === false
      ? this.sleepers.look
      : Effect.andThen(this.missed.run(this.lookForDue), this.sleepers.look)
  }

  private readonly lookForDue: Effect.Effect<void, StoreError> = Effect.gen({ self: this }, function* () {
    const wakeBefore = this.shared.fibers.now() + 1
    let cursor: string | undefined
    do {
      const page = yield* this.page({ wakeBefore, limit: pageSize, cursor })
      for (const summary of page.executions) {
        const { owner, version, workflowId } = summary
        const execution = this.inCare.get(workflowId)
        if (execution !== undefined) execution.heardOf(summary)
        else if (owner === this.shared.worker && isDebtor(summary)) this.shared.owes(workflowId, version)
        else if (this.sleepers.concerns(summary) && this.tries.count(summary) === 0) this.sleepers.awaken(summary)
      }
      cursor = Option.getOrUndefined(page.next)
    } while (cursor !== undefined)
  })

  /** Reads a page of executions, and logs the unreadable ones, each once. */
  private page(filter: WorkflowFilter): Effect.Effect<Page, StoreError> {
    return Effect.tap(this.shared.store.list(filter), ({ unreadable = [] }) =>
      Effect.sync(() => unreadable.forEach((each) => this.log.unreadable(each)))
    )
  }

  private want(scan: Scan): void {
    if (this.wanted !== "OwnToo") this.wanted = scan
  }

  private scanAll(outlook: Outlook | undefined): Effect.Effect<void> {
    const scans = Effect.gen({ self: this }, function* () {
      for (let told = outlook; this.wanted !== undefined; told = undefined) {
        const scan: Scan = this.wanted
        this.wanted = undefined
        this.scanning = scan
        this.taken = 0
        yield* Effect.onError(this.takeAll(scan, told), () => Effect.sync(() => this.want(scan)))
        this.log.takenOver()
        if (this.registrations.size > 0 && told?.blocked !== false) this.blocked.look()
      }
    })
    return Effect.ensuring(
      this.outage.watch(scans),
      Effect.sync(() => {
        this.scanning = undefined
      })
    )
  }

  /** Takes what this worker should take now, page by page: the summaries of more would take more memory than the executions. */
  private takeAll(scan: Scan, outlook: Outlook | undefined): Effect.Effect<void, StoreError> {
    return Effect.gen({ self: this }, function* () {
      const waiting = new Map<string, number>()
      // What bears this worker's name is no orphan.
      if (outlook?.orphans === false && scan === "OfOthers") return void (this.looks = waiting)
      const { concurrency: limit } = this.together
      let cursor: string | undefined
      let isKnown = outlook !== undefined
      while (true) {
        // For each page, since workers come and go while those of the pages before are taken.
        if (!isKnown) yield* this.heartbeat.look
        isKnown = false
        const others = new Set(this.heartbeat.alive)
        if (scan === "OwnToo") others.delete(this.shared.worker)
        const page = yield* this.page({ unsettled: true, ownerNotIn: [...others], limit, cursor })
        const wanted = page.executions.filter((summary) => this.isWanted(summary, scan) && !this.isForRetry(summary))
        const first = wanted.filter((summary) => this.isFirst(summary, waiting))
        const found = yield* this.withoutLiving(this.onlyDue ? yield* withoutWaiting(this.shared, first) : first)
        const asleep = new Set(found.filter((summary) => this.maySleep(summary)))
        const awake = found.filter((summary) => !asleep.has(summary))
        this.taken += awake.length
        const taken = this.sleepers.take([...asleep], ({ owner }) => this.log.takenFrom(owner))
        yield* Effect.raceFirst(taken, this.sleep(this.interval))
        yield* Effect.forEach(
          awake,
          (summary) => Effect.raceFirst(this.takeOrphan(summary), this.sleep(this.interval)),
          this.together
        )
        cursor = Option.getOrUndefined(page.next)
        if (cursor === undefined) break
      }
      this.looks = waiting
    })
  }

  /** Whether an execution is for this worker, or notes that another one is to take it. */
  private isFirst(summary: ExecutionSummary, waiting: Map<string, number>): boolean {
    const { owner, workflowId } = summary
    const looks = this.looks.get(workflowId) ?? 0
    // A worker that is started again goes on with what it had.
    if (this.heartbeat.isNamesake(owner) || looks >= Math.min(mostLooks, this.heartbeat.rank(summary))) return true
    waiting.set(workflowId, looks + 1)
    return false
  }

  /**
   * Leaves out the executions of silent workers when the store may be what kept them silent: that is so when a heartbeat of
   * this worker is not answered in time either.
   */
  private withoutLiving(found: ReadonlyArray<ExecutionSummary>) {
    const { heartbeat } = this
    const isOfSilent = ({ owner }: ExecutionSummary) => heartbeat.hasDied(owner)
    if (!found.some(isOfSilent)) return Effect.succeed(found)
    return Effect.map(heartbeat.beat, () =>
      heartbeat.lease.judges ? found : found.filter((summary) => !isOfSilent(summary))
    )
  }

  /** Whether this worker has something to do for an execution that no worker runs. Logs, once a workflow, why not. */
  private isWanted(summary: ExecutionSummary, scan: Scan): boolean {
    const { format = 1, owed = 0, runId, status, workflowId } = summary
    if (this.inCare.get(workflowId) !== undefined || this.client.isStarting(runId)) return false
    if (this.onlyDue && status !== "blocked" && !hasWork(summary, this.shared.fibers.now() + soon)) return false
    if (owed > 0 || this.registrations.hasFor(summary)) {
      if (format <= formatVersion) return true
      // Of its own ones this worker has said so when it let them go.
      if (summary.owner === this.shared.worker) return false
      this.log.newer(summary, format)
      return false
    }
    // At a registration others are still to come, and a process without any registration is a client.
    if (scan === "OfOthers" && this.registrations.size > 0) this.log.unregistered(summary)
    return false
  }

  /**
   * Whether an execution is taken without being read. The first ones of a scan are read, so that code is noticed that does not fit;
   * to read very many would keep the worker from its work.
   */
  private maySleep(summary: ExecutionSummary): boolean {
    return this.taken >= mostReplays && this.registrations.hasFor(summary) && this.sleepers.maySleep(summary)
  }

  /** Whether an execution is left to `BlockedExecutions`. */
  private isForRetry(summary: ExecutionSummary): boolean {
    return summary.status === "blocked" && ((summary.owed ?? 0) === 0 || this.registrations.hasFor(summary))
  }

  /** Takes an execution that no worker runs, or leaves it to others that may be able to run it. */
  private takeOrphan(summary: ExecutionSummary): Effect.Effect<void> {
    const { status, workflowId } = summary
    if (!this.registrations.hasFor(summary) || isFinal(status)) return Effect.sync(() => this.settle(workflowId))
    if (this.tries.isRecent(summary)) return Effect.void
    const isAlone = !this.registrations.isGuess(summary) && !this.heartbeat.othersMayHave(summary)
    const mayBlock = isAlone || this.tries.count(summary) >= mostDeclines
    return Effect.asVoid(this.take(summary, { mayBlock, onlyBlocked: false }))
  }

  /** Takes an execution into care. Completes when that is durable, or with why it was not to be had. */
  private take(
    summary: ExecutionSummary,
    how: { readonly mayBlock: boolean; readonly onlyBlocked: boolean }
  ): Effect.Effect<ClaimOutcome> {
    return Effect.callback<ClaimOutcome>((resume) => {
      const registration = this.registrations.of(summary)
      if (registration === undefined) return resume(Effect.succeed("Lost"))
      if (this.inCare.get(summary.workflowId) !== undefined) return resume(Effect.succeed("Taken"))
      const reply = (claimed: ClaimOutcome) => {
        // A program that was registered meanwhile was not tried.
        const outcome = claimed === "Declined" && this.registrations.of(summary) !== registration ? "Lost" : claimed
        if (outcome === "Taken") this.inCare.taken(execution, this.shared.fibers.now())
        // `BlockedExecutions` notes its own tries, and the worker of a blocked one may live.
        if (!how.onlyBlocked) this.note(summary, outcome)
        resume(Effect.succeed(outcome))
      }
      const claim = { from: summary.owner, isLost: this.heartbeat.hasDied(summary.owner), ...how, reply }
      const execution = new Execution(this.shared, registration, { ...summary, claim })
      this.inCare.touched(execution)
      execution.work()
    })
  }

  /** Notes what came of a try, also when the scan did not wait for it. */
  private note(summary: ExecutionSummary, outcome: ClaimOutcome): void {
    if (outcome === "Declined") this.tries.failed(summary)
    if (outcome !== "Taken") return
    this.tries.succeeded(summary.workflowId)
    this.log.takenFrom(summary.owner)
  }

  private readonly takeOffered: Effect.Effect<void> = Effect.gen({ self: this }, function* () {
    while (this.offered.size > 0) {
      const batch = [...this.offered]
      this.offered.clear()
      yield* Effect.forEach(batch, (workflowId) => Effect.ignore(this.takeUnowned(workflowId)), this.together)
    }
  })

  private isOffered(found: Option.Option<ExecutionSummary>): found is Option.Some<ExecutionSummary> {
    return Option.isSome(found) && isUnowned(found.value) && this.isWanted(found.value, "OwnToo")
  }

  private takeUnowned(workflowId: WorkflowId): Effect.Effect<void, StoreError> {
    return Effect.gen({ self: this }, function* () {
      const { store } = this.shared
      const first = yield* store.summary(workflowId)
      if (Option.isSome(first) && this.sleepers.concerns(first.value)) return this.sleepers.awaken(first.value)
      if (!this.isOffered(first)) return
      const rank = this.heartbeat.rank(first.value)
      if (rank > 0) yield* this.sleep(rank * stagger)
      const found = rank > 0 ? yield* store.summary(workflowId) : first
      if (this.isOffered(found)) yield* Effect.raceFirst(this.takeOrphan(found.value), this.sleep(this.interval))
    })
  }
}
