/**
 * Runs scenarios in virtual time in processes that die, one after the other, until one lives to the end.
 */
import { Clock, Deferred, Effect, Exit, type Layer, type Scope } from "effect"
import { TestClock } from "effect/testing"
import type { DurableExecutor } from "perdure/Executor/DurableExecutor"
import { type ClosingEvent, type HistoryEvent, isClosing } from "perdure/HistoryEvent"
import { WorkflowId } from "perdure/Ids"
import type { StoreError, WorkflowStore } from "perdure/Store/WorkflowStore"
import type { WorkflowError } from "perdure/WorkflowError"
import type { Run } from "../corpus/handlers.ts"
import { type Message, type Outcome, outcomeOf, type Scenario, virtual } from "../corpus/scenarios.ts"
import { type Finished, type ObservedRun, violations } from "./invariants.ts"
import * as Process from "./Process.ts"

/** What came of a scenario. */
export interface Report extends Finished {
  readonly history: ReadonlyArray<HistoryEvent>
  readonly outcome: Outcome
  readonly processes: number
  readonly violations: ReadonlyArray<string>
}

export interface Options {
  readonly scenario: Scenario
  readonly workflowId: string
  /** Opens the store of a process. */
  readonly layer: Layer.Layer<WorkflowStore, StoreError>
  /** A way to the same store for the test itself. */
  readonly store: WorkflowStore["Service"]
  /** Where the first process dies, then the second, and so on; the one after them lives. */
  readonly crashes: ReadonlyArray<Process.Crash>
}

export type Failure = StoreError | WorkflowError

/** Runs a scenario to its end. */
export const run = (options: Options): Effect.Effect<Report, Failure> =>
  Effect.scoped(Effect.suspend(() => new World(options).run))

// internal

/** Longer than almost any scenario takes after its last message, and longer than any does, in milliseconds. */
const usual = 150 * virtual.unit
const longest = virtual.month + usual

/** Turns of the event loop without any operation of the store after which nothing more is to come. */
const quietTurns = 5

class World {
  private readonly options: Options
  private readonly workflowId: WorkflowId
  private readonly runs: Array<ObservedRun> = []
  private readonly failures = new Map<string, number>()
  private readonly over = new Set<string>()
  private readonly acknowledged: Array<Message> = []
  private process = Deferred.makeUnsafe<Process.Process, Failure>()
  private processes = 0
  private operations = 0
  private ids = 0

  constructor(options: Options) {
    this.options = options
    this.workflowId = WorkflowId.make(options.workflowId)
  }

  get run(): Effect.Effect<Report, Failure, Scope.Scope> {
    return Effect.gen({ self: this }, function* () {
      const { scenario } = this.options
      yield* Effect.forkScoped(this.supervise)
      const { input, timeout, workflow } = scenario
      yield* this.ask((executor) => executor.start({ workflow, workflowId: this.workflowId, input, timeout }))
      const begin = yield* Clock.currentTimeMillis
      for (const message of scenario.messages) {
        yield* this.pass(begin + message.at - (yield* Clock.currentTimeMillis))
        yield* this.send(message)
      }
      yield* this.pass(usual)
      if (!(yield* this.history).some(isClosing)) yield* this.pass(longest)
      const closing = yield* this.ask((executor) => executor.result(this.workflowId))
      return yield* this.report(closing)
    })
  }

  /** Starts a process, and another one whenever it has died, at the same time. */
  private get supervise(): Effect.Effect<never, never, Scope.Scope> {
    return Effect.gen({ self: this }, function* () {
      while (true) {
        const process = yield* this.start(this.options.crashes[this.processes++])
        yield* Effect.addFinalizer(() => process.end)
        yield* Deferred.succeed(this.process, process)
        yield* Deferred.await(process.died)
        this.process = Deferred.makeUnsafe()
        yield* process.end
      }
    }).pipe(Effect.catchCause((cause) => Effect.andThen(Deferred.failCause(this.process, cause), Effect.never)))
  }

  private start(crash: Process.Crash | undefined) {
    const { layer, scenario, workflowId } = this.options
    return Process.start({
      scenario,
      store: layer,
      crash,
      ran: (run) => this.ran(run),
      wrote: (events) => this.wrote(events),
      asked: () => this.operations++,
      makeId: () => `${workflowId}/${this.ids++}`
    })
  }

  private ran(run: Run): void {
    this.runs.push({ ...run, failures: this.failures.get(run.key) ?? 0, isOver: this.over.has(run.key) })
  }

  private wrote(events: ReadonlyArray<HistoryEvent>): void {
    for (const event of events) {
      if (event._tag === "ExecutionStarted") this.runId = event.runId
      if (!("seq" in event)) continue
      const key = `${this.runId}/${event.seq}`
      if (event._tag === "ActivityResolved" || event._tag === "ActivityCancelled") this.over.add(key)
      if (event._tag === "ActivityAttemptFailed") this.failures.set(key, event.attempt)
    }
  }
  private runId = ""

  /** Asks the living process, and the next one if it dies before it answers. */
  private ask<A>(
    question: (executor: DurableExecutor["Service"]) => Effect.Effect<A, Failure>
  ): Effect.Effect<A, Failure> {
    return Effect.gen({ self: this }, function* () {
      const process = yield* Deferred.await(this.process)
      const death = Effect.as(Deferred.await(process.died), Exit.void)
      const answer = yield* Effect.raceFirst(Effect.exit(question(process.executor)), death).pipe(
        Effect.raceFirst(outOfPatience)
      )
      return yield* Deferred.isDoneUnsafe(process.died) ? this.ask(question) : (answer as Exit.Exit<A, Failure>)
    })
  }

  /** Sends a message. When the answer was lost in a crash it is looked up before it is sent again. */
  private send(message: Message): Effect.Effect<void, Failure> {
    let isFirst = true
    return this.ask((executor) =>
      Effect.gen({ self: this }, function* () {
        const isSent = !isFirst && (yield* this.isRecorded(message))
        isFirst = false
        if (!isSent) yield* this.dispatch(executor, message)
      })
    ).pipe(Effect.andThen(Effect.sync(() => this.acknowledged.push(message))))
  }

  private dispatch(executor: DurableExecutor["Service"], message: Message): Effect.Effect<void, Failure> {
    switch (message._tag) {
      case "Signal":
        return executor.signal(this.workflowId, message.name, message.payload)
      case "Cancel":
        return executor.cancel(this.workflowId, message.reason)
      case "Terminate":
        return executor.terminate(this.workflowId, message.reason)
    }
  }

  private isRecorded(message: Message): Effect.Effect<boolean, Failure> {
    return Effect.map(this.history, (history) => {
      switch (message._tag) {
        case "Signal": {
          const known = this.acknowledged.filter((message) => message._tag === "Signal").length
          return history.filter((event) => event._tag === "SignalReceived").length > known
        }
        case "Cancel":
          return history.some((event) => event._tag === "CancelRequested")
        case "Terminate":
          return history.some(isClosing)
      }
    })
  }

  private get commits() {
    return Effect.map(this.options.store.load(this.workflowId), (stored) =>
      stored._tag === "Some" ? stored.value.commits : []
    )
  }

  private get history() {
    return Effect.map(this.commits, (commits) => commits.flatMap((commit) => commit.events))
  }

  /** Lets time pass, after all that can happen before it. */
  private pass(milliseconds: number): Effect.Effect<void, Failure> {
    return Effect.andThen(this.settle, TestClock.adjust(Math.max(0, milliseconds))).pipe(Effect.andThen(this.settle))
  }

  private get settle(): Effect.Effect<void, Failure> {
    return Effect.gen({ self: this }, function* () {
      for (let quiet = 0; quiet < quietTurns;) {
        yield* Deferred.await(this.process)
        const before = this.operations
        yield* Effect.yieldNow
        quiet = before === this.operations ? quiet + 1 : 0
      }
    })
  }

  private report(closing: ClosingEvent): Effect.Effect<Report, Failure> {
    return Effect.map(this.commits, (commits) => {
      const history = commits.flatMap((commit) => commit.events)
      const { acknowledged, processes, runs } = this
      const finished = { scenario: this.options.scenario, commits, runs, acknowledged }
      const wrong = [...violations(finished)]
      if (JSON.stringify(history.at(-1)) !== JSON.stringify(closing)) wrong.push("the answer is not what is recorded")
      return { ...finished, history, outcome: outcomeOf(closing), processes, violations: wrong }
    })
  }
}

/** Dies in real time, so that an executor that does not answer is a failure and not a test that hangs. */
const outOfPatience = TestClock.withLive(Effect.sleep("20 seconds")).pipe(
  Effect.andThen(Effect.die(new Error("the executor does not answer")))
)
