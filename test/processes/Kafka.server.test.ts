/** What the executor promises when processes share a topic of Kafka, and one of them, the broker or both are killed, or one is frozen. */
import * as Kafka from "perdure/Store/Kafka"
import { clients } from "../support/kafkaClient.ts"
import { kafkaServer } from "../support/kafkaServer.ts"
import { describeWith } from "../support/servers.ts"
import * as Served from "./served.ts"

for (const client of clients) {
  describeWith("kafka", `processes on one topic of Kafka with ${client}`, () => {
    Served.promises({
      start: kafkaServer(),
      arguments: ({ address }) => [client, address],
      store: ({ address }) => Kafka.layer({ brokers: address, client, replicas: 1, timeout: "2 seconds" })
    })
  })
}
