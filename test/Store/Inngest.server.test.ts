/** The store on the events of Inngest: on a double of a server, or on a real one. */
import { describe } from "@effect/vitest"
import { Effect, Layer } from "effect"
import * as Inngest from "perdure/Store/Inngest"
import { toldInTheTable } from "../docs/guarantees.ts"
import { suite } from "../suites/StoreSuite.ts"
import { freshPrefix, isReal, suiteServer } from "../support/inngestClient.ts"
import { shared } from "../support/servers.ts"

describe(isReal ? "a server of Inngest" : "a double of a server of Inngest", () => {
  const server = shared(suiteServer)
  const prefix = freshPrefix()
  const layer = Layer.unwrap(Effect.map(server, (options) => Inngest.layer({ ...options, prefix })))
  suite("Inngest", { layer, shared: true })
  toldInTheTable("Inngest", layer)
})
