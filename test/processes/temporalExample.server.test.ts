/** The example of encryption on Temporal prints what it says, and its server has nothing of the patient. */
import { readdirSync, readFileSync } from "node:fs"
import { execFile } from "node:child_process"
import { join } from "node:path"
import { promisify } from "node:util"
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { describeWith, temporalServer } from "../support/servers.ts"
import { outputOf } from "./exampleOutput.ts"

const root = join(import.meta.dirname, "../..")
const path = "examples/temporal/encrypted/main.ts"

describeWith("temporal", "the example of encryption on Temporal", () => {
  it.live(
    "prints what it says, and its server has nothing of the patient",
    () =>
      Effect.gen(function* () {
        const { address, folder } = yield* temporalServer()
        const args = ["--conditions=perdure-source", "--disable-warning=ExperimentalWarning", path, address]
        const { stdout } = yield* Effect.promise(() =>
          promisify(execFile)(process.execPath, args, { cwd: root, timeout: 60_000, killSignal: "SIGKILL" })
        )
        assert.strictEqual(stdout, outputOf(path))
        const kept = readdirSync(folder).map((name) => readFileSync(join(folder, name), "latin1"))
        assert.include(kept.join(), "visit-1")
        assert.notInclude(kept.join(), "Ada")
      }),
    90_000
  )
})
