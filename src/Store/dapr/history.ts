/**
 * Reads heads and places.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Version, WorkflowId } from "../../Ids.ts"
import { damaged } from "../../internal/store/damage.ts"
import type {
  Corrupt,
  ExecutionSummary,
  NewerFormat,
  StoredCommit,
  StoredExecution,
  StoreErrorReason,
  Unavailable
} from "../WorkflowStore.ts"
import { decodeCommit, decodeHead, decodePlace, type Head, type Place } from "./record.ts"
import { chunksOf, numbers, type Shared } from "./Shared.ts"
import type { Value } from "./Sidecar.ts"
import * as Writer from "./Writer.ts"

type Failure = Unavailable | Corrupt | NewerFormat

/**
 * Reads the head of an id, and notes it. Where the component does not undo transactions and the index does not tell of that version, its entry
 * is missing, and is written.
 */
export const head = Effect.fnUntraced(function* (
  writer: Writer.Writer,
  workflowId: WorkflowId
): Effect.fn.Return<Option.Option<Head>, StoreErrorReason> {
  const { index, shared } = writer
  const value = yield* shared.sidecar.read(shared.keys.head(workflowId))
  if (value === undefined) return Option.none()
  const found = yield* Effect.fromResult(decodeHead(workflowId, value.text))
  const isNews = () => (shared.table.get(workflowId)?.version ?? 0) < found.version
  if (!shared.manners.atomic && isNews()) {
    yield* index.caughtUp
    if (isNews()) yield* Writer.mend(writer, workflowId, found.version)
  }
  index.put(workflowId, found)
  return Option.some(found)
})

/** Reads the latest summary of an execution. */
export const summary = (
  writer: Writer.Writer,
  workflowId: WorkflowId
): Effect.Effect<Option.Option<ExecutionSummary>, StoreErrorReason> =>
  Effect.map(head(writer, workflowId), (found) =>
    Option.flatMap(found, (head) => (head._tag === "Live" ? Option.some(head.summary) : Option.none()))
  )

/** Reads the current run of an execution, or its commits after a version, of all runs. */
export const load = Effect.fnUntraced(function* (
  writer: Writer.Writer,
  workflowId: WorkflowId,
  after: Version | undefined
): Effect.fn.Return<Option.Option<StoredExecution>, StoreErrorReason> {
  for (let reads = 1; ; reads++) {
    const found = yield* head(writer, workflowId)
    if (Option.isNone(found) || found.value._tag === "Deleted") return Option.none()
    const { summary } = found.value
    const read = yield* commits(writer.shared, summary, after === undefined ? summary.firstVersion : after + 1)
    if (typeof read !== "string") return Option.some({ summary, commits: read })
    // What is missing was removed meanwhile, which the next read of the head sees.
    if (reads === mostReads) return yield* damaged(`${workflowId}: ${read}`)
  }
})

/** Reads the place of a version; none when it is free. */
export const place = Effect.fnUntraced(function* (
  { keys, sidecar }: Shared,
  workflowId: WorkflowId,
  version: number
): Effect.fn.Return<Option.Option<Place>, Unavailable | Corrupt> {
  const value = yield* sidecar.read(keys.place(workflowId, version))
  return value === undefined ? Option.none() : Option.some(yield* Effect.fromResult(decodePlace(version, value.text)))
})

/** Reads places of an id in one request, in the order of the versions. */
export const places = (
  { keys, sidecar }: Shared,
  workflowId: WorkflowId,
  versions: ReadonlyArray<number>
): Effect.Effect<ReadonlyArray<Value | undefined>, Unavailable> =>
  sidecar.readAll(versions.map((version) => keys.place(workflowId, version)))

/** How many places are read at once. */
export const placesAtOnce = 200

// internal

const mostReads = 4

/** The commits from a version on, or what is missing of them. Those before the current run may have been removed: up to some version. */
const commits = Effect.fnUntraced(function* (
  shared: Shared,
  { firstVersion, version: last, workflowId }: ExecutionSummary,
  first: number
): Effect.fn.Return<ReadonlyArray<StoredCommit> | string, Failure> {
  const found: Array<StoredCommit> = []
  const versions = numbers(Math.max(0, last - first + 1)).map((each) => last - each)
  for (const some of chunksOf(versions, placesAtOnce)) {
    const values = yield* places(shared, workflowId, some)
    for (const [at, value] of values.entries()) {
      const version = some[at]!
      const read = yield* taken(shared, workflowId, version, value)
      if (read === undefined) return version < firstVersion ? found.toReversed() : `version ${version} is not there`
      found.push(read)
    }
  }
  return found.toReversed()
})

const taken = Effect.fnUntraced(function* (
  shared: Shared,
  workflowId: WorkflowId,
  version: number,
  value: Value | undefined
): Effect.fn.Return<StoredCommit | undefined, Failure> {
  const { keys, sidecar } = shared
  // Reads of many values may lag behind in components that have replicas.
  const certain = value ?? (yield* sidecar.read(keys.place(workflowId, version)))
  if (certain === undefined) return undefined
  const place = yield* Effect.mapError(Effect.fromResult(decodePlace(version, certain.text)), named(workflowId))
  if (place._tag !== "Taken") return undefined
  const { parts } = place
  if (parts === undefined) return yield* Effect.fromResult(decodeCommit(place, undefined))
  const texts = yield* sidecar.readAll(numbers(parts.count).map((index) => keys.part(parts.token, index)))
  if (texts.includes(undefined)) return undefined
  return yield* Effect.fromResult(decodeCommit(place, texts.map((part) => part!.text).join("")))
})

const named =
  (workflowId: WorkflowId) =>
  (error: Corrupt): Corrupt =>
    damaged(`${workflowId}: ${error.detail}`)
