/**
 * A program that does what its input says, for inputs that are drawn at random. What competes in it is seconds apart, so its result does not
 * depend on who is quick.
 */
import { Cause, Effect, Exit, Fiber, Random, Ref, Schema } from "effect"
import { Activity, RetryPolicy, Signal, Workflow, WorkflowContext } from "perdure"
import type { DurableExecutor } from "perdure/Executor/DurableExecutor"

/** What a program does. */
export type Act =
  | readonly ["echo" | "sleep" | "fail" | "flaky", number]
  | readonly ["draw" | "take" | "die" | "length"]
  | readonly ["all", Act, Act, Act]
  | readonly ["sequence", Act, Act]
  | readonly ["race", quick: Act, slow: number]
  | readonly ["ensure" | "catch" | "fork" | "patch" | "child", Act]
  | readonly ["interrupt", number]

export class Wrong extends Schema.TaggedError<Wrong>()("Wrong", { value: Schema.Int }) {}

export const Say = Activity.make("Say", { input: Schema.Int, success: Schema.Int })
export const Refuse = Activity.make("Refuse", { input: Schema.Int, error: Wrong })
export const Flaky = Activity.make("Flaky", {
  input: Schema.Int,
  success: Schema.Int,
  error: Wrong,
  retry: RetryPolicy.exponential({ initialInterval: "10 millis", maxAttempts: 3 })
})
export const Told = Signal.make("told", { payload: Schema.Int })

/** Does what its input says, and tells all that came of it, in order where there is one. */
export const Drawn = Workflow.make("Drawn", { input: Schema.Json, success: Schema.Json, error: Wrong })
export const drawn = Drawn.toLayer((act) => run(act as unknown as Act))

/** An act, drawn by numbers from 0 to 1. */
export const drawAct = (draw: () => number, depth = 3): Act => {
  const number = Math.floor(draw() * 100)
  const inner = () => drawAct(draw, depth - 1)
  const leaves: ReadonlyArray<() => Act> = [
    () => ["echo", number],
    () => ["sleep", 20 + number],
    () => ["fail", number],
    () => ["flaky", number],
    () => ["draw"],
    () => ["take"],
    () => ["length"],
    () => (draw() < 0.2 ? ["die"] : ["echo", number])
  ]
  const branches: ReadonlyArray<() => Act> = [
    () => ["all", inner(), inner(), inner()],
    () => ["sequence", inner(), inner()],
    () => ["race", ["echo", number], 20_000],
    () => ["ensure", inner()],
    () => ["catch", inner()],
    () => ["fork", inner()],
    () => ["patch", inner()],
    () => ["child", inner()],
    () => ["interrupt", number]
  ]
  const all = depth > 0 && draw() < 0.8 ? branches : leaves
  return all[Math.floor(draw() * all.length)]!()
}

/** How often a program takes a signal. */
export const takesIn = (act: Act): number =>
  act[0] === "take"
    ? 1
    : act.slice(1).reduce<number>((sum, part) => sum + (Array.isArray(part) ? takesIn(part as Act) : 0), 0)

/** Whether a program takes signals where no caller knows the id. */
export const isHidden = (act: Act): boolean => (act[0] === "child" && takesIn(act) > 0) || partsOf(act).some(isHidden)

// internal

type Result = Schema.Json

const partsOf = (act: Act): ReadonlyArray<Act> =>
  (act.slice(1) as ReadonlyArray<unknown>).filter((part): part is Act => Array.isArray(part))

type Needs =
  | WorkflowContext.WorkflowContext
  | DurableExecutor
  | Activity.HandlerOf<typeof Say>
  | Activity.HandlerOf<typeof Refuse>
  | Activity.HandlerOf<typeof Flaky>

const run = (act: Act): Effect.Effect<Result, Wrong, Needs> => {
  switch (act[0]) {
    case "echo":
      return Say(act[1])
    case "sleep":
      return Effect.as(Effect.sleep(act[1]), "slept")
    case "fail":
      return Effect.as(Refuse(act[1]), "not here")
    case "flaky":
      return Flaky(act[1])
    case "draw":
      return Effect.map(Random.nextIntBetween(1, 6), (die) => die >= 1 && die <= 6)
    case "take":
      return Effect.as(Told.receive, "told")
    case "die":
      return Effect.die(new Error("as drawn"))
    case "length":
      return Effect.flatMap(WorkflowContext.WorkflowContext, ({ historyLength }) =>
        Effect.map(historyLength, (length) => length > 0)
      )
    case "all":
      return Effect.all([run(act[1]), run(act[2]), run(act[3])], { concurrency: "unbounded" })
    case "sequence":
      return Effect.all([run(act[1]), run(act[2])])
    case "race":
      return Effect.race(run(act[1]), Effect.as(Effect.sleep(act[2]), "slow"))
    case "ensure":
      return Effect.flatMap(Ref.make(0), (ended) =>
        run(act[1]).pipe(
          Effect.ensuring(Effect.flatMap(Effect.orDie(Say(1)), (one) => Ref.update(ended, (count) => count + one))),
          Effect.flatMap((value) => Effect.map(Ref.get(ended), (count) => [value, count]))
        )
      )
    case "catch":
      return Effect.map(Effect.exit(run(act[1])), (exit) =>
        Exit.isSuccess(exit) ? exit.value : Cause.hasFails(exit.cause) ? "failed" : "died"
      )
    case "fork":
      return Effect.flatMap(Effect.forkChild(run(act[1])), (fiber) =>
        Effect.andThen(Effect.sleep(30), Fiber.join(fiber))
      )
    case "patch":
      return Effect.flatMap(Workflow.patched("drawn"), (isPatched) =>
        Effect.map(run(act[1]), (value): Result => (isPatched ? [value] : value))
      )
    case "child":
      return Effect.map(
        Effect.exit(Drawn.execute(act[1] as unknown as Schema.Json)),
        (exit): Result =>
          Exit.isSuccess(exit) ? ["child", exit.value] : Cause.hasFails(exit.cause) ? "child failed" : "child died"
      )
    case "interrupt":
      return Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(Effect.andThen(Effect.sleep(20_000), Effect.orDie(Say(act[1]))))
        yield* Effect.sleep(20)
        yield* Fiber.interrupt(fiber)
        return "interrupted"
      })
  }
}
