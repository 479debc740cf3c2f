/**
 * Keeps executions in a compacted topic of Kafka, shared by any number of processes.
 *
 * A compacted topic has no conditional write, so the log decides: each record names the one that it follows, and every process that has
 * read the log comes to the same executions. A commit costs one request, and is stored once all in-sync copies have it.
 *
 * **Needs** a broker, of which Kafka 4.4 is tested, and the package `kafkajs` or `@platformatic/kafka`. The settings of the topic are checked
 * when the layer is built; it is created when there is none.
 *
 * **Gotchas** Every process reads the whole topic and keeps it in memory. Never copy a topic to another cluster or name: the offsets of its
 * records are part of what they say.
 */
import * as Config from "effect/Config"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Predicate from "effect/Predicate"
import * as PubSub from "effect/PubSub"
import * as Queue from "effect/Queue"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { type ConnectionOptions, createSecureContext } from "node:tls"
import type { Fault } from "../internal/options.ts"
import { defaultMaxCommitBytes } from "../internal/store/commitSize.ts"
import { saveGroups } from "../internal/store/groups.ts"
import * as Listing from "../internal/store/listing.ts"
import { type Client, type ClientOptions, type Failure, messageOf } from "./kafka/Client.ts"
import * as Details from "./kafka/Details.ts"
import * as Log from "./kafka/Log.ts"
import * as Own from "./kafka/OwnOptions.ts"
import * as Origin from "./kafka/origin.ts"
import { Partition } from "./kafka/Partition.ts"
import { deletion, load, summary } from "./kafka/read.ts"
import { makeKeys } from "./kafka/record.ts"
import { remove } from "./kafka/remove.ts"
import { save } from "./kafka/save.ts"
import * as Settings from "./kafka/settings.ts"
import * as Snapshots from "./kafka/Snapshots.ts"
import { Table } from "./kafka/Table.ts"
import * as Tidy from "./kafka/tidy.ts"
import { partitionOf, type Topic } from "./kafka/Topic.ts"
import * as Workers from "./kafka/Workers.ts"
import {
  type Change,
  make as makeStore,
  StoreError,
  type StoreErrorReason,
  Unsupported,
  WorkflowStore
} from "./WorkflowStore.ts"

/**
 * The settings of a store on Kafka.
 *
 * @category models
 * @since 0.2.0
 */
export interface Options extends Own.OwnOptions {
  /** Options of `tls.connect`, such as `ca`, `cert` and `key`, with which connections are encrypted. */
  readonly connection?: ConnectionOptions | undefined
}

/**
 * Connects a store. It ends with the scope.
 *
 * @category constructors
 * @since 0.2.0
 */
export const make = Effect.fnUntraced(
  function* (options: Options): Effect.fn.Return<WorkflowStore["Service"], StoreErrorReason, Scope.Scope> {
    const { durability, maxCommitBytes, changes, topic } = yield* open(options)
    const table = new Table(topic.log.partitions)
    return makeStore({
      saveAll: (commits) => saveGroups(commits, (commit) => save(topic, commit, maxCommitBytes)),
      load: (workflowId, after) => load(topic, workflowId, after),
      summary: (workflowId) => summary(topic, workflowId),
      deletion: (workflowId) => deletion(topic, workflowId),
      list: (filter) =>
        Effect.flatMap(Listing.startOf(filter), (after) =>
          Effect.map(topic.log.caughtUp(), () => table.page(filter, after))
        ),
      count: (filter) => Effect.map(topic.log.caughtUp(), () => table.count(filter)),
      delete: (workflowId, options) =>
        Effect.tap(remove(topic, workflowId, options), (isRemoved) =>
          isRemoved && "version" in options ? Details.removeAll(topic, workflowId) : Effect.void
        ),
      changes: Stream.fromPubSub(changes),
      heartbeat: (worker, lease) => Workers.heartbeat(topic, worker, lease),
      workers: Workers.workers(topic),
      saveDetails: (all) => Details.save(topic, all),
      details: (call) => Details.read(topic, call),
      guarantees: { durability, fencing: "fenced", listing: "strong", maxCommitBytes, writes: "accepted" }
    })
  },
  Effect.mapError((reason) => new StoreError({ operation: "open", reason }))
)

/**
 * Provides a store on Kafka.
 *
 * @category layers
 * @since 0.2.0
 */
export const layer = (options: Options): Layer.Layer<WorkflowStore, StoreError> =>
  Layer.effect(WorkflowStore, make(options))

/**
 * Provides a store on Kafka with settings from the configuration of the app.
 *
 * @category layers
 * @since 0.2.0
 */
export const layerConfig = (
  options: Config.Wrap<Options>
): Layer.Layer<WorkflowStore, StoreError | Config.ConfigError> =>
  Layer.effect(WorkflowStore, Effect.flatMap(Config.unwrap(options), make))

// internal

/** Options of TLS are an object, as a text would be taken for one without any; and what Node.js cannot read is no outage. */
const connectionFault = ({ connection }: Options): Fault => {
  if (connection === undefined) return undefined
  if (!Predicate.isObject(connection)) return "connection must be an object with options of tls.connect"
  const read = Result.try(() => createSecureContext(connection))
  return Result.isSuccess(read) ? undefined : `connection is not what tls.connect takes: ${messageOf(read.failure)}`
}

const clientOptions = (options: Options): ClientOptions => ({
  brokers: Own.listed(options.brokers),
  topic: options.topic ?? Own.defaultTopic,
  timeout: Duration.toMillis(Duration.fromInputUnsafe(options.timeout ?? "5 seconds")),
  user: options.user,
  password: options.password === undefined ? undefined : Redacted.value(options.password),
  mechanism: options.mechanism ?? "PLAIN",
  tls: options.connection ?? (options.tls === true ? {} : undefined)
})

/** Only the package that is wanted is loaded. */
const connect = (client: Options["client"], options: ClientOptions): Effect.Effect<Client, Failure, Scope.Scope> => {
  const wanted = client === "platformatic" ? platformatic : kafkajs
  const loaded = Effect.tryPromise({
    try: wanted.load,
    catch: () =>
      new Unsupported({ detail: `install ${wanted.name}, which speaks to Kafka: npm install ${wanted.name}` })
  })
  return Effect.flatMap(loaded, ({ make }) => make(options))
}

const kafkajs = { name: "kafkajs", load: () => import("./kafka/kafkajs.ts") }
const platformatic = { name: "@platformatic/kafka", load: () => import("./kafka/platformatic.ts") }

const changesKept = 1024
const defaultCache = 64 * 1024 * 1024

const open = Effect.fnUntraced(function* (options: Options) {
  const fault = Own.faultOf(options) ?? connectionFault(options)
  if (fault !== undefined) return yield* new Unsupported({ detail: fault })
  const { maxCommitBytes = defaultMaxCommitBytes, partitions = 1, replicas = 3, unsafe = false } = options
  const { cache = defaultCache, snapshots } = options
  const ofClient = clientOptions(options)
  const { timeout, topic: name } = ofClient
  const client = yield* connect(options.client, ofClient)
  const opened = yield* Settings.open(client, { topic: name, partitions, replicas, maxCommitBytes, unsafe })
  const changes = yield* PubSub.sliding<ReadonlyArray<Change>>(changesKept)
  const all = Array.from({ length: opened.partitions }, (_, number) => new Partition(number, cache / opened.partitions))
  const place = snapshots === undefined ? undefined : { folder: snapshots, topic: name }
  if (place !== undefined) yield* Snapshots.restore(place, client, all, opened.retention / 2)
  const restored = all.map(({ fold }) => fold.position)
  const times = { timeout, fresh: opened.lag / 2, old: opened.retention / 2 }
  const log = yield* Log.start(client, all, times, Origin.refusalOf(name, all.length))
  const asked = yield* Queue.sliding<void>(1)
  const topic: Topic = {
    log,
    of: (workflowId) => all[partitionOf(workflowId, all.length)]!,
    read: ({ number }, from) => client.read(number, from),
    key: makeKeys(),
    tidySoon: () => void Queue.offerUnsafe(asked, undefined),
    timeout
  }
  yield* log.opened
  yield* Effect.forEach(all, (partition) => Origin.ensure(topic, partition), { discard: true })
  for (const partition of all) partition.tell = (changed) => void PubSub.publishUnsafe(changes, changed)
  yield* Tidy.start(topic, asked)
  if (place !== undefined) yield* Snapshots.start(place, topic, restored)
  return { topic, changes, durability: opened.durability, maxCommitBytes }
})
