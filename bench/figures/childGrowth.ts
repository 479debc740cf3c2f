/**
 * Whether a child costs more when its parent has many, run by the worker of the parent or by another one.
 */
import { join } from "node:path"
import { Effect, Layer } from "effect"
import * as Default from "perdure/Executor/Default"
import * as Sqlite from "perdure/Store/Sqlite"
import * as Figure from "../Figure.ts"
import * as Meter from "../Meter.ts"
import * as Scratch from "../Scratch.ts"
import * as Workload from "../Workload.ts"

const few = 250
const many = 4_000

/** The CPU of a child of 4,000, in multiples of that of a child of 250: what a disk does meanwhile says nothing of either. */
export const childGrowth = Effect.fnUntraced(function* (name: string, atMost: number) {
  const figures: Array<Figure.Figure> = []
  for (const where of ["here", "apart"] as const) {
    const folder = yield* Scratch.makeFolder
    const filename = join(folder, "bench.db")
    const worker = (programs: typeof Workload.ParentLive | typeof Workload.ChildLive) =>
      Layer.build(
        Layer.fresh(programs.pipe(Layer.provideMerge(Default.layer), Layer.provide(Sqlite.layer({ filename }))))
      )
    const parents = yield* worker(
      where === "here" ? Layer.merge(Workload.ParentLive, Workload.ChildLive) : Workload.ParentLive
    )
    if (where === "apart") yield* worker(Workload.ChildLive)
    const measure = (count: number) => Meter.sample(Effect.as(Workload.Parent.execute({ count, atOnce: count }), count))
    const round = Effect.all({ few: Effect.replicateEffect(measure(few), 4), many: measure(many) })
    const rounds = yield* Effect.provideContext(Meter.rounds(round), parents)
    const cost = (round: (typeof rounds)[number]) => {
      const cpu = round.few.map(({ cpu }) => cpu).sort((a, b) => a - b)
      return { few: cpu[1]!, growth: round.many.cpu / cpu[1]! }
    }
    const median = cost(Figure.median(rounds, (round) => cost(round).growth))
    const reference = { name: `CPU of a child of ${few}`, value: median.few, unit: "ms" }
    figures.push(Figure.make({ name: `${name}-${where}`, value: median.growth, unit: "x", atMost, reference }))
  }
  return figures
})
