/**
 * Removes an execution, or its older runs.
 *
 * A marker takes the place of a whole history, in one atomic write on the condition that the history ends where it was seen
 * to end. The marker is what tells other processes. The server removes a second one after a day, when every process has seen
 * it or started over. The first may not be the one that expires: a server that ends in the middle of a rollup keeps what came
 * before, and would show it again; the second has only the first before it. Both have the record of the deletion, so versions
 * go on from there as long as one of them is kept.
 *
 * Older runs are purged up to a sequence. The sequence is below the current run, which is all that a concurrent commit can
 * continue, so nothing has to be fenced.
 */
import { nuid } from "@nats-io/transport-node"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { Version, type WorkflowId } from "../../Ids.ts"
import {
  Conflict,
  type Corrupt,
  type DeleteOptions,
  type Deletion,
  type Unavailable,
  type Unsupported
} from "../WorkflowStore.ts"
import { type Bucket, patiently, pauseBefore } from "./Bucket.ts"
import { end, locate, type Marker, markerAt } from "./history.ts"
import * as Key from "./key.ts"
import { encodeMarker, type Outgoing } from "./message.ts"
import * as Record from "./record.ts"
import type { Head, Table } from "./Table.ts"

/** Removes what the options name; returns whether there was anything to remove. */
export const remove = (
  bucket: Bucket,
  table: Table,
  workflowId: WorkflowId,
  options: DeleteOptions
): Effect.Effect<boolean, Reason> =>
  "version" in options
    ? removeAll(bucket, table, workflowId, options)
    : removeBefore(bucket, workflowId, { version: options.before, seen: options.seen ?? {} })

// internal

type Reason = Conflict | Unavailable | Corrupt | Unsupported

const mostRequests = 7

const removeAll = Effect.fnUntraced(function* (
  bucket: Bucket,
  table: Table,
  workflowId: WorkflowId,
  { seen = {}, version }: Extract<DeleteOptions, { readonly version: Version }>
): Effect.fn.Return<boolean, Reason> {
  const key = Key.encode(workflowId)
  const name = nuid.next()
  const record = { version: Version.make(version + 1), seen }
  for (let requests = 1; ; requests++) {
    const { head, marker, seq } = yield* end(bucket, key)
    // An answer that was lost may have been that the execution is deleted.
    if (Option.isNone(head)) return isNamed(marker, name)
    const { origin, version: latest } = head.value
    if (latest !== version) {
      if (requests > 1 && isNamed(yield* markerAt(bucket, key, origin), name)) return true
      return yield* new Conflict({ version, latest })
    }
    const earlier = yield* Record.readBefore(bucket, key, origin)
    const message = yield* Record.fitting(bucket, encodeMarker(name, Record.merge(earlier, record)))
    const marked = yield* Effect.result(bucket.publish(key, message, { expected: seq }))
    if (marked._tag === "Success") {
      table.bury(key, marked.success, workflowId, record.version)
      yield* Effect.ignore(expire(bucket, table, key, message, marked.success))
      return true
    }
    if (requests === mostRequests) return yield* marked.failure
    yield* pauseBefore(requests + 1)
  }
})

const isNamed = (marker: Option.Option<Marker>, wanted: string): boolean =>
  Option.exists(marker, ({ name }) => name === wanted)

const expire = (bucket: Bucket, table: Table, key: string, message: Outgoing, expected: number) =>
  Effect.map(bucket.publish(key, message, { expected, ttl: Record.ttl }), (seq) => table.advance(key, seq))

const removeBefore = Effect.fnUntraced(function* (
  bucket: Bucket,
  workflowId: WorkflowId,
  deletion: Deletion
): Effect.fn.Return<boolean, Reason> {
  const key = Key.encode(workflowId)
  const { head } = yield* end(bucket, key)
  if (Option.isNone(head)) return false
  const { origin, summary, version: latest } = head.value
  if (deletion.version > summary.firstVersion) return yield* new Conflict({ version: deletion.version, latest })
  const last = yield* lastBelow(bucket, key, head.value, deletion.version)
  if (last === undefined) return false
  // The leader is asked, because a replica may still have what is gone.
  const first = yield* patiently(bucket, bucket.next(key, origin + 1))
  if (first === null || first.seq > last) return false
  yield* Record.write(bucket, workflowId, origin, deletion)
  yield* patiently(bucket, bucket.purge(key, last))
  return true
})

/** The sequence of the last message below a version of the current run or of an older one. */
const lastBelow = (
  bucket: Bucket,
  key: string,
  { base, origin, summary }: Head,
  version: number
): Effect.Effect<number | undefined, Unavailable> =>
  version === summary.firstVersion
    ? Effect.succeed(base)
    : Effect.map(locate(bucket, key, { version: version - 1, after: origin, to: base }), (found) =>
        Option.getOrUndefined(Option.map(found, ({ seq }) => seq))
      )
