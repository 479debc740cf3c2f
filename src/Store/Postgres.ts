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
import type { PgPoolConfig } from "@effect/sql-pg/PgClient"
import * as PgClient from "@effect/sql-pg/PgClient"
import * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Predicate from "effect/Predicate"
import * as Reactivity from "effect/reactivity/Reactivity"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import type { SqlError } from "effect/sql/SqlError"
import { count, type Fault, first, other, time } from "../internal/options.ts"
import { defaultMaxCommitBytes } from "../internal/store/commitSize.ts"
import * as Append from "./postgres/Append.ts"
import * as Changes from "./postgres/Changes.ts"
import * as Database from "./postgres/Database.ts"
import * as Details from "./postgres/Details.ts"
import * as List from "./postgres/List.ts"
import * as Migrations from "./postgres/Migrations.ts"
import * as Own from "./postgres/OwnOptions.ts"
import * as Read from "./postgres/Read.ts"
import * as Remove from "./postgres/Remove.ts"
import * as Settings from "./postgres/Settings.ts"
import * as OwnTransactions from "./postgres/Transactions.ts"
import * as Workers from "./postgres/Workers.ts"
import { Transactions } from "./Transactions.ts"
import {
  make as makeStore,
  StoreError,
  type StoreErrorReason,
  Unavailable,
  Unsupported,
  WorkflowStore
} from "./WorkflowStore.ts"

/**
 * The settings of a store on PostgreSQL with a client of the app.
 *
 * @category models
 * @since 0.2.0
 */
export interface ClientOptions extends Own.ClientOptions {}

/**
 * The settings of a store on PostgreSQL with connections of its own.
 *
 * @category models
 * @since 0.2.0
 */
export interface Options extends Own.OwnOptions {
  /** TLS and other options of the client. */
  readonly connection?: Omit<PgPoolConfig, "url" | "maxConnections"> | undefined
}

/**
 * Opens a store with connections of its own. They end with the scope.
 *
 * @category constructors
 * @since 0.2.0
 */
export const make = (options: Options): Effect.Effect<WorkflowStore["Service"], StoreError, Scope.Scope> =>
  Effect.map(makeServices(options), (services) => Context.get(services, WorkflowStore))

/**
 * Opens a store with the connections of a client that the app has. It uses up to `lanes` of them for commits and one to listen, and a
 * few more now and then.
 *
 * @category constructors
 * @since 0.2.0
 */
export const makeFromClient = (
  options: ClientOptions = {}
): Effect.Effect<WorkflowStore["Service"], StoreError, Scope.Scope | PgClient.PgClient> =>
  Effect.map(makeServicesFromClient(options), (services) => Context.get(services, WorkflowStore))

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
export const layer = (options: Options): Layer.Layer<WorkflowStore | Transactions, StoreError> =>
  Layer.effectContext(makeServices(options))

/**
 * Provides a store on PostgreSQL with settings from the configuration of the app.
 *
 * @category layers
 * @since 0.2.0
 */
export const layerConfig = (
  options: Config.Wrap<Options>
): Layer.Layer<WorkflowStore | Transactions, StoreError | Config.ConfigError> =>
  Layer.effectContext(Effect.flatMap(Config.unwrap(options), makeServices))

/**
 * Provides a store with the connections of a client that the app has.
 *
 * @category layers
 * @since 0.2.0
 */
export const layerFromClient = (
  options: ClientOptions = {}
): Layer.Layer<WorkflowStore | Transactions, StoreError, PgClient.PgClient> =>
  Layer.effectContext(makeServicesFromClient(options))

// internal

/** What a store on PostgreSQL provides. */
type Services = WorkflowStore | Transactions

/** The options that there are whatever the client is. */
const ofClient = ["schema", "maxCommitBytes", "lanes", "timeout", "unsafe"]

/** What a message of the server has beside the events of a commit. */
const roomInMessage = 8 * 1024 * 1024

/** The value is not named, since it has credentials in it. */
const urlFault = (url: unknown): Fault =>
  Redacted.isRedacted(url) && isAddress(Redacted.value(url))
    ? undefined
    : 'url must be the address of a database, such as Redacted.make("postgres://user:password@host:5432/database")'

const isAddress = (url: unknown): boolean =>
  typeof url === "string" && /^postgres(ql)?:\/\//.test(url) && URL.canParse(url)

const clientFault = ({ config }: PgClient.PgClient, options: ClientOptions): Fault => {
  const { maxCommitBytes = defaultMaxCommitBytes } = options
  const { maxConnections = Own.defaultConnections, maxMessageSize = 16 * 1024 * 1024 }: PgPoolConfig = config
  if (maxMessageSize >= maxCommitBytes + 1024)
    return Own.connectionsFault({ ...options, maxConnections }, (option) =>
      option === "maxConnections" ? "maxConnections of the client" : option
    )
  return `maxMessageSize of the client must be more than maxCommitBytes, which is ${maxCommitBytes}, and is ${maxMessageSize}`
}

/** The longest time that PostgreSQL takes for a setting, in milliseconds. */
const longestSetting = 2 ** 31 - 1

const faultOf = (options: ClientOptions): Fault =>
  first(
    Own.schemaFault(options),
    count("lanes", options.lanes, { unlimited: false }),
    count("maxCommitBytes", options.maxCommitBytes),
    time("timeout", options.timeout, { most: longestSetting })
  )

/** A store with connections of its own, and its transactions. */
const makeServices = Effect.fnUntraced(
  function* (options: Options): Effect.fn.Return<Context.Context<Services>, StoreErrorReason, Scope.Scope> {
    const fault = first(
      other(options, "url", "maxConnections", "connection", ...ofClient),
      urlFault(options.url),
      Own.connectionsFault(options),
      faultOf(options)
    )
    if (fault !== undefined) return yield* new Unsupported({ detail: fault })
    const {
      connection = {},
      maxCommitBytes = defaultMaxCommitBytes,
      maxConnections = Own.defaultConnections,
      url
    } = options
    const client = yield* PgClient.make({
      applicationName: "perdure",
      keepAlive: "10 seconds",
      maxMessageSize: maxCommitBytes + roomInMessage,
      ...connection,
      // What is compiled for one page costs more than the page.
      startupParameters: { jit: "off", ...connection.startupParameters },
      url,
      maxConnections
    }).pipe(Effect.provide(Reactivity.layer), Database.onLiveClock, Effect.mapError(unopened))
    return yield* open(client, options)
  },
  Effect.mapError((reason) => new StoreError({ operation: "open", reason }))
)

/** The same with a client of the app. */
const makeServicesFromClient = (
  options: ClientOptions
): Effect.Effect<Context.Context<Services>, StoreError, Scope.Scope | PgClient.PgClient> =>
  Effect.gen(function* () {
    const client = yield* PgClient.PgClient
    const fault = first(other(options, ...ofClient), faultOf(options), clientFault(client, options))
    if (fault !== undefined) return yield* new Unsupported({ detail: fault })
    return yield* open(client, options)
  }).pipe(Effect.mapError((reason) => new StoreError({ operation: "open", reason })))

const open = Effect.fnUntraced(function* (
  client: PgClient.PgClient,
  options: ClientOptions
): Effect.fn.Return<Context.Context<Services>, StoreErrorReason, Scope.Scope> {
  const { lanes = Own.defaultLanes, maxCommitBytes = defaultMaxCommitBytes, schema = Own.defaultSchema } = options
  const { timeout = "5 seconds", unsafe = false } = options
  const scope = yield* Effect.scope
  const database = Database.make({ client, schema, timeout: Duration.fromInputUnsafe(timeout), scope })
  const durability = yield* Effect.scoped(
    Effect.gen(function* () {
      const connection = yield* client.reserve
      const durability = yield* Settings.check(connection, unsafe)
      yield* Migrations.migrate(connection, schema)
      return durability
    })
  ).pipe(Database.onLiveClock, Effect.mapError(unopened))
  const listeners = yield* Changes.make(database)
  const { maxConnections = Own.defaultConnections }: PgPoolConfig = client.config
  const most = maxConnections - lanes - Own.reserved
  const identity = {}
  const transactions = OwnTransactions.make({ client, database, listeners, maxCommitBytes, most, identity })
  const store = makeStore({
    saveAll: yield* Append.make(database, listeners, { lanes, maxCommitBytes }),
    load: Read.load(database),
    summary: Read.summary(database),
    list: List.list(database),
    count: List.count(database),
    ...Remove.make(database, listeners),
    changes: listeners.changes,
    ...Workers.make(database),
    ...Details.make(database),
    guarantees: { durability, fencing: "fenced", listing: "strong", maxCommitBytes, writes: "accepted" },
    database: identity
  })
  return Context.make(WorkflowStore, store).pipe(Context.add(Transactions, transactions))
})

/** Why a store could not be opened: what another setting would cure is `Unsupported`, and says so. */
const unopened = (error: SqlError | Unsupported): StoreErrorReason => {
  if (error._tag === "Unsupported") return error
  const { cause } = Database.unavailable(error)
  const code = Database.codeOf(cause)
  // What the client itself says of what it was told has no code.
  const isRefused = error.reason._tag === "AuthenticationError" || code === "3D000" || code === "42501"
  const said = Predicate.hasProperty(cause, "message") ? String(cause.message) : String(cause)
  if (isRefused || code?.startsWith("28") === true || said === "The server does not support TLS") {
    return new Unsupported({ detail: `PostgreSQL refuses: ${said}` })
  }
  return new Unavailable({ cause })
}
