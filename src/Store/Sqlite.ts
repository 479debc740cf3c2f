/**
 * Keeps executions in a SQLite file, with the `node:sqlite` of Node.js 22.19 or later: nothing to install, no server.
 *
 * Several processes of one machine may share the file; the version of each execution fences them from each other. A
 * commit is on the disk when it is acknowledged. Commits that are saved together share one transaction, and so one wait
 * for the disk. The file must be on a disk of the machine, since network file systems have no shared memory.
 */
import { resolve } from "node:path"
import * as Config from "effect/Config"
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { count, type Fault, first, other, path, time } from "../internal/options.ts"
import { defaultMaxCommitBytes } from "../internal/store/commitSize.ts"
import * as Append from "./sqlite/Append.ts"
import * as Changes from "./sqlite/Changes.ts"
import * as Database from "./sqlite/Database.ts"
import * as Deletions from "./sqlite/Deletions.ts"
import * as Details from "./sqlite/Details.ts"
import * as List from "./sqlite/List.ts"
import * as Read from "./sqlite/Read.ts"
import * as OwnTransactions from "./sqlite/Transactions.ts"
import * as Workers from "./sqlite/Workers.ts"
import { Transactions } from "./Transactions.ts"
import { type Guarantees, make as makeStore, StoreError, Unsupported, WorkflowStore } from "./WorkflowStore.ts"

/**
 * The settings of a store in a SQLite file.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  /** The path of the file, which is created when it does not exist; `":memory:"` keeps everything in memory. */
  readonly filename: string
  /** Whether the file is made when there is none: `true` by default. With `false` a name that is misspelt is refused, and no empty store. */
  readonly create?: boolean | undefined
  /**
   * What a commit waits for: `"FULL"`, the default, for the disk; `"NORMAL"` only for the operating system, which is
   * several times faster for single commits. With `"NORMAL"` a loss of power or a crash of the operating system may lose
   * the latest acknowledged commits, though never a part of one; the end of the process loses nothing.
   */
  readonly synchronous?: "FULL" | "NORMAL" | undefined
  /** How long an operation waits for another process that writes before it is `Unavailable`. The default is 5 seconds. */
  readonly busyTimeout?: Duration.Input | undefined
  /** How many bytes the encoded events of one commit may have. The default is 8 MiB. */
  readonly maxCommitBytes?: number | undefined
}

/**
 * Opens a store for as long as the scope lasts.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (options: Options): Effect.Effect<WorkflowStore["Service"], StoreError, Scope.Scope> =>
  Effect.map(makeServices(options), (services) => Context.get(services, WorkflowStore))

/**
 * Provides a store in a SQLite file.
 *
 * **Details**
 *
 * Building it fails with a `StoreError` of the operation `open` that says what to do when there is something at the path
 * that is not a database of this library, is damaged, was written by a newer release or cannot be written.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (options: Options): Layer.Layer<WorkflowStore | Transactions, StoreError> =>
  Layer.effectContext(makeServices(options))

/**
 * Provides a store in a SQLite file with settings from the configuration of the app.
 *
 * @category layers
 * @since 0.2.0
 */
export const layerConfig = (
  options: Config.Wrap<Options>
): Layer.Layer<WorkflowStore | Transactions, StoreError | Config.ConfigError> =>
  Layer.effectContext(Effect.flatMap(Config.unwrap(options), makeServices))

// internal

/** A store, and its transactions. */
const makeServices = Effect.fnUntraced(function* (
  options: Options
): Effect.fn.Return<Context.Context<WorkflowStore | Transactions>, StoreError, Scope.Scope> {
  const filename = Database.isPrivate(options.filename) ? options.filename : resolve(String(options.filename))
  const {
    busyTimeout = "5 seconds",
    create = true,
    maxCommitBytes = defaultMaxCommitBytes,
    synchronous = "FULL"
  } = options
  const fault = faultOf(options)
  const made =
    fault === undefined
      ? Database.using(filename, open({ filename, create, synchronous, busyTimeout, maxCommitBytes }))
      : Effect.fail(new Unsupported({ detail: fault }))
  return yield* Effect.mapError(made, (reason) => new StoreError({ operation: "open", reason }))
})

/** What a store is opened with once its options are known to be right. */
interface Opening extends Database.Settings {
  readonly maxCommitBytes: number
}

const open = Effect.fnUntraced(function* ({ maxCommitBytes, ...settings }: Opening) {
  const database = yield* Database.open(settings)
  // Every deletion purges too, so a failure now does no harm.
  yield* Effect.ignore(Deletions.purge(database))
  const listeners = Changes.make(database)
  const durability: Guarantees["durability"] = Database.isPrivate(settings.filename)
    ? "none"
    : settings.synchronous === "FULL"
      ? "disk"
      : "process"
  const appending = yield* Append.make(database, listeners, maxCommitBytes)
  const transactions = yield* OwnTransactions.make(database, appending, listeners, maxCommitBytes)
  const store = makeStore({
    saveAll: appending.saveAll,
    load: Read.load(database),
    summary: Read.summary(database),
    list: List.list(database),
    count: List.count(database),
    ...Deletions.make(database, listeners),
    changes: listeners.changes,
    ...Workers.make(database),
    ...Details.make(database),
    guarantees: { durability, fencing: "fenced", listing: "strong", maxCommitBytes, writes: "accepted" },
    database
  })
  return Context.make(WorkflowStore, store).pipe(Context.add(Transactions, transactions))
})

const faultOf = (options: Options): Fault => {
  const { busyTimeout, create = true, filename, maxCommitBytes, synchronous = "FULL" } = options
  return first(
    other(options, "filename", "create", "synchronous", "busyTimeout", "maxCommitBytes"),
    typeof filename === "string" && filename !== ""
      ? path("filename", filename)
      : 'filename must name a file, or be ":memory:"',
    synchronous === "FULL" || synchronous === "NORMAL" ? undefined : 'synchronous must be "FULL" or "NORMAL"',
    count("maxCommitBytes", maxCommitBytes),
    time("busyTimeout", busyTimeout, { least: 0 }),
    typeof create === "boolean" ? undefined : "create must be true or false"
  )
}
