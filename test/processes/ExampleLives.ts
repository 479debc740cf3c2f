/**
 * The lives of an example: it runs as a process on a file, is killed when so many commits are in the file, and is started again on
 * it. The example knows nothing of that.
 */
import { spawn } from "node:child_process"
import { createInterface } from "node:readline"
import { DatabaseSync } from "node:sqlite"
import { join } from "node:path"
import { Effect, Layer, Stream } from "effect"
import { isClosing } from "perdure/HistoryEvent"
import * as Executions from "perdure/Executor/Executions"
import * as Sqlite from "perdure/Store/Sqlite"
import { stream, WorkflowStore } from "perdure/Store/WorkflowStore"

/** One process, from its start to its end. */
export interface Life {
  /** What it printed, and what it logged. */
  readonly printed: ReadonlyArray<string>
  readonly logged: ReadonlyArray<string>
  /** The exit code; `undefined` where it was killed. */
  readonly code: number | undefined
}

/** What a file holds of all that happened, without ids and times, which no two runs have in common. */
export interface Recorded {
  /** How many executions ended how, and how many calls of an activity with an input have a result. */
  readonly ended: ReadonlyMap<string, number>
  readonly called: ReadonlyMap<string, number>
  /** How many calls have none: their handlers may have run. */
  readonly open: number
}

/** When to kill a process: so many milliseconds after the file has so many commits, or once it has logged enough. */
export type Kill =
  | { readonly commits: number; readonly after: number }
  | { readonly hasLogged: (lines: ReadonlyArray<string>) => boolean }

/** Runs an example on a file until it ends or is killed. */
export const live = (example: string, filename: string, kill?: Kill) =>
  Effect.callback<Life>((resume) => {
    const [printed, logged]: [Array<string>, Array<string>] = [[], []]
    const byItself = kill !== undefined && "commits" in kill ? kill : undefined
    const preloaded = byItself === undefined ? [] : ["--import", dieAtCommit]
    const child = spawn(process.execPath, ["--conditions=perdure-source", ...preloaded, example, filename], {
      cwd: join(import.meta.dirname, "../.."),
      env: { ...process.env, DIE_AT_COMMIT: `${byItself?.commits}`, DIE_AFTER_MILLISECONDS: `${byItself?.after}` },
      stdio: ["ignore", "pipe", "pipe"]
    })
    createInterface(child.stdout).on("line", (line) => printed.push(line))
    createInterface(child.stderr).on("line", (line) => {
      logged.push(line)
      if (kill !== undefined && "hasLogged" in kill && kill.hasLogged(logged)) child.kill("SIGKILL")
    })
    child.once("close", (code) => resume(Effect.succeed({ printed, logged, code: code ?? undefined })))
    return Effect.sync(() => child.kill("SIGKILL"))
  })

/** How many groups of commits a file has. */
export const commitsIn = (filename: string): number => {
  using database = new DatabaseSync(filename, { readOnly: true })
  return Number(database.prepare("SELECT max(position) - 1 AS last FROM commit_groups").get()!["last"])
}

/** Reads what is recorded in a file. */
export const recordOf = (filename: string) =>
  Effect.gen(function* () {
    const executions = yield* Executions.Executions
    const [ended, called] = [new Map<string, number>(), new Map<string, number>()]
    const count = (map: Map<string, number>, key: string) => map.set(key, (map.get(key) ?? 0) + 1)
    let open = 0
    for (const { workflow, workflowId } of yield* Stream.runCollect(stream(yield* WorkflowStore))) {
      const events = yield* executions.history(workflowId)
      count(ended, `${workflow} ${events.find(isClosing)?._tag ?? "runs"}`)
      const calls = new Map<number, string>()
      for (const event of events) {
        if (event._tag === "ActivityScheduled") calls.set(event.seq, `${event.name}(${JSON.stringify(event.input)})`)
        if (event._tag === "ActivityCancelled") calls.delete(event.seq)
        if (event._tag !== "ActivityResolved") continue
        count(called, calls.get(event.seq) ?? "a second result")
        calls.delete(event.seq)
      }
      open += calls.size
    }
    const recorded: Recorded = { ended, called, open }
    return recorded
  }).pipe(Effect.provide(Executions.layer.pipe(Layer.provideMerge(Sqlite.layer({ filename })))))

// internal

const dieAtCommit = import.meta.resolve("./dieAtCommit.ts")
