/** What the executor promises when a worker and a second one share a server of Inngest, and one of them or the server is killed, or one is frozen. */
import { describe } from "@effect/vitest"
import * as Inngest from "perdure/Store/Inngest"
import { type InngestServer, inngestDouble } from "../support/inngestClient.ts"
import * as Served from "./served.ts"

describe("processes on one double of a server of Inngest", () => {
  Served.promises({
    start: inngestDouble(),
    arguments: ({ url }: InngestServer) => ["inngest", url],
    store: ({ url }) => Inngest.layer({ url, role: "client", lookEvery: "50 millis", lease: "2500 millis" }),
    // What a worker says of itself may be shown a second later.
    beyondLease: "3 seconds"
  })
})
