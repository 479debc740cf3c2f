/**
 * The portable promises on Temporal: with programs that stay in memory, and with none that does, so that each task replays its history
 * from the beginning. All histories pass Temporal's own replayer.
 */
import { Client, Connection } from "@temporalio/client"
import { Worker } from "@temporalio/worker"
import { assert, layer } from "@effect/vitest"
import { Context, Effect, Layer } from "effect"
import { DurableExecutor } from "perdure/Executor/DurableExecutor"
import * as TemporalWorker from "perdure/Executor/TemporalWorker"
import { bundleOf } from "../../src/Executor/temporal/worker/bundles.ts"
import { pathOf } from "../../src/Executor/temporal/worker/bundling.ts"
import { describeWith, shared, temporalServer } from "../support/servers.ts"
import { allOf } from "../suites/portable/all.ts"
import { nothingSeen } from "../suites/portable/handlers.ts"
import { Portable } from "../suites/portable/Portable.ts"
import { promises } from "../suites/portable/suite.ts"

const workflows = new URL("../suites/portable/workflows.ts", import.meta.url)

describeWith("temporal", "the portable promises on Temporal", () => {
  const server = shared(temporalServer())

  for (const [name, maxLoaded] of [
    ["with programs in memory", undefined],
    ["with none in memory", 0]
  ] as const) {
    const started: Array<string> = []
    const portable = Layer.effect(
      Portable,
      Effect.gen(function* () {
        const { address } = yield* server
        const seen = nothingSeen()
        const taskQueue = `portable ${name}`
        const worker = TemporalWorker.layer({
          address,
          taskQueue,
          workflows,
          heartbeatInterval: "200 millis",
          maxLoaded
        })
        const context = yield* Layer.build(Layer.provideMerge(allOf(seen), worker))
        const executor = Context.get(context, DurableExecutor)
        const provided = Context.make(DurableExecutor, executor) as Context.Context<any>
        return Portable.of({
          run: Effect.provideContext(provided) as never,
          executor,
          seen,
          note: (workflowId) => void started.push(workflowId)
        })
      })
    )

    layer(portable, { excludeTestServices: true, timeout: "2 minutes" })(name, (it) => {
      promises((title, test) => it.effect(title, test, 60_000))

      it.effect(
        "each history passes Temporal's replayer",
        () =>
          Effect.gen(function* () {
            const { address } = yield* server
            const code = yield* bundleOf(pathOf(workflows))
            const refusals = yield* Effect.promise(async () => {
              const connection = await Connection.connect({ address })
              const client = new Client({ connection })
              const histories = []
              for (const workflowId of started) {
                const history = await client.workflow
                  .getHandle(workflowId)
                  .fetchHistory()
                  .catch(() => undefined)
                if (history !== undefined) histories.push({ workflowId, history })
              }
              const refusals: Array<string> = []
              for await (const { error, workflowId } of Worker.runReplayHistories(
                { workflowBundle: { code } },
                histories
              )) {
                if (error !== undefined) refusals.push(`${workflowId}: ${error.message}`)
              }
              await connection.close()
              return { refusals, count: histories.length }
            })
            assert.isAbove(refusals.count, 30)
            assert.deepStrictEqual(refusals.refusals, [])
          }),
        60_000
      )
    })
  }
})
