/**
 * Appends the commits of an execution to a store in which it is not, or not yet whole.
 *
 * Until its last commit is there the execution looks finished, and as if a newer release had recorded it, so that no worker takes it and
 * no caller is told of a result. Each commit has the id that it had, so one that is there already is not stored again.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { HistoryEvent } from "../../HistoryEvent.ts"
import { type RunId, Version } from "../../Ids.ts"
import { patiently } from "../../internal/store/patiently.ts"
import type { Commit, ExecutionSummary, StoredCommit, StoreError, WorkflowStore } from "../../Store/WorkflowStore.ts"
import { faultsOf } from "../verify/faults.ts"
import type { Block } from "./Blocks.ts"

type Store = WorkflowStore["Service"]

/** What became of an execution; the faults of one that was refused. */
export type Outcome = "imported" | "present" | ReadonlyArray<string>

/** Imports an execution. Fails when the store cannot be reached. */
export const importOne = (store: Store, block: Block): Effect.Effect<Outcome, StoreError> =>
  Effect.catchIf(
    append(store, block),
    ({ reason }) => reason._tag !== "Unavailable",
    ({ reason }) => Effect.succeed([reason.message])
  )

// internal

const patient = patiently(30_000)

/** The format of an execution that is not whole: more than any release knows. */
const importing = 1_000_000

const append = Effect.fnUntraced(function* (store: Store, block: Block): Effect.fn.Return<Outcome, StoreError> {
  const faults = faultsOf(block)
  if (faults.length > 0) return faults
  const { runId, workflowId } = block.summary
  const place = yield* placeOf(store, block)
  if (place === undefined) return ["another execution has this id: delete it, or leave this one out"]
  if (place.from === block.commits.length) return "present"
  const begins = beginsOf(block.commits)
  for (let index = place.from; index < block.commits.length; index++) {
    yield* patient(store.save(renumbered(block, place.base, index, begins)))
  }
  const details = block.details.filter((each) => each.runId === runId)
  yield* patient(store.saveDetails(details.map(({ details, seq }) => ({ workflowId, runId, seq, details }))))
  return "imported"
})

interface Place {
  /** The version before that of the first commit. */
  readonly base: number
  /** How many commits are there. */
  readonly from: number
}

/** Where to go on; `undefined` if another execution has the id. */
const placeOf = Effect.fnUntraced(function* (
  store: Store,
  block: Block
): Effect.fn.Return<Place | undefined, StoreError> {
  const { commits, summary } = block
  const found = yield* patient(store.load(summary.workflowId, { after: Version.make(0) }))
  if (Option.isNone(found)) return { base: yield* baseOf(store, block), from: 0 }
  const there = found.value.commits
  const [first] = there
  const offset = commits.findIndex(({ id }) => id === first?.id)
  const isOther = (commit: StoredCommit, index: number) => (commits[offset + index] ?? commit).id !== commit.id
  if (first === undefined || offset < 0 || there.some(isOther)) return undefined
  return { base: first.version - 1 - offset, from: Math.min(commits.length, offset + there.length) }
})

/** The version after which an unknown id begins. What removed runs had seen of messages is put into the record of a deletion. */
const baseOf = Effect.fnUntraced(function* (
  store: Store,
  { commits, seen, summary }: Block
): Effect.fn.Return<number, StoreError> {
  const { workflowId } = summary
  const deletion = Option.getOrUndefined(yield* patient(store.deletion(workflowId)))
  const base = deletion?.version ?? 0
  if (Object.entries(seen).every(([chain, number]) => (deletion?.seen[chain] ?? 0) >= number)) return base
  const version = Version.make(base + 1)
  const placeholder = { ...unfinished(summary), version, firstVersion: version }
  const { events, runId } = commits[0]!
  yield* patient(
    store.save({ id: `${runId} is imported`, workflowId, runId, version, events, summary: { ...placeholder, runId } })
  )
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
  format: importing
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
