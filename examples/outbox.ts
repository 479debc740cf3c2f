/**
 * Orders whose rows and workflows begin together: no table of messages to be sent, and no loop that sends them. With a file, kill it at any
 * moment and start it again: no order is without its workflow, and no parcel is sent twice.
 */
import { Console, Effect, Layer, Logger, Schema } from "effect"
import { SqlClient } from "effect/sql"
import { Activity, Signal, Workflow } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import * as SqlExecutor from "perdure/Executor/Sql"
import * as SqliteStore from "perdure/Store/Sqlite"

class SoldOut extends Schema.TaggedError<SoldOut>()("SoldOut", { id: Schema.String }) {}

const Paid = Signal.make("paid", { payload: Schema.Int })
const Send = Activity.transactional("Send", { input: Schema.String })
const Order = Workflow.make("Order", {
  input: Schema.String,
  success: Schema.String,
  workflowId: (id) => `order/${id}`
})

const SendLive = Send.toLayer(
  Effect.fn("Send")(function* (id) {
    const sql = yield* SqlClient.SqlClient
    yield* sql`UPDATE orders SET state = 'sent' WHERE id = ${id}`
  }, Effect.orDie)
)

const OrderLive = Order.toLayer(
  Effect.fn("Order")(function* (id) {
    const cents = yield* Paid.receive
    yield* Send(id)
    return `${id} is sent for ${cents} cents`
  })
)

const open = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`CREATE TABLE IF NOT EXISTS orders (id TEXT PRIMARY KEY, state TEXT NOT NULL)`
}).pipe(SqlExecutor.withinTransaction)

/** Places an order of a shop that has two pieces; again, it finds the one that is there. */
const place = Effect.fn("place")(function* (id: string) {
  const sql = yield* SqlClient.SqlClient
  yield* sql`INSERT INTO orders (id, state) VALUES (${id}, 'placed') ON CONFLICT (id) DO NOTHING`
  const order = yield* Order.start(id)
  // A process that dies here has placed nothing.
  const [found] = yield* sql<{ count: number }>`SELECT count(*) AS count FROM orders`
  if (found!.count > 2) return yield* new SoldOut({ id })
  return order
}, SqlExecutor.withinTransaction)

/** Takes the payment of an order: its row says so, and its workflow hears of it, once. */
const pay = Effect.fn("pay")(function* (id: string, cents: number) {
  const sql = yield* SqlClient.SqlClient
  const paid = yield* sql`UPDATE orders SET state = 'paid' WHERE id = ${id} AND state = 'placed' RETURNING id`
  if (paid.length > 0) yield* Paid.send(`order/${id}`, cents)
}, SqlExecutor.withinTransaction)

const program = Effect.gen(function* () {
  yield* open
  const orders = [yield* place("a book"), yield* place("a lamp")]
  const none = yield* Effect.flip(place("a chair"))
  yield* Console.log(none._tag === "SoldOut" ? `${none.id} is sold out, and no workflow waits for it` : none)
  yield* pay("a book", 1200)
  yield* pay("a book", 1200)
  yield* pay("a lamp", 3000)
  for (const { result } of orders) yield* Effect.flatMap(result, Console.log)
})

const Main = OrderLive.pipe(
  Layer.provide(SendLive),
  Layer.provideMerge(DefaultExecutor.layer),
  Layer.provideMerge(SqliteStore.layer({ filename: process.argv[2] ?? ":memory:" })),
  // The log goes to stderr, so that only the output of the example is on stdout.
  Layer.provide(Layer.succeed(Logger.LogToStderr, true))
)

await Effect.runPromise(Effect.provide(program, Main))

// Output:
// a chair is sold out, and no workflow waits for it
// a book is sent for 1200 cents
// a lamp is sent for 3000 cents
