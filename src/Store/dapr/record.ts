/**
 * The stored form of an execution. Its *head* has the latest summary. Each version has a *place*, which has the commit of that version and
 * never another one; the place after the last one has a deletion. A place of which the commit was removed stays taken, for as long as the
 * record of the deletion is kept, so that a writer who slept through a deletion finds no place free.
 */
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import type { RunId, Version } from "../../Ids.ts"
import { parseJson } from "../../internal/core/parse.ts"
import { decodeEvents, formatOfEvents } from "../../internal/store/codec.ts"
import { damageOf, damaged, isVersion, readSeen } from "../../internal/store/damage.ts"
import {
  type Commit,
  type Corrupt,
  type Deletion,
  type ExecutionSummary,
  type NewerFormat,
  type StoredCommit
} from "../WorkflowStore.ts"

/** The latest of an id. */
export type Head =
  | { readonly _tag: "Live"; readonly id: string; readonly version: Version; readonly summary: ExecutionSummary }
  | {
      readonly _tag: "Deleted"
      readonly version: Version
      /** When, in milliseconds since 1970. */
      readonly at: number
    }

/** What a version has. */
export type Place =
  | {
      readonly _tag: "Taken"
      readonly id: string
      readonly label: Label
      readonly parts: Parts | undefined
      readonly events: unknown
    }
  | { readonly _tag: "Deletion"; readonly id: string }
  | { readonly _tag: "Removed" }

/** What is known of a commit beside its events. */
export interface Label {
  readonly runId: RunId
  readonly version: Version
  readonly format: number
}

/** Where the text of events is that is too large to be in its place. */
export interface Parts {
  readonly token: string
  readonly count: number
}

/** The head that a commit makes. */
export const encodeHead = ({ id, summary }: Pick<Commit, "id" | "summary">): string => JSON.stringify({ id, summary })

/** The head that a deletion makes. */
export const encodeDeleted = (
  workflowId: string,
  { at, version }: { readonly at: number; readonly version: Version }
): string => JSON.stringify({ workflowId, deleted: version, at })

/** The place of a commit; its events are elsewhere where there are parts. */
export const encodePlace = ({ events, id, runId, version }: Commit, parts: Parts | undefined): string => {
  const format = formatOfEvents(events)
  return JSON.stringify({ id, runId, version, format, ...(parts === undefined ? { events } : { parts }) })
}

/** The place of a deletion, which a request has a name for. */
export const encodeDeletion = (name: string): string => JSON.stringify({ id: name, deletion: true })

/** A place of which the commit was removed. */
export const removedPlace = JSON.stringify({ removed: true })

/** Reads the head of an id. */
export const decodeHead = (workflowId: string, text: string): Result.Result<Head, Corrupt> => {
  const read = parsed(text)
  if (Result.isFailure(read)) return corrupt(read.failure)
  const { at, deleted, id, summary, workflowId: owner } = read.success
  if (deleted !== undefined) {
    if (owner !== workflowId) return corrupt(`it is the head of ${JSON.stringify(owner)}`)
    if (!isVersion(deleted) || !Number.isFinite(at)) return corrupt("the deletion has no version")
    return Result.succeed({ _tag: "Deleted", version: deleted as Version, at: at as number })
  }
  if (!Predicate.isString(id)) return corrupt("the latest commit has no id")
  const damage = damageOf(summary)
  if (damage !== undefined) return corrupt(damage)
  const found = summary as ExecutionSummary
  if (found.workflowId !== workflowId) return corrupt(`it is the head of ${JSON.stringify(found.workflowId)}`)
  return Result.succeed({ _tag: "Live", id, version: found.version, summary: found })
}

/** Reads a place. */
export const decodePlace = (version: number, text: string): Result.Result<Place, Corrupt> => {
  const read = parsed(text)
  if (Result.isFailure(read)) return corrupt(`version ${version}: ${read.failure}`)
  const { deletion, events, format, id, parts, removed, runId, version: written } = read.success
  if (removed === true) return Result.succeed({ _tag: "Removed" })
  if (!Predicate.isString(id)) return corrupt(`version ${version} has no id`)
  if (deletion === true) return Result.succeed({ _tag: "Deletion", id })
  if (!Predicate.isString(runId) || written !== version || !isVersion(format))
    return corrupt(`version ${version} has the label ${JSON.stringify([runId, written, format])}`)
  const found = parts === undefined ? undefined : readParts(parts)
  if (parts !== undefined && found === undefined) return corrupt(`version ${version} has parts that cannot be found`)
  const label = { runId: runId as RunId, version: written as Version, format }
  return Result.succeed({ _tag: "Taken", id, label, parts: found, events })
}

/** Reads the events of a place, whose text is given where it was in parts. */
export const decodeCommit = (
  { events, id, label }: Extract<Place, { _tag: "Taken" }>,
  text: string | undefined
): Result.Result<StoredCommit, Corrupt | NewerFormat> => {
  const { format, runId, version } = label
  const decoded = text === undefined ? decodeEvents("", format, events ?? null) : decodeEvents(text, format)
  return Result.mapBoth(decoded, {
    onFailure: (error) => (error._tag === "Corrupt" ? damaged(`version ${version}: ${error.detail}`) : error),
    onSuccess: (events) => ({ id, runId, version, events })
  })
}

/** What is left of removed commits. */
export const encodeRecord = ({ seen, version }: Deletion): string => JSON.stringify({ version, seen })

/** Reads what is left of removed commits. */
export const decodeRecord = (text: string): Result.Result<Deletion, Corrupt> => {
  const read = parsed(text)
  if (Result.isFailure(read)) return corrupt(`the record of a deletion: ${read.failure}`)
  const seen = readSeen(read.success["seen"])
  const { version } = read.success
  if (seen === undefined || !isVersion(version)) return corrupt("the record of a deletion has no version")
  return Result.succeed({ version: version as Version, seen })
}

/** Reads a value that has an object, of any kind. */
export const parsed = (text: string): Result.Result<Readonly<Record<string, unknown>>, string> => {
  const value = Result.try({ try: () => parseJson(text), catch: () => "it is not JSON" })
  if (Result.isFailure(value)) return Result.fail(value.failure)
  return Predicate.isObject(value.success)
    ? Result.succeed(value.success as Readonly<Record<string, unknown>>)
    : Result.fail("it is no object")
}

// internal

const corrupt = (detail: string) => Result.fail(damaged(detail))

const readParts = (value: unknown): Parts | undefined => {
  if (!Predicate.hasProperty(value, "token") || !Predicate.hasProperty(value, "count")) return undefined
  const { count, token } = value
  return Predicate.isString(token) && isVersion(count) ? { token, count } : undefined
}
