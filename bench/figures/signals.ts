/**
 * What a signal costs that one program sends to another, on SQLite: from the call of the sender until the receiver has it.
 */
import { join } from "node:path"
import { Effect, Layer } from "effect"
import * as Figure from "../Figure.ts"
import * as Meter from "../Meter.ts"
import * as Raw from "../Raw.ts"
import * as Scratch from "../Scratch.ts"
import * as Workload from "../Workload.ts"

const count = 300

/** Signals a second, one after the other and 64 at once, against raw commits of one row. */
export const signals = Effect.fnUntraced(function* (name: string) {
  const folder = yield* Scratch.makeFolder
  const { many } = yield* Raw.makeCommits(folder)
  const context = yield* Layer.build(Workload.layerSqlite(join(folder, "bench.db")))
  // Each sample has executions of its own, as histories grow.
  const measure = (atOnce: number) =>
    Effect.gen(function* () {
      const receiver = yield* Workload.Receiving.start(count)
      yield* Workload.Sending.start({ to: receiver.id, count, atOnce })
      yield* receiver.result
      return count
    }).pipe(Meter.sample, Effect.provideContext(context))
  const rounds = yield* Meter.rounds(Effect.all({ commits: many, one: measure(1), together: measure(64) }))
  return (["one", "together"] as const).map((key) => {
    const round = Figure.median(rounds, (round) => round[key].rate / round.commits.rate)
    const reference = { name: "raw one-row commits", value: round.commits.rate, unit: "commits/s" }
    return Figure.make({ name: `${name}-${key}`, value: round[key].rate, unit: "signals/s", reference })
  })
})
