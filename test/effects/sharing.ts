/** Locks, latches, promises between fibers, and cells. */
import {
  Deferred,
  Effect,
  Fiber,
  Latch,
  PartitionedSemaphore,
  Ref,
  ScopedRef,
  Semaphore,
  Stream,
  SubscriptionRef,
  SynchronizedRef
} from "effect"
import { Echo } from "../corpus/activities.ts"
import type { Scenario } from "../corpus/scenarios.ts"
import { Amount, row, slow } from "./Row.ts"

export const sharing: ReadonlyArray<Scenario> = [
  row(
    "Semaphore lets so many in, in their order",
    Effect.fnUntraced(function* () {
      const semaphore = yield* Semaphore.make(2)
      const order: Array<string> = []
      yield* Effect.forEach(
        ["a", "b", "c", "d"],
        (name, index) =>
          semaphore.withPermit(
            Effect.map(slow(name, 10_000 + index * 6000), (it) => {
              order.push(it)
            })
          ),
        { concurrency: "unbounded" }
      )
      return order
    }),
    ["a", "b", "c", "d"]
  ),
  row(
    "Semaphore gives a permit back when its holder is interrupted",
    Effect.fnUntraced(function* () {
      const semaphore = yield* Semaphore.make(1)
      const holder = yield* Effect.forkChild(semaphore.withPermit(Effect.never))
      const next = yield* Effect.forkChild(semaphore.withPermit(Echo(2)))
      yield* Effect.sleep("5 seconds")
      yield* Fiber.interrupt(holder)
      return yield* Fiber.join(next)
    }),
    2
  ),
  row(
    "Semaphore.withPermitsIfAvailable does not wait",
    Effect.fnUntraced(function* () {
      const semaphore = yield* Semaphore.make(1)
      const held = yield* Effect.forkChild(semaphore.withPermit(slow("held", 10_000)))
      yield* Effect.sleep("1 second")
      const refused = yield* semaphore.withPermitsIfAvailable(1)(Echo(1))
      yield* Fiber.join(held)
      const taken = yield* semaphore.withPermitsIfAvailable(1)(Echo(1))
      return [refused._tag, taken._tag]
    }),
    ["None", "Some"]
  ),
  row(
    "PartitionedSemaphore shares permits between keys",
    Effect.fnUntraced(function* () {
      const semaphore = yield* PartitionedSemaphore.make<string>({ permits: 1 })
      return yield* Effect.forEach(
        ["a", "b", "a"],
        (key, index) => PartitionedSemaphore.withPermit(semaphore, key)(slow(`${key}${index}`, 5000)),
        { concurrency: "unbounded" }
      )
    }),
    ["a0", "b1", "a2"]
  ),
  row(
    "Deferred completed by a fiber that waits for a signal",
    Effect.fnUntraced(function* () {
      const deferred = yield* Deferred.make<number>()
      yield* Effect.forkChild(Effect.flatMap(Amount.receive, (n) => Deferred.succeed(deferred, n)))
      const both = yield* Effect.all([Deferred.await(deferred), Deferred.await(deferred)], { concurrency: 2 })
      return [...both, yield* Echo(9)]
    }),
    [7, 7, 9],
    { sent: [[10_000, 7]] }
  ),
  row(
    "Deferred that fails ends those who wait for it",
    Effect.fnUntraced(function* () {
      const deferred = yield* Deferred.make<number, string>()
      const waiting = yield* Effect.forkChild(Effect.flip(Deferred.await(deferred)))
      yield* slow("meanwhile", 5000)
      yield* Deferred.fail(deferred, "no stock")
      return yield* Fiber.join(waiting)
    }, Effect.orDie),
    "no stock"
  ),
  row(
    "Effect.callback that is resumed at once, or by another fiber",
    Effect.fnUntraced(function* () {
      const resumes: Array<(effect: Effect.Effect<number>) => void> = []
      const atOnce = yield* Effect.callback<number>((resume) => resume(Effect.succeed(1)))
      const waiting = yield* Effect.forkChild(
        Effect.callback<number>((resume) => {
          resumes.push(resume)
        })
      )
      const second = yield* Effect.andThen(Effect.sleep("5 seconds"), Echo(2))
      for (const resume of resumes) resume(Effect.succeed(second))
      return [atOnce, yield* Fiber.join(waiting)]
    }),
    [1, 2]
  ),
  row(
    "Latch lets fibers through once it is open",
    Effect.fnUntraced(function* () {
      const latch = yield* Latch.make()
      const passed: Array<number> = []
      const fibers = yield* Effect.forEach([1, 2, 3], (n) =>
        Effect.forkChild(
          latch.whenOpen(
            Effect.map(Echo(n), (it) => {
              passed.push(it)
            })
          )
        )
      )
      yield* Effect.sleep("5 seconds")
      const before = passed.length
      yield* latch.open
      yield* Fiber.joinAll(fibers)
      return [before, passed]
    }),
    [0, [1, 2, 3]]
  ),
  row(
    "Ref counts in fibers that run side by side",
    Effect.fnUntraced(function* () {
      const ref = yield* Ref.make<ReadonlyArray<string>>([])
      yield* Effect.forEach(
        [3, 1, 2],
        (n) => Effect.flatMap(slow(`n${n}`, n * 6000), (it) => Ref.update(ref, (all) => [...all, it])),
        { concurrency: "unbounded" }
      )
      return yield* Ref.get(ref)
    }),
    ["n1", "n2", "n3"]
  ),
  row(
    "SynchronizedRef makes activities take turns",
    Effect.fnUntraced(function* () {
      const ref = yield* SynchronizedRef.make(1)
      yield* Effect.all(
        [
          SynchronizedRef.updateEffect(ref, (n) => Effect.as(slow("double", 10_000), n * 2)),
          SynchronizedRef.updateEffect(ref, (n) => Effect.map(Echo(5), (five) => n + five))
        ],
        { concurrency: "unbounded" }
      )
      return yield* SynchronizedRef.get(ref)
    }),
    7
  ),
  row(
    "SubscriptionRef tells its changes across timers",
    Effect.fnUntraced(function* () {
      const ref = yield* SubscriptionRef.make(0)
      const changes = yield* Effect.forkChild(Stream.runCollect(Stream.take(SubscriptionRef.changes(ref), 3)))
      yield* Effect.sleep("5 seconds")
      yield* SubscriptionRef.set(ref, yield* Echo(1))
      yield* Effect.sleep("5 seconds")
      yield* SubscriptionRef.update(ref, (n) => n + 1)
      return yield* Fiber.join(changes)
    }),
    [0, 1, 2]
  ),
  row(
    "ScopedRef releases what it held before",
    Effect.fnUntraced(function* () {
      const log: Array<string> = []
      const held = (n: number) =>
        Effect.acquireRelease(Echo(n), (it) =>
          Effect.map(Echo(it + 10), (released) => {
            log.push(`released ${released}`)
          })
        )
      yield* Effect.scoped(
        Effect.gen(function* () {
          const ref = yield* ScopedRef.fromAcquire(held(1))
          log.push(`has ${yield* ScopedRef.get(ref)}`)
          yield* Effect.sleep("5 seconds")
          yield* ScopedRef.set(ref, held(2))
          log.push(`has ${yield* ScopedRef.get(ref)}`)
        })
      )
      return log
    }),
    ["has 1", "released 11", "has 2", "released 12"]
  )
]
