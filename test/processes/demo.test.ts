/** The demo keeps what it promises; it says so itself by its exit code. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { demo } from "../support/demo.ts"

const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "perdure-"))),
  (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
)

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

it.live(
  "the demo kills a worker, another one goes on, and nothing is left behind",
  () =>
    Effect.gen(function* () {
      const temporary = yield* folder
      const { code, output } = yield* demo({ TMPDIR: temporary, NO_COLOR: "1" })
      assert.strictEqual(code, 0, output)
      assert.lengthOf(output.match(/^✓ /gm) ?? [], 5, output)
      assert.notInclude(output, "\u001b", "what is no terminal gets no colors")

      const pids = [...output.matchAll(/worker (\d+)/g)].map(([, pid]) => Number(pid))
      assert.lengthOf(new Set(pids), 2, output)
      assert.deepStrictEqual(pids.filter(isAlive), [])
      assert.deepStrictEqual(readdirSync(temporary), [])
    }),
  120_000
)
