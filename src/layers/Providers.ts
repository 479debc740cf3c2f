/**
 * Executors and stores, by their names: an app says which ones it runs on, or its configuration does.
 *
 * `PERDURE_STORE=nats PERDURE_STORE_URL=… node worker.ts` moves an app from one store to another without a change of its code.
 * A module is loaded when it is chosen: an app on SQLite imports nothing of NATS and PostgreSQL, and needs none of their packages.
 *
 * | variable           | says                                | unless told                   |
 * | ------------------ | ----------------------------------- | ----------------------------- |
 * | `PERDURE_EXECUTOR` | which executor                      | `default`                     |
 * | `PERDURE_STORE`    | which store                         | `sqlite`, in `perdure.db`     |
 * | `PERDURE_STORE_…`  | an option of the store that is chosen | what the store does without |
 * | `PERDURE_EXECUTOR_…` | an option of the executor         | what the executor does without |
 */
import type * as DefaultOptions from "../Executor/default/Options.ts"
import type { OwnOptions as TemporalOptions } from "../Executor/temporal/worker/OwnOptions.ts"
import type { Services as TemporalServices } from "../Executor/temporal/worker/Services.ts"
import type { TemporalError } from "../internal/temporal/TemporalError.ts"
import type * as MemoryStore from "../Store/Memory.ts"
import type { OwnOptions as DaprOptions } from "../Store/dapr/OwnOptions.ts"
import type { OwnOptions as InngestOptions } from "../Store/inngest/OwnOptions.ts"
import type { OwnOptions as KafkaOptions } from "../Store/kafka/OwnOptions.ts"
import type { OwnOptions as NatsOptions } from "../Store/nats/OwnOptions.ts"
import type { OwnOptions as PostgresOptions } from "../Store/postgres/OwnOptions.ts"
import type * as SqliteStore from "../Store/Sqlite.ts"
import type { StoreError } from "../Store/StoreError.ts"
import type * as Provider from "./Provider.ts"
import { dapr, inngest, kafka, memory, nats, onTemporal, postgres, sqlite, standard } from "./providers/builtIn.ts"
import { make } from "./providers/registry.ts"
import * as Settings from "./providers/settings.ts"

export { NotInstalled, ProviderError, ProviderErrorReason, Unknown } from "./ProviderError.ts"
export type { ExecutorProvider, Registry, Setting, Settings, StoreProvider } from "./Provider.ts"

/**
 * The stores that come with this library.
 *
 * @category models
 * @since 0.2.0
 */
export type Stores = {
  readonly memory: Provider.Known<MemoryStore.Options, never, false, false>
  readonly sqlite: Provider.Known<SqliteStore.Options, StoreError, false, true>
  /** Its option `connection` is one of `NatsStore.layer` alone, since its types need the packages of NATS. */
  readonly nats: Provider.Known<NatsOptions, StoreError, false, false>
  /** Its option `connection` is one of `PostgresStore.layer` alone, since its types need the package of its client. */
  readonly postgres: Provider.Known<PostgresOptions, StoreError, false, true>
  /** Its option `connection` is one of `KafkaStore.layer` alone, since a configuration has texts only. */
  readonly kafka: Provider.Known<KafkaOptions, StoreError, false, false>
  readonly dapr: Provider.Known<DaprOptions, StoreError, false, true>
  readonly inngest: Provider.Known<InngestOptions, StoreError, false, true>
}

/**
 * The executors that come with this library.
 *
 * @category models
 * @since 0.2.0
 */
export type Executors = {
  readonly default: Provider.Known<DefaultOptions.Options, StoreError, true, false>
}

type BuiltIn = Provider.Registry<Stores, Executors>

const builtIn: BuiltIn = make([memory, sqlite, nats, postgres, kafka, dapr, inngest, standard])

/**
 * The names of the executors, sorted.
 *
 * @category names
 * @since 0.2.0
 */
export const list: BuiltIn["list"] = builtIn.list

/**
 * The names of the executors, sorted: the same as `list`.
 *
 * @category names
 * @since 0.2.0
 */
export const executors: BuiltIn["executors"] = builtIn.executors

/**
 * The names of the stores, sorted.
 *
 * @category names
 * @since 0.2.0
 */
export const stores: BuiltIn["stores"] = builtIn.stores

/**
 * Adds a store or an executor of one's own. The result is a registry with `list`, `store`, `layerConfig` and all else that is
 * here; this module keeps what it has. A name that is taken does not compile, and is a `TypeError`.
 *
 * **Example** (A store that `PERDURE_STORE=redis` chooses)
 *
 * ```ts
 * import { Config, type Redacted } from "effect"
 * import { Providers } from "perdure"
 * import * as MemoryStore from "perdure/Store/Memory"
 *
 * // A module of one's own, in place of this: RedisStore.ts
 * const RedisStore = {
 *   layer: (options: { readonly url: Redacted.Redacted; readonly database?: number | undefined }) =>
 *     MemoryStore.layer({ maxCommitBytes: options.database })
 * }
 *
 * export const AppProviders = Providers.register({
 *   kind: "store",
 *   name: "redis",
 *   load: () => Promise.resolve(RedisStore), // () => import("./RedisStore.ts")
 *   packages: ["redis"],
 *   // PERDURE_STORE_URL, a secret, and PERDURE_STORE_DATABASE, which may be missing.
 *   settings: { url: Config.Redacted, database: Providers.optional(Config.Int) }
 * })
 *
 * const Main = AppProviders.layerConfig
 * ```
 *
 * @category constructors
 * @since 0.2.0
 */
export const register: BuiltIn["register"] = builtIn.register

/**
 * The same with some of the stores alone, for an app that does not run on every store. Another one is unknown then, also to the
 * configuration of the app. When all that are left have transactions, `storeConfig` and `layerConfig` provide them.
 *
 * **Example** (An app with transactional activities, whose configuration chooses between two stores)
 *
 * ```ts
 * import { Effect, Layer } from "effect"
 * import { Activity, Providers } from "perdure"
 *
 * const Transfer = Activity.transactional("Transfer")
 * const TransferLive = Transfer.toLayer(() => Effect.void)
 *
 * const Main = TransferLive.pipe(Layer.provideMerge(Providers.only("sqlite", "postgres").layerConfig))
 * ```
 *
 * @category constructors
 * @since 0.2.0
 */
export const only: BuiltIn["only"] = builtIn.only

/**
 * The executor on Temporal, for a registry: with it `PERDURE_EXECUTOR=temporal` moves an app to Temporal without a change of its code,
 * and `PERDURE_EXECUTOR_URL`, `PERDURE_EXECUTOR_WORKFLOWS` and others say how. It is not among the built-in ones because it runs no inline
 * activities and needs no store: in a registry that has it, an app that needs them does not compile.
 *
 * **Example** (An app that runs on either)
 *
 * ```ts
 * import { Providers } from "perdure"
 *
 * const AppProviders = Providers.register(Providers.temporal)
 *
 * const Main = AppProviders.layerConfig
 * ```
 *
 * @category models
 * @since 0.2.0
 */
export const temporal: Provider.ExecutorProvider<"temporal", TemporalOptions, TemporalError, false, TemporalServices> =
  onTemporal

/**
 * A setting of a provider that may be missing.
 *
 * @category constructors
 * @since 0.2.0
 */
export const optional: <A>(setting: Provider.Setting<A>) => Provider.OptionalSetting<A> = Settings.optional

/**
 * A store by its name: `Providers.store("sqlite", { filename: "orders.db" })`.
 *
 * Building it fails with a `ProviderError` when there is no store of that name, or when a package that it needs is not
 * installed; the error says what to install.
 *
 * @category layers
 * @since 0.2.0
 */
export const store: BuiltIn["store"] = builtIn.store

/**
 * The store that the configuration of the app chooses by `PERDURE_STORE`: for what needs a store alone, such as
 * `DefaultExecutor.runUntilIdle` and `Executions.layer`. When it is called with a store, the configuration may choose another one.
 *
 * @category layers
 * @since 0.2.0
 */
export const storeConfig: BuiltIn["storeConfig"] = builtIn.storeConfig

/**
 * An executor by its name, on the store that is provided: `Providers.executor("default", { maxActivities: 50 })`. Its options are
 * those given here, whatever the configuration says; `executorConfig` reads them there.
 *
 * @category layers
 * @since 0.2.0
 */
export const executor: BuiltIn["executor"] = builtIn.executor

/**
 * The executor that the configuration of the app chooses by `PERDURE_EXECUTOR`, on the store that is provided. When it is called with an
 * executor, the configuration may choose another one, or other options.
 *
 * **Example** (An executor as the environment says, on a file that the code names)
 *
 * ```ts
 * import { Layer } from "effect"
 * import { Providers } from "perdure"
 * import * as SqliteStore from "perdure/Store/Sqlite"
 *
 * const Main = Providers.executorConfig.pipe(Layer.provideMerge(SqliteStore.layer({ filename: "orders.db" })))
 * ```
 *
 * @category layers
 * @since 0.2.0
 */
export const executorConfig: BuiltIn["executorConfig"] = builtIn.executorConfig

/**
 * An executor by its name, with the store that it needs. The store is provided too, for `Retention`, `Verify` and `Transfer`.
 *
 * **Example** (The default executor on a file)
 *
 * ```ts
 * import { Providers } from "perdure"
 *
 * const Executor = Providers.layer("default", {
 *   store: { name: "sqlite", filename: "orders.db" },
 *   maxActivities: 50
 * })
 * ```
 *
 * @category layers
 * @since 0.2.0
 */
export const layer: BuiltIn["layer"] = builtIn.layer

/**
 * The executor and the store that the configuration of the app chooses, from the environment or from any other
 * `ConfigProvider`. Without a word in it: the default executor, on SQLite in `perdure.db`, in the folder where the app runs.
 *
 * When it is called, with `{ executor, store }`, these are what is chosen where the configuration is silent; each of their options
 * is a default for its variable, as long as the configuration chooses no other executor or store.
 *
 * The store is provided too, for `Retention`, `Verify` and `Transfer`. In a registry with an executor that needs no store it is
 * not: there `executorConfig` on `storeConfig` has both.
 *
 * **Details**
 *
 * Building it fails with a `ProviderError` for a name that is not known and for a package that is not installed, and with a
 * `ConfigError` that names the variable whose value is missing or makes no sense.
 *
 * **Example** (SQLite unless the environment says otherwise)
 *
 * ```ts
 * import { Effect, Layer } from "effect"
 * import { Providers, Workflow } from "perdure"
 *
 * const Hello = Workflow.make("Hello")
 * const HelloLive = Hello.toLayer(() => Effect.void)
 *
 * const Main = HelloLive.pipe(
 *   Layer.provideMerge(Providers.layerConfig({ store: { name: "sqlite", filename: "hello.db" } }))
 * )
 * ```
 *
 * @category layers
 * @since 0.2.0
 */
export const layerConfig: BuiltIn["layerConfig"] = builtIn.layerConfig
