/**
 * `npm run demo:temporal`: the order of the other demo, on Temporal. It installs and starts a development server, a worker reserves and
 * charges two orders, is killed, and another one goes on where the first was.
 */
import { join } from "node:path"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Console, Duration, Effect, FileSystem, Layer, Result, Schedule } from "effect"
import { ChildProcess } from "effect/process"
import * as TemporalExecutor from "perdure/Executor/Temporal"
import { Approval, Order } from "../order/contracts.ts"

const address = "127.0.0.1:7243"
const root = join(import.meta.dirname, "../..")
const orders = ["order-1", "order-2"].map((id) => ({ id, cents: 4_200, dispatchIn: Duration.seconds(2) }))

const quiet = { extendEnv: true, stdin: "ignore", stdout: "ignore", stderr: "inherit", killSignal: "SIGKILL" } as const

/** The development server, below the cache of the tests. */
const server = Effect.fnUntraced(function* (folder: string) {
  const install = yield* ChildProcess.make("bash", [join(root, "servers/install.sh"), "temporal"], quiet)
  yield* install.exitCode
  const start =
    `. "${join(root, "servers/lib.sh")}"; exec "$PERDURE_CACHE/temporal-$TEMPORAL_VERSION/bin/temporal" server start-dev ` +
    `--headless --log-level error --ip 127.0.0.1 --port 7243 --http-port 7244 --db-filename "${folder}/temporal.db"`
  yield* ChildProcess.make("bash", ["-c", start], quiet)
})

const worker = (log: string) =>
  ChildProcess.make(
    process.execPath,
    ["--conditions=perdure-source", join(import.meta.dirname, "worker.ts"), address, log],
    quiet
  )

const play = Effect.fnUntraced(function* (log: string) {
  const files = yield* FileSystem.FileSystem
  const charged = files
    .readFileString(log)
    .pipe(Effect.map((text) => text.split("\n").filter((line) => line.includes(`"Charge"`)).length))
  const handles = yield* Effect.forEach(orders, (order) => Order.start(order))
  yield* Console.log("two orders are started; no worker runs yet")
  const first = yield* worker(log)
  yield* charged.pipe(
    Effect.filterOrFail((count) => count >= 2 * orders.length),
    Effect.retry({ schedule: Schedule.spaced("100 millis"), times: 300 })
  )
  yield* first.kill({ killSignal: "SIGKILL" })
  yield* Console.log(`SIGKILL: worker ${first.pid} is gone, while the bank is asked`)
  yield* Approval.send("order-1", { by: "Ada", granted: true })
  yield* Approval.send("order-2", { by: "Grace", granted: false })
  yield* Console.log("Ada approves order-1, Grace refuses order-2; no worker runs")
  const second = yield* worker(log)
  yield* Console.log(`worker ${second.pid} goes on`)
  yield* Effect.forEach(handles, ({ id, result }) =>
    Effect.flatMap(Effect.result(result), (ended) =>
      Console.log(
        `${id} ${Result.isSuccess(ended) ? `is shipped: ${ended.success}` : `fails: ${JSON.stringify(ended.failure)}`}`
      )
    )
  )
})

const program = Effect.gen(function* () {
  const files = yield* FileSystem.FileSystem
  const folder = yield* files.makeTempDirectoryScoped({ prefix: "perdure-temporal-" })
  yield* server(folder)
  const Caller = TemporalExecutor.layer({ address, taskQueue: "orders" })
  const ready = Effect.scoped(Layer.build(Caller)).pipe(
    Effect.retry({ schedule: Schedule.spaced("200 millis"), times: 100 })
  )
  yield* ready
  yield* Effect.provide(play(join(folder, "orders.log")), Caller)
})

program.pipe(Effect.timeout("2 minutes"), Effect.scoped, Effect.provide(NodeServices.layer), NodeRuntime.runMain)
