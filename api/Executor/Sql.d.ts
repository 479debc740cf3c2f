import * as Effect from "effect/Effect";
import type { SqlClient } from "effect/sql/SqlClient";
import { Transactions } from "../Store/Transactions.ts";
import type { StoreError } from "../Store/WorkflowStore.ts";
/**
 * Runs an effect within a transaction of the database in which the store keeps its executions. What it writes with `SqlClient`, and the
 * executions that it starts, signals, cancels and terminates, take effect together when it succeeds. When it fails, dies or is interrupted,
 * none of that has happened. An interruption during the `COMMIT` leaves open whether it has.
 *
 * **Details**
 *
 * Definitions and handles are used as outside, with the same answers: `Order.start`, `Approve.send`, `Approve.sendOrStart`, `handle.cancel`.
 * What was started can be found and sent to in the same transaction. Workers hear of it once it has taken effect.
 *
 * Nothing can answer before that: to wait for a result, to ask for an update and to query fail with the reason `InTransaction`. Return the
 * handle, and do it afterwards.
 *
 * Within another transaction of the same store, which may be that of a transactional activity, it is a part of that, which is undone alone
 * when it fails. On PostgreSQL it is also a part of a transaction that the client of the store has open.
 *
 * It fails with a `StoreError` when the transaction cannot begin or end. One with the reason `Unavailable` leaves open whether it took effect:
 * give the execution an id of your own, so that the effect may be repeated. Nothing is repeated by itself, also after a deadlock.
 *
 * **Gotchas**
 *
 * The executor must be on the same store as the `Transactions`: provide both with one layer. On SQLite the effect must not suspend, since the
 * store has one connection, and it runs again when another one has spoilt a transaction that they share. On PostgreSQL an execution that
 * exists is locked from the message to the end of the transaction: send last.
 *
 * **Example** (An order and its workflow, together)
 *
 * ```ts
 * import { Effect, Schema } from "effect"
 * import { SqlClient } from "effect/sql"
 * import { Workflow } from "perdure"
 * import * as SqlExecutor from "perdure/Executor/Sql"
 *
 * const Order = Workflow.make("Order", { input: Schema.String })
 *
 * const place = (id: string) =>
 *   Effect.gen(function*() {
 *     const sql = yield* SqlClient.SqlClient
 *     yield* sql`INSERT INTO orders (id) VALUES (${id})`
 *     return yield* Order.start(id, { workflowId: `order/${id}` })
 *   }).pipe(SqlExecutor.withinTransaction)
 * ```
 *
 * @category combinators
 * @since 0.2.0
 */
export declare const withinTransaction: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E | StoreError, Exclude<R, SqlClient> | Transactions>;
