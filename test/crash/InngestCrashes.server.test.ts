import { describe } from "@effect/vitest"
import { Context, Effect, Layer } from "effect"
import * as Inngest from "perdure/Store/Inngest"
import { WorkflowStore } from "perdure/Store/WorkflowStore"
import { freshPrefix, suiteServer } from "../support/inngestClient.ts"
import { shared } from "../support/servers.ts"
import { inVirtualTime } from "../support/virtual.ts"
import { Opener, sample } from "./Suite.ts"

describe("crashes on Inngest", () => {
  const server = shared(suiteServer)

  /** The store outlives the processes that use it, so that a restart takes no virtual time. */
  const opened = Layer.effect(
    Opener,
    Effect.gen(function* () {
      const store = Inngest.layer({ ...(yield* server), prefix: freshPrefix() })
      const context = yield* Layer.build(inVirtualTime(store))
      return Layer.succeed(WorkflowStore, Context.get(context, WorkflowStore))
    })
  )

  sample("Inngest", { store: opened, times: 3, seed: "1" })
})
