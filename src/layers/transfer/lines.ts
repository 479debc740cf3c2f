/**
 * The lines of an export. Each is a JSON value: a header, then for each execution its summary, its commits, details of its calls and an
 * end with a digest of them, then a trailer.
 */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { formatVersion, HistoryEvent } from "../../HistoryEvent.ts"
import { RunId, Sequence, Version, WorkerId, WorkflowId } from "../../Ids.ts"
import { digest } from "../../internal/core/digest.ts"
import { ExecutionSummary } from "../../Store/WorkflowStore.ts"
import { parseJson } from "../../internal/core/parse.ts"
import { BadLine, NewerExport } from "../TransferError.ts"

/** The form of the lines that this release writes. */
export const form = 1

const Header = Schema.Struct({
  perdure: Schema.Literal("export"),
  form: Schema.Int,
  /** The format that the events need at most. */
  format: Schema.Int,
  /** When it was made, in milliseconds since 1970. */
  at: Schema.Finite
})

const Execution = Schema.Struct({
  execution: ExecutionSummary,
  /** What removed runs of the id had seen of messages. */
  seen: Schema.optionalKey(Schema.Record(Schema.String, Schema.Int))
})

const Commit = Schema.Struct({
  commit: Schema.Struct({
    id: Schema.String,
    runId: RunId,
    version: Version,
    events: Schema.NonEmptyArray(HistoryEvent)
  })
})

const Details = Schema.Struct({ details: Schema.Json, runId: RunId, seq: Sequence })

const End = Schema.Struct({
  end: WorkflowId,
  /** Of the texts of all lines of the execution before this one: `follow`. */
  digest: Schema.Int
})

/** An execution that could not be read. */
const Unreadable = Schema.Struct({ unreadable: WorkflowId, detail: Schema.String })

/** Where an export goes on that was cut off here. */
const Cursor = Schema.Struct({ cursor: Schema.String })

const Trailer = Schema.Struct({
  executions: Schema.Int,
  /** Workers that had ended in order. */
  left: Schema.Array(WorkerId)
})

export type Header = typeof Header.Type
export type Execution = typeof Execution.Type
export type Commit = typeof Commit.Type
export type Details = typeof Details.Type
export type End = typeof End.Type
export type Unreadable = typeof Unreadable.Type
export type Cursor = typeof Cursor.Type
export type Trailer = typeof Trailer.Type
export type Line = Header | Execution | Commit | Details | End | Unreadable | Cursor | Trailer

const kinds = {
  perdure: Schema.decodeUnknownResult(Header),
  execution: Schema.decodeUnknownResult(Execution),
  commit: Schema.decodeUnknownResult(Commit),
  details: Schema.decodeUnknownResult(Details),
  end: Schema.decodeUnknownResult(End),
  unreadable: Schema.decodeUnknownResult(Unreadable),
  cursor: Schema.decodeUnknownResult(Cursor),
  executions: Schema.decodeUnknownResult(Trailer)
}

/** The text of a line. */
export const write = (line: Line): string => JSON.stringify(line)

/** The digest of lines, with one more. */
export const follow = (before: number, text: string): number => digest(`${before}\n${text}`)

/** Reads a line. */
export const read = (text: string, line: number): Result.Result<Line, BadLine | NewerExport> => {
  const bad = (detail: string) => Result.fail(new BadLine({ line, detail }))
  const parsed = Result.try(() => parseJson(text) as unknown)
  if (Result.isFailure(parsed) || typeof parsed.success !== "object" || parsed.success === null) {
    return bad("it is no JSON object; was the file cut, or is it no export?")
  }
  const value = parsed.success
  const kind = (Object.keys(kinds) as Array<keyof typeof kinds>).find((kind) => Object.hasOwn(value, kind))
  if (kind === undefined) return bad(`it is none of ${Object.keys(kinds).join(", ")}`)
  const newer = kind === "perdure" ? newerOf(value) : undefined
  if (newer !== undefined) return Result.fail(newer)
  const result: Result.Result<Line, Schema.SchemaError> = kinds[kind](value)
  // As it was written: fields that this release does not know are kept.
  return Result.isSuccess(result) ? Result.succeed(value as Line) : bad(`the ${kind}: ${result.failure.message}`)
}

// internal

/** What is newer than this release in a header. */
const newerOf = (header: object): NewerExport | undefined => {
  const { form: found = form, format = formatVersion } = header as Partial<Header>
  if (found > form) return new NewerExport({ form: found, known: form })
  return format > formatVersion ? new NewerExport({ form: format, known: formatVersion }) : undefined
}
