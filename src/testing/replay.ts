/**
 * Recorded histories against the code of today: the test of a deployment.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import type * as Default from "../Executor/Default.ts"
import { DurableExecutor } from "../Executor/DurableExecutor.ts"
import * as Executions from "../Executor/Executions.ts"
import { Observers } from "../Executor/Observers.ts"
import { InlineActivities, type Registration, WorkflowRegistry } from "../Executor/WorkflowRegistry.ts"
import type { HistoryEvent } from "../HistoryEvent.ts"
import { parseJson } from "../internal/core/parse.ts"
import { historiesIn } from "../internal/store/runs.ts"
import { TaggedError } from "../internal/taggedError.ts"
import { disagreement, History, inLines, programKey, programOf } from "./replaying.ts"

/**
 * The code of today does not agree with a history, and would block its execution.
 *
 * @category errors
 * @since 0.2.0
 */
export class ReplayFailure extends TaggedError<ReplayFailure>()("ReplayFailure", {
  /** Both sides, and what to do, in words. */
  why: Schema.String,
  history: History
}) {
  override get message(): string {
    const { history, why } = this
    return history.length === 0 ? why : [why, "The history:", inLines(history)].join("\n")
  }
}

/**
 * Replays a history against a workflow as it is today, and fails with both sides where it disagrees. No handler runs. A history that
 * goes on is followed as far as it goes.
 *
 * It is a list of events, as `handle.history` returns it, or the JSON of it, as values or as text. Runs that continue one another may follow one another.
 *
 * **When to use**
 *
 * Use in the tests of a release, with histories of executions that are under way: an execution whose history replays goes on with
 * the new code.
 *
 * **Example** (A history that was exported)
 *
 * ```ts
 * import { Effect, Layer, Schema } from "effect"
 * import { Activity, Workflow } from "perdure"
 * import { double, replay } from "perdure/testing"
 *
 * const Ship = Activity.make("Ship", { input: Schema.String })
 * const Order = Workflow.make("Order", { input: Schema.String })
 * const OrderLive = Order.toLayer((id) => Ship(id)).pipe(Layer.provide(double(Ship).layer))
 *
 * const exported = [
 *   { _tag: "ExecutionStarted", at: 0, workflow: "Order", workflowId: "order-1", runId: "run-1", input: "order-1" },
 *   { _tag: "TimerStarted", at: 0, seq: 0, fireAt: 1000 }
 * ]
 *
 * const failure = Effect.flip(replay(exported, OrderLive))
 * const lines = Effect.map(failure, (error) => String(error).split("\n").slice(1, 3))
 * await Effect.runPromise(lines) // => ["  history: TimerStarted #0 for 1000 ms", '  program: ActivityScheduled #0 Ship("order-1")']
 * ```
 *
 * @category testing
 * @since 0.2.0
 */
export const replay = <E>(
  history: unknown,
  layer: Layer.Layer<never, E, Default.Services>
): Effect.Effect<void, ReplayFailure | E> =>
  Effect.gen(function* () {
    const events = yield* decoded(typeof history === "string" ? yield* parsed(history) : history)
    const runs = historiesIn(events)
    if (runs.length === 0) return yield* failure("there is no ExecutionStarted: a history begins with it", events)
    const programs = yield* programsIn(layer)
    for (const run of runs) {
      const registration = programOf(programs, run)
      if (registration === undefined) {
        const known = [...programs.keys()].join(", ") || "none"
        const [started] = run
        const name = started?._tag === "ExecutionStarted" ? programKey(started.workflow, started.version) : ""
        return yield* failure(`the layer has no workflow ${name}, but ${known}`, run)
      }
      const wrong = disagreement(registration.program, run)
      if (wrong !== undefined) return yield* failure(wrong, run)
    }
  }).pipe(Effect.scoped)

// internal

const failure = (why: string, history: ReadonlyArray<HistoryEvent>) => new ReplayFailure({ why, history })

const parsed = (text: string): Effect.Effect<unknown, ReplayFailure> =>
  Effect.try({
    try: () => parseJson(text) as unknown,
    catch: (error) => failure(`this is no history: ${String(error)}`, [])
  })

const decoded = (history: unknown): Effect.Effect<ReadonlyArray<HistoryEvent>, ReplayFailure> =>
  Effect.mapError(Schema.decodeUnknownEffect(History)(history), (error) =>
    failure(`this is no history: ${error.message}`, [])
  )

/** The programs that a layer registers. */
const programsIn = <E>(
  layer: Layer.Layer<never, E, Default.Services>
): Effect.Effect<ReadonlyMap<string, Registration>, E, Scope.Scope> =>
  Effect.gen(function* () {
    const programs = new Map<string, Registration>()
    const registry: WorkflowRegistry["Service"] = {
      register: (registration) =>
        Effect.sync(() => programs.set(programKey(registration.workflow, registration.version), registration))
    }
    const services = Context.make(WorkflowRegistry, registry).pipe(
      Context.add(InlineActivities, true),
      Context.add(Observers, { add: () => Effect.void }),
      Context.add(DurableExecutor, { start: nothing, find: nothing, send: nothing, result: nothing }),
      Context.add(Executions.Executions, {
        ...{ describe: nothing, history: nothing, list: nothing, count: nothing, delete: nothing }
      })
    )
    const registered = Layer.provide(layer, Layer.succeedContext(services))
    yield* Layer.buildWithMemoMap(registered, Layer.makeMemoMapUnsafe(), yield* Effect.scope)
    return programs
  })

const nothing = () => Effect.die(new Error("a replay has no executor: it only follows what is recorded"))
