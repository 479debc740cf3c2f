/** The demo, run as a user does. */
import { execFile } from "node:child_process"
import { join } from "node:path"
import { Effect } from "effect"

const root = join(import.meta.dirname, "../..")

/** Runs the demo with words after its name; returns how it ended, and all that it printed. */
export const demo = (env: Record<string, string>, ...words: ReadonlyArray<string>) =>
  Effect.callback<{ readonly code: number | string | null | undefined; readonly output: string }>((resume) => {
    const child = execFile(
      process.execPath,
      ["--conditions=perdure-source", "examples/demo.ts", ...words],
      { cwd: root, env: { ...process.env, ...env }, timeout: 110_000 },
      (error, stdout, stderr) =>
        resume(Effect.succeed({ code: error === null ? 0 : (error.code ?? error.message), output: stdout + stderr }))
    )
    return Effect.sync(() => child.kill())
  })
