/**
 * What an update costs on SQLite, from the call of a client in the process of the worker to the answer of a handler that does not wait.
 */
import { join } from "node:path"
import { Effect, Layer } from "effect"
import * as Figure from "../Figure.ts"
import * as Meter from "../Meter.ts"
import * as Raw from "../Raw.ts"
import * as Scratch from "../Scratch.ts"
import * as Workload from "../Workload.ts"

const asks = 300

/** Updates a second, one after the other and 64 at once, against raw commits of one row. */
export const updates = Effect.fnUntraced(function* (name: string) {
  const folder = yield* Scratch.makeFolder
  const { many } = yield* Raw.makeCommits(folder)
  const context = yield* Layer.build(Workload.layerSqlite(join(folder, "bench.db")))
  // Each sample asks an execution of its own, as histories grow.
  const measure = (atOnce: number) =>
    Meter.sample(
      Effect.gen(function* () {
        const counter = yield* Workload.Counting.start()
        const all = Array.from({ length: asks }, () => Workload.Add.execute(counter, 1))
        yield* Effect.all(all, { concurrency: atOnce, discard: true })
        yield* counter.terminate()
        return asks
      })
    ).pipe(Effect.provideContext(context))
  const rounds = yield* Meter.rounds(Effect.all({ commits: many, one: measure(1), together: measure(64) }))
  return (["one", "together"] as const).map((key) => {
    const round = Figure.median(rounds, (round) => round[key].rate / round.commits.rate)
    const reference = { name: "raw one-row commits", value: round.commits.rate, unit: "commits/s" }
    return Figure.make({ name: `${name}-${key}`, value: round[key].rate, unit: "updates/s", reference })
  })
})
