/**
 * A partition as it was, in a file of this machine: a start reads the end of the log only.
 *
 * A snapshot is worth nothing but time. One that is damaged, of another release, of another topic of the same name or so old that tombstones
 * may be gone since is passed over, and the log is read from its beginning.
 */
import { createHash } from "node:crypto"
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs"
import { join } from "node:path"
import { deserialize, serialize } from "node:v8"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { liveClock } from "./Client.ts"
import type { Execution, Saved } from "./state.ts"
import type { Partition, Kept, Latest } from "./Partition.ts"
import { type Body, format, summaryOf } from "./record.ts"

/** Where the snapshots of a topic are. */
export interface Place {
  readonly folder: string
  readonly topic: string
}

/** Reads the snapshot of a partition, if there is one that may be used. */
export const read = (place: Place, { number }: Partition, longest: number): Effect.Effect<Kept | undefined> =>
  Effect.sync(() =>
    Result.getOrUndefined(
      Result.flatMap(
        Result.try(() => decode(readFileSync(fileOf(place, number)))),
        (kept) => {
          const age = liveClock.currentTimeMillisUnsafe() - kept.at
          return age >= 0 && age < longest ? Result.succeed(kept) : Result.fail(undefined)
        }
      )
    )
  )

/** Writes the snapshot of a partition, which was read to its end. It takes turns with what else is to be done. */
export const write = Effect.fnUntraced(function* (place: Place, partition: Partition): Effect.fn.Return<void, unknown> {
  const kept = partition.keep()
  if (kept === undefined) return
  const file = fileOf(place, partition.number)
  // Two processes of one machine may write at once.
  const part = `${file}.${process.pid}`
  yield* Effect.try(() => mkdirSync(place.folder, { recursive: true }))
  yield* Effect.acquireUseRelease(
    Effect.try(() => openSync(part, "w", 0o600)),
    (descriptor) => writeAll(descriptor, kept),
    (descriptor) => Effect.sync(() => closeSync(descriptor))
  ).pipe(
    Effect.andThen(Effect.try(() => renameSync(part, file))),
    Effect.tapError(() => Effect.sync(() => rmSync(part, { force: true })))
  )
})

// internal

// How many executions are written before others have a turn.
const chunk = 2000

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
    Effect.try(() => {
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
  yield* Effect.try(() => {
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

const decode = (bytes: Buffer): Kept => {
  const end = bytes.length - digestLength
  if (end < 0 || !createHash("sha256").update(bytes.subarray(0, end)).digest().equals(bytes.subarray(end))) {
    throw new Error("the snapshot is damaged")
  }
  const [header, ...groups] = values(bytes.subarray(0, end)) as [
    Header,
    ...Array<Saved<Body | undefined>["executions"]>
  ]
  const { executions: count, fold, format: found, latest, ...kept } = header
  if (found !== format) throw new Error("the snapshot is of another release")
  const executions: Array<Execution<Body | undefined>> = []
  for (const group of groups) {
    // Read while the texts are new.
    for (const { commits, id } of group) summaryOf(commits.at(-1)!, id)
    executions.push(...group)
  }
  if (executions.length !== count) throw new Error("the snapshot is not whole")
  return { ...kept, latest, fold: { ...fold, executions } }
}

/** The values of a snapshot, each after its length. */
const values = (bytes: Buffer): ReadonlyArray<unknown> => {
  const found: Array<unknown> = []
  for (let at = 0; at < bytes.length;) {
    const length = bytes.readUInt32BE(at)
    found.push(deserialize(bytes.subarray(at + 4, at + 4 + length)))
    at += 4 + length
  }
  return found
}
