/**
 * A partition as it was, in a file of this machine: a start reads the end of the log only.
 *
 * A snapshot is worth nothing but time. One that is damaged, of another release, of another topic of the same name or so old that tombstones
 * may be gone since is passed over, and the log is read from its beginning. One that cannot be read or written is told of in the log.
 */
import { createHash, randomBytes } from "node:crypto"
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync
} from "node:fs"
import { join } from "node:path"
import { deserialize, serialize } from "node:v8"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { liveNow } from "../../internal/liveClock.ts"
import type { Execution, Saved } from "./state.ts"
import type { Partition, Kept, Latest } from "./Partition.ts"
import { type Body, format, summaryOf } from "./record.ts"

/** Where the snapshots of a topic are. */
export interface Place {
  readonly folder: string
  readonly topic: string
}

/** Reads the snapshot of a partition, if there is one that may be used. */
export const read = Effect.fnUntraced(function* (
  place: Place,
  { number }: Partition,
  longest: number
): Effect.fn.Return<Kept | undefined> {
  const file = fileOf(place, number)
  if (!existsSync(file)) return undefined
  const read = yield* Effect.result(
    Effect.acquireUseRelease(
      tried(() => opened(file)),
      decode,
      (descriptor) => Effect.sync(() => closeSync(descriptor))
    )
  )
  if (Result.isFailure(read)) {
    yield* Effect.logWarning(`the snapshot ${file} is passed over: ${read.failure}`)
    return undefined
  }
  const age = liveNow() - read.success.at
  return age >= 0 && age < longest ? read.success : undefined
})

/** Removes what processes have left behind that ended while they wrote a snapshot. */
export const removeParts = ({ folder, topic }: Place): Effect.Effect<void> =>
  Effect.ignore(
    Effect.try(() => {
      for (const name of readdirSync(folder)) {
        if (!name.startsWith(`${topic}-`) || !isPart.test(name.slice(topic.length))) continue
        const part = join(folder, name)
        if (statSync(part).mtimeMs + longestPart < liveNow()) rmSync(part, { force: true })
      }
    })
  )

/**
 * Writes the snapshot of a partition, which was read to its end, and returns its position; nothing is written where that was not. It takes
 * turns with what else is to be done.
 */
export const write = Effect.fnUntraced(function* (
  place: Place,
  partition: Partition
): Effect.fn.Return<number | undefined, string> {
  const kept = partition.keep()
  if (kept === undefined) return undefined
  const file = fileOf(place, partition.number)
  // Several stores may write at once, also of one process, and of containers whose processes have the same number.
  const part = `${file}.${randomBytes(6).toString("hex")}`
  yield* tried(() => mkdirSync(place.folder, { recursive: true }))
  yield* Effect.acquireUseRelease(
    tried(() => openSync(part, "w", 0o600)),
    (descriptor) => writeAll(descriptor, kept),
    (descriptor) => Effect.sync(() => closeSync(descriptor))
  ).pipe(
    Effect.andThen(tried(() => renameSync(part, file))),
    Effect.onExit((exit) => Effect.sync(() => void (exit._tag === "Failure" && rmSync(part, { force: true }))))
  )
  return kept.fold.position
})

// internal

// How many executions are written before others have a turn.
const chunk = 100
// Milliseconds after which a part that was not written to is one that was left behind.
const longestPart = 3_600_000
const isPart = /^-\d+\.snapshot\.[0-9a-f]{12}$/

/** Takes a step that may throw; fails with what that says. */
const tried = <A>(step: () => A): Effect.Effect<A, string> => Effect.try({ try: step, catch: String })

/** Opens a file to read it: to open a pipe would wait for its writer. */
const opened = (file: string): number => {
  if (!statSync(file).isFile()) throw new Error("it is no file")
  return openSync(file, "r")
}

const fileOf = ({ folder, topic }: Place, number: number): string => join(folder, `${topic}-${number}.snapshot`)

interface Header extends Omit<Kept, "fold" | "latest"> {
  readonly format: number
  readonly fold: Omit<Saved<Body | undefined>, "executions">
  readonly latest: ReadonlyArray<readonly [string, Latest]>
  readonly executions: number
}

const writeAll = Effect.fnUntraced(function* (descriptor: number, { fold, latest, ...kept }: Kept) {
  const { executions, ...rest } = fold
  const hash = createHash("sha256")
  const put = (value: unknown) =>
    tried(() => {
      const bytes = serialize(value)
      const length = Buffer.alloc(4)
      length.writeUInt32BE(bytes.length)
      for (const each of [length, bytes]) {
        hash.update(each)
        for (let at = 0; at < each.length;) at += writeSync(descriptor, each, at)
      }
    })
  const header: Header = { ...kept, format, fold: rest, latest, executions: executions.length }
  yield* put(header)
  for (let from = 0; from < executions.length; from += chunk) {
    yield* put(executions.slice(from, from + chunk).map(plain))
    yield* Effect.yieldNow
  }
  yield* tried(() => {
    writeSync(descriptor, hash.digest())
    fsyncSync(descriptor)
  })
})

/** An execution whose summaries are texts, as they were read. */
const plain = (execution: Execution<Body | undefined>): Execution<Body | undefined> => ({
  ...execution,
  commits: execution.commits.map((stored) => {
    const summary = stored.body?.summary
    if (summary === undefined || typeof summary === "string") return stored
    const text = "detail" in summary ? undefined : JSON.stringify(summary)
    return { ...stored, body: { ...stored.body!, summary: text } }
  })
})

const digestLength = 32
// How many bytes are read at once to see whether a snapshot is sound.
const piece = 1024 * 1024

/** Reads a snapshot in groups, so that the whole of it is never in memory beside what it is read into. */
const decode = Effect.fnUntraced(function* (descriptor: number): Effect.fn.Return<Kept, string> {
  const next = yield* tried(() => valuesOf(descriptor, soundLength(descriptor)))
  const { executions: count, fold, format: found, latest, ...kept } = (yield* tried(next)) as Header
  if (found !== format) return yield* Effect.fail("it is of another release")
  const executions: Array<Execution<Body | undefined>> = []
  while (executions.length < count) {
    const group = (yield* tried(next)) as Saved<Body | undefined>["executions"]
    // Read while the texts are new.
    for (const { commits, id } of group) summaryOf(commits.at(-1)!, id)
    executions.push(...group)
    yield* Effect.yieldNow
  }
  return { ...kept, latest, fold: { ...fold, executions } }
})

/** The length of what a file holds before its digest, which must be right: nothing of a damaged file is read. */
const soundLength = (descriptor: number): number => {
  const length = fstatSync(descriptor).size - digestLength
  const hash = createHash("sha256")
  const buffer = Buffer.allocUnsafe(piece)
  for (let at = 0; at < length;) {
    const read = readSync(descriptor, buffer, 0, Math.min(piece, length - at), at)
    if (read === 0) break
    hash.update(buffer.subarray(0, read))
    at += read
  }
  const digest = Buffer.alloc(digestLength)
  if (
    length < 0 ||
    readSync(descriptor, digest, 0, digestLength, length) < digestLength ||
    !hash.digest().equals(digest)
  ) {
    throw new Error("it is damaged")
  }
  return length
}

/** Reads the values of a file one after the other, each after its length. */
const valuesOf = (descriptor: number, end: number): (() => unknown) => {
  let at = 0
  let buffer = Buffer.allocUnsafe(piece)
  const take = (length: number): Buffer => {
    if (at + length > end) throw new Error("it is not whole")
    if (buffer.length < length) buffer = Buffer.allocUnsafe(length)
    for (let read = 0; read < length;) {
      const count = readSync(descriptor, buffer, read, length - read, at + read)
      if (count === 0) throw new Error("it is not whole")
      read += count
    }
    at += length
    return buffer.subarray(0, length)
  }
  return () => deserialize(take(take(4).readUInt32BE(0)))
}
