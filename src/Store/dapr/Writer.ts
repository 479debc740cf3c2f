/**
 * Appends commits, several that come together in one transaction: of each its place, which must be free, and the head; and of all of them an
 * entry of the index, whose place must be free as well.
 *
 * The place of a version is what fences writers off. Where the component does not undo transactions the head is also replaced on the
 * condition that it is the one that was read, so a writer that finds the place taken changes nothing of the execution; and an entry that
 * was not written is written before anyone is answered.
 *
 * A transaction that failed says nothing: its answer may be lost, or be about an earlier request. So the places are read, and tell what
 * happened.
 */
import { randomInt, randomUUID } from "node:crypto"
import * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Queue from "effect/Queue"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import { Version, type WorkflowId } from "../../Ids.ts"
import { liveClock } from "../../internal/liveClock.ts"
import { Conflict, type Corrupt, type StoreErrorReason } from "../WorkflowStore.ts"
import { Etags } from "./Etags.ts"
import type { Index } from "./Index.ts"
import * as Manifest from "./manifest.ts"
import { decodeHead, decodePlace, type Head } from "./record.ts"
import type { Shared } from "./Shared.ts"
import { inPlaceOf, type Operation, Refused, type Value } from "./Sidecar.ts"

/** What is to be stored at the version after the latest one: a commit, or a deletion. */
export interface Writing {
  /** Names it, so that it is known again. */
  readonly id: string
  readonly workflowId: WorkflowId
  readonly place: string
  readonly head: string
  /** What is known of the execution when it is stored. */
  readonly known: Head
}

/** What writes for one process: one transaction at a time, since those of a process would only wait for each other. */
export interface Writer {
  readonly shared: Shared
  readonly index: Index
  readonly line: Queue.Queue<Pending>
  readonly etags: Etags
  /** The lane that this process writes to, until another one is there first. */
  lane: number
}

/** Starts a writer. It ends with the scope. */
export const start = Effect.fnUntraced(function* (
  shared: Shared,
  index: Index
): Effect.fn.Return<Writer, never, Scope.Scope> {
  const etags = new Etags(shared.sidecar, shared.keys, yield* Effect.scope)
  const writer: Writer = {
    shared,
    index,
    etags,
    line: yield* Queue.unbounded<Pending>(),
    lane: randomInt(Manifest.lanes)
  }
  const turn = Effect.flatMap(Queue.takeBetween(writer.line, 1, mostAtOnce), (all) =>
    Effect.forEach(batchesOf(all), (batch) => storeTogether(writer, batch), { discard: true })
  )
  yield* Effect.forkScoped(Effect.forever(turn))
  return writer
})

/** Stores one whose version is free as far as is known. */
export const write = (writer: Writer, writing: Writing): Effect.Effect<void, StoreErrorReason> =>
  Effect.suspend(() => {
    const answer = Deferred.makeUnsafe<void, StoreErrorReason>()
    Queue.offerUnsafe(writer.line, { writing, answer })
    return Deferred.await(answer)
  })

/**
 * Tells of a version that was read and of which the index may not have told. Where transactions are not undone, a process may have ended
 * before it wrote the entry of what it had stored.
 */
export const mend = Effect.fnUntraced(function* (
  writer: Writer,
  workflowId: WorkflowId,
  version: number
): Effect.fn.Return<void, StoreErrorReason> {
  const { index, shared } = writer
  const text = Manifest.encodeEntry(randomUUID(), [[workflowId, version]])
  for (let tries = 1; ; tries++) {
    const lane = randomInt(Manifest.lanes)
    const number = index.lanes[lane]!
    const entry: Operation = { _tag: "Create", key: shared.keys.entry(lane, number), text }
    const sent = yield* Effect.result(shared.sidecar.transact([entry], shared.manners))
    if (Result.isSuccess(sent)) return index.advance(lane, number + 1)
    if (tries === mostTries) return yield* sent.failure
    yield* index.caughtUp
  }
})

// internal

const mostAtOnce = 32
// Each but the last has found that others were first.
const mostTries = 100
// Characters of a transaction: a sidecar takes 4 MiB unless told otherwise.
const mostText = 512 * 1024
const mostFailures = 3
const pause = Duration.millis(50)

/** What is to be stored, and who waits for it. */
interface Pending {
  readonly writing: Writing
  readonly answer: Deferred.Deferred<void, StoreErrorReason>
}

/** What goes into one transaction. */
interface Batch {
  /** Names the entry of the index, so that it is known again. */
  readonly by: string
  readonly all: ReadonlyArray<Pending>
  /** Those of which it is not known what became of them. */
  readonly open: Set<Pending>
  isIndexed: boolean
  /** Whether one of them is stored, so that an entry must tell of it. */
  isKept: boolean
}

/** One at most of each execution goes into a transaction, and not more text than a sidecar takes. */
const batchesOf = (all: ReadonlyArray<Pending>): ReadonlyArray<ReadonlyArray<Pending>> => {
  const batches: Array<Array<Pending>> = []
  const ids = new Set<WorkflowId>()
  let size = 0
  for (const pending of all) {
    const { head, place, workflowId } = pending.writing
    size += head.length + place.length
    if (batches.length === 0 || ids.has(workflowId) || size > mostText) {
      batches.push([])
      ids.clear()
      size = head.length + place.length
    }
    batches.at(-1)!.push(pending)
    ids.add(workflowId)
  }
  return batches
}

/** Stores a batch. Of one that the sidecar itself refuses each goes alone, since one of them may be too large. */
const storeTogether = (writer: Writer, all: ReadonlyArray<Pending>): Effect.Effect<void> =>
  Effect.suspend(() => {
    const batch: Batch = { by: randomUUID(), all, open: new Set(all), isIndexed: false, isKept: false }
    return Effect.matchCauseEffect(attempts(writer, batch), {
      onSuccess: () => Effect.sync(() => all.forEach((pending) => answer(pending, Exit.void))),
      onFailure: (cause) =>
        all.length > 1 && isRefused(cause)
          ? Effect.forEach(all, (pending) => storeTogether(writer, [pending]), { discard: true })
          : Effect.sync(() => all.forEach((pending) => answer(pending, Exit.failCause(cause))))
    })
  })

const answer = ({ answer }: Pending, exit: Exit.Exit<void, StoreErrorReason>): void =>
  void Deferred.doneUnsafe(answer, exit)

const isRefused = (cause: Cause.Cause<StoreErrorReason>): boolean =>
  cause.reasons
    .filter(Cause.isFailReason)
    .some(({ error }) => error._tag === "Unavailable" && error.cause instanceof Refused && error.cause.status < 500)

/** Tries until it is known of each what became of it; one that lost its version is answered at once. */
const attempts = Effect.fnUntraced(function* (writer: Writer, batch: Batch): Effect.fn.Return<void, StoreErrorReason> {
  const { index, shared } = writer
  for (let tries = 1, failures = 0; ; tries++) {
    if (index.isStale) yield* index.caughtUp
    const { lane } = writer
    const number = index.lanes[lane]!
    const entry = shared.keys.entry(lane, number)
    const etags = shared.manners.atomic ? undefined : yield* etagsOf(writer, batch)
    if (batch.open.size === 0 && (batch.isIndexed || !batch.isKept)) return
    const operations = operationsOf(shared, batch, entry, etags)
    const sent = yield* Effect.result(shared.sidecar.transact(operations, shared.manners))
    if (Result.isSuccess(sent)) {
      if (!batch.isIndexed) index.advance(lane, number + 1)
      const written = [...batch.open].map(({ writing }) => ({
        workflowId: writing.workflowId,
        version: writing.known.version
      }))
      batch.open.forEach((pending) => keep(writer, batch, pending))
      return yield* shared.manners.atomic ? Effect.void : writer.etags.learn(written)
    }
    const before = batch.open.size
    const found = yield* consult(writer, batch, [...batch.open], entry)
    if (found === "own") index.advance(lane, number + 1)
    if (found === "other") yield* elsewhere(writer)
    if (tries === mostTries) return yield* sent.failure
    if (found === "other" || batch.open.size < before) continue
    if (++failures === mostFailures) return yield* sent.failure
    yield* liveClock.sleep(pause)
  }
})

/** What is still to be written; without ETags heads are written whatever there is, since the place is the condition. */
const operationsOf = (
  { keys }: Shared,
  batch: Batch,
  entry: string,
  etags: ReadonlyMap<Pending, string | undefined> | undefined
): ReadonlyArray<Operation> => {
  const operations = [...batch.open].flatMap((pending): ReadonlyArray<Operation> => {
    const { head: text, known, place, workflowId } = pending.writing
    const key = keys.head(workflowId)
    const etag = etags?.get(pending)
    const create: Operation = { _tag: "Create", key: keys.place(workflowId, known.version), text: place }
    if (etags === undefined) return [create, { _tag: "Put", key, text }]
    return [create, inPlaceOf(etag, { key, text })]
  })
  if (batch.isIndexed) return operations
  const news = batch.all.map(({ writing }) => [writing.workflowId, writing.known.version] as const)
  return [...operations, { _tag: "Create", key: entry, text: Manifest.encodeEntry(batch.by, news) }]
}

/**
 * The ETags of the heads that are to be replaced; none where there is no head. Where a version does not follow that of
 * the head, it is read what became of the writing.
 */
const etagsOf = Effect.fnUntraced(function* (
  writer: Writer,
  batch: Batch
): Effect.fn.Return<ReadonlyMap<Pending, string | undefined>, StoreErrorReason> {
  const { keys, sidecar } = writer.shared
  const etags = new Map<Pending, string | undefined>()
  for (const pending of batch.open) {
    const etag = yield* writer.etags.take(pending.writing.workflowId, pending.writing.known.version - 1)
    if (etag !== undefined) etags.set(pending, etag)
  }
  const asked = [...batch.open].filter((pending) => !etags.has(pending))
  const values = yield* sidecar.readAll(asked.map(({ writing }) => keys.head(writing.workflowId)))
  const passed: Array<readonly [Pending, Value | undefined]> = []
  for (const [at, pending] of asked.entries()) {
    const value = values[at]
    const latest = latestOf(pending, value)
    if (Result.isFailure(latest) || latest.success !== pending.writing.known.version - 1) passed.push([pending, value])
    else etags.set(pending, value?.etag)
  }
  if (passed.length === 0) return etags
  yield* consult(
    writer,
    batch,
    passed.map(([pending]) => pending),
    undefined
  )
  for (const [pending, head] of passed) if (batch.open.has(pending)) refuse(batch, pending, head)
  return etags
})

/** Reads what became of some, and whose the entry is that the transaction wanted. */
const consult = Effect.fnUntraced(function* (
  { index, shared: { keys, sidecar } }: Writer,
  batch: Batch,
  some: ReadonlyArray<Pending>,
  entry: string | undefined
): Effect.fn.Return<"own" | "other" | "none", StoreErrorReason> {
  const places = some.map(({ writing }) => keys.place(writing.workflowId, writing.known.version))
  const heads = some.map(({ writing }) => keys.head(writing.workflowId))
  const values = yield* sidecar.readAll([...places, ...heads, ...(entry === undefined ? [] : [entry])])
  for (const [at, pending] of some.entries()) {
    const place = values[at]
    if (place === undefined) continue
    const { id, known } = pending.writing
    const taken = decodePlace(known.version, place.text)
    if (Result.isSuccess(taken) && taken.success._tag !== "Removed" && taken.success.id === id) {
      keep({ index }, batch, pending)
      continue
    }
    refuse(batch, pending, values[some.length + at])
  }
  const last = entry === undefined ? undefined : values.at(-1)
  if (last === undefined) return "none"
  const told = Manifest.decodeEntry(last.text)
  batch.isIndexed ||= told._tag === "News" && told.by === batch.by
  return batch.isIndexed ? "own" : "other"
})

/** The version of a head; that of none is 0. */
const latestOf = ({ writing }: Pending, head: Value | undefined): Result.Result<number, Corrupt> =>
  head === undefined
    ? Result.succeed(0)
    : Result.map(decodeHead(writing.workflowId, head.text), ({ version }) => version)

const keep = ({ index }: Pick<Writer, "index">, batch: Batch, pending: Pending): void => {
  batch.open.delete(pending)
  batch.isKept = true
  index.put(pending.writing.workflowId, pending.writing.known)
}

const refuse = (batch: Batch, pending: Pending, head: Value | undefined): void => {
  batch.open.delete(pending)
  const { version } = pending.writing.known
  const refusal = Result.match(latestOf(pending, head), {
    onFailure: (damage): StoreErrorReason => damage,
    onSuccess: (latest) => new Conflict(latest === 0 ? { version } : { version, latest: Version.make(latest) })
  })
  answer(pending, Exit.fail(refusal))
}

/** Reads what others have written to a lane, and takes another one. */
const elsewhere = (writer: Writer): Effect.Effect<void, StoreErrorReason> =>
  Effect.tap(writer.index.caughtUp, () =>
    Effect.sync(() => {
      writer.lane = randomInt(Manifest.lanes)
    })
  )
