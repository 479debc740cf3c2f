/**
 * Notifies listeners of commits and deletions: of this connection at once, of other connections when the file shows them.
 *
 * The file system reports that another connection has written to the write-ahead log. That is before the commit can be seen,
 * so a listener looks several times then. Where nothing is reported it asks once a second whether the database has changed,
 * which reads a counter in shared memory.
 */
import { type FSWatcher, watch } from "node:fs"
import { basename, dirname } from "node:path"
import type { SQLOutputValue } from "node:sqlite"
import type * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Queue from "effect/Queue"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import type * as Types from "effect/Types"
import type { WorkerId, WorkflowId } from "../../Ids.ts"
import { changeOf } from "../../internal/store/listing.ts"
import type { Change, Commit, StoreErrorReason } from "../WorkflowStore.ts"
import { liveClock } from "./clock.ts"
import type { Database } from "./Database.ts"
import { unsettled } from "./Migrations.ts"
import { integer, toId, toName } from "./Row.ts"

/** The rows that a group of this connection has added to `commits`; 0 for none. */
export interface Positions {
  first: number
  last: number
}

/** The listeners to the changes of a store. */
export interface Listeners {
  /** Notifies of commits by this connection. */
  readonly notify: (saved: ReadonlyArray<Commit>, positions: Positions) => void
  /** Notifies of a deletion by this connection; `deletion` is the position of its record. */
  readonly notifyDeleted: (workflowId: WorkflowId, deletion: number) => void
  readonly changes: Stream.Stream<ReadonlyArray<Change>, StoreErrorReason>
}

/** Listens to a database. */
export const make = (database: Database): Listeners => {
  // As SQLite has it, which follows links: the log is beside the file itself. Empty when there is no file.
  const filename = String(database.connection.prepare("PRAGMA database_list").get()!["file"])
  const listeners = new Set<Listener>()
  const read = reader(database)
  return {
    notify: (saved, { first, last }) => {
      if (listeners.size === 0) return
      const batch = saved.map(({ summary }) => changeOf(summary))
      for (const listener of listeners) {
        // When others have committed in between, their rows are read, and these again with them.
        if (listener.position + 1 === first) listener.position = last
        Queue.offerUnsafe(listener.queue, batch)
      }
    },
    notifyDeleted: (workflowId, deletion) => {
      if (listeners.size === 0) return
      const { position } = read.latest()
      for (const listener of listeners) {
        // The positions of deleted rows are used again when they were the newest.
        listener.position = Math.min(listener.position, position)
        if (listener.deletion + 1 === deletion) listener.deletion = deletion
        Queue.offerUnsafe(listener.queue, [{ workflowId, version: 0 }])
      }
    },
    changes: Stream.callback<ReadonlyArray<Change>, StoreErrorReason>(
      Effect.fnUntraced(function* (queue) {
        const start = yield* database.read(read.latest)
        const listener: Listener = { queue, ...start }
        yield* Effect.acquireRelease(
          Effect.sync(() => listeners.add(listener)),
          () => Effect.sync(() => listeners.delete(listener))
        )
        if (filename !== "") return yield* follow(database, filename, listener, read)
        return yield* Effect.never
      }),
      { bufferSize: 1024, strategy: "sliding" }
    )
  }
}

// internal

const fromRow = (row: Record<string, SQLOutputValue>): Change => {
  const { id, owner, parent, unowned, version, wake_at: wakeAt } = row
  const change: Types.Mutable<Change> = { workflowId: toId(id), version: Number(version) }
  if (unowned === 1) change.unowned = true
  if (typeof owner === "string") {
    change.owner = toName(owner) as WorkerId
    if (typeof wakeAt === "number") {
      change.wakeAt = wakeAt
      if (parent !== null) change.owedTo = toId(parent)
    }
  }
  return change
}

/** How much a listener knows: up to which rows of `commits` and `deletions`, and SQLite's count of changes by others. */
interface Listener {
  readonly queue: Queue.Queue<ReadonlyArray<Change>, StoreErrorReason | Cause.Done>
  position: number
  deletion: number
  dataVersion: number
}

const reader = ({ connection }: Database) => {
  const newest = connection.prepare(`
    SELECT coalesce((SELECT max(position) FROM commits), 0) AS position,
      coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'deletions'), 0) AS deletion
  `)
  const dataVersion = connection.prepare("PRAGMA data_version")
  const committed = connection.prepare(`
    SELECT workflow_id AS id, ${integer("max(recent.version)")} AS version, owner IS NULL AND ${unsettled} AS unowned, owner, wake_at,
      CASE WHEN closed_at IS NOT NULL THEN parent_id END AS parent
    FROM (SELECT execution, version FROM commits WHERE position > ? AND position <= ?) AS recent
    CROSS JOIN executions ON executions.key = recent.execution
    GROUP BY recent.execution
  `)
  // A record is also there when older runs were removed, or when the id is in use again.
  const deleted = connection.prepare(`
    SELECT workflow_id AS id, 0 AS version, 0 AS unowned, NULL AS owner, NULL AS wake_at, NULL AS parent
    FROM deletions
    WHERE position > ? AND position <= ?
      AND NOT EXISTS (SELECT 1 FROM executions WHERE executions.workflow_id = deletions.workflow_id)
  `)
  const reused = connection.prepare("SELECT min(newest) AS newest FROM deletions WHERE position > ?")
  const latest = () => {
    const { deletion, position } = newest.get()!
    return {
      position: Number(position),
      deletion: Number(deletion),
      dataVersion: Number(dataVersion.get()!["data_version"])
    }
  }
  return {
    latest,
    /** Whether others have changed anything since the listener was last notified. Costs a fraction of `advance`. */
    isBehind: (listener: Listener): boolean =>
      Result.match(
        Result.try(() => dataVersion.get()!["data_version"]),
        // What is wrong with the database is for `advance` to say.
        { onSuccess: (found) => found !== listener.dataVersion, onFailure: () => true }
      ),
    /** The commits and deletions since the listener was last notified; whether there are more. */
    advance: (listener: Listener): { readonly changes: ReadonlyArray<Change>; readonly more: boolean } => {
      const now = latest()
      if (now.dataVersion === listener.dataVersion) return { changes: [], more: false }
      // Others have deleted the newest commits, whose positions later commits have now.
      if (now.deletion > listener.deletion) {
        const { newest } = reused.get(listener.deletion)!
        listener.position = Math.min(listener.position, Number(newest ?? listener.position))
      }
      const position = Math.min(now.position, listener.position + maxRows)
      const deletion = Math.min(now.deletion, listener.deletion + maxRows)
      const rows = committed.all(listener.position, position)
      if (deletion > listener.deletion) rows.push(...deleted.all(listener.deletion, deletion))
      listener.position = position
      listener.deletion = deletion
      const more = position < now.position || deletion < now.deletion
      if (!more) listener.dataVersion = now.dataVersion
      return {
        changes: rows.map(fromRow),
        more
      }
    }
  }
}

/** How many rows are read at a time, so that a listener that fell behind does not stop the process for long. */
const maxRows = 10_000

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
  function* (database: Database, filename: string, listener: Listener, read: ReturnType<typeof reader>) {
    const wakes = yield* Queue.sliding<void>(1)
    yield* watchLog(filename, () => Queue.offerUnsafe(wakes, undefined))
    let looks = 0
    const look = Effect.gen(function* () {
      if (read.isBehind(listener)) {
        const { changes, more } = yield* database.read(() => read.advance(listener))
        if (changes.length > 0) Queue.offerUnsafe(listener.queue, changes)
        if (more) return yield* Effect.yieldNow
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
