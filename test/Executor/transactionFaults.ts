/** What handlers may do wrong within their transaction, on any store that has transactions: all of it is told, and none is half done. */
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Exit, Layer } from "effect"
import { SqlClient } from "effect/sql"
import type { SqlError } from "effect/sql/SqlError"
import type { DurableExecutor } from "perdure/Executor/DurableExecutor"
import type { Executions } from "perdure/Executor/Executions"
import * as Bank from "../support/bank.ts"
import { onBank, type Place } from "./transactions.ts"

type Handler = (input: typeof Bank.TransferInput.Type) => Effect.Effect<number, Bank.Poor | SqlError, any>

export const transferring = (handler: Handler) =>
  Bank.Order.toLayer((input) => Bank.Transfer(input)).pipe(
    Layer.provide(
      Bank.Transfer.toLayer(((input: typeof Bank.TransferInput.Type) =>
        Effect.catchTag(handler(input), "SqlError", Effect.die)) as never)
    )
  )

export const run = (name: string) => Bank.Order.execute(Bank.transfer(name), { workflowId: name })

export const exitOf = (name: string) => Effect.exit(run(name))

export const transfers = ({ look }: Place) =>
  Effect.map(look("SELECT number FROM transfers ORDER BY number"), (rows) => rows.map(({ number }) => number))

/** Describes what is told of faults. */
export const suite = (title: string, place: Effect.Effect<Place>): void => {
  const test = (
    name: string,
    handler: Handler,
    body: (place: Place) => Effect.Effect<void, unknown, DurableExecutor | Executions>
  ) => it.live(name, () => Effect.flatMap(place, (place) => onBank(place, transferring(handler), body(place))), 30_000)
  const refused = (name: string, why: string) =>
    Effect.fnUntraced(function* (place: Place) {
      assert.include(String(yield* exitOf(name)), why)
      assert.deepStrictEqual(yield* transfers(place), [])
    })

  describe(`faults of handlers on ${title}`, () => {
    test(
      "23. fibers that a handler forked have ended before its result is saved, and parts of them are undone",
      Effect.fnUntraced(function* (input) {
        const sql = yield* SqlClient.SqlClient
        const left = yield* Bank.moved(input)
        const began = yield* Deferred.make<void>()
        const part = Bank.moved({ ...input, name: "of a part" }).pipe(
          Effect.andThen(Deferred.succeed(began, undefined)),
          Effect.andThen(Effect.never)
        )
        yield* Effect.forkChild(sql.withTransaction(part))
        yield* Deferred.await(began)
        return left
      }),
      Effect.fnUntraced(function* (place) {
        assert.strictEqual(yield* run("whole"), 990)
        assert.deepStrictEqual(yield* transfers(place), ["whole"])
      })
    )

    test(
      "23. a handler that interrupts itself is undone, and ends as it does without a transaction",
      (input) => Effect.andThen(Bank.moved(input), Effect.interrupt),
      refused("interrupted", "the handler of activity Transfer interrupted itself")
    )

    test(
      "23. a handler that ends before a part of its transaction is undone, and told so",
      Effect.fnUntraced(function* (input) {
        const sql = yield* SqlClient.SqlClient
        const left = yield* Bank.moved(input)
        const part = Effect.andThen(sql`SELECT 1`, Effect.never)
        yield* Effect.forkDetach(sql.withTransaction(part), { startImmediately: true })
        return left
      }),
      refused("left", "the handler has ended before a part of its transaction")
    )

    test(
      "23. a statement beside a part that is open is refused: it would be undone with that",
      Effect.fnUntraced(function* (input) {
        const sql = yield* SqlClient.SqlClient
        const began = yield* Deferred.make<void>()
        const part = Effect.andThen(Deferred.succeed(began, undefined), Effect.never)
        yield* Effect.forkChild(sql.withTransaction(part))
        yield* Deferred.await(began)
        return yield* Bank.moved(input)
      }),
      refused("beside", "a part of this transaction is open in another fiber")
    )

    let late: Exit.Exit<unknown, unknown> | undefined
    test(
      "23. a fiber that a handler leaves behind writes nothing any more",
      Effect.fnUntraced(function* (input) {
        const left = yield* Bank.moved(input)
        const writes = Bank.moved({ ...input, name: "late" })
        yield* Effect.forkDetach(
          Effect.delay(Effect.exit(writes), "50 millis").pipe(Effect.map((exit) => void (late = exit)))
        )
        return left
      }),
      Effect.fnUntraced(function* (place) {
        yield* run("in time")
        yield* Effect.sleep("300 millis")
        assert.match(String(late), /the transaction (of this handler has ended|is over)/)
        assert.deepStrictEqual(yield* transfers(place), ["in time"])
      })
    )

    test(
      "23. parts at once go one after the other, and each is undone alone",
      Effect.fnUntraced(function* (input) {
        const sql = yield* SqlClient.SqlClient
        const part = (number: number) =>
          Bank.moved({ ...input, name: `part ${number}` }).pipe(
            Effect.andThen(Effect.yieldNow),
            Effect.andThen(number % 2 === 0 ? Effect.void : Effect.fail("undone")),
            sql.withTransaction,
            Effect.ignore
          )
        yield* Effect.forEach(
          Array.from({ length: 10 }, (_, number) => number),
          part,
          { concurrency: "unbounded" }
        )
        return 1
      }),
      Effect.fnUntraced(function* (place) {
        yield* run("parts")
        assert.deepStrictEqual(
          yield* transfers(place),
          [0, 2, 4, 6, 8].map((number) => `part ${number}`)
        )
      })
    )

    test(
      "23. what is refused at the end of the transaction ends the call, and no other one",
      Effect.fnUntraced(function* (input) {
        const sql = yield* SqlClient.SqlClient
        yield* Bank.moved(input)
        if (input.name === "tables") {
          yield* sql`CREATE TABLE parents (id INTEGER PRIMARY KEY)`
          yield* sql`CREATE TABLE children (parent INTEGER REFERENCES parents DEFERRABLE INITIALLY DEFERRED)`
        }
        if (input.name === "bad") yield* sql`INSERT INTO children VALUES (77)`
        return 1
      }),
      Effect.fnUntraced(function* (place) {
        yield* run("tables")
        const exits = yield* Effect.forEach(["1", "2", "bad", "3"], exitOf, { concurrency: "unbounded" })
        assert.deepStrictEqual(exits.map(Exit.isSuccess), [true, true, false, true])
        assert.match(String(exits[2]), /refuses to commit: .*foreign key constraint/i)
        assert.deepStrictEqual(yield* transfers(place), ["1", "2", "3", "tables"])
      })
    )

    for (const statement of ["COMMIT", "/* a */ ;-- b\n COMMIT", "ROLLBACK", "end", "BEGIN"]) {
      test(
        `23. a handler cannot end its transaction: ${JSON.stringify(statement)}`,
        Effect.fnUntraced(function* (input) {
          const sql = yield* SqlClient.SqlClient
          yield* Bank.moved(input)
          yield* Effect.exit(sql.unsafe(statement))
          const [refused] = yield* Effect.all([Effect.exit(sql.unsafe(statement)), sql`SELECT 1`])
          return yield* Effect.die(new Error(String(refused)))
        }),
        refused("ends", "the transaction is that of the store, which ends it")
      )
    }
  })
}
