/**
 * What a limit of an activity costs: the same calls at once with it and without, on SQLite.
 */
import { join } from "node:path"
import { type Context, Effect, Layer } from "effect"
import type { Services } from "perdure/Executor/Default"
import * as Figure from "../Figure.ts"
import * as Meter from "../Meter.ts"
import * as Scratch from "../Scratch.ts"
import * as Workload from "../Workload.ts"

const calls = 1000
const concurrency = 50

/** Calls of one execution that makes them all at once, and whose activity has a limit, against one without; and their CPU. */
export const limits = Effect.fnUntraced(function* (name: string) {
  const folder = yield* Scratch.makeFolder
  // A handler that does not end at once, or none would be in line.
  const echo = (value: number) => Effect.as(Effect.yieldNow, value)
  const limited = yield* Layer.build(
    Workload.layerSqlite(join(folder, "limited.db"), { echo, limits: { concurrency } })
  )
  const free = yield* Layer.build(Workload.layerSqlite(join(folder, "free.db"), { echo }))
  const measure = (context: Context.Context<Services>) =>
    Meter.sample(Effect.provideContext(Effect.as(Workload.FanOut.execute(calls), calls), context))
  const rounds = yield* Meter.rounds(
    Effect.all({ before: measure(free), subject: measure(limited), after: measure(free) })
  )
  return (["rate", "cpu"] as const).map((key) => {
    const reference = ({ after, before }: (typeof rounds)[number]) => (before[key] + after[key]) / 2
    const round = Figure.median(rounds, (round) => round.subject[key] / reference(round))
    const unit = key === "rate" ? "calls/s" : "ms/call"
    return Figure.make({
      name: key === "rate" ? name : `${name}-${key}`,
      value: round.subject[key],
      unit,
      reference: { name: "without a limit", value: reference(round), unit }
    })
  })
})
