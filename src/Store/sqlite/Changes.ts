/**
 * Tells those who listen of commits: of the own ones when they are made, of those of other connections when the file
 * shows them.
 *
 * Other connections are noticed by the file system, which reports writes to the write-ahead log, and where it does not,
 * by asking once a second whether the database has changed, which reads a counter in shared memory.
 */
import { type FSWatcher, watch } from "node:fs"
import { basename, dirname } from "node:path"
import type * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import type { WorkflowId } from "../../Ids.ts"
import type { Change, StoreError } from "../WorkflowStore.ts"
import type { Positions } from "./Append.ts"
import { type Database, liveClock } from "./Database.ts"
import { toId } from "./Row.ts"

/** Those who listen to the changes of a store. */
export interface Listeners {
  /** Tells of commits by this connection. */
  readonly tell: (saved: ReadonlyArray<Change>, positions: Positions) => void
  /** Tells of a deletion by this connection. Those of others leave no trace, so nobody hears of them. */
  readonly tellDeleted: (workflowId: WorkflowId) => void
  readonly changes: Stream.Stream<ReadonlyArray<Change>, StoreError>
}

/** Listens to a database. */
export const make = (database: Database): Listeners => {
  // As SQLite has it, which follows links: the log is beside the file itself. Empty when there is no file.
  const filename = String(database.connection.prepare("PRAGMA database_list").get()!["file"])
  const listeners = new Set<Listener>()
  const read = reader(database)
  return {
    tell: (saved, { first, last }) => {
      if (listeners.size === 0) return
      const batch = saved.map(({ version, workflowId }): Change => ({ workflowId, version }))
      for (const listener of listeners) {
        // When others have committed in between, their rows are read and these again with them.
        if (listener.position + 1 === first) listener.position = last
        Queue.offerUnsafe(listener.queue, batch)
      }
    },
    tellDeleted: (workflowId) => {
      if (listeners.size === 0) return
      const { position } = read.latest()
      for (const listener of listeners) {
        // The positions of deleted rows are used again when they were the newest.
        listener.position = Math.min(listener.position, position)
        Queue.offerUnsafe(listener.queue, [{ workflowId, version: 0 }])
      }
    },
    changes: Stream.callback<ReadonlyArray<Change>, StoreError>(
      Effect.fnUntraced(function* (queue) {
        const start = yield* database.read("changes", read.latest)
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

/** How far a listener has been told, as a row of `commits` and as SQLite's count of changes by others. */
interface Listener {
  readonly queue: Queue.Queue<ReadonlyArray<Change>, StoreError | Cause.Done>
  position: number
  dataVersion: number
}

const reader = ({ connection }: Database) => {
  const newest = connection.prepare("SELECT coalesce(max(position), 0) AS position FROM commits")
  const dataVersion = connection.prepare("PRAGMA data_version")
  const since = connection.prepare(`
    SELECT executions.workflow_id AS id, max(recent.version) AS version
    FROM (SELECT execution, version FROM commits WHERE position > ? AND position <= ?) AS recent
    CROSS JOIN executions ON executions.key = recent.execution
    GROUP BY recent.execution
  `)
  const latest = () => ({
    position: Number(newest.get()!["position"]),
    dataVersion: Number(dataVersion.get()!["data_version"])
  })
  return {
    latest,
    /** The commits since the listener was last told; whether there are more. */
    advance: (listener: Listener): { readonly changes: ReadonlyArray<Change>; readonly more: boolean } => {
      const now = latest()
      if (now.dataVersion === listener.dataVersion) return { changes: [], more: false }
      const until = Math.min(now.position, listener.position + maxRows)
      const changes = since.all(listener.position, until).map(({ id, version }) => ({
        workflowId: toId(id),
        version: Number(version)
      }))
      // Also backwards, when others have deleted the newest rows.
      listener.position = until
      const more = until < now.position
      if (!more) listener.dataVersion = now.dataVersion
      return { changes, more }
    }
  }
}

/** How many rows are read at a time, so that a listener who fell behind does not stop everybody else for long. */
const maxRows = 10_000

const follow = Effect.fnUntraced(
  function* (database: Database, filename: string, listener: Listener, read: ReturnType<typeof reader>) {
    const wakes = yield* Queue.sliding<void>(1)
    yield* watchLog(filename, () => Queue.offerUnsafe(wakes, undefined))
    const look = Effect.gen(function* () {
      const { changes, more } = yield* database.read("changes", () => read.advance(listener))
      if (changes.length > 0) Queue.offerUnsafe(listener.queue, changes)
      if (more) return yield* Effect.yieldNow
      yield* Effect.timeoutOption(Queue.take(wakes), "1 second")
      // A busy writer makes many small writes; those of a moment are read together.
      yield* Effect.sleep("5 millis")
    })
    return yield* Effect.forever(look)
  },
  Effect.provideService(Clock.Clock, liveClock)
)

/** Calls back when somebody writes to the write-ahead log, which need not exist yet. */
const watchLog = (filename: string, onWrite: () => void) => {
  const log = `${basename(filename)}-wal`
  const open = (): FSWatcher =>
    watch(dirname(filename), { persistent: false }, (_, name) => {
      if (name === null || name === log) onWrite()
    }).on("error", () => {})
  // Where the system has no watcher to give, asking now and then is enough.
  return Effect.acquireRelease(Effect.option(Effect.try(open)), (watcher) =>
    Effect.sync(() => Option.map(watcher, (watcher) => watcher.close()))
  )
}
