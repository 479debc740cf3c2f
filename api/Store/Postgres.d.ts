/**
 * Keeps executions in a schema of a PostgreSQL database, shared by any number of processes.
 *
 * A commit moves the row of its execution to the next version and adds a row with its events, in one transaction: of several that
 * want the same version one finds the row as it expects it. Commits that are saved at the same time share a transaction, over a few
 * connections, and a notification tells other processes of them.
 *
 * **Needs** PostgreSQL 14 or later and the package `@effect/sql-pg`. The tables are made, and brought up to date, when the layer is
 * built. The settings of the server are checked then too.
 *
 * **Gotchas** Reads and writes go to the primary server: one that follows another may be behind it, and is refused. A pooler between must
 * keep sessions, since `LISTEN` needs one.
 */
import type { PgPoolConfig } from "@effect/sql-pg/PgClient";
import * as PgClient from "@effect/sql-pg/PgClient";
import * as Config from "effect/Config";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import type * as Scope from "effect/Scope";
import * as Own from "./postgres/OwnOptions.ts";
import { Transactions } from "./Transactions.ts";
import { StoreError, WorkflowStore } from "./WorkflowStore.ts";
/**
 * The settings of a store on PostgreSQL with a client of the app.
 *
 * @category models
 * @since 0.2.0
 */
export interface ClientOptions extends Own.ClientOptions {
}
/**
 * The settings of a store on PostgreSQL with connections of its own.
 *
 * @category models
 * @since 0.2.0
 */
export interface Options extends Own.OwnOptions {
    /** TLS and other options of the client. */
    readonly connection?: Omit<PgPoolConfig, "url" | "maxConnections"> | undefined;
}
/**
 * Opens a store with connections of its own. They end with the scope.
 *
 * @category constructors
 * @since 0.2.0
 */
export declare const make: (options: Options) => Effect.Effect<WorkflowStore["Service"], StoreError, Scope.Scope>;
/**
 * Opens a store with the connections of a client that the app has. It uses up to `lanes` of them for commits and one to listen, and a
 * few more now and then.
 *
 * @category constructors
 * @since 0.2.0
 */
export declare const makeFromClient: (options?: ClientOptions) => Effect.Effect<WorkflowStore["Service"], StoreError, Scope.Scope | PgClient.PgClient>;
/**
 * Provides a store on PostgreSQL with connections of its own.
 *
 * **Details**
 *
 * Building it fails with a `StoreError` of the operation `open` that says what to do when the server is too old, follows another one or
 * may lose what it acknowledges, and when the schema is of another program or of a newer release.
 *
 * **Example** (Naming a schema)
 *
 * ```ts no-run
 * import * as Redacted from "effect/Redacted"
 * import * as Postgres from "perdure/Store/Postgres"
 *
 * const Store = Postgres.layer({
 *   url: Redacted.make("postgres://shop:secret@db.internal:5432/shop"),
 *   schema: "workflows"
 * })
 * ```
 *
 * @category layers
 * @since 0.2.0
 */
export declare const layer: (options: Options) => Layer.Layer<WorkflowStore | Transactions, StoreError>;
/**
 * Provides a store on PostgreSQL with settings from the configuration of the app.
 *
 * @category layers
 * @since 0.2.0
 */
export declare const layerConfig: (options: Config.Wrap<Options>) => Layer.Layer<WorkflowStore | Transactions, StoreError | Config.ConfigError>;
/**
 * Provides a store with the connections of a client that the app has.
 *
 * @category layers
 * @since 0.2.0
 */
export declare const layerFromClient: (options?: ClientOptions) => Layer.Layer<WorkflowStore | Transactions, StoreError, PgClient.PgClient>;
