/**
 * Workers of a deployment: a run stays on the build on which it began, and new ones begin on the current one.
 */
import { assert, it } from "@effect/vitest"
import { Effect, Layer, Schedule } from "effect"
import type { DurableExecutor } from "perdure/Executor/DurableExecutor"
import type { Executions } from "perdure/Executor/Executions"
import * as TemporalExecutor from "perdure/Executor/Temporal"
import * as TemporalWorker from "perdure/Executor/TemporalWorker"
import { describeWith, shared, temporalServer } from "../support/servers.ts"
import { clientOf, workerLayer } from "./temporal/workers.ts"
import { Built, firstBuild, Tell } from "./temporal/buildWorkflows.ts"
import { laterBuild } from "./temporal/laterBuildWorkflows.ts"

const [taskQueue, name] = ["builds", "shop"]

describeWith("temporal", "deployments on Temporal", () => {
  const server = shared(temporalServer())

  it(
    "a run is pinned to its build until it continues as new, and so are its children",
    () =>
      Effect.gen(function* () {
        const { address } = yield* server
        const client = yield* clientOf(address)
        const makeCurrent = (buildId: string) =>
          Effect.tryPromise(
            () =>
              client.workflowService.setWorkerDeploymentCurrentVersion({
                ...{ namespace: "default", deploymentName: name, buildId, identity: "the test" }
              })
            // Until the server has heard of the build.
          ).pipe(Effect.retry({ schedule: Schedule.spaced("100 millis"), times: 100 }))
        const worker = (module: string, layer: typeof firstBuild, buildId: string) =>
          Layer.build(
            Layer.provideMerge(
              layer,
              workerLayer({
                ...{ address, taskQueue, deployment: { name, buildId } },
                workflows: new URL(`./temporal/${module}.ts`, import.meta.url)
              })
            )
          )
        const caller = yield* Layer.build(TemporalExecutor.layer({ address, taskQueue }))
        const run = <A, E>(effect: Effect.Effect<A, E, DurableExecutor | Executions>) =>
          Effect.provideContext(effect, caller)
        const isWaiting = (workflowId: string, run: number) =>
          Effect.promise(() => client.workflow.getHandle(workflowId).describe()).pipe(
            Effect.map(({ historyLength, raw }) => {
              const { firstRunId, execution } = raw.workflowExecutionInfo!
              return Number(historyLength) >= 4 && (firstRunId === execution!.runId) === (run === 1)
            }),
            Effect.repeat({ until: (isSo) => isSo, schedule: Schedule.spaced("50 millis"), times: 400 })
          )
        const begin = (workflowId: string, input: (typeof Built.input)["Type"] = "once") =>
          Effect.tap(run(Built.start(input, { workflowId })), () => isWaiting(workflowId, 1))

        yield* worker("buildWorkflows", firstBuild, "1")
        yield* makeCurrent("1")
        const before = yield* begin("before")
        const goesOn = yield* begin("goes on", "in the next run")
        const parent = yield* begin("parent", "by a child")
        yield* worker("laterBuildWorkflows", laterBuild, "2")
        yield* makeCurrent("2")
        const after = yield* begin("after")
        for (const handle of [before, goesOn, parent, after]) yield* run(Tell.send(handle))
        assert.strictEqual(yield* run(before.result), "first build")
        assert.strictEqual(yield* run(parent.result), "first build")
        assert.strictEqual(yield* run(after.result), "later build")
        yield* isWaiting("goes on", 2)
        yield* run(Tell.send(goesOn))
        assert.strictEqual(yield* run(goesOn.result), "later build")
      }).pipe(Effect.scoped, Effect.runPromise),
    120_000
  )

  it("one whose name makes no sense is refused", () =>
    Effect.gen(function* () {
      const workflows = new URL("./temporal/buildWorkflows.ts", import.meta.url)
      const of = (deployment: { readonly name: string; readonly buildId: string }) =>
        Effect.flip(Effect.catchDefect(TemporalWorker.make({ workflows, deployment }), Effect.fail))
      assert.include(String(yield* of({ name: "a.b", buildId: "1" })), "name of deployment")
      assert.include(String(yield* of({ name: "a", buildId: "" })), "buildId of deployment")
    }).pipe(Effect.scoped, Effect.runPromise))
})
