/**
 * Activities that write to the database of the store, exactly once. `Activity.transactional` is this one.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Schema from "effect/Schema"
import type { SqlClient } from "effect/sql/SqlClient"
import type { ActivityContext } from "./ActivityContext.ts"
import { type Any, type Call, type CallOptions, type Handler, type Limits, TypeId } from "./AnyActivity.ts"
import { contractOf, makeCalled, type TimedOutOf } from "./internal/activityContract.ts"
import { makeHandler } from "./internal/activityHandler.ts"
import { handlerKey } from "./internal/handlers.ts"
import { limitsIn } from "./internal/limits.ts"
import type { LiteralName } from "./internal/requirements.ts"
import type { OnlyTimeouts, TimeoutInput } from "./internal/timeouts.ts"
import { inTransactions } from "./internal/transactionalHandler.ts"
import type * as RetryPolicy from "./RetryPolicy.ts"
import { Transactions } from "./Store/Transactions.ts"
import type { ActivityTimeouts } from "./WorkflowContext.ts"

/**
 * The contract of an activity whose handler writes to the database of the store.
 *
 * @category models
 * @since 0.2.0
 */
export interface TransactionalActivity<
  Name extends string,
  Input extends Schema.Codec<unknown, unknown>,
  Success extends Schema.Codec<unknown, unknown>,
  Error extends Schema.Codec<unknown, unknown>
>
  extends Any, Call<Name, Input, Success, Error> {
  /** Tells it from other activities. */
  readonly transactional: true
  readonly name: Name
  readonly input: Input
  readonly success: Success
  readonly error: Error
  /** It is given timeouts as well where the activity has one. */
  readonly retry: RetryPolicy.RetryPolicy<Error["Type"]>
  readonly timeouts: ActivityTimeouts
  /**
   * The same activity with other settings for some calls: `Transfer.with({ timeout: "5 seconds" })(input)`. Throws a `TypeError` when they
   * make no sense.
   */
  readonly with: (options: CallOptions) => Call<Name, Input, Success, Error>
  /**
   * Implements the activity. The handler is given the `SqlClient` of its transaction; other services that it needs become requirements of
   * the layer, and so do the transactions of a store in a SQL database. Throws a `TypeError` when the limits make no sense.
   */
  readonly toLayer: <R = never>(
    handler: (input: Input["Type"]) => Effect.Effect<Success["Type"], Error["Type"], R>,
    limits?: Limits
  ) => Layer.Layer<
    Handler<Name, Input["Type"], Success["Type"], Error["Type"]>,
    never,
    Transactions | Exclude<R, ActivityContext | SqlClient>
  >
}

/**
 * Defines the contract of an activity whose handler writes to the database in which the store keeps its executions: what it writes and its
 * recorded result take effect together, once, or not at all. The tables are those of the app.
 *
 * **Details**
 *
 * Each attempt is one transaction, with a `SqlClient` for its handler. When the handler succeeds, its result is recorded by a commit in the
 * same transaction. When it fails, dies, is interrupted or takes longer than its timeout, what it wrote is undone, and the end is recorded
 * as that of every activity.
 *
 * **Gotchas**
 *
 * What the handler does elsewhere, such as a call of another service, is done at least once, as in every activity. On SQLite it must not
 * suspend, since the store has one connection.
 *
 * **Example** (Moving money, exactly once)
 *
 * ```ts
 * import { Effect, Layer, Schema } from "effect"
 * import { SqlClient } from "effect/sql"
 * import { Activity } from "perdure"
 * import * as SqliteStore from "perdure/Store/Sqlite"
 *
 * const Transfer = Activity.transactional("Transfer", {
 *   input: Schema.Struct({ from: Schema.String, to: Schema.String, cents: Schema.Int })
 * })
 *
 * const TransferLive = Transfer.toLayer(Effect.fn("Transfer")(function*({ cents, from, to }) {
 *   const sql = yield* SqlClient.SqlClient
 *   yield* sql`UPDATE accounts SET cents = cents - ${cents} WHERE name = ${from}`
 *   yield* sql`UPDATE accounts SET cents = cents + ${cents} WHERE name = ${to}`
 * }, Effect.orDie))
 *
 * // It needs a store in a SQL database.
 * const Main = TransferLive.pipe(Layer.provideMerge(SqliteStore.layer({ filename: "bank.db" })))
 * ```
 *
 * @category constructors
 * @since 0.2.0
 */
export const transactional = <
  const Name extends string,
  Input extends Schema.Codec<unknown, unknown> = typeof Schema.Void,
  Success extends Schema.Codec<unknown, unknown> = typeof Schema.Void,
  Error extends Schema.Codec<unknown, unknown> = typeof Schema.Never,
  Timeout extends TimeoutInput | undefined = undefined
>(
  name: LiteralName<Name>,
  options?: {
    readonly input?: Input | undefined
    readonly success?: Success | undefined
    readonly error?: Error | undefined
    /**
     * Default `RetryPolicy.standard`. Only typed errors and timeouts are retried; a defect is final. It is given
     * `ActivityTimedOut` where the activity has a timeout.
     */
    readonly retry?: RetryPolicy.RetryPolicy<NoInfer<Error["Type"]> | TimedOutOf<NoInfer<Timeout>>> | undefined
    /** One attempt, or `{ attempt, total }`. Default: no limit. */
    readonly timeout?: TimeoutInput | (Timeout & OnlyTimeouts<Timeout>) | undefined
  }
): TransactionalActivity<Name, Input, Success, Error> => {
  // The type of the parameter is this very name, which the compiler cannot see.
  const contract = contractOf(name as Name, options)
  const { call, codecs } = makeCalled(contract)
  const key = handlerKey<Handler<Name, Input["Type"], Success["Type"], Error["Type"]>>(name)
  return Object.assign(call, {
    [TypeId]: TypeId,
    transactional: true,
    toLayer: <R>(
      handler: (input: Input["Type"]) => Effect.Effect<Success["Type"], Error["Type"], R>,
      given?: Limits
    ) => {
      const limits = limitsIn(name, given)
      return Layer.effect(
        key,
        Effect.contextWith((context: Context.Context<Exclude<R, ActivityContext | SqlClient> | Transactions>) => {
          // The client comes with each transaction.
          const own = context as Context.Context<Exclude<R, ActivityContext>>
          const transactions = Context.getOrUndefined(context, Transactions)
          // The compiler says so too, where it is asked.
          if (transactions === undefined) throw new Error(`activity ${name} is transactional: ${needsSql}`)
          const inner = { ...makeHandler(contract, codecs, handler, own), limits }
          return Effect.succeed({ contract, handler: inTransactions(inner, transactions) })
        })
      )
    }
  }) as unknown as TransactionalActivity<Name, Input, Success, Error>
}

// internal

const needsSql =
  "give its layer the store of its executor, as SqliteStore.layer or PostgresStore.layer, since no other one has transactions"
