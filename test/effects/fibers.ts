/** Fibers: who starts them, who waits for them, and who interrupts them. */
import { Cause, Effect, Exit, Fiber, FiberHandle, FiberMap, FiberSet, Scope } from "effect"
import { Echo } from "../corpus/activities.ts"
import type { Scenario } from "../corpus/scenarios.ts"
import { row, slow } from "./Row.ts"

/** Work that tells its log when it is interrupted, by an activity. */
const interruptible = (log: Array<number>, n: number) =>
  Effect.onInterrupt(slow(`work ${n}`, 90_000), () =>
    Effect.map(Echo(n), (it) => {
      log.push(it)
    })
  )

export const fibers: ReadonlyArray<Scenario> = [
  row(
    "Effect.forkChild, with Fiber.join and Fiber.await",
    Effect.fnUntraced(function* () {
      const good = yield* Effect.forkChild(slow("good", 10_000))
      const bad = yield* Effect.forkChild(Effect.andThen(slow("bad", 3000), Effect.fail("bad")))
      const exit = yield* Fiber.await(bad)
      return [Exit.isFailure(exit), yield* Fiber.join(good)]
    }),
    [true, "good"]
  ),
  row(
    "Effect.forkChild that starts at once",
    Effect.fnUntraced(function* () {
      const order: Array<string> = []
      const note = (text: string) => Effect.sync(() => order.push(text))
      const later = yield* Effect.forkChild(Effect.andThen(note("later"), Echo(1)))
      const now = yield* Effect.forkChild(Effect.andThen(note("now"), Echo(2)), { startImmediately: true })
      yield* note("parent")
      return [...order, ...(yield* Fiber.joinAll([later, now]))]
    }),
    ["now", "parent", 1, 2]
  ),
  row(
    "Effect.forkChild ends with its parent, whose finalizers run",
    Effect.fnUntraced(function* () {
      const log: Array<number> = []
      yield* Effect.forkChild(interruptible(log, 1)).pipe(
        Effect.andThen(Effect.sleep("5 seconds")),
        Effect.forkChild,
        Effect.flatMap(Fiber.join)
      )
      return log
    }),
    [1]
  ),
  row(
    "Effect.forkDetach goes on when its parent has ended",
    Effect.fnUntraced(function* () {
      const detached = yield* Effect.forkChild(Effect.forkDetach(slow("detached", 10_000))).pipe(
        Effect.flatMap(Fiber.join)
      )
      yield* Effect.sleep("1 second")
      return yield* Fiber.join(detached)
    }),
    "detached"
  ),
  row(
    "Effect.forkScoped ends with its scope",
    Effect.fnUntraced(function* () {
      const log: Array<number> = []
      yield* Effect.scoped(Effect.andThen(Effect.forkScoped(interruptible(log, 1)), slow("meanwhile", 5000)))
      return log
    }),
    [1]
  ),
  row(
    "Effect.forkScoped in the scope of the program ends with the program",
    Effect.fnUntraced(function* () {
      yield* Effect.forkScoped(interruptible([], 1))
      return yield* slow("meanwhile", 5000)
    }),
    "meanwhile"
  ),
  row(
    "Effect.forkIn a scope that is closed by hand",
    Effect.fnUntraced(function* () {
      const log: Array<number> = []
      const scope = yield* Scope.make()
      yield* Effect.forkIn(interruptible(log, 1), scope)
      yield* Effect.forkIn(interruptible(log, 2), scope)
      yield* slow("meanwhile", 5000)
      yield* Scope.close(scope, Exit.void)
      return log.toSorted()
    }),
    [1, 2]
  ),
  row(
    "Fiber.interrupt waits for finalizers that call activities",
    Effect.fnUntraced(function* () {
      const log: Array<number> = []
      const fiber = yield* Effect.forkChild(interruptible(log, 1))
      yield* Effect.sleep("5 seconds")
      yield* Fiber.interrupt(fiber)
      return [log.length, Exit.hasInterrupts(yield* Fiber.await(fiber))]
    }),
    [1, true]
  ),
  row(
    "Fiber.interruptAll, and Fiber.awaitAll after it",
    Effect.fnUntraced(function* () {
      const log: Array<number> = []
      const all = yield* Effect.forEach([1, 2, 3], (n) => Effect.forkChild(interruptible(log, n)))
      yield* slow("meanwhile", 5000)
      yield* Fiber.interruptAll(all)
      const exits = yield* Fiber.awaitAll(all)
      return [log, exits.every(Exit.hasInterrupts)]
    }),
    [[1, 2, 3], true]
  ),
  row(
    "Effect.interrupt from within",
    Effect.fnUntraced(function* () {
      const exit = yield* Effect.exit(Effect.ensuring(Effect.andThen(Echo(1), Effect.interrupt), Echo(2)))
      yield* Effect.sleep("1 second")
      return Exit.isFailure(exit) && Cause.hasInterruptsOnly(exit.cause)
    }),
    true
  ),
  row(
    "Effect.uninterruptible goes on to its end",
    Effect.fnUntraced(function* () {
      const log: Array<string> = []
      const work = Effect.uninterruptible(
        Effect.map(Effect.andThen(slow("first", 10_000), slow("second", 10_000)), (it) => {
          log.push(it)
        })
      )
      const fiber = yield* Effect.forkChild(Effect.andThen(work, Effect.never))
      yield* Effect.sleep("5 seconds")
      yield* Fiber.interrupt(fiber)
      return log
    }),
    ["second"]
  ),
  row(
    "Effect.uninterruptibleMask restores only where it says",
    Effect.fnUntraced(function* () {
      const log: Array<string> = []
      const work = Effect.uninterruptibleMask((restore) =>
        slow("paid", 10_000).pipe(
          Effect.tap((it) => Effect.sync(() => log.push(it))),
          Effect.andThen(restore(slow("shipped", 90_000))),
          Effect.onExit(() =>
            Effect.map(Echo(1), () => {
              log.push("noted")
            })
          )
        )
      )
      const fiber = yield* Effect.forkChild(work)
      yield* Effect.sleep("5 seconds")
      yield* Fiber.interrupt(fiber)
      return log
    }),
    ["paid", "noted"]
  ),
  row(
    "FiberMap replaces the fiber of a key",
    Effect.fnUntraced(function* () {
      const log: Array<number> = []
      const map = yield* FiberMap.make<string, string, never>()
      yield* FiberMap.run(map, "a", interruptible(log, 1))
      yield* FiberMap.run(map, "b", slow("b", 10_000))
      yield* Effect.sleep("2 seconds")
      yield* FiberMap.run(map, "a", slow("again", 15_000))
      yield* FiberMap.awaitEmpty(map)
      return [log, yield* FiberMap.size(map)]
    }, Effect.scoped),
    [[1], 0]
  ),
  row(
    "FiberSet interrupts its fibers with its scope",
    Effect.fnUntraced(function* () {
      const log: Array<number> = []
      yield* Effect.scoped(
        Effect.gen(function* () {
          const set = yield* FiberSet.make()
          for (const n of [1, 2, 3]) yield* FiberSet.run(set, interruptible(log, n))
          yield* slow("meanwhile", 5000)
        })
      )
      return log.toSorted()
    }),
    [1, 2, 3]
  ),
  row(
    "FiberSet.join fails with the first failure",
    Effect.fnUntraced(
      function* () {
        const set = yield* FiberSet.make<string, string>()
        yield* FiberSet.run(set, slow("good", 10_000))
        yield* FiberSet.run(set, Effect.andThen(slow("bad", 5000), Effect.fail("no")))
        return yield* Effect.flip(FiberSet.join(set))
      },
      Effect.scoped,
      Effect.orDie
    ),
    "no"
  ),
  row(
    "FiberHandle keeps the latest fiber",
    Effect.fnUntraced(function* () {
      const log: Array<number> = []
      const handle = yield* FiberHandle.make<string>()
      yield* FiberHandle.run(handle, interruptible(log, 1))
      yield* Effect.sleep("2 seconds")
      const latest = yield* FiberHandle.run(handle, slow("latest", 5000))
      return [yield* Fiber.join(latest), log]
    }, Effect.scoped),
    ["latest", [1]]
  ),
  row(
    "FiberSet.runtime forks from code that is no Effect",
    Effect.fnUntraced(function* () {
      const set = yield* FiberSet.make<number>()
      const fork = yield* FiberSet.runtime(set)<Effect.Services<ReturnType<typeof Echo>>>()
      const all = [1, 2].map((n) => fork(Echo(n)))
      yield* Effect.sleep("1 second")
      return yield* Fiber.joinAll(all)
    }, Effect.scoped),
    [1, 2]
  ),
  row(
    "Effect.runForkWith the context of the program",
    Effect.fnUntraced(function* () {
      const context = yield* Effect.context<Effect.Services<ReturnType<typeof slow>>>()
      const fiber = Effect.runForkWith(context)(slow("forked", 5000))
      return yield* Fiber.join(fiber)
    }),
    "forked"
  )
]
