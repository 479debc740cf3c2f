/**
 * Keeps executions in a key-value bucket of NATS JetStream, shared by any number of processes.
 *
 * The bucket holds one key for each workflow id, and the history of that key is the history of the id: a commit is one
 * message, published on the condition that the message before it is the latest one. That condition is what fences
 * writers off, and it costs one request. `nats kv history` shows what a store wrote.
 *
 * **Needs** nats-server 2.12 or later with `jetstream { sync_interval: always }`, and the packages
 * `@nats-io/transport-node` and `@nats-io/jetstream`. The settings of the servers are checked when the layer is built.
 *
 * **Gotchas** Every process keeps the summaries of all executions of the bucket in memory, about a kilobyte each. Values
 * larger than the server's `max_payload` are split over several messages that are stored together or not at all.
 */
import type { NodeConnectionOptions } from "@nats-io/transport-node"
import * as Config from "effect/Config"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import { defaultMaxCommitBytes } from "../internal/store/commitSize.ts"
import { saveGroups } from "../internal/store/groups.ts"
import * as Listing from "../internal/store/listing.ts"
import * as Address from "./nats/address.ts"
import type { Bucket } from "./nats/Bucket.ts"
import * as Connection from "./nats/Connection.ts"
import * as Details from "./nats/details.ts"
import { load, summary } from "./nats/load.ts"
import * as Own from "./nats/OwnOptions.ts"
import * as Record from "./nats/record.ts"
import { remove } from "./nats/remove.ts"
import { save } from "./nats/save.ts"
import * as Settings from "./nats/settings.ts"
import { Table } from "./nats/Table.ts"
import * as Watch from "./nats/Watch.ts"
import * as Workers from "./nats/workers.ts"
import { make as makeStore, StoreError, type StoreErrorReason, Unsupported, WorkflowStore } from "./WorkflowStore.ts"

/**
 * The settings of a store on NATS.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options extends Own.OwnOptions {
  /** TLS and other options of the client. They go before credentials that stand elsewhere. */
  readonly connection?: Omit<NodeConnectionOptions, "servers"> | undefined
}

/**
 * Connects a store. It ends with the scope.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = Effect.fnUntraced(
  function* (options: Options): Effect.fn.Return<WorkflowStore["Service"], StoreErrorReason, Scope.Scope> {
    const { executions, workers, details, durability, maxCommitBytes } = yield* open(options)
    const table = new Table()
    const watch = yield* Watch.start(executions, table)
    return makeStore({
      saveAll: (commits) => saveGroups(commits, (commit) => save(executions, table, commit, maxCommitBytes)),
      load: (workflowId, after) => load(executions, table, workflowId, after),
      summary: (workflowId) => summary(executions, table, workflowId),
      deletion: (workflowId) => Record.read(executions, workflowId),
      list: (filter) =>
        Effect.flatMap(Listing.startOf(filter), (after) => Effect.map(watch.caughtUp, () => table.page(filter, after))),
      count: (filter) => Effect.map(watch.caughtUp, () => table.count(filter)),
      delete: (workflowId, options) =>
        Effect.tap(remove(executions, table, workflowId, options), (isRemoved) =>
          isRemoved && "version" in options ? Details.removeAll(details, workflowId) : Effect.void
        ),
      changes: watch.changes,
      heartbeat: (worker, lease) => Workers.heartbeat(workers, worker, lease),
      workers: Workers.workers(workers),
      ...Details.make(details),
      guarantees: { durability, fencing: "fenced", listing: "strong", maxCommitBytes, writes: "accepted" }
    })
  },
  Effect.mapError((reason) => new StoreError({ operation: "open", reason }))
)

/**
 * Provides a store on NATS.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (options: Options): Layer.Layer<WorkflowStore, StoreError> =>
  Layer.effect(WorkflowStore, make(options))

/**
 * Provides a store on NATS with settings from the configuration of the app.
 *
 * @category layers
 * @since 0.2.0
 */
export const layerConfig = (
  options: Config.Wrap<Options>
): Layer.Layer<WorkflowStore, StoreError | Config.ConfigError> =>
  Layer.effect(WorkflowStore, Effect.flatMap(Config.unwrap(options), make))

// internal

const listed = (addresses: string | ReadonlyArray<string> | undefined): Array<string> =>
  addresses === undefined ? [] : typeof addresses === "string" ? [addresses] : [...addresses]

/** The options of the client: credentials of an address count where `connection` and the options have none. */
const connectionOptions = ({ connection = {}, servers, ...options }: Options): NodeConnectionOptions => {
  const addresses = listed(servers).map(Address.parse)
  const found = Option.getOrUndefined(Option.firstSomeOf(addresses.map(({ credentials }) => credentials)))
  const inAddress =
    found && (found.password === undefined ? { token: found.user } : { user: found.user, pass: found.password })
  return {
    ...(credentialsOf(options) ?? inAddress),
    ...connection,
    servers: addresses.map(({ address }) => address)
  }
}

/** The credentials of the options, if they have some. */
const credentialsOf = ({ password, token, user }: Omit<Options, "servers">) => {
  if (token !== undefined) return { token: Redacted.value(token) }
  if (user === undefined) return undefined
  return password === undefined ? { user } : { user, pass: Redacted.value(password) }
}

const open = Effect.fnUntraced(function* (options: Options) {
  const fault = Own.faultOf(options)
  if (fault !== undefined) return yield* new Unsupported({ detail: fault })
  const name = options.bucket ?? Own.defaultBucket
  const maxCommitBytes = options.maxCommitBytes ?? defaultMaxCommitBytes
  const replicas = options.replicas ?? 1
  const timeout = Duration.fromInputUnsafe(options.timeout ?? "5 seconds")
  const connection = yield* Connection.open(connectionOptions(options), timeout)
  const { bucket, durability } = yield* Settings.openExecutions(connection, name, {
    replicas,
    maxCommitBytes,
    monitor: listed(options.monitor),
    stated: options.syncInterval === "always",
    unsafe: options.unsafe ?? false
  })
  const workers: Bucket = yield* Settings.openLatest(connection, `${name}_workers`, replicas)
  const details: Bucket = yield* Settings.openLatest(connection, `${name}_details`, replicas)
  return { executions: bucket, workers, details, durability, maxCommitBytes }
})
