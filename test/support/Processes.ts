/** Processes of the tests; each ends with the scope that started it. */
import { spawn } from "node:child_process"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { type Cause, Effect, Queue } from "effect"

/** A process and what it prints. */
export interface Process {
  readonly pid: number
  /** The words of the next line; fails when the process has ended without one. */
  readonly line: Effect.Effect<ReadonlyArray<string>, Cause.Done>
  /** The lines that were not taken, once the process has ended. */
  readonly rest: Effect.Effect<ReadonlyArray<ReadonlyArray<string>>>
  /** Lets the process go on where it waits to be told. */
  readonly go: Effect.Effect<void>
  /** Ends the process as if the machine had taken it, and waits until it is gone. */
  readonly kill: Effect.Effect<void>
}

/** Starts a program of the tests, by its path from here; `prefix` is a command that runs it. */
export const start = Effect.fnUntraced(function* (
  program: string,
  args: ReadonlyArray<string>,
  prefix: ReadonlyArray<string> = []
) {
  const [command, ...rest] = [
    ...prefix,
    process.execPath,
    "--conditions=perdure-source",
    fileURLToPath(new URL(program, import.meta.url)),
    ...args
  ]
  const lines = yield* Queue.unbounded<ReadonlyArray<string>, Cause.Done>()
  const child = yield* Effect.acquireRelease(
    Effect.sync(() => spawn(command!, rest, { stdio: ["pipe", "pipe", "inherit"] })),
    (child) => Effect.sync(() => child.kill("SIGKILL"))
  )
  // The interface closes when the process has ended and all that it had printed was read.
  createInterface(child.stdout)
    .on("line", (line) => Queue.offerUnsafe(lines, line.split("\t")))
    .on("close", () => Queue.endUnsafe(lines))
  child.stdin.on("error", () => {})
  const exited = Effect.callback<void>((resume) => {
    if (child.exitCode !== null || child.signalCode !== null) return resume(Effect.void)
    child.once("exit", () => resume(Effect.void))
  })
  const started: Process = {
    pid: child.pid!,
    line: Queue.take(lines),
    rest: Effect.andThen(exited, Queue.collect(lines)),
    go: Effect.sync(() => child.stdin.write("\n")),
    kill: Effect.andThen(
      Effect.sync(() => child.kill("SIGKILL")),
      exited
    )
  }
  return started
})
