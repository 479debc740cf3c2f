/**
 * What reports of a handler cost: as many as it can make, on SQLite, while the history of its execution and the store stay as they are.
 */
import { join } from "node:path"
import { Clock, Effect, Layer, Schema } from "effect"
import { Activity, Workflow } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import * as SqliteStore from "perdure/Store/Sqlite"
import * as Counter from "../Counter.ts"
import * as Figure from "../Figure.ts"
import * as Scratch from "../Scratch.ts"

const seconds = 5
/** Between two turns of the process. */
const inARow = 100

const Report = Activity.make("Report", { success: Schema.Int, heartbeat: Schema.Struct({ page: Schema.Int }) })
const Reporting = Workflow.make("Reporting", { success: Schema.Int, workflowId: () => "reporting" })

/** Reports until the time is over, and answers how often. */
const ReportLive = Report.toLayer(() =>
  Effect.gen(function* () {
    const end = (yield* Clock.currentTimeMillis) + 1000 * seconds
    let page = 0
    while ((yield* Clock.currentTimeMillis) < end) {
      for (let i = 0; i < inARow; i++) yield* Report.heartbeat({ page: page++ })
      yield* Effect.yieldNow
    }
    return page
  })
)

/** Reports a second, and how often the store is told of them. */
export const heartbeats = Effect.fnUntraced(function* (name: string, atMost: number) {
  const folder = yield* Scratch.makeFolder
  const counts = Counter.make()
  const store = Counter.layer(counts).pipe(Layer.provide(SqliteStore.layer({ filename: join(folder, "bench.db") })))
  const app = Reporting.toLayer(() => Report()).pipe(
    Layer.provide(ReportLive),
    Layer.provideMerge(DefaultExecutor.layer),
    Layer.provide(store)
  )
  const [reports, events] = yield* Effect.provide(
    Effect.gen(function* () {
      const handle = yield* Reporting.start()
      const reports = yield* handle.result
      return [reports, (yield* handle.history).length] as const
    }),
    app
  )
  if (events !== 4) throw new Error(`the history has ${events} events, and not 4`)
  return [
    Figure.make({ name, value: reports / seconds, unit: "reports/s" }),
    Figure.make({ name: `${name}-writes`, value: counts.saveDetails / seconds, unit: "writes/s", atMost })
  ]
})
