/** Streams and sinks, fed by activities, timers and signals. */
import { type Cause, Effect, Option, PubSub, Queue, Schedule, Sink, Stream } from "effect"
import { Echo } from "../corpus/activities.ts"
import type { Scenario } from "../corpus/scenarios.ts"
import { Amount, row, slow } from "./Row.ts"

/** A number a second: 1 after a second, then 2, and so on. */
const seconds = Stream.map(Stream.fromSchedule(Schedule.spaced("1 second")), (n) => n + 1)
const collect = Stream.runCollect

export const streams: ReadonlyArray<Scenario> = [
  row(
    "Stream.mapEffect calls an activity for each element",
    () => collect(Stream.mapEffect(Stream.range(1, 3), (n) => Echo(n * 10))),
    [10, 20, 30]
  ),
  row(
    "Stream.mapEffect with concurrency keeps the order",
    () =>
      collect(
        Stream.mapEffect(Stream.range(1, 5), (n) => slow(`n${n}`, n === 1 ? 20_000 : n * 1000), { concurrency: 3 })
      ),
    ["n1", "n2", "n3", "n4", "n5"]
  ),
  row(
    "Stream.mapEffect unordered emits what is ready first",
    () =>
      collect(
        Stream.mapEffect(Stream.range(1, 4), (n) => slow(`n${n}`, 30_000 - n * 6000), {
          concurrency: "unbounded",
          unordered: true
        })
      ),
    ["n4", "n3", "n2", "n1"]
  ),
  row(
    "Stream.flatMap with concurrency runs inner streams side by side",
    () =>
      collect(
        Stream.flatMap(
          Stream.make(1, 2),
          (n) => Stream.mapEffect(Stream.make("a", "b"), (letter) => slow(`${letter}${n}`, n * 7000)),
          { concurrency: 2 }
        )
      ),
    ["a1", "a2", "b1", "b2"]
  ),
  row(
    "Stream.merge interleaves by time",
    () =>
      collect(
        Stream.merge(
          Stream.mapEffect(Stream.make("a", "b"), (name) => slow(name, 10_000)),
          Stream.mapEffect(Stream.make("x", "y"), (name) => slow(name, 16_000))
        )
      ),
    ["a", "x", "b", "y"]
  ),
  row(
    "Stream.mergeAll runs so many at once",
    () =>
      collect(
        Stream.mergeAll(
          [12_000, 5000, 1000].map((time, index) => Stream.fromEffect(slow(`s${index}`, time))),
          { concurrency: 2 }
        )
      ),
    ["s1", "s2", "s0"]
  ),
  row(
    "Stream.buffer runs its producer ahead",
    Effect.fnUntraced(function* () {
      let made = 0
      const [first] = yield* Stream.range(1, 5).pipe(
        Stream.rechunk(1),
        Stream.tap(() => Effect.sync(() => made++)),
        Stream.buffer({ capacity: 2 }),
        Stream.mapEffect((n) => Echo(n)),
        Stream.take(1),
        collect
      )
      return { first: first ?? 0, isAhead: made > 1 }
    }),
    { first: 1, isAhead: true }
  ),
  row(
    "Stream.debounce emits after a pause of signals",
    () => collect(Amount.stream.pipe(Stream.debounce("10 seconds"), Stream.take(2))),
    [3, 4],
    {
      sent: [
        [1000, 1],
        [3000, 2],
        [5000, 3],
        [30_000, 4]
      ]
    }
  ),
  row(
    "Stream.throttle that shapes lets one through at a time",
    Effect.fnUntraced(function* () {
      const times: Array<number> = []
      let before: number | undefined
      yield* Stream.range(1, 3).pipe(
        Stream.rechunk(1),
        Stream.throttle({ cost: (all) => all.length, units: 1, duration: "10 seconds", strategy: "shape" }),
        Stream.runForEach((n) =>
          Effect.clockWith((clock) => {
            const now = clock.currentTimeMillisUnsafe()
            times.push(before === undefined ? 0 : Math.round((now - before) / 10_000))
            before = now
            return Echo(n)
          })
        )
      )
      return times
    }),
    [0, 1, 1]
  ),
  row(
    "Stream.throttle that enforces drops what is too much",
    () =>
      seconds.pipe(
        Stream.take(4),
        Stream.throttle({ cost: (all) => all.length, units: 1, duration: "1 minute", strategy: "enforce" }),
        collect
      ),
    [1]
  ),
  row(
    "Stream.groupedWithin closes a group by size or by time",
    () => collect(Amount.stream.pipe(Stream.groupedWithin(3, "20 seconds"), Stream.take(2))),
    [[1, 2, 3], [4]],
    {
      sent: [
        [1000, 1],
        [2000, 2],
        [3000, 3],
        [30_000, 4]
      ]
    }
  ),
  row(
    "Stream.aggregateWithin folds what comes until a timer",
    () =>
      seconds.pipe(
        Stream.take(9),
        Stream.aggregateWithin(Sink.sum, Schedule.spaced("4500 millis")),
        Stream.mapEffect((sum) => Echo(sum)),
        Stream.runFold(
          () => 0,
          (total, sum) => total + sum
        )
      ),
    45
  ),
  row(
    "Stream.broadcast gives each subscriber all",
    Effect.fnUntraced(function* () {
      const shared = yield* Stream.broadcast(Stream.take(seconds, 3), { capacity: 4 })
      return yield* Effect.all([collect(shared), Stream.runSum(Stream.mapEffect(shared, (n) => Echo(n * 2)))], {
        concurrency: "unbounded"
      })
    }, Effect.scoped),
    [[1, 2, 3], 12]
  ),
  row(
    "Stream.share runs its source once",
    Effect.fnUntraced(function* () {
      let runs = 0
      const shared = yield* Stream.share(
        Stream.onStart(
          Stream.take(seconds, 2),
          Effect.sync(() => runs++)
        ),
        { capacity: 4 }
      )
      const both = yield* Effect.all([collect(shared), collect(shared)], { concurrency: "unbounded" })
      return [runs, ...both]
    }, Effect.scoped),
    [1, [1, 2], [1, 2]]
  ),
  row(
    "Stream.fromQueue ends with its queue",
    Effect.fnUntraced(function* () {
      const queue = yield* Stream.toQueue(Stream.take(Amount.stream, 3), { capacity: 1 })
      yield* slow("later", 20_000)
      return yield* collect(Stream.fromQueue(queue))
    }, Effect.scoped),
    [1, 2, 3],
    {
      sent: [
        [1000, 1],
        [2000, 2],
        [30_000, 3]
      ]
    }
  ),
  row(
    "Stream.fromPubSub sees what is published while it runs",
    Effect.fnUntraced(function* () {
      const pubsub = yield* PubSub.unbounded<number>()
      const [seen] = yield* Effect.all(
        [
          collect(Stream.take(Stream.fromPubSub(pubsub), 3)),
          Stream.runForEach(Stream.take(seconds, 3), (n) => PubSub.publish(pubsub, n * 5))
        ],
        { concurrency: "unbounded" }
      )
      return seen
    }),
    [5, 10, 15]
  ),
  row(
    "Stream.runIntoQueue fills a queue from timers",
    Effect.fnUntraced(function* () {
      const queue = yield* Queue.make<number, Cause.Done>({ capacity: 1 })
      yield* Effect.forkChild(Stream.runIntoQueue(Stream.take(seconds, 3), queue))
      const first = yield* Queue.take(queue)
      return [first, yield* Echo(9), yield* Queue.take(queue), yield* Queue.take(queue)]
    }, Effect.orDie),
    [1, 9, 2, 3]
  ),
  row(
    "Stream.switchMap drops the inner stream before",
    () =>
      collect(
        Amount.stream.pipe(
          Stream.take(2),
          Stream.switchMap((n) => Stream.fromEffect(slow(`for ${n}`, 20_000)))
        )
      ),
    ["for 2"],
    {
      sent: [
        [1000, 1],
        [10_000, 2]
      ]
    }
  ),
  row(
    "Stream.zipLatest combines the latest of both",
    () =>
      collect(
        Stream.zipLatest(
          Stream.mapEffect(Stream.make("a", "b"), (name) => slow(name, 10_000)),
          Stream.mapEffect(Stream.make("x", "y"), (name) => slow(name, 16_000))
        )
      ),
    [
      ["a", "x"],
      ["b", "x"],
      ["b", "y"]
    ]
  ),
  row(
    "Stream.haltWhen and interruptWhen end a stream by a timer",
    () =>
      Effect.all([
        collect(Stream.haltWhen(seconds, Effect.sleep("2500 millis"))),
        collect(Stream.interruptWhen(seconds, slow("stop", 1500)))
      ]),
    [[1, 2, 3], [1]]
  ),
  row(
    "Stream.timeout ends a stream that is silent",
    () => collect(Stream.timeout(Amount.stream, "20 seconds")),
    [1, 2],
    {
      sent: [
        [1000, 1],
        [10_000, 2]
      ]
    }
  ),
  row(
    "Stream.retry and repeat run a stream again",
    Effect.fnUntraced(function* () {
      let runs = 0
      const failing = Stream.unwrap(
        Effect.map(
          Effect.suspend(() => Echo(++runs)),
          (run) => (run === 1 ? Stream.fail("no") : Stream.make(run, run * 10))
        )
      )
      return yield* failing.pipe(
        Stream.retry(Schedule.spaced("5 seconds")),
        Stream.repeat(Schedule.upTo(Schedule.spaced("5 seconds"), { times: 1 })),
        Stream.orDie,
        collect
      )
    }),
    [2, 20, 3, 30]
  ),
  row(
    "Stream.partition and groupByKey split a stream",
    Effect.fnUntraced(function* () {
      const groups = yield* Stream.take(seconds, 5).pipe(
        Stream.groupByKey((n) => (n % 2 === 0 ? "even" : "odd")),
        Stream.flatMap(
          ([key, group]) => Stream.fromEffect(Effect.map(Stream.runSum(group), (sum) => `${key} ${sum}`)),
          { concurrency: "unbounded" }
        ),
        collect
      )
      return groups.toSorted()
    }),
    ["even 6", "odd 9"]
  ),
  row(
    "Stream.paginate asks an activity page by page",
    () =>
      collect(
        Stream.paginate(1, (page) =>
          Effect.map(Echo(page), (n) => [[n, n * 10], n < 3 ? Option.some(n + 1) : Option.none()] as const)
        )
      ),
    [1, 10, 2, 20, 3, 30]
  ),
  row(
    "a Sink whose work is activities",
    () =>
      Stream.run(
        Stream.range(1, 4),
        Sink.take<number>(3).pipe(
          Sink.mapEffect((all) => Effect.forEach(all, (n) => Echo(n + 100))),
          Sink.flatMap((all) => Sink.succeed(all.length))
        )
      ),
    3
  ),
  row(
    "Sink.forEach and Sink.reduceEffect wait for each element",
    Effect.fnUntraced(function* () {
      const seen: Array<string> = []
      yield* Stream.run(
        Stream.make("a", "b"),
        Sink.forEach((name: string) => Effect.map(slow(name, 3000), (it) => seen.push(it)))
      )
      const sum = yield* Stream.run(
        Stream.range(1, 3),
        Sink.reduceEffect(
          () => 0,
          (sum: number, n: number) => Effect.map(Echo(n), (it) => sum + it)
        )
      )
      return [...seen, sum]
    }),
    ["a", "b", 6]
  )
]
