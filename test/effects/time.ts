/** Schedules, clocks and chance. */
import { Clock, Cron, DateTime, Duration, Effect, Random, Result, Schedule } from "effect"
import { Echo, EchoAll, Picky } from "../corpus/activities.ts"
import type { Scenario } from "../corpus/scenarios.ts"
import { row, slow } from "./Row.ts"

/** Seconds between the turns of a schedule, where each turn calls an activity. */
const pauses = Effect.fnUntraced(function* <O, E>(schedule: Schedule.Schedule<O, unknown, E>) {
  const times: Array<number> = []
  const turn = Effect.flatMap(Clock.currentTimeMillis, (now) => {
    times.push(now)
    return Echo(times.length)
  })
  yield* Effect.orDie(Effect.repeat(turn, schedule))
  return times.slice(1).map((time, index) => Math.round((time - times[index]!) / 100) / 10)
})

/** Calls an activity that is good at its fourth call. */
const stubborn = () => {
  let call = 0
  return Effect.suspend(() => Picky({ call: ++call, good: 4 }))
}

/** Whether numbers are the same after a wait, and as an activity recorded them. */
const confirmed = Effect.fnUntraced(function* (numbers: ReadonlyArray<number>) {
  const recorded = yield* EchoAll(numbers)
  yield* Effect.sleep("5 seconds")
  return numbers.every((number, index) => number === recorded[index])
})

const berlin = DateTime.zoneMakeNamedUnsafe("Europe/Berlin")

const upTo = <O, I, E, R>(schedule: Schedule.Schedule<O, I, E, R>, times: number) => Schedule.upTo(schedule, { times })

export const time: ReadonlyArray<Scenario> = [
  row(
    "Schedule.spaced, fixed and windowed",
    () =>
      Effect.all([
        pauses(upTo(Schedule.spaced("5 seconds"), 2)),
        pauses(upTo(Schedule.fixed("10 seconds"), 2)),
        Effect.map(pauses(upTo(Schedule.windowed("10 seconds"), 2)), (all) => all.at(-1)!)
      ]),
    [[5, 5], [10, 10], 10]
  ),
  row(
    "Schedule.exponential and fibonacci",
    () =>
      Effect.all([pauses(upTo(Schedule.exponential("1 second"), 4)), pauses(upTo(Schedule.fibonacci("1 second"), 4))]),
    [
      [1, 2, 4, 8],
      [1, 1, 2, 3]
    ]
  ),
  row(
    "Schedule.concat, max and min",
    () =>
      Effect.all([
        pauses(Schedule.concat(Schedule.duration("3 seconds"), upTo(Schedule.spaced("1 second"), 2))),
        pauses(upTo(Schedule.max([Schedule.exponential("1 second"), Schedule.spaced("3 seconds")]), 3)),
        pauses(upTo(Schedule.min([Schedule.exponential("1 second"), Schedule.spaced("3 seconds")]), 3))
      ]),
    [
      [3, 1, 1],
      [3, 3, 4],
      [1, 2, 3]
    ]
  ),
  row(
    "Schedule.cron in a zone that it names",
    Effect.fnUntraced(function* () {
      const hours: Array<number> = []
      const note = Effect.map(DateTime.now, (now) => {
        hours.push(DateTime.getPartUtc(now, "hour"))
      })
      yield* Effect.repeat(Effect.andThen(note, Echo(1)), upTo(Schedule.cron("0 9,17 * * *", "UTC"), 3))
      return hours.slice(1)
    }, Effect.orDie),
    [9, 17, 9]
  ),
  row(
    "Cron.next of a time of the program",
    Effect.fnUntraced(function* () {
      const cron = Result.getOrThrow(Cron.parse("30 12 * * *", "UTC"))
      const next = Cron.next(cron, yield* DateTime.now)
      yield* Effect.sleep(next.getTime() - (yield* Clock.currentTimeMillis))
      return DateTime.formatIso(yield* DateTime.now).slice(11, 16)
    }),
    "12:30"
  ),
  row(
    "Schedule.jittered draws the same pauses again",
    Effect.fnUntraced(function* () {
      const all = yield* pauses(upTo(Schedule.jittered(Schedule.spaced("10 seconds")), 3))
      return [all.every((pause) => pause >= 8 && pause <= 12), new Set(all).size > 1]
    }),
    [true, true]
  ),
  row(
    "Effect.retry with a jittered exponential schedule",
    () => Effect.retry(stubborn(), { schedule: Schedule.jittered(Schedule.exponential("1 second")), times: 5 }),
    4
  ),
  row(
    "Effect.retry while and until, and retryOrElse",
    Effect.fnUntraced(function* () {
      const until = yield* Effect.flip(Effect.retry(stubborn(), { until: ({ what }) => what === "call 2" }))
      const orElse = yield* Effect.retryOrElse(stubborn(), upTo(Schedule.spaced("1 second"), 1), ({ what }) =>
        slow(`after ${what}`, 1000)
      )
      return [until.what, orElse]
    }, Effect.orDie),
    ["call 2", "after call 2"]
  ),
  row(
    "Effect.repeat until, and Effect.schedule",
    Effect.fnUntraced(function* () {
      let count = 0
      const turn = Effect.suspend(() => Echo(++count))
      const last = yield* Effect.repeat(turn, { until: (n) => n === 3, schedule: Schedule.spaced("1 second") })
      const turns = yield* Effect.schedule(turn, upTo(Schedule.spaced("1 second"), 2))
      return [last, turns, count]
    }),
    [3, 2, 5]
  ),
  row(
    "Schedule.during ends by the time of the history",
    Effect.fnUntraced(function* () {
      let turns = 0
      const turn = Effect.andThen(
        Effect.sync(() => turns++),
        Effect.sleep("4 seconds")
      )
      yield* Effect.repeat(turn, Schedule.during("10 seconds"))
      return turns
    }),
    4
  ),
  row(
    "Effect.delay and Effect.sleep of nothing, of a fraction and of a Duration",
    Effect.fnUntraced(function* () {
      const begin = yield* Clock.currentTimeMillis
      yield* Effect.sleep(0)
      yield* Effect.sleep("500 micros")
      yield* Effect.delay(Echo(1), Duration.seconds(2))
      return (yield* Clock.currentTimeMillis) - begin >= 2001
    }),
    true
  ),
  row(
    "Clock, DateTime.now and Effect.timed tell the time of the history",
    Effect.fnUntraced(function* () {
      const begin = yield* DateTime.now
      const [took] = yield* Effect.timed(Effect.sleep("30 seconds"))
      const nanos = yield* Clock.currentTimeNanos
      yield* Echo(1)
      const end = yield* DateTime.now
      return [
        Duration.toSeconds(took),
        Math.round(Duration.toSeconds(DateTime.distance(begin, end))),
        nanos >= BigInt(DateTime.toEpochMillis(begin)) * 1_000_000n
      ]
    }),
    [30, 30, true]
  ),
  row(
    "DateTime in a zone, by the time of the program",
    Effect.fnUntraced(function* () {
      const now = yield* DateTime.now
      const tomorrow = now.pipe(DateTime.setZone(berlin), DateTime.startOf("day"), DateTime.add({ days: 1, hours: 9 }))
      yield* Effect.sleep(DateTime.distance(now, tomorrow))
      return DateTime.getPart(DateTime.setZone(yield* DateTime.now, berlin), "hour")
    }),
    9
  ),
  row(
    "Random.next, nextIntBetween, nextBoolean and choice",
    Effect.fnUntraced(function* () {
      const numbers = [
        yield* Random.next,
        yield* Random.nextIntBetween(1, 6),
        Number(yield* Random.nextBoolean),
        yield* Random.choice([10, 20, 30])
      ]
      const isSame = yield* confirmed(numbers)
      return isSame && (yield* Echo(yield* Random.next)) < 1
    }, Effect.orDie),
    true
  ),
  row(
    "Random.shuffle before and after a wait",
    Effect.fnUntraced(function* () {
      const all = Array.from({ length: 20 }, (_, index) => index)
      const before = yield* Random.shuffle(all)
      const isSame = yield* confirmed(before)
      const after = yield* EchoAll(yield* Random.shuffle(all))
      return [isSame, before.join() === after.join(), after.toSorted((a, b) => a - b).join() === all.join()]
    }),
    [true, false, true]
  ),
  row(
    "Random.withSeed gives the numbers of its seed",
    Effect.fnUntraced(function* () {
      const draw = Effect.replicateEffect(Random.next, 3)
      const first = yield* EchoAll(yield* Random.withSeed(draw, "seed"))
      yield* Effect.sleep("5 seconds")
      const second = yield* EchoAll(yield* Random.withSeed(draw, "seed"))
      const own = yield* EchoAll(yield* draw)
      return [first.join() === second.join(), first.join() === own.join()]
    }),
    [true, false]
  )
]
