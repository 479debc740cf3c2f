/**
 * The commits of a group as the parameters of the statement that saves them.
 */
import * as PgTypes from "@effect/sql-pg/PgTypes"
import * as Exit from "effect/Exit"
import * as Result from "effect/Result"
import { byteLength, encodeEvents, formatOfEvents } from "../../internal/store/codec.ts"
import { refusedText } from "../../internal/store/commitSize.ts"
import { changeOf } from "../../internal/store/listing.ts"
import type { Commit, StoreErrorReason } from "../WorkflowStore.ts"
import * as Attributes from "./Attributes.ts"
import { arrays } from "./arrays.ts"
import { fromText } from "./key.ts"
import { type Columns, fromSummary } from "./Row.ts"

/** How many commits a group has at most, and how many characters of them. */
export const mostCommits = 512
export const mostBytes = 4_000_000

/** A commit in the form in which it is written. */
export interface Encoded {
  readonly commit: Commit
  /** The column of its execution. */
  readonly key: string
  readonly columns: Columns
  readonly attributes: Attributes.Columns
  readonly events: string
  readonly size: number
}

/** Brings a commit into the form in which it is written. */
export const encode = (commit: Commit, limit: number): Exit.Exit<Encoded, StoreErrorReason> => {
  const encoded = Result.try(() => {
    const columns = fromSummary(commit.summary)
    const events = encodeEvents(commit.events)
    const attributes = Attributes.columnsOf(commit.summary.attributes)
    return { commit, key: columns.workflowId, columns, attributes, events, size: events.length + columns.rest.length }
  })
  // An event without JSON is a bug of the caller, and no reason to fail the others of the group.
  if (Result.isFailure(encoded)) return Exit.die(encoded.failure)
  const refused = refusedText(encoded.success.events, limit)
  return refused === undefined ? Exit.succeed(encoded.success) : Exit.fail(refused)
}

/** When a transaction was begun, in microseconds, as the server tells it. */
export const now = "(extract(epoch FROM now()) * 1000000)::bigint::text"
/** What an error says in another transaction. The gate refuses what ends one by its words; this is for what it does not know. */
export const endedEarly = "the transaction has ended"

/** The statement that saves a group. */
export const statement = (schema: string, patience: string = lastParameter): string => {
  const columns = Array.from({ length: parameterCount - 1 }, (_, index) => `$${index + 1}`)
  const parameters = [...columns, patience].join()
  return `SELECT place, version, run_id, deleted_at, id_at_version FROM ${schema}.save_1(${parameters})`
}

/** The same within a transaction, with one parameter more, when that was begun: in another one it fails and says so. */
export const statementWithin = (schema: string): string =>
  statement(schema, `CASE WHEN ${now} = $${parameterCount + 1} THEN ${lastParameter} ELSE '${endedEarly}' END`)

/** Its parameters: a column of each, then what is told of them, and for how long locks are waited for, in milliseconds. */
export const parameters = (
  group: ReadonlyArray<Encoded>,
  channel: string,
  author: string,
  patience: number
): ReadonlyArray<PgTypes.Parameter> => {
  const { notes, pieces } = toldOf(group)
  return [
    ...columnsOf(group),
    arrays.text(notes),
    arrays.int4(pieces),
    PgTypes.text(channel),
    PgTypes.text(author),
    PgTypes.text(`${patience}ms`)
  ]
}

/** Its parameters where no other store listens. */
export const untold = (group: ReadonlyArray<Encoded>, patience: number): ReadonlyArray<PgTypes.Parameter> => [
  ...columnsOf(group),
  arrays.text([]),
  arrays.int4([]),
  PgTypes.text(""),
  PgTypes.text(""),
  PgTypes.text(`${patience}ms`)
]

// internal

/** A column of each. What no commit of the group has is left out: the server takes it for nothing in all of them. */
const columnsOf = (group: ReadonlyArray<Encoded>): ReadonlyArray<PgTypes.Parameter> => {
  const text = (of: (each: Encoded) => string | null) => arrays.text(sparse(group.map(of)))
  const time = (of: (commit: Commit) => number | undefined) =>
    arrays.float8(sparse(group.map(({ commit }) => of(commit) ?? null)))
  return [
    text(({ key }) => key),
    arrays.int4(group.map(({ commit }) => commit.version)),
    text(({ commit }) => fromText(commit.id)),
    text(({ commit }) => fromText(commit.runId)),
    arrays.int4(group.map(({ commit }) => commit.summary.firstVersion)),
    text(({ columns }) => columns.workflow),
    text(({ columns }) => columns.workflowVersion),
    text(({ commit }) => commit.summary.status),
    time(({ summary }) => summary.startedAt),
    time(({ summary }) => summary.updatedAt),
    time(({ summary }) => summary.closedAt),
    time(({ summary }) => summary.wakeAt),
    text(({ columns }) => columns.owner),
    arrays.bool(group.map(({ columns }) => columns.unsettled)),
    text(({ columns }) => columns.parentId),
    text(({ columns }) => columns.parentChain),
    text(({ columns }) => columns.rootId),
    text(({ columns }) => columns.rootChain),
    text(({ attributes }) => attributes.names),
    text(({ attributes }) => attributes.values),
    text(({ columns }) => columns.rest),
    arrays.int4(group.map(({ commit }) => formatOfEvents(commit.events))),
    text(({ events }) => events)
  ]
}

const sparse = <A>(values: ReadonlyArray<A | null>): ReadonlyArray<A | null> =>
  values.every((value) => value === null) ? [] : values

const parameterCount = 28

/** The parameter for how long locks are waited for. */
const lastParameter = `$${parameterCount}`

/** How many bytes of changes one notification has. The server takes less than 8,000 with the name of the author. */
const pieceBytes = 7800

/** What is told of each commit, and with which others. A change that is too long for a notification is found at the next look. */
const toldOf = (group: ReadonlyArray<Encoded>) => {
  const notes: Array<string | null> = []
  const pieces: Array<number> = []
  let piece = 0
  let bytes = 0
  for (const { commit } of group) {
    const note = JSON.stringify(changeOf(commit.summary))
    const size = byteLength(note) + 1
    const fits = size <= pieceBytes
    if (fits && bytes + size > pieceBytes) {
      piece++
      bytes = 0
    }
    if (fits) bytes += size
    notes.push(fits ? note : null)
    pieces.push(piece)
  }
  return { notes, pieces }
}
