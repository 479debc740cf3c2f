/**
 * A folder for the databases of a figure.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { join } from "node:path"
import { Effect } from "effect"

/** The temporary folder of many systems is memory, where no write waits for a disk: this one is beside the sources. */
const parent = join(import.meta.dirname, "../.cache")

/** Makes a folder that is removed when the scope closes. */
export const makeFolder = Effect.acquireRelease(
  Effect.sync(() => {
    mkdirSync(parent, { recursive: true })
    return mkdtempSync(join(parent, "bench-"))
  }),
  (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
)
