/** A shop whose orders are in the database of the store: rows and executions that begin together. */
import { Effect, Schema } from "effect"
import { SqlClient } from "effect/sql"
import { Signal, Update, Workflow } from "perdure"
import * as SqlExecutor from "perdure/Executor/Sql"

export class SoldOut extends Schema.TaggedError<SoldOut>()("SoldOut", { id: Schema.String }) {}

export const Note = Signal.make("note", { payload: Schema.String })
export const Ask = Update.make("ask", { success: Schema.String })

/** An order that takes so many notes, and ends with them. */
export const Order = Workflow.make("Order", {
  input: Schema.Struct({ id: Schema.String, notes: Schema.Int }),
  success: Schema.Array(Schema.String)
})

export const OrderLive = Order.toLayer(
  Effect.fnUntraced(function* ({ notes }) {
    yield* Ask.handle(() => Effect.succeed("answer"))
    const taken: Array<string> = []
    while (taken.length < notes) taken.push(yield* Note.receive)
    return taken
  })
)

export const open = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`CREATE TABLE orders (id TEXT PRIMARY KEY, state TEXT NOT NULL)`
}).pipe(SqlExecutor.withinTransaction)

export const row = Effect.fnUntraced(function* (id: string, state = "new") {
  const sql = yield* SqlClient.SqlClient
  yield* sql`INSERT INTO orders ${sql.insert({ id, state })}`
})

/** A row and an execution. */
export const both = Effect.fnUntraced(function* (id: string, notes = 0) {
  yield* row(id)
  return yield* Order.start({ id, notes }, { workflowId: id })
})

/** An order that is placed. */
export const place = (id: string, notes = 0) => SqlExecutor.withinTransaction(both(id, notes))

/** Makes the tables of a shop that takes notes of its notes, unless they are there. */
export const openDesk = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`CREATE TABLE IF NOT EXISTS orders (id TEXT PRIMARY KEY, state TEXT NOT NULL)`
  yield* sql`CREATE TABLE IF NOT EXISTS notes (id TEXT NOT NULL, note TEXT NOT NULL, PRIMARY KEY (id, note))`
}).pipe(SqlExecutor.withinTransaction)

/** How many notes an order of the desk takes. */
export const notesOfOrder = 2

/** Sends a note to an order, with a row of it. */
export const note = Effect.fnUntraced(function* (id: string, note: string) {
  const sql = yield* SqlClient.SqlClient
  yield* sql`INSERT INTO notes ${sql.insert({ id, note })}`
  yield* Note.send(id, note)
}, SqlExecutor.withinTransaction)
