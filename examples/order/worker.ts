/**
 * A worker and nothing else: `npm run example examples/order/worker.ts orders.db` runs the orders that other processes
 * start on a SQLite file, and prints what its handlers do.
 */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Console, Effect, Layer, Logger } from "effect"
import * as DefaultExecutor from "perdure/Executor/Default"
import * as SqliteStore from "perdure/Store/Sqlite"
import { HandlersLive, Ledger } from "./handlers.ts"
import { OrderLive } from "./workflow.ts"

const [filename = "orders.db"] = process.argv.slice(2)

const LedgerLive = Layer.succeed(Ledger, {
  note: ({ activity, attempt, order }) => Console.log(`worker: ${activity} for ${order}, attempt ${attempt}`)
})

const Main = OrderLive.pipe(
  Layer.provide(HandlersLive),
  Layer.provide(LedgerLive),
  Layer.provide(DefaultExecutor.layer),
  Layer.provide(SqliteStore.layer({ filename })),
  // The log goes to stderr, so that only what handlers print is on stdout.
  Layer.provide(Layer.succeed(Logger.LogToStderr, true))
)

// A worker that was forgotten ends by itself.
Layer.launch(Main).pipe(Effect.timeoutOption("1 minute"), NodeRuntime.runMain)
