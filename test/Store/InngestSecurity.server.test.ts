/** The store on Inngest over TLS, with a certificate that Node.js is told of and without: on a double. */
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as Inngest from "perdure/Store/Inngest"
import { certificateIn } from "../support/certificate.ts"
import { inngestDouble } from "../support/inngestClient.ts"
import * as Processes from "../support/Processes.ts"
import { temporaryFolder } from "../support/servers.ts"

describe("the store on Inngest over TLS", () => {
  it.live("writes and reads where the certificate is trusted, and says what is wrong where it is not", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder("inngest-tls")
      const { both, certificate } = certificateIn(folder)
      const { url } = yield* inngestDouble({ certificate: both })
      const refused = yield* Effect.flip(Effect.scoped(Inngest.make({ url, timeout: "500 millis" })))
      assert.match(String(refused), /did not answer: .*self-signed certificate/)
      const worker = yield* Processes.start(
        "../processes/servedProgram.ts",
        ["worker", join(folder, "handlers.log"), "1", "inngest", url],
        ["env", `NODE_EXTRA_CA_CERTS=${certificate}`]
      )
      assert.deepStrictEqual(yield* worker.line, ["started"])
    }).pipe(Effect.scoped)
  )
})
