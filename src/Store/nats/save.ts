/**
 * Appends one commit.
 *
 * The fence is the sequence of the latest message of the key: a commit is published on the condition that it is that of
 * the version before, which names this very history and no other that ever had the same id. When the table knows that
 * sequence a commit costs one request.
 *
 * A failure to publish says nothing: the answer may be lost, or be about an earlier request. So the end of the history is
 * read, and that tells what happened, or that it is worth another request, or nothing either.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { type Admission, admit } from "../../internal/store/admit.ts"
import { encodeEvents } from "../../internal/store/codec.ts"
import { refusedText } from "../../internal/store/commitSize.ts"
import { type Commit, Conflict, type Corrupt, type TooLarge, type Unavailable } from "../WorkflowStore.ts"
import { type Bucket, patiently } from "./Bucket.ts"
import { liveClock } from "./Connection.ts"
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
    const known = knownOf(table.get(key))
    return admit(known, commit, idOf(known, commit)) === "append"
      ? append(writing, placeAfter(known, commit), 1)
      : consult(writing, 1)
  })

// internal

const mostRequests = 3

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

/** The end of a history, as far as it is known. */
interface Known {
  readonly seq: number
  readonly version: number
  /** None for a deletion, which no run continues. */
  readonly runId: Head["runId"] | undefined
  readonly head: Head | undefined
}

const knownOf = (entry: Pick<Entry, "seq" | "head" | "version"> | undefined): Known => {
  const head = Option.getOrUndefined(entry?.head ?? Option.none())
  return { seq: entry?.seq ?? 0, version: entry?.version ?? 0, runId: head?.runId, head }
}

/** The version of the end of a history that was read. */
const versionOf = ({ head, marker }: End): number => {
  if (Option.isSome(head)) return head.value.version
  return Option.match(
    Option.flatMap(marker, ({ record }) => record),
    { onNone: () => 0, onSome: ({ version }) => version }
  )
}

/** The id of the latest commit, if it has the version of the given one. */
const idOf = ({ head }: Known, { version }: Commit): string | undefined =>
  head?.version === version ? head.id : undefined

const placeAfter = ({ head, seq: previous }: Known, { summary, version }: Commit): Place => ({
  previous,
  origin: head?.origin ?? previous,
  base: head === undefined || summary.firstVersion === version ? previous : head.base
})

const append = (writing: Writing, place: Place, count: number): Effect.Effect<void, Reason> =>
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
  const latest = table.get(key)?.head ?? Option.none()
  // A commit that lost its version once has lost it for ever, and needs no request. The table may lag behind, so it is not
  // asked for the latest version, nor whether the commit was stored.
  if (Option.isSome(latest) && latest.value.version === commit.version && latest.value.id !== commit.id) {
    return yield* new Conflict({ version: commit.version })
  }
  const found = yield* end(bucket, key)
  if (Option.isSome(found.head)) table.put(key, found.seq, found.head.value)
  const known = knownOf({ ...found, version: versionOf(found) })
  const admission = yield* admitAfter(writing, known)
  if (admission === "stored") return
  if (admission !== "append") return yield* admission
  if (error !== undefined && count > mostRequests) return yield* error
  // The first request that failed may only have named a sequence that is not the latest any more.
  if (count > 2) yield* liveClock.sleep(pause)
  return yield* append(writing, placeAfter(known, commit), count)
})

const pause = Duration.millis(100)

/** Decides on a commit by the end of a history, and by the commit at its version if there were later ones. */
const admitAfter = Effect.fnUntraced(function* (
  { bucket, commit, key }: Writing,
  known: Known
): Effect.fn.Return<Admission, Unavailable> {
  const { head, seq: to } = known
  if (head === undefined || head.version <= commit.version) return admit(known, commit, idOf(known, commit))
  const found = Option.getOrUndefined(yield* locate(bucket, key, { version: commit.version, after: head.origin, to }))
  // A commit of an older run may have been removed, which the replica that was asked need not know yet.
  const isThere =
    found !== undefined &&
    (commit.version >= head.summary.firstVersion || (yield* patiently(bucket, bucket.at(found.seq))) !== null)
  return admit(known, commit, isThere ? found.label.id : undefined)
})
