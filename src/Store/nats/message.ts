/**
 * How commits are kept: the messages of one subject are the history of one workflow id, oldest first.
 *
 * - A *commit* has what names it in the header `Perdure-Commit`, its summary in `Perdure-Summary` and its events as body.
 * - A commit too large for one message has *parts* before it, with the header `Perdure-Part`; they were published with it
 *   in one atomic batch. Parts that no commit follows are what a loss of power left of a batch: nothing.
 * - A *deletion* is the purge marker of NATS KV. Nothing before it counts. The record of the deletion is its body, because
 *   it may outgrow what headers hold, and the header `Perdure-Deletion` names the request that published it.
 * - A *record* is about older runs that were removed while the id goes on. It is on a subject of its own, below that of the
 *   id, with the header `Perdure-Record`.
 *
 * Because the latest message of a subject tells version and summary, and watching needs no bodies, a watch of the latest
 * headers is a list of all executions.
 */
import type { MsgHdrs } from "@nats-io/transport-node"
import { headers } from "@nats-io/transport-node"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import { parseJson } from "../../internal/core/parse.ts"
import { shown } from "../../internal/options.ts"
import { decodeEvents, formatOfEvents } from "../../internal/store/codec.ts"
import { isVersion, readSeen } from "../../internal/store/damage.ts"
import type { Commit, Corrupt, Deletion, NewerFormat, StoredCommit } from "../WorkflowStore.ts"

/** What names a commit. */
export interface Label {
  readonly workflowId: Commit["workflowId"]
  readonly id: string
  readonly runId: StoredCommit["runId"]
  readonly version: StoredCommit["version"]
  readonly format: number
  /** The sequence of the message before the first one of the id since its last deletion; 0 when there was none. */
  readonly origin: number
  /** The same of the first one of the run. */
  readonly base: number
  /** The sequence of the message before this commit and its parts; 0 when there was none. */
  readonly previous: number
  /** How many messages come before this one as its parts. */
  readonly parts: number
  /** How many bytes at the beginning of the body are the summary, when it does not fit a header. */
  readonly summaryBytes: number
}

/** A message, as its headers tell. */
export type Message =
  /** `summary` is its JSON text; empty when that is in the body. */
  | { readonly _tag: "Commit"; readonly label: Label; readonly summary: string }
  /** `previous` is the sequence of the message before the batch that the part belongs to. */
  | { readonly _tag: "Part"; readonly commit: string; readonly previous: number }
  | { readonly _tag: "Deletion" }
  | { readonly _tag: "Record" }
  | { readonly _tag: "Unreadable"; readonly detail: string }

/** The message of a commit. */
export type CommitMessage = Extract<Message, { readonly _tag: "Commit" }>

/** What the headers of a message tell. */
export const read = (from: MsgHdrs | undefined): Message => {
  const label = from?.get(labelHeader)
  const part = from?.get(partHeader)
  const operation = from?.get(operationHeader)
  if (operation === "PURGE" || operation === "DEL") return deletion
  if (from?.has(recordHeader)) return recorded
  if (!label && !part) return { _tag: "Unreadable", detail: "a message that no store wrote" }
  return Result.getOrElse(
    Result.try({
      try: (): Message => {
        if (label) return { _tag: "Commit", label: labelOf(parseJson(label)), summary: from!.get(summaryHeader) }
        const { commit, previous } = parseJson(part!) as { readonly commit?: unknown; readonly previous?: unknown }
        if (typeof commit !== "string" || !isSequence(previous)) throw new Error(`the header ${partHeader} is ${part}`)
        return { _tag: "Part", commit, previous }
      },
      catch: (cause) => (cause instanceof Error ? cause.message : String(cause))
    }),
    (detail): Message => ({ _tag: "Unreadable", detail })
  )
}

/** A message to publish: headers and body. */
export interface Outgoing {
  readonly headers: MsgHdrs
  readonly body: Uint8Array
}

/** The messages of a commit, the commit itself last. `previous` is the sequence that the subject must be at. */
export const encode = (options: {
  readonly commit: Commit
  /** The JSON text of the events. */
  readonly events: string
  readonly origin: number
  readonly base: number
  readonly previous: number
  /** How many bytes the server accepts in one message. */
  readonly maxPayload: number
}): ReadonlyArray<Outgoing> => {
  const { commit, origin, base, previous, maxPayload } = options
  const events = utf8.encode(options.events)
  const summaryText = JSON.stringify(commit.summary)
  const summary = utf8.encode(summaryText)
  const inHeader = summary.length <= Math.min(longestHeader, maxPayload / 4)
  const body = inHeader ? events : concat([summary, events])
  const overhead = headerRoom + byteRoom(commit) + (inHeader ? summary.length : 0)
  const room = maxPayload - overhead
  const parts = Math.max(0, Math.ceil(body.length / room) - 1)
  const label: Label = {
    workflowId: commit.workflowId,
    id: commit.id,
    runId: commit.runId,
    version: commit.version,
    format: formatOfEvents(commit.events),
    origin,
    base,
    previous,
    parts,
    summaryBytes: inHeader ? 0 : summary.length
  }
  const last = headers()
  last.set(labelHeader, JSON.stringify(label))
  if (inHeader) last.set(summaryHeader, summaryText)
  if (parts === 0) return [{ headers: last, body }]
  const part = JSON.stringify({ commit: commit.id, previous })
  return [
    ...Array.from({ length: parts }, (_, index) => ({
      headers: withHeader(partHeader, part),
      body: body.subarray(index * room, (index + 1) * room)
    })),
    { headers: last, body: body.subarray(parts * room) }
  ]
}

/** A commit with its body put together; summary and events are JSON texts. */
export interface Whole {
  readonly label: Label
  readonly summary: string
  readonly events: string
}

/** Puts a commit together from its headers and the bodies of its messages. */
export const assemble = ({ label, summary }: CommitMessage, bodies: ReadonlyArray<Uint8Array>): Whole => {
  const body = concat(bodies)
  return {
    label,
    summary: summary || text.decode(body.subarray(0, label.summaryBytes)),
    events: text.decode(body.subarray(label.summaryBytes))
  }
}

/** Reads the events of a commit. */
export const decode = ({ label, events }: Whole): Result.Result<StoredCommit, Corrupt | NewerFormat> =>
  Result.map(decodeEvents(events, label.format), (events) => ({
    id: label.id,
    runId: label.runId,
    version: label.version,
    events
  }))

/** The marker of a deletion. It takes everything before it away. */
export const encodeMarker = (name: string, record: Deletion): Outgoing => {
  const marker = rollup(operationHeader, "PURGE")
  marker.set(deletionHeader, name)
  return { headers: marker, body: utf8.encode(JSON.stringify(record)) }
}

/** The message of a record that has a subject of its own. It takes the place of an earlier one. */
export const encodeRecord = (workflowId: Commit["workflowId"], record: Deletion): Outgoing => ({
  headers: rollup(recordHeader, JSON.stringify({ workflowId })),
  body: utf8.encode(JSON.stringify(record))
})

/** The record of a deletion in the body of a message. Fails when it is damaged. */
export const decodeRecord = (body: Uint8Array): Result.Result<Deletion, string> => {
  const told = text.decode(body)
  const read = Result.getOrUndefined(Result.try(() => parseJson(told) as Partial<Deletion> | null))
  const { seen: said = {}, version } = read ?? {}
  const seen = readSeen(said)
  return isVersion(version) && seen !== undefined
    ? Result.succeed({ version, seen })
    : Result.fail(`the record of its deletion is ${shown(told)}`)
}

/** The name of the request that published the marker of a deletion; empty in the markers of others, and of release 0.1. */
export const nameOfMarker = (from: MsgHdrs | undefined): string => from?.get(deletionHeader) ?? ""

// internal

const labelHeader = "Perdure-Commit"
const summaryHeader = "Perdure-Summary"
const partHeader = "Perdure-Part"
const deletionHeader = "Perdure-Deletion"
const recordHeader = "Perdure-Record"
const operationHeader = "KV-Operation"

const isSequence = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

const labelOf = (told: unknown): Label => {
  const label = told as Label
  const isLabel =
    Predicate.isObject(told) &&
    [label.workflowId, label.id, label.runId].every(Predicate.isString) &&
    [label.version, label.format].every(isVersion) &&
    [label.origin, label.base, label.previous, label.parts, label.summaryBytes].every(isSequence)
  if (!isLabel) throw new Error(`the header ${labelHeader} is ${shown(told)}`)
  return label
}

const deletion: Message = { _tag: "Deletion" }
const recorded: Message = { _tag: "Record" }

// The server accepts 64 KiB of headers; the label needs some of that.
const longestHeader = 32 * 1024
// What the fixed texts of headers need: their names, the label's own, those of the client and of a batch.
const headerRoom = 1024

const utf8 = new TextEncoder()
const text = new TextDecoder()

const byteRoom = (commit: Commit): number =>
  utf8.encode(JSON.stringify([commit.workflowId, commit.id, commit.runId])).length

const withHeader = (name: string, value: string): MsgHdrs => {
  const made = headers()
  made.set(name, value)
  return made
}

const rollup = (name: string, value: string): MsgHdrs => {
  const made = withHeader(name, value)
  made.set("Nats-Rollup", "sub")
  return made
}

const concat = (bodies: ReadonlyArray<Uint8Array>): Uint8Array => {
  if (bodies.length === 1) return bodies[0]!
  const whole = new Uint8Array(bodies.reduce((length, body) => length + body.length, 0))
  let at = 0
  for (const body of bodies) {
    whole.set(body, at)
    at += body.length
  }
  return whole
}
