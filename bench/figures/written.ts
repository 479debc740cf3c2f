/**
 * What a step writes on SQLite with 64 in flight: rows, and bytes to the disk with all that SQLite adds.
 */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { Effect, Layer } from "effect"
import * as Figure from "../Figure.ts"
import * as Scratch from "../Scratch.ts"
import * as Workload from "../Workload.ts"

const executions = 3000

/** Rows of groups, executions and histories, and bytes of the log of SQLite and of the file, a step. */
export const written = Effect.fnUntraced(function* (
  name: string,
  atMost: { readonly rows: number; readonly bytes: number }
) {
  const folder = yield* Scratch.makeFolder
  const filename = join(folder, "bench.db")
  const context = yield* Layer.build(Workload.layerSqlite(filename))
  const steps = executions * Workload.activities
  const before = bytesWritten()
  yield* Effect.replicateEffect(Workload.Sequence.execute(Workload.activities), executions, {
    concurrency: 64,
    discard: true
  }).pipe(Effect.provideContext(context))
  const bytes = bytesWritten() - before
  // What is left of the log is folded then.
  yield* Effect.sleep("1 second")
  const database = new DatabaseSync(filename, { readOnly: true })
  const { rows } = database
    .prepare(
      `SELECT (SELECT max(position) FROM commit_groups) + (SELECT count(*) FROM executions) + (SELECT count(*) FROM segments) AS rows`
    )
    .get()!
  database.close()
  return [
    Figure.make({ name: `${name}-rows`, value: Number(rows) / steps, unit: "rows/step", atMost: atMost.rows }),
    ...(bytes > 0
      ? [Figure.make({ name: `${name}-bytes`, value: bytes / steps, unit: "bytes/step", atMost: atMost.bytes })]
      : [])
  ]
})

// internal

/** The bytes that this process has written so far, as Linux counts them; 0 elsewhere. */
const bytesWritten = (): number => {
  try {
    return Number(/wchar: (\d+)/.exec(readFileSync("/proc/self/io", "utf8"))?.[1] ?? 0)
  } catch {
    return 0
  }
}
