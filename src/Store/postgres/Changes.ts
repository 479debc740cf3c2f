/**
 * Notifies listeners of commits and deletions: of this store at once, of others as the server tells of them.
 *
 * Each transaction that saves also notifies, so what is told was stored. A listener looks now and then, and after each loss of its
 * connection, for commits of transactions that it may not have heard of; deletions are told by notifications alone. With each look it
 * calls itself: a connection on which that is not heard is dead, and is replaced.
 */
import { randomUUID } from "node:crypto"
import type { Notification } from "@effect/sql-pg/PgConnection"
import * as PgTypes from "@effect/sql-pg/PgTypes"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as PubSub from "effect/PubSub"
import * as Queue from "effect/Queue"
import * as RcRef from "effect/RcRef"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import type { SqlError } from "effect/sql/SqlError"
import * as Stream from "effect/Stream"
import { parseJson } from "../../internal/core/parse.ts"
import { byteLength } from "../../internal/store/codec.ts"
import { changeOf } from "../../internal/store/listing.ts"
import type { WorkflowId } from "../../Ids.ts"
import { type Change, type Commit, type StoreErrorReason, Unavailable } from "../WorkflowStore.ts"
import { Company } from "./Company.ts"
import { type Database, onLiveClock } from "./Database.ts"
import { summaryColumns, toSummary } from "./Row.ts"

/** The listeners to the changes of a store. */
export interface Listeners {
  /** Names the store in what it tells others. */
  readonly author: string
  /** Notifies of commits by this store. */
  readonly notify: (saved: ReadonlyArray<Commit>) => void
  /** Notifies of a deletion by this store. */
  readonly notifyDeleted: (workflowId: WorkflowId) => void
  /** Whether no other store listens, as far as this one can hear. */
  readonly areNoOthers: () => boolean
  readonly changes: Stream.Stream<ReadonlyArray<Change>, StoreErrorReason>
}

/** Listens to a database, from the first listener on. */
export const make = Effect.fnUntraced(function* (database: Database): Effect.fn.Return<Listeners, never, Scope.Scope> {
  const author = randomUUID()
  const hub = yield* PubSub.sliding<ReadonlyArray<Change>>(1024)
  const publish = (batch: ReadonlyArray<Change>): void => {
    if (batch.length > 0) PubSub.publishUnsafe(hub, batch)
  }
  // All listeners of the store share one connection, which is there when the first of them is, and stays: none waits at its end.
  const company = new Company()
  const line = yield* RcRef.make({
    acquire: follow({ author, company, database, publish, position: { xid: undefined } }),
    idleTimeToLive: Duration.infinity
  })
  return {
    author,
    areNoOthers: () => company.isNone,
    notify: (saved) => publish(saved.map(({ summary }) => changeOf(summary))),
    notifyDeleted: (workflowId) => publish([{ workflowId, version: 0 }]),
    changes: Stream.unwrap(
      Effect.gen(function* () {
        const subscription = yield* PubSub.subscribe(hub)
        yield* RcRef.get(line)
        return Stream.fromSubscription(subscription)
      })
    )
  }
})

/** What is told others of a deletion; none when it is too long for a notification. */
export const noteOfDeletion = (author: string, workflowId: WorkflowId): string | null => {
  const note = `${author} [${JSON.stringify({ workflowId, version: 0 } satisfies Change)}]`
  return byteLength(note) < noteBytes ? note : null
}

// internal

/** The server takes notifications of less than so many bytes. */
const noteBytes = 8000

/** How often a listener looks for what it was not told, in milliseconds. */
const lookEvery = 10_000

/** How soon the second look comes, in milliseconds. */
const lookSoon = 1000

/** How long a call to itself may take, in milliseconds. */
const hearWithin = 5000

/** The pauses before a connection is tried again. */
const pauses = ["50 millis", "100 millis", "250 millis", "500 millis", "1 second"] as const

/** How many executions a look finds at most. */
const mostFound = 10_000

/** What a listener is made of. */
interface Listener {
  readonly author: string
  readonly company: Company
  readonly database: Database
  readonly publish: (batch: ReadonlyArray<Change>) => void
  /** How much it knows: all commits of transactions before this one. */
  readonly position: { xid: string | undefined }
}

/** What a listener says: that it begins to listen, which others answer, or that it is there. */
const call = "?"
const here = "[]"

/** Follows the database in the background, again after each loss; the first connection is there when it returns. */
const follow = Effect.fnUntraced(function* (listener: Listener) {
  const { company, database, publish } = listener
  const begin = Effect.gen(function* () {
    const queue = yield* database.listen
    company.begins()
    const found = yield* look(listener, call)
    return { queue, found }
  })
  const heard = (queue: Queue.Dequeue<Notification, SqlError>) =>
    Effect.ensuring(
      hear(listener, queue),
      Effect.sync(() => company.ends())
    )
  // What the first look finds is older than the listener.
  const first = yield* begin
  const again = Effect.gen(function* () {
    const { found, queue } = yield* begin
    publish(found)
    return yield* heard(queue)
  }).pipe(Effect.scoped)
  let failures = 0
  // Each loss shows as latency alone: the next look finds what was not told.
  const forEver = Effect.gen(function* () {
    yield* Effect.ignore(heard(first.queue))
    while (true) {
      const before = performance.now()
      yield* Effect.ignore(again)
      failures = performance.now() - before > 10_000 ? 0 : failures + 1
      yield* Effect.sleep(pauses[Math.min(failures, pauses.length - 1)]!)
    }
  })
  yield* Effect.forkScoped(onLiveClock(forEver))
}, onLiveClock)

/** Publishes what is told, and looks now and then; fails when the connection does. */
const hear = Effect.fnUntraced(function* (
  listener: Listener,
  queue: Queue.Dequeue<Notification, SqlError>
): Effect.fn.Return<never, Unavailable | SqlError> {
  const { author, company, publish } = listener
  // Soon again: commits are not told by a store that has not heard the call yet.
  let lookAt = performance.now() + lookSoon
  let heardBy: number | undefined
  while (true) {
    const wait = Math.max(0, (heardBy ?? lookAt) - performance.now())
    const told = yield* Effect.timeoutOption(Queue.take(queue), wait)
    if (Option.isSome(told)) {
      // Whatever comes shows that the connection is alive.
      heardBy = undefined
      const { payload } = told.value
      const isItself = payload.startsWith(author)
      company.heard(isItself)
      // The rest of the loop does not wait for it, nor fail with it: it is said again at each look.
      if (!isItself && payload.endsWith(` ${call}`)) yield* answer(listener)
      publish(changesIn(payload, author))
    } else if (heardBy !== undefined) {
      return yield* new Unavailable({ cause: new Error("the connection that listens is dead") })
    }
    if (performance.now() < lookAt) continue
    publish(yield* look(listener, here))
    lookAt = performance.now() + lookEvery
    heardBy = performance.now() + hearWithin
  }
})

/**
 * Finds the commits of transactions that may not have been told of, and calls the listeners. The latest ones are found first, since a
 * writer that stays open keeps a look beginning with the same transaction. What is numbered ahead comes from a dump of another server.
 */
const look = Effect.fnUntraced(function* ({ author, database, position }: Listener, said: string) {
  const { channel, run, schema } = database
  const sql = `
    SELECT pg_snapshot_xmin(pg_current_snapshot())::text, pg_notify($1, $2)::text, ${summaryColumns}
    FROM (SELECT WHERE ${schema}.leading_1()) AS one
    LEFT JOIN (
      SELECT DISTINCT execution FROM (
        SELECT c.execution FROM ${schema}.commits c
        WHERE c.xid >= $3::text::xid8 AND c.xid < pg_snapshot_xmax(pg_current_snapshot())
        ORDER BY c.xid DESC LIMIT ${mostFound}
      ) AS latest
    ) AS recent ON true
    LEFT JOIN ${schema}.executions e ON e.key = recent.execution
  `
  const rows = yield* run(sql, [
    PgTypes.text(channel),
    PgTypes.text(`${author} ${said}`),
    PgTypes.text(position.xid ?? null)
  ])
  position.xid = String(rows[0]?.[0])
  return rows.flatMap(([, , ...row]): ReadonlyArray<Change> => {
    if (row[0] === null) return []
    const summary = toSummary(row)
    return Result.isSuccess(summary) ? [changeOf(summary.success)] : []
  })
})

/** Says that a listener is there. */
const answer = ({ author, database: { channel, run, scope } }: Listener) =>
  Effect.forkIn(
    Effect.ignore(run("SELECT pg_notify($1, $2)::text", [channel, `${author} ${here}`].map(PgTypes.text))),
    scope
  )

/** The changes of a notification; none of this store's own, which it has told already. */
const changesIn = (payload: string, author: string): ReadonlyArray<Change> => {
  const end = payload.indexOf(" ")
  if (end === -1 || payload.slice(0, end) === author) return []
  const found = Option.getOrUndefined(parse(payload.slice(end + 1)))
  return Array.isArray(found) && found.every(isChange) ? found : []
}

const isChange = (value: unknown): value is Change =>
  Predicate.hasProperty(value, "workflowId") &&
  typeof value.workflowId === "string" &&
  Predicate.hasProperty(value, "version") &&
  typeof value.version === "number"

const parse: (text: string) => Option.Option<unknown> = Option.liftThrowable(parseJson)
