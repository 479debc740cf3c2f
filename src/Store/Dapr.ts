/**
 * Keeps executions in a state store component of Dapr, shared by any number of processes.
 *
 * The store speaks to a sidecar by HTTP. Each version of an execution has a key of its own, which is written once: that is what fences
 * writers off, and a commit costs one request. A second key has the summary. Dapr lists no keys, so each commit also writes an entry of an
 * index, in the same transaction, and processes look for new entries now and then.
 *
 * **Needs** a component with ETags, transactions and times to live, such as `state.sqlite`, `state.redis` or `state.postgresql`, and the same
 * `keyPrefix` for all processes: with Dapr's default an app sees its own keys alone. What the component does is tried when the layer is built.
 *
 * **Gotchas** Every process keeps the summaries of all executions in memory, about a kilobyte each. No sidecar tells how durable its
 * database is, so `guarantees.durability` is what you state.
 */
import * as Config from "effect/Config"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as PubSub from "effect/PubSub"
import type * as Scope from "effect/Scope"
import { defaultMaxCommitBytes } from "../internal/store/commitSize.ts"
import { saveGroups } from "../internal/store/groups.ts"
import * as Listing from "../internal/store/listing.ts"
import { whileAway } from "../internal/store/whileAway.ts"
import { inspect } from "./dapr/component.ts"
import * as Details from "./dapr/Details.ts"
import { load, summary } from "./dapr/history.ts"
import { Index } from "./dapr/Index.ts"
import { Keys } from "./dapr/key.ts"
import * as Looking from "./dapr/looking.ts"
import * as Own from "./dapr/OwnOptions.ts"
import { deletion, remove } from "./dapr/remove.ts"
import { save } from "./dapr/save.ts"
import type { Shared } from "./dapr/Shared.ts"
import { make as makeSidecar } from "./dapr/Sidecar.ts"
import { Table } from "./dapr/Table.ts"
import { Workers } from "./dapr/Workers.ts"
import * as Writer from "./dapr/Writer.ts"
import {
  type Change,
  make as makeStore,
  StoreError,
  type StoreErrorReason,
  Unsupported,
  WorkflowStore
} from "./WorkflowStore.ts"

/**
 * The settings of a store on Dapr.
 *
 * @category models
 * @since 0.2.0
 */
export interface Options extends Own.OwnOptions {}

/**
 * Opens a store. It ends with the scope.
 *
 * @category constructors
 * @since 0.2.0
 */
export const make = Effect.fnUntraced(
  function* (options: Options): Effect.fn.Return<WorkflowStore["Service"], StoreErrorReason, Scope.Scope> {
    const shared = yield* open(options)
    const { table } = shared
    const changes = yield* PubSub.sliding<Change>(changesKept)
    const index = new Index(shared, changes)
    yield* index.reload
    const writer = yield* Writer.start(shared, index)
    const workers = new Workers(shared)
    const listen = yield* Looking.start(shared, index, Duration.fromInputUnsafe(options.lookEvery ?? "500 millis"))
    const maxCommitBytes = options.maxCommitBytes ?? defaultMaxCommitBytes
    const durability = options.durability ?? "process"
    return makeStore({
      saveAll: (commits) => saveGroups(commits, (commit) => save(writer, commit, maxCommitBytes)),
      load: (workflowId, after) => load(writer, workflowId, after),
      summary: (workflowId) => summary(writer, workflowId),
      deletion: (workflowId) => deletion(shared, workflowId),
      list: (filter) =>
        Effect.flatMap(Listing.startOf(filter), (after) => Effect.map(index.caughtUp, () => table.page(filter, after))),
      count: (filter) => Effect.map(index.caughtUp, () => table.count(filter)),
      delete: (workflowId, options) => remove(writer, workflowId, options),
      changes: listen,
      heartbeat: (worker, lease) => workers.heartbeat(worker, lease),
      workers: workers.now,
      saveDetails: (all) => Details.save(shared, all),
      details: (call) => Details.read(shared, call),
      guarantees: { durability, fencing: "fenced", listing: "strong", maxCommitBytes, writes: "accepted" }
    })
  },
  Effect.mapError((reason) => new StoreError({ operation: "open", reason }))
)

/**
 * Provides a store on Dapr.
 *
 * @category layers
 * @since 0.2.0
 */
export const layer = (options: Options = {}): Layer.Layer<WorkflowStore, StoreError> =>
  Layer.effect(WorkflowStore, make(options))

/**
 * Provides a store on Dapr with settings from the configuration of the app.
 *
 * @category layers
 * @since 0.2.0
 */
export const layerConfig = (
  options: Config.Wrap<Options>
): Layer.Layer<WorkflowStore, StoreError | Config.ConfigError> =>
  Layer.effect(WorkflowStore, Effect.flatMap(Config.unwrap(options), make))

// internal

// Listeners that are slower miss some, and look again now and then.
const changesKept = 16_384

const open = Effect.fnUntraced(function* (options: Options): Effect.fn.Return<Shared, StoreErrorReason, Scope.Scope> {
  const fault = Own.faultOf(options)
  if (fault !== undefined) return yield* new Unsupported({ detail: fault })
  const timeout = Duration.fromInputUnsafe(options.timeout ?? "5 seconds")
  const sidecar = yield* makeSidecar({
    url: (options.url ?? Own.defaultUrl).replace(/\/+$/, ""),
    component: options.component ?? Own.defaultComponent,
    token: options.token,
    timeout: Duration.toMillis(timeout)
  })
  const keys = new Keys(options.prefix ?? Own.defaultPrefix)
  const manners = yield* inspect(sidecar, keys).pipe(whileAway(timeout, ({ _tag }) => _tag === "Unavailable"))
  return { sidecar, keys, manners, table: new Table() }
})
