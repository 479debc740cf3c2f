/**
 * Workers on Temporal: what layers around an executor see there, how a worker ends, and what it is sent while none runs.
 *
 * 1. Hooks and middleware work as around the default executor.
 * 2. A worker that drains keeps what its handlers finish, and one that does not repeats their attempts elsewhere.
 * 3. A worker that dies fails the effect that has launched it, and one that cannot begin (a real death: test/deep/TemporalWorkers.test.ts).
 * 4. What is sent while no worker runs arrives when one does.
 * 5. Executions share the modules of Effect and of this library, and no module of the user.
 * 6. A program that blocks on its defects is blocked until a worker has one that does not die.
 */
import { assert, describe, it, vi } from "@effect/vitest"
import { Worker } from "@temporalio/worker"
import { Context, Deferred, Effect, Exit, Fiber, Layer, Schedule, Scope } from "effect"
import { Hooks, Middleware, Waiting, type WorkflowError } from "perdure"
import type { DurableExecutor } from "perdure/Executor/DurableExecutor"
import { Executions } from "perdure/Executor/Executions"
import * as TemporalExecutor from "perdure/Executor/Temporal"
import * as TemporalWorker from "perdure/Executor/TemporalWorker"
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describeWith, shared, temporalServer } from "../support/servers.ts"
import { allOf } from "../suites/portable/all.ts"
import { nothingSeen } from "../suites/portable/handlers.ts"
import * as P from "../suites/portable/programs.ts"
import { echoing, Echoing } from "./temporal/echoes.ts"
import { bundling, workerLayer } from "./temporal/workers.ts"

const until = <E, R>(isSo: Effect.Effect<boolean, E, R>) =>
  Effect.repeat(isSo, { until: (value) => value, schedule: Schedule.spaced("50 millis"), times: 400 }).pipe(
    Effect.filterOrElse(
      (value) => value,
      () => Effect.die(new Error("it did not become so"))
    )
  )

const live = (title: string, test: () => Effect.Effect<unknown, unknown, Scope.Scope>) =>
  it(title, () => Effect.runPromise(Effect.scoped(test())), 120_000)

describeWith("temporal", "workers on Temporal", () => {
  const server = shared(temporalServer())

  describe("beside each other", { concurrent: true }, () => {
    live("1. hooks are told, and middleware is around operations and attempts", () =>
      Effect.gen(function* () {
        const { address } = yield* server
        const told: Array<string> = []
        const say = (text: string) => Effect.sync(() => void told.push(text))
        const hooks = Hooks.make([P.Cart, P.End, P.Price, P.Stuck], {
          onWorkflowStart: ({ workflow, workflowId }) => say(`${workflow} ${workflowId} begins`),
          onActivityComplete: ({ activity, input, value }) => say(`${activity} of ${input} is ${value}`),
          onWorkflowComplete: ({ workflow }) => say(`${workflow} is done`),
          onWorkflowFail: ({ reason, workflow }) => say(`${workflow} failed: ${JSON.stringify(reason)}`),
          onWorkflowCancel: ({ because, workflow }) => say(`${workflow} was cancelled: ${because}`),
          onWorkflowBlock: ({ problem, workflow }) => say(`${workflow} is blocked: ${problem.reason}`)
        })
        const operations: Array<string> = []
        const noting = Middleware.around((operation, next) =>
          Effect.andThen(
            Effect.sync(() => operations.push(operation._tag)),
            next
          )
        )
        const attempts = Middleware.activity(({ context }, next) =>
          Effect.tap(next, ({ _tag }) => say(`attempt ${context.attempt} of ${context.activity}: ${_tag}`))
        )
        const worker = workerLayer({ address, taskQueue: "hooks" })
        const executor = Middleware.apply(worker, noting, attempts, Hooks.layer(hooks))
        const context = yield* Layer.build(Layer.provideMerge(allOf(nothingSeen()), executor))
        const run = <A, E>(effect: Effect.Effect<A, E, DurableExecutor | Executions>) =>
          Effect.provideContext(effect, context)
        const cart = yield* run(P.Cart.start("x", { workflowId: "hooked" }))
        yield* run(P.AddItem.execute(cart, "priced pen"))
        yield* run(P.CheckOut.send(cart))
        yield* run(cart.result)
        const failed = yield* run(P.End.start("fails", { workflowId: "failing" }))
        yield* Effect.exit(run(failed.result))
        yield* until(Effect.sync(() => told.some((text) => text.startsWith("End failed"))))
        const stuck = yield* run(P.Stuck.start("x", { workflowId: "stuck" }))
        yield* Effect.exit(run(stuck.result))
        // Temporal has tried it again by then.
        yield* Effect.sleep("1500 millis")
        yield* run(stuck.terminate("enough"))
        yield* until(Effect.sync(() => told.some((text) => text.startsWith("Stuck failed"))))
        const expected = ["Start", "Update", "Signal", "Result", "Start", "Result", "Start", "Result", "Terminate"]
        assert.deepStrictEqual(operations, expected)
        assert.sameMembers(told, [
          "Cart hooked begins",
          "attempt 1 of Price: Success",
          "Price of priced pen is 10",
          "Cart is done",
          "End failing begins",
          `End failed: {"_tag":"Failed","error":{"_tag":"Rejected","why":"as asked"}}`,
          "Stuck stuck begins",
          "Stuck is blocked: AsynchronousWork",
          `Stuck failed: {"_tag":"Terminated","because":"enough"}`
        ])
      })
    )

    for (const drain of [true, false]) {
      live(
        `2. a worker that ends ${drain ? "lets handlers finish" : "interrupts handlers, and another one goes on"}`,
        () =>
          Effect.gen(function* () {
            const { address } = yield* server
            const taskQueue = `drain ${drain}`
            const begun = yield* Deferred.make<void>()
            const ends: Array<string> = []
            const handler = (name: string) =>
              P.Echo.toLayer((text) =>
                Deferred.done(begun, Exit.void).pipe(
                  Effect.andThen(Effect.sleep("1 second")),
                  Effect.as(`${text} by ${name}`),
                  Effect.onExit((exit) => Effect.sync(() => void ends.push(`${name}: ${exit._tag}`)))
                )
              )
            const start = (name: string) =>
              Layer.build(
                Layer.provideMerge(
                  echoing.pipe(Layer.provide(handler(name))),
                  workerLayer({ address, taskQueue, drain, shutdownTimeout: "5 seconds" })
                )
              )
            const first = yield* Scope.make()
            const context = yield* Scope.provide(start("first"), first)
            const caller = yield* Layer.build(TemporalExecutor.layer({ address, taskQueue }))
            const handle = yield* Effect.provideContext(Echoing.start("said", { workflowId: taskQueue }), context)
            yield* Deferred.await(begun)
            yield* Scope.close(first, Exit.void)
            assert.deepStrictEqual(ends, [drain ? "first: Success" : "first: Failure"])
            yield* start("second")
            const result = yield* Effect.provideContext(
              Effect.flatMap(Echoing.handle(handle.id), ({ result }) => result),
              caller
            )
            assert.strictEqual(result, drain ? "said by first" : "said by second")
          })
      )
    }

    live(
      "4. a parent that continued as new goes on although its child is gone before a worker could ask for its end",
      () =>
        Effect.gen(function* () {
          const { address } = yield* server
          const taskQueue = "gone"
          const caller = yield* Layer.build(TemporalExecutor.layer({ address, taskQueue }))
          const run = <A, E>(effect: Effect.Effect<A, E, DurableExecutor | Executions>) =>
            Effect.provideContext(effect, caller)
          const worker = (only: "workflows" | "activities") =>
            Layer.build(Layer.provideMerge(allOf(nothingSeen()), workerLayer({ address, taskQueue, only })))
          yield* worker("workflows")
          const relay = yield* run(P.Relay.start("child", { workflowId: "relay" }))
          yield* until(Effect.isSuccess(run(P.Wait.handle("child"))))
          const child = yield* run(P.Wait.handle("child"))
          const handlers = yield* Scope.make()
          yield* Scope.provide(worker("activities"), handlers)
          const waitsFor = Effect.map(run(relay.describe), ({ waitingFor }) => waitingFor.map(Waiting.inWords).join())
          yield* until(Effect.map(waitsFor, (words) => words === "the end of a child of an earlier run"))
          yield* Scope.close(handlers, Exit.void)
          yield* run(P.Go.send(child))
          yield* run(child.result)
          yield* Context.get(caller, Executions).delete("child")
          yield* until(Effect.isFailure(run(child.describe)))
          yield* worker("activities")
          const error = yield* Effect.flip(run(relay.result))
          assert.include(JSON.stringify(error), "it is not known any more how the child ended")
        })
    )

    live("4. a signal that comes while no worker runs arrives when one does, by a bundle that was made ahead", () =>
      Effect.gen(function* () {
        const { address } = yield* server
        const taskQueue = "later"
        const file = join(mkdtempSync(join(tmpdir(), "perdure-bundle-")), "workflows.js")
        yield* TemporalWorker.bundle({ ...bundling, file })
        const caller = yield* Layer.build(TemporalExecutor.layer({ address, taskQueue }))
        const run = <A, E>(effect: Effect.Effect<A, E, DurableExecutor | Executions>) =>
          Effect.provideContext(effect, caller)
        const sum = yield* run(P.Sum.start(1, { workflowId: "later" }))
        yield* run(P.Add.send(sum, 2))
        yield* run(P.Add.send(sum, 0))
        yield* Layer.build(Layer.provideMerge(allOf(nothingSeen()), workerLayer({ address, taskQueue, bundle: file })))
        assert.strictEqual(yield* run(sum.result), 3)
      })
    )
  })

  live("3. a worker that dies fails the effect that has launched it, and a layer goes on for callers", () =>
    Effect.gen(function* () {
      const { address } = yield* server
      const dying = yield* Deferred.make<never, Error>()
      const { run } = Worker.prototype
      const spy = vi.spyOn(Worker.prototype, "run").mockImplementation(function (this: Worker, ...given) {
        return Promise.race([run.apply(this, given), Effect.runPromise(Deferred.await(dying))])
      })
      yield* Effect.addFinalizer(() => Effect.sync(() => spy.mockRestore()))
      const app = (taskQueue: string) =>
        Layer.provideMerge(allOf(nothingSeen()), workerLayer({ address, taskQueue, shutdownTimeout: 0 }))
      const context = yield* Layer.build(app("dying"))
      assert.strictEqual(yield* Effect.provideContext(P.End.execute("well", { workflowId: "dying" }), context), "well")
      const launched = yield* Effect.forkChild(TemporalWorker.launch(app("dying, too")))
      yield* until(Effect.sync(() => spy.mock.calls.length === 2))
      yield* Deferred.fail(dying, new Error("the core has failed"))
      const error = yield* Effect.flip(Fiber.join(launched))
      const { detail } = error.reason as TemporalWorker.WorkerFailed
      assert.deepInclude(error.reason, { _tag: "WorkerFailed", taskQueue: "dying, too" })
      assert.include(detail, "the core has failed")
      const ended = yield* Effect.flip(Context.get(context, TemporalWorker.TemporalWorker).ended)
      assert.deepInclude(ended.reason, { _tag: "WorkerFailed", taskQueue: "dying" })
      const found = yield* Effect.provideContext(P.End.handle("dying"), context)
      assert.strictEqual(yield* Effect.provideContext(found.result, context), "well")
    })
  )

  live("3. a worker that cannot begin fails it, too", () =>
    Effect.gen(function* () {
      const { address } = yield* server
      const bundle = join(mkdtempSync(join(tmpdir(), "perdure-bundle-")), "workflows.js")
      yield* TemporalWorker.bundle({ ...bundling, file: bundle })
      // Temporal wants the source map of a bundle.
      const code = readFileSync(bundle, "utf8")
      writeFileSync(bundle, code.slice(0, code.lastIndexOf("//# sourceMappingURL=data:")))
      const error = yield* Effect.flip(
        TemporalWorker.launch(
          Layer.provideMerge(allOf(nothingSeen()), workerLayer({ address, taskQueue: "broken", bundle }))
        )
      )
      assert.deepInclude((error as TemporalWorker.TemporalError).reason as object, { _tag: "WorkerFailed" })
    })
  )

  live("3. a bundle that cannot be kept is used all the same, and one that cannot be written is said", () =>
    Effect.gen(function* () {
      const { address } = yield* server
      yield* Layer.build(workerLayer({ address, taskQueue: "unkept", bundleCache: "/dev/null/bundles" }))
      const error = yield* Effect.flip(TemporalWorker.bundle({ ...bundling, file: "/dev/null/workflows.js" }))
      assert.deepInclude(error.reason, { _tag: "NotBundled", module: "/dev/null/workflows.js" })
    })
  )

  live("3. a worker that runs no programs bundles none", () =>
    Effect.gen(function* () {
      const { address } = yield* server
      const options = { address, taskQueue: "handlers alone", workflows: "/absent.ts" }
      yield* Layer.build(
        Layer.provide(
          echoing.pipe(Layer.provide(P.Echo.toLayer(Effect.succeed))),
          workerLayer({ ...options, only: "activities" })
        )
      )
      const error = yield* Effect.flip(Layer.build(workerLayer(options)))
      assert.deepInclude(error.reason, { _tag: "NotBundled", module: "/absent.ts" })
    })
  )

  live("5. executions share the modules of Effect, and none of the user", () =>
    Effect.gen(function* () {
      const { address } = yield* server
      const { Sharing, sharing } = yield* Effect.promise(() => import("./temporal/sharedWorkflows.ts"))
      const module = new URL("./temporal/sharedWorkflows.ts", import.meta.url)
      const context = yield* Layer.build(
        Layer.provideMerge(sharing, workerLayer({ address, taskQueue: "sharing", workflows: module }))
      )
      const run = Effect.provideContext(Sharing.execute(), context)
      const one = yield* run
      const other = yield* run
      assert.deepStrictEqual([one.executions, other.executions], [1, 1])
      assert.isAbove(other.fiber, one.fiber)
    })
  )

  live("6. a program that blocks on its defects goes on once a worker has one that does not die", () =>
    Effect.gen(function* () {
      const { address } = yield* server
      const taskQueue = "defects"
      const seen: Array<string> = []
      const handler = P.Echo.toLayer((text) =>
        Effect.as(
          Effect.sync(() => void seen.push(text)),
          text
        )
      )
      const { Careful, dying } = yield* Effect.promise(() => import("./temporal/dyingWorkflows.ts"))
      const { mended } = yield* Effect.promise(() => import("./temporal/mendedWorkflows.ts"))
      const caller = yield* Layer.build(TemporalExecutor.layer({ address, taskQueue }))
      const run = <A, E>(effect: Effect.Effect<A, E, DurableExecutor>) => Effect.provideContext(effect, caller)
      const worker = (name: string, layer: typeof dying) =>
        Layer.build(
          Layer.provideMerge(
            layer.pipe(Layer.provide(handler)),
            workerLayer({
              ...{ address, taskQueue },
              workflows: new URL(`./temporal/${name}Workflows.ts`, import.meta.url)
            })
          )
        )
      const handle = yield* run(Careful.start(undefined, { workflowId: "careful" }))
      yield* Effect.scoped(
        Effect.gen(function* () {
          yield* worker("dying", dying)
          const { reason } = yield* Effect.flip(run(handle.result))
          assert.strictEqual(reason._tag, "Blocked")
          assert.deepInclude((reason as WorkflowError.Blocked).problem, { reason: "Defect" })
          assert.include((reason as WorkflowError.Blocked).problem.message, "Error: a bug")
          assert.deepStrictEqual(seen, ["first"])
        })
      )
      yield* worker("mended", mended)
      // Callers that ask before its next task learn that it is blocked.
      const result = Effect.retry(run(handle.result), { schedule: Schedule.spaced("500 millis"), times: 60 })
      assert.strictEqual(yield* result, "second")
      assert.deepStrictEqual(seen, ["first", "second", "closed"])
    })
  )
})
