/**
 * The laboratory of one test: a store of its own, executors on it that can be stopped, cut off and started again, and time that
 * passes only when the test says so.
 */
import { Clock, Context, type Duration, Effect, Exit, Layer, Schedule, type Schema, Scope } from "effect"
import { TestClock } from "effect/testing"
import { type HistoryEvent, Waiting, type WorkflowError } from "perdure"
import { DurableExecutor } from "perdure/Executor/DurableExecutor"
import type * as Default from "perdure/Executor/Default"
import * as Executions from "perdure/Executor/Executions"
import { type InlineActivities, WorkflowRegistry } from "perdure/Executor/WorkflowRegistry"
import { type ExecutionSummary, type StoreError, WorkflowStore } from "perdure/Store/WorkflowStore"
import * as FaultyStore from "./FaultyStore.ts"

/** Workflows with the handlers of their activities. */
export type Workflows = Layer.Layer<never, WorkflowError.WorkflowError, WorkflowRegistry | InlineActivities>

export class Lab extends Context.Service<
  Lab,
  {
    /** The store itself, which no fault touches. */
    readonly store: FaultyStore.Store
    readonly traffic: FaultyStore.Traffic
    /** The executor under test, with settings. */
    readonly executor: Executor
  }
>()("perdure/test/Lab") {}

type Executor = (options: Default.Options) => Layer.Layer<Default.Services, StoreError, WorkflowStore>

/** A laboratory with a store of its own, whose executions a test can read. */
export const layer = <E>(options: {
  readonly store: Layer.Layer<WorkflowStore, E>
  readonly executor: Executor
}): Layer.Layer<Lab | Executions.Executions, E> =>
  Layer.effect(
    Lab,
    Effect.map(WorkflowStore, (store) => ({
      store,
      traffic: { begun: 0, underWay: 0 },
      executor: options.executor
    }))
  ).pipe(Layer.merge(Executions.layer), Layer.provide(options.store))

/** An executor with workflows, in a scope of its own. */
export interface Running {
  readonly executor: DurableExecutor["Service"]
  readonly registry: WorkflowRegistry["Service"]
  /** Reads over the link of this executor. */
  readonly executions: Executions.Executions["Service"]
  readonly link: FaultyStore.FaultyStore
  /** Runs an effect with this executor. */
  readonly run: <A, E, R>(
    effect: Effect.Effect<A, E, R>
  ) => Effect.Effect<A, E, Exclude<R, DurableExecutor | Executions.Executions>>
  readonly signal: (
    workflowId: string,
    name: string,
    payload: Schema.Json
  ) => Effect.Effect<void, WorkflowError.WorkflowError>
  readonly cancel: (workflowId: string, reason?: string) => Effect.Effect<void, WorkflowError.WorkflowError>
  readonly terminate: (workflowId: string, reason?: string) => Effect.Effect<void, WorkflowError.WorkflowError>
  readonly result: (
    workflowId: string,
    runId?: string
  ) => Effect.Effect<HistoryEvent.ClosingEvent, WorkflowError.WorkflowError>
  /** Shuts the executor down. Happens by itself at the end of the test, over a sound link. */
  readonly stop: Effect.Effect<void>
}

/** Starts an executor. */
export const open = Effect.fnUntraced(function* (
  workflows: Workflows | Layer.Layer<never, WorkflowError.WorkflowError, Default.Services>,
  options: Default.Options = {}
) {
  const { executor: layerWith, store, traffic } = yield* Lab
  const link = FaultyStore.make(store, traffic)
  const scope = yield* Scope.make()
  const stop = Scope.close(scope, Exit.void)
  yield* Effect.addFinalizer(() =>
    Effect.suspend(() => {
      link.fault = FaultyStore.sound
      return stop
    })
  )
  const layer = Layer.provideMerge(workflows, layerWith(options)).pipe(
    Layer.provide(Layer.succeed(WorkflowStore, link.store))
  )
  const context = yield* Layer.buildWithMemoMap(layer, Layer.makeMemoMapUnsafe(), scope)
  const executor = Context.get(context, DurableExecutor)
  const executions = Context.get(context, Executions.Executions)
  const provided = Context.make(DurableExecutor, executor).pipe(Context.add(Executions.Executions, executions))
  const running: Running = {
    executor,
    registry: Context.get(context, WorkflowRegistry),
    executions,
    link,
    stop,
    run: Effect.provideContext(provided),
    signal: (workflowId, name, payload) => executor.send({ workflowId }, { _tag: "Signal", name, payload }),
    cancel: (workflowId, reason = "") => executor.send({ workflowId }, { _tag: "Cancel", reason }),
    terminate: (workflowId, reason = "") => executor.send({ workflowId }, { _tag: "Terminate", reason }),
    result: (workflowId, runId) => executor.result({ workflowId, runId })
  }
  return running
})

/** What an execution waits for, in words. */
export const words = ({ waitingFor }: Pick<ExecutionSummary, "waitingFor">): ReadonlyArray<string> =>
  waitingFor.map(Waiting.inWords)

/** The name that the owner of an execution was given. */
export const ownerName = ({ owner }: Pick<ExecutionSummary, "owner">): string => nameOf(owner ?? "")

/** The name of which a worker is an incarnation. */
export const nameOf = (worker: string): string => worker.split("/")[0]!

/** Opens a worker for which each read of an execution takes longer than its store does. */
export const slowly = <A, E, R>(reading: Effect.Effect<void>, worker: Effect.Effect<A, E, R | Lab>) =>
  Effect.updateService(worker, Lab, (lab) => {
    const link = FaultyStore.make(lab.store, lab.traffic)
    link.fault = (operation) => (operation === "load" ? { answeredAfter: reading } : undefined)
    return { ...lab, store: link.store }
  })

/** Waits until the executors have nothing more to do without time passing or a message. */
export const settle = Effect.gen(function* () {
  const { traffic } = yield* Lab
  let quiet = 0
  for (let turn = 0; quiet < quietTurns; turn++) {
    if (turn > mostTurns) return yield* Effect.die(new Error("the executors do not come to rest"))
    const { begun } = traffic
    yield* traffic.underWay > 0 ? inRealTime(Effect.sleep("1 millis")) : Effect.yieldNow
    quiet = traffic.underWay === 0 && traffic.begun === begun ? quiet + 1 : 0
  }
})

/** Lets time pass, and what follows from it happen. */
export const pass = (duration: Duration.Input) =>
  settle.pipe(Effect.andThen(TestClock.adjust(duration)), Effect.andThen(settle))

/** With the clock of the machine, whichever the test has. */
const inRealTime = Effect.provideService(Clock.Clock, Clock.Clock.defaultValue())

/** Waits until a worker has looked for what it may have missed, some times. */
export const looked = ({ link }: Running): Effect.Effect<boolean> =>
  Effect.suspend(() => {
    // Where the answer of a heartbeat says that there is nothing, nothing is listed.
    const looks = () => link.count.list + 3 * link.count.heartbeat
    const before = looks()
    return until(Effect.sync(() => looks() >= before + 24))
  })

/** Waits in real time until something is so. */
export const until = <E, R>(isSo: Effect.Effect<boolean, E, R>): Effect.Effect<boolean, E, R> =>
  Effect.repeat(isSo, { until: (value) => value, schedule: Schedule.spaced("5 millis"), times: 2000 }).pipe(
    inRealTime,
    Effect.filterOrElse(
      (value) => value,
      () => Effect.die(new Error("it did not become so"))
    )
  )

// internal

/** Turns of the event loop without any operation after which nothing more is to come. */
const quietTurns = 6

const mostTurns = 50_000
