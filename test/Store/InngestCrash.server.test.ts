/** Of processes that write to the same executions each version has one winner, also while they and the server are killed: on a double. */
import { describe, it } from "@effect/vitest"
import { Console, Effect } from "effect"
import { type InngestServer, inngestDouble, open } from "../support/inngestClient.ts"
import { shared } from "../support/servers.ts"
import { begin, contests, endless, type Place, progress, usualKills } from "./contending.ts"

const options = { visibility: "200 millis", lookEvery: "20 millis", lease: "1 second" } as const

describe("a double of a server of Inngest that processes write to", () => {
  // As it was measured: what it has accepted is shown after 50 milliseconds, and later under load.
  const start = inngestDouble()
  const server = shared(start)
  const place: Place<InngestServer> = {
    start,
    arguments: ({ url }) => ["inngest", url],
    open: (server) => open(server, options)
  }
  contests(place, server, { seconds: 20, writers: usualKills })

  it.live(
    `2. processes of which one is frozen for longer than the lease of a writer, ${usualKills} times, agree on all versions`,
    () =>
      Effect.gen(function* () {
        const contest = yield* begin(place, yield* server, { processes: 3, executions: 12, count: endless })
        for (let time = 0; time < usualKills; time++) {
          yield* progress(contest, 30)
          yield* contest.freeze("1500 millis")
        }
        yield* progress(contest, 30)
        yield* contest.end("kill")
        yield* Console.log(`${contest.won()} commits were acknowledged, none was lost`)
      }).pipe(Effect.scoped),
    120_000 + usualKills * 10_000
  )
})
