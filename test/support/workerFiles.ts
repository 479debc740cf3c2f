/** What the tests of worker processes share: the files of a test, and a cache that lets processes load in half the time. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll } from "@effect/vitest"
import { Effect } from "effect"

/** Lets the processes of a file of tests find their modules compiled. */
export const cacheModules = (): void => {
  const cache = mkdtempSync(join(tmpdir(), "perdure-cache-"))
  process.env["NODE_COMPILE_CACHE"] = cache
  afterAll(() => rmSync(cache, { recursive: true, force: true }))
}

/** Files of their own for a test: a store, and what handlers note. */
export const files = Effect.map(
  Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "perdure-"))),
    (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
  ),
  (folder) => ({ store: join(folder, "store.db"), log: join(folder, "handlers.log") })
)

export type Files = Effect.Success<typeof files>

/** What the handlers have noted. */
export const noted = ({ log }: Pick<Files, "log">): ReadonlyArray<string> =>
  existsSync(log) ? readFileSync(log, "utf8").split("\n").slice(0, -1) : []
