/**
 * Keeps the table of a bucket up to date: an ordered consumer of the headers of the latest message of each key, and of
 * all later messages.
 *
 * When the connection was lost, or the consumer falls silent, it starts over: what is not in the latest messages any more
 * was deleted meanwhile. So nothing is missed for good, however long the connection was away.
 */
import type { JsMsg } from "@nats-io/jetstream"
import { DeliverPolicy } from "@nats-io/jetstream"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as PubSub from "effect/PubSub"
import * as Queue from "effect/Queue"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { readSummary } from "../../internal/store/damage.ts"
import { changeOf } from "../../internal/store/listing.ts"
import { surviving } from "../../internal/store/surviving.ts"
import { within } from "../../internal/store/within.ts"
import type { WorkflowId } from "../../Ids.ts"
import { type Change, Unavailable } from "../WorkflowStore.ts"
import type { Bucket } from "./Bucket.ts"
import { liveClock } from "../../internal/liveClock.ts"
import { end } from "./history.ts"
import * as Key from "./key.ts"
import { type CommitMessage, read } from "./message.ts"
import { headOf, type Table } from "./Table.ts"

/** The watch of a bucket. */
export interface Watch {
  /** Notifies of every commit and deletion. */
  readonly changes: Stream.Stream<ReadonlyArray<Change>>
  /** Waits until the table has everything that was acknowledged so far. */
  readonly caughtUp: Effect.Effect<void, Unavailable>
}

/** Starts watching; the table is complete when this is done. Stops at the end of the scope. */
export const start = Effect.fnUntraced(function* (
  bucket: Bucket,
  table: Table
): Effect.fn.Return<Watch, Unavailable, Scope.Scope> {
  const state: State = {
    bucket,
    table,
    changes: yield* PubSub.sliding<Change>(changesKept),
    restart: yield* Queue.sliding<void>(1),
    ready: yield* Deferred.make<void, Unavailable>(),
    waiting: new Set(),
    seen: 0,
    created: ""
  }
  yield* Effect.forkScoped(follow(state))
  yield* Deferred.await(state.ready)
  return { changes: Stream.chunks(Stream.fromPubSub(state.changes)), caughtUp: caughtUp(state) }
})

// internal

// Listeners that are slower miss some, and look again now and then.
const changesKept = 16_384
const pause = Duration.millis(100)
const farewell = Duration.millis(500)

interface State {
  readonly bucket: Bucket
  readonly table: Table
  readonly changes: PubSub.PubSub<Change>
  readonly restart: Queue.Queue<void>
  /** Done when the table is complete for the first time, or the first consumer fails. */
  readonly ready: Deferred.Deferred<void, Unavailable>
  readonly waiting: Set<Waiting>
  /** Every message up to this sequence is in the table, those of unread keys aside. */
  seen: number
  /** When the stream was created, as it tells. */
  created: string
}

/** An operation waits for the table to have the messages up to a sequence of the stream that was created then. */
interface Waiting {
  readonly created: string
  readonly seq: number
  readonly resume: () => void
}

const reached = (state: State, { created, seq }: Omit<Waiting, "resume">) =>
  state.created === created && state.seen >= seq

const follow = (state: State): Effect.Effect<never> =>
  followOnce(state).pipe(
    Effect.scoped,
    Effect.catch((error) => Deferred.fail(state.ready, error)),
    surviving("what watches the bucket"),
    Effect.andThen(liveClock.sleep(pause)),
    Effect.forever
  )

/** One life of the consumer: from the latest messages until the connection is lost or another one is wanted. */
const followOnce = Effect.fnUntraced(function* (state: State) {
  const { bucket } = state
  const { js, lost, request } = bucket.connection
  const last = yield* lastSequence(state)
  const consumer = yield* Effect.acquireRelease(
    request(() => js.consumers.getPushConsumer(bucket.stream, latestHeaders)),
    // A courtesy: after some minutes the server itself forgets a consumer without a listener.
    (consumer) => Effect.raceFirst(Effect.ignore(request(() => consumer.delete())), liveClock.sleep(farewell))
  )
  const { num_pending: pending } = yield* request(() => consumer.info(true))
  const round = latestRound(state, last, pending)
  const messages = yield* Effect.acquireRelease(
    request(() => consumer.consume({ callback: round.take })),
    (messages) => Effect.promise(() => messages.close())
  )
  yield* Effect.raceAllFirst([lost, Effect.promise(() => messages.closed()), Queue.take(state.restart), round.stuck])
})

/** The latest sequence of the stream; empties the table when the stream is not the one that the table is of. */
const lastSequence = Effect.fnUntraced(function* (state: State) {
  const { connection, stream } = state.bucket
  const { created, state: now } = yield* connection.request(() => connection.jsm.streams.info(stream))
  // A stream that goes back lost, in spite of its settings, what it had acknowledged.
  if (created !== state.created || now.last_seq < state.seen) {
    for (const key of state.table.keys()) forget(state, key)
    state.table.unread.clear()
    state.seen = 0
  }
  state.created = created
  return now.last_seq
})

/** Takes the latest messages of all keys, `pending` many unless some change meanwhile, and then every later one. */
const latestRound = (state: State, last: number, pending: number) => {
  const { bucket, table } = state
  const stale = new Set(table.keys())
  let complete = false
  let taken = 0
  // What the table has is from before the gap, so an absent key may have come meanwhile.
  table.passed = 0
  const finish = () => {
    complete = true
    for (const key of stale) if ((table.latest(key)?.seq ?? 0) <= last) forget(state, key)
    progress(state, last)
    Deferred.doneUnsafe(state.ready, Effect.void)
  }
  if (pending === 0) finish()
  const take = (message: JsMsg): void => {
    const key = message.subject.slice(bucket.prefix.length)
    taken++
    if (!complete) stale.delete(key)
    absorb(state, key, message, complete)
    if (complete) progress(state, message.seq)
    else if (message.seq >= last || message.info.pending === 0) finish()
  }
  // A message that was purged at the wrong moment may leave the round one short for ever.
  const stuck: Effect.Effect<void> = Effect.suspend(() => {
    if (complete) return Effect.never
    const before = taken
    return Effect.flatMap(liveClock.sleep(longestSilence), () => (taken === before && !complete ? Effect.void : stuck))
  })
  return { take, stuck }
}

const longestSilence = Duration.seconds(5)

const latestHeaders = { deliver_policy: DeliverPolicy.LastPerSubject, headers_only: true, mem_storage: true }

/** Notes what a message tells. */
const absorb = (state: State, key: string, message: JsMsg, live: boolean): void => {
  const { table } = state
  const told = read(message.headers)
  switch (told._tag) {
    case "Commit":
      return absorbCommit(state, key, message.seq, told)
    case "Part":
      // The commit of a part follows it, unless the part was left behind: then it is the latest message.
      if (!live) table.unread.set(key, message.seq)
      return table.advance(key, message.seq)
    case "Deletion":
      // Nothing is kept of it: a commit that follows is refused, and then reads the record of the deletion.
      return (table.latest(key)?.seq ?? 0) <= message.seq ? forget(state, key) : undefined
    case "Unreadable":
      // The key of a record is below that of its id.
      return key.includes(".") ? undefined : spoil(state, key, message.seq, told.detail)
    case "Record":
  }
}

const absorbCommit = (state: State, key: string, seq: number, { label, summary: text }: CommitMessage): void => {
  const { seen, table } = state
  const { version, workflowId } = label
  if (Key.encode(workflowId) !== key) return spoil(state, key, seq, `a commit of ${JSON.stringify(workflowId)}`)
  const decoded = text === "" ? undefined : readSummary(text, label)
  if (decoded === undefined) table.unread.set(key, seq)
  else if (Result.isSuccess(decoded)) table.put(key, seq, headOf(label, decoded.success))
  else table.spoil(key, seq, { workflowId, ...decoded.failure })
  if (seq <= seen) return
  const summary = decoded === undefined ? undefined : Result.getOrUndefined(decoded)
  tell(state, summary === undefined ? { workflowId, version } : changeOf(summary))
}

const forget = (state: State, key: string): void => {
  const known = state.table.latest(key)
  state.table.remove(key)
  if (known !== undefined) tell(state, { workflowId: known.workflowId, version: 0 })
}

/** Notes a message of which not even the execution can be read, but for its key. */
const spoil = ({ table }: State, key: string, seq: number, detail: string): void =>
  table.spoil(key, seq, { workflowId: Key.decode(key) as WorkflowId, startedAt: 0, detail })

const tell = (state: State, change: Change): void => void PubSub.publishUnsafe(state.changes, change)

const progress = (state: State, seq: number): void => {
  state.seen = Math.max(state.seen, seq)
  state.table.passed = state.seen
  for (const waiting of state.waiting) {
    if (!reached(state, waiting)) continue
    state.waiting.delete(waiting)
    waiting.resume()
  }
}

/** Reads what the headers of the latest messages of some keys did not tell. */
const readUnread = (state: State): Effect.Effect<void, Unavailable> => {
  const { bucket, table } = state
  const readOne = ([key, from]: readonly [string, number]) =>
    end(bucket, key).pipe(
      Effect.map(({ seq, head }) => {
        if (Option.isSome(head)) table.put(key, seq, head.value)
        return seq
      }),
      Effect.catchTag("Corrupt", ({ detail }) =>
        Effect.as(
          Effect.sync(() => spoil(state, key, from, detail)),
          from
        )
      ),
      // A later message may have come meanwhile whose summary is not read yet either.
      Effect.map((seq) => void ((table.unread.get(key) ?? 0) <= seq && table.unread.delete(key)))
    )
  return Effect.suspend(() => Effect.forEach(Array.from(table.unread), readOne, { discard: true }))
}

const caughtUp = (state: State): Effect.Effect<void, Unavailable> => {
  const { jsm, request, timeout } = state.bucket.connection
  const restart = Queue.offer(state.restart, undefined)
  const all = request(() => jsm.streams.info(state.bucket.stream)).pipe(
    Effect.tap(({ created }) => (created === state.created ? Effect.void : restart)),
    Effect.flatMap(({ created, state: { last_seq: seq } }) => reach(state, { created, seq })),
    Effect.andThen(readUnread(state))
  )
  const late = () => new Unavailable({ cause: new Error(`the watch of ${state.bucket.name} lags behind`) })
  // A consumer that fell silent without a word is made anew once.
  return all.pipe(
    within(timeout / 2, late),
    Effect.catch(() => Effect.andThen(restart, all.pipe(within(timeout, late))))
  )
}

const reach = (state: State, end: Omit<Waiting, "resume">): Effect.Effect<void> =>
  Effect.suspend(() =>
    reached(state, end)
      ? Effect.void
      : Effect.callback((resume) => {
          const waiting = { ...end, resume: () => resume(Effect.void) }
          state.waiting.add(waiting)
          return Effect.sync(() => void state.waiting.delete(waiting))
        })
  )
