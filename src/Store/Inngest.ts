/**
 * Keeps executions in the events of a server of Inngest, which one process writes.
 *
 * A commit is an event whose name is that of its execution, and it is stored once the server shows it. The event API has no conditional
 * write, so one process decides what is written; others send it what they want, and look for it. Which process that is, they find out by
 * events too.
 *
 * **Needs** a server of Inngest, its event key and its signing key, and that it keeps events for longer than a run lives.
 *
 * **Gotchas** That one process writes is best effort (`guarantees.fencing` is `"single-writer"`): run one worker. Each commit waits until
 * the server shows it, 50 milliseconds or more. The process that writes keeps the summaries of all executions in memory, about a kilobyte
 * each, and reads them back when it starts.
 */
import * as Config from "effect/Config"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as PubSub from "effect/PubSub"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { randomUUID } from "node:crypto"
import type { Version, WorkflowId } from "../Ids.ts"
import { liveClock } from "../internal/liveClock.ts"
import { refusedText } from "../internal/store/commitSize.ts"
import { saveGroups } from "../internal/store/groups.ts"
import * as Listing from "../internal/store/listing.ts"
import { Listeners } from "../internal/store/Listeners.ts"
import { surviving } from "../internal/store/surviving.ts"
import { whileAway } from "../internal/store/whileAway.ts"
import * as Details from "./inngest/Details.ts"
import { Inbox } from "./inngest/Inbox.ts"
import { Index } from "./inngest/Index.ts"
import { Leader } from "./inngest/Leader.ts"
import { Names } from "./inngest/names.ts"
import * as Own from "./inngest/OwnOptions.ts"
import { Reader } from "./inngest/Reader.ts"
import { contentOf, type DeleteHead } from "./inngest/record.ts"
import { Requests } from "./inngest/Requests.ts"
import * as Server from "./inngest/Server.ts"
import type { Shared } from "./inngest/Shared.ts"
import { Sight } from "./inngest/Sight.ts"
import { Workers } from "./inngest/Workers.ts"
import { type Deposed, type Reason, Writer } from "./inngest/Writer.ts"
import {
  type Change,
  type Commit,
  make as makeStore,
  StoreError,
  type StoreErrorReason,
  Unsupported,
  WorkflowStore
} from "./WorkflowStore.ts"

/**
 * The settings of a store on Inngest.
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
    const { settings } = shared
    const index = new Index(shared, yield* PubSub.sliding<ReadonlyArray<Change>>(changesKept))
    const reader = new Reader(shared, index)
    const { leader, load, remove, save } = yield* start(shared, reader, index)
    const workers = new Workers(shared)
    const current = Effect.suspend(() => (leader.isLeading ? index.loaded : index.caughtUp))
    return makeStore({
      saveAll: (commits) => saveGroups(commits, (commit) => save(commit)),
      load,
      summary: (workflowId) => reader.summary(workflowId),
      deletion: (workflowId) => reader.deletion(workflowId),
      list: (filter) =>
        Effect.flatMap(Listing.startOf(filter), (after) => Effect.map(current, () => index.page(filter, after))),
      count: (filter) => Effect.map(current, () => index.count(filter)),
      delete: (id, options) => remove({ kind: "delete", id, options, request: randomUUID() }),
      changes: yield* listening(shared, index, leader),
      heartbeat: (worker, lease) =>
        Effect.tap(workers.heartbeat(worker, lease), () => (Duration.isZero(lease) ? Effect.void : leader.wanted)),
      workers: workers.now,
      saveDetails: (all) => Details.save(shared, all),
      details: (call) => Details.read(shared, reader, call),
      guarantees: {
        durability: settings.durability,
        fencing: "single-writer",
        listing: "eventual",
        maxCommitBytes: settings.maxCommitBytes,
        writes: "accepted"
      }
    })
  },
  Effect.mapError((reason) => new StoreError({ operation: "open", reason }))
)

/**
 * Provides a store on Inngest.
 *
 * @category layers
 * @since 0.2.0
 */
export const layer = (options: Options = {}): Layer.Layer<WorkflowStore, StoreError> =>
  Layer.effect(WorkflowStore, make(options))

/**
 * Provides a store on Inngest with settings from the configuration of the app.
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
const changesKept = 1024

/** The keys are tried: one event is sent, which also tells the clock of the server, and some are read. */
const open = Effect.fnUntraced(function* (options: Options): Effect.fn.Return<Shared, StoreErrorReason, Scope.Scope> {
  const fault = Own.faultOf(options)
  if (fault !== undefined) return yield* new Unsupported({ detail: fault })
  const settings = Own.settingsOf(options)
  const server = yield* Server.make(settings)
  const scope = yield* Effect.scope
  const names = new Names(settings.prefix)
  const opened = { name: names.opened, id: `${names.opened}/${randomUUID()}`, text: "" }
  yield* Effect.andThen(server.send([opened]), server.page({ name: names.writer, from: server.now, limit: 1 })).pipe(
    whileAway(
      settings.timeout,
      (failure) => failure._tag === "Unavailable" && !(failure.cause instanceof Server.Denied)
    ),
    Effect.mapError((failure) =>
      failure._tag === "Unavailable" && failure.cause instanceof Server.Denied
        ? new Unsupported({ detail: failure.cause.message })
        : failure
    )
  )
  return { server, sight: new Sight(server, scope), names, settings, scope }
})

/** Starts what writes, and what asks another process to. */
const start = Effect.fnUntraced(function* (shared: Shared, reader: Reader, index: Index) {
  const { settings } = shared
  const leader: Leader = new Leader(shared, (from) => {
    writer.reset()
    index.outdate()
    inbox.begin(from ?? shared.server.now - longestUnread)
  })
  const writer = new Writer(shared, reader, index, () => leader.isLeading)
  const inbox = new Inbox(shared, leader, writer)
  const requests = new Requests(shared, reader, index, leader)
  yield* Effect.addFinalizer(() => leader.leave)
  yield* Effect.forkScoped(inbox.serving)
  const beat = Effect.ignore(leader.beat).pipe(surviving("what says that this process writes"))
  const pause = liveClock.sleep(Duration.millis(settings.lease / 5))
  yield* Effect.forkScoped(Effect.forever(Effect.andThen(pause, beat)))
  /** Writes, or asks another process to, whichever is right; which may change meanwhile. */
  const routed = <A>(write: Effect.Effect<A, Reason | Deposed>, ask: Effect.Effect<A, Reason | Deposed>) =>
    Effect.flatMap(leader.role, (role) => (role === "leading" ? write : ask)).pipe(
      Effect.retry({ times: mostChanges, while: ({ _tag }) => _tag === "Deposed" }),
      Effect.mapError((error) =>
        error._tag === "Deposed" ? Server.unavailable("which process writes changes all the time") : error
      )
    )
  const save = (commit: Commit): Effect.Effect<void, Reason> =>
    Effect.suspend(() => {
      const content = contentOf(commit)
      const refused = refusedText(content.events, settings.maxCommitBytes)
      if (refused !== undefined) return Effect.fail(refused)
      const { closedAt, firstVersion } = commit.summary
      const isListed = firstVersion === commit.version || closedAt !== undefined
      return routed(writer.save(content), requests.save(content, isListed))
    })
  const remove = (head: DeleteHead): Effect.Effect<boolean, Reason> =>
    routed(writer.remove(head), requests.remove(head))
  /** A worker reads what it takes over: then the list is made right where a writer was killed between a commit and its entry. */
  const load = (workflowId: WorkflowId, after: Version | undefined) =>
    Effect.tap(reader.load(workflowId, after), (found) => {
      const summary = Option.getOrUndefined(found)?.summary
      if (!leader.isLeading || !index.isBehind(workflowId, summary)) return Effect.void
      return Effect.forkIn(Effect.ignore(writer.enterMissed(workflowId)), shared.scope)
    })
  return { leader, load, save, remove }
})

// How often in a row the process that writes may change.
const mostChanges = 5

/** For how long a request waits that no process has written: the usual window of the server, in milliseconds. */
const longestUnread = 60 * 60 * 1000

/** What this process commits is told at once, and what another one does is looked for while there are listeners. */
const listening = Effect.fnUntraced(function* (shared: Shared, index: Index, leader: Leader) {
  const listeners = new Listeners()
  const isDue = () => listeners.areThere && !leader.isLeading
  const look = Effect.suspend(() => (isDue() ? Effect.ignore(index.caughtUp) : Effect.void)).pipe(
    surviving("what looks for commits of others")
  )
  const pause = liveClock.sleep(Duration.millis(shared.settings.lookEvery))
  yield* Effect.forkScoped(Effect.forever(Effect.andThen(pause, look)))
  return listeners.of(Stream.fromPubSub(index.changes))
})
