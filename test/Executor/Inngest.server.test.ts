/** The default executor on the events of Inngest, every test with a prefix of its own: on a double of a server, or on a real one. */
import { describe } from "@effect/vitest"
import { Effect, Layer } from "effect"
import * as Inngest from "perdure/Store/Inngest"
import { suite } from "../suites/DefaultExecutorSuite.ts"
import { freshPrefix, isReal, suiteServer } from "../support/inngestClient.ts"
import { shared } from "../support/servers.ts"
import { inVirtualTime } from "../support/virtual.ts"

describe(isReal ? "a server of Inngest" : "a double of a server of Inngest", () => {
  const server = shared(suiteServer)
  const store = Layer.unwrap(
    Effect.map(server, (options) => Inngest.layer({ ...options, prefix: freshPrefix() }))
  ).pipe(inVirtualTime)

  suite("Inngest", {
    store,
    // A thousand executions that end one after the other wait a thousand times until the server shows what they did.
    timeout: "2 minutes",
    leaveOut: [
      // Thousands of executions, one after the other: minutes.
      "12. a long line of handlers that end at once is worked off",
      // No server keeps events for so long: what is refused instead is in InngestSettings.server.test.ts.
      "6. a timer may be later than any date"
    ],
    runs: 10
  })
})
