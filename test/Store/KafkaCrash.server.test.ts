/** Of processes that write to the same executions each version has one winner, also while they and the broker are killed. */
import { clients, isWhole, kafkaPlace } from "../support/kafkaClient.ts"
import { describeWith, shared } from "../support/servers.ts"
import { contests } from "./contending.ts"

for (const client of clients) {
  describeWith("kafka", `a broker of Kafka to which several processes write with ${client}`, () => {
    const place = kafkaPlace(client)
    contests(place, shared(place.start), { seconds: 20, ...(isWhole ? {} : { kills: 3 }) })
  })
}
