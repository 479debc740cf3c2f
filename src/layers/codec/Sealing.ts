/**
 * Commits, summaries and details of calls as they are stored, and back. The payloads of a commit are one text, and so are those of a summary:
 * a cipher costs more to begin than to encrypt some bytes.
 */
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import { encryptedFormats, type HistoryEvent } from "../../HistoryEvent.ts"
import { parseJson } from "../../internal/core/parse.ts"
import type { CallPlace, Commit, ExecutionSummary, StoredCommit } from "../../Store/WorkflowStore.ts"
import { Undecryptable } from "../../WorkflowErrorReason.ts"
import { cutEvent, cutSummary, type Hidden, join } from "./cut.ts"
import { open, seal } from "./envelope.ts"
import type { KeyRing } from "./KeyRing.ts"

/** What a codec goes by. */
export interface Settings {
  readonly keys: KeyRing
  /** The names of the attributes that are hidden. */
  readonly secrets: ReadonlySet<string>
  readonly readPlain: boolean
  /** Payloads of more characters are compressed. */
  readonly compressAbove: number
}

/** What was opened. */
type Opened<A> = Result.Result<A, Undecryptable>

/** A commit as it is stored. The payloads of all its events are with the first one. */
export const sealCommit = (settings: Settings, commit: Commit): Commit => {
  const hidden: Array<Hidden | 0> = []
  const events = commit.events.map((event) => {
    const cut = cutEvent(event, settings.secrets)
    hidden.push(cut.hidden ?? 0)
    return cut.open
  })
  // That of a codec over this one has the place of ours.
  const { sealed: outer } = commit.events[0] as SealedEvent
  if (outer !== undefined) hidden[0] = { ...(hidden[0] || undefined), sealed: outer }
  const sealed = sealJson(settings, hidden, placeOfCommit(commit.workflowId, commit))
  events[0] = { ...events[0], sealed } as SealedEvent
  return { ...commit, events: events as unknown as Commit["events"], summary: sealSummary(settings, commit.summary) }
}

/** A commit as it was before it was stored. */
export const openCommit = (
  settings: Settings,
  workflowId: Commit["workflowId"],
  commit: StoredCommit
): Opened<StoredCommit> => {
  const { sealed, ...first } = (commit.events[0] ?? {}) as SealedEvent
  if (sealed === undefined) return plain(settings, commit)
  const hidden = openJson<ReadonlyArray<Hidden | 0>>(settings, sealed, placeOfCommit(workflowId, commit))
  if (Result.isFailure(hidden)) return Result.fail(hidden.failure)
  const events = commit.events.map((event, index) =>
    join(index === 0 ? first : { ...event }, hidden.success[index] || {})
  )
  return Result.succeed({ ...commit, events })
}

/** A summary as it is stored: the payloads are where its memo was, and no process without a codec takes the execution. */
const sealSummary = (settings: Settings, summary: ExecutionSummary): ExecutionSummary => {
  const { hidden = {}, open } = cutSummary(summary, settings.secrets)
  const memo = sealJson(settings, hidden, placeOfSummary(summary))
  return { ...open, memo, format: encryptedFormats + (summary.format ?? 1) }
}

/** A summary as it was before it was stored. */
export const openSummary = (settings: Settings, stored: ExecutionSummary): Opened<ExecutionSummary> => {
  const { format = 1, memo, ...rest } = stored
  if (format <= encryptedFormats) return plain(settings, stored)
  const own = format - encryptedFormats
  const open: ExecutionSummary = own === 1 ? rest : { ...rest, format: own }
  return Result.map(openJson<Hidden>(settings, memo, placeOfSummary(stored)), (hidden) => join({ ...open }, hidden))
}

/** The details of a call as they are stored. */
export const sealDetails = (settings: Settings, call: CallPlace, details: Schema.Json): Schema.Json => ({
  [sealedDetails]: sealJson(settings, details, placeOfDetails(call))
})

/** The details of a call as they were before they were stored. */
export const openDetails = (settings: Settings, call: CallPlace, stored: Schema.Json): Opened<Schema.Json> =>
  typeof stored === "object" && stored !== null && sealedDetails in stored
    ? openJson(settings, stored[sealedDetails], placeOfDetails(call))
    : plain(settings, stored)

// internal

/** The field of details that are encrypted. */
const sealedDetails = "perdure sealed"

/** The first event of a commit, as it is stored. */
type SealedEvent = HistoryEvent & { readonly sealed?: string }

const sealJson = ({ compressAbove, keys }: Settings, value: unknown, place: string): string =>
  seal(keys, JSON.stringify(value), place, compressAbove)

/** What was authenticated is what `sealJson` has written. */
const openJson = <A>({ keys }: Settings, sealed: unknown, place: string): Opened<A> =>
  Result.map(open(keys, sealed, place), (text) => parseJson(text) as A)

/** What was written without a codec, where that is allowed. */
const plain = <A>({ readPlain }: Settings, stored: A): Opened<A> =>
  readPlain ? Result.succeed(stored) : Result.fail(new Undecryptable({ fault: "NotEncrypted" }))

/** The places of payloads are part of the stored form: in another place they are refused. No two of them are the same text. */
const placeOfCommit = (
  workflowId: Commit["workflowId"],
  { events, runId, version }: Pick<Commit, "runId" | "version"> & Pick<StoredCommit, "events">
): string => {
  let place = `${placeOfRun("commit", workflowId, runId)} ${version}`
  for (const event of events) place += "seq" in event ? ` ${event._tag} ${event.seq}` : ` ${event._tag}`
  return place
}

const placeOfSummary = ({ runId, version, workflowId }: ExecutionSummary): string =>
  `${placeOfRun("summary", workflowId, runId)} ${version}`

const placeOfDetails = ({ runId, seq, workflowId }: CallPlace): string =>
  `${placeOfRun("details", workflowId, runId)} ${seq}`

/** The length says where an id ends, which may have any characters. */
const placeOfRun = (what: string, workflowId: string, runId: string): string =>
  `${what} ${workflowId.length} ${workflowId} ${runId.length} ${runId}`
