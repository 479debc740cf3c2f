/**
 * What the text of an event says: a first line of JSON, and for a commit two more, its summary and its events. JSON has no line breaks, so
 * lines are found without reading them, and what is only passed on is never parsed.
 */
import * as Predicate from "effect/Predicate"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import type { RunId, Version, WorkflowId } from "../../Ids.ts"
import { parsed } from "../../internal/core/parse.ts"
import { decodeEvents, encodeEvents, formatOfEvents } from "../../internal/store/codec.ts"
import { isVersion, readSeen, readSummary } from "../../internal/store/damage.ts"
import type { Unreadable } from "../../internal/store/Order.ts"
import type {
  Commit,
  Corrupt,
  DeleteOptions,
  Deletion,
  ExecutionSummary,
  NewerFormat,
  StoredCommit
} from "../WorkflowStore.ts"

/** What is left of removed commits, and when the latest whole deletion was received, by the clock of the server. */
export interface Remains extends Deletion {
  readonly at?: number | undefined
}

/** What a commit says of itself. */
export interface CommitHead {
  readonly kind: "commit"
  readonly id: string
  readonly version: number
  /** The id of the commit. */
  readonly commit: string
  readonly run: string
  /** The version with which the run begins. */
  readonly first: number
  /** When the run began, in milliseconds since 1970: its first event is the first that the server forgets. */
  readonly began: number
  /** When its program goes on by itself, if it does, in milliseconds since 1970. */
  readonly wake?: number | undefined
  /** The format of its events. */
  readonly format: number
  /** The version with which the history begins, if older runs were removed. */
  readonly from?: number | undefined
  readonly remains?: Remains | undefined
}

/** An execution was deleted. It takes the version after the last commit. */
export interface DeletionHead {
  readonly kind: "deletion"
  readonly id: string
  readonly version: number
  /** Which request it answers. */
  readonly request: string
  readonly remains: Remains
}

/** The commits below a version were removed, when the latest one had a version. */
export interface RemovalHead {
  readonly kind: "removal"
  readonly id: string
  readonly version: number
  readonly request: string
  readonly from: number
  readonly remains: Remains
}

/** The first line of an event of an execution. */
export type Head = CommitHead | DeletionHead | RemovalHead

/** A request to delete, on its way to the writer. */
export interface DeleteHead {
  readonly kind: "delete"
  readonly id: string
  readonly request: string
  readonly options: DeleteOptions
}

/** The first line of an event, and what follows it. */
export interface Content<H = Head> {
  readonly head: H
  readonly summary: string
  readonly events: string
}

/** Whether an event is a commit. */
export const isCommit = (content: Content<Head | DeleteHead>): content is Content<CommitHead> =>
  content.head.kind === "commit"

/** Whether an event is a deletion. */
export const isDeletion = (content: Content<Head | DeleteHead>): content is Content<DeletionHead> =>
  content.head.kind === "deletion"

/** What a commit says. When its run began the one that writes it knows, unless it is the first of the run. */
export const contentOf = (commit: Commit): Content<CommitHead> => {
  const { status, updatedAt, wakeAt } = commit.summary
  return {
    head: {
      kind: "commit",
      id: commit.workflowId,
      version: commit.version,
      commit: commit.id,
      run: commit.runId,
      first: commit.summary.firstVersion,
      began: updatedAt,
      ...(status === "running" && wakeAt !== undefined ? { wake: wakeAt } : {}),
      format: formatOfEvents(commit.events)
    },
    summary: JSON.stringify(commit.summary),
    events: encodeEvents(commit.events)
  }
}

/** The text of an event. */
export const encode = ({ events, head, summary }: Content<Head | DeleteHead>): string =>
  summary === "" && events === "" ? JSON.stringify(head) : `${JSON.stringify(head)}\n${summary}\n${events}`

/** The text of what the index says of an event: without its events. */
export const encodeEntry = ({ head, summary }: Content): string => encode({ head, summary, events: "" })

/** Reads an event; `undefined` when no store wrote it. */
export const decode = (text: string): Content<Head | DeleteHead> | undefined => {
  const end = endOfLine(text, 0)
  const head = Option.getOrUndefined(parsed(text.slice(0, end)))
  if (!isHead(head)) return undefined
  const next = endOfLine(text, end + 1)
  return { head, summary: text.slice(end + 1, next), events: text.slice(next + 1) }
}

/** Reads the summary of a commit. */
export const summaryOf = ({ head, summary }: Content<CommitHead>): ExecutionSummary | Unreadable => {
  const workflowId = head.id as WorkflowId
  const read = readSummary(summary, { workflowId, runId: head.run, version: head.version })
  return Result.isSuccess(read) ? read.success : { workflowId, ...read.failure }
}

/** Reads the events of a commit. */
export const commitOf = ({ events, head }: Content<CommitHead>): Result.Result<StoredCommit, Corrupt | NewerFormat> =>
  Result.map(decodeEvents(events, head.format), (events) => ({
    id: head.commit,
    runId: head.run as RunId,
    version: head.version as Version,
    events
  }))

// internal

type Loose = { readonly [Name in string]?: unknown }

const endOfLine = (text: string, from: number): number => {
  const found = text.indexOf("\n", from)
  return found === -1 ? text.length : found
}

const isHead = (told: unknown): told is Head | DeleteHead => {
  if (!Predicate.isObject(told)) return false
  const head = told as Loose
  if (!Predicate.isString(head["id"])) return false
  switch (head["kind"]) {
    case "commit":
      return isCommitHead(head)
    case "deletion":
      return isVersion(head["version"]) && Predicate.isString(head["request"]) && areRemains(head["remains"])
    case "removal":
      return (
        isVersion(head["version"]) &&
        isVersion(head["from"]) &&
        Predicate.isString(head["request"]) &&
        areRemains(head["remains"])
      )
    case "delete":
      return Predicate.isString(head["request"]) && Predicate.isObject(head["options"])
    default:
      return false
  }
}

const isCommitHead = ({ began, commit, first, format, from, remains, run, version }: Loose): boolean =>
  [version, first, format].every(isVersion) &&
  Number.isFinite(began) &&
  Predicate.isString(commit) &&
  Predicate.isString(run) &&
  (from === undefined || isVersion(from)) &&
  (remains === undefined || areRemains(remains))

const areRemains = (told: unknown): boolean =>
  Predicate.isObject(told) &&
  isVersion((told as Loose)["version"]) &&
  readSeen((told as Loose)["seen"]) !== undefined &&
  ((told as Loose)["at"] === undefined || Number.isFinite((told as Loose)["at"]))
