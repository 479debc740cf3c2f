/**
 * How fast a new process finishes what a killed one has left.
 */
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { Effect, Schema } from "effect"
import * as Child from "../Child.ts"
import * as Figure from "../Figure.ts"
import * as Raw from "../Raw.ts"
import * as Scratch from "../Scratch.ts"

const Recovered = Schema.Struct({ completed: Schema.Int, steps: Schema.Int, seconds: Schema.Finite })

/**
 * Steps a second of a process that finds 1,000 executions of which each has half of its activities before it. The time is
 * from before its layers are built to the last completion; the start of the process and its imports come before.
 */
export const recovery = Effect.fnUntraced(function* (name: string, atLeast: number) {
  const rounds = yield* Effect.replicateEffect(round, 3)
  const median = Figure.median(rounds, ({ steps }) => steps)
  const reference = { name: "raw one-row commits", value: median.commits, unit: "commits/s" }
  return [Figure.make({ name, value: median.steps, unit: "steps/s", atLeast, reference })]
})

// internal

const program = fileURLToPath(import.meta.resolve("../children/recovery.ts"))

const round = Effect.gen(function* () {
  const folder = yield* Scratch.makeFolder
  const filename = join(folder, "bench.db")
  const { many } = yield* Raw.makeCommits(folder)
  yield* Child.killOnceReady(Child.node(program, "victim", filename))
  const { rate } = yield* many
  const recovered = yield* Child.answer(Recovered, Child.node(program, "survivor", filename))
  if (recovered.completed !== 1_000 || recovered.steps !== 5_000) {
    throw new Error(`not what was left: ${JSON.stringify(recovered)}`)
  }
  return { commits: rate, steps: recovered.steps / recovered.seconds }
}).pipe(Effect.scoped)
