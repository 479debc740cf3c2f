/**
 * Steps a second of inline activities, on SQLite, and what one costs beside an activity with a contract.
 */
import { join } from "node:path"
import { Effect, Layer } from "effect"
import * as Figure from "../Figure.ts"
import * as Meter from "../Meter.ts"
import * as Raw from "../Raw.ts"
import * as Scratch from "../Scratch.ts"
import * as Workload from "../Workload.ts"

/** Executions of ten inline steps, one at a time, against raw commits; and the CPU of a step, 64 in flight, against the same with a contract. */
export const inline = Effect.fnUntraced(function* (name: string, factor: number) {
  const folder = yield* Scratch.makeFolder
  const { many } = yield* Raw.makeCommits(folder)
  const context = yield* Layer.build(Workload.layerSqlite(join(folder, "bench.db")))
  const rounds = yield* Meter.rounds(
    Effect.all({
      before: many,
      alone: Workload.inlineSteps(1),
      after: many,
      together: Workload.inlineSteps(64),
      contract: Workload.steps(64)
    }).pipe(Effect.provideContext(context))
  )
  const fast = Figure.median(rounds, ({ after, alone, before }) => alone.rate / (before.rate + after.rate))
  const cheap = Figure.median(rounds, ({ contract, together }) => together.cpu / contract.cpu)
  const commits = (fast.before.rate + fast.after.rate) / 2
  return [
    Figure.make({
      name,
      value: fast.alone.rate,
      unit: "steps/s",
      atLeast: factor * commits,
      reference: { name: "raw one-row commits", value: commits, unit: "commits/s" }
    }),
    Figure.make({
      name: `${name}-cpu`,
      value: cheap.together.cpu,
      unit: "ms/step",
      reference: { name: "a step with a contract", value: cheap.contract.cpu, unit: "ms/step" }
    })
  ]
})
