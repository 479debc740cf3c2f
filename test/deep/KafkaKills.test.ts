/** What a broker of Kafka acknowledged survives its being killed, for minutes, with each client. */
import { it } from "@effect/vitest"
import { Effect } from "effect"
import { killedUnderLoad } from "../Store/contending.ts"
import { clients, kafkaPlace } from "../support/kafkaClient.ts"
import { describeWith } from "../support/servers.ts"

/** How often the broker is killed. */
const kills = Number(process.env["SERVER_KILLS"] ?? 200)

describeWith("kafka", "a broker of Kafka that is killed for minutes", () => {
  for (const client of clients) {
    it.live(
      `5. ${kills} times under load, with writers beside it, keeps every acknowledged commit, with ${client}`,
      () => Effect.scoped(killedUnderLoad(kafkaPlace(client), kills)),
      120_000 + kills * 20_000
    )
  }
})
