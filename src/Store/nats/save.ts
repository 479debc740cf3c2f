/**
 * Appends one commit.
 *
 * The fence is the sequence of the latest message of the key: a commit is published on the condition that it is that of
 * the version before, which names this very history and no other that ever had the same id. When the table knows that
 * sequence a commit costs one request.
 *
 * A failure to publish says nothing: the answer may be lost, or be about another attempt. So the end of the history is
 * read, and that tells what happened, or that it is worth another attempt, or nothing either.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { Version } from "../../Ids.ts"
import { encodeEvents } from "../../internal/codec.ts"
import { refusedText } from "../../internal/commitSize.ts"
import { type Commit, Conflict, type Corrupt, type TooLarge, type Unavailable } from "../WorkflowStore.ts"
import type { Bucket } from "./Bucket.ts"
import { wallClock } from "./Connection.ts"
import { end, type End, locate } from "./history.ts"
import * as Key from "./key.ts"
import { encode } from "./message.ts"
import type { Entry, Head, Table } from "./Table.ts"

/** Why a commit was not stored, or may not have been. */
export type Reason = Conflict | Unavailable | TooLarge | Corrupt

/** Appends a commit of at most `limit` bytes of events. */
export const save = (bucket: Bucket, table: Table, commit: Commit, limit: number): Effect.Effect<void, Reason> =>
  Effect.suspend(() => {
    const events = encodeEvents(commit.events)
    const refused = refusedText(events, limit)
    if (refused !== undefined) return Effect.fail(refused)
    const key = Key.encode(commit.workflowId)
    const writing = { bucket, table, commit, key, events }
    const entry = table.get(key)
    const place = placeAfter(entry, commit)
    return place === undefined ? consult(writing, 1) : attempt(writing, place, 1)
  })

// internal

const attempts = 3

interface Writing {
  readonly bucket: Bucket
  readonly table: Table
  readonly commit: Commit
  readonly key: string
  readonly events: string
}

/** Where a commit goes: after the message `previous`, in the id that begins after `origin` and the run after `base`. */
interface Place {
  readonly previous: number
  readonly origin: number
  readonly base: number
}

/** The place of a commit after what is known; `undefined` when that does not allow it. */
const placeAfter = (known: Pick<Entry, "seq" | "head"> | undefined, commit: Commit): Place | undefined => {
  const head = known === undefined ? undefined : Option.getOrUndefined(known.head)
  const previous = known?.seq ?? 0
  if (commit.version !== (head?.version ?? 0) + 1) return undefined
  if (head === undefined) return { previous, origin: previous, base: previous }
  if (commit.summary.firstVersion === commit.version) return { previous, origin: head.origin, base: previous }
  return head.runId === commit.runId ? { previous, origin: head.origin, base: head.base } : undefined
}

const attempt = (writing: Writing, place: Place, count: number): Effect.Effect<void, Reason> =>
  Effect.matchEffect(publish(writing, place), {
    onSuccess: (seq) =>
      Effect.sync(() => {
        const { commit, key, table } = writing
        const { id, runId, version, summary } = commit
        table.put(key, seq, { id, runId, version, origin: place.origin, base: place.base, summary })
        table.saw(key, version, seq)
      }),
    onFailure: (error) => consult(writing, count + 1, error)
  })

const publish = ({ bucket, commit, key, events }: Writing, place: Place): Effect.Effect<number, Unavailable> => {
  const maxPayload = bucket.connection.nats.info?.max_payload ?? 0
  const messages = encode({ commit, events, maxPayload, ...place })
  return messages.length === 1
    ? bucket.publish(key, messages[0]!, { expected: place.previous })
    : bucket.publishBatch(key, messages, place.previous)
}

/** Reads the end of the history and does what it asks for. */
const consult = Effect.fnUntraced(function* (
  writing: Writing,
  count: number,
  error?: Unavailable
): Effect.fn.Return<void, Reason> {
  const { bucket, commit, key, table } = writing
  const known = Option.getOrUndefined(table.get(key)?.head ?? Option.none())
  // Whoever lost this version once has lost it for ever. That it was stored is for the bucket itself to say.
  if (known?.version === commit.version && known.id !== commit.id) return yield* conflict(commit, known)
  const found = yield* end(bucket, key)
  if (Option.isSome(found.head)) table.put(key, found.seq, found.head.value)
  const place = placeAfter(found, commit)
  if (place === undefined) return yield* settle(writing, found)
  if (error !== undefined && count > attempts) return yield* error
  // The first attempt that failed may only have been told a sequence that is not the latest any more.
  if (count > 2) yield* wallClock.sleep(pause)
  return yield* attempt(writing, place, count)
})

const pause = Duration.millis(100)

const conflict = ({ version }: Commit, head: Head | undefined): Conflict =>
  new Conflict({ version, latest: Version.make(head?.version ?? 0) })

/** Whether a commit that has no place after the end of the history is in it already. */
const settle = Effect.fnUntraced(function* (writing: Writing, found: End): Effect.fn.Return<void, Reason> {
  const { commit } = writing
  const head = Option.getOrUndefined(found.head)
  if (head !== undefined && head.version >= commit.version && (yield* stored(writing, found, head))) return
  return yield* conflict(commit, head)
})

const stored = (
  { bucket, commit, key }: Writing,
  { seq }: End,
  head: Head
): Effect.Effect<boolean, Unavailable | Corrupt> => {
  if (head.version === commit.version) return Effect.succeed(head.id === commit.id)
  return Effect.map(
    locate(bucket, key, { version: commit.version, after: head.origin, to: seq }),
    Option.exists(({ label }) => label.id === commit.id)
  )
}
