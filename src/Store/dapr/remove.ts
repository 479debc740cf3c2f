/**
 * Removes an execution, or its older runs.
 *
 * A whole deletion takes the place after the latest version, as a commit would, so one of the two is first. Then the places of the commits
 * are emptied, from the oldest to the latest: they stay taken for a while, and of a removal that was cut off the latest is still there. The
 * record of the deletion is written before anything is removed. A process that ends between leaves a record of messages that are still
 * there, which does no harm; the other way round nothing would be left of them.
 */
import { randomInt, randomUUID } from "node:crypto"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import { Version, type WorkflowId } from "../../Ids.ts"
import {
  Conflict,
  type Corrupt,
  type DeleteOptions,
  type Deletion,
  deletionTtl,
  type StoreErrorReason,
  type Unavailable
} from "../WorkflowStore.ts"
import { liveClock } from "../../internal/liveClock.ts"
import * as History from "./history.ts"
import {
  decodeHead,
  decodePlace,
  decodeRecord,
  encodeDeleted,
  encodeDeletion,
  encodeRecord,
  type Parts,
  removedPlace
} from "./record.ts"
import { removeParts } from "./save.ts"
import { chunksOf, numbers, type Shared } from "./Shared.ts"
import { inPlaceOf, type Operation } from "./Sidecar.ts"
import * as Writer from "./Writer.ts"

/** Removes what the options name; returns whether there was anything to remove. */
export const remove = Effect.fnUntraced(function* (
  writer: Writer.Writer,
  workflowId: WorkflowId,
  options: DeleteOptions
): Effect.fn.Return<boolean, StoreErrorReason> {
  const { shared } = writer
  const head = Option.getOrUndefined(yield* History.head(writer, workflowId))
  if (head === undefined) return false
  if (head._tag === "Deleted") {
    // The answer that was lost may have been that its entry is not written.
    if (!shared.manners.atomic) yield* Writer.mend(writer, workflowId, head.version)
    return false
  }
  const { seen = {} } = options
  const latest = head.version
  if ("before" in options) {
    const { before } = options
    if (before > head.summary.firstVersion) return yield* new Conflict({ version: before, latest })
    const there = yield* whatIsThere(shared, workflowId, before - 1)
    if (there.count === 0) return false
    yield* record(shared, workflowId, { version: before, seen })
    yield* empty(shared, workflowId, before - 1, there, [])
    return true
  }
  if (options.version !== latest) return yield* new Conflict({ version: options.version, latest })
  const version = Version.make(latest + 1)
  const name = randomUUID()
  const known = { _tag: "Deleted", version, at: liveClock.currentTimeMillisUnsafe() } as const
  const place = encodeDeletion(name)
  yield* record(shared, workflowId, { version, seen })
  const writing = { id: name, workflowId, place, head: encodeDeleted(workflowId, known), known }
  const written = yield* Effect.result(Writer.write(writer, writing))
  if (Result.isFailure(written)) {
    if (written.failure._tag !== "Conflict") return yield* written.failure
    // Another commit, or another deletion, was first.
    const now = Option.getOrUndefined(yield* History.head(writer, workflowId))
    if (now?._tag !== "Live") return false
    return yield* new Conflict({ version: options.version, latest: now.version })
  }
  // Where this fails the deletion stands, and what is left of it is removed when the head is.
  yield* Effect.ignore(finish(shared, workflowId, version, place))
  return true
})

/** What is left of removed commits of an id. */
export const deletion = Effect.fnUntraced(function* (
  { keys, sidecar }: Shared,
  workflowId: WorkflowId
): Effect.fn.Return<Option.Option<Deletion>, Unavailable | Corrupt> {
  const [headValue, value] = yield* sidecar.readAll([keys.head(workflowId), keys.record(workflowId)])
  if (value === undefined) return Option.none()
  const found = yield* Effect.fromResult(decodeRecord(value.text))
  const head = headValue === undefined ? undefined : yield* Effect.fromResult(decodeHead(workflowId, headValue.text))
  // A deletion that was overtaken by a commit has left the record of what it did not do.
  const limit = head === undefined ? Infinity : head._tag === "Live" ? head.summary.firstVersion : head.version
  return found.version <= limit ? Option.some(found) : Option.none()
})

/**
 * Forgets an id that was deleted long ago, once nothing of it is left; removes first what is. Returns whether it is forgotten.
 */
export const forget = Effect.fnUntraced(function* (
  shared: Shared,
  workflowId: WorkflowId
): Effect.fn.Return<boolean, Unavailable | Corrupt> {
  const { keys, sidecar } = shared
  const value = yield* sidecar.read(keys.head(workflowId))
  if (value === undefined) return true
  const head = yield* Effect.fromResult(decodeHead(workflowId, value.text))
  if (head._tag === "Live") return false
  const { version } = head
  const [latest, last] = yield* History.places(shared, workflowId, [version - 1, version])
  if (latest === undefined && last === undefined) {
    yield* sidecar.remove(keys.head(workflowId), value.etag)
    return true
  }
  const taken = latest === undefined ? undefined : Result.getOrUndefined(decodePlace(version - 1, latest.text))
  if (taken?._tag !== "Removed" && last !== undefined) yield* finish(shared, workflowId, version, last.text)
  return false
})

// internal

/** How long a place stays taken of which the commit was removed. */
const secondsTaken = Duration.toSeconds(deletionTtl)
const mostRequests = 20
// In milliseconds.
const longestPause = 100
const emptiedAtOnce = 50

/** Empties the places of all commits, of which the last one is that of the deletion, and removes the details. */
const finish = Effect.fnUntraced(function* (
  shared: Shared,
  workflowId: WorkflowId,
  version: number,
  place: string
): Effect.fn.Return<void, Unavailable | Corrupt> {
  const { keys } = shared
  const there = yield* whatIsThere(shared, workflowId, version - 1)
  const last: Operation = { _tag: "Put", key: keys.place(workflowId, version), text: place, seconds: secondsTaken }
  yield* empty(shared, workflowId, version - 1, there, [{ _tag: "Remove", key: keys.details(workflowId) }, last])
})

interface There {
  readonly count: number
  readonly parts: ReadonlyArray<Parts>
}

/** How many commits up to a version are there, and their parts: the latest ones, since the oldest are removed first. */
const whatIsThere = Effect.fnUntraced(function* (
  shared: Shared,
  workflowId: WorkflowId,
  last: number
): Effect.fn.Return<There, Unavailable> {
  const parts: Array<Parts> = []
  let count = 0
  const versions = numbers(last).map((each) => last - each)
  for (const some of chunksOf(versions, History.placesAtOnce)) {
    for (const [at, value] of (yield* History.places(shared, workflowId, some)).entries()) {
      if (value === undefined) return { count, parts }
      const place = Result.getOrUndefined(decodePlace(some[at]!, value.text))
      if (place?._tag === "Removed") return { count, parts }
      if (place?._tag === "Taken" && place.parts !== undefined) parts.push(place.parts)
      count++
    }
  }
  return { count, parts }
})

/** Empties the places of the latest commits up to a version, and runs the last operations in one transaction with the last of them. */
const empty = Effect.fnUntraced(function* (
  shared: Shared,
  workflowId: WorkflowId,
  last: number,
  { count, parts }: There,
  lastOperations: ReadonlyArray<Operation>
): Effect.fn.Return<void, Unavailable> {
  const { keys, manners, sidecar } = shared
  yield* Effect.forEach(parts, (each) => removeParts(shared, each), { discard: true })
  const emptied = numbers(count).map((each): Operation => {
    const key = keys.place(workflowId, last - count + 1 + each)
    return { _tag: "Put", key, text: removedPlace, seconds: secondsTaken }
  })
  const all = [...chunksOf(emptied, emptiedAtOnce)]
  const latest = [...(all.pop() ?? []), ...lastOperations]
  yield* Effect.forEach([...all, latest], (some) => sidecar.transact(some, manners), { discard: true })
})

/** Writes the record of a deletion, together with what is left of earlier ones. */
const record = Effect.fnUntraced(function* (
  { keys, manners, sidecar }: Shared,
  workflowId: WorkflowId,
  { seen, version }: Deletion
): Effect.fn.Return<void, Unavailable | Corrupt> {
  const key = keys.record(workflowId)
  for (let requests = 1; ; requests++) {
    const value = yield* sidecar.read(key)
    const earlier = value === undefined ? undefined : yield* Effect.fromResult(decodeRecord(value.text))
    const text = encodeRecord({ version, seen: { ...earlier?.seen, ...seen } })
    const operation = inPlaceOf(value?.etag, { key, text, seconds: secondsTaken })
    const written = yield* Effect.result(sidecar.transact([operation], manners))
    if (Result.isSuccess(written)) return
    if (requests === mostRequests) return yield* written.failure
    // Of many who delete at once, one at a time is first.
    yield* liveClock.sleep(Duration.millis(randomInt(longestPause)))
  }
})
