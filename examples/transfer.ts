/**
 * Money that is moved exactly once: what a handler writes to the database of the store, and its result, take effect together. With a
 * file, kill it at any moment and start it again: the accounts always add up.
 */
import { Console, Effect, Layer, Logger, Schema } from "effect"
import { SqlClient } from "effect/sql"
import { Activity, Workflow } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import * as SqliteStore from "perdure/Store/Sqlite"

const Move = Schema.Struct({ from: Schema.String, to: Schema.String, cents: Schema.Int })

const Open = Activity.transactional("Open", { input: Schema.Array(Schema.String) })
const Transfer = Activity.transactional("Transfer", { input: Move, success: Schema.Int })
const Sum = Activity.transactional("Sum", { success: Schema.Int })

const OpenLive = Open.toLayer(
  Effect.fn("Open")(function* (names) {
    const sql = yield* SqlClient.SqlClient
    yield* sql`CREATE TABLE accounts (name TEXT PRIMARY KEY, cents INTEGER NOT NULL)`
    for (const name of names) yield* sql`INSERT INTO accounts ${sql.insert({ name, cents: 1000 })}`
  }, Effect.orDie)
)

const TransferLive = Transfer.toLayer(
  Effect.fn("Transfer")(function* ({ cents, from, to }) {
    const sql = yield* SqlClient.SqlClient
    yield* sql`UPDATE accounts SET cents = cents - ${cents} WHERE name = ${from}`
    // A process that dies here has moved nothing.
    const [found] = yield* sql<{ cents: number }>`
      UPDATE accounts SET cents = cents + ${cents} WHERE name = ${to} RETURNING cents
    `
    return found!.cents
  }, Effect.orDie)
)

const SumLive = Sum.toLayer(
  Effect.fn("Sum")(function* () {
    const sql = yield* SqlClient.SqlClient
    const [found] = yield* sql<{ sum: number }>`SELECT SUM(cents) AS sum FROM accounts`
    return found!.sum
  }, Effect.orDie)
)

const Day = Workflow.make("Day", { success: Schema.String })
const DayLive = Day.toLayer(
  Effect.fn("Day")(function* () {
    yield* Open(["Ada", "Grace", "Alan"])
    const grace = yield* Transfer({ from: "Ada", to: "Grace", cents: 300 })
    const alan = yield* Transfer({ from: "Grace", to: "Alan", cents: 250 })
    return `Grace had ${grace} cents, Alan has ${alan}, and all have ${yield* Sum()}`
  })
)

const Main = DayLive.pipe(
  Layer.provide([OpenLive, TransferLive, SumLive]),
  Layer.provideMerge(DefaultExecutor.layer),
  Layer.provide(SqliteStore.layer({ filename: process.argv[2] ?? ":memory:" })),
  // The log goes to stderr, so that only the output of the example is on stdout.
  Layer.provide(Layer.succeed(Logger.LogToStderr, true))
)

const program = Effect.flatMap(Day.execute(undefined, { workflowId: "monday" }), Console.log)

await Effect.runPromise(Effect.provide(program, Main))

// Output:
// Grace had 1300 cents, Alan has 1250, and all have 3000
