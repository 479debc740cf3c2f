import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Effect, Layer } from "effect"
import * as Sqlite from "perdure/Store/Sqlite"
import { Opener, suite } from "./Suite.ts"

const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "perdure-crash-"))),
  (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
)

/** Every process has a connection of its own to one file. No power is cut here, so nothing waits for the disk. */
const file = Layer.effect(
  Opener,
  Effect.map(folder, (folder) => Sqlite.layer({ filename: join(folder, "crash.db"), synchronous: "NORMAL" }))
)

suite("sqlite", { store: file, share: 0.1 })
