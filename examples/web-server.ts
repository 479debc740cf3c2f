/**
 * A web server and a worker, two processes on one SQLite file. The server, made of `order/routes.ts`, starts orders, approves them
 * and waits for their results; the worker, `order/worker.ts`, runs them. At the end of the file a client talks to the server.
 */
import { createServer } from "node:http"
import { join } from "node:path"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Console, Effect, FileSystem, Layer } from "effect"
import { HttpRouter, HttpServer } from "effect/http"
import { ChildProcess } from "effect/process"
import * as DefaultExecutor from "perdure/Executor/Default"
import * as SqliteStore from "perdure/Store/Sqlite"
import { routes } from "./order/routes.ts"

/** The server: an executor without a program is a client of the store. */
const Web = (filename: string) =>
  HttpRouter.serve(routes, { disableLogger: true, disableListenLog: true }).pipe(
    Layer.provide(DefaultExecutor.layer),
    Layer.provide(SqliteStore.layer({ filename })),
    Layer.provideMerge(NodeHttpServer.layer(createServer, { host: "127.0.0.1", port: 0 }))
  )

/** The worker, in a process of its own, which ends with the scope. */
const startWorker = (filename: string) =>
  ChildProcess.make(
    process.execPath,
    ["--conditions=perdure-source", join(import.meta.dirname, "order/worker.ts"), filename],
    { detached: false, stdin: "ignore", stdout: "ignore", stderr: "inherit" }
  )

/** Prints a request and what the server answers. */
const ask = Effect.fn("ask")(function* (method: string, path: string, body?: unknown) {
  const url = yield* HttpServer.addressFormattedWith((address) => Effect.succeed(address + path))
  const response = yield* Effect.promise(() =>
    fetch(url, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
  )
  const text = yield* Effect.promise(() => response.text())
  yield* Console.log(`${method} ${path}: ${response.status} ${text}`)
})

const client = Effect.gen(function* () {
  const order = { id: "order-1", cents: 4_200, dispatchIn: "100 millis" }
  yield* ask("POST", "/orders", order)
  yield* ask("POST", "/orders", order)
  yield* ask("POST", "/orders", { ...order, cents: "many" })
  yield* ask("POST", "/orders/order-1/approval", { by: "Ada", granted: true })
  yield* ask("GET", "/orders/order-1/result")
  yield* ask("GET", "/orders/order-1")
  yield* ask("GET", "/orders?limit=1")
  yield* ask("GET", "/orders?cursor=made-up")
  yield* ask("POST", "/orders/order-2/approval", { by: "Ada", granted: true })
})

const program = Effect.gen(function* () {
  const files = yield* FileSystem.FileSystem
  const filename = join(yield* files.makeTempDirectoryScoped(), "orders.db")
  yield* startWorker(filename)
  yield* Effect.provide(client, Web(filename))
})

await Effect.runPromise(program.pipe(Effect.scoped, Effect.provide(NodeServices.layer)))

// Output:
// POST /orders: 202 {"id":"order-1","created":true}
// POST /orders: 200 {"id":"order-1","created":false}
// POST /orders: 400 {"error":"Expected number\n  at [\"cents\"]"}
// POST /orders/order-1/approval: 202 {}
// GET /orders/order-1/result: 200 {"parcel":"parcel of order-1"}
// GET /orders/order-1: 200 {"status":"completed","waitingFor":[]}
// GET /orders?limit=1: 200 {"orders":[{"id":"order-1","status":"completed"}],"next":null}
// GET /orders?cursor=made-up: 400 {"error":"list: the filter: not a cursor: \"made-up\"; pass the `next` of a page"}
// POST /orders/order-2/approval: 404 {"error":"signal \"order-2\": there is no such execution; start it first, or look at the id and at the store that is connected"}
