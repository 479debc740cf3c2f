/** Of processes that write to the same executions each version has one winner, also while they and the server are killed: on a double. */
import { describe } from "@effect/vitest"
import { type InngestServer, inngestDouble, open } from "../support/inngestClient.ts"
import { shared } from "../support/servers.ts"
import { contests } from "./contending.ts"

const options = { visibility: "200 millis", lookEvery: "20 millis", lease: "1 second" } as const

describe("a double of a server of Inngest that processes write to", () => {
  // As it was measured: what it has accepted is shown after 50 milliseconds, and later under load.
  const start = inngestDouble()
  contests(
    {
      start,
      arguments: ({ url }: InngestServer) => ["inngest", url],
      open: (server) => open(server, options)
    },
    shared(start),
    { seconds: 20, writers: 20 }
  )
})
