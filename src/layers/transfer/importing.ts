/**
 * Appends the commits of an execution to a store in which it is not, or not yet whole.
 *
 * Until its last commit is there the execution looks finished, and as if a newer release had recorded it, so that no worker takes it and
 * no caller is told of a result. Each commit has the id that it had, so one that is there already is not stored again.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { type HistoryEvent, unfinishedImport } from "../../HistoryEvent.ts"
import { type RunId, Version } from "../../Ids.ts"
import type {
  CallDetails,
  Commit,
  ExecutionSummary,
  StoredCommit,
  StoreError,
  WorkflowStore
} from "../../Store/WorkflowStore.ts"
import { faultsOf } from "../verify/faults.ts"
import type { Block } from "./Blocks.ts"
import { patient } from "./patient.ts"

type Store = WorkflowStore["Service"]

/** What became of an execution; the faults of one that was refused. */
export type Outcome = "imported" | "present" | ReadonlyArray<string>

/** Imports an execution. Fails when the store cannot be reached. */
export const importOne = (store: Store, block: Block): Effect.Effect<Outcome, StoreError> =>
  append(store, block).pipe(
    // Another import stores the same execution, or a caller has started one of this id.
    Effect.retry({ while: ({ reason }) => reason._tag === "Conflict", times: looksAtMost }),
    Effect.catchIf(
      ({ reason }) => reason._tag !== "Unavailable",
      ({ reason }) => Effect.succeed([reason.message])
    )
  )

// internal

/** So often it is looked again what is there, when something else was stored meanwhile. */
const looksAtMost = 20

const append = Effect.fnUntraced(function* (store: Store, block: Block): Effect.fn.Return<Outcome, StoreError> {
  const faults = faultsOf(block)
  if (faults.length > 0) return faults
  const { commits } = block
  const place = yield* placeOf(store, block)
  if (typeof place === "string") return [place]
  if (place.from === commits.length) return "present"
  const begins = beginsOf(commits)
  for (let index = place.from; index < commits.length; index++) {
    // With its last commit the execution is there for workers, who are to find the details.
    if (index === commits.length - 1) yield* patient(store.saveDetails(detailsOf(block)))
    yield* patient(store.save(renumbered(block, place.base, index, begins)))
  }
  return "imported"
})

const detailsOf = ({ details, summary }: Block): ReadonlyArray<CallDetails> =>
  details
    .filter((each) => each.runId === summary.runId)
    .map(({ details, runId, seq }) => ({ workflowId: summary.workflowId, runId, seq, details }))

interface Place {
  /** The version before that of the first commit. */
  readonly base: number
  /** How many commits are there. */
  readonly from: number
}

/** Where to go on; in words why that is nowhere. */
const placeOf = Effect.fnUntraced(function* (store: Store, block: Block): Effect.fn.Return<Place | string, StoreError> {
  const { commits, summary } = block
  const found = yield* patient(store.load(summary.workflowId, { after: Version.make(0) }))
  const there = Option.isSome(found) ? found.value.commits : []
  const [first] = there
  if (first === undefined || first.id === placeholderOf(block)) return { base: yield* baseOf(store, block), from: 0 }
  const offset = commits.findIndex(({ id }) => id === first.id)
  if (offset < 0) return "another execution has this id: delete it, or leave this one out"
  const isOther = (commit: StoredCommit, index: number) => (commits[offset + index] ?? commit).id !== commit.id
  if (there.some(isOther)) return "it went on in one way here and in another way there: delete one of them"
  return { base: first.version - 1 - offset, from: Math.min(commits.length, offset + there.length) }
})

/** The id of the commit that is stored and removed for the record of a deletion. */
const placeholderOf = ({ commits }: Block): string => `${commits[0]!.runId} is imported`

/** The version after which an unknown id begins. What removed runs had seen of messages is put into the record of a deletion. */
const baseOf = Effect.fnUntraced(function* (store: Store, block: Block): Effect.fn.Return<number, StoreError> {
  const { commits, seen, summary } = block
  const { workflowId } = summary
  const deletion = Option.getOrUndefined(yield* patient(store.deletion(workflowId)))
  const base = deletion?.version ?? 0
  if (Object.entries(seen).every(([chain, number]) => (deletion?.seen[chain] ?? 0) >= number)) return base
  const version = Version.make(base + 1)
  const { events, runId } = commits[0]!
  const placeholder = { ...unfinished(summary), runId, version, firstVersion: version }
  yield* patient(store.save({ id: placeholderOf(block), workflowId, runId, version, events, summary: placeholder }))
  yield* patient(store.delete(workflowId, { version, seen }))
  return base + 2
})

/** The places at which runs begin. */
const beginsOf = (commits: Block["commits"]): ReadonlyMap<RunId, number> => {
  const begins = new Map<RunId, number>()
  for (const [index, { runId }] of commits.entries()) if (!begins.has(runId)) begins.set(runId, index)
  return begins
}

/** A commit at its version in this store. */
const renumbered = (
  { commits, summary }: Block,
  base: number,
  index: number,
  begins: ReadonlyMap<RunId, number>
): Commit => {
  const { events, id, runId } = commits[index]!
  const version = Version.make(base + 1 + index)
  const firstVersion = Version.make(base + 1 + begins.get(runId)!)
  const own = index === commits.length - 1 ? summary : unfinished({ ...summary, runId })
  const [first, ...others] = events
  return {
    id,
    workflowId: summary.workflowId,
    runId,
    version,
    events: [readdressed(first), ...others.map(readdressed)],
    summary: { ...own, version, firstVersion }
  }
}

/** The summary of an execution while it is not whole. */
const unfinished = ({ owed: _, owner: __, wakeAt: ___, ...summary }: ExecutionSummary): ExecutionSummary => ({
  ...summary,
  status: "terminated",
  closedAt: summary.updatedAt,
  waitingFor: [{ _tag: "Other", text: "its import is not over: import it again" }],
  format: unfinishedImport
})

/** Versions of receivers may be others here, so a message is looked for in all that a receiver has. */
const anywhere = { version: Version.make(0) }

const readdressed = (event: HistoryEvent): HistoryEvent => {
  if (event._tag === "MessageSent" && event.address !== undefined) {
    return { ...event, address: { ...event.address, ...anywhere } }
  }
  if (event._tag !== "ExecutionStarted" || event.continues === undefined) return event
  const { children, owed } = event.continues
  const continues = {
    ...event.continues,
    owed: owed.map((each) => ({ ...each, address: { ...each.address, ...anywhere } })),
    children: children.map((each) => ({ ...each, address: { ...each.address, ...anywhere } }))
  }
  return { ...event, continues }
}
