/** The agent of the examples on stores that many machines share: a process without programs finds what is asked, and grants it. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted, Schedule } from "effect"
import { Approvals } from "perdure/ai"
import * as DefaultExecutor from "perdure/Executor/Default"
import * as Dapr from "perdure/Store/Dapr"
import * as Inngest from "perdure/Store/Inngest"
import * as Kafka from "perdure/Store/Kafka"
import * as Nats from "perdure/Store/Nats"
import * as Postgres from "perdure/Store/Postgres"
import type { StoreError, WorkflowStore } from "perdure/Store/WorkflowStore"
import { Complaint, Grant } from "../../examples/agent/contracts.ts"
import { ClerkLive, DeskLive } from "../../examples/agent/handlers.ts"
import { ComplaintLive } from "../../examples/agent/workflow.ts"
import { inngestDouble } from "../support/inngestClient.ts"
import { kafkaServer } from "../support/kafkaServer.ts"
import { daprServer, describeWith, natsServer, postgresServer, shared } from "../support/servers.ts"

const granting = (store: Layer.Layer<WorkflowStore, StoreError>) =>
  Effect.gen(function* () {
    const executor = Layer.fresh(DefaultExecutor.layer.pipe(Layer.provide(store)))
    const worker = ComplaintLive.pipe(Layer.provide([ClerkLive, DeskLive]), Layer.provide(executor))
    const client = Layer.provideMerge(Approvals.layer, executor)
    const ask = Effect.gen(function* () {
      const approvals = yield* Approvals.Approvals
      const complaint = yield* Complaint.start({ id: "complaint", text: "My order 7 has not arrived." })
      const open = Effect.map(approvals.list({ name: "Grant", who: ["finance"] }), ({ requests }) => requests)
      const [request] = yield* Effect.repeat(open, {
        until: ({ length }) => length > 0,
        schedule: Schedule.spaced("50 millis"),
        times: 200
      })
      assert.deepStrictEqual(request!.request, { tool: "Refund", params: { order: "7", cents: 4200 } })
      const answer = (by: string) =>
        Effect.match(approvals.answer(Grant, request!, { decision: true, by }), {
          onSuccess: () => "taken",
          onFailure: (error) => String("reason" in error ? error.reason : error)
        })
      const answers = [
        yield* answer("eve"),
        yield* answer("finance"),
        yield* complaint.result,
        yield* answer("finance")
      ]
      assert.deepStrictEqual(answers, ["Forbidden", "taken", "We have paid you back.", "Finished"])
      assert.deepStrictEqual(yield* open, [])
    })
    yield* Layer.build(worker)
    yield* Effect.provide(ask, client)
  })

describeWith("nats", "an agent on NATS", () => {
  const server = shared(natsServer())

  it.live("waits for a person, whom another process lets answer", () =>
    Effect.flatMap(server, ({ address, monitor }) => granting(Nats.layer({ servers: address, monitor })))
  )
})

describeWith("postgres", "an agent on PostgreSQL", () => {
  const server = shared(postgresServer({ inMemory: true }))

  it.live("waits for a person, whom another process lets answer", () =>
    Effect.flatMap(server, ({ url }) => granting(Postgres.layer({ url: Redacted.make(url) })))
  )
})

describeWith("kafka", "an agent on Kafka", () => {
  const server = shared(kafkaServer({ inMemory: true }))

  it.live("waits for a person, whom another process lets answer", () =>
    Effect.flatMap(server, ({ address }) => granting(Kafka.layer({ brokers: address, replicas: 1 })))
  )
})

describeWith("daprd", "an agent on Dapr", () => {
  const server = shared(daprServer({ inMemory: true }))

  it.live("waits for a person, whom another process lets answer", () =>
    Effect.flatMap(server, ({ url }) => granting(Dapr.layer({ url, component: "sqlite", lookEvery: "200 millis" })))
  )
})

describe("an agent on a double of a server of Inngest", () => {
  const server = shared(inngestDouble())

  it.live("waits for a person, whom another process lets answer", () =>
    Effect.flatMap(server, ({ url }) => granting(Inngest.layer({ url })))
  )
})
