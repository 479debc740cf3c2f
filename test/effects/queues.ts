/** Queues, hubs and transactions between fibers. */
import {
  type Cause,
  Effect,
  Exit,
  Fiber,
  PubSub,
  Queue,
  TxDeferred,
  TxHashMap,
  TxPubSub,
  TxQueue,
  TxRef,
  TxSemaphore
} from "effect"
import { Echo } from "../corpus/activities.ts"
import type { Scenario } from "../corpus/scenarios.ts"
import { Amount, row, slow } from "./Row.ts"

/** Offers numbers to a queue at once, takes all after a pause, and tells what came through. */
const crowd = Effect.fnUntraced(function* (queue: Queue.Queue<number>) {
  const taken = yield* Queue.offerAll(queue, [1, 2, 3, 4, 5])
  yield* slow("later", 5000)
  return [yield* Queue.takeAll(queue), taken]
})

export const queues: ReadonlyArray<Scenario> = [
  row(
    "Queue.bounded holds its producer back",
    Effect.fnUntraced(function* () {
      const queue = yield* Queue.bounded<number>(1)
      const offered: Array<number> = []
      const producer = yield* Effect.forkChild(
        Effect.forEach([1, 2, 3], (n) =>
          Effect.andThen(
            Queue.offer(queue, n),
            Effect.sync(() => offered.push(n))
          )
        )
      )
      yield* Effect.sleep("1 second")
      const before = [...offered]
      const taken = [yield* Queue.take(queue), yield* Echo(7), yield* Queue.take(queue), yield* Queue.take(queue)]
      yield* Fiber.join(producer)
      return { before, offered, taken }
    }),
    { before: [1], offered: [1, 2, 3], taken: [1, 7, 2, 3] }
  ),
  row("Queue.sliding drops what is oldest", () => Effect.flatMap(Queue.sliding<number>(2), crowd), [[4, 5], []]),
  row("Queue.dropping drops what is newest", () => Effect.flatMap(Queue.dropping<number>(2), crowd), [
    [1, 2],
    [3, 4, 5]
  ]),
  row(
    "Queue.unbounded filled by signals",
    Effect.fnUntraced(function* () {
      const queue = yield* Queue.unbounded<number>()
      yield* Effect.forkChild(Effect.forever(Effect.flatMap(Amount.receive, (n) => Queue.offer(queue, n))))
      yield* slow("first", 3000)
      return [yield* Queue.take(queue), yield* Queue.take(queue), yield* Queue.take(queue)]
    }),
    [1, 2, 3],
    {
      sent: [
        [1000, 1],
        [2000, 2],
        [10_000, 3]
      ]
    }
  ),
  row(
    "Queue.shutdown interrupts who waits for it",
    Effect.fnUntraced(function* () {
      const queue = yield* Queue.unbounded<number>()
      const waiting = yield* Effect.forkChild(Effect.exit(Queue.take(queue)))
      yield* Effect.sleep("5 seconds")
      yield* Queue.shutdown(queue)
      const exit = yield* Fiber.join(waiting)
      yield* Echo(1)
      return Exit.hasInterrupts(exit)
    }),
    true
  ),
  row(
    "Queue.end lets what is in it be taken",
    Effect.fnUntraced(function* () {
      const queue = yield* Queue.unbounded<number, Cause.Done>()
      const all = yield* Effect.forkChild(Queue.collect(queue))
      yield* Queue.offerAll(queue, [1, 2])
      yield* Effect.sleep("5 seconds")
      yield* Queue.offer(queue, yield* Echo(3))
      yield* Queue.end(queue)
      return yield* Fiber.join(all)
    }),
    [1, 2, 3]
  ),
  row(
    "Queue.takeBetween waits for as many as it needs",
    Effect.fnUntraced(function* () {
      const queue = yield* Queue.unbounded<number>()
      yield* Effect.forkChild(
        Effect.forEach([1, 2, 3], (n) => Effect.andThen(Effect.sleep(n * 5000), Queue.offer(queue, n)))
      )
      return [yield* Queue.takeBetween(queue, 2, 3), yield* Echo(9), yield* Queue.take(queue)]
    }),
    [[1, 2], 9, 3]
  ),
  row(
    "PubSub.bounded waits for its slowest subscriber",
    Effect.fnUntraced(function* () {
      const pubsub = yield* PubSub.bounded<number>(1)
      const [quick, sluggish] = [yield* PubSub.subscribe(pubsub), yield* PubSub.subscribe(pubsub)]
      const published: Array<number> = []
      yield* Effect.forkChild(
        Effect.forEach([1, 2], (n) =>
          Effect.andThen(
            PubSub.publish(pubsub, n),
            Effect.sync(() => published.push(n))
          )
        )
      )
      const first = yield* PubSub.take(quick)
      yield* slow("meanwhile", 5000)
      const before = [...published]
      const rest = [yield* PubSub.take(sluggish), yield* PubSub.take(sluggish), yield* PubSub.take(quick)]
      return { before, first, rest: [...rest, yield* Echo(9)] }
    }, Effect.scoped),
    { before: [1], first: 1, rest: [1, 2, 2, 9] }
  ),
  row(
    "PubSub.sliding and dropping lose what is too much",
    Effect.fnUntraced(function* () {
      const [sliding, dropping] = [yield* PubSub.sliding<number>(2), yield* PubSub.dropping<number>(2)]
      const [last, first] = [yield* PubSub.subscribe(sliding), yield* PubSub.subscribe(dropping)]
      yield* PubSub.publishAll(sliding, [1, 2, 3])
      yield* PubSub.publishAll(dropping, [1, 2, 3])
      yield* slow("later", 5000)
      return [yield* PubSub.takeAll(last), yield* PubSub.takeAll(first)]
    }, Effect.scoped),
    [
      [2, 3],
      [1, 2]
    ]
  ),
  row(
    "PubSub with replay tells late subscribers",
    Effect.fnUntraced(function* () {
      const pubsub = yield* PubSub.unbounded<number>({ replay: 2 })
      yield* PubSub.publishAll(pubsub, [1, 2, 3])
      yield* Effect.sleep("5 seconds")
      const late = yield* PubSub.subscribe(pubsub)
      return [yield* PubSub.take(late), yield* Echo(9), yield* PubSub.take(late)]
    }, Effect.scoped),
    [2, 9, 3]
  ),
  row(
    "TxRef in Effect.tx, with txRetry until a signal changes it",
    Effect.fnUntraced(function* () {
      const stock = yield* TxRef.make(0)
      const order = yield* Effect.forkChild(
        Effect.tx(
          Effect.gen(function* () {
            const left = yield* TxRef.get(stock)
            if (left < 3) return yield* Effect.txRetry
            yield* TxRef.set(stock, left - 3)
            return left
          })
        )
      )
      for (let i = 0; i < 2; i++) {
        const more = yield* Amount.receive
        yield* TxRef.update(stock, (n) => n + more)
      }
      const seen = yield* Fiber.join(order)
      return [seen, yield* Echo(yield* TxRef.get(stock))]
    }),
    [4, 1],
    {
      sent: [
        [1000, 2],
        [20_000, 2]
      ]
    }
  ),
  row(
    "TxQueue, TxPubSub and TxDeferred between fibers",
    Effect.fnUntraced(function* () {
      const queue = yield* TxQueue.bounded<number>(1)
      const hub = yield* TxPubSub.unbounded<number>()
      const done = yield* TxDeferred.make<string>()
      const subscriber = yield* TxPubSub.subscribe(hub)
      yield* Effect.forkChild(
        Effect.gen(function* () {
          for (const n of [1, 2, 3]) {
            yield* TxQueue.offer(queue, yield* Echo(n))
            yield* TxPubSub.publish(hub, n * 10)
          }
          yield* Effect.sleep("5 seconds")
          yield* TxDeferred.succeed(done, "done")
        })
      )
      const taken = [yield* TxQueue.take(queue), yield* TxQueue.take(queue), yield* TxQueue.take(queue)]
      return [taken, yield* TxDeferred.await(done), yield* TxQueue.takeAll(subscriber)]
    }, Effect.scoped),
    [[1, 2, 3], "done", [10, 20, 30]]
  ),
  row(
    "TxSemaphore and TxHashMap hold over a wait",
    Effect.fnUntraced(function* () {
      const semaphore = yield* TxSemaphore.make(1)
      const ends = yield* TxHashMap.make<string, number>()
      yield* Effect.forEach(
        ["a", "b"],
        (name) =>
          TxSemaphore.withPermit(
            semaphore,
            Effect.andThen(
              slow(name, 5000),
              Effect.clockWith((clock) => TxHashMap.set(ends, name, clock.currentTimeMillisUnsafe()))
            )
          ),
        { concurrency: "unbounded" }
      )
      const [a = 0, b = 0] = (yield* TxHashMap.values(ends)).toSorted((a, b) => a - b)
      return b - a >= 5000
    }),
    true
  )
]
