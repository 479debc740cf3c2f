/**
 * One partition with what is under way on it: what waits to be written, what was written and not read, and who waits for what is read.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import { liveClock } from "../../internal/liveClock.ts"
import type { Unavailable } from "../WorkflowStore.ts"
import type { Failure, Outgoing, Stored } from "./Client.ts"
import type { Partition } from "./Partition.ts"
import type { Content } from "./record.ts"

/** What is to be written: a record, and what it holds, so that it need not be read back. */
export interface Writing extends Outgoing {
  readonly content: Content
  /** Whether the time at which it is written matters. */
  readonly isTimed?: boolean
}

/** What became of a record: it counts, it counts for nothing, or that is not known, and why. */
export type Verdict = "counted" | "lost" | Unavailable

/** What is known of one partition beside its fold. */
export interface Line {
  readonly partition: Partition
  readonly queue: Array<Sent>
  /** Open while something waits to be written. */
  readonly wake: Latch.Latch
  /** How many requests to write are under way. */
  busy: number
  /** The offset after the last own record; records of others may lie before it. */
  gap: number
  /** Own groups that are stored after what is folded, by their first offset. */
  readonly answered: Map<number, Group>
  /** Until when no long poll is sent, as `performance.now()` counts. */
  rest: number
  readonly waiting: Set<Waiting>
  /** Open while it is the turn of the reader. */
  readonly turn: Latch.Latch
  /** The operations that wait for the end of the partition to be asked for. */
  readonly asking: Set<(asked: Effect.Effect<Asked, Failure>) => void>
  /** Open while an operation does. */
  readonly ask: Latch.Latch
  /** When the leader was last away, or late with an answer, by the clock of the machine. */
  troubledAt: number
  /** Why the latest request that reads failed. */
  failure: Failure | undefined
  /** Why the partition cannot be used. */
  refusal: Failure | undefined
}

/** The high watermark of a partition. */
export interface Asked {
  readonly end: number
  /** When it was asked for, by the clock of the machine. */
  readonly at: number
}

export interface Sent {
  readonly writing: Writing
  readonly settle: (verdict: Effect.Effect<Verdict, Failure>) => void
}

export interface Group {
  readonly sent: ReadonlyArray<Sent>
  readonly stored: Stored
}

/** An operation waits for a partition to be folded up to an offset. */
export interface Waiting {
  readonly to: number
  readonly resume: (reached: Effect.Effect<void, Failure>) => void
}

/** A partition on which nothing is under way. */
export const make = (partition: Partition): Line => ({
  partition,
  queue: [],
  wake: Latch.makeUnsafe(false),
  busy: 0,
  gap: 0,
  answered: new Map(),
  rest: 0,
  waiting: new Set(),
  turn: Latch.makeUnsafe(true),
  asking: new Set(),
  ask: Latch.makeUnsafe(false),
  troubledAt: Number.NEGATIVE_INFINITY,
  failure: undefined,
  refusal: undefined
})

/** Waits until reading tells more than own writes do. */
export const itsTurn = (line: Line): Effect.Effect<void> =>
  Effect.suspend(() => {
    const { busy, gap, partition, rest, turn, waiting } = line
    if (waiting.size > 0 || (busy === 0 && gap > partition.fold.position)) return Effect.void
    const left = rest - performance.now()
    if (busy === 0 && left <= 0) return Effect.void
    turn.closeUnsafe()
    const pause = busy === 0 ? liveClock.sleep(Duration.millis(left)) : Effect.never
    return Effect.andThen(Effect.raceFirst(turn.await, pause), itsTurn(line))
  })

/** Lets operations go on whose offset is folded. */
export const goOn = (line: Line): void => {
  for (;;) {
    const group = line.answered.get(line.partition.fold.position)
    if (group === undefined) break
    line.answered.delete(line.partition.fold.position)
    absorb(line, group)
  }
  const { answered, partition, waiting } = line
  for (const base of answered.keys()) if (base < partition.fold.position) answered.delete(base)
  for (const each of waiting) {
    if (each.to > partition.fold.position) continue
    waiting.delete(each)
    each.resume(Effect.void)
  }
}

/** Begins anew: what was folded, and what is known of own records, is of a log that is no more, or was not read for too long. */
export const beginAnew = (line: Line): void => {
  line.partition.reset()
  line.answered.clear()
  line.gap = 0
}

/** Tells all operations that wait why the partition cannot be used. */
export const refuse = (line: Line, refusal: Failure): void => {
  line.refusal = refusal
  for (const { resume } of line.waiting) resume(Effect.fail(refusal))
  line.waiting.clear()
}

/** Folds own records that lie where the fold ends. */
const absorb = ({ partition }: Line, { sent, stored }: Group): void => {
  for (const [index, { writing }] of sent.entries()) {
    partition.put(stored.base + index, writing.key, writing.content, stored.time ?? 0)
  }
}

/** Takes the records that are written next, together. */
export const nextGroup = ({ queue }: Line): ReadonlyArray<Sent> => {
  let count = 0
  let bytes = 0
  while (count < queue.length && count < mostRecords) {
    bytes += queue[count]!.writing.value?.length ?? 0
    if (count > 0 && bytes > mostBytes) break
    count++
  }
  return queue.splice(0, count)
}

/** Waits until a partition is folded up to an offset. */
export const reach = (line: Line, to: number): Effect.Effect<void, Failure> =>
  Effect.suspend(() => {
    if (line.partition.fold.position >= to) return Effect.void
    return Effect.callback((resume) => {
      const waiting = { to, resume }
      line.waiting.add(waiting)
      line.turn.openUnsafe()
      return Effect.sync(() => void line.waiting.delete(waiting))
    })
  })

// internal

const mostRecords = 500
const mostBytes = 1024 * 1024
