/** Each construct of the table, in a program and where it is allowed. */
import { assert, describe, it } from "@effect/vitest"
import { constructs } from "../../src/lint/Construct.ts"
import { fileOf, first, lint, lintAll, programOf } from "./Lab.ts"

/** Lines of a program that a construct of the table is found in, once in each, by how the table shows it; and lines before it. */
const broken: Readonly<Record<string, ReadonlyArray<string>>> = {
  "`Date.now()`": [
    "const now = Date.now()",
    "Effect.sync(() => globalThis.Date.now())",
    "[1].map(Date.now)",
    `Date["now"]()`
  ],
  "`new Date()`, `Date()`": ["const now = new Date()", "const text = Date()"],
  "`performance.now()`, `process.hrtime()`": [
    "const now = performance.now()",
    "const now = timing.now()",
    "const now = process.hrtime.bigint()"
  ],
  "`DateTime.nowUnsafe()`, `isFutureUnsafe`, `isPastUnsafe`, `Temporal.Now`": [
    "const now = DateTime.nowUnsafe()",
    "if (DateTime.isPastUnsafe(date)) return",
    "const now = Temporal.Now.instant()"
  ],
  "`Cron.next(cron)`, `Cron.prev(cron)`": ["const next = Cron.next(cron)"],
  "`DateTime.zoneMakeLocal()`, `withCurrentZoneLocal`, `layerCurrentZoneLocal`, `formatLocal`": [
    "const zone = DateTime.zoneMakeLocal()",
    "yield* Charge().pipe(DateTime.withCurrentZoneLocal)"
  ],
  "`Math.random()`": ["const chance = Math.random()", "const chance = draw()"],
  "`crypto.randomUUID()`, `crypto.getRandomValues()`, `randomBytes`, `randomInt` of `node:crypto`": [
    "const id = crypto.randomUUID()",
    "const bytes = randomBytes(8)",
    "const id = Crypto.randomUUID()",
    "const bytes = crypto.getRandomValues(new Uint8Array(8))"
  ],
  "`Effect.runSync`, `runSyncExit`": ["const now = Effect.runSync(Clock.currentTimeMillis)"],
  "`Promise`": ["const all = Promise.all([])", "const one = new Promise(() => {})"],
  "`async` functions, `await`, `for await`": [
    "const f = async () => await 1",
    "const f = async function () { for await (const x of y) void x }"
  ],
  "`import()`": [`const module = import("./other.ts")`],
  "`Effect.promise`, `Effect.tryPromise`": [
    "yield* Effect.promise(() => fetch(url))",
    "yield* Effect.tryPromise({ try: async () => await call(), catch: String })",
    "yield* Charge().pipe(Effect.flatMap(() => Effect.promise(call)))"
  ],
  "`Effect.callback`, `Stream.callback`": [
    "yield* Effect.callback((resume) => setTimeout(() => resume(Effect.void), 1))"
  ],
  "`Stream.fromAsyncIterable`, `fromReadableStream`, `fromEventListener`": [
    "yield* Stream.runDrain(Stream.fromAsyncIterable(rows, String))"
  ],
  "`Effect.runPromise`, `runPromiseExit`, `runFork`, `runCallback`": [
    "const x = Effect.runPromise(Charge())",
    "const fiber = Effect.runFork(Charge())"
  ],
  "`setTimeout`": ["yield* Effect.sync(() => setTimeout(f, 1))"],
  "`setInterval`": ["yield* Effect.sync(() => setInterval(f, 1))"],
  "`setImmediate`, `queueMicrotask`, `process.nextTick`": [
    "queueMicrotask(f)",
    "process.nextTick(f)",
    "setImmediate(f)"
  ],
  "`crypto.subtle`": [`const hash = crypto.subtle.digest("SHA-256", bytes)`],
  "`fetch`, `WebSocket`, `EventSource`, `XMLHttpRequest`": ["fetch(url)", "const socket = new WebSocket(url)"],
  "files and what else comes from `node:*`": [
    `const text = readFileSync("a", "utf8")`,
    "const name = os.hostname()",
    "const both = [1].map(readFileSync)"
  ],
  "`process.env` and the rest of `process`": [
    "const rate = process.env.RATE",
    "const rate = env.RATE",
    `const rate = process.env["RATE"]`,
    "const { RATE } = process.env"
  ],
  "`Deno`, `Bun`": [`const rate = Deno.env.get("RATE")`],
  "`Config`": [`const rate = yield* Config.Number("RATE")`],
  "`console`": [`console.log("here")`, "yield* Effect.sync(() => console.error(1))"],
  "writing to a variable outside of the program": [
    "count = 1",
    "count++",
    "seen.push(1)",
    "byId.set(1, 2)",
    "totals.all += 1",
    "totals[key] = 1",
    "delete totals.all",
    ";[count] = [1]",
    ";({ count } = { count: 1 })",
    "Object.assign(totals, { all: 1 })",
    "globalThis.count = 1"
  ],
  "reading a `let` outside of the program that changes": ["const seats = changing + 1"],
  "a `Ref`, `Semaphore`, `Queue` or other cell that is made outside of the program": [
    "yield* Ref.update(cell, (n) => n + 1)",
    "yield* lock.withPermits(1)(Charge())",
    "yield* Ref.get(tally)",
    "lock.pipe(Effect.succeed)"
  ],
  "an inline activity that writes to a variable of its program": [
    `let sum = 0; yield* Activity.inline("add", {}, Effect.sync(() => { sum += 1 }))`,
    `const all = []; yield* Activity.inline("add", {}, Effect.sync(() => all.push(1)))`
  ]
}

/** What the lines above use. */
const outside = [
  "let count = 0",
  "const seen = []",
  "const byId = new Map()",
  "const totals = { all: 0 }",
  "let changing = 1",
  "export const change = () => { changing = 2 }",
  "const cell = Ref.makeUnsafe(0)",
  "const lock = Semaphore.makeUnsafe(1)",
  "const draw = Math.random",
  "const env = process.env",
  "const tally = Effect.runSync(Ref.make(0))"
]

const lines = Object.entries(broken).flatMap(([shown, all]) => all.map((line) => ({ shown, line })))
const construct = (shown: string) => constructs.find((each) => each.shown === shown)!

/** What may be wrong even so: it is about inline activities, wherever they are. */
const everywhere = "an inline activity that writes to a variable of its program"

/** A file for each line. */
const filesOf = (wrap: (line: string) => string, all = lines) =>
  Object.fromEntries(all.map(({ line }, index) => [`line${index}.ts`, wrap(line)]))

describe("a construct in a program", () => {
  const said = lint(filesOf((line) => [programOf(line), ...outside].join("\n")))

  it("has a line here for each row of the table", () =>
    assert.deepStrictEqual(
      Object.keys(broken),
      constructs.map(({ shown }) => shown)
    ))

  for (const [index, { line, shown }] of lines.entries()) {
    it(`is found in ${line}`, () => {
      const { instead, rule, why } = construct(shown)
      const found = said.filter(({ file }) => file === `line${index}.ts`)
      assert.deepStrictEqual(
        found.map((each) => [each.rule, each.line]),
        [[rule, first + 1]]
      )
      assert.isTrue(found[0]?.message.endsWith(` ${why}: ${instead}`), found[0]?.message)
    })
  }

  it("is named as it is written", () => {
    const names = lines.map((_, index) => said.find(({ file }) => file === `line${index}.ts`)?.message.split(" ")[0])
    assert.includeMembers(names, [
      "`Date.now`",
      "`DateTime.nowUnsafe`",
      "`process.env.RATE`",
      "`timing.now`",
      "`console.log`",
      "`count`"
    ])
  })
})

describe("no construct is found", () => {
  const places: Readonly<Record<string, (line: string) => string>> = {
    "in the handler of an activity": (line) =>
      `export const Live = Charge.toLayer(Effect.fn("Charge")(function* () {\n${line}\n}))`,
    "in the handler of an activity with limits": (line) =>
      `import { Far } from "far"\nexport const Live = Far.toLayer(Effect.fn("Far")(function* () {\n${line}\nFar.start\n}), { concurrency: 1 })`,
    "in the handlers of a group": (line) =>
      `export const Live = ActivityGroup.make(Charge).toLayer({ Charge: Effect.fn(function* () {\n${line}\n}) })`,
    "in an inline activity": (line) =>
      `export const Live = Order.toLayer(() => Activity.inline("all", {}, Effect.gen(function* () {\n${line}\n})))`,
    "in a helper that only an inline activity uses": (line) =>
      `const helper = Effect.gen(function* () {\n${line}\n})\nexport const Live = Order.toLayer(() => Activity.inline("all", {}, helper))`,
    "in a helper of the program that only an inline activity uses": (line) =>
      [
        "export const Live = Order.toLayer(Effect.fnUntraced(function* () {",
        `const inner = Effect.fn(function* () {\n${line}\n})`,
        "const helper = inner().pipe(Effect.orDie)",
        `yield* Activity.inline("all", {}, helper)`,
        "}))"
      ].join("\n"),
    "in a function beside the program": (line) =>
      `export const other = Effect.fn(function* () {\n${line}\n})\nexport const Live = Order.toLayer(() => Charge())`,
    "in a test": (line) =>
      `it.effect("runs", Effect.fn(function* () {\n${line}\nyield* Order.execute()\n}))\nexport const Live = Order.toLayer(() => Charge())`,
    "in what has a toLayer of its own": (line) =>
      `import { Tools } from "./tools.ts"\nexport const Live = Tools.toLayer(Effect.gen(function* () {\n${line}\n}))`,
    "in the program of a workflow of Effect": (line) =>
      [
        `import { Workflow as Theirs } from "effect/workflow"`,
        `const Other = Theirs.make({ name: "Other" })`,
        `export const Live = Other.toLayer(Effect.fn(function* () {\n${line}\n}))`,
        "export const run = Other.execute({})"
      ].join("\n")
  }

  const others = lines.filter(({ shown }) => shown !== everywhere)
  const said = lintAll(
    Object.fromEntries(
      Object.entries(places).map(([place, wrap]) => [place, filesOf((line) => fileOf(...outside, wrap(line)), others)])
    )
  )
  for (const place of Object.keys(places)) it(place, () => assert.deepStrictEqual(said[place], []))

  it("in what only looks like it", () => {
    const good = [
      "const date = new Date(0)",
      "const next = Cron.next(cron, yield* DateTime.now)",
      "const chance = yield* Random.next",
      "const now = yield* Clock.currentTimeMillis",
      `yield* Console.log("here")`,
      `const path = join("a", "b")`,
      `const hash = createHash("sha256").update("a").digest("hex")`,
      "const fetch = () => 1; fetch()",
      "const process = { env: {} }; process.env.A = 1",
      "const it = { fetch: 1, process: 2, console: 3 }.fetch",
      "const max = Math.max(1, Date.UTC(2026, 1))",
      "let own = 0; own++; const list = []; list.push(own)",
      "const type = (x: typeof process.env) => x as unknown as Promise<Date>",
      "yield* Effect.runForkWith(context)(Charge())",
      "yield* Effect.withSpan(Charge(), `span`)",
      `yield* Ref.make(0).pipe(Effect.flatMap((own) => Ref.set(own, 1)))`,
      `const text = "Date.now()" // Math.random()`,
      "other.set(1, 2); settings.sort()",
      "const { length } = fixed"
    ]
    const around = [`import { other, settings } from "./other.ts"`, "const fixed = [1, 2]"]
    const files = good.map((line, index) => [`good${index}.ts`, `${programOf(line)}\n${around.join("\n")}`])
    assert.deepStrictEqual(lint(Object.fromEntries(files)), [])
  })
})
