/** A sample of the crash proof, on stores whose payloads are encrypted. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Effect, Layer } from "effect"
import * as Memory from "perdure/Store/Memory"
import * as Sqlite from "perdure/Store/Sqlite"
import { WorkflowStore } from "perdure/Store/WorkflowStore"
import { encrypted } from "../support/encrypted.ts"
import { Opener, sample } from "./Suite.ts"

/** The store outlives the processes that use it, each with a codec of its own. */
const surviving = Layer.effect(
  Opener,
  Effect.map(Memory.make(), (store) => encrypted(Layer.succeed(WorkflowStore, store)))
)

const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "perdure-crash-"))),
  (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
)

/** Every process has a connection and a codec of its own. No power is cut here, so nothing waits for the disk. */
const file = Layer.effect(
  Opener,
  Effect.map(folder, (folder) => encrypted(Sqlite.layer({ filename: join(folder, "crash.db"), synchronous: "NORMAL" })))
)

sample("memory, encrypted", { store: surviving, times: 12, seed: "encrypted" })
sample("sqlite, encrypted", { store: file, times: 12, seed: "encrypted" })
