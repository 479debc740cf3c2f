/**
 * The portable promises on Temporal: with programs that stay in memory, and with none that does, so that each task replays its history
 * from the beginning; and with encrypted payloads. All histories pass Temporal's own replayer.
 */
import { isGrpcServiceError } from "@temporalio/client"
import { assert, describe, layer } from "@effect/vitest"
import { Context, Effect, Layer } from "effect"
import { DurableExecutor } from "perdure/Executor/DurableExecutor"
import { Executions } from "perdure/Executor/Executions"
import * as PayloadCodec from "perdure/layers/PayloadCodec"
import { keyOf } from "../support/encrypted.ts"
import { describeWith, shared, temporalServer } from "../support/servers.ts"
import { allOf } from "../suites/portable/all.ts"
import { nothingSeen } from "../suites/portable/handlers.ts"
import { Portable } from "../suites/portable/Portable.ts"
import { promises } from "../suites/portable/suite.ts"
import type { TemporalHistory } from "./temporal/history.ts"
import { clientOf, replay, workerLayer } from "./temporal/workers.ts"

/** The code of gRPC. */
const notFound = 5

describeWith("temporal", "the portable promises on Temporal", () => {
  const server = shared(temporalServer())

  for (const [name, options] of [
    ["with programs in memory", {}],
    ["with none in memory", { maxLoaded: 0 }],
    ["with encrypted payloads", { codec: PayloadCodec.forTemporal({ keys: [keyOf("first")] }) }]
  ] as const) {
    const started: Array<string> = []
    const portable = Layer.effect(
      Portable,
      Effect.gen(function* () {
        const { address } = yield* server
        const seen = nothingSeen()
        const taskQueue = `portable ${name}`
        const worker = workerLayer({
          address,
          taskQueue,
          heartbeatInterval: "200 millis",
          ...options
        })
        const context = yield* Layer.build(Layer.provideMerge(allOf(seen), worker))
        const executor = Context.get(context, DurableExecutor)
        const provided = Context.pick(DurableExecutor, Executions)(context) as Context.Context<any>
        return Portable.of({
          run: Effect.provideContext(provided) as never,
          executor,
          seen,
          note: (workflowId) => void started.push(workflowId)
        })
      })
    )

    layer(portable, { excludeTestServices: true, timeout: "2 minutes" })(name, (it) => {
      // Most of them wait for something.
      describe("alike", { concurrent: true }, () => promises((title, test) => it.effect(title, test, 60_000)))

      it.effect(
        "each history passes Temporal's replayer",
        () =>
          Effect.gen(function* () {
            const { address } = yield* server
            const client = yield* clientOf(address)
            const histories = yield* Effect.promise(async () => {
              const histories: Array<readonly [string, TemporalHistory]> = []
              for (const workflowId of started) {
                try {
                  histories.push([workflowId, await client.workflow.getHandle(workflowId).fetchHistory()])
                } catch (thrown) {
                  // An id that a test had at hand, and did not use.
                  if (!isGrpcServiceError(thrown) || thrown.code !== notFound) throw thrown
                }
              }
              return histories
            })
            assert.isAbove(histories.length, 30)
            assert.deepStrictEqual(yield* replay(histories, "codec" in options ? options.codec : undefined), [])
          }),
        60_000
      )
    })
  }
})
