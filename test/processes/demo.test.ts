/** The demo keeps what it promises; it says so itself by its exit code. */
import { execFile } from "node:child_process"
import { mkdtempSync, readdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"

const root = join(import.meta.dirname, "../..")

const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "perdure-"))),
  (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
)

const demo = (env: Record<string, string>) =>
  Effect.callback<{ readonly code: number | string | null | undefined; readonly output: string }>((resume) => {
    const child = execFile(
      process.execPath,
      ["--conditions=perdure-source", "examples/demo.ts"],
      { cwd: root, env: { ...process.env, ...env }, timeout: 110_000 },
      (error, stdout, stderr) =>
        resume(Effect.succeed({ code: error === null ? 0 : (error.code ?? error.message), output: stdout + stderr }))
    )
    return Effect.sync(() => child.kill())
  })

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
