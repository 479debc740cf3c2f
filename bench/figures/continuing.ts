/**
 * What it costs to continue as new, on SQLite: from the end of a run to that of the next one.
 */
import { join } from "node:path"
import { Effect, Layer } from "effect"
import * as Figure from "../Figure.ts"
import * as Meter from "../Meter.ts"
import * as Raw from "../Raw.ts"
import * as Scratch from "../Scratch.ts"
import * as Workload from "../Workload.ts"

const runs = 300

/** Runs a second of one execution that does nothing else, against raw commits of one row. */
export const continuing = Effect.fnUntraced(function* (name: string) {
  const folder = yield* Scratch.makeFolder
  const { many } = yield* Raw.makeCommits(folder)
  const context = yield* Layer.build(Workload.layerSqlite(join(folder, "bench.db")))
  const chain = Meter.sample(Effect.as(Workload.Continuing.execute(runs), runs))
  const rounds = yield* Meter.rounds(Effect.all({ commits: many, chain: Effect.provideContext(chain, context) }))
  const { chain: median, commits } = Figure.median(rounds, ({ chain, commits }) => chain.rate / commits.rate)
  const reference = { name: "raw one-row commits", value: commits.rate, unit: "commits/s" }
  return [Figure.make({ name, value: median.rate, unit: "runs/s", reference })]
})
