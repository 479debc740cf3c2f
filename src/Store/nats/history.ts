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

/** A commit that was read, and the sequence of its message. */
export interface Found {
  readonly seq: number
  readonly whole: Whole
}

/** Reads the commits of a key whose messages have sequences after `after`, up to the one at `to`, a batch at a time. */
export const scan = <E>(
  bucket: Bucket,
  key: string,
  range: { readonly after: number; readonly to: number },
  visit: (found: Found) => Effect.Effect<boolean, E>
): Effect.Effect<void, E | Unavailable | Corrupt> => {
  const parts: Parts = { commit: "", bodies: [] }
  const next = (after: number): Effect.Effect<void, E | Unavailable | Corrupt> =>
    Effect.flatMap(patiently(bucket, complete(bucket, key, { after, to: range.to })), (messages) =>
      Effect.flatMap(visitAll(messages, parts, visit), (more) => {
        const last = messages.at(-1)
        return more && last !== undefined && last.seq < range.to ? next(last.seq) : Effect.void
      })
    )
  return range.after >= range.to ? Effect.void : next(range.after)
}

/** The commits of versions from `first` on, or none when they are not all there: the execution was deleted meanwhile. */
export const commits = Effect.fnUntraced(function* (
  bucket: Bucket,
  key: string,
  options: { readonly after: number; readonly to: number; readonly first: number; readonly last: number }
): Effect.fn.Return<Option.Option<ReadonlyArray<StoredCommit>>, Unavailable | Corrupt> {
  const found: Array<StoredCommit> = []
  yield* scan(bucket, key, options, ({ whole }) => {
    if (whole.label.version < options.first) return Effect.succeed(true)
    return Effect.map(readable(key, decode(whole)), (commit) => found.push(commit) > 0)
  })
  const gapless = found.every((commit, index) => commit.version === options.first + index)
  return gapless && found.length === options.last - options.first + 1 ? Option.some(found) : Option.none()
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
  { version, after, to }: { readonly version: number; readonly after: number; readonly to: number }
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

interface Parts {
  commit: string
  bodies: Array<Uint8Array>
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
  const summary = yield* readable(key, decodeSummary(text))
  return { seq, head: Option.some(headOf(label, summary)), whole: single }
})

const summaryInParts = Effect.fnUntraced(function* (bucket: Bucket, key: string, label: Label, message: StoredMsg) {
  let summary: string | undefined
  yield* scan(bucket, key, { after: label.previous, to: message.seq }, ({ whole }) => {
    summary = whole.summary
    return Effect.succeed(true)
  })
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
      ? Effect.succeed(undefined)
      : firstFrom(bucket, key, version, last.seq, to, passed)
  })

/** One answer of messages; fails when it ends early on a replica that lags behind. */
const complete = (bucket: Bucket, key: string, { after, to }: { readonly after: number; readonly to: number }) =>
  Effect.flatMap(bucket.range(key, after + 1, to), (messages) =>
    messages.length > 0
      ? Effect.succeed(messages)
      : Effect.flatMap(bucket.at(to), (last) =>
          last === null
            ? Effect.succeed(messages)
            : Effect.fail(new Unavailable({ cause: new Error(`a replica does not have message ${to} yet`) }))
        )
  )

const visitAll = Effect.fnUntraced(function* <E>(
  messages: ReadonlyArray<StoredMsg>,
  parts: Parts,
  visit: (found: Found) => Effect.Effect<boolean, E>
): Effect.fn.Return<boolean, E | Corrupt> {
  for (const message of messages) {
    const told = read(message.header)
    if (told._tag === "Unreadable") return yield* new Corrupt({ detail: `${message.subject}: ${told.detail}` })
    if (told._tag === "Part") {
      if (parts.commit !== told.commit) parts.bodies = []
      parts.commit = told.commit
      parts.bodies.push(message.data)
      continue
    }
    const before = parts.bodies
    parts.bodies = []
    if (told._tag === "Deletion") continue
    const { label } = told
    const bodies = label.parts === 0 ? [] : before.slice(-label.parts)
    if (bodies.length !== label.parts || (label.parts > 0 && parts.commit !== label.id)) {
      return yield* new Corrupt({ detail: `${message.subject}: version ${label.version} has lost parts` })
    }
    const whole = assemble(told, [...bodies, message.data])
    if (!(yield* visit({ seq: message.seq, whole }))) return false
  }
  return true
})
