/** What is chosen by a name has the options, the errors and the needs of what has it. */
import { Config, Effect, type Layer, Redacted, Schema } from "effect"
import { Providers } from "perdure"
import * as Executor from "perdure/Executor/Default"
import type * as TemporalWorker from "perdure/Executor/TemporalWorker"
import type { InlineActivities } from "perdure/Executor/WorkflowRegistry"
import * as Memory from "perdure/Store/Memory"
import type { Transactions } from "perdure/Store/Transactions"
import type { StoreError, WorkflowStore } from "perdure/Store/WorkflowStore"
import { holds, type LayerChannels, type Same } from "./Exact.ts"

class RedisDown extends Schema.TaggedError<RedisDown>()("RedisDown", {}) {}

holds<Same<typeof Providers.list, ReadonlyArray<"default">>>()
holds<
  Same<typeof Providers.stores, ReadonlyArray<"memory" | "sqlite" | "nats" | "postgres" | "kafka" | "dapr" | "inngest">>
>()

const memory = Providers.store("memory")
holds<Same<LayerChannels<typeof memory>, [WorkflowStore, Providers.ProviderError, never]>>()
const sqlite = Providers.store("sqlite", { filename: "orders.db", busyTimeout: "1 second" })
holds<Same<LayerChannels<typeof sqlite>, [WorkflowStore | Transactions, Providers.ProviderError | StoreError, never]>>()
const nats = Providers.store("nats", { servers: ["a", "b"], user: "ada", password: Redacted.make("…") })
holds<Same<LayerChannels<typeof nats>, [WorkflowStore, Providers.ProviderError | StoreError, never]>>()
const postgres = Providers.store("postgres", { url: Redacted.make("postgres://a/shop"), schema: "workflows" })
holds<
  Same<LayerChannels<typeof postgres>, [WorkflowStore | Transactions, Providers.ProviderError | StoreError, never]>
>()

const executor = Providers.executor("default", { maxActivities: 1, makeId: () => "1" })
type Failure = Providers.ProviderError | StoreError
holds<Same<LayerChannels<typeof executor>, [Executor.Services, Failure, WorkflowStore]>>()
const together = Providers.layer("default", { store: { name: "sqlite", filename: "orders.db" }, drain: true })
holds<Same<LayerChannels<typeof together>, [Executor.Services | WorkflowStore, Failure, never]>>()

// As they are, and with defaults, of which some may come from the configuration.
type Configured = [Executor.Services | WorkflowStore, Failure | Config.ConfigError, never]
holds<Same<LayerChannels<typeof Providers.layerConfig>, Configured>>()
const withDefaults = Providers.layerConfig({ store: { name: "nats", replicas: 3 }, executor: { name: "default" } })
holds<Same<LayerChannels<typeof withDefaults>, Configured>>()
holds<Same<LayerChannels<typeof Providers.storeConfig>, [WorkflowStore, Failure | Config.ConfigError, never]>>()
type OnStore = [Executor.Services, Failure | Config.ConfigError, WorkflowStore]
holds<Same<LayerChannels<typeof Providers.executorConfig>, OnStore>>()
const withLimits = Providers.executorConfig({ name: "default", maxActivities: 1 })
holds<Same<LayerChannels<typeof withLimits>, OnStore>>()

// Some of the stores alone, which may all have transactions.
const Sql = Providers.only("sqlite", "postgres")
holds<Same<typeof Sql.stores, ReadonlyArray<"sqlite" | "postgres">>>()
const AllServices = {} as Executor.Services | WorkflowStore | Transactions
type OnSql = [typeof AllServices, Failure | Config.ConfigError, never]
holds<Same<LayerChannels<typeof Sql.layerConfig>, OnSql>>()
const onSqlite = Sql.layer("default", { store: { name: "sqlite", filename: "bank.db" } })
holds<Same<LayerChannels<typeof onSqlite>, [typeof AllServices, Failure, never]>>()
const Some = Providers.only("sqlite", "nats")
holds<Same<LayerChannels<typeof Some.storeConfig>, [WorkflowStore, Failure | Config.ConfigError, never]>>()
// @ts-expect-error there is no such store
Providers.only("redis")
// @ts-expect-error it is not among them
Sql.store("nats", { servers: ["a"] })

// The layers with options.
holds<Same<LayerChannels<typeof Memory.layer>, [WorkflowStore, never, never]>>()
const small = Memory.layer({ maxCommitBytes: 1 })
holds<Same<LayerChannels<typeof small>, [WorkflowStore, never, never]>>()
const two = Executor.layer({ maxActivities: 2 })
holds<Same<LayerChannels<typeof two>, [Executor.Services, StoreError, WorkflowStore]>>()
holds<Same<LayerChannels<typeof Executor.layerMemory>, [Executor.Services | WorkflowStore, StoreError, never]>>()

// One's own.
declare const redis: (options: {
  readonly url: Redacted.Redacted
  readonly database?: number | undefined
}) => Layer.Layer<WorkflowStore, RedisDown>
const Own = Providers.register({
  kind: "store",
  name: "redis",
  load: () => Promise.resolve({ layer: redis }),
  settings: { url: Config.Redacted, database: Providers.optional(Config.Int) }
})
holds<
  Same<
    typeof Own.stores,
    ReadonlyArray<"memory" | "sqlite" | "nats" | "postgres" | "kafka" | "dapr" | "inngest" | "redis">
  >
>()
const own = Own.store("redis", { url: Redacted.make("…") })
holds<Same<LayerChannels<typeof own>, [WorkflowStore, Providers.ProviderError | RedisDown, never]>>()
const ownConfig = Own.layerConfig({ store: { name: "redis", database: 1 } })
holds<
  Same<
    LayerChannels<typeof ownConfig>,
    [Executor.Services | WorkflowStore, Failure | RedisDown | Config.ConfigError, never]
  >
>()

// An option that may be missing needs no setting; the code can say it all the same.
const Fixed = Providers.register({
  kind: "store",
  name: "fixed",
  load: () => Promise.resolve({ layer: redis }),
  settings: { url: Config.Redacted }
})
Fixed.layerConfig({ store: { name: "fixed", database: 1 } })
holds<
  Same<
    Parameters<typeof Fixed.store<"fixed">>[1],
    { readonly url: Redacted.Redacted; readonly database?: number | undefined }
  >
>()

// An executor that needs no store: none is chosen beside it.
const Solo = Own.register({
  kind: "executor",
  name: "solo",
  needsStore: false,
  load: () => Promise.resolve({ layer: Executor.layerMemory }),
  settings: {}
})
holds<Same<typeof Solo.list, ReadonlyArray<"default" | "solo">>>()
const solo = Solo.layer("solo", { maxActivities: 1 })
const alone = Solo.executor("solo")
type Success<L> = LayerChannels<L>[2]
holds<Same<[Success<typeof solo>, Success<typeof alone>], [never, never]>>()
// So a store is there for sure only where it is provided.
type Solo = [Executor.Services, Failure | RedisDown | Config.ConfigError, never]
holds<Same<LayerChannels<typeof Solo.layerConfig>, Solo>>()
holds<Same<LayerChannels<typeof solo>, [Executor.Services, Failure | RedisDown, never]>>()
holds<Same<LayerChannels<typeof Solo.executorConfig>, OnStore>>()

// In a registry with Temporal there is what every executor provides: no inline activities, and no store for sure.
const Portable = Providers.register(Providers.temporal)
holds<Same<typeof Portable.list, ReadonlyArray<"default" | "temporal">>>()
type PortableServices = Exclude<Executor.Services, InlineActivities>
holds<Same<LayerChannels<typeof Portable.layerConfig>[0], PortableServices>>()
const onTemporal = Portable.layer("temporal", { workflows: "workflows.ts", taskQueue: "orders" })
holds<Same<LayerChannels<typeof onTemporal>[0], TemporalWorker.Services>>()

// Errors can be told apart, down to the reason.
const install = Effect.scoped(Effect.void).pipe(
  Effect.andThen(Effect.fail({} as Providers.ProviderError)),
  Effect.catchReason("ProviderError", "NotInstalled", ({ packages }) => Effect.succeed(packages))
)
holds<Same<Effect.Success<typeof install>, ReadonlyArray<string>>>()
