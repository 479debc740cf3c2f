/**
 * Reads the history of one key: its latest commit, and commits with their events.
 */
import type { StoredMsg } from "@nats-io/jetstream"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import { Corrupt, type StoredCommit, Unavailable } from "../WorkflowStore.ts"
import { type Bucket, patiently } from "./Bucket.ts"
import {
  assemble,
  type CommitMessage,
  decode,
  decodeSummary,
  type Label,
  type Message,
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
}

/** Asks the leader for the end of the history of a key. */
export const end = Effect.fnUntraced(function* (
  bucket: Bucket,
  key: string
): Effect.fn.Return<End, Unavailable | Corrupt> {
  const latest = yield* patiently(bucket, bucket.latest(key))
  if (latest === null) return { seq: 0, head: Option.none(), whole: Option.none() }
  let message: StoredMsg | null = latest
  // Parts that no commit follows are what is left of a batch that a loss of power cut: the history ends before them.
  for (;;) {
    if (message === null) return { seq: latest.seq, head: Option.none(), whole: Option.none() }
    const told: Message = read(message.header)
    if (told._tag === "Unreadable") return yield* new Corrupt({ detail: `${key}: ${told.detail}` })
    if (told._tag === "Deletion") return { seq: latest.seq, head: Option.none(), whole: Option.none() }
    if (told._tag === "Commit") return yield* endOf(bucket, latest.seq, told, message)
    message = told.previous === 0 ? null : yield* patiently(bucket, bucket.at(told.previous))
  }
})

/** The commits of versions from `first` on, or none when they are not all there: the execution was deleted meanwhile. */
export const commits = Effect.fnUntraced(function* (
  bucket: Bucket,
  key: string,
  options: Range & { readonly first: number; readonly last: number }
): Effect.fn.Return<Option.Option<ReadonlyArray<StoredCommit>>, Unavailable | Corrupt> {
  const wholes = yield* scan(bucket, key, options)
  const wanted = wholes.filter(({ label }) => label.version >= options.first)
  const gapless = wanted.every(({ label }, index) => label.version === options.first + index)
  if (!gapless || wanted.length !== options.last - options.first + 1) return Option.none()
  return Option.some(yield* Effect.forEach(wanted, (whole) => readable(key, decode(whole))))
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

/** Fails with `Corrupt` where a result does. */
export const readable = <A>(key: string, result: Result.Result<A, string>): Effect.Effect<A, Corrupt> =>
  Result.isSuccess(result)
    ? Effect.succeed(result.success)
    : Effect.fail(new Corrupt({ detail: `${key}: ${result.failure}` }))

// internal

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
  const summary = yield* readable(key, decodeSummary(text))
  return { seq, head: Option.some(headOf(label, summary)), whole: single }
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
  range: Range
): Effect.fn.Return<ReadonlyArray<Whole>, Unavailable | Corrupt> {
  const wholes: Array<Whole> = []
  const parts: Parts = { commit: "", bodies: [] }
  let after = range.after
  while (after < range.to) {
    const messages = yield* patiently(bucket, complete(bucket, key, { after, to: range.to }))
    const last = messages.at(-1)
    if (last === undefined) break
    for (const message of messages) {
      const whole = yield* readable(key, take(message, parts))
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

/** Takes the next message of a key: a part is put aside, and a commit takes its own. */
const take = (message: StoredMsg, parts: Parts): Result.Result<Whole | undefined, string> => {
  const told = read(message.header)
  switch (told._tag) {
    case "Unreadable":
      return Result.fail(told.detail)
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
      if (own.length !== count) return Result.fail(`version ${version} has lost parts`)
      return Result.succeed(assemble(told, [...own, message.data]))
    }
  }
}
