/** The store on Inngest over TLS, with a certificate that Node.js is told of and without: on a double. */
import { spawnSync } from "node:child_process"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as Inngest from "perdure/Store/Inngest"
import { inngestDouble } from "../support/inngestClient.ts"
import * as Processes from "../support/Processes.ts"
import { temporaryFolder } from "../support/servers.ts"

/** Makes a certificate for 127.0.0.1, as one file with its key. */
const certificateIn = (folder: string) => {
  const [key, certificate] = [join(folder, "key.pem"), join(folder, "certificate.pem")]
  const made = spawnSync("openssl", [
    ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=127.0.0.1"],
    ...["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate]
  ])
  assert.strictEqual(made.status, 0, String(made.stderr))
  writeFileSync(join(folder, "both.pem"), `${readFileSync(certificate, "utf8")}${readFileSync(key, "utf8")}`)
  return { certificate, both: join(folder, "both.pem") }
}

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
