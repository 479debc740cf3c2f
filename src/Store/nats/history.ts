/**
 * Reads the history of one key: its latest commit, and commits with their events.
 */
import type { StoredMsg } from "@nats-io/jetstream"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import { type Corrupt, type Deletion, type NewerFormat, type StoredCommit, Unavailable } from "../WorkflowStore.ts"
import { damaged, readSummary } from "../../internal/store/damage.ts"
import { type Bucket, patiently } from "./Bucket.ts"
import {
  assemble,
  type CommitMessage,
  decode,
  decodeRecord,
  type Label,
  nameOfMarker,
  read,
  type Whole
} from "./message.ts"
import { type Head, headOf } from "./Table.ts"

/** The end of the history of a key. */
export interface End {
  /** The sequence of the latest message: what the next one must expect; 0 when there is none. */
  readonly seq: number
  /** None when the key is unknown or deleted. */
  readonly head: Option.Option<Head>
  /** The latest commit, when its events are in one message. */
  readonly whole: Option.Option<Whole>
  /** The marker of the deletion, when that is the end. */
  readonly marker: Option.Option<Marker>
}

/** The marker of a deletion. */
export interface Marker {
  /** Names the request that published it; empty when that is not known. */
  readonly name: string
  /** None in the markers of others. */
  readonly record: Option.Option<Deletion>
}

/** Asks the leader for the end of the history of a key. */
export const end = Effect.fnUntraced(function* (
  bucket: Bucket,
  key: string
): Effect.fn.Return<End, Unavailable | Corrupt> {
  const latest = yield* patiently(bucket, bucket.latest(key))
  const seq = latest === null ? 0 : latest.seq
  const message = yield* beforeParts(bucket, latest)
  if (message === null) return { ...nothing, seq }
  const told = read(message.header)
  if (told._tag === "Commit") return yield* endOf(bucket, seq, told, message)
  if (told._tag === "Deletion") return { ...nothing, seq, marker: Option.some(yield* markerOf(key, message)) }
  const detail = told._tag === "Unreadable" ? told.detail : "a message of another kind"
  return yield* damaged(`${key}: ${detail}`)
})

/** The marker of the deletion after which the history of an id begins, while it is kept. */
export const markerAt = Effect.fnUntraced(function* (
  bucket: Bucket,
  key: string,
  origin: number
): Effect.fn.Return<Option.Option<Marker>, Unavailable | Corrupt> {
  if (origin === 0) return Option.none()
  const message = yield* beforeParts(bucket, yield* patiently(bucket, bucket.at(origin)))
  if (message === null || read(message.header)._tag !== "Deletion") return Option.none()
  return Option.some(yield* markerOf(key, message))
})

/**
 * The commits of versions from `first` to `last`, and none when those from `needed` on are not all there: the execution was
 * deleted meanwhile. Those before `needed` may have been removed; what is left of them has no gap either.
 */
export const commits = Effect.fnUntraced(function* (
  bucket: Bucket,
  key: string,
  options: Range & { readonly first: number; readonly last: number; readonly needed: number }
): Effect.fn.Return<Option.Option<ReadonlyArray<StoredCommit>>, Unavailable | Corrupt | NewerFormat> {
  const wholes = yield* scan(bucket, key, options)
  let begin = wholes.length
  let version = options.last
  while (begin > 0 && version >= options.first && wholes[begin - 1]!.label.version === version) {
    begin--
    version--
  }
  if (version >= options.needed) return Option.none()
  return Option.some(yield* Effect.forEach(wholes.slice(begin), (whole) => decoded(key, whole)))
})

/** A version of an execution, and the sequence of its message. */
export interface Located {
  readonly seq: number
  readonly label: Label
}

/** Finds one version among the messages after `after` up to `to`: from the end, because recent ones are asked for most. */
export const locate = (
  bucket: Bucket,
  key: string,
  { version, after, to }: Range & { readonly version: number }
): Effect.Effect<Option.Option<Located>, Unavailable> => {
  const within = (size: number): Effect.Effect<Option.Option<Located>, Unavailable> => {
    const start = Math.max(after, to - size)
    return Effect.flatMap(firstFrom(bucket, key, version, start, to), (found) => {
      if (found?.label.version === version) return Effect.succeedSome(found)
      const over = start === after || (found !== undefined && found.earlier)
      return over ? Effect.succeedNone : within(size * windowGrowth)
    })
  }
  return to <= after ? Effect.succeedNone : within(window)
}

/** Reads the events of a commit. */
export const decoded = (key: string, whole: Whole): Effect.Effect<StoredCommit, Corrupt | NewerFormat> =>
  Effect.mapError(Effect.fromResult(decode(whole)), (error) =>
    error._tag === "Corrupt" ? damaged(`${key}: version ${whole.label.version}: ${error.detail}`) : error
  )

/** Fails with `Corrupt` where a result fails. */
export const readable = <A>(key: string, result: Result.Result<A, string>): Effect.Effect<A, Corrupt> =>
  Effect.mapError(Effect.fromResult(result), (detail) => damaged(`${key}: ${detail}`))

// internal

const nothing = { head: Option.none(), whole: Option.none(), marker: Option.none() }

/** A marker of a store names its request and has a record; any other has neither. */
const markerOf = (key: string, { data, header }: StoredMsg): Effect.Effect<Marker, Corrupt> => {
  const name = nameOfMarker(header)
  if (name === "") return Effect.succeed({ name, record: Option.none() })
  return Effect.map(readable(key, decodeRecord(data)), (record) => ({ name, record: Option.some(record) }))
}

/** A message or, when it is a part that no commit follows, the one before its batch: a loss of power cut the batch. */
const beforeParts = (bucket: Bucket, message: StoredMsg | null): Effect.Effect<StoredMsg | null, Unavailable> => {
  const told = read(message?.header)
  if (told._tag !== "Part") return Effect.succeed(message)
  if (told.previous === 0) return Effect.succeed(null)
  return Effect.flatMap(patiently(bucket, bucket.at(told.previous)), (before) => beforeParts(bucket, before))
}

const endOf = Effect.fnUntraced(function* (
  bucket: Bucket,
  seq: number,
  told: CommitMessage,
  message: StoredMsg
): Effect.fn.Return<End, Unavailable | Corrupt> {
  const key = message.subject.slice(bucket.prefix.length)
  const { label } = told
  const single = label.parts === 0 ? Option.some(assemble(told, [message.data])) : Option.none()
  // A summary that no header can hold may even begin in a part.
  const text =
    told.summary || Option.getOrUndefined(single)?.summary || (yield* summaryInParts(bucket, key, label, message))
  const summary = yield* readable(
    key,
    Result.mapError(readSummary(text, label), ({ detail }) => detail)
  )
  return { ...nothing, seq, head: Option.some(headOf(label, summary)), whole: single }
})

const summaryInParts = Effect.fnUntraced(function* (bucket: Bucket, key: string, label: Label, message: StoredMsg) {
  const wholes = yield* scan(bucket, key, { after: label.previous, to: message.seq })
  const summary = wholes.at(-1)?.summary
  if (summary !== undefined) return summary
  return yield* new Unavailable({ cause: new Error(`${key} changed while it was read`) })
})

// How many sequences back the first look for a version goes, and how many times as far the next one.
const window = 64
const windowGrowth = 16

/** The first commit after a sequence that has a version or a later one; `earlier` when an earlier one came before it. */
const firstFrom = (
  bucket: Bucket,
  key: string,
  version: number,
  after: number,
  to: number,
  earlier = false
): Effect.Effect<(Located & { readonly earlier: boolean }) | undefined, Unavailable> =>
  Effect.flatMap(patiently(bucket, complete(bucket, key, { after, to })), (messages) => {
    let passed = earlier
    for (const { header, seq } of messages) {
      const told = read(header)
      if (told._tag !== "Commit") continue
      if (told.label.version >= version) return Effect.succeed({ seq, label: told.label, earlier: passed })
      passed = true
    }
    const last = messages.at(-1)
    return last === undefined || last.seq >= to
      ? Effect.undefined
      : firstFrom(bucket, key, version, last.seq, to, passed)
  })

/** One answer of messages; fails when it ends early on a replica that lags behind. */
const complete = (bucket: Bucket, key: string, { after, to }: Range) =>
  bucket.range(key, after + 1, to).pipe(
    Effect.filterOrElse(
      (messages) => messages.length > 0,
      (none) =>
        Effect.flatMap(bucket.at(to), (last) =>
          last === null
            ? Effect.succeed(none)
            : Effect.fail(new Unavailable({ cause: new Error(`a replica does not have message ${to} yet`) }))
        )
    )
  )

/** Sequences after one, up to another. */
interface Range {
  readonly after: number
  readonly to: number
}

/** Reads the commits of a key in a range, whose beginning must not be among the parts of one. */
const scan = Effect.fnUntraced(function* (
  bucket: Bucket,
  key: string,
  range: Range & { readonly needed?: number }
): Effect.fn.Return<ReadonlyArray<Whole>, Unavailable | Corrupt> {
  const wholes: Array<Whole> = []
  const parts: Parts = { commit: "", bodies: [] }
  let after = range.after
  while (after < range.to) {
    const messages = yield* patiently(bucket, complete(bucket, key, { after, to: range.to }))
    const last = messages.at(-1)
    if (last === undefined) break
    for (const message of messages) {
      const whole = yield* readable(key, take(message, parts, range.needed ?? 0))
      if (whole !== undefined) wholes.push(whole)
    }
    after = last.seq
  }
  return wholes
})

/** The parts that no commit has followed so far. */
interface Parts {
  commit: string
  bodies: Array<Uint8Array>
}

/** Takes the next message of a key: a part is put aside, and a commit takes its own. It needs them from a version on. */
const take = (message: StoredMsg, parts: Parts, needed: number): Result.Result<Whole | undefined, string> => {
  const told = read(message.header)
  switch (told._tag) {
    case "Unreadable":
      return Result.fail(told.detail)
    case "Record":
    case "Deletion":
      parts.bodies = []
      return Result.succeed(undefined)
    case "Part":
      if (parts.commit !== told.commit) parts.bodies = []
      parts.commit = told.commit
      parts.bodies.push(message.data)
      return Result.succeed(undefined)
    case "Commit": {
      const { id, parts: count, version } = told.label
      const own = parts.commit === id && count > 0 ? parts.bodies.slice(-count) : []
      parts.bodies = []
      if (own.length !== count) {
        return version < needed ? Result.succeed(undefined) : Result.fail(`version ${version} has lost parts`)
      }
      return Result.succeed(assemble(told, [...own, message.data]))
    }
  }
}
