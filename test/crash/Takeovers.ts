/**
 * Runs scenarios by several executors on one store, all with the same registrations. Messages go through any of them, and
 * now and then the one that runs the execution is believed to be dead while it goes on, deaf to what the others commit.
 *
 * All chance comes from the seed, and all time is virtual, so a seed is one schedule.
 */
import { Clock, Duration, Effect, Exit, type Layer, Option, type Scope, Stream } from "effect"
import type { DurableExecutor } from "perdure/Executor/DurableExecutor"
import { isClosing } from "perdure/HistoryEvent"
import { WorkerId, WorkflowId } from "perdure/Ids"
import type { StoreError, WorkflowStore } from "perdure/Store/WorkflowStore"
import { isFinal } from "perdure/WorkflowState"
import type { WorkflowError } from "perdure/WorkflowError"
import { make as makeRandom } from "../../src/internal/replay/random.ts"
import { type Message, type Scenario, virtual } from "../corpus/scenarios.ts"
import { Observer, type Report } from "./Observer.ts"
import * as Process from "./Process.ts"
import { Traffic } from "./Traffic.ts"

export interface Options {
  readonly scenario: Scenario
  /** What came of it by one executor over a good link. */
  readonly sound: Report
  /** What each process has beside its executor. */
  readonly beside?: Process.Beside
  /** Opens the store of a process. */
  readonly layer: Layer.Layer<WorkflowStore, StoreError>
  /** A way to the same store for the test itself. */
  readonly store: WorkflowStore["Service"]
  /** Decides all that is left to chance, and is the id of the execution. */
  readonly seed: string
  /** What stands between a process and its store, by the name of its worker. */
  readonly link: (worker: string) => (store: WorkflowStore["Service"], observer: Observer) => WorkflowStore["Service"]
}

export type Failure = StoreError | WorkflowError

/** Runs a scenario to its end. */
export const run = (options: Options): Effect.Effect<Report, Failure> =>
  Effect.scoped(Effect.suspend(() => new Takeovers(options).run))

// internal

/** How often the worker of the execution is believed to be dead. */
const takeovers = 3

/** How long a bad link may hold up what happens, in milliseconds. */
const soon = 50

/** How often the others look for it then; over a bad link some looks are in vain. */
const looks = 200

/** Real time plays no part: nobody says again that it lives, or looks, unless it is made to. */
const settings = { heartbeatInterval: "1 hour", lease: "2 hours" } as const

interface Contender extends Process.Process {
  readonly worker: WorkerId
}

class Takeovers {
  private readonly options: Options
  private readonly workflowId: WorkflowId
  private readonly observer: Observer
  private readonly traffic = new Traffic(Effect.void)
  private readonly draw: () => number
  private readonly contenders: Array<Contender> = []
  /** Workers that are believed to be dead. */
  private readonly dead = new Set<WorkerId>()
  private ids = 0

  constructor(options: Options) {
    const random = makeRandom(options.seed)
    this.options = options
    this.workflowId = WorkflowId.make(options.seed)
    this.observer = new Observer(options.scenario, options.seed, options.store)
    this.draw = () => random.nextDoubleUnsafe()
  }

  get run(): Effect.Effect<Report, Failure, Scope.Scope> {
    return Effect.gen({ self: this }, function* () {
      const { input, messages, timeout, workflow } = this.options.scenario
      yield* this.start
      yield* this.start
      yield* this.ask((executor) => executor.start({ workflow, workflowId: this.workflowId, input, timeout }))
      const begin = yield* Clock.currentTimeMillis
      for (const next of [...messages, ...this.takeovers()].toSorted((a, b) => a.at - b.at)) {
        yield* this.traffic.pass(begin + next.at - (yield* Clock.currentTimeMillis))
        yield* next._tag === "Takeover" ? this.takeOver : this.send(next)
      }
      yield* this.traffic.pass(150 * virtual.unit)
      if (!(yield* this.observer.history).some(isClosing)) yield* this.traffic.pass(virtual.month)
      // The last one was never believed to be dead, so it hears of the end.
      const closing = yield* this.ask(
        (executor) => executor.result({ workflowId: this.workflowId }),
        this.contenders.at(-1)
      )
      return yield* this.observer.report(closing, this.contenders.length)
    })
  }

  /** Takeovers while the scenario takes place: at any time of it, or just when something happens. */
  private takeovers() {
    const [start, ...rest] = this.options.sound.history.map(({ at }) => at)
    const times = rest.map((at) => at - start!)
    return Array.from({ length: takeovers }, () => {
      const at = this.draw() < 0.5 ? this.draw() * times.at(-1)! : this.pick(times) + this.draw() * soon
      return { _tag: "Takeover" as const, at: Math.floor(at) + 0.25 }
    })
  }

  /** The name of the worker whose execution it is. */
  private get owner(): string {
    return Process.nameOf(this.observer.owner ?? "")
  }

  private pick<A>(values: ReadonlyArray<A>): A {
    return values[Math.floor(this.draw() * values.length)]!
  }

  private get start(): Effect.Effect<void, Failure, Scope.Scope> {
    return Effect.gen({ self: this }, function* () {
      const { beside, layer, scenario } = this.options
      const { workflowId } = this
      const worker = WorkerId.make(`${workflowId}/worker ${this.contenders.length}`)
      const process = yield* Process.start(
        {
          scenario,
          worker,
          store: layer,
          link: (store) => this.linkOf(worker, store),
          observer: {
            // What others still run is wanted by nobody, and so it may start at any time.
            ran: (run) => worker === this.owner && this.observer.ran(run),
            wrote: (commit) => this.observer.wrote(commit)
          },
          beside,
          traffic: this.traffic,
          // The number first: of a long id only the beginning may be used.
          makeId: () => `${this.ids++}/${workflowId}`
        },
        settings
      )
      yield* Effect.addFinalizer(() => process.end)
      this.contenders.push({ ...process, worker })
    })
  }

  /** The link of a worker: one that is believed to be dead hears nothing, unless it has taken the execution again. */
  private linkOf(worker: WorkerId, store: WorkflowStore["Service"]): WorkflowStore["Service"] {
    const isDeaf = () => this.dead.has(worker) && worker !== this.owner
    const changes = Stream.filter(store.changes, () => !isDeaf())
    return this.options.link(worker)({ ...store, changes }, this.observer)
  }

  /** The worker of the execution is believed to be dead, and another one, old or new, takes it. */
  private get takeOver(): Effect.Effect<void, Failure, Scope.Scope> {
    return Effect.gen({ self: this }, function* () {
      const { owner, status } = yield* this.summary
      if (isFinal(status)) return
      if (owner === undefined) return yield* Effect.die(new Error("it is the execution of nobody"))
      this.dead.add(WorkerId.make(Process.nameOf(owner)))
      yield* this.start
      for (let look = 0; look < looks; look++) {
        for (const contender of this.shuffled()) {
          // A look says that a worker lives, also of the one that is believed to be dead.
          yield* this.options.store.heartbeat({ id: owner }, Duration.zero)
          yield* contender.look
        }
        yield* this.traffic.pass(Math.floor(this.draw() * 10))
        const now = yield* this.summary
        if (now.owner !== owner || isFinal(now.status)) return
      }
      return yield* Effect.die(new Error("nobody takes the execution"))
    })
  }

  private shuffled(): ReadonlyArray<Contender> {
    return this.contenders
      .map((contender) => ({ contender, place: this.draw() }))
      .toSorted((a, b) => a.place - b.place)
      .map(({ contender }) => contender)
  }

  private get summary() {
    return Effect.map(this.options.store.load(this.workflowId), (stored) => Option.getOrThrow(stored).summary)
  }

  /** Asks one of them: any, also one that is believed to be dead, unless told. */
  private ask<A>(
    question: (executor: DurableExecutor["Service"]) => Effect.Effect<A, Failure>,
    contender = this.pick(this.contenders)
  ): Effect.Effect<A, Failure> {
    return Effect.gen({ self: this }, function* () {
      const answer = yield* this.traffic.answer(question(contender.executor), () => false)
      return yield* answer ?? Exit.die(new Error("nobody gave up"))
    })
  }

  private send(message: Message): Effect.Effect<void, Failure> {
    return Effect.andThen(
      this.ask((executor) => Process.send(executor, this.workflowId, message)),
      Effect.sync(() => this.observer.acknowledged.push(message))
    )
  }
}
