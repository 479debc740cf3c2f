/**
 * Loads an execution: its end from the leader, then the commits that lead to it, from wherever is nearest.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Version, WorkflowId } from "../../Ids.ts"
import { damaged } from "../../internal/store/damage.ts"
import {
  type Corrupt,
  type ExecutionSummary,
  type NewerFormat,
  type StoredCommit,
  type StoredExecution,
  type Unavailable
} from "../WorkflowStore.ts"
import { type Bucket, patiently } from "./Bucket.ts"
import { commits, decoded, end, type End, locate } from "./history.ts"
import * as Key from "./key.ts"
import type { Entry, Head, Table } from "./Table.ts"

/** Loads the current run of an execution, or its commits after a version, of all runs. */
export const load = (
  bucket: Bucket,
  table: Table,
  workflowId: WorkflowId,
  after: Version | undefined
): Effect.Effect<Option.Option<StoredExecution>, Reason> => {
  const key = Key.encode(workflowId)
  const loadAgain = (count: number): Effect.Effect<Option.Option<StoredExecution>, Reason> =>
    Effect.flatMap(end(bucket, key), (found) => {
      if (Option.isNone(found.head)) return Effect.succeedNone
      const head = found.head.value
      table.put(key, found.seq, head)
      const first = after === undefined ? head.summary.firstVersion : after + 1
      return Effect.flatMap(read(bucket, key, found, head, first, count === 1 ? table.get(key) : undefined), (read) => {
        if (Option.isSome(read)) {
          table.saw(key, head.version, found.seq)
          return Effect.succeedSome({ summary: head.summary, commits: read.value })
        }
        const detail = `${key}: the versions ${first} to ${head.version} are not all there`
        return count === mostReads ? Effect.fail(damaged(detail)) : loadAgain(count + 1)
      })
    })
  return loadAgain(1)
}

/** Reads the latest summary of an execution. */
export const summary = (
  bucket: Bucket,
  table: Table,
  workflowId: WorkflowId
): Effect.Effect<Option.Option<ExecutionSummary>, Unavailable | Corrupt> => {
  const key = Key.encode(workflowId)
  return Effect.map(end(bucket, key), ({ head, seq }) =>
    Option.map(head, (head) => {
      table.put(key, seq, head)
      return head.summary
    })
  )
}

// internal

type Reason = Unavailable | Corrupt | NewerFormat

// What is missing was deleted meanwhile, which the next read sees; or what was thought to be known is of an older run.
const mostReads = 4

const read = Effect.fnUntraced(function* (
  bucket: Bucket,
  key: string,
  { seq, whole }: End,
  head: Head,
  first: number,
  known: Entry | undefined
): Effect.fn.Return<Option.Option<ReadonlyArray<StoredCommit>>, Reason> {
  if (first > head.version) return Option.some([])
  if (first === head.version && Option.isSome(whole)) return Option.some([yield* decoded(key, whole.value)])
  const { firstVersion } = head.summary
  let after = yield* before(bucket, key, seq, head, first, known)
  // Older runs may have been removed, which a replica need not know yet.
  const left = first < firstVersion ? yield* patiently(bucket, bucket.next(key, after + 1)) : null
  if (left !== null) after = left.seq - 1
  return yield* commits(bucket, key, {
    after,
    to: seq,
    first,
    last: head.version,
    needed: Math.max(first, firstVersion)
  })
})

/** A sequence before the message of a version, and not far before it. */
const before = (
  bucket: Bucket,
  key: string,
  to: number,
  head: Head,
  version: number,
  known: Entry | undefined
): Effect.Effect<number, Unavailable> => {
  const far = version >= head.summary.firstVersion ? head.base : head.origin
  if (version <= 1 || version === head.summary.firstVersion) return Effect.succeed(far)
  const seen = known?.seen
  if (seen !== undefined && seen.version < version && seen.seq > far) return Effect.succeed(seen.seq)
  return Effect.map(locate(bucket, key, { version: version - 1, after: far, to }), (found) =>
    Option.match(found, { onNone: () => far, onSome: ({ seq }) => seq })
  )
}
