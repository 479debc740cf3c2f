/**
 * Whether a step costs more when many have gone before it.
 */
import { join } from "node:path"
import { Effect, Layer } from "effect"
import * as Figure from "../Figure.ts"
import * as Raw from "../Raw.ts"
import * as Scratch from "../Scratch.ts"
import * as Workload from "../Workload.ts"

const length = 10_000
const tenth = length / 10

/** How long the last tenth of an execution of 10,000 activities takes, in multiples of its first tenth. */
export const longHistory = Effect.fnUntraced(function* (name: string, atMost: number) {
  const folder = yield* Scratch.makeFolder
  const { many } = yield* Raw.makeCommits(folder)
  const times = new Float64Array(length)
  const echo = (index: number) =>
    Effect.sync(() => {
      times[index] = performance.now()
      return index
    })
  const context = yield* Layer.build(Workload.layerSqlite(join(folder, "bench.db"), { echo }))
  const growth = Effect.map(Workload.Sequence.execute(length), () => {
    const first = times[tenth]! - times[0]!
    const last = times[length - 1]! - times[length - 1 - tenth]!
    return last / first
  })
  const rounds = yield* Workload.Sequence.execute(tenth).pipe(
    Effect.andThen(Effect.replicateEffect(Effect.all({ before: many, growth, after: many }), 3)),
    Effect.provideContext(context)
  )
  const round = Figure.median(rounds, ({ growth }) => growth)
  const reference = { name: "raw commits after, before", value: round.before.rate / round.after.rate, unit: "x" }
  return [Figure.make({ name, value: round.growth, unit: "x", atMost, reference })]
})
