/**
 * The stores and executors that come with this library. None of their modules is loaded before it is chosen, but for what
 * the options of some must be.
 */
import * as Duration from "effect/Duration"
import * as Redacted from "effect/Redacted"
import type { Options as DefaultOptions } from "../../Executor/default/Options.ts"
import type { Options as MemoryOptions } from "../../Store/Memory.ts"
import * as Dapr from "../../Store/dapr/OwnOptions.ts"
import * as Inngest from "../../Store/inngest/OwnOptions.ts"
import * as Kafka from "../../Store/kafka/OwnOptions.ts"
import * as Nats from "../../Store/nats/OwnOptions.ts"
import { connectionsFault, type OwnOptions as PostgresOptions, schemaFault } from "../../Store/postgres/OwnOptions.ts"
import type { Options as SqliteOptions } from "../../Store/Sqlite.ts"
import type { StoreError } from "../../Store/StoreError.ts"
import type { OwnOptions as TemporalOptions } from "../../Executor/temporal/worker/OwnOptions.ts"
import type { Services as TemporalServices } from "../../Executor/temporal/worker/Services.ts"
import type { TemporalError } from "../../internal/temporal/TemporalError.ts"
import { durabilities } from "../../internal/store/serverOptions.ts"
import type { ExecutorProvider, StoreProvider } from "../Provider.ts"
import { addresses } from "./addresses.ts"
import { count, flag, oneOf, optional, path, secret, text, time } from "./settings.ts"

export const memory: StoreProvider<"memory", MemoryOptions, never> = {
  kind: "store",
  name: "memory",
  load: () => import("../../Store/Memory.ts"),
  settings: { maxCommitBytes: optional(count()) }
}

export const sqlite: StoreProvider<"sqlite", SqliteOptions, StoreError> = {
  kind: "store",
  name: "sqlite",
  load: () => import("../../Store/Sqlite.ts"),
  settings: {
    filename: path,
    create: optional(flag),
    synchronous: optional(oneOf(["FULL", "NORMAL"])),
    busyTimeout: optional(time({ least: 0 })),
    maxCommitBytes: optional(count())
  },
  variables: { filename: "URL" },
  defaults: { filename: "perdure.db" }
}

/** The address of its sidecar is no secret, and has no user in it. */
export const dapr: StoreProvider<"dapr", Dapr.OwnOptions, StoreError> = {
  kind: "store",
  name: "dapr",
  load: () => import("../../Store/Dapr.ts"),
  settings: {
    url: optional(text),
    component: optional(text),
    token: optional(secret),
    prefix: optional(text),
    maxCommitBytes: optional(count({ unlimited: false })),
    durability: optional(oneOf(durabilities)),
    lookEvery: optional(time({ least: 10 })),
    timeout: optional(time())
  },
  check: Dapr.faultOf
}

/** The address of its server is no secret, and has no user in it. */
export const inngest: StoreProvider<"inngest", Inngest.OwnOptions, StoreError> = {
  kind: "store",
  name: "inngest",
  load: () => import("../../Store/Inngest.ts"),
  settings: {
    url: optional(text),
    eventKey: optional(secret),
    signingKey: optional(secret),
    prefix: optional(text),
    role: optional(oneOf(Inngest.roles)),
    retention: optional(time()),
    visibility: optional(time()),
    lease: optional(time()),
    lookEvery: optional(time({ least: 10 })),
    maxCommitBytes: optional(count({ unlimited: false })),
    durability: optional(oneOf(durabilities)),
    timeout: optional(time())
  },
  check: Inngest.faultOf
}

/** Its packages are those of its clients, of which it loads one. */
export const kafka: StoreProvider<"kafka", Kafka.OwnOptions, StoreError> = {
  kind: "store",
  name: "kafka",
  load: () => import("../../Store/Kafka.ts"),
  settings: {
    brokers: addresses,
    topic: optional(text),
    client: optional(oneOf(Kafka.clients)),
    user: optional(text),
    password: optional(secret),
    mechanism: optional(oneOf(Kafka.mechanisms)),
    tls: optional(flag),
    partitions: optional(count({ unlimited: false })),
    replicas: optional(count({ unlimited: false })),
    maxCommitBytes: optional(count({ unlimited: false })),
    cache: optional(count()),
    snapshots: optional(text),
    unsafe: optional(flag),
    timeout: optional(time())
  },
  variables: { brokers: "URL" },
  check: Kafka.faultOf
}

export const nats: StoreProvider<"nats", Nats.OwnOptions, StoreError> = {
  kind: "store",
  name: "nats",
  load: () => import("../../Store/Nats.ts"),
  packages: ["@nats-io/jetstream", "@nats-io/transport-node"],
  settings: {
    servers: addresses,
    user: optional(text),
    password: optional(secret),
    token: optional(secret),
    bucket: optional(text),
    replicas: optional(count({ unlimited: false })),
    maxCommitBytes: optional(count({ unlimited: false })),
    monitor: optional(addresses),
    syncInterval: optional(oneOf(Nats.syncIntervals)),
    unsafe: optional(flag),
    timeout: optional(time())
  },
  variables: { servers: "URL" },
  check: Nats.faultOf
}

export const postgres: StoreProvider<"postgres", PostgresOptions, StoreError> = {
  kind: "store",
  name: "postgres",
  load: () => import("../../Store/Postgres.ts"),
  packages: ["@effect/sql-pg"],
  settings: {
    url: secret,
    schema: optional(text),
    maxConnections: optional(count({ unlimited: false })),
    lanes: optional(count({ unlimited: false })),
    maxCommitBytes: optional(count()),
    unsafe: optional(flag),
    timeout: optional(time())
  },
  check: (options, variable) => {
    const address = Redacted.value(options.url)
    // It is not named, since it has credentials in it.
    return /^postgres(ql)?:\/\//.test(address) && URL.canParse(address)
      ? (connectionsFault(options, variable) ?? schemaFault(options, variable))
      : `${variable("url")} must be the address of a database: postgres://user:password@host:5432/database`
  }
}

/** Its option `makeId` is a function, which no text can say. */
export const standard: ExecutorProvider<"default", DefaultOptions, StoreError, true> = {
  kind: "executor",
  name: "default",
  needsStore: true,
  load: () => import("../../Executor/default/services.ts"),
  settings: {
    worker: optional(text),
    maxLoaded: optional(count()),
    maxActivities: optional(count()),
    maxRecoveries: optional(count()),
    suggestContinueAt: optional(count()),
    maxHistory: optional(count()),
    heartbeatInterval: optional(time({ least: 10 })),
    lease: optional(time({ least: 10 })),
    spinLimit: optional(time()),
    answerTimeout: optional(time({ unlimited: true })),
    shutdownTimeout: optional(time({ least: 0, unlimited: true })),
    drain: optional(flag)
  },
  check: ({ heartbeatInterval = "5 seconds", lease }, variable) =>
    lease === undefined || millis(lease) > millis(heartbeatInterval)
      ? undefined
      : `${variable("lease")} must be longer than ${variable("heartbeatInterval")}`
}

/** Its options `connection`, `attributes` and `deployment` are no texts. */
export const onTemporal: ExecutorProvider<"temporal", TemporalOptions, TemporalError, false, TemporalServices> = {
  kind: "executor",
  name: "temporal",
  needsStore: false,
  load: () => import("../../Executor/TemporalWorker.ts"),
  packages: [
    "@temporalio/activity",
    "@temporalio/client",
    "@temporalio/common",
    "@temporalio/proto",
    "@temporalio/worker",
    "@temporalio/workflow"
  ],
  settings: {
    workflows: text,
    address: optional(text),
    namespace: optional(text),
    taskQueue: optional(text),
    tls: optional(flag),
    apiKey: optional(secret),
    answerTimeout: optional(time()),
    bundle: optional(text),
    bundleCache: optional(text),
    only: optional(oneOf(["workflows", "activities"])),
    maxLoaded: optional(count({ unlimited: false })),
    maxActivities: optional(count({ unlimited: false })),
    heartbeatInterval: optional(time({ least: 10 })),
    shutdownTimeout: optional(time({ least: 0 })),
    drain: optional(flag)
  },
  variables: { address: "URL" }
}

// internal

const millis = (duration: Duration.Input): number => Duration.toMillis(Duration.fromInputUnsafe(duration))
