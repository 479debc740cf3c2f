/** An order whose handler ends the process that runs it, as its history tells, and jobs beside it. */
import { type Duration, Effect, Latch, Layer, Schema } from "effect"
import { Activity, ActivityContext, Workflow } from "perdure"
import { WorkflowRegistry } from "perdure/Executor/WorkflowRegistry"
import { Sequence } from "perdure/Ids"
import * as Lab from "../suites/executor/Lab.ts"
import { append, taken } from "./histories.ts"

export const Bomb = Activity.make("Bomb", { success: Schema.Int, timeout: { total: "20 minutes" } })
export const Order = Workflow.make("Order", { success: Schema.Int, workflowId: () => "order" })
export const Work = Activity.make("Work", { input: Schema.String })
export const Job = Workflow.make("Job", { input: Schema.String, workflowId: (name) => name })

/** Workflows of which each handler notes that it begins, and goes on when its latch is opened. */
export const make = () => {
  const begun: Array<string> = []
  const latch = Latch.makeUnsafe()
  const handlers = Layer.mergeAll(
    Bomb.toLayer(() =>
      Effect.gen(function* () {
        const { attempt } = yield* ActivityContext.ActivityContext
        begun.push(`attempt ${attempt}`)
        yield* latch.await
        return attempt
      })
    ),
    Work.toLayer((name) =>
      Effect.gen(function* () {
        begun.push(name)
        yield* Effect.sleep(name === "endless" ? "10 days" : "5 seconds")
      })
    )
  )
  return {
    begun,
    latch,
    order: Layer.provide(
      Order.toLayer(() => Bomb()),
      handlers
    ),
    job: Layer.provide(
      Job.toLayer((name) => Work(name)),
      handlers
    )
  }
}

export const seq = Sequence.make(0)

/** An order whose worker has died so many times in a row, the last ones while it ran the handler alone. */
export const lostOrder = Effect.fnUntraced(function* (losses: number, alone: number) {
  const { order } = make()
  const { store } = yield* Lab.Lab
  const first = yield* Lab.open(order, { worker: "first" })
  yield* first.run(Order.start())
  yield* Lab.settle
  yield* first.stop
  // The worker that takes it counts the last loss.
  yield* append(store, "order", (at) => [taken(at, false)])
  for (let loss = 1; loss < losses; loss++) yield* append(store, "order", (at) => [taken(at, true)])
  for (let loss = 0; loss < alone; loss++) {
    const attempt = losses + loss + 1
    yield* append(store, "order", (at) => [taken(at, true), { _tag: "ActivityAttemptIsolated", at, seq, attempt }])
  }
})

export const stateOf = (app: Lab.Running) => app.executions.describe("order")

/** Lets time pass in steps, in each of which what follows from it happens. */
export const passInSteps = (step: Duration.Input, steps: number) => Effect.replicateEffect(Lab.pass(step), steps)

/** Opens an executor that runs a job already when an order comes to it. */
export const openBeside = Effect.fnUntraced(function* (job: Lab.Workflows, order: Lab.Workflows) {
  const app = yield* Lab.open(job, { worker: "next" })
  yield* app.run(Job.start("before"))
  yield* Lab.settle
  yield* Effect.provideService(Layer.build(order), WorkflowRegistry, app.registry)
  yield* Lab.settle
  return app
})
