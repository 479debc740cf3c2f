/**
 * Moving to Temporal with work under way: one process has both executors, the old executions go on to their ends, and new ones begin on
 * Temporal.
 */
import { assert, it } from "@effect/vitest"
import { Context, Effect, Layer } from "effect"
import * as DefaultExecutor from "perdure/Executor/Default"
import type { DurableExecutor } from "perdure/Executor/DurableExecutor"
import { Executions } from "perdure/Executor/Executions"
import { describeWith, temporalServer } from "../support/servers.ts"
import { allOf } from "../suites/portable/all.ts"
import { nothingSeen } from "../suites/portable/handlers.ts"
import * as P from "../suites/portable/programs.ts"
import { workerLayer } from "./temporal/workers.ts"

describeWith("temporal", "moving to Temporal", () => {
  it(
    "old executions end where they began, and new ones begin on Temporal",
    () =>
      Effect.runPromise(
        Effect.scoped(
          Effect.gen(function* () {
            const { address } = yield* temporalServer()
            const before = yield* Layer.build(Layer.provideMerge(allOf(nothingSeen()), DefaultExecutor.layerMemory))
            const old = yield* Effect.provideContext(P.Wait.start("old", { workflowId: "a" }), before)
            const worker = workerLayer({ address, taskQueue: "moving" })
            const after = yield* Layer.build(Layer.provideMerge(allOf(nothingSeen()), worker))
            const start = (id: string, text: string) =>
              P.Wait.handle(id).pipe(
                Effect.provideContext(before),
                Effect.catchReason("WorkflowError", "NotFound", () =>
                  Effect.provideContext(P.Wait.start(text, { workflowId: id }), after)
                )
              )
            const found = yield* start("a", "again")
            assert.strictEqual(found.runId, old.runId)
            const made = yield* start("b", "new")
            assert.isTrue(made.created)
            const unsettled = (context: Context.Context<Executions>) =>
              Context.get(context, Executions).count({ workflow: "Wait", unsettled: true })
            assert.strictEqual(yield* unsettled(before), 1)
            const go = (context: Context.Context<DurableExecutor>, id: string) =>
              Effect.provideContext(P.Go.send(id), context)
            yield* go(before, "a")
            yield* go(after, "b")
            assert.deepStrictEqual([yield* found.result, yield* made.result], ["old", "new"])
            assert.strictEqual(yield* unsettled(before), 0)
          })
        )
      ),
    120_000
  )
})
