/** The store on a compacted topic of a real broker. */
import { Effect, Layer } from "effect"
import * as Kafka from "perdure/Store/Kafka"
import { suite } from "../suites/StoreSuite.ts"
import { kafkaServer } from "../support/kafkaServer.ts"
import { describeWith, shared } from "../support/servers.ts"

describeWith("kafka", "the Kafka store", () => {
  const server = shared(kafkaServer())
  const layer = Layer.unwrap(Effect.map(server, ({ address }) => Kafka.layer({ brokers: address, replicas: 1 })))

  suite("Kafka", { layer, shared: true })
})
