/**
 * The partitions of a topic, kept up to date and written to.
 *
 * Each partition has a reader, which follows its end, and two lanes, which write what waits in groups. While own writes are under way their
 * answers say where they landed, so nothing is read unless another process wrote; the long poll of the reader would make every write
 * pay for a fetch too. It comes back when there was silence for some milliseconds.
 *
 * What a fold says is true only at a high watermark that was asked for lately: what lies before it may be compacted away meanwhile.
 * So writers and readers act on a partition that is fresh, or ask for its end first.
 */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import { liveClock } from "../../internal/liveClock.ts"
import { within } from "../../internal/store/within.ts"
import { type Client, type Failure, type Incoming, unavailable } from "./Client.ts"
import type { Partition } from "./Partition.ts"
import {
  type Asked,
  beginAnew,
  goOn,
  type Group,
  itsTurn,
  type Line,
  make,
  nextGroup,
  reach,
  refuse,
  type Sent,
  type Verdict,
  type Writing
} from "./Line.ts"

/** How long things may take, in milliseconds. */
export interface Times {
  /** An operation. */
  readonly timeout: number
  /** Since the high watermark was asked for: what is older may be compacted away. */
  readonly fresh: number
  /** Since a partition was read to its end: tombstones that are older may be gone. */
  readonly old: number
}

/** The partitions of a topic. */
export interface Log {
  readonly partitions: ReadonlyArray<Partition>
  /** Waits until everything is folded that was acknowledged before: of one partition, or of all. */
  readonly caughtUp: (partition?: Partition) => Effect.Effect<void, Failure>
  /** The same of all partitions, as long as there is something to read, however long it takes. */
  readonly opened: Effect.Effect<void, Failure>
  /** Does nothing when a partition was read to its end lately. */
  readonly refreshed: (partition: Partition) => Effect.Effect<void, Failure>
  /** Writes a record. One that still waits for its turn when the effect is interrupted is not written. */
  readonly send: (partition: Partition, writing: Writing) => Effect.Effect<Verdict, Failure>
  /** For how many milliseconds the leader of a partition has answered everything in good time; infinite when it always did. */
  readonly sinceTrouble: (partition: Partition) => number
}

/** Starts reading and writing, until the end of the scope. */
export const start = Effect.fnUntraced(function* (
  client: Client,
  partitions: ReadonlyArray<Partition>,
  times: Times,
  refusalOf: State["refusalOf"]
): Effect.fn.Return<Log, Failure, Scope.Scope> {
  const state: State = { client, times, refusalOf, all: partitions.map(make) }
  for (const line of state.all) {
    yield* fork(reader(state, line))
    yield* fork(asker(state, line))
    for (let lane = 0; lane < lanes; lane++) yield* fork(writer(state, line))
  }
  const lineOf = (partition: Partition) => state.all[partition.number]!
  const caughtUp = (partition?: Partition) => catchUp(state, partition === undefined ? state.all : [lineOf(partition)])
  return {
    partitions,
    caughtUp,
    opened: open(state),
    refreshed: (partition) => Effect.suspend(() => (isFresh(state, partition) ? Effect.void : caughtUp(partition))),
    send: (partition, writing) => send(lineOf(partition), writing),
    sinceTrouble: (partition) => now() - lineOf(partition).troubledAt
  }
})

// internal

const lanes = 2
// Milliseconds without own writes after which the long poll comes back.
const silence = 5
// Milliseconds that a long poll waits.
const poll = 500
// Milliseconds after which an answer was held up by more than the work for it.
const slow = 500
// How often it must be said that there is nothing below the high watermark: all of it was compacted away.
const mostEmpty = 3
// Milliseconds that a partition may not have been read for, however short tombstones are kept: a few long polls.
const leastOld = 3 * poll

/** How often a partition is tried whose leader does not answer. */
const reconnect = Schedule.min([Schedule.exponential("50 millis", 1.5), Schedule.spaced("400 millis")])

interface State {
  readonly client: Client
  readonly times: Times
  readonly all: ReadonlyArray<Line>
  /** Why a partition cannot be used, by what was read of it. */
  readonly refusalOf: (partition: Partition) => Failure | undefined
}

/** The time of the wall clock, which also passes while the machine sleeps. Where that is set back, it stands still and never goes back. */
let latest = 0
const now = (): number => {
  latest = Math.max(latest, liveClock.currentTimeMillisUnsafe())
  return latest
}

const isFresh = ({ times }: State, { reachedAt }: Partition): boolean => now() - reachedAt < times.fresh

const isOld = ({ times }: State, { reachedAt }: Partition): boolean =>
  Number.isFinite(reachedAt) && now() - reachedAt > Math.max(leastOld, times.old)

/** Notes whether the leader of a partition answers in good time. */
const note = <A>(line: Line, isSlow: number, effect: Effect.Effect<A, Failure>): Effect.Effect<A, Failure> =>
  Effect.suspend(() => {
    const sent = performance.now()
    return Effect.onExit(effect, (exit) =>
      Effect.sync(() => {
        if (exit._tag === "Failure" || performance.now() - sent > isSlow) line.troubledAt = now()
      })
    )
  })

/** Runs what never ends; if it does, all that waits for it waits in vain, and that is told. */
const fork = (effect: Effect.Effect<never>) =>
  effect.pipe(
    Effect.tapCause((cause) =>
      Cause.hasInterruptsOnly(cause) ? Effect.void : Effect.logError("the store on Kafka has stopped", cause)
    ),
    Effect.forkScoped
  )

/** Follows the end of a partition, for ever. */
const reader = (state: State, line: Line): Effect.Effect<never> => {
  let empty = 0
  const once = Effect.gen(function* () {
    yield* itsTurn(line)
    const { partition } = line
    if (isOld(state, partition)) beginAnew(line)
    const asked = now()
    const { reachedAt } = partition
    const from = partition.fold.position
    const fetched = yield* Effect.tapError(
      note(line, slow + poll, state.client.fetch(partition.number, from, empty === 0 ? poll : 1)),
      (failure) => Effect.sync(() => void (line.failure = failure))
    )
    line.failure = undefined
    if (fetched.isOutside) return yield* lost(line)
    empty = fetched.to === from && fetched.end > from ? empty + 1 : 0
    partition.take(fetched.records, fetched.to)
    // What was there before says nothing of the time.
    if (asked - reachedAt < 4 * poll) measure(partition, fetched.records, asked)
    if (empty >= mostEmpty) partition.take([], fetched.end)
    const refusal = state.refusalOf(partition)
    if (refusal === undefined) line.refusal = undefined
    else refuse(line, refusal)
    goOn(line)
    if (partition.fold.position >= fetched.end && refusal === undefined) {
      partition.reachedAt = Math.max(partition.reachedAt, asked)
    }
    partition.settle(isFresh(state, partition))
  })
  // Brokers live by the clock of the machine, also where a program has another one.
  return Effect.forever(Effect.orDie(Effect.retry(once, reconnect))).pipe(Effect.provideService(Clock.Clock, liveClock))
}

/** Begins anew: the log ends before what was folded, or begins after it. One that begins later has lost records for good. */
const lost = (line: Line): Effect.Effect<void, Failure> =>
  Effect.suspend(() => {
    const { fold, number } = line.partition
    if (fold.position > 0) return Effect.sync(() => beginAnew(line))
    const refusal = unavailable(new Error(`partition ${number} does not begin at offset 0: records were deleted`))
    refuse(line, refusal)
    return Effect.fail(refusal)
  })

/** Measures the clock of the broker by what was just written: it says at least that much. */
const measure = (partition: Partition, records: ReadonlyArray<Incoming>, asked: number): void => {
  const last = records.at(-1)
  if (last === undefined) return
  const ahead = last.time - now()
  const old = partition.clock
  // A record that lay there before says less than an earlier measurement.
  if (old === undefined || ahead > old.ahead || asked - old.at > longestMeasured) partition.clock = { ahead, at: asked }
}

const longestMeasured = 60_000

const send = (line: Line, writing: Writing): Effect.Effect<Verdict, Failure> =>
  Effect.callback((resume) => {
    const sent = { writing, settle: resume }
    line.queue.push(sent)
    line.wake.openUnsafe()
    return Effect.sync(() => {
      const place = line.queue.indexOf(sent)
      if (place >= 0) line.queue.splice(place, 1)
    })
  })

/** Writes what waits, for ever. */
const writer = (state: State, line: Line): Effect.Effect<never> =>
  Effect.gen(function* () {
    yield* line.wake.await
    // What is asked for in the same turn goes together.
    yield* Effect.yieldNow
    const group = nextGroup(line)
    if (line.queue.length === 0) line.wake.closeUnsafe()
    if (group.length > 0) yield* write(state, line, group)
  }).pipe(Effect.forever)

const write = Effect.fnUntraced(function* (state: State, line: Line, sent: ReadonlyArray<Sent>) {
  const { client } = state
  const { partition } = line
  const { fold } = partition
  const dropped = sent.map(({ settle, writing: { content, key } }) =>
    partition.await(key, content, (counted) => settle(Effect.succeed(counted ? "counted" : "lost")))
  )
  line.busy++
  const asked = now()
  const answer = yield* Effect.result(
    note(
      line,
      slow,
      client.produce(
        partition.number,
        sent.map(({ writing: { key, value } }) => ({ key, value }))
      )
    )
  )
  if (answer._tag === "Success") {
    // An offset in a log that is no more says nothing.
    if (partition.fold === fold) yield* place(state, line, { sent, stored: answer.success }, asked)
  } else {
    yield* doubt(state, line, sent, answer.failure)
    for (const drop of dropped) drop()
  }
  line.busy--
  if (line.busy === 0) line.rest = performance.now() + silence
  line.turn.openUnsafe()
})

/** Folds own records, or leaves them to the reader when others lie before them. */
const place = (state: State, line: Line, group: Group, asked: number): Effect.Effect<void> =>
  Effect.sync(() => {
    const { partition } = line
    const { base, time } = group.stored
    const end = base + group.sent.length
    if (time !== undefined) partition.clock = { ahead: time - now(), at: asked }
    const isKnown = time !== undefined || !group.sent.some(({ writing }) => writing.isTimed)
    if (base >= partition.fold.position && isKnown) line.answered.set(base, group)
    line.gap = Math.max(line.gap, end)
    const before = partition.fold.position
    goOn(line)
    if (before === base && isFresh(state, partition)) partition.reachedAt = Math.max(partition.reachedAt, asked)
    partition.settle(isFresh(state, partition))
  })

/** After a failure the log says what became of the records; what is not there yet may still come. */
const doubt = Effect.fnUntraced(function* (state: State, line: Line, sent: ReadonlyArray<Sent>, failure: Failure) {
  if (failure._tag === "Unavailable") yield* Effect.ignore(catchUp(state, [line]))
  for (const { settle } of sent) {
    settle(failure._tag === "Unavailable" ? Effect.succeed(failure) : Effect.fail(failure))
  }
})

/** Asks for the high watermark of a partition, once for all operations that wait for it. */
const asker = ({ client }: State, line: Line): Effect.Effect<never> =>
  Effect.gen(function* () {
    const { ask, asking, partition } = line
    yield* ask.await
    yield* Effect.yieldNow
    const all = [...asking]
    asking.clear()
    ask.closeUnsafe()
    const at = now()
    const end = yield* Effect.exit(note(line, slow, client.end(partition.number)))
    for (const resume of all) resume(Effect.map(end, (end) => ({ end, at })))
  }).pipe(Effect.forever)

const askEnd = ({ ask, asking }: Line): Effect.Effect<Asked, Failure> =>
  Effect.callback((resume) => {
    asking.add(resume)
    ask.openUnsafe()
    return Effect.sync(() => void asking.delete(resume))
  })

const catchUp = (state: State, lines: ReadonlyArray<Line>): Effect.Effect<void, Failure> =>
  Effect.forEach(
    lines,
    (line) =>
      catchUpOne(state, line).pipe(
        within(
          state.times.timeout,
          () => line.failure ?? unavailable(new Error("Kafka did not tell in time what was stored"))
        )
      ),
    { concurrency: "unbounded", discard: true }
  )

const catchUpOne = (state: State, line: Line): Effect.Effect<void, Failure> =>
  Effect.flatMap(askEnd(line), ({ at, end }) =>
    Effect.andThen(
      reach(line, end),
      Effect.suspend((): Effect.Effect<void, Failure> => {
        const { partition, refusal } = line
        if (refusal !== undefined) return Effect.fail(refusal)
        // A long way may have taken so long that what was passed is compacted by now, and meanwhile it may have begun anew.
        const isLate = now() - at >= state.times.fresh && state.times.fresh > 0
        if (isLate || partition.fold.position < end) return catchUpOne(state, line)
        partition.reachedAt = Math.max(partition.reachedAt, at)
        partition.settle(true)
        return Effect.void
      })
    )
  )

/** Reads all partitions to their ends; gives up when there is no progress for as long as an operation may take. */
const open = (state: State): Effect.Effect<void, Failure> => {
  const positions = () => state.all.reduce((sum, { partition }) => sum + partition.fold.position, 0)
  return Effect.suspend(() => {
    const before = positions()
    return Effect.catch(catchUp(state, state.all), (failure) =>
      positions() > before ? open(state) : Effect.fail(failure)
    )
  })
}
