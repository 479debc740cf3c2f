/**
 * Two processes on one SQLite file. The web process has contracts only: it starts orders, sends them approvals and waits for
 * their results. The worker process has the programs and the handlers. Neither calls the other: all goes through the store.
 */
import { join } from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Console, Duration, Effect, FileSystem, Layer } from "effect"
import { ChildProcess } from "effect/process"
import { Waiting } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import * as SqliteStore from "perdure/Store/Sqlite"
import { Approval, Order } from "./order/contracts.ts"

/** Starts a worker in a process of its own, which ends with the scope. */
const startWorker = (filename: string) =>
  ChildProcess.make(
    process.execPath,
    ["--conditions=perdure-source", join(import.meta.dirname, "order/worker.ts"), filename],
    { detached: false, stdin: "ignore", stdout: "inherit", stderr: "inherit" }
  )

const web = Effect.fn("web")(function* (filename: string) {
  const start = (id: string) => Order.start({ id, cents: 4_200, dispatchIn: Duration.millis(100) })

  // There is no worker yet. What the web process asks for is durable all the same.
  const first = yield* start("order-1")
  yield* Approval.send(first, { by: "Ada", granted: true })
  yield* Console.log(`web: ${first.id} waits for ${(yield* first.describe).waitingFor.map(Waiting.inWords)}`)

  yield* startWorker(filename)
  yield* Console.log(`web: ${yield* first.result}`)

  // The worker is there now, and hears of a start within milliseconds.
  const second = yield* start("order-2")
  yield* Approval.send(second, { by: "Grace", granted: false })
  const result = yield* second.result.pipe(Effect.catchTag("Rejected", ({ by }) => Effect.succeed(`refused by ${by}`)))
  yield* Console.log(`web: ${second.id} is ${result}`)
})

const program = Effect.gen(function* () {
  const files = yield* FileSystem.FileSystem
  const filename = join(yield* files.makeTempDirectoryScoped(), "orders.db")
  const Client = DefaultExecutor.layer.pipe(Layer.provide(SqliteStore.layer({ filename })))
  yield* Effect.provide(web(filename), Client)
})

await Effect.runPromise(program.pipe(Effect.scoped, Effect.provide(NodeServices.layer)))

// Output:
// web: order-1 waits for a worker that has workflow Order
// worker: Reserve for order-1, attempt 1
// worker: Charge for order-1, attempt 1
// worker: Charge for order-1, attempt 2
// worker: Charge for order-1, attempt 3
// worker: Ship for order-1, attempt 1
// web: parcel of order-1
// worker: Reserve for order-2, attempt 1
// worker: Charge for order-2, attempt 1
// worker: Charge for order-2, attempt 2
// worker: Charge for order-2, attempt 3
// worker: Refund for order-2, attempt 1
// worker: Release for order-2, attempt 1
// web: order-2 is refused by Grace
