/** The default executor on a broker of Kafka, with each client, every test in a topic of its own. */
import { Effect, Layer } from "effect"
import * as Kafka from "perdure/Store/Kafka"
import { suite } from "../suites/DefaultExecutorSuite.ts"
import { clients } from "../support/kafkaClient.ts"
import { kafkaServer } from "../support/kafkaServer.ts"
import { describeWith, shared } from "../support/servers.ts"
import { inVirtualTime } from "../support/virtual.ts"

let topics = 0

describeWith("kafka", "a broker of Kafka", () => {
  const server = shared(kafkaServer({ inMemory: true }))

  for (const client of clients) {
    const store = Layer.unwrap(
      Effect.map(server, ({ address }) =>
        Kafka.layer({ brokers: address, client, replicas: 1, topic: `executor-${topics++}` })
      )
    ).pipe(inVirtualTime)

    suite(`Kafka with ${client}`, {
      store,
      timeout: "60 seconds",
      // Five thousand executions, one after the other: most of a minute.
      leaveOut: ["12. a long line of handlers that end at once is worked off"],
      runs: 10
    })
  }
})
