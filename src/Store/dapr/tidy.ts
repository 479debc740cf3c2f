/**
 * Keeps the index short, and forgets what was deleted long ago.
 *
 * After many entries a process writes all ids to new pages. The entries that these know, and the pages before, are removed when the next
 * ones are written: so a process that reads them meanwhile is not disturbed, and a process that ends in the middle leaves nothing behind.
 * The places of entries stay taken for a day, so that a writer who slept meanwhile finds none of them free.
 */
import { randomUUID } from "node:crypto"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { liveClock } from "../../internal/liveClock.ts"
import { deletionTtl, type StoreErrorReason, type Unavailable } from "../WorkflowStore.ts"
import { type Index, readIndex } from "./Index.ts"
import * as Manifest from "./manifest.ts"
import { forget } from "./remove.ts"
import { chunksOf, numbers, type Shared } from "./Shared.ts"
import { inPlaceOf, type Operation } from "./Sidecar.ts"

/** Does what is to be done, which is nothing mostly. */
export const tidy = (shared: Shared, index: Index): Effect.Effect<void, StoreErrorReason> =>
  Effect.andThen(renew(shared, index), forgetAll(shared))

// internal

const fewestEntries = 1000
// With more executions pages are written less often, so that each commit has its share of the work.
const entriesOfIds = 8
const idsOfPage = 500
const operationsAtOnce = 50
const forgottenAtOnce = 20
const secondsTaken = Duration.toSeconds(Duration.days(1))
// The places of what was removed are free again, by the clocks of all machines.
const forgetAfter = Duration.toMillis(deletionTtl) + Duration.toMillis(Duration.hours(2))

/** Writes all ids to new pages, when there are many entries after the latest ones, or a part of the index was damaged. */
const renew = Effect.fnUntraced(function* (shared: Shared, index: Index): Effect.fn.Return<void, StoreErrorReason> {
  const { keys, manners, sidecar, table } = shared
  const isDue = () =>
    index.isDamaged || index.isStray || index.tail >= Math.max(fewestEntries, table.size / entriesOfIds)
  if (!isDue()) return
  yield* index.caughtUp
  const lanes = [...index.lanes]
  const own = [...table.ids]
  const read = yield* readIndex(shared)
  if (read === undefined) return
  // Another process may have written what this one does not find.
  const ids = index.isStray ? [...new Set([...own, ...read.ids])] : own
  const { etag, generation, older } = read
  // Another process may have done it.
  index.isDamaged = read.isDamaged
  index.tail = lanes.reduce((sum, number, lane) => sum + number - generation.lanes[lane]!, 0)
  if (!isDue()) return
  if (older !== undefined) yield* removeGeneration(shared, older, generation)
  const some = chunksOf(ids, idsOfPage)
  const pages = some.length === 0 ? undefined : { token: randomUUID(), count: some.length }
  const text = Manifest.encodeManifest({ lanes, pages, before: { lanes: generation.lanes, pages: generation.pages } })
  const operation = inPlaceOf(etag, { key: keys.index, text })
  const writes = some.map(
    (page, at): Operation => ({
      _tag: "Put",
      key: keys.page(pages!.token, at),
      text: Manifest.encodePage(page)
    })
  )
  yield* Effect.forEach([...writes, operation], (each) => sidecar.transact([each], manners), { discard: true }).pipe(
    Effect.onError(() => Effect.ignore(removeUnnamed(shared, pages)))
  )
  yield* sidecar.transact([{ _tag: "Put", key: keys.indexCopy, text }], manners)
  index.isDamaged = false
  index.isStray = false
  index.tail = 0
})

/** Removes pages that the index does not name, as another process was first. */
const removeUnnamed = Effect.fnUntraced(function* (
  { keys, manners, sidecar }: Shared,
  pages: Manifest.Generation["pages"]
): Effect.fn.Return<void, StoreErrorReason> {
  const value = yield* sidecar.read(keys.index)
  if (pages === undefined || value === undefined) return
  const { before, pages: named } = yield* Effect.fromResult(Manifest.decodeManifest(value.text))
  if (named?.token === pages.token || before?.pages?.token === pages.token) return
  const removals = chunksOf(pageRemovals(keys, pages), operationsAtOnce)
  yield* Effect.forEach(removals, (each) => sidecar.transact(each, manners), { discard: true })
})

const pageRemovals = (keys: Shared["keys"], pages: Manifest.Generation["pages"]): ReadonlyArray<Operation> =>
  numbers(pages?.count ?? 0).map((at) => ({ _tag: "Remove", key: keys.page(pages!.token, at) }))

/** Removes the pages of a generation, and the entries that the one after it knows. */
const removeGeneration = (
  { keys, manners, sidecar }: Shared,
  { lanes, pages }: Manifest.Generation,
  next: Manifest.Generation
): Effect.Effect<void, Unavailable> => {
  const entries = lanes.flatMap((from, lane) =>
    numbers(next.lanes[lane]! - from).map((each): Operation => {
      const key = keys.entry(lane, from + each)
      return { _tag: "Put", key, text: Manifest.removedEntry, seconds: secondsTaken }
    })
  )
  return Effect.forEach(
    chunksOf([...pageRemovals(keys, pages), ...entries], operationsAtOnce),
    (some) => sidecar.transact(some, manners),
    { discard: true }
  )
}

/** Forgets some of the ids that were deleted long ago. */
const forgetAll = (shared: Shared): Effect.Effect<void, StoreErrorReason> =>
  Effect.suspend(() => {
    const { table } = shared
    const long = table.deletedBefore(liveClock.currentTimeMillisUnsafe() - forgetAfter).slice(0, forgottenAtOnce)
    return Effect.forEach(
      long,
      (workflowId) =>
        Effect.map(forget(shared, workflowId), (isForgotten) => {
          if (isForgotten) table.forget(workflowId)
        }),
      { discard: true }
    )
  })
