/** What the default executor promises beside `Sqlite.test.ts`: a file of its own, so that both run at once. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll } from "@effect/vitest"
import { Effect, Layer } from "effect"
import * as Sqlite from "perdure/Store/Sqlite"
import { beside } from "../suites/DefaultExecutorSuite.ts"

const folder = mkdtempSync(join(tmpdir(), "perdure-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let files = 0

beside("SQLite", {
  // Waiting for the disk is what the suite of the stores is about.
  store: Layer.unwrap(
    Effect.sync(() => Sqlite.layer({ filename: join(folder, `${files++}.db`), synchronous: "NORMAL" }))
  )
})
