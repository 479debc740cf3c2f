/**
 * How long one execution takes that is alone.
 */
import { join } from "node:path"
import { Effect, Layer } from "effect"
import * as Figure from "../Figure.ts"
import * as Meter from "../Meter.ts"
import * as Raw from "../Raw.ts"
import * as Scratch from "../Scratch.ts"
import * as Workload from "../Workload.ts"

/** From the start of an execution of one activity to its result, and from a signal to the completion that it causes. */
export const latency = Effect.fnUntraced(function* (name: string, factor: number) {
  const folder = yield* Scratch.makeFolder
  const { one } = yield* Raw.makeCommits(folder)
  const context = yield* Layer.build(Workload.layerSqlite(join(folder, "bench.db")))
  const rounds = yield* Effect.all({
    commit: Meter.medianTime(200, Effect.succeed(one)),
    start: Meter.medianTime(200, Effect.succeed(Workload.Sequence.execute(1))),
    signal: Meter.medianTime(200, waiting)
  }).pipe(Meter.rounds, Effect.provideContext(context))
  return (["start", "signal"] as const).map((key) => {
    const round = Figure.median(rounds, (round) => round[key] / round.commit)
    return Figure.make({
      name: `${name}-${key}`,
      value: round[key],
      unit: "ms",
      atMost: factor * round.commit,
      reference: { name: "raw one-row commit", value: round.commit, unit: "ms" }
    })
  })
})

// internal

/** Starts an execution that waits, and returns how to finish it. */
const waiting = Effect.map(Workload.Waiting.start(0), (handle) =>
  Effect.andThen(Workload.Go.send(handle), handle.result)
)
