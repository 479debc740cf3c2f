/** Runs the examples as a user does: each prints what the comment at its end says. */
import { execFile } from "node:child_process"
import { globSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { HttpRouter, HttpServer } from "effect/http"
import * as DefaultExecutor from "perdure/Executor/Default"
import * as MemoryStore from "perdure/Store/Memory"
import { Order } from "../../examples/order/contracts.ts"
import { routes } from "../../examples/order/routes.ts"
import { outputOf } from "./exampleOutput.ts"
// Its tests become tests of this file.
import "../../examples/property.test.ts"

const root = join(import.meta.dirname, "../..")

/** The programs, but for those that another program starts. */
const programs = globSync(["examples/*.ts", "examples/{agent,approval}/main.ts"], { cwd: root })
  .filter((path) => !path.endsWith(".test.ts") && path !== "examples/demo.ts")
  .toSorted()

/** Node.js 22 warns of its SQLite, in a program and in those that it starts. */
const env = { ...process.env, NODE_OPTIONS: "--disable-warning=ExperimentalWarning" }

const run = (path: string) =>
  Effect.callback<{ readonly code: number | string | null | undefined; readonly output: string }>((resume) => {
    const child = execFile(
      process.execPath,
      ["--conditions=perdure-source", path],
      { cwd: root, env, timeout: 25_000, killSignal: "SIGKILL" },
      (error, stdout, stderr) => {
        if (error !== null)
          return resume(Effect.succeed({ code: error.code ?? error.message, output: stdout + stderr }))
        // The log is on stderr.
        resume(Effect.succeed({ code: 0, output: stdout }))
      }
    )
    return Effect.sync(() => child.kill("SIGKILL"))
  })

describe("an example prints what it says", () => {
  it("there are some", () => assert.isAtLeast(programs.length, 7))

  for (const path of programs) {
    it.live(path, () =>
      Effect.gen(function* () {
        const { code, output } = yield* run(path)
        assert.strictEqual(output, outputOf(path))
        assert.strictEqual(code, 0)
      })
    )
  }
})

describe("the routes of the example", () => {
  const Secret = Order.toLayer(() => Effect.die(new Error("a secret")))
  const ask = (method: string, path: string, body?: unknown) =>
    Effect.promise(() =>
      handler(
        new Request(`http://localhost${path}`, { method, body: body === undefined ? null : JSON.stringify(body) })
      )
    ).pipe(Effect.flatMap((answer) => Effect.promise(async () => [answer.status, await answer.text()] as const)))
  const { dispose, handler } = HttpRouter.toWebHandler(
    Layer.merge(routes, Secret).pipe(
      Layer.provideMerge(DefaultExecutor.layer),
      Layer.provide(MemoryStore.layer),
      Layer.provide(HttpServer.layerServices)
    ),
    { disableLogger: true }
  )
  afterAll(dispose)

  it.live("tell a client nothing of a defect", () =>
    Effect.gen(function* () {
      yield* ask("POST", "/orders", { id: "order-1", cents: 1, dispatchIn: "1 second" })
      const [status, text] = yield* ask("GET", "/orders/order-1/result")
      assert.deepStrictEqual([status, text], [500, '{"error":"something is wrong here"}'])
    })
  )

  it.live("tell a client that its limit or its cursor makes no sense", () =>
    Effect.gen(function* () {
      for (const query of ["limit=0", "limit=many", "limit=1.5", "cursor=made-up"]) {
        const [status] = yield* ask("GET", `/orders?${query}`)
        assert.strictEqual(status, 400, query)
      }
      assert.strictEqual((yield* ask("GET", "/orders?limit=5"))[0], 200)
    })
  )
})

describe("docs/order.md", () => {
  const page = readFileSync(join(root, "docs/order.md"), "utf8")

  for (const file of ["contracts", "workflow"]) {
    it(`shows examples/order/${file}.ts, word for word`, () => {
      const source = readFileSync(join(root, `examples/order/${file}.ts`), "utf8").replaceAll("export ", "")
      const declarations =
        source
          .split(/^import .*\n/m)
          .at(-1)
          ?.trim() ?? ""
      assert.isAbove(declarations.split("\n").length, 10)
      assert.include(page, declarations)
    })
  }
})

describe("the README", () => {
  const readme = readFileSync(join(root, "README.md"), "utf8")

  for (const command of ["npm install && npm run demo", "npm install && npm test"]) {
    it(`names ${command}`, () => assert.include(readme, `\n${command} `))
  }
})
