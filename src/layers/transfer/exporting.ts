/**
 * Writes executions as lines, page by page.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { formatVersion } from "../../HistoryEvent.ts"
import { Version, type WorkflowId } from "../../Ids.ts"
import { patiently } from "../../internal/store/patiently.ts"
import { stateOf } from "../../internal/store/summary.ts"
import type {
  CallDetails,
  StoredExecution,
  StoreError,
  WorkflowFilter,
  WorkflowStore
} from "../../Store/WorkflowStore.ts"
import { isFinal } from "../../WorkflowState.ts"
import { StillRunning, TransferError } from "../TransferError.ts"
import { follow, form, type Line, write } from "./lines.ts"

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
  const { cursor, filter, whileRunning = false } = options
  let executions = 0
  const begin = Effect.gen(function* () {
    const { left, living } = yield* patient(store.workers)
    const workers = living.flatMap(({ id, workflows }) => (workflows?.length === 0 ? [] : [id]))
    if (workers.length > 0 && !whileRunning) {
      return yield* new TransferError({ operation: "export", reason: new StillRunning({ workers }) })
    }
    const header = { perdure: "export", form, format: formatVersion, at: yield* Clock.currentTimeMillis } as const
    const trailer = Effect.sync(() => write({ executions, left }))
    return Stream.make(write(header)).pipe(
      Stream.concat(Stream.flatMap(pages(store, filter, cursor), Stream.fromIterable)),
      Stream.concat(Stream.fromEffect(trailer))
    )
  })
  const pages = (store: Store, filter: WorkflowFilter = {}, from: string | undefined) =>
    Stream.paginate(from, (cursor) =>
      Effect.gen(function* () {
        const page = yield* patient(store.list({ ...filter, cursor }))
        const read = yield* Effect.forEach(page.executions, ({ workflowId }) => linesOf(store, workflowId), {
          concurrency: readsAtOnce
        })
        const unreadable = (page.unreadable ?? []).map(({ detail, workflowId }) => [
          write({ unreadable: workflowId, detail })
        ])
        const all = [...read.filter((each) => each.length > 0), ...unreadable]
        executions += all.length
        const next = page.next.pipe(
          Option.map((cursor) => write({ cursor })),
          Option.toArray
        )
        return [[[...all.flat(), ...next]], Option.map(page.next, (next): string | undefined => next)] as const
      })
    )
  return Stream.unwrap(begin)
}

// internal

const patient = patiently(30_000)

/** The lines of an execution; none if it is gone. */
const linesOf = Effect.fnUntraced(function* (
  store: Store,
  workflowId: WorkflowId
): Effect.fn.Return<ReadonlyArray<string>, StoreError> {
  const found = yield* patient(store.load(workflowId, { after: Version.make(0) })).pipe(
    Effect.map(Option.getOrUndefined),
    Effect.catchIf(
      ({ reason }) => reason._tag === "Corrupt" || reason._tag === "NewerFormat",
      ({ reason }) => Effect.succeed(reason.message)
    )
  )
  if (found === undefined) return []
  if (typeof found === "string") return [write({ unreadable: workflowId, detail: found })]
  const deletion = yield* patient(store.deletion(workflowId))
  const seen = Option.isSome(deletion) && Object.keys(deletion.value.seen).length > 0 ? deletion.value.seen : undefined
  const all: Array<Line> = [
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
