import { Context, Effect, Layer } from "effect"
import * as Kafka from "perdure/Store/Kafka"
import { WorkflowStore } from "perdure/Store/WorkflowStore"
import { clients, isWhole } from "../support/kafkaClient.ts"
import { kafkaServer } from "../support/kafkaServer.ts"
import { describeWith, shared } from "../support/servers.ts"
import { inVirtualTime } from "../support/virtual.ts"
import { Opener, sample } from "./Suite.ts"

let topics = 0

describeWith("kafka", "crashes on Kafka", () => {
  const server = shared(kafkaServer({ inMemory: true }))

  for (const client of clients) {
    /** The connection outlives the processes that use it, so that a restart takes no virtual time. */
    const topic = Layer.effect(
      Opener,
      Effect.gen(function* () {
        const { address } = yield* server
        const store = Kafka.layer({ brokers: address, client, replicas: 1, topic: `crashes-${topics++}` })
        const context = yield* Layer.build(inVirtualTime(store))
        return Layer.succeed(WorkflowStore, Context.get(context, WorkflowStore))
      })
    )

    sample(`Kafka with ${client}`, { store: topic, times: isWhole ? 3 : 1, seed: "1" })
  }
})
