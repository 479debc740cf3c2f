/**
 * How records are kept: the first line of a value is what the record says, as JSON; that of a commit has two more, its summary and
 * its events. JSON has no line breaks, so lines are found without reading them, and a console consumer shows all of it.
 *
 * The key of a record of an execution is never used for another one, or compaction would prefer the later of two. Latest values, which
 * are the workers and the details of calls, have keys that are used again: of them compaction keeps the last, as it should.
 */
import { randomBytes } from "node:crypto"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import type { RunId, Version, WorkflowId } from "../../Ids.ts"
import { parsed } from "../../internal/core/parse.ts"
import { decodeEvents, formatOfEvents } from "../../internal/store/codec.ts"
import { type Damage, isVersion, readSeen, readSummary } from "../../internal/store/damage.ts"
import type { Commit, Corrupt, ExecutionSummary, NewerFormat, StoredCommit } from "../WorkflowStore.ts"
import type { Stored } from "./state.ts"
import type { Head } from "./head.ts"

/** The summary and the events of a commit. */
export interface Body {
  /** As JSON until it is read for the first time; undefined once a later commit has another. */
  summary: ExecutionSummary | Damage | string | undefined
  /** As JSON; undefined when it is read from the topic again. */
  events: string | undefined
}

/** The first record of a partition: what its topic is. */
export interface Origin {
  readonly format: number
  /** Differs in a topic that was made anew under the same name. */
  readonly nonce: string
  /** How many partitions the ids are spread over. */
  readonly partitions: number
}

/** What a record holds. */
export type Content =
  | { readonly _tag: "Folded"; readonly head: Head; readonly body: Body | undefined }
  | { readonly _tag: "Latest"; readonly text: string }
  | { readonly _tag: "Origin"; readonly origin: Origin }
  | { readonly _tag: "Tombstone" }
  | { readonly _tag: "Foreign" }

/** The format of the records that this release writes. */
export const format = 1

/** Makes keys that are never used again. */
export const makeKeys = (): (() => string) => {
  const nonce = randomBytes(9).toString("base64url")
  let count = 0
  return () => `${nonce}.${(count++).toString(36)}`
}

const originKey = "origin:"
const latestKey = /^(w:"|x:\[|x:clock$)/

/** The key of the record that tells the time. */
export const clockKey = "x:clock"

/** The key of the heartbeat of a worker. */
export const keyOfWorker = (worker: string): string => `w:${JSON.stringify(worker)}`

/** Whether a latest value is the heartbeat of a worker, by its key. */
export const isOfWorker = (key: string): boolean => key.startsWith("w:")

/** The key of the details of a call. */
export const keyOfCall = (workflowId: string, runId: string, seq: number): string =>
  `x:${JSON.stringify([workflowId, runId, seq])}`

/** The beginning of the keys of all calls of an execution. */
export const keyOfCalls = (workflowId: string): string => `x:[${JSON.stringify(workflowId)},`

/** The id of the execution of a call, by its key; none when the key is that of something else, as of what another program wrote. */
export const executionOfCall = (key: string): string | undefined => {
  if (!key.startsWith("x:[")) return undefined
  const told = parse(key.slice(2))
  return Array.isArray(told) && typeof told[0] === "string" ? told[0] : undefined
}

/** The record that says what a topic is. */
export const encodeOrigin = (origin: Origin) => ({
  key: `${originKey}${origin.nonce}`,
  value: Buffer.from(JSON.stringify(origin))
})

/** The value of a record of an execution; `lines` are the summary and the events of a commit. */
export const encode = (head: Head, ...lines: ReadonlyArray<string>): Buffer =>
  Buffer.from([JSON.stringify(head), ...lines].join("\n"))

/** What a commit says of itself. */
export const factOf = ({ events, id, runId, summary, version }: Commit) => ({
  v: version,
  c: id,
  run: runId,
  first: summary.firstVersion,
  f: formatOfEvents(events)
})

/** Reads a record. What no store wrote is passed over. */
export const decode = (key: string, value: Uint8Array | null): Content => {
  if (value === null) return tombstone
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  if (latestKey.test(key)) return { _tag: "Latest", text: bytes.toString("utf8") }
  const line = endOfLine(bytes, 0)
  const told = parse(bytes.toString("utf8", 0, line))
  if (key.startsWith(originKey)) return isOrigin(told) ? { _tag: "Origin", origin: told } : foreign
  if (!isHead(told)) return foreign
  if (told.k !== "c") return { _tag: "Folded", head: told, body: undefined }
  // Texts of their own: a part of one would keep all of it. A record without events is damaged, and takes its place all the same.
  const next = endOfLine(bytes, line + 1)
  const [summary, events] = [bytes.toString("utf8", line + 1, next), bytes.toString("utf8", next + 1)]
  return { _tag: "Folded", head: told, body: { summary, events } }
}

/** The summary of a commit, which is read once. */
export const summaryOf = ({ body, run, v }: Stored<Body | undefined>, id: string): ExecutionSummary | Damage => {
  if (body === undefined || body.summary === undefined) return { detail: "the summary is missing", startedAt: 0 }
  if (typeof body.summary !== "string") return body.summary
  const known = { workflowId: idOf(id), runId: run as RunId }
  const read = readSummary(body.summary, { ...known, version: v })
  // The texts are those of the record, which are there already.
  body.summary = Result.isSuccess(read) ? Object.assign(read.success, known) : read.failure
  return body.summary
}

/** Whether a summary cannot be read. */
export const isDamaged = (summary: ExecutionSummary | Damage): summary is Damage => "detail" in summary

/** Reads the events of a commit. */
export const commitOf = (stored: Stored<unknown>, events: string): Result.Result<StoredCommit, Corrupt | NewerFormat> =>
  Result.map(decodeEvents(events, stored.f ?? 1), (events) => ({
    id: stored.c,
    runId: stored.run as RunId,
    version: stored.v as Version,
    events
  }))

// internal

const tombstone: Content = { _tag: "Tombstone" }
const foreign: Content = { _tag: "Foreign" }

const newline = 10

/** The place of the end of a line that begins at a place. */
const endOfLine = (bytes: Buffer, from: number): number => {
  const found = bytes.indexOf(newline, from)
  return found === -1 ? bytes.length : found
}

const parse = (text: string): unknown => Option.getOrUndefined(parsed(text))

const isOffset = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= -1

const isOrigin = (told: unknown): told is Origin =>
  Predicate.isObject(told) &&
  isVersion((told as Partial<Origin>).format) &&
  isVersion((told as Partial<Origin>).partitions) &&
  typeof (told as Partial<Origin>).nonce === "string"

type Loose = { readonly [Name in string]?: unknown }

const isHead = (told: unknown): told is Head => {
  if (!Predicate.isObject(told)) return false
  const head = told as Loose
  if (typeof head["id"] !== "string" || !isOffset(head["seen"])) return false
  switch (head["k"]) {
    case "c":
      return isFact(head) && isOffset(head["prev"] ?? 0) && isOffset(head["after"] ?? 0)
    case "d":
      return isOffset(head["prev"]) && isRemains(head["record"])
    case "g":
      return isOffset(head["after"]) && isRemains(head["record"]) && Number.isFinite(head["time"])
    case "t":
      return [head["prev"], head["at"], head["born"], head["last"]].every(isOffset) && isRemains(head["record"])
    case "u":
      return [head["after"], head["at"], head["born"]].every(isOffset) && isRemains(head["record"])
    default:
      return false
  }
}

const isFact = (head: Loose): boolean =>
  typeof head["c"] === "string" &&
  typeof head["run"] === "string" &&
  isVersion(head["v"]) &&
  isVersion(head["first"]) &&
  isVersion(head["f"] ?? 1)

const isRemains = (told: unknown): boolean => {
  if (!Predicate.isObject(told)) return false
  const { said, version } = told as Loose
  return isVersion(version) && readSeen(said) !== undefined
}

/** The id of an execution in a record. */
export const idOf = (id: string): WorkflowId => id as WorkflowId
