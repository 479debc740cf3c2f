/** Timeouts, races, work side by side, and scopes. */
import { Cause, Context, Effect, ExecutionPlan, Exit, Layer, Option, Schedule, Scope } from "effect"
import { Echo, Lose, Picky } from "../corpus/activities.ts"
import type { Scenario } from "../corpus/scenarios.ts"
import { row, slow } from "./Row.ts"

/** Tells the log what was released, by an activity. */
const held = (log: Array<number>, n: number) =>
  Effect.acquireRelease(Echo(n), (it) =>
    Effect.map(Echo(it + 10), (released) => {
      log.push(released)
    })
  )

/** Calls that fail for 2 and 3. */
const picky = (n: number) =>
  Picky({ call: n, good: n === 2 || n === 3 ? n + 1 : n }).pipe(Effect.mapError(({ what }) => what))

/** What an execution plan provides. */
class Provider extends Context.Service<Provider, string>()("test/effects/Provider") {}

const allOf = (concurrency: number | "unbounded" | undefined) =>
  Effect.all(
    [3, 1, 2].map((n) => slow(`n${n}`, n * 6000)),
    concurrency === undefined ? undefined : { concurrency }
  )

export const control: ReadonlyArray<Scenario> = [
  row(
    "Effect.timeout fails with TimeoutError, and cancels the activity",
    () =>
      slow("late", 30_000).pipe(
        Effect.timeout("10 seconds"),
        Effect.catchTag("TimeoutError", () => slow("instead", 3000))
      ),
    "instead"
  ),
  row(
    "Effect.timeoutOption and Effect.timeoutOrElse",
    Effect.fnUntraced(function* () {
      const inTime = yield* Effect.timeoutOption(slow("in time", 3000), "10 seconds")
      const late = yield* Effect.timeoutOption(slow("late", 30_000), "10 seconds")
      const other = yield* Effect.timeoutOrElse(slow("late", 30_000), {
        duration: "10 seconds",
        orElse: () => Echo(1)
      })
      return [Option.getOrNull(inTime), Option.getOrNull(late), other]
    }),
    ["in time", null, 1]
  ),
  row(
    "Effect.timeout of a nested timeout",
    () =>
      slow("late", 60_000).pipe(
        Effect.timeoutOrElse({ duration: "30 seconds", orElse: () => Effect.succeed("inner") }),
        Effect.timeoutOrElse({ duration: "10 seconds", orElse: () => slow("outer", 1000) })
      ),
    "outer"
  ),
  row(
    "Effect.race takes the first success",
    () => Effect.race(Effect.andThen(slow("bad", 3000), Effect.fail("no")), slow("good", 10_000)).pipe(Effect.orDie),
    "good"
  ),
  row(
    "Effect.raceFirst takes the first end",
    () =>
      Effect.raceFirst(Effect.andThen(slow("bad", 3000), Effect.fail("no")), slow("good", 10_000)).pipe(
        Effect.flip,
        Effect.orDie
      ),
    "no"
  ),
  row(
    "Effect.raceAll and raceAllFirst, whose losers run their finalizers",
    Effect.fnUntraced(function* () {
      const log: Array<number> = []
      const racer = (n: number) =>
        Effect.onInterrupt(slow(`n${n}`, n * 6000), () =>
          Effect.map(Echo(n), (it) => {
            log.push(it)
          })
        )
      const first = yield* Effect.raceAll([racer(3), racer(1), racer(2)])
      const second = yield* Effect.raceAllFirst([racer(2), racer(1)])
      return [first, second, log]
    }),
    ["n1", "n1", [3, 2, 2]]
  ),
  row(
    "Effect.firstSuccessOf tries one after the other",
    () =>
      Effect.firstSuccessOf([
        Effect.as(Lose("a"), "a"),
        Effect.andThen(Effect.sleep("5 seconds"), Effect.as(Lose("b"), "b")),
        slow("c", 1000)
      ]),
    "c"
  ),
  row(
    "Effect.withExecutionPlan goes on with the next Layer",
    () => {
      const provider = (name: string, pause: number) => Layer.effect(Provider, Effect.as(Effect.sleep(pause), name))
      const plan = ExecutionPlan.make(
        { provide: provider("cheap", 1000), attempts: 2, schedule: Schedule.spaced("5 seconds") },
        { provide: provider("dear", 1000) }
      )
      const calls: Array<string> = []
      const work = Effect.gen(function* () {
        const name = yield* Provider
        calls.push(yield* slow(name, 1000))
        return yield* name === "dear" ? Effect.succeed(calls) : Effect.fail("busy")
      })
      return Effect.orDie(Effect.withExecutionPlan(work, plan))
    },
    ["cheap", "cheap", "dear"]
  ),
  row("Effect.all, one after the other", () => allOf(undefined), ["n3", "n1", "n2"]),
  row("Effect.all, two at a time", () => allOf(2), ["n3", "n1", "n2"]),
  row("Effect.all, unbounded", () => allOf("unbounded"), ["n3", "n1", "n2"]),
  row(
    "Effect.all interrupts the others at the first failure",
    Effect.fnUntraced(function* () {
      const log: Array<number> = []
      const other = Effect.onInterrupt(slow("other", 60_000), () =>
        Effect.map(Echo(1), (it) => {
          log.push(it)
        })
      )
      const failed = yield* Effect.flip(
        Effect.all([other, Effect.andThen(Effect.sleep("5 seconds"), Lose("it"))], { concurrency: 2 })
      )
      return [failed.what, log]
    }, Effect.orDie),
    ["it", [1]]
  ),
  row(
    "Effect.all of a record, with mode result",
    Effect.fnUntraced(function* () {
      const all = yield* Effect.all(
        { good: slow("good", 5000), bad: Effect.andThen(slow("bad", 1000), Effect.fail("no")) },
        { concurrency: "unbounded", mode: "result" }
      )
      return [all.good._tag, all.bad._tag]
    }),
    ["Success", "Failure"]
  ),
  row(
    "Effect.forEach with discard and concurrency",
    Effect.fnUntraced(function* () {
      const order: Array<number> = []
      yield* Effect.forEach(
        [1, 2, 3],
        (n) =>
          Effect.map(slow(`n${n}`, 30_000 - n * 6000), () => {
            order.push(n)
          }),
        { concurrency: 2, discard: true }
      )
      return order
    }),
    [2, 1, 3]
  ),
  row(
    "Effect.validate collects all failures",
    () =>
      Effect.orDie(
        Effect.flip(Effect.validate([1, 2, 3], picky, { concurrency: "unbounded" })).pipe(
          Effect.tap(() => Effect.sleep("1 second"))
        )
      ),
    ["call 2", "call 3"]
  ),
  row("Effect.partition keeps both kinds", () => Effect.partition([1, 2, 3, 4], picky, { concurrency: 2 }), [
    [1, 4],
    ["call 2", "call 3"]
  ]),
  row(
    "Effect.filter, findFirst and reduce by activities",
    Effect.fnUntraced(function* () {
      const odd = yield* Effect.filter([1, 2, 3], (n) => Effect.map(Echo(n), (it) => it % 2 === 1), { concurrency: 3 })
      const big = yield* Effect.findFirst([1, 2, 3], (n) => Effect.map(Echo(n), (it) => it > 1))
      const sum = yield* Effect.reduce(
        [1, 2, 3],
        () => 0,
        (sum, n) => Effect.map(Echo(n), (it) => sum + it)
      )
      return [odd, Option.getOrNull(big), sum]
    }),
    [[1, 3], 2, 6]
  ),
  row(
    "Effect.forever, until it fails",
    Effect.fnUntraced(function* () {
      let turns = 0
      const loop = Effect.forever(
        Effect.flatMap(
          Effect.suspend(() => Echo(++turns)),
          (turn) => (turn < 3 ? Effect.sleep("1 second") : Effect.fail(turn))
        )
      )
      return yield* Effect.flip(loop)
    }, Effect.orDie),
    3
  ),
  row(
    "Effect.acquireRelease in nested scopes releases from the inside",
    Effect.fnUntraced(function* () {
      const log: Array<number> = []
      const inner = Effect.scoped(Effect.andThen(held(log, 2), Effect.andThen(held(log, 3), slow("inner", 3000))))
      yield* Effect.scoped(Effect.andThen(held(log, 1), Effect.andThen(inner, slow("outer", 3000))))
      return log
    }),
    [13, 12, 11]
  ),
  row(
    "Effect.acquireUseRelease knows how its use ended",
    Effect.fnUntraced(function* () {
      const log: Array<string> = []
      const use = (name: string, work: Effect.Effect<unknown, string, Effect.Services<ReturnType<typeof slow>>>) =>
        Effect.acquireUseRelease(
          slow(name, 1000),
          () => work,
          (it, exit) =>
            Effect.map(slow(it, 1000), () => {
              log.push(
                `${it} ${Exit.isSuccess(exit) ? "succeeded" : Cause.hasInterrupts(exit.cause) ? "interrupted" : "failed"}`
              )
            })
        )
      yield* use("a", slow("work", 1000))
      yield* Effect.ignore(use("b", Effect.andThen(slow("work", 1000), Effect.fail("no"))))
      yield* Effect.timeoutOption(use("c", Effect.never), "10 seconds")
      return log
    }, Effect.orDie),
    ["a succeeded", "b failed", "c interrupted"]
  ),
  row(
    "Effect.addFinalizer, Effect.ensuring and Effect.onError in their order",
    Effect.fnUntraced(function* () {
      const log: Array<string> = []
      const note = (text: string) => Effect.map(slow(text, 1000), (it) => void log.push(it))
      const work = Effect.gen(function* () {
        yield* Effect.addFinalizer(() => note("finalizer"))
        yield* Effect.sleep("1 second")
        return yield* Effect.fail("no")
      })
      yield* work.pipe(
        Effect.onError(() => note("error")),
        Effect.ensuring(note("ensured")),
        Effect.scoped,
        Effect.ignore
      )
      return log
    }),
    ["error", "ensured", "finalizer"]
  ),
  row(
    "Scope.fork and a scope that is extended",
    Effect.fnUntraced(function* () {
      const log: Array<number> = []
      const scope = yield* Scope.make()
      const child = yield* Scope.fork(scope)
      yield* Scope.provide(held(log, 1), scope)
      yield* Scope.provide(held(log, 2), child)
      yield* Effect.sleep("5 seconds")
      yield* Scope.close(child, Exit.void)
      yield* slow("between", 1000)
      yield* Scope.close(scope, Exit.void)
      return log
    }),
    [12, 11]
  )
]
