/** What transactions of an app promise that start executions and send to them, on any store that has transactions. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Exit, Layer, Schema, Stream } from "effect"
import { SqlClient } from "effect/sql"
import { Activity, Hooks, Query, Workflow } from "perdure"
import * as Executor from "perdure/Executor/Default"
import { DurableExecutor } from "perdure/Executor/DurableExecutor"
import { Executions } from "perdure/Executor/Executions"
import * as SqlExecutor from "perdure/Executor/Sql"
import * as MemoryStore from "perdure/Store/Memory"
import { type Transactions } from "perdure/Store/Transactions"
import { WorkflowStore } from "perdure/Store/WorkflowStore"
import * as FaultyStore from "../suites/executor/FaultyStore.ts"
import * as Shop from "../support/shop.ts"
import { soon } from "../support/soon.ts"
import type { Place } from "./transactions.ts"

export const { withinTransaction } = SqlExecutor

/** What a test has. */
export type Given = Executor.Services | WorkflowStore | Transactions

/** Runs a test on a shop of its own, with a worker. */
export const inShop = <A, E>(
  { store }: Pick<Place, "store">,
  test: Effect.Effect<A, E, Given>,
  workflows: Layer.Layer<never, unknown, Given> = Shop.OrderLive
) =>
  Effect.andThen(Shop.open, test).pipe(
    Effect.provide(
      workflows.pipe(
        Layer.provideMerge(Executor.layer({ heartbeatInterval: "200 millis", lease: "1 second" })),
        Layer.provideMerge(store)
      )
    )
  )

export const orders = ({ look }: Place) =>
  Effect.map(look("SELECT id FROM orders ORDER BY id"), (rows) => rows.map(({ id }) => id))

/** The ids of all executions. */
export const executions = Effect.flatMap(Executions, ({ list }) =>
  Effect.map(list(), (page) => page.executions.map(({ workflowId }) => workflowId).toSorted())
)

/** The reason of the `WorkflowError`, or of the `StoreError`, that an effect fails with. */
export const reason = <A, R>(effect: Effect.Effect<A, unknown, R>) =>
  Effect.match(effect, {
    onFailure: (error) => (error as { readonly reason: { readonly _tag: string } }).reason._tag,
    onSuccess: () => "it succeeded"
  })

const messageOf = <A, R>(effect: Effect.Effect<A, unknown, R>) =>
  Effect.match(effect, { onFailure: (error) => (error as Error).message, onSuccess: () => "it succeeded" })

/** Describes the promises. */
export const suite = (title: string, place: Effect.Effect<Place>): void => {
  const test = <L>(
    name: string,
    body: (place: Place) => Effect.Effect<void, unknown, Given>,
    workflows?: Layer.Layer<never, L, Given>
  ) => it.live(name, () => Effect.flatMap(place, (place) => inShop(place, body(place), workflows)), 30_000)

  describe(`transactions of an app on ${title}`, () => {
    test(
      "24. a row and the execution that is started with it are there together",
      Effect.fnUntraced(function* (place) {
        const order = yield* Shop.place("one", 1)
        assert.isTrue(order.created)
        assert.deepStrictEqual([yield* orders(place), yield* executions], [["one"], ["one"]])
        yield* Shop.Note.send(order, "hello")
        assert.deepStrictEqual(yield* order.result, ["hello"])
      })
    )

    for (const [how, end] of [
      ["fails", new Shop.SoldOut({ id: "gone" })],
      ["dies", Effect.die(new Error("out of order"))],
      ["is interrupted", Effect.interrupt]
    ] as const) {
      test(
        `24. of one that ${how} there is nothing: no row, no execution, no message, and nobody hears of any`,
        Effect.fnUntraced(function* (place) {
          const other = yield* Shop.place("other", 1)
          const told: Array<unknown> = []
          const { changes } = yield* WorkflowStore
          yield* Effect.forkScoped(Stream.runForEach(changes, (batch) => Effect.sync(() => told.push(...batch))))
          yield* soon(Effect.map(other.status, (status) => assert.strictEqual(status, "running")))
          yield* Effect.sleep("300 millis")
          told.length = 0
          const exit = yield* Effect.gen(function* () {
            yield* Shop.both("gone")
            yield* Shop.Note.send("other", "from what is undone")
            yield* Shop.Order.start({ id: "more", notes: 0 }, { workflowId: "more" })
            return yield* end
          }).pipe(withinTransaction, Effect.exit)
          assert.isTrue(Exit.isFailure(exit))
          if (how === "fails") assert.deepStrictEqual(exit, Exit.fail(new Shop.SoldOut({ id: "gone" })))
          if (how === "dies") assert.include(String(exit), "out of order")
          assert.deepStrictEqual([yield* orders(place), yield* executions], [["other"], ["other"]])
          assert.strictEqual(yield* reason(Shop.Order.handle("gone")), "NotFound")
          assert.strictEqual(yield* Effect.flatMap(Executions, ({ count }) => count()), 1)
          yield* Effect.sleep("100 millis")
          assert.deepStrictEqual(told, [])
          // What was undone leaves its ids free.
          yield* Shop.place("gone")
          yield* Shop.Note.send(other, "a real one")
          assert.deepStrictEqual(yield* other.result, ["a real one"])
        }, Effect.scoped)
      )
    }

    test(
      "24. what is started can be sent to, found and ended in the same transaction",
      Effect.fnUntraced(function* () {
        const found = yield* Effect.gen(function* () {
          const order = yield* Shop.both("one", 3)
          yield* Shop.Note.send(order, "first")
          yield* Shop.Note.send("one", "second")
          const again = yield* Shop.Order.handle("one")
          assert.strictEqual(again.runId, order.runId)
          const input = { id: "one", notes: 3 }
          yield* Shop.Note.sendOrStart(Shop.Order, input, "third", { workflowId: "one" })
          const other = yield* Shop.Note.sendOrStart(Shop.Order, { id: "new", notes: 1 }, "with it", {
            workflowId: "new"
          })
          const ended = yield* Shop.both("ended", 1)
          yield* ended.cancel("not wanted")
          assert.strictEqual(yield* reason(Shop.Note.send(ended, "late")), "Finished")
          const stopped = yield* Shop.both("stopped", 1)
          yield* stopped.terminate("no")
          return [order, other, ended, stopped] as const
        }).pipe(withinTransaction)
        assert.deepStrictEqual(yield* found[0].result, ["first", "second", "third"])
        assert.deepStrictEqual(yield* found[1].result, ["with it"])
        assert.strictEqual(yield* reason(found[2].result), "Cancelled")
        assert.strictEqual(yield* reason(found[3].result), "Terminated")
      })
    )

    test(
      "24. starts and messages have the answers that they have outside",
      Effect.fnUntraced(function* () {
        const before = yield* Shop.Order.start({ id: "one", notes: 0 }, { workflowId: "one" })
        yield* before.result
        const start = (input: { id: string; notes: number }, whenExists?: "return" | "fail" | "restart") =>
          Shop.Order.start(input, { workflowId: "one", whenExists })
        const Other = Workflow.make("Other")
        const again = yield* Effect.gen(function* () {
          assert.strictEqual((yield* start({ id: "one", notes: 0 })).created, false)
          assert.strictEqual(yield* reason(start({ id: "one", notes: 0 }, "fail")), "AlreadyExists")
          assert.strictEqual(yield* reason(start({ id: "one", notes: 5 })), "AlreadyExists")
          assert.strictEqual(yield* reason(Other.start(undefined, { workflowId: "one" })), "AlreadyExists")
          assert.strictEqual(yield* reason(Other.handle("one")), "WrongWorkflow")
          assert.strictEqual(yield* reason(Shop.Note.send("one", "late")), "Finished")
          assert.strictEqual(yield* reason(Shop.Note.send("nobody", "hello")), "NotFound")
          assert.strictEqual(yield* reason(Shop.Order.handle("nobody")), "NotFound")
          assert.strictEqual(
            yield* reason(
              start({ id: "one", notes: 0 }, undefined).pipe(
                Effect.andThen(Other.start(undefined, { workflowId: "x".repeat(2000) }))
              )
            ),
            "InvalidId"
          )
          const again = yield* start({ id: "one", notes: 1 }, "restart")
          assert.isTrue(again.created)
          assert.strictEqual(yield* reason(Shop.Note.send(before, "to the old one")), "Restarted")
          assert.strictEqual((yield* start({ id: "one", notes: 1 }, "restart")).runId, again.runId)
          yield* Shop.Note.send(again, "to the new one")
          return again
        }).pipe(withinTransaction)
        assert.deepStrictEqual(yield* again.result, ["to the new one"])
        assert.deepStrictEqual(yield* before.result, [])
        yield* Effect.flatMap(Executions, (executions) => executions.delete("one"))
        const third = yield* withinTransaction(start({ id: "one", notes: 0 }))
        assert.isTrue(third.created)
        assert.deepStrictEqual(yield* third.result, [])
      })
    )

    const Message = Workflow.make("Message", { input: Schema.String })
    test(
      "24. a new run first delivers what the one before owes, in the same transaction",
      Effect.fnUntraced(function* () {
        const order = yield* Shop.Order.start({ id: "one", notes: 1 }, { workflowId: "one" })
        const store = yield* WorkflowStore
        const link = FaultyStore.make(store, { begun: 0, underWay: 0 })
        const elsewhere = yield* Layer.build(
          Message.toLayer((to) =>
            Effect.asVoid(Effect.forkChild(Shop.Note.send(to, "owed"), { startImmediately: true }))
          ).pipe(
            Layer.provideMerge(Executor.layer({ heartbeatInterval: "5 seconds", lease: "20 seconds" })),
            Layer.provide(Layer.succeed(WorkflowStore, link.store))
          )
        )
        // It reads where the message goes; what comes after that is lost.
        link.fault = (operation) => (operation === "load" ? "unasked" : undefined)
        const message = yield* Effect.provideContext(Message.start("one", { workflowId: "message" }), elsewhere)
        yield* soon(
          Effect.map(message.describe, ({ owed, status }) => assert.deepStrictEqual([status, owed], ["completed", 1]))
        )
        const again = yield* withinTransaction(
          Message.start("nobody", { workflowId: "message", whenExists: "restart" })
        )
        assert.isTrue(again.created)
        assert.deepStrictEqual(yield* order.result, ["owed"])
      }, Effect.scoped)
    )

    test(
      "24. a start keeps its attributes, memo and timeout",
      Effect.fnUntraced(function* () {
        const order = yield* Shop.Order.start(
          { id: "one", notes: 1 },
          { workflowId: "one", attributes: { customer: "Ada" }, memo: { note: 1 }, timeout: "300 millis" }
        ).pipe(withinTransaction)
        assert.deepInclude(yield* order.describe, { attributes: { customer: "Ada" }, memo: { note: 1 } })
        assert.strictEqual(yield* reason(order.result), "TimedOut")
        const page = yield* Effect.flatMap(Executions, ({ list }) => list({ attributes: { customer: "Ada" } }))
        assert.lengthOf(page.executions, 1)
      })
    )

    const Look = Query.make("look", { success: Schema.String })
    test(
      "24. what waits for an answer is refused, and says why",
      Effect.fnUntraced(function* (place) {
        const order = yield* Shop.place("one", 1)
        const refused = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
          Effect.map(reason(withinTransaction(effect)), (found) => assert.strictEqual(found, "InTransaction"))
        yield* refused(order.result)
        yield* refused(Shop.Ask.execute("one"))
        yield* refused(order.ask(Look))
        yield* refused(
          Effect.andThen(Shop.row("two"), Shop.Order.execute({ id: "two", notes: 0 }, { workflowId: "two" }))
        )
        assert.include(
          yield* messageOf(withinTransaction(order.result)),
          "wait for results, ask for updates and query after it"
        )
        assert.deepStrictEqual([yield* orders(place), yield* executions], [["one"], ["one"]])
        assert.strictEqual(yield* Shop.Ask.execute("one"), "answer")
      })
    )

    test(
      "24. a part of a transaction is undone alone, with what it started and sent",
      Effect.fnUntraced(function* (place) {
        const sold = new Shop.SoldOut({ id: "x" })
        const order = yield* Effect.gen(function* () {
          const sql = yield* SqlClient.SqlClient
          const order = yield* Shop.both("one", 3)
          yield* Shop.Note.send(order, "before")
          const failing = Effect.gen(function* () {
            yield* Shop.Note.send(order, "undone")
            yield* Shop.both("two")
            yield* Effect.exit(sql.withTransaction(Effect.andThen(Shop.both("deeper"), sold)))
            assert.isTrue((yield* Shop.both("three")).created)
            return yield* sold
          })
          assert.deepStrictEqual(yield* Effect.flip(sql.withTransaction(failing)), sold)
          assert.deepStrictEqual(yield* Effect.flip(withinTransaction(failing)), sold)
          assert.strictEqual(yield* reason(Shop.Order.handle("three")), "NotFound")
          yield* withinTransaction(Shop.Note.send(order, "in a part"))
          yield* sql.withTransaction(Shop.both("four"))
          yield* Shop.Note.send(order, "after")
          return order
        }).pipe(withinTransaction)
        assert.deepStrictEqual(yield* order.result, ["before", "in a part", "after"])
        assert.deepStrictEqual(
          [yield* orders(place), yield* executions],
          [
            ["four", "one"],
            ["four", "one"]
          ]
        )
      })
    )

    test(
      "24. what is too large is refused, and the transaction may go on",
      Effect.fnUntraced(function* (place) {
        const large = "x".repeat(9 * 1024 * 1024)
        yield* Effect.gen(function* () {
          yield* Shop.both("one", 1)
          const found = yield* reason(Shop.Order.start({ id: large, notes: 0 }, { workflowId: "large" }))
          assert.strictEqual(found, "PayloadTooLarge")
          assert.strictEqual(yield* reason(Shop.Note.send("one", large)), "PayloadTooLarge")
        }).pipe(withinTransaction)
        assert.deepStrictEqual([yield* orders(place), yield* executions], [["one"], ["one"]])
      })
    )

    test(
      "24. many at once, of which some fail, are each there as a whole or not at all",
      Effect.fnUntraced(function* (place) {
        const ids = Array.from({ length: 60 }, (_, number) => `order ${String(number).padStart(2, "0")}`)
        const exits = yield* Effect.forEach(
          ids,
          (id, number) =>
            Effect.exit(
              withinTransaction(
                Effect.andThen(Shop.both(id), number % 3 === 0 ? new Shop.SoldOut({ id }) : Effect.void)
              )
            ),
          { concurrency: "unbounded" }
        )
        const made = ids.filter((_, number) => number % 3 !== 0)
        assert.deepStrictEqual(
          ids.filter((_, index) => Exit.isSuccess(exits[index]!)),
          made
        )
        assert.deepStrictEqual([yield* orders(place), yield* executions], [made, made])
        for (const id of made)
          assert.deepStrictEqual(yield* Effect.flatMap(Shop.Order.handle(id), ({ result }) => result), [])
      })
    )

    test(
      "24. a running execution takes the signals of many transactions and of others, each once",
      Effect.fnUntraced(function* () {
        const order = yield* Shop.Order.start({ id: "busy", notes: 40 }, { workflowId: "busy" })
        const notes = Array.from({ length: 40 }, (_, number) => `note ${number}`)
        const send = (note: string, number: number) =>
          number % 2 === 0
            ? withinTransaction(Effect.andThen(Shop.row(note), Shop.Note.send(order, note)))
            : Shop.Note.send(order, note)
        yield* Effect.forEach(notes, send, { concurrency: "unbounded" })
        assert.deepStrictEqual((yield* order.result).toSorted(), notes.toSorted())
      })
    )

    const told: Array<string> = []
    test(
      "24. hooks are told once it has taken effect, and of nothing that is undone",
      Effect.fnUntraced(function* () {
        let before: ReadonlyArray<string> = ["none"]
        yield* Effect.gen(function* () {
          const sql = yield* SqlClient.SqlClient
          yield* Shop.both("one")
          yield* Effect.exit(sql.withTransaction(Effect.andThen(Shop.both("two"), Effect.fail("undone"))))
          const ended = yield* Shop.both("ended", 1)
          yield* ended.terminate("no")
          before = [...told]
        }).pipe(withinTransaction)
        yield* Effect.exit(withinTransaction(Effect.andThen(Shop.both("three"), Effect.fail("undone"))))
        yield* soon(
          Effect.sync(() => assert.deepStrictEqual(told.toSorted(), ["ended ended", "started ended", "started one"]))
        )
        yield* Effect.sleep("100 millis")
        assert.deepStrictEqual([before, told.length], [[], 3])
      }),
      Shop.OrderLive.pipe(
        Layer.provideMerge(
          Hooks.layer(
            Hooks.make([Shop.Order], {
              onWorkflowStart: ({ workflowId }) => Effect.sync(() => void told.push(`started ${workflowId}`)),
              onWorkflowFail: ({ workflowId }) => Effect.sync(() => void told.push(`ended ${workflowId}`))
            })
          )
        )
      )
    )

    const Ship = Activity.transactional("Ship", { input: Schema.String })
    const Shipping = Workflow.make("Shipping", { input: Schema.String })
    let attempts = 0
    test(
      "24. what a transactional activity starts and sends takes effect with its result",
      Effect.fnUntraced(function* (place) {
        const order = yield* Shop.place("noted", 1)
        attempts = 0
        const exit = yield* Effect.exit(Shipping.execute("bad", { workflowId: "shipping bad" }))
        assert.include(String(exit), "no such ship")
        assert.deepStrictEqual([yield* orders(place), yield* executions], [["noted"], ["noted", "shipping bad"]])
        yield* Shipping.execute("good", { workflowId: "shipping good" })
        assert.deepStrictEqual(yield* order.result, ["good is shipped"])
        assert.deepStrictEqual(yield* orders(place), ["good", "noted"])
        assert.deepStrictEqual(yield* Effect.flatMap(Shop.Order.handle("good"), ({ result }) => result), [])
        assert.strictEqual(attempts, 2)
      }),
      Layer.mergeAll(
        Shop.OrderLive,
        Shipping.toLayer((id) => Ship(id)).pipe(
          Layer.provide(
            Ship.toLayer(
              Effect.fnUntraced(function* (id) {
                attempts++
                yield* Shop.both(id)
                yield* Shop.Note.send("noted", `${id} is shipped`)
                // Its own execution, too: the result comes after it.
                yield* Shop.Note.send(`shipping ${id}`, "kept for nobody")
                if (id === "bad") return yield* Effect.die(new Error("no such ship"))
              }, Effect.orDie)
            )
          )
        )
      )
    )

    const Scrap = Activity.transactional("Scrap", { input: Schema.String })
    const Scrapping = Workflow.make("Scrapping", { input: Schema.String, workflowId: (id) => id })
    test(
      "24. a transactional activity may end its own execution, and what it wrote takes effect with that",
      Effect.fnUntraced(function* (place) {
        assert.strictEqual(yield* reason(Scrapping.execute("ended")), "Terminated")
        yield* Scrapping.execute("kept")
        assert.deepStrictEqual(yield* orders(place), ["ended", "kept"])
      }),
      Scrapping.toLayer((id) => Scrap(id)).pipe(
        Layer.provide(
          Scrap.toLayer(
            Effect.fnUntraced(function* (id) {
              yield* Shop.row(id)
              const end = Effect.flatMap(Scrapping.handle(id), ({ terminate }) => terminate("scrapped"))
              // An end that is undone is none.
              yield* id === "ended" ? end : Effect.ignore(withinTransaction(Effect.andThen(end, Effect.fail("kept"))))
            }, Effect.orDie)
          )
        )
      )
    )

    test(
      "24. what is left behind by a transaction that is over is refused",
      Effect.fnUntraced(function* () {
        const left = yield* withinTransaction(Effect.context<DurableExecutor>())
        const late = Shop.Order.start({ id: "late", notes: 0 }, { workflowId: "late" }).pipe(
          Effect.provideContext(left)
        )
        assert.include(yield* messageOf(late), "the transaction is over, and this is a fiber that it has left behind")
        assert.deepStrictEqual(yield* executions, [])
      })
    )

    test(
      "24. an executor on another store refuses, instead of starting where no worker looks",
      Effect.fnUntraced(function* (place) {
        const elsewhere = yield* Layer.build(Layer.provide(Executor.layer, MemoryStore.layer))
        const executor = Context.get(elsewhere, DurableExecutor)
        const wrong = Shop.both("wrong").pipe(Effect.provideService(DurableExecutor, executor))
        assert.include(
          yield* messageOf(withinTransaction(wrong)),
          "the transaction is one of another store than that of the executor"
        )
        assert.deepStrictEqual([yield* orders(place), yield* executions], [[], []])
      }, Effect.scoped)
    )

    test(
      "24. a process without programs starts and sends, and workers elsewhere go on with it",
      Effect.fnUntraced(function* () {
        const store = yield* Effect.context<WorkflowStore | Transactions>()
        const client = yield* Layer.build(Executor.layer.pipe(Layer.provide(Layer.succeedContext(store))))
        const order = yield* Shop.place("away", 2).pipe(Effect.provideContext(Context.merge(store, client)))
        yield* soon(Effect.map(order.describe, ({ owner }) => assert.isDefined(owner)))
        const notes = Effect.andThen(Shop.Note.send("away", "one"), Shop.Note.send("away", "two"))
        yield* withinTransaction(notes).pipe(Effect.provideContext(Context.merge(store, client)))
        assert.deepStrictEqual(yield* order.result, ["one", "two"])
      }, Effect.scoped)
    )
  })
}
