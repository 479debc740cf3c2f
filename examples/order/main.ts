/**
 * A worker: `npm run example examples/order/main.ts orders.db orders.log` runs two orders on a SQLite file, or on the store that the
 * environment chooses, and notes in the log what its handlers do. Killed and started again it goes on where it was.
 */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Duration, Effect, FileSystem, Layer, Schema } from "effect"
import { Providers } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import { Order } from "./contracts.ts"
import { HandlersLive, Ledger, Run } from "./handlers.ts"
import { OrderLive } from "./workflow.ts"

const [filename = "orders.db", log = "orders.log"] = process.argv.slice(2)

const LedgerLive = Layer.effect(
  Ledger,
  Effect.map(FileSystem.FileSystem, (files) => ({
    note: (run) =>
      Effect.orDie(files.writeFileString(log, `${JSON.stringify(Schema.encodeSync(Run)(run))}\n`, { flag: "a" }))
  }))
)

const Main = OrderLive.pipe(
  Layer.provide(HandlersLive),
  Layer.provide(LedgerLive),
  // A name that stays the same lets a worker that starts again resume its executions at once.
  Layer.provideMerge(DefaultExecutor.layer({ worker: "orders" })),
  Layer.provide(Providers.storeConfig({ name: "sqlite", filename })),
  Layer.provide(NodeServices.layer)
)

const orders = ["order-1", "order-2"].map((id) => ({ id, cents: 4_200, dispatchIn: Duration.seconds(2) }))

const program = Effect.forEach(
  orders,
  // The id of an execution is that of its order, so after a restart this finds the executions that were there before.
  (order) => Order.execute(order).pipe(Effect.matchEffect({ onSuccess: Effect.log, onFailure: Effect.log })),
  { concurrency: "unbounded", discard: true }
)

// A worker that was forgotten ends by itself.
program.pipe(Effect.timeoutOption("1 minute"), Effect.provide(Main), NodeRuntime.runMain)
