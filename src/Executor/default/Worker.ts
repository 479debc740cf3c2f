/**
 * One default executor: its registrations, the wiring of its parts, and what goes on beside its executions.
 */
import * as Clock from "effect/Clock"
import type * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Scheduler from "effect/Scheduler"
import type * as Scope from "effect/Scope"
import type { WorkerId, WorkflowId } from "../../Ids.ts"
import { monotone } from "../../internal/monotone.ts"
import { shortened } from "../../internal/newId.ts"
import { patiently } from "../../internal/store/patiently.ts"
import type { Change, ExecutionSummary, Outlook, StoreError, WorkflowStore } from "../../Store/WorkflowStore.ts"
import { AlreadyRegistered, ShutDown, type WorkflowErrorReason } from "../../WorkflowError.ts"
import type { Registration } from "../WorkflowRegistry.ts"
import { ActivityRunner } from "./ActivityRunner.ts"
import { telling } from "./Appender.ts"
import { Alarms } from "./Alarms.ts"
import { Answers } from "./Answers.ts"
import { ask } from "../../internal/answering.ts"
import { AnswerTimeouts } from "./AnswerTimeouts.ts"
import { Awakening } from "./Awakening.ts"
import { budgetOf } from "./budget.ts"
import { Client } from "./Client.ts"
import type { Execution } from "./Execution.ts"
import { Fibers } from "./Fibers.ts"
import { Handover } from "./Handover.ts"
import { hear } from "./hear.ts"
import { Heartbeat } from "./Heartbeat.ts"
import { Lease } from "./Lease.ts"
import { InCare } from "./InCare.ts"
import type { Settings } from "./Options.ts"
import { nameOf, Registrations } from "./Registrations.ts"
import { Recovery } from "./Recovery.ts"
import { RecoveryLog } from "./RecoveryLog.ts"
import { Reports } from "./Reports.ts"
import { Results } from "./Results.ts"
import { Observed } from "./Observed.ts"
import { Rounds } from "./Rounds.ts"
import { Saves } from "./Saves.ts"
import type { Shared } from "./Shared.ts"
import { ShutdownTime } from "./ShutdownTime.ts"
import { Unattended } from "./Unattended.ts"
import { untilIdle } from "./UntilIdle.ts"

export interface WorkerOptions {
  readonly worker: WorkerId
  /** The name that the worker was given. */
  readonly name: string | undefined
  readonly context: Context.Context<never>
  /** The clock of executions, which a test may set. */
  readonly clock: Clock.Clock
  /** The clock of the machine. */
  readonly liveClock: Clock.Clock
  readonly store: WorkflowStore["Service"]
  readonly dispatcher: Scheduler.SchedulerDispatcher
  readonly programContext: Context.Context<never>
  readonly settings: Settings
  /** Whether it takes only executions for which there is something to do now. */
  readonly onlyDue: boolean
  readonly makeId: () => string
}

/** The parts of a shutdown's time after which handlers are interrupted, and are not waited for any more. */
const drainPart = 0.8
const handlersPart = 0.9

/** How long the line stays as it is after an unregistration: in a shutdown the next one follows. In milliseconds. */
const lineHeld = 100

/** For so many executions the results are looked for at each heartbeat; the news of most ends comes by itself. */
const looksAtOnce = 256

export class Worker {
  readonly client: Client
  readonly observed: Observed
  private readonly options: WorkerOptions
  private readonly fibers: Fibers
  private readonly inCare: InCare
  private readonly results: Results
  private readonly answers: Answers
  private readonly lease: Lease
  private readonly heartbeat: Heartbeat
  private readonly awakening: Awakening
  private readonly unattended: Unattended
  private readonly recovery: Recovery
  private readonly handover: Handover
  private readonly rounds: Rounds
  private readonly shared: Shared<Execution>
  private readonly registrations = new Registrations()
  private isSuperseded = false
  /** The workflows that this worker tells the others of. */
  private readonly announced = new Set<Registration>()
  private readonly shutdown: ShutdownTime

  constructor(options: WorkerOptions) {
    const { liveClock, makeId, settings, store } = options
    const { registrations } = this
    this.options = options
    this.fibers = new Fibers(options.context, options.clock)
    this.observed = new Observed(this.fibers)
    this.inCare = new InCare(settings.maxLoaded)
    const see = (summary: ExecutionSummary) => (registrations.size === 0 ? this.unattended.see(summary) : undefined)
    this.results = new Results(store, see)
    this.answers = new Answers(store, this.fibers, see)
    this.shutdown = new ShutdownTime(settings.shutdownTimeout, () => this.monotonic())
    const now = monotone(liveClock)
    this.lease = new Lease(settings.lease, now)
    this.shared = this.share()
    const { inCare, results, shared } = this
    const { answerTimeout } = settings
    const timeouts = new AnswerTimeouts(answerTimeout, shared.alarms, this.fibers)
    const closed = (workflowId: WorkflowId) => this.recovery.closed(workflowId)
    this.client = new Client({ shared, inCare, results, registrations, timeouts, answerTimeout, makeId, closed })
    this.heartbeat = new Heartbeat({
      store,
      worker: options.worker,
      name: options.name,
      lease: this.lease,
      milliseconds: settings.lease,
      workflows: () => [...new Set(Array.from(this.announced, (each) => [each.workflow, nameOf(each)]).flat())],
      now: () => this.fibers.now(),
      superseded: (by) => this.superseded(by)
    })
    this.unattended = new Unattended(store, new RecoveryLog(shared, this.heartbeat))
    this.awakening = new Awakening({
      shared,
      heartbeat: this.heartbeat,
      pause: settings.heartbeatInterval / 10,
      inRealTime: (effect) => this.inRealTime(effect)
    })
    this.recovery = new Recovery({
      shared,
      inCare,
      client: this.client,
      registrations,
      heartbeat: this.heartbeat,
      interval: settings.heartbeatInterval,
      concurrency: settings.maxRecoveries,
      onlyDue: options.onlyDue,
      now,
      sleep: (milliseconds) => Effect.provideService(Effect.sleep(milliseconds), Clock.Clock, liveClock)
    })
    this.rounds = new Rounds({
      interval: settings.heartbeatInterval,
      apart: (effect) => this.apart(effect),
      inRealTime: (effect) => this.inRealTime(effect)
    })
    this.handover = new Handover({ shared, heartbeat: this.heartbeat, settle: (id) => this.recovery.settle(id) })
  }

  /** Adds a workflow until the scope closes, and looks for its executions. */
  register(registration: Registration): Effect.Effect<void, WorkflowErrorReason | StoreError, Scope.Scope> {
    return Effect.acquireRelease(
      Effect.gen({ self: this }, function* () {
        const { workflow } = registration
        const again = new AlreadyRegistered({ workflow: nameOf(registration) })
        if (this.registrations.has(registration)) return yield* again
        // Before it has anything to run, which others would take from a worker that they do not see.
        this.announced.add(registration)
        yield* this.heartbeat.begin.pipe(
          patiently(this.options.settings.answerTimeout),
          Effect.filterOrFail(
            () => !this.registrations.has(registration),
            () => again
          ),
          Effect.onError(() => Effect.sync(() => this.announced.delete(registration)))
        )
        this.registrations.add(registration)
        this.recovery.renewed(workflow)
        this.shutdown.renew()
        this.fibers.fork(this.recovery.scan("OwnToo"), () => {})
      }),
      () =>
        Effect.suspend(() => (this.registrations.includes(registration) ? this.unregister(registration) : Effect.void))
    )
  }

  /** Starts what goes on beside the executions, until the scope closes. */
  readonly start: Effect.Effect<void, never, Scope.Scope> = Effect.gen({ self: this }, function* () {
    // Apart, because a long scan must not let the lease run out.
    const { rounds } = this
    yield* rounds.beats(this.beat)
    yield* rounds.looks((outlook) => this.recovery.scan("OfOthers", outlook), "looking for executions")
    yield* rounds.looks((outlook) => this.recovery.lookForMissed(outlook), "looking for missed commits")
    yield* rounds.every(this.handover.look, "delivering ends")
    const look = this.results.lookForSome(looksAtOnce, (id, version) => this.inCare.get(id)?.notice(version))
    yield* rounds.every(look, "looking for results")
    yield* rounds.every(this.answers.lookAgain(looksAtOnce), "looking for the answers of updates")
    yield* rounds.every(this.unattended.look, "looking for workers")
    const heard = hear(this.options.store, (change) => this.heard(change))
    yield* Effect.forkScoped(this.inRealTime(heard), { startImmediately: true })
  })

  /** Stops all workflows, saves what their handlers finished, and ends whatever still waits. */
  readonly close: Effect.Effect<void> = Effect.suspend(() => {
    const all = [...this.registrations].map((registration) => this.unregister(registration))
    return Effect.all(all, { concurrency: "unbounded", discard: true }).pipe(
      Effect.andThen(Effect.sync(() => this.stop())),
      Effect.andThen(this.within(1, this.apart(Effect.ignore(this.heartbeat.end)))),
      Effect.andThen(this.within(1, this.fibers.close)),
      (effect) => this.inShutdown(effect)
    )
  })

  /** Works until there is nothing to do, or a time has passed; returns whether there is nothing more to do. */
  runUntilIdle(within: Duration.Duration): Effect.Effect<boolean> {
    const { inCare, recovery, shared } = this
    return untilIdle({ shared, inCare, recovery }).pipe(
      Effect.timeoutOption(within),
      // A worker that was replaced has nothing to do, and leaves all that there is.
      Effect.map((isIdle) => Option.isSome(isIdle) && !this.isSuperseded),
      (effect) => this.inRealTime(effect)
    )
  }

  /** Says that this worker lives, and looks at the clock, which may have been set. */
  private readonly beat: Effect.Effect<Outlook | undefined, StoreError> = Effect.suspend(() => {
    this.shared.alarms.look()
    return this.heartbeat.beat
  })

  /** Stops the workflows of this worker, whose name a later worker has. */
  private superseded(by: WorkerId): void {
    if (this.registrations.size === 0) return
    this.isSuperseded = true
    const { name = "" } = this.options
    this.fibers.log(
      "Error",
      `another worker has started with the name ${JSON.stringify(name)} (${by}), so this one stops running workflows; give ` +
        "each worker that lives a name of its own, or none",
      { worker: this.options.worker }
    )
    this.fibers.fork(
      Effect.forEach([...this.registrations], (registration) => this.unregister(registration), {
        concurrency: "unbounded",
        discard: true
      }),
      () => {}
    )
  }

  private share(): Shared<Execution> {
    const { dispatcher, makeId, onlyDue, programContext, settings, store, worker } = this.options
    const { maxHistory, suggestContinueAt } = settings
    const { fibers, observed } = this
    const [alarms, reports] = [new Alarms(fibers), new Reports(store, fibers, this.lease)]
    const monotonic = () => this.monotonic()
    // Unique to this process, because a worker's name may outlive it and a commit id must never come twice.
    const nonce = shortened(makeId())
    let commits = 0
    const commitId = () => `${nonce}-${(commits++).toString(36)}`
    const appender = telling(observed, { store, commitId, now: () => fibers.now(), suggestContinueAt })
    return {
      worker,
      fibers,
      store,
      observed,
      lease: this.lease,
      saves: new Saves({ fibers, store, dispatcher, monotonic, observed }),
      alarms,
      runner: new ActivityRunner({
        fibers,
        alarms,
        limit: settings.maxActivities,
        monotonic,
        lease: this.lease,
        stale: () => this.awakening.look(),
        alone: settings.lease,
        appender,
        reports,
        observed
      }),
      reports,
      programContext,
      // A program that spins does so in real time, also where that of the machine stands still for a test.
      budget: budgetOf(settings.spinLimit, () => performance.now()),
      commitId,
      ask: (input) => Effect.suspend(() => ask(this.client, input)),
      appender,
      maxHistory,
      latest: (workflow) => this.registrations.toStart(workflow, undefined),
      ended: (workflowId, ending) => {
        this.results.ended(workflowId, ending)
        this.answers.ended(workflowId, ending)
      },
      answers: this.answers,
      owes: (id, version) => (onlyDue ? this.recovery.settle(id) : this.handover.owes(id, version)),
      offer: (workflowId) => this.recovery.offer(workflowId),
      lost: () => this.recovery.lost(),
      touched: (execution) => this.inCare.touched(execution)
    }
  }

  /**
   * Removes a workflow: its handlers end or are interrupted, what they finished is saved, its executions are let go. Handlers of
   * other workflows that stand in line wait meanwhile, because these workflows may be the next.
   */
  private unregister(registration: Registration): Effect.Effect<void> {
    return Effect.gen({ self: this }, function* () {
      const { runner } = this.shared
      this.registrations.remove(registration)
      const executions = this.inCare.of(registration)
      const owing = new Set<WorkflowId>()
      const noteOwing = () => {
        for (const { owes, workflowId } of executions) if (owes) owing.add(workflowId)
      }
      noteOwing()
      if (this.options.settings.drain) {
        for (const execution of executions) execution.stop("LetRun")
        yield* this.within(drainPart, runner.ended(registration))
      }
      for (const execution of executions) execution.stop("Interrupt")
      yield* this.within(handlersPart, runner.ended(registration))
      runner.leaveBehind(registration)
      yield* this.within(1, this.shared.reports.flush)
      noteOwing()
      const left = executions.map((execution) => execution.leave())
      yield* this.within(1, Effect.all(left, { discard: true }))
      // An execution is let go, and its handlers end, before callers that wait for it are told of its end.
      yield* Effect.yieldNow
      for (const execution of executions) {
        if (execution.program._tag !== "Released") execution.release(() => new ShutDown())
      }
      // Until now the worker says that it lives: others would take what it still runs.
      this.announced.delete(registration)
      // They bear the name of this worker, which lives, so no other worker looks after them.
      if (this.registrations.size > 0) for (const workflowId of owing) this.recovery.settle(workflowId)
      // If the workflow was registered again meanwhile, its executions were still in care.
      if (this.registrations.size > 0) this.recovery.lost()
      // Should that fail, others wait until the lease has run out.
      if (this.announced.size === 0) yield* this.within(1, this.apart(Effect.ignore(this.heartbeat.end)))
    }).pipe((effect) => this.inShutdown(effect))
  }

  /** Takes an effect for a part of a shutdown, in whose time no handler leaves the line. */
  private inShutdown(effect: Effect.Effect<void>): Effect.Effect<void> {
    return Effect.suspend(() => {
      const { runner } = this.shared
      this.shutdown.begin()
      runner.hold()
      const end = Effect.sync(() => {
        this.shutdown.end()
        if (this.registrations.size === 0) return runner.release()
        this.fibers.fork(this.inRealTime(Effect.sleep(lineHeld)), () => runner.release())
      })
      return Effect.ensuring(effect, end)
    })
  }

  private stop(): void {
    this.client.stop()
    this.shared.saves.stop()
    this.inCare.release()
    this.shared.alarms.stop()
    this.results.fail(new ShutDown())
    this.answers.fail(new ShutDown())
  }

  /** Hears of a commit of any process. */
  private heard(change: Change): void {
    const { owedTo, owner, version, workflowId } = change
    const execution = this.inCare.get(workflowId)
    if (execution !== undefined) return execution.notice(version)
    this.answers.changed(workflowId)
    this.handover.heard(change)
    if (owedTo !== undefined && owner !== this.options.worker) this.recovery.ended(workflowId, owedTo)
    if (this.results.isWaiting(workflowId)) this.fibers.fork(this.results.lookAgain(workflowId), () => {})
    this.recovery.heard(change)
  }

  /** Waits for an effect to end, until a part of the time of a shutdown is used. */
  private within(part: number, effect: Effect.Effect<void>): Effect.Effect<void> {
    return Effect.suspend(() => {
      const limited = Effect.timeoutOption(Effect.interruptible(effect), this.shutdown.left(part))
      return Effect.asVoid(this.inRealTime(limited))
    })
  }

  /** Waits for an effect in such a way that an interruption does not wait for it: a store may not let itself be interrupted. */
  private apart<E>(effect: Effect.Effect<void, E>): Effect.Effect<void, E> {
    return Effect.callback((resume) => {
      const fiber = this.fibers.fork(effect, resume)
      return Effect.sync(() => fiber.interruptUnsafe())
    })
  }

  /** The clock of the machine that only goes forward, in milliseconds. */
  private monotonic(): number {
    return Number(this.options.liveClock.monotonicTimeNanosUnsafe() / 1_000_000n)
  }

  private inRealTime<A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> {
    return Effect.provideService(effect, Clock.Clock, this.options.liveClock)
  }
}
