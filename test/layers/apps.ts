/** Runs a program as a process of its own, in an environment that is given and nothing else. */
import { spawn } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Effect } from "effect"

/** The folder of the project. */
export const root = join(import.meta.dirname, "../..")

/** An app that reads a meter once, and prints what it did: `examples/configured.ts`. */
export const app = join(root, "examples/configured.ts")

/** What a process printed, what it logged and how it ended. */
export interface Ran {
  readonly printed: ReadonlyArray<string>
  readonly logged: string
  readonly code: number | null
}

/** Runs Node with these arguments in a folder; it is killed when it takes too long. */
export const node = (
  args: ReadonlyArray<string>,
  { cwd, env = {} }: { readonly cwd: string; readonly env?: Record<string, string> }
) =>
  Effect.callback<Ran>((resume) => {
    const [printed, logged]: [Array<string>, Array<string>] = [[], []]
    const child = spawn(
      process.execPath,
      ["--disable-warning=ExperimentalWarning", "--conditions=perdure-source", ...args],
      { cwd, env: { PATH: process.env["PATH"], ...env }, stdio: ["ignore", "pipe", "pipe"], timeout: 25_000 }
    )
    child.stdout.on("data", (data: Buffer) => printed.push(data.toString()))
    child.stderr.on("data", (data: Buffer) => logged.push(data.toString()))
    child.once("close", (code) =>
      resume(Effect.succeed({ printed: printed.join("").split("\n").filter(Boolean), logged: logged.join(""), code }))
    )
    return Effect.sync(() => child.kill("SIGKILL"))
  })

/** A folder of its own, until the end of the scope. */
export const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "perdure-providers-"))),
  (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
)
