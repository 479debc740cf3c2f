/** Executions on a store whose payloads are encrypted: keys that are wrong lose nothing, and the right ones go on. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Exit, Layer, Logger, Option, Schema, Scope, Stream } from "effect"
import { SqlClient } from "effect/sql"
import {
  Activity,
  Attributes,
  type DurableExecutor,
  Executions,
  Signal,
  Transfer,
  Verify,
  Workflow,
  WorkflowError
} from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import * as SqlExecutor from "perdure/Executor/Sql"
import type { PayloadKey, Options } from "perdure/layers/PayloadCodec"
import * as Memory from "perdure/Store/Memory"
import * as Sqlite from "perdure/Store/Sqlite"
import type { Transactions } from "perdure/Store/Transactions"
import { WorkflowStore } from "perdure/Store/WorkflowStore"
import { after, start } from "../suites/store/builders.ts"
import { encrypted, keyOf } from "../support/encrypted.ts"
import { freshFile } from "../support/sqliteFiles.ts"

const Charge = Activity.make("Charge", { input: Schema.String, success: Schema.String })
const Write = Activity.transactional("Write", { input: Schema.String })
const Go = Signal.make("go", { payload: Schema.String })
const About = Attributes.make({ customer: Schema.String, email: Schema.String })
const Order = Workflow.make("Order", { input: Schema.String, success: Schema.String, workflowId: (name) => name })

/** How many handlers have run. */
interface App {
  readonly run: <A, E>(
    effect: Effect.Effect<A, E, Layer.Success<typeof DefaultExecutor.layer> | WorkflowStore>
  ) => Effect.Effect<A, E>
  readonly charges: Array<string>
  readonly stop: Effect.Effect<void>
}

/** A process on a store. */
const open = Effect.fnUntraced(function* (store: Layer.Layer<WorkflowStore, unknown>, log: Array<string> = []) {
  const scope = yield* Scope.make()
  const charges: Array<string> = []
  const live = Order.toLayer(
    Effect.fnUntraced(function* (name) {
      const receipt = yield* Charge(name)
      return `${receipt}, ${yield* Go.receive}`
    })
  ).pipe(
    Layer.provide(Charge.toLayer((name) => Effect.sync(() => `receipt ${charges.push(name)} of ${name}`))),
    Layer.provideMerge(DefaultExecutor.layer({ heartbeatInterval: "100 millis" })),
    Layer.provideMerge(store),
    Layer.provide(Logger.layer([Logger.make(({ message }) => void log.push(String(message)))]))
  )
  const context = yield* Layer.buildWithScope(Layer.fresh(live), scope)
  const app: App = { run: Effect.provideContext(context), charges, stop: Scope.close(scope, Exit.void) }
  return app
})

const first = keyOf("first")
const second = keyOf("second")

/** A file, and how a process opens it with some keys. */
const file = () => {
  const filename = freshFile()
  const plain = Sqlite.layer({ filename, synchronous: "NORMAL" })
  return {
    plain,
    with: (keys: ReadonlyArray<PayloadKey>, options?: Options) => encrypted(plain, options, keys)
  }
}

/** The reason with which an operation fails. */
const reasonOf = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.match(effect, {
    onSuccess: () => undefined,
    onFailure: (error) => (error instanceof WorkflowError.WorkflowError ? error.reason : error)
  })

/** So many of these operations need a payload; the others are allowed to a process that lacks the codec. */
const ofPayloads = 4

/** What each operation on an order fails with. */
const refusals = Effect.gen(function* () {
  const order = yield* Effect.option(Order.handle("a book"))
  return yield* Effect.forEach(
    [
      Order.execute("a book"),
      Option.isSome(order) ? order.value.result : Order.handle("a book"),
      Go.send("a book", "lost?"),
      Effect.flatMap(Executions.Executions, ({ history }) => history("a book")),
      Effect.flatMap(Executions.Executions, ({ describe }) => describe("a book")),
      Effect.flatMap(Executions.Executions, (executions) => executions.delete("a book"))
    ] as const,
    (operation) =>
      reasonOf(operation as Effect.Effect<unknown, unknown, DurableExecutor.DurableExecutor | Executions.Executions>)
  )
})

/** An order that waits for its signal, recorded by a process that has ended. */
const waiting = Effect.fnUntraced(function* (store: Layer.Layer<WorkflowStore, unknown>) {
  const app = yield* open(store)
  yield* app.run(
    Order.start("a book", { memo: "a memo", attributes: About.of({ customer: "Ada", email: "ada@example.com" }) })
  )
  yield* Effect.repeat(app.run(versionOf), { until: (version) => version >= 2 })
  yield* app.stop
})

const versionOf = Effect.flatMap(WorkflowStore, (store) =>
  Effect.map(store.summary("a book" as never), (found) => Option.getOrThrow(found).version)
)

/** Finishes the order in a process of its own; answers its result, and which handlers have run again. */
const finished = Effect.fnUntraced(function* (store: Layer.Layer<WorkflowStore, unknown>) {
  const app = yield* open(store)
  yield* app.run(Go.send("a book", "go"))
  const result = yield* app.run(Order.execute("a book"))
  yield* app.stop
  return { result, charges: app.charges }
})

const done = { result: "receipt 1 of a book, go", charges: [] }

describe("a process with the wrong keys", () => {
  for (const [what, keys, reason] of [
    ["none of the id", [second], { _tag: "Undecryptable", fault: "MissingKey", keyId: "first" }],
    ["another one of the id", [keyOf("first", "other")], { _tag: "Undecryptable", fault: "Refused", keyId: "first" }]
  ] as const) {
    it.live(`${what} is told so by each operation, and loses nothing: the right one goes on`, () =>
      Effect.gen(function* () {
        const store = file()
        yield* waiting(store.with([first]))
        const log: Array<string> = []
        const wrong = yield* open(store.with(keys), log)
        for (const refusal of yield* wrong.run(refusals)) assert.deepInclude(refusal, reason)
        const page = yield* wrong.run(Effect.flatMap(Executions.Executions, ({ list }) => list()))
        assert.deepStrictEqual(page.executions, [])
        assert.match(page.unreadable![0]!.detail, /encrypted with the key "first"/)
        yield* Effect.sleep("500 millis")
        yield* wrong.stop
        assert.deepStrictEqual(wrong.charges, [])
        assert.strictEqual(log.filter((line) => line.includes('the key "first"')).length, 1, log.join("\n"))
        assert.deepStrictEqual(yield* finished(store.with([first])), done)
      })
    )
  }

  it.live("27. reads what a key has encrypted for as long as it has that key", () =>
    Effect.gen(function* () {
      const store = file()
      yield* waiting(store.with([first]))
      const rotated = yield* open(store.with([second, first]))
      yield* rotated.run(Go.send("a book", "go"))
      assert.strictEqual(yield* rotated.run(Order.execute("a book")), done.result)
      yield* rotated.run(Order.start("a pen"))
      yield* rotated.stop
      // The summary is of the new key, and the beginning of the history of the old one.
      const log: Array<string> = []
      const late = yield* open(store.with([second]), log)
      const history = late.run(Effect.flatMap(Executions.Executions, ({ history }) => history("a book")))
      assert.deepInclude(yield* reasonOf(history), { _tag: "Undecryptable", fault: "MissingKey", keyId: "first" })
      yield* late.run(Go.send("a pen", "go"))
      assert.strictEqual(yield* late.run(Order.execute("a pen")), "receipt 1 of a pen, go")
      yield* late.stop
      assert.deepStrictEqual(yield* finishedAlready(store.with([first, second])), done.result)
    })
  )

  it.live("27. leaves an execution to a worker that has the old key, and keeps its messages", () =>
    Effect.gen(function* () {
      const store = file()
      yield* waiting(store.with([first]))
      // A commit of the new key, without the history of the old one.
      const caller = DefaultExecutor.layer.pipe(Layer.provide(store.with([second, first])))
      yield* Effect.provide(Go.send("a book", "go"), caller)
      const log: Array<string> = []
      const late = yield* open(store.with([second]), log)
      yield* Effect.sleep("600 millis")
      yield* late.stop
      assert.strictEqual(log.filter((line) => line.includes("is left to")).length, 1, log.join("\n"))
      assert.strictEqual(yield* finishedAlready(store.with([first, second])), done.result)
    })
  )
})

/** The result of the order, in a process of its own. */
const finishedAlready = Effect.fnUntraced(function* (store: Layer.Layer<WorkflowStore, unknown>) {
  const app = yield* open(store)
  const result = yield* app.run(Order.execute("a book"))
  yield* app.stop
  return result
})

describe("a store that was written", () => {
  it.live("27. with the codec tells a process without it so, which leaves it alone", () =>
    Effect.gen(function* () {
      const store = file()
      yield* waiting(store.with([first]))
      const log: Array<string> = []
      const without = yield* open(store.plain, log)
      for (const refusal of (yield* without.run(refusals)).slice(0, ofPayloads)) {
        assert.strictEqual((refusal as { readonly _tag: string })._tag, "NewerRelease")
        assert.match((refusal as Error).message, /encrypted.*provide PayloadCodec\.layer/)
      }
      const verdicts = yield* without.run(Stream.runCollect(Verify.stream()))
      assert.match(verdicts[0]!.faults.join(), /encrypted/)
      // A backup that no store could import is told from one.
      const [, line] = yield* without.run(Stream.runCollect(Transfer.exportLines({ whileRunning: true })))
      assert.match(line!, /^\{"unreadable":"a book","detail":"its payloads are encrypted: read it through PayloadCodec/)
      yield* Effect.sleep("300 millis")
      yield* without.stop
      assert.deepStrictEqual(without.charges, [])
      assert.deepStrictEqual(yield* finished(store.with([first])), done)
    })
  )

  it.live("with the codec tells no process without it a result", () =>
    Effect.gen(function* () {
      const store = file()
      yield* waiting(store.with([first]))
      yield* finished(store.with([first]))
      const without = yield* open(store.plain)
      for (const refusal of (yield* without.run(refusals)).slice(0, ofPayloads)) {
        assert.strictEqual((refusal as { readonly _tag: string })._tag, "NewerRelease")
      }
      yield* without.stop
    })
  )

  it.live("27. without the codec is read by it when that is allowed, and encrypted from then on", () =>
    Effect.gen(function* () {
      const store = file()
      yield* waiting(store.plain)
      const strict = yield* open(store.with([first]))
      for (const refusal of yield* strict.run(refusals)) {
        assert.deepInclude(refusal, { _tag: "Undecryptable", fault: "NotEncrypted" })
      }
      yield* strict.stop
      assert.deepStrictEqual(yield* finished(store.with([first], { readPlain: true })), done)
      const later = yield* open(store.with([first]))
      const summary = later.run(Effect.flatMap(Executions.Executions, ({ describe }) => describe("a book")))
      assert.strictEqual((yield* summary).status, "completed")
      yield* later.stop
    })
  )
})

describe("a store with the codec", () => {
  it.live(
    "27. finds executions by attributes that are not secret, shows all, and refuses to look for secret ones",
    () =>
      Effect.gen(function* () {
        const store = file()
        const sealed = store.with([first], { secretAttributes: ["email"] })
        yield* waiting(sealed)
        const app = yield* open(sealed)
        const list = (where: Parameters<typeof About.where>[0]) =>
          app.run(Effect.flatMap(Executions.Executions, ({ list }) => list({ where: About.where(where) })))
        const { executions } = yield* list({ customer: "Ada" })
        assert.deepStrictEqual(
          executions.map(({ attributes }) => attributes),
          [{ customer: "Ada", email: "ada@example.com" }]
        )
        const refusal = yield* reasonOf(list({ email: "ada@example.com" }))
        assert.deepInclude(refusal, { _tag: "InvalidPayload", of: "the filter" })
        assert.match((refusal as Error).message, /"email" is secret/)
        const counted = app.run(
          Effect.flatMap(Executions.Executions, ({ count }) => count({ attributes: { email: "x" } }))
        )
        assert.deepInclude(yield* reasonOf(counted), { _tag: "InvalidPayload" })
        yield* app.stop
        const raw = yield* Layer.build(store.plain)
        const [stored] = (yield* Context.get(raw, WorkflowStore).list()).executions
        assert.deepStrictEqual(stored!.attributes, { customer: "Ada" })
      })
  )

  it.live(
    "27. hides attributes that become secret with the next commit of each, and all of them when it is moved",
    () =>
      Effect.gen(function* () {
        const [store, other] = [file(), file()]
        const secret = { secretAttributes: ["email"] }
        const email = "ada@example.com"
        const rawOf = Effect.fnUntraced(function* ({ plain }: ReturnType<typeof file>) {
          const raw = Context.get(yield* Layer.build(Layer.fresh(plain)), WorkflowStore)
          const { commits, summary } = Option.getOrThrow(yield* raw.load("a book" as never))
          const { executions } = yield* raw.list({ attributes: { email } })
          return { found: executions.length, events: JSON.stringify(commits), summary: JSON.stringify(summary) }
        }, Effect.scoped)
        const attributesOf = Effect.fnUntraced(function* (app: App) {
          const found = yield* app.run(Effect.flatMap(Executions.Executions, ({ describe }) => describe("a book")))
          return found.attributes
        })
        yield* waiting(store.with([first]))
        const app = yield* open(store.with([first], secret))
        assert.deepStrictEqual(yield* attributesOf(app), { customer: "Ada", email })
        yield* app.run(Go.send("a book", "go"))
        yield* app.run(Order.execute("a book"))
        assert.deepStrictEqual(yield* attributesOf(app), { customer: "Ada", email })
        yield* app.stop
        const before = yield* rawOf(store)
        assert.deepStrictEqual([before.found, before.summary.includes(email)], [0, false])
        // The history is only appended to.
        assert.include(before.events, email)
        const lines = yield* Stream.runCollect(Transfer.exportLines()).pipe(Effect.provide(store.with([first], secret)))
        yield* Transfer.importLines(Stream.fromIterable(lines)).pipe(Effect.provide(other.with([first], secret)))
        const moved = yield* rawOf(other)
        assert.deepStrictEqual([moved.found, moved.summary + moved.events].join().includes(email), false)
        assert.include(moved.summary, "Ada")
      })
  )

  it.live("27. is exported and imported into another one with other keys, and both are sound", () =>
    Effect.gen(function* () {
      const [source, target] = [file().with([first]), file().with([second])]
      yield* waiting(source)
      const lines = yield* Stream.runCollect(Transfer.exportLines()).pipe(Effect.provide(source), Effect.scoped)
      assert.include(lines.join("\n"), "receipt 1 of a book")
      const imported = yield* Transfer.importLines(Stream.fromIterable(lines)).pipe(Effect.provide(target))
      assert.deepStrictEqual(imported, { imported: 1, present: 0, refused: [] })
      for (const store of [source, target]) {
        const verdicts = yield* Stream.runCollect(Verify.stream()).pipe(Effect.provide(store))
        assert.deepStrictEqual(
          verdicts.map(({ faults }) => faults),
          [[]]
        )
      }
      assert.deepStrictEqual(yield* finished(target), done)
    })
  )

  it.live("27. encrypts what transactions write, and undoes it with them", () =>
    Effect.gen(function* () {
      const filename = freshFile()
      const store: Layer.Layer<WorkflowStore | Transactions, unknown> = encrypted(Sqlite.layer({ filename }), {}, [
        first
      ])
      const Deed = Workflow.make("Deed", { input: Schema.String, workflowId: (text) => text })
      const live = Deed.toLayer((text) => Write(text)).pipe(
        Layer.provide(
          Write.toLayer((text) =>
            Effect.flatMap(SqlClient.SqlClient, (sql) =>
              Effect.orDie(Effect.asVoid(sql`INSERT INTO deeds (text) VALUES (${`row of ${text}`})`))
            )
          )
        ),
        Layer.provideMerge(DefaultExecutor.layer),
        Layer.provideMerge(store)
      )
      const context = yield* Layer.build(live)
      const within = <A, E>(text: string, end: Effect.Effect<A, E>) =>
        Effect.gen(function* () {
          const sql = yield* SqlClient.SqlClient
          yield* sql`CREATE TABLE IF NOT EXISTS deeds (text TEXT)`
          yield* Deed.start(text)
          return yield* end
        }).pipe(SqlExecutor.withinTransaction, Effect.provideContext(context))
      yield* Effect.exit(within("undone", Effect.fail("no")))
      yield* within("a deed", Effect.void)
      yield* Deed.execute("a deed").pipe(Effect.provideContext(context))
      const found = yield* Context.get(context, WorkflowStore).list()
      assert.deepStrictEqual(
        found.executions.map(({ status, workflowId }) => [workflowId, status]),
        [["a deed", "completed"]]
      )
      const raw = Context.get(yield* Layer.build(Layer.fresh(Sqlite.layer({ filename }))), WorkflowStore)
      const stored = Option.getOrThrow(yield* raw.load("a deed" as never))
      assert.isTrue(
        stored.commits.every(({ events }) => "sealed" in events[0]!),
        "each commit is encrypted"
      )
      assert.notInclude(JSON.stringify(stored.commits.map(({ events }) => events)), '"input":"a deed"')
    })
  )

  it.live("27. is read with a codec over another one, and with no less than both", () =>
    Effect.gen(function* () {
      const store = file()
      const both = (outer: PayloadKey, inner: PayloadKey) => encrypted(store.with([inner]), {}, [outer])
      yield* waiting(both(second, first))
      const refused = yield* open(both(first, first))
      for (const refusal of yield* refused.run(refusals)) {
        assert.deepInclude(refusal, { _tag: "Undecryptable", fault: "MissingKey", keyId: "second" })
      }
      yield* refused.stop
      assert.deepStrictEqual(yield* finished(both(second, first)), done)
    })
  )

  it.live("decrypts a long history without keeping the process from other work", () =>
    Effect.gen(function* () {
      const context = yield* Layer.build(encrypted(Memory.layer, {}, [first]))
      const store = Context.get(context, WorkflowStore)
      let { summary } = yield* Effect.tap(Effect.succeed(start("a book" as never)), store.save)
      for (let commit = 0; commit < 3000; commit++) {
        const next = after(summary)
        yield* store.save(next)
        summary = next.summary
      }
      let turns = 0
      yield* Effect.forkScoped(
        Effect.forever(
          Effect.andThen(
            Effect.yieldNow,
            Effect.sync(() => turns++)
          )
        )
      )
      yield* Effect.yieldNow
      turns = 0
      assert.strictEqual(Option.getOrThrow(yield* store.load(summary.workflowId)).commits.length, 3001)
      assert.isAtLeast(turns, 1)
    })
  )
})
