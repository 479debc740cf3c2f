/**
 * Notifies listeners of commits and deletions: of this connection at once, of other connections when the file shows them.
 *
 * The file system reports that another connection has written to the write-ahead log. That is before the commit can be seen,
 * so a listener looks several times then. Where nothing is reported it asks once a second whether the database has changed,
 * which reads a counter in shared memory.
 */
import { type FSWatcher, watch } from "node:fs"
import { basename, dirname } from "node:path"
import type * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Queue from "effect/Queue"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import type { WorkflowId } from "../../Ids.ts"
import { changeOf } from "../../internal/store/listing.ts"
import type { Change, Commit, StoreErrorReason } from "../WorkflowStore.ts"
import { liveClock } from "../../internal/liveClock.ts"
import type { Database } from "./Database.ts"

/** The listeners to the changes of a store. */
export interface Listeners {
  /** Notifies of commits by this connection. */
  readonly notify: (saved: ReadonlyArray<Commit>) => void
  /** Notifies of a deletion by this connection. */
  readonly notifyDeleted: (workflowId: WorkflowId) => void
  readonly changes: Stream.Stream<ReadonlyArray<Change>, StoreErrorReason>
}

/** Listens to a database. */
export const make = (database: Database): Listeners => {
  // As SQLite has it, which follows links: the log is beside the file itself. Empty when there is no file.
  const filename = String(database.connection.prepare("PRAGMA database_list").get()!["file"])
  const listeners = new Set<Listener>()
  const tell = (changes: ReadonlyArray<Change>) => {
    for (const listener of listeners) Queue.offerUnsafe(listener, changes)
  }
  const { news } = database.log
  return {
    notify: (saved) => {
      if (listeners.size > 0) tell(saved.map(({ summary }) => changeOf(summary)))
    },
    notifyDeleted: (workflowId) => tell([{ workflowId, version: 0 }]),
    changes: Stream.callback<ReadonlyArray<Change>, StoreErrorReason>(
      Effect.fnUntraced(function* (queue) {
        // What was committed before is no news.
        yield* database.read(() => {})
        yield* Effect.acquireRelease(
          Effect.sync(() => {
            listeners.add(queue)
            news.listener = tell
          }),
          () =>
            Effect.sync(() => {
              listeners.delete(queue)
              if (listeners.size === 0) news.listener = undefined
            })
        )
        if (filename !== "") return yield* follow(database, filename)
        return yield* Effect.never
      }),
      { bufferSize: 1024, strategy: "sliding" }
    )
  }
}

// internal

type Listener = Queue.Queue<ReadonlyArray<Change>, StoreErrorReason | Cause.Done>

/** Whether others have committed since the last transaction. Costs a fraction of one. */
const isBehind = ({ log }: Database): boolean =>
  // What is wrong with the database is for the transaction to say.
  Result.getOrElse(
    Result.try(() => log.isBehind()),
    () => true
  )

/** The pauses between looks after a write was reported: it is seen a little later, when the disk has it. */
const pauses = [
  "2 millis",
  "3 millis",
  "5 millis",
  "10 millis",
  "25 millis",
  "50 millis",
  "100 millis",
  "250 millis"
] as const

const follow = Effect.fnUntraced(
  function* (database: Database, filename: string) {
    const wakes = yield* Queue.sliding<void>(1)
    yield* watchLog(filename, () => Queue.offerUnsafe(wakes, undefined))
    let looks = 0
    const look = Effect.gen(function* () {
      if (isBehind(database)) {
        // Every transaction learns what others have committed.
        yield* database.read(() => {})
        // Of two commits one may have been seen, and both were reported.
        looks = 0
      }
      const woken = yield* Effect.timeoutOption(Queue.take(wakes), pauses[looks++] ?? "1 second")
      if (Option.isNone(woken)) return
      looks = 0
      // A busy writer makes many small writes, which are read together.
      yield* Effect.sleep(pauses[0])
    })
    return yield* Effect.forever(look)
  },
  Effect.provideService(Clock.Clock, liveClock)
)

/** Calls back at each write to the write-ahead log, which need not exist yet. */
const watchLog = (filename: string, onWrite: () => void) => {
  const log = `${basename(filename)}-wal`
  const open = (): FSWatcher =>
    watch(dirname(filename), { persistent: false }, (_, name) => {
      if (name === null || name === log) onWrite()
    }).on("error", () => {})
  // Where the system has no watcher to give, asking once a second is enough.
  return Effect.acquireRelease(Effect.option(Effect.try(open)), (watcher) =>
    Effect.sync(() => Option.map(watcher, (watcher) => watcher.close()))
  )
}
