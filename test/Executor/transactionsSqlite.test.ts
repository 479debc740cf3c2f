/** Transactional activities on SQLite, where handlers share the connection of the store. */
import { assert, it } from "@effect/vitest"
import { Context, Effect, Exit, Fiber, Layer, Schema } from "effect"
import { SqlClient } from "effect/sql"
import { Activity, RetryPolicy, Workflow } from "perdure"
import { Transactions } from "perdure/Store/Transactions"
import * as Bank from "../support/bank.ts"
import { onSqlite as fresh } from "./transactionPlaces.ts"
import * as Faults from "./transactionFaults.ts"
import { events, onBank, type Place, suite } from "./transactions.ts"

suite("SQLite", fresh)
Faults.suite("SQLite", fresh)

const transferring = (handler: Parameters<typeof Bank.Transfer.toLayer>[0]) =>
  Bank.Order.toLayer((input) => Bank.Transfer(input)).pipe(Layer.provide(Bank.Transfer.toLayer(handler as never)))

const untouched = Effect.fnUntraced(function* ({ look }: Place) {
  assert.deepStrictEqual(yield* look("SELECT cents FROM accounts"), [{ cents: 1000 }, { cents: 1000 }])
})

it.live("23. a layer of handlers without transactions says which store has some", () =>
  Effect.gen(function* () {
    const unchecked = Bank.Transfer.toLayer(() => Effect.succeed(0)) as unknown as Layer.Layer<never>
    const exit = yield* Effect.exit(Effect.scoped(Layer.build(unchecked)))
    assert.include(String(exit), "activity Transfer is transactional: give its layer the store of its executor")
  })
)

let late: Exit.Exit<unknown, unknown> | undefined

it.live("23. a handler that suspends is a defect that says why, and writes nothing, then or later", () =>
  Effect.gen(function* () {
    const place = yield* fresh
    const slow = transferring((input) =>
      Bank.moved(input).pipe(
        Effect.tap(() => Effect.sleep("1 milli")),
        Effect.orDie,
        Effect.onInterrupt(() =>
          Effect.sleep("20 millis").pipe(
            Effect.andThen(Effect.exit(Bank.moved({ ...input, name: "late" }))),
            Effect.map((exit) => void (late = exit))
          )
        )
      )
    )
    yield* onBank(
      place,
      slow,
      Effect.gen(function* () {
        const exit = yield* Effect.exit(Bank.Order.execute(Bank.transfer("slow"), { workflowId: "slow" }))
        assert.include(String(exit), "the handler has suspended, and on SQLite it must run to its end at once")
        yield* untouched(place)
        yield* Effect.sleep("100 millis")
        assert.include(String(late), "the transaction is over, and this is a fiber that it has left behind")
        yield* untouched(place)
      })
    )
  })
)

const ending = transferring(
  Effect.fnUntraced(function* (input) {
    const sql = yield* SqlClient.SqlClient
    yield* Bank.moved(input)
    yield* Effect.ignore(sql.unsafe("CREATE TABLE IF NOT EXISTS once (id INTEGER PRIMARY KEY)"))
    yield* sql.unsafe(input.name)
    return 1
  }, Effect.orDie)
)

const exitOf = (name: string) => Effect.exit(Bank.Order.execute(Bank.transfer(name), { workflowId: name }))

it.live("23. a handler cannot end the transaction of the store", () =>
  Effect.gen(function* () {
    const place = yield* fresh
    yield* onBank(
      place,
      ending,
      Effect.gen(function* () {
        const all = ["COMMIT", " end", "ROLLBACK", "begin", "/**/ ROLLBACK", "; COMMIT", "-- a\n/* b */ COMMIT"]
        const parts = ["SAVEPOINT mine", "RELEASE perdure_handler", "ROLLBACK TO perdure_handler"]
        for (const name of [...all, ...parts]) {
          assert.include(String(yield* exitOf(name)), "the transaction is that of the store, which ends it", name)
          yield* untouched(place)
        }
      })
    )
  })
)

it.live(
  "23. a statement of a handler with which SQLite ends the transaction undoes that handler, and no other one",
  () =>
    Effect.gen(function* () {
      const place = yield* fresh
      yield* onBank(
        place,
        ending,
        Effect.gen(function* () {
          assert.isTrue(Exit.isSuccess(yield* exitOf("INSERT INTO once VALUES (1)")))
          const spoiling = "INSERT OR ROLLBACK INTO once VALUES (1)"
          const exit = String(yield* exitOf(spoiling))
          assert.include(
            exit,
            "the handler has ended the transaction of the store, which a statement did: UNIQUE constraint"
          )
          // Others that shared the transaction run again, and take effect.
          const names = ["SELECT 1", "SELECT 2", ` ${spoiling}`, "SELECT 3", `  ${spoiling}`, "SELECT 4"]
          const exits = yield* Effect.forEach(names, exitOf, { concurrency: "unbounded" })
          assert.deepStrictEqual(exits.map(Exit.isSuccess), [true, true, false, true, false, true])
          const made = yield* place.look("SELECT number FROM transfers ORDER BY number")
          assert.deepStrictEqual(
            made.map((row) => row["number"]),
            ["INSERT INTO once VALUES (1)", "SELECT 1", "SELECT 2", "SELECT 3", "SELECT 4"]
          )
        })
      )
    })
)

it.live("23. other executions go on as they were after what a handler wrote was undone", () =>
  Effect.gen(function* () {
    const place = yield* fresh
    const Count = Workflow.make("Count", { input: Schema.Int, success: Schema.Int })
    const Plain = Activity.make("Plain", { input: Schema.Int, success: Schema.Int })
    const counting = Count.toLayer(
      Effect.fnUntraced(function* (number) {
        let sum = 0
        for (let step = 0; step < 20; step++) sum += yield* Plain(number)
        return sum
      })
    ).pipe(Layer.provide(Plain.toLayer(Effect.succeed)))
    const failing = transferring((input) =>
      Effect.andThen(Effect.orDie(Bank.moved(input)), Effect.die(new Error("no")))
    )
    yield* onBank(
      place,
      Layer.merge(counting, failing),
      Effect.gen(function* () {
        const counts = yield* Effect.forkChild(
          Effect.forEach([1, 2, 3, 4, 5], (number) => Count.execute(number, { workflowId: `count ${number}` }), {
            concurrency: "unbounded"
          })
        )
        yield* Effect.forEach(
          Array.from({ length: 20 }, (_, number) => `fails ${number}`),
          (name) => Effect.exit(Bank.Order.execute(Bank.transfer(name), { workflowId: name })),
          { concurrency: 4 }
        )
        assert.deepStrictEqual(yield* Fiber.join(counts), [20, 40, 60, 80, 100])
        yield* untouched(place)
      })
    )
  })
)

it.live("23. transactions of another database than that of the executor are a defect that says so", () =>
  Effect.gen(function* () {
    const [place, other] = [yield* fresh, yield* fresh]
    const elsewhere = Bank.Order.toLayer((input) => Bank.Transfer(input)).pipe(
      Layer.provide(Bank.TransferLive.pipe(Layer.provide(other.store)))
    )
    yield* onBank(
      place,
      elsewhere,
      Effect.gen(function* () {
        const exit = yield* Effect.exit(Bank.Order.execute(Bank.transfer("away"), { workflowId: "away" }))
        assert.include(String(exit), "the execution is not in the database of the transactions of activity Transfer")
      })
    )
  })
)

it.live("23. a handler that was at work for longer than its timeout is undone, though it has let no timer go off", () =>
  Effect.gen(function* () {
    const place = yield* fresh
    const Short = Activity.transactional("Transfer", {
      input: Bank.TransferInput,
      success: Schema.Int,
      error: Bank.Poor,
      retry: RetryPolicy.none,
      timeout: { attempt: "300 millis" }
    })
    const busy = Short.toLayer((input) =>
      Effect.tap(Effect.orDie(Bank.moved(input)), () =>
        Effect.sync(() => {
          if (input.name === "late") for (const until = performance.now() + 400; performance.now() < until;);
        })
      )
    )
    yield* onBank(
      place,
      Bank.Order.toLayer((input) => Short(input)).pipe(Layer.provide(busy)),
      Effect.gen(function* () {
        assert.include(String(yield* exitOf("late")), "took longer than 300 ms")
        yield* untouched(place)
        const resolved = (yield* events("late")).find(({ _tag }) => _tag === "ActivityResolved")
        assert.deepInclude(resolved, { exit: { _tag: "TimedOut", after: 300 } })
        assert.isTrue(Exit.isSuccess(yield* exitOf("in time")))
      })
    )
  })
)

it.live("23. a result that was committed and is not there is not waited for: another attempt follows", () =>
  Effect.gen(function* () {
    const place = yield* fresh
    let attempts = 0
    let isLost = true
    const losing = Layer.effectContext(
      Effect.map(Layer.build(place.store), (context) => {
        const transactions = Context.get(context, Transactions)
        return Context.add(context, Transactions, {
          ...transactions,
          run: (call, body) =>
            transactions.run(call, (transaction) =>
              Effect.map(body(transaction), (verdict) => {
                if (!isLost || verdict._tag === "Undo" || attempts === 0) return verdict
                isLost = false
                return { _tag: "Undo", value: verdict.value }
              })
            )
        })
      })
    )
    const counted = transferring((input) =>
      Effect.suspend(() => {
        attempts++
        return Effect.orDie(Bank.moved(input))
      })
    )
    yield* onBank(
      { ...place, store: losing },
      counted,
      Effect.gen(function* () {
        assert.strictEqual(yield* Faults.run("lost").pipe(Effect.timeout("15 seconds")), 990)
        assert.strictEqual(attempts, 2)
        assert.deepStrictEqual(yield* Faults.transfers(place), ["lost"])
      })
    )
  })
)
