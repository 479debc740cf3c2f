/**
 * What is left of commits that were removed. There are two places for it.
 *
 * The marker of a whole deletion has its record, so one write deletes and says so. While the id is in use again the marker is
 * the message before the first one of this life, as labels tell.
 *
 * The removal of older runs has no marker, because the history goes on, and it may purge that of an earlier deletion. Its
 * record is a key of its own, below that of the id and in the same bucket: so it is as durable as what it is about, the purge
 * does not touch it, and no further stream is needed. It is written before the purge. A process that ends between the two
 * leaves a record of messages that are still there, which does no harm; the other way round nothing would be left of them.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { WorkflowId } from "../../Ids.ts"
import { type Corrupt, type Deletion, deletionTtl, type Unavailable, Unsupported } from "../WorkflowStore.ts"
import { type Bucket, patiently, pauseBefore } from "./Bucket.ts"
import { end, markerAt, readable } from "./history.ts"
import * as Key from "./key.ts"
import { decodeRecord, encodeRecord, type Outgoing } from "./message.ts"

/** How long the server keeps a record. */
export const ttl = `${Duration.toSeconds(deletionTtl)}s`

/** Reads what is left of removed commits of an id. */
export const read = Effect.fnUntraced(function* (
  bucket: Bucket,
  workflowId: WorkflowId
): Effect.fn.Return<Option.Option<Deletion>, Unavailable | Corrupt> {
  const key = Key.encode(workflowId)
  const { head, marker } = yield* end(bucket, key)
  if (Option.isSome(head)) return yield* readBefore(bucket, key, head.value.origin)
  const { record } = yield* aside(bucket, key)
  return later(
    Option.flatMap(marker, ({ record }) => record),
    record
  )
})

/** Reads what is left of removed commits of an id that is in use, and whose history begins after `origin`. */
export const readBefore = (
  bucket: Bucket,
  key: string,
  origin: number
): Effect.Effect<Option.Option<Deletion>, Unavailable | Corrupt> =>
  Effect.map(readWithSeq(bucket, key, origin), ({ record }) => record)

/** What a deletion leaves after an earlier one: all that the earlier one said and this one does not. */
export const merge = (earlier: Option.Option<Deletion>, { seen, version }: Deletion): Deletion => ({
  version,
  seen: Option.isSome(earlier) ? { ...earlier.value.seen, ...seen } : seen
})

/** Writes the record of a removal of older runs, together with what is left of earlier ones. */
export const write = Effect.fnUntraced(function* (
  bucket: Bucket,
  workflowId: WorkflowId,
  origin: number,
  deletion: Deletion
): Effect.fn.Return<void, Unavailable | Corrupt | Unsupported> {
  const key = Key.encode(workflowId)
  for (let requests = 1; ; requests++) {
    const { record, seq } = yield* readWithSeq(bucket, key, origin)
    const message = yield* fitting(bucket, encodeRecord(workflowId, merge(record, deletion)))
    const written = yield* Effect.result(bucket.publish(keyAside(key), message, { expected: seq, ttl }))
    if (written._tag === "Success") return
    if (requests === mostRequests) return yield* written.failure
    yield* pauseBefore(requests + 1)
  }
})

/** Refuses a message with a record that is larger than the server accepts. */
export const fitting = ({ connection }: Bucket, message: Outgoing): Effect.Effect<Outgoing, Unsupported> => {
  const limit = (connection.nats.info?.max_payload ?? 0) - headerRoom
  if (message.body.length <= limit) return Effect.succeed(message)
  const detail =
    `the messages that were seen take ${message.body.length} bytes in the record of the deletion and the server accepts ` +
    `${limit}; raise its max_payload`
  return Effect.fail(new Unsupported({ detail }))
}

// internal

const mostRequests = 7
// What the headers of a record need, those of the client included, with a long id.
const headerRoom = 8 * 1024

const keyAside = (key: string): string => `${key}.record`

interface Aside {
  /** The sequence of the message; 0 when there is none. */
  readonly seq: number
  readonly record: Option.Option<Deletion>
}

const aside = (bucket: Bucket, key: string): Effect.Effect<Aside, Unavailable | Corrupt> =>
  Effect.flatMap(patiently(bucket, bucket.latest(keyAside(key))), (message) =>
    message === null
      ? Effect.succeed({ seq: 0, record: Option.none() })
      : Effect.map(readable(key, decodeRecord(message.data)), (record) => ({
          seq: message.seq,
          record: Option.some(record)
        }))
  )

/** Reads the marker first: a removal of older runs, which purges it, has written the other record before. */
const readWithSeq = Effect.fnUntraced(function* (
  bucket: Bucket,
  key: string,
  origin: number
): Effect.fn.Return<Aside, Unavailable | Corrupt> {
  const marker = yield* markerAt(bucket, key, origin)
  const { record, seq } = yield* aside(bucket, key)
  return {
    seq,
    record: later(
      Option.flatMap(marker, ({ record }) => record),
      record
    )
  }
})

/** The later one of two records, with what the earlier one said. */
const later = (one: Option.Option<Deletion>, other: Option.Option<Deletion>): Option.Option<Deletion> => {
  if (Option.isNone(one)) return other
  if (Option.isNone(other)) return one
  return Option.some(one.value.version > other.value.version ? merge(other, one.value) : merge(one, other.value))
}
