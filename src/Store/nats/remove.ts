/**
 * Deletes an execution: a marker takes the place of its history, in one atomic write.
 *
 * The marker is what tells other processes. The server removes a second one after an hour, when everybody has seen it or
 * started over. The first may not be the one that expires: a server that ends in the middle of a rollup keeps what came
 * before, and would show it again; the second has only the first before it.
 */
import { nuid } from "@nats-io/transport-node"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { WorkflowId } from "../../Ids.ts"
import type { Corrupt, Unavailable } from "../WorkflowStore.ts"
import { type Bucket, patiently } from "./Bucket.ts"
import { end } from "./history.ts"
import * as Key from "./key.ts"
import { deletionMarker, nameOfDeletion } from "./message.ts"
import type { Head, Table } from "./Table.ts"

/** Deletes an execution; answers whether there was one. */
export const remove = Effect.fnUntraced(function* (
  bucket: Bucket,
  table: Table,
  workflowId: WorkflowId
): Effect.fn.Return<boolean, Unavailable | Corrupt> {
  const key = Key.encode(workflowId)
  const name = nuid.next()
  const found = yield* end(bucket, key)
  if (Option.isNone(found.head)) return false
  let deletion: Deletion = { head: found.head.value, seq: found.seq }
  for (let count = 1; ; count++) {
    const marked = yield* Effect.result(mark(bucket, key, name, deletion.seq))
    if (marked._tag === "Success") {
      table.bury(key, marked.success, workflowId)
      yield* Effect.ignore(expire(bucket, table, key, marked.success))
      return true
    }
    const now = yield* end(bucket, key)
    if (Option.isNone(now.head)) return yield* isOurs(bucket, key, name)
    // Of another run: it is not known whose deletion came between, and this one is not what was to be deleted.
    if (count === attempts || now.head.value.runId !== deletion.head.runId) return yield* marked.failure
    deletion = { head: now.head.value, seq: now.seq }
  }
})

// internal

interface Deletion {
  readonly head: Head
  readonly seq: number
}

const attempts = 5
const lifetime = "1h"
const nothing = new Uint8Array()

const mark = (bucket: Bucket, key: string, name: string, expected: number) =>
  bucket.publish(key, { headers: deletionMarker(name), body: nothing }, { expected })

const expire = (bucket: Bucket, table: Table, key: string, expected: number) =>
  Effect.map(bucket.publish(key, { headers: deletionMarker(), body: nothing }, { expected, ttl: lifetime }), (seq) =>
    table.advance(key, seq)
  )

const isOurs = (bucket: Bucket, key: string, name: string): Effect.Effect<boolean, Unavailable> =>
  Effect.map(patiently(bucket, bucket.latest(key)), (message) => nameOfDeletion(message?.header) === name)
