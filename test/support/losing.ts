/** An order whose handler ends the process that runs it, as its history tells, and jobs beside it. */
import { it } from "@effect/vitest"
import { type Duration, Effect, Latch, Layer, Schema } from "effect"
import { TestClock } from "effect/testing"
import { Activity, ActivityContext, Workflow } from "perdure"
import * as Default from "perdure/Executor/Default"
import { Sequence } from "perdure/Ids"
import * as Memory from "perdure/Store/Memory"
import * as Lab from "../suites/executor/Lab.ts"
import { append, taken } from "./histories.ts"
import { keeping, type Line } from "./lines.ts"

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

/** A test in virtual time, which is given what was logged. */
export const effect = (title: string, body: (lines: Array<Line>) => Effect.Effect<void, unknown, any>) =>
  it.effect(title, () =>
    Effect.suspend(() => {
      const lines: Array<Line> = []
      const lab = Lab.layer({ store: Memory.layer, executor: Default.layerWith })
      return Effect.scoped(Effect.andThen(TestClock.adjust(0), body(lines))).pipe(
        Effect.provide(lab, { local: true }),
        Effect.provide(keeping(lines))
      ) as Effect.Effect<void, unknown>
    })
  )

export const stateOf = (app: Lab.Running) => app.executions.describe("order")

/** Lets time pass in steps, in each of which what follows from it happens. */
export const passInSteps = (step: Duration.Input, steps: number) => Effect.replicateEffect(Lab.pass(step), steps)
