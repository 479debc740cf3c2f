/**
 * Loads an execution: its end from the leader, then the commits that lead to it, from wherever is nearest.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Version, WorkflowId } from "../../Ids.ts"
import { Corrupt, type StoredCommit, type StoredExecution, type Unavailable } from "../WorkflowStore.ts"
import type { Bucket } from "./Bucket.ts"
import { commits, end, type End, locate, readable } from "./history.ts"
import * as Key from "./key.ts"
import { decode } from "./message.ts"
import type { Entry, Head, Table } from "./Table.ts"

/** Loads the current run of an execution, or its commits after a version, of all runs. */
export const load = (
  bucket: Bucket,
  table: Table,
  workflowId: WorkflowId,
  after: Version | undefined
): Effect.Effect<Option.Option<StoredExecution>, Unavailable | Corrupt> => {
  const key = Key.encode(workflowId)
  const attempt = (count: number): Effect.Effect<Option.Option<StoredExecution>, Unavailable | Corrupt> =>
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
        return count === attempts ? Effect.fail(new Corrupt({ detail })) : attempt(count + 1)
      })
    })
  return attempt(1)
}

// internal

// What is missing was deleted meanwhile, which the next attempt sees; or what was thought to be known is of an older run.
const attempts = 4

const read = Effect.fnUntraced(function* (
  bucket: Bucket,
  key: string,
  { seq, whole }: End,
  head: Head,
  first: number,
  known: Entry | undefined
): Effect.fn.Return<Option.Option<ReadonlyArray<StoredCommit>>, Unavailable | Corrupt> {
  if (first > head.version) return Option.some([])
  if (first === head.version && Option.isSome(whole)) return Option.some([yield* readable(key, decode(whole.value))])
  const after = yield* before(bucket, key, seq, head, first, known)
  return yield* commits(bucket, key, { after, to: seq, first, last: head.version })
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
