/** The store on a compacted topic of a real broker, with each client. */
import { Effect, Layer } from "effect"
import * as Kafka from "perdure/Store/Kafka"
import { toldInTheTable } from "../docs/guarantees.ts"
import { suite } from "../suites/StoreSuite.ts"
import { clients } from "../support/kafkaClient.ts"
import { kafkaServer } from "../support/kafkaServer.ts"
import { describeWith, shared } from "../support/servers.ts"

describeWith("kafka", "the Kafka store", () => {
  const server = shared(kafkaServer({ inMemory: true }))

  for (const client of clients) {
    const layer = Layer.unwrap(
      Effect.map(server, ({ address }) =>
        Kafka.layer({ brokers: address, client, topic: client, replicas: 1, partitions: 3 })
      )
    )
    suite(`Kafka with ${client}`, { layer, shared: true })
    toldInTheTable("Kafka", layer)
  }
})
