/**
 * The workflows of the bench: they do nothing, durably.
 */
import { Effect, Layer, Ref, Schema } from "effect"
import { Activity, Query, Signal, Update, Workflow } from "perdure"
import * as Default from "perdure/Executor/Default"
import { Executions } from "perdure/Executor/Executions"
import * as Sqlite from "perdure/Store/Sqlite"
import type { WorkflowHandle } from "perdure/WorkflowHandle"
import * as Meter from "./Meter.ts"

/** How many activities an execution has where throughput is measured. */
export const activities = 10

const Echo = Activity.make("Echo", { input: Schema.Int, success: Schema.Int })

/** Wakes what waits. */
export const Go = Signal.make("go")

/** A number of activities, one after the other. */
export const Sequence = Workflow.make("Sequence", { input: Schema.Int, success: Schema.Int })

/** A number of activities at once. */
export const FanOut = Workflow.make("FanOut", { input: Schema.Int, success: Schema.Int })
/** A number of inline activities, one after the other. */
const Inline = Workflow.make("Inline", { input: Schema.Int, success: Schema.Int })

/** A signal, then a number of activities. */
export const Waiting = Workflow.make("Waiting", { input: Schema.Int, success: Schema.Int })

/** A number of activities, then only signals. */
export const Listening = Workflow.make("Listening", { input: Schema.Int })

/** How many activities are done. */
export const Progress = Query.make("progress", { success: Schema.Int })

/** A number of activities, then only signals; it tells its progress. */
export const Telling = Workflow.make("Telling", { input: Schema.Int })

/** A child that does nothing. */
const Child = Workflow.make("Child", { input: Schema.Int, success: Schema.Int })

/** A number of children, so many at a time. */
export const Parent = Workflow.make("Parent", { input: Schema.Struct({ count: Schema.Int, atOnce: Schema.Int }) })

/** A number of signals. */
export const Receiving = Workflow.make("Receiving", { input: Schema.Int })

/** A number of signals to another execution, so many at a time. */
export const Sending = Workflow.make("Sending", {
  input: Schema.Struct({ to: Schema.String, count: Schema.Int, atOnce: Schema.Int })
})

/** A number of runs, each of which continues as new at once. */
export const Continuing = Workflow.make("Continuing", { input: Schema.Int })

/** Answers with a sum. */
export const Add = Update.make("add", { input: Schema.Int, success: Schema.Int })

/** Answers for ever. */
export const Counting = Workflow.make("Counting")

/** A day. */
export const Sleeping = Workflow.make("Sleeping")

const echoes = Effect.fnUntraced(function* (count: number) {
  let sum = 0
  for (let i = 0; i < count; i++) sum += yield* Echo(i)
  return sum
})

export const ChildLive = Child.toLayer(Effect.succeed)

export const ParentLive = Parent.toLayer(({ atOnce, count }) =>
  Effect.forEach(
    Array.from({ length: count }, (_, index) => index),
    (index) => Child.execute(index),
    { concurrency: atOnce, discard: true }
  )
)

const programs = Layer.mergeAll(
  Sequence.toLayer(echoes),
  FanOut.toLayer((count) =>
    Effect.map(
      Effect.forEach(
        Array.from({ length: count }, (_, index) => index),
        (index) => Echo(index),
        { concurrency: "unbounded" }
      ),
      ({ length }) => length
    )
  ),
  Inline.toLayer(
    Effect.fnUntraced(function* (count) {
      let sum = 0
      for (let i = 0; i < count; i++) sum += yield* Activity.inline("echo", { success: Schema.Int }, Effect.succeed(i))
      return sum
    })
  ),
  Waiting.toLayer((count) => Effect.andThen(Go.receive, echoes(count))),
  Listening.toLayer((count) => Effect.andThen(echoes(count), Effect.forever(Go.receive))),
  Telling.toLayer(
    Effect.fnUntraced(function* (count) {
      const done = yield* Ref.make(0)
      yield* Progress.answer(() => Ref.get(done))
      for (let i = 0; i < count; i++) yield* Effect.andThen(Echo(i), Ref.set(done, i + 1))
      return yield* Effect.forever(Go.receive)
    })
  ),
  Receiving.toLayer((count) => Effect.replicateEffect(Go.receive, count, { discard: true })),
  Sending.toLayer(({ atOnce, count, to }) =>
    Effect.replicateEffect(Go.send(to, undefined), count, { concurrency: atOnce, discard: true })
  ),
  Continuing.toLayer((runs) => Effect.sync(() => (runs > 1 ? Continuing.continueAsNew(runs - 1) : undefined))),
  Sleeping.toLayer(() => Effect.sleep("1 day")),
  Counting.toLayer(() =>
    Effect.suspend(() => {
      let sum = 0
      return Effect.andThen(
        Add.handle((number) => Effect.sync(() => (sum += number))),
        Effect.never
      )
    })
  ),
  ChildLive,
  ParentLive
)

interface Options {
  /** The handler of the only activity. */
  readonly echo?: (value: number) => Effect.Effect<number>
  /** Its limits. */
  readonly limits?: Activity.Limits
  readonly executor?: Default.Options
}

/** The workflows, for an executor that is provided. */
export const programsLive = (options?: Options) =>
  Layer.provide(programs, Echo.toLayer(options?.echo ?? Effect.succeed, options?.limits))

/** Runs the workflows on the store that is provided. */
export const layer = (options?: Options) =>
  Layer.provideMerge(programsLive(options), Default.layerWith(options?.executor ?? {}))

/** Runs the workflows on SQLite, and provides the store too. */
export const layerSqlite = (filename: string, options?: Options) =>
  Layer.provideMerge(layer(options), Sqlite.layer({ filename }))

/** Measures steps for a second, with a number of executions in flight. */
export const steps = (fibers: number) => sampleSteps(fibers, Sequence.execute(activities))

/** The same of inline steps. */
export const inlineSteps = (fibers: number) => sampleSteps(fibers, Inline.execute(activities))

/** Measures the steps of any execution that has as many. */
export const sampleSteps = <E, R>(fibers: number, execution: Effect.Effect<unknown, E, R>) =>
  Meter.sample(
    Effect.map(
      Meter.repeatFor({ milliseconds: 1000, fibers, effect: execution }),
      (executions) => executions * activities
    )
  )

/** Starts executions with ids that count up; when it returns the ids, all starts are durable. */
export const startMany = <E, R>(
  count: number,
  start: (options: { readonly workflowId: string }) => Effect.Effect<unknown, E, R>
) =>
  Effect.forEach(
    Array.from({ length: count }, (_, index) => `execution-${index}`),
    (workflowId) => Effect.as(start({ workflowId }), workflowId),
    { concurrency: 64 }
  )

/** Waits until an execution waits for a signal. */
export const listens = Effect.fnUntraced(function* (handle: Pick<WorkflowHandle<unknown, unknown>, "describe">) {
  while (!(yield* handle.describe).waitingFor.some((each) => each._tag === "Signal")) yield* Effect.sleep("5 millis")
})

/** Waits until no execution is unfinished. */
export const finished = Effect.gen(function* () {
  const executions = yield* Executions
  const unfinished = executions.list({ status: ["running", "blocked"], limit: 1 })
  while ((yield* unfinished).executions.length > 0) yield* Effect.sleep("2 millis")
})
