/**
 * The world of one test: a store of its own, executors on it that can be stopped, cut off and started again, and time that
 * passes only when the test says so.
 */
import { Clock, Context, type Duration, Effect, Exit, Layer, Schedule, Scope } from "effect"
import { TestClock } from "effect/testing"
import type { WorkflowError } from "perdure"
import { DurableExecutor } from "perdure/Executor/DurableExecutor"
import * as Executor from "perdure/Executor/Default"
import { WorkflowStore } from "perdure/Store/WorkflowStore"
import * as Link from "./Link.ts"

/** Workflows with the handlers of their activities. */
export type Workflows = Layer.Layer<never, WorkflowError.WorkflowError, DurableExecutor>

export class World extends Context.Service<
  World,
  {
    /** The store itself, which no fault touches. */
    readonly store: Link.Store
    readonly traffic: Link.Traffic
  }
>()("perdure/test/World") {}

/** A world with a store of its own. */
export const layer = <E>(store: Layer.Layer<WorkflowStore, E>): Layer.Layer<World, E> =>
  Layer.effect(
    World,
    Effect.map(WorkflowStore, (store) => ({ store, traffic: { begun: 0, underWay: 0 } }))
  ).pipe(Layer.provide(store))

/** An executor with workflows, in a scope of its own. */
export interface Running {
  readonly executor: DurableExecutor["Service"]
  readonly link: Link.Link
  /** Runs an effect with this executor. */
  readonly run: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, Exclude<R, DurableExecutor>>
  /** Shuts the executor down. Happens by itself at the end of the test, over a sound link. */
  readonly stop: Effect.Effect<void>
}

/** Starts an executor. */
export const open = Effect.fnUntraced(function* (workflows: Workflows, options: Executor.Options = {}) {
  const { store, traffic } = yield* World
  const link = Link.make(store, traffic)
  const scope = yield* Scope.make()
  const stop = Scope.close(scope, Exit.void)
  yield* Effect.addFinalizer(() =>
    Effect.suspend(() => {
      link.fault = Link.sound
      return stop
    })
  )
  const layer = Layer.provideMerge(workflows, Executor.layerWith(options)).pipe(
    Layer.provide(Layer.succeed(WorkflowStore, link.store))
  )
  const context = yield* Layer.buildWithMemoMap(layer, Layer.makeMemoMapUnsafe(), scope)
  const executor = Context.get(context, DurableExecutor)
  const running: Running = {
    executor,
    link,
    stop,
    run: Effect.provideService(DurableExecutor, executor)
  }
  return running
})

/** Waits until the executors have nothing more to do without time passing or anybody sending. */
export const settle = Effect.gen(function* () {
  const { traffic } = yield* World
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

/** Waits in real time until something is so. */
export const until = <E, R>(isSo: Effect.Effect<boolean, E, R>): Effect.Effect<boolean, E, R> =>
  Effect.repeat(isSo, { until: (value) => value, schedule: Schedule.spaced("5 millis"), times: 2000 }).pipe(
    Effect.filterOrElse(
      (value) => value,
      () => Effect.die(new Error("it did not become so"))
    )
  )

// internal

/** With the clock of the machine, whichever the test has. */
const inRealTime = Effect.provideService(Clock.Clock, Clock.Clock.defaultValue())

/** Turns of the event loop without any operation after which nothing more is to come. */
const quietTurns = 6

const mostTurns = 50_000
