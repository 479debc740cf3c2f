/**
 * `npm run demo`: two orders survive `kill -9`. A worker reserves, charges and waits; it is killed; another one goes on where
 * the first was, ships one order and undoes the other. Fails if anything is not as promised.
 *
 * `npm run demo -- --store postgres` does the same on a PostgreSQL that it starts, or with `--url postgres://…` on another one, in a
 * schema of its own; `--store nats` on a nats-server that it starts, or with `--url host:4222` and `PERDURE_STORE_MONITOR` on others, in a bucket
 * of its own; `--store kafka` on a broker that it starts, or with `--url host:9092` on others, in a topic of its own;
 * `--store dapr` on a sidecar that it starts, or with `--url http://host:3500` on another one, with a prefix of its own;
 * `--store inngest` on a double of its server, which no package has, or with `--url` or `INNGEST_BASE_URL` and its keys on a real one.
 */
import { join } from "node:path"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Clock, ConfigProvider, Console, Effect, FileSystem, Layer, Result, Schedule, Schema } from "effect"
import { ChildProcess } from "effect/process"
import { type HistoryEvent, Providers } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import { Broken, promisesOf, type Story } from "./demo/promises.ts"
import { choose, type Chosen } from "./demo/store.ts"
import { bold, dim, green, red } from "./demo/style.ts"
import { tableOf } from "./demo/table.ts"
import { Approval, Order } from "./order/contracts.ts"
import { Run } from "./order/handlers.ts"

const orders = ["order-1", "order-2"] as const

/** Starts a worker in a process of its own, which ends with the scope at the latest. */
const startWorker = ({ env }: Chosen, log: string) =>
  ChildProcess.make(
    process.execPath,
    ["--conditions=perdure-source", join(import.meta.dirname, "order/main.ts"), "", log],
    {
      env,
      extendEnv: true,
      detached: false,
      stdin: "ignore",
      stdout: "ignore",
      stderr: "inherit",
      killSignal: "SIGKILL"
    }
  )

const history = (order: string) => Effect.flatMap(Order.handle(order), (handle) => handle.history)

/** Waits until the histories of all orders have an event, but not for ever. */
const awaitEvent = (tag: HistoryEvent.HistoryEvent["_tag"]) =>
  Effect.forEach(orders, history).pipe(
    Effect.filterOrFail((all) => all.every((events) => events.some((event) => event._tag === tag))),
    Effect.retry({ schedule: Schedule.spaced("40 millis") }),
    Effect.timeout("30 seconds"),
    Effect.asVoid
  )

const play = Effect.fn("play")(function* (store: Chosen, log: string) {
  const began = yield* Clock.currentTimeMillis
  const say = (text: string) =>
    Effect.flatMap(Clock.currentTimeMillis, (now) =>
      Console.log(`${dim(`${((now - began) / 1000).toFixed(1)} s`.padStart(7))}  ${text}`)
    )

  const first = yield* startWorker(store, log)
  yield* say(`worker ${first.pid} starts with two orders, on ${store.name}`)
  yield* awaitEvent("TimerStarted")
  yield* say("both are reserved and charged, and wait for an approval, 7 days at most")

  yield* first.kill({ killSignal: "SIGKILL" })
  const before = yield* Effect.forEach(orders, history)
  yield* say(red(`SIGKILL: worker ${first.pid} is gone`))

  const second = yield* startWorker(store, log)
  yield* awaitEvent("OwnerChanged")
  yield* say(`worker ${second.pid} has replayed both and goes on`)

  yield* Approval.send("order-1", { by: "Ada", granted: true })
  yield* Approval.send("order-2", { by: "Grace", granted: false })
  yield* say("Ada approves order-1, Grace refuses order-2")

  return yield* Effect.forEach(
    orders,
    Effect.fnUntraced(function* (order, index) {
      const handle = yield* Order.handle(order)
      const result = yield* Effect.result(handle.result).pipe(Effect.timeout("30 seconds"))
      yield* say(`${order} ${textOf(result)}`)
      return { before: before[index] ?? [], after: yield* handle.history, result }
    }),
    { concurrency: "unbounded" }
  )
})

const textOf = Result.match({
  onSuccess: (parcel: string) => `is shipped: ${parcel}`,
  onFailure: (error: unknown) => `fails: ${JSON.stringify(error)}`
})

const conclude = Effect.fn("conclude")(function* (stories: ReadonlyArray<Story>, log: string) {
  const [approved, refused] = stories
  if (approved === undefined || refused === undefined) return yield* Effect.die(new Error("there are two orders"))
  yield* Console.log(`\n${tableOf("order-1, approved", approved.after, approved.before.length)}`)
  yield* Console.log(`\n${tableOf("order-2, refused", refused.after, refused.before.length)}\n`)

  const files = yield* FileSystem.FileSystem
  const lines = (yield* files.readFileString(log)).trimEnd().split("\n")
  const runs = yield* Effect.forEach(lines, (line) => Schema.decodeEffect(Schema.fromJsonString(Run))(line))
  const promises = promisesOf(approved, refused, runs)
  yield* Effect.forEach(promises, ({ kept, text }) => Console.log(`${kept ? green("✓") : red("✗")} ${text}`))
  const broken = promises.filter(({ kept }) => !kept).map(({ text }) => text)
  if (broken.length > 0) return yield* new Broken({ promises: broken })
})

const program = Effect.gen(function* () {
  const files = yield* FileSystem.FileSystem
  const folder = yield* files.makeTempDirectoryScoped({ prefix: "perdure-demo-" })
  const log = join(folder, "orders.log")
  const store = yield* choose(folder)
  yield* Console.log(`\n${bold("perdure")}: two orders survive kill -9\n`)
  // This process runs no order: it looks into the store, and sends signals.
  const Client = DefaultExecutor.layer.pipe(
    Layer.provide(Providers.storeConfig),
    Layer.provide(ConfigProvider.layer(ConfigProvider.fromEnv({ env: store.env })))
  )
  const stories = yield* Effect.provide(play(store, log), Client)
  yield* conclude(stories, log)
})

program.pipe(Effect.scoped, Effect.provide(NodeServices.layer), NodeRuntime.runMain)
