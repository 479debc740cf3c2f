/**
 * Runs scenarios in virtual time in processes that die, one after the other, until one lives to the end.
 */
import { Clock, Deferred, Effect, type Layer, type Scope } from "effect"
import type { DurableExecutor } from "perdure/Executor/DurableExecutor"
import { isClosing } from "perdure/HistoryEvent"
import { WorkflowId } from "perdure/Ids"
import type { StoreError, WorkflowStore } from "perdure/Store/WorkflowStore"
import type { WorkflowError } from "perdure/WorkflowError"
import { type Message, type Scenario, virtual } from "../corpus/scenarios.ts"
import { Observer, type Report } from "./Observer.ts"
import * as Process from "./Process.ts"
import { Traffic } from "./Traffic.ts"

export interface Options {
  readonly scenario: Scenario
  readonly workflowId: string
  /** Opens the store of a process. */
  readonly layer: Layer.Layer<WorkflowStore, StoreError>
  /** A way to the same store for the test itself. */
  readonly store: WorkflowStore["Service"]
  /** Where the first process dies, then the second, and so on; the one after them lives. Default: none dies. */
  readonly crashes?: ReadonlyArray<Process.Crash>
  /** What stands between a process and its store. */
  readonly link?: (store: WorkflowStore["Service"], observer: Observer) => WorkflowStore["Service"]
  /** What each process has beside its executor. */
  readonly beside?: Process.Beside
  /** Called with the living process while each of its commits is being saved. */
  readonly whileSaving?: (process: Process.Process, workflowId: WorkflowId) => void
}

export type Failure = StoreError | WorkflowError

/** Runs a scenario to its end. */
export const run = (options: Options): Effect.Effect<Report, Failure> =>
  Effect.scoped(Effect.suspend(() => new CrashRun(options).run))

// internal

/** Longer than almost any scenario takes after its last message, and longer than any does, in milliseconds. */
const usual = 150 * virtual.unit
const longest = virtual.month + usual

class CrashRun {
  private readonly options: Options
  private readonly workflowId: WorkflowId
  private readonly observer: Observer
  private process = Deferred.makeUnsafe<Process.Process, Failure>()
  private processes = 0
  private readonly traffic = new Traffic(Effect.suspend(() => Deferred.await(this.process)))
  private ids = 0

  constructor(options: Options) {
    this.options = options
    this.workflowId = WorkflowId.make(options.workflowId)
    this.observer = new Observer(options.scenario, options.workflowId, options.store)
  }

  get run(): Effect.Effect<Report, Failure, Scope.Scope> {
    return Effect.gen({ self: this }, function* () {
      const { scenario } = this.options
      yield* Effect.forkScoped(this.supervise)
      const { input, timeout, workflow } = scenario
      yield* this.ask((executor) => executor.start({ workflow, workflowId: this.workflowId, input, timeout }))
      const begin = yield* Clock.currentTimeMillis
      for (const message of scenario.messages) {
        yield* this.traffic.pass(begin + message.at - (yield* Clock.currentTimeMillis))
        yield* this.send(message)
      }
      yield* this.traffic.pass(usual)
      if (!(yield* this.observer.history).some(isClosing)) yield* this.traffic.pass(longest)
      const closing = yield* this.ask((executor) => executor.result({ workflowId: this.workflowId }))
      return yield* this.observer.report(closing, this.processes)
    })
  }

  /** Starts a process, and another one whenever it has died, at the same time. */
  private get supervise(): Effect.Effect<never, never, Scope.Scope> {
    return Effect.gen({ self: this }, function* () {
      while (true) {
        const process = yield* this.start(this.options.crashes?.[this.processes++])
        yield* Effect.addFinalizer(() => process.end)
        yield* Deferred.succeed(this.process, process)
        yield* Deferred.await(process.died)
        this.process = Deferred.makeUnsafe()
        yield* process.end
      }
    }).pipe(Effect.catchCause((cause) => Effect.andThen(Deferred.failCause(this.process, cause), Effect.never)))
  }

  private start(crash: Process.Crash | undefined) {
    const { beside, layer, link, scenario, whileSaving, workflowId } = this.options
    let started: Process.Process | undefined
    const observer: Process.Options["observer"] = {
      ran: (run) => this.observer.ran(run),
      wrote: (commit) => {
        this.observer.wrote(commit)
        if (started !== undefined) whileSaving?.(started, this.workflowId)
      }
    }
    const starting = Process.start({
      scenario,
      // The name stays the same, so that a restarted worker takes its executions back at once.
      worker: "worker",
      store: layer,
      link: (store) => link?.(store, this.observer) ?? store,
      crash,
      observer,
      beside,
      traffic: this.traffic,
      // The number first: of a long id only the beginning may be used.
      makeId: () => `${this.ids++}/${workflowId}`
    })
    return Effect.tap(starting, (process) => Effect.sync(() => (started = process)))
  }

  /** Asks the living process, and the next one if it dies before it answers. */
  private ask<A>(
    question: (executor: DurableExecutor["Service"]) => Effect.Effect<A, Failure>
  ): Effect.Effect<A, Failure> {
    return Effect.gen({ self: this }, function* () {
      const { died, executor } = yield* Deferred.await(this.process)
      const answer = yield* this.traffic.answer(question(executor), () => Deferred.isDoneUnsafe(died))
      return yield* answer ?? this.ask(question)
    })
  }

  /** Sends a message. When the answer was lost in a crash it is looked up before it is sent again. */
  private send(message: Message): Effect.Effect<void, Failure> {
    let isFirst = true
    return this.ask((executor) =>
      Effect.gen({ self: this }, function* () {
        const isSent = !isFirst && (yield* this.isRecorded(message))
        isFirst = false
        if (!isSent) yield* Process.send(executor, this.workflowId, message)
      })
    ).pipe(Effect.andThen(Effect.sync(() => this.observer.acknowledged.push(message))))
  }

  private isRecorded(message: Message): Effect.Effect<boolean, Failure> {
    return Effect.map(this.observer.history, (history) => {
      switch (message._tag) {
        case "Signal": {
          const known = this.observer.acknowledged.filter((message) => message._tag === "Signal").length
          return history.filter((event) => event._tag === "SignalReceived").length > known
        }
        case "Cancel":
          return history.some((event) => event._tag === "CancelRequested")
        case "Terminate":
          return history.some(isClosing)
        case "Complete": {
          const tag = message.exit._tag === "Success" ? "ActivityResolved" : "ActivityAttemptEnded"
          return history.some((event) => event._tag === tag && event.seq === message.seq)
        }
      }
    })
  }
}
