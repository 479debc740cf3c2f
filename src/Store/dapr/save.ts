/**
 * Appends one commit: decides by what is known whether its version may be free, and writes it.
 */
import { randomUUID } from "node:crypto"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import { type Admission, admit, type Head as Latest } from "../../internal/store/admit.ts"
import { encodeEvents } from "../../internal/store/codec.ts"
import { refusedText } from "../../internal/store/commitSize.ts"
import { type Commit, type StoreErrorReason, type Unavailable } from "../WorkflowStore.ts"
import * as History from "./history.ts"
import { encodeHead, encodePlace, type Head, type Parts } from "./record.ts"
import { chunksOf, numbers, type Shared } from "./Shared.ts"
import type { Operation } from "./Sidecar.ts"
import * as Writer from "./Writer.ts"

/** Appends a commit of at most `limit` bytes of events. */
export const save = Effect.fnUntraced(function* (
  writer: Writer.Writer,
  commit: Commit,
  limit: number
): Effect.fn.Return<void, StoreErrorReason> {
  const events = encodeEvents(commit.events)
  const refused = refusedText(events, limit)
  if (refused !== undefined) return yield* refused
  const admission = yield* admitted(writer, commit)
  // The answer that was lost may have been that its entry is not written.
  if (admission === "stored") {
    return yield* writer.shared.manners.atomic ? Effect.void : Writer.mend(writer, commit.workflowId, commit.version)
  }
  if (admission !== "append") return yield* admission
  if (events.length <= mostInPlace) return yield* Writer.write(writer, writingOf(commit, undefined))
  const parts = yield* writeParts(writer.shared, events)
  yield* Effect.onExit(Writer.write(writer, writingOf(commit, parts)), (exit) =>
    // Where it is not known whether the commit is stored, it may need them.
    isConflict(exit) ? Effect.ignore(removeParts(writer.shared, parts)) : Effect.void
  )
})

/** Removes the parts of events. */
export const removeParts = (
  { keys, manners, sidecar }: Shared,
  { count, token }: Parts
): Effect.Effect<void, Unavailable> => {
  const removals = numbers(count).map((index): Operation => ({ _tag: "Remove", key: keys.part(token, index) }))
  return Effect.forEach(chunksOf(removals, 50), (some) => sidecar.transact(some, manners), { discard: true })
}

// internal

// Characters of events that are in their place, and of one of their parts: with the escapes of JSON a fraction of what a sidecar takes.
const mostInPlace = 64 * 1024
const sizeOfPart = 256 * 1024

const writingOf = (commit: Commit, parts: Parts | undefined): Writer.Writing => {
  const { id, summary, version, workflowId } = commit
  const known = { _tag: "Live", id, version, summary } as const
  return { id, workflowId, place: encodePlace(commit, parts), head: encodeHead(commit), known }
}

/** What becomes of a commit: by what is known, and where that does not let it in, by what is stored. */
const admitted = Effect.fnUntraced(function* (
  writer: Writer.Writer,
  commit: Commit
): Effect.fn.Return<Admission, StoreErrorReason> {
  const { shared } = writer
  const { version, workflowId } = commit
  const known = shared.table.get(workflowId)
  if (known?._tag !== "Damaged" && admit(latestOf(known), commit, undefined) === "append") return "append"
  const head = Option.getOrUndefined(yield* History.head(writer, workflowId))
  const latest = latestOf(head)
  if (latest === undefined || latest.version < version) return admit(latest, commit, undefined)
  if (head?._tag === "Live" && head.version === version) return admit(latest, commit, head.id)
  const place = Option.getOrUndefined(yield* History.place(shared, workflowId, version))
  return admit(latest, commit, place?._tag === "Taken" ? place.id : undefined)
})

const latestOf = (head: Head | undefined): Latest | undefined =>
  head === undefined
    ? undefined
    : { version: head.version, runId: head._tag === "Live" ? head.summary.runId : undefined }

/** Writes what is too large for a place beside it, before the commit that names it. */
const writeParts = Effect.fnUntraced(function* (
  { keys, manners, sidecar }: Shared,
  events: string
): Effect.fn.Return<Parts, Unavailable> {
  const token = randomUUID()
  const texts = partsOf(events)
  for (const [index, text] of texts.entries())
    yield* sidecar.transact([{ _tag: "Put", key: keys.part(token, index), text }], manners)
  return { token, count: texts.length }
})

/** The parts of a text. None ends within a pair of surrogates, whose halves are no text. */
const partsOf = (text: string): ReadonlyArray<string> => {
  const parts: Array<string> = []
  for (let from = 0; from < text.length;) {
    const end = from + sizeOfPart
    const to = isHighSurrogate(text.charCodeAt(end - 1)) ? end - 1 : end
    parts.push(text.slice(from, to))
    from = to
  }
  return parts
}

const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff

const isConflict = (exit: Exit.Exit<void, StoreErrorReason>): boolean =>
  Exit.isFailure(exit) && Exit.findErrorOption(exit).pipe(Option.exists(({ _tag }) => _tag === "Conflict"))
