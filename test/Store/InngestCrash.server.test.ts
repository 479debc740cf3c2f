/** Of processes that write to the same executions each version has one winner, also while they and the server are killed: on a double. */
import { describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { inngestPlace } from "../support/inngestClient.ts"
import { shared } from "../support/servers.ts"
import { contests, frozenUnderLoad, usualKills } from "./contending.ts"

describe("a double of a server of Inngest that processes write to", () => {
  const server = shared(inngestPlace.start)
  contests(inngestPlace, server, { seconds: 20, writers: usualKills })

  it.live(
    `2. processes of which one is frozen for longer than the lease of a writer, ${usualKills} times, agree on all versions`,
    () => Effect.scoped(frozenUnderLoad(inngestPlace, usualKills, "1500 millis")),
    120_000 + usualKills * 10_000
  )
})
