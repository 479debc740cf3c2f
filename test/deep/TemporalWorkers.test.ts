/**
 * A worker on Temporal that dies fails the effect that has launched it. The server ends a worker whose namespace is gone after a minute or two.
 */
import { execFileSync } from "node:child_process"
import { assert, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Schedule } from "effect"
import * as TemporalExecutor from "perdure/Executor/Temporal"
import * as TemporalWorker from "perdure/Executor/TemporalWorker"
import { workerLayer } from "../Executor/temporal/workers.ts"
import { describeWith, shared, temporalServer } from "../support/servers.ts"
import { allOf } from "../suites/portable/all.ts"
import { nothingSeen } from "../suites/portable/handlers.ts"
import * as P from "../suites/portable/programs.ts"

describeWith("temporal", "a worker on Temporal", () => {
  const server = shared(temporalServer())

  it.live("3. a worker that dies fails the effect that has launched it", () =>
    Effect.gen(function* () {
      const { address, binary } = yield* server
      const operator = (...args: ReadonlyArray<string>) =>
        Effect.sync(() =>
          execFileSync(binary, ["operator", "namespace", ...args, "--address", address], { stdio: "pipe" })
        )
      yield* operator("create", "--namespace", "doomed")
      const options = { address, namespace: "doomed", taskQueue: "doomed" }
      // A namespace is known a moment after it was made.
      yield* Effect.scoped(Layer.build(TemporalExecutor.layer(options))).pipe(
        Effect.retry({ schedule: Schedule.spaced("50 millis"), times: 400 })
      )
      const fiber = yield* Effect.forkScoped(
        TemporalWorker.launch(Layer.provideMerge(allOf(nothingSeen()), workerLayer(options)))
      )
      // It runs, then.
      const caller = yield* Layer.build(TemporalExecutor.layer(options))
      const ended = P.End.execute("well", { workflowId: "before" })
      assert.strictEqual(yield* Effect.provideContext(ended, caller), "well")
      yield* operator("delete", "--namespace", "doomed", "--yes")
      const error = yield* Effect.flip(Fiber.join(fiber))
      assert.deepInclude((error as TemporalWorker.TemporalError).reason as object, {
        _tag: "WorkerFailed",
        taskQueue: "doomed"
      })
    }).pipe(Effect.scoped)
  )
})
