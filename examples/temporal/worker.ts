/**
 * A worker on Temporal for the order: `npm run example examples/temporal/worker.ts localhost:7233 orders.log`. Its workflows and handlers are
 * those of `examples/order`, unchanged.
 */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, FileSystem, Layer, Schema } from "effect"
import * as TemporalWorker from "perdure/Executor/TemporalWorker"
import { HandlersLive, Ledger, Run } from "../order/handlers.ts"
import { OrderLive } from "../order/workflow.ts"

const [address = "localhost:7233", log = "orders.log"] = process.argv.slice(2)

const LedgerLive = Layer.effect(
  Ledger,
  Effect.map(FileSystem.FileSystem, (files) => ({
    note: (run) =>
      Effect.orDie(files.writeFileString(log, `${JSON.stringify(Schema.encodeSync(Run)(run))}\n`, { flag: "a" }))
  }))
)

const WorkerLive = TemporalWorker.layer({
  address,
  taskQueue: "orders",
  workflows: new URL("../order/workflow.ts", import.meta.url)
})

const Main = OrderLive.pipe(
  Layer.provide(HandlersLive),
  Layer.provide(LedgerLive),
  Layer.provide(NodeServices.layer),
  Layer.provideMerge(WorkerLive)
)

NodeRuntime.runMain(TemporalWorker.launch(Main))
