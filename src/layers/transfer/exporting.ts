/**
 * Writes executions as lines, page by page.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { formatVersion } from "../../HistoryEvent.ts"
import { Version, type WorkflowId } from "../../Ids.ts"
import { isUnreadableHere } from "../../internal/store/failure.ts"
import { stateOf } from "../../internal/store/summary.ts"
import type {
  CallDetails,
  StoredExecution,
  StoreError,
  WorkflowFilter,
  WorkflowStore
} from "../../Store/WorkflowStore.ts"
import { isFinal } from "../../WorkflowState.ts"
import type { TransferError } from "../TransferError.ts"
import { whySealed } from "../verify/faults.ts"
import { atRest } from "./atRest.ts"
import { follow, form, type Line, write } from "./lines.ts"
import { patient } from "./patient.ts"

type Store = WorkflowStore["Service"]

/**
 * What to export.
 *
 * @category models
 * @since 0.2.0
 */
export interface ExportOptions {
  /** Which executions: all, unless told. */
  readonly filter?: Omit<WorkflowFilter, "cursor" | "limit"> | undefined
  /** Exports although workers run, for a copy that nothing will run: what is read then is out of date at once. */
  readonly whileRunning?: boolean | undefined
  /** Goes on where an export was cut off: the last `cursor` in it. */
  readonly cursor?: string | undefined
}

/** So many executions are read at a time. */
const readsAtOnce = 4

/** The lines of an export. */
export const lines = (store: Store, options: ExportOptions): Stream.Stream<string, StoreError | TransferError> => {
  const { cursor, filter, whileRunning } = options
  return Stream.unwrap(
    Effect.gen(function* () {
      const { left, still } = yield* atRest(store, "export", whileRunning)
      const header = { perdure: "export", form, format: formatVersion, at: yield* Clock.currentTimeMillis } as const
      let executions = 0
      const found = itemsOf(store, filter, cursor).pipe(
        Stream.mapEffect((item) => linesOf(store, item), { concurrency: readsAtOnce }),
        Stream.tap(([first]) => Effect.sync(() => void (isOfExecution(first) && executions++))),
        Stream.flatMap(Stream.fromIterable)
      )
      const trailer = Effect.map(still, () => write({ executions, left }))
      return Stream.make(write(header)).pipe(Stream.concat(found), Stream.concat(Stream.fromEffect(trailer)))
    })
  )
}

// internal

/** What is written one after the other: executions, and where a page ends. */
type Item = { readonly workflowId: WorkflowId; readonly detail?: string } | { readonly cursor: string }

const itemsOf = (
  store: Store,
  filter: WorkflowFilter = {},
  from: string | undefined
): Stream.Stream<Item, StoreError> =>
  Stream.paginate(from, (cursor) =>
    Effect.map(patient(store.list({ ...filter, cursor })), ({ executions, next, unreadable = [] }) => {
      const end = next.pipe(
        Option.map((cursor): Item => ({ cursor })),
        Option.toArray
      )
      const items: ReadonlyArray<Item> = [
        ...executions.map(({ workflowId }) => ({ workflowId })),
        ...unreadable,
        ...end
      ]
      return [items, Option.map(next, (next): string | undefined => next)] as const
    })
  )

const isOfExecution = (line: string | undefined): boolean => line !== undefined && !line.startsWith('{"cursor"')

/** The lines of an item; none of an execution that is gone. */
const linesOf = Effect.fnUntraced(function* (
  store: Store,
  item: Item
): Effect.fn.Return<ReadonlyArray<string>, StoreError> {
  if ("cursor" in item) return [write(item)]
  const { workflowId } = item
  const found =
    item.detail ??
    (yield* patient(store.load(workflowId, { after: Version.make(0) })).pipe(
      Effect.map(Option.getOrUndefined),
      // No store imports what is encrypted.
      Effect.map((found) => found && (whySealed(found.summary) ?? found)),
      Effect.catchIf(isUnreadableHere, ({ reason }) => Effect.succeed(reason.message))
    ))
  if (found === undefined) return []
  if (typeof found === "string") return [write({ unreadable: workflowId, detail: found })]
  const deletion = yield* patient(store.deletion(workflowId))
  const seen = Option.isSome(deletion) && Object.keys(deletion.value.seen).length > 0 ? deletion.value.seen : undefined
  const all: ReadonlyArray<Line> = [
    { execution: found.summary, ...(seen === undefined ? {} : { seen }) },
    ...found.commits.map(({ events, id, runId, version }) => ({
      commit: { id, runId, version, events: events as [(typeof events)[0], ...typeof events] }
    })),
    ...(yield* detailsOf(store, found)).map(({ details = null, runId, seq }) => ({ details, runId, seq }))
  ]
  const texts = all.map(write)
  return [...texts, write({ end: workflowId, digest: texts.reduce(follow, 0) })]
})

/** The details of the calls that are open. */
const detailsOf = Effect.fnUntraced(function* (
  store: Store,
  { commits, summary }: StoredExecution
): Effect.fn.Return<ReadonlyArray<CallDetails>, StoreError> {
  if (isFinal(summary.status)) return []
  const { runId, workflowId } = summary
  const state = stateOf({ summary, commits: commits.filter((commit) => commit.runId === runId) })
  const details: Array<CallDetails> = []
  for (const { issued, seq } of state?.open.values() ?? []) {
    if (issued._tag !== "ActivityScheduled") continue
    const found = yield* patient(store.details({ workflowId, runId, seq }))
    if (Option.isSome(found)) details.push({ workflowId, runId, seq, details: found.value })
  }
  return details
})
