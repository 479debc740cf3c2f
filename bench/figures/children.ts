/**
 * What a child costs, on SQLite: from the call in its parent to the result.
 */
import { join } from "node:path"
import { Effect, Layer } from "effect"
import * as Figure from "../Figure.ts"
import * as Meter from "../Meter.ts"
import * as Raw from "../Raw.ts"
import * as Scratch from "../Scratch.ts"
import * as Workload from "../Workload.ts"

const children = 500

/** Children a second, one after the other and many at once, against raw commits of one row. */
export const childExecutions = Effect.fnUntraced(function* (name: string) {
  const folder = yield* Scratch.makeFolder
  const { many } = yield* Raw.makeCommits(folder)
  const context = yield* Layer.build(Workload.layerSqlite(join(folder, "bench.db")))
  const measure = (atOnce: number) =>
    Meter.sample(Effect.as(Workload.Parent.execute({ count: children, atOnce }), children)).pipe(
      Effect.provideContext(context)
    )
  const rounds = yield* Meter.rounds(Effect.all({ commits: many, one: measure(1), together: measure(children) }))
  return (["one", "together"] as const).map((key) => {
    const round = Figure.median(rounds, (round) => round[key].rate / round.commits.rate)
    const reference = { name: "raw one-row commits", value: round.commits.rate, unit: "commits/s" }
    return Figure.make({ name: `${name}-${key}`, value: round[key].rate, unit: "children/s", reference })
  })
})
