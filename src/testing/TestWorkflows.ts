/**
 * Workflows under test: an executor on a store in memory, and time that passes when the test says so.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Scheduler from "effect/Scheduler"
import * as TestClock from "effect/testing/TestClock"
import * as Default from "../Executor/Default.ts"
import * as MemoryStore from "../Store/Memory.ts"
import { type StoreError, WorkflowStore } from "../Store/WorkflowStore.ts"
import { Resting } from "./Resting.ts"

/**
 * What knows when the executor of a test has come to rest.
 *
 * @category services
 * @since 0.2.0
 */
export class TestWorkflows extends Context.Service<
  TestWorkflows,
  {
    /** Waits until nothing more happens without time passing, a promise that is kept later, or something else from outside. */
    readonly settle: Effect.Effect<void>
  }
>()("perdure/testing/TestWorkflows") {}

/**
 * The default executor on a store in memory, for one test. It runs on the `TestClock` that there is, such as that of `it.effect`, and
 * brings one where there is none, for all that it is provided to.
 *
 * **Example** (A week passes)
 *
 * ```ts
 * import { Effect, Fiber, Layer, Schema } from "effect"
 * import { Workflow } from "perdure"
 * import { TestWorkflows } from "perdure/testing"
 *
 * const Nap = Workflow.make("Nap", { success: Schema.String })
 * const NapLive = Nap.toLayer(() => Effect.as(Effect.sleep("7 days"), "well rested"))
 *
 * const test = Effect.gen(function*() {
 *   const nap = yield* Nap.start()
 *   yield* TestWorkflows.pass("7 days")
 *   return yield* nap.result
 * })
 *
 * const Test = Layer.provideMerge(NapLive, TestWorkflows.layer)
 * await Effect.runPromise(Effect.provide(test, Test)) // => "well rested"
 * ```
 *
 * @category layers
 * @since 0.2.0
 */
export const layer: Layer.Layer<TestWorkflows | Default.Services | WorkflowStore, StoreError> = Layer.suspend(() =>
  layerWith({})
)

/**
 * The same with settings of the executor.
 *
 * @category layers
 * @since 0.2.0
 */
export const layerWith = (
  options: Default.Options
): Layer.Layer<TestWorkflows | Default.Services | WorkflowStore, StoreError> => {
  const executor = Layer.provideMerge(Default.layerWith(options), resting)
  return Layer.unwrap(
    Effect.map(Clock.Clock, (clock) =>
      isTestClock(clock) ? executor : Layer.provideMerge(executor, TestClock.layer())
    )
  )
}

/**
 * Lets time pass, once all has happened that can happen before, and then what follows from it.
 *
 * **Gotchas**
 *
 * What a handler awaits in real time, such as the answer of a server, is not waited for. Promises that need nothing from outside are.
 *
 * @category time
 * @since 0.2.0
 */
export const pass = (duration: Duration.Input): Effect.Effect<void, never, TestWorkflows> =>
  Effect.andThen(settle, TestClock.adjust(duration)).pipe(Effect.andThen(settle))

/**
 * Waits until nothing more happens without time passing, or something from outside: until no fiber has anything left to do, of the
 * executor, of its handlers and of the test.
 *
 * **Gotchas**
 *
 * The answer of a server is from outside, as are a file and a timer of the machine: where a handler awaits one, nothing may be left to do
 * before it comes. What goes on for ever without waiting is a defect.
 *
 * @category time
 * @since 0.2.0
 */
export const settle: Effect.Effect<void, never, TestWorkflows> = Effect.flatMap(TestWorkflows, ({ settle }) => settle)

// internal

const isTestClock = (clock: Clock.Clock): boolean => "adjust" in clock && "setTime" in clock

/** A store in memory, and a scheduler for all that runs here that knows when it has come to rest. */
const resting: Layer.Layer<TestWorkflows | WorkflowStore> = Layer.effectContext(
  Effect.gen(function* () {
    const scheduler = new Resting(yield* Scheduler.Scheduler)
    const store = yield* Effect.provideService(MemoryStore.make(), Scheduler.Scheduler, scheduler)
    return Context.make(TestWorkflows, { settle: scheduler.settle }).pipe(
      Context.add(WorkflowStore, store),
      Context.add(Scheduler.Scheduler, scheduler)
    )
  })
)
