/**
 * Any program of sleeps, calls that fail, signals and races ends as a model says, at whatever times signals come and the
 * executor restarts.
 */
import { Clock, Context, Duration, Effect, Layer, Schema } from "effect"
import { Activity, ActivityContext, RetryPolicy, Signal, Workflow } from "perdure"
import { assert } from "../assert.ts"
import type { SuitePart } from "./SuitePart.ts"
import { open, pass, type Running } from "./Lab.ts"

class Refused extends Schema.TaggedError<Refused>()("Refused", { attempt: Schema.Int }) {}

const upTo = (most: number) => Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: most }))

const minutes = upTo(90)

/** What a program does on its own. */
const Alone = Schema.TaggedUnion({
  Sleep: { minutes },
  /** An activity that fails so many times; it has three attempts. */
  Call: { failures: upTo(4) },
  /** The same, inline. */
  Step: { failures: upTo(4) },
  Race: { first: minutes, second: minutes }
})
const Action = Schema.Union([
  Alone,
  Schema.TaggedStruct("Take", {}),
  Schema.TaggedStruct("Both", { left: Alone, right: Alone })
])
type Action = typeof Action.Type

/** What happens to it from outside, each so many minutes after the one before. */
const Plan = Schema.Struct({
  program: Schema.Array(Action).check(Schema.isMaxLength(8)),
  /** One for each `Take`, and more. */
  signals: Schema.Array(minutes).check(Schema.isMaxLength(6)),
  restarts: Schema.Array(minutes).check(Schema.isMaxLength(6)),
  /** How many executions may be in memory, besides one. */
  maxLoaded: upTo(2),
  maxActivities: upTo(2)
})
type Plan = typeof Plan.Type

const Token = Signal.make("token", { payload: Schema.Int })
/** Attempts that were made. */
class Runs extends Context.Service<Runs, { count: number }>()("perdure/test/Runs") {}

const retry = RetryPolicy.exponential({ maxAttempts: 3, initialInterval: "1 minute" })
/** An attempt that fails so many times. */
const attempted = Effect.fnUntraced(function* (failures: number) {
  const runs = yield* Runs
  runs.count++
  const { attempt } = yield* ActivityContext.ActivityContext
  return attempt > failures ? attempt : yield* new Refused({ attempt })
})

const Flaky = Activity.make("Flaky", {
  input: Schema.Int,
  success: Schema.Int,
  error: Refused,
  retry
})
const Any = Workflow.make("Any", { input: Schema.Array(Action), success: Schema.Array(Schema.String) })

/** Answers a line for each action. */
const AnyLive = Any.toLayer((program) => Effect.forEach(program, perform))

type Needs = Effect.Services<ReturnType<typeof Flaky>> | Activity.InlineNeeds<Runs>

const perform = (action: Action): Effect.Effect<string, never, Needs> => {
  switch (action._tag) {
    case "Sleep":
      return Effect.gen(function* () {
        const before = yield* Clock.currentTimeMillis
        yield* Effect.sleep(Duration.minutes(action.minutes))
        const slept = (yield* Clock.currentTimeMillis) - before
        return slept < action.minutes * 60_000 ? `woke after ${slept} ms` : `slept ${action.minutes}`
      })
    case "Call":
    case "Step":
      return called(action).pipe(
        Effect.map((attempt) => `answered ${attempt}`),
        Effect.catch(({ attempt }) => Effect.succeed(`refused ${attempt}`))
      )
    case "Race":
      return Effect.raceFirst(
        Effect.as(Effect.sleep(Duration.minutes(action.first)), "first"),
        Effect.as(Effect.sleep(Duration.minutes(action.second)), "second")
      )
    case "Take":
      return Effect.map(Token.receive, (token) => `took ${token}`)
    case "Both":
      return Effect.map(
        Effect.all([perform(action.left), perform(action.right)], { concurrency: "unbounded" }),
        (lines) => lines.join(" and ")
      )
  }
}

const called = ({
  _tag,
  failures
}: Extract<Action, { readonly _tag: "Call" | "Step" }>): Effect.Effect<number, Refused, Needs> =>
  _tag === "Call"
    ? Flaky(failures)
    : Activity.inline("step", { success: Schema.Int, error: Refused, retry }, attempted(failures))

/** The line that an action must answer, when so many signals were taken before it. */
const expected = (action: Action, taken: number): string => {
  switch (action._tag) {
    case "Sleep":
      return `slept ${action.minutes}`
    case "Call":
    case "Step":
      return action.failures < 3 ? `answered ${action.failures + 1}` : "refused 3"
    case "Race":
      return action.second < action.first ? "second" : "first"
    case "Take":
      return `took ${taken}`
    case "Both":
      return `${expected(action.left, taken)} and ${expected(action.right, taken)}`
  }
}

const runsOf = (action: Action): number =>
  action._tag === "Call" || action._tag === "Step"
    ? Math.min(action.failures + 1, 3)
    : action._tag === "Both"
      ? runsOf(action.left) + runsOf(action.right)
      : 0

const takes = ({ program }: Plan) => program.filter(({ _tag }) => _tag === "Take").length

/** What happens when, in minutes, in order of time; there are enough signals for all who take one. */
const timeline = (plan: Plan) => {
  const signals = [...plan.signals, ...Array.from({ length: takes(plan) }, () => 1)]
  const times = (gaps: ReadonlyArray<number>) => gaps.map((_, index) => sum(gaps.slice(0, index + 1)))
  return [
    ...times(signals).map((at) => ({ at, what: "signal" })),
    ...times(plan.restarts).map((at) => ({ at, what: "restart" }))
  ].sort((a, b) => a.at - b.at)
}

const sum = (numbers: ReadonlyArray<number>) => numbers.reduce((total, number) => total + number, 0)

/** So many executions run the same program, so that some must leave memory. */
const ids = ["a", "b", "c"]

const title = "any program ends as the model says, whenever signals come and the executor restarts"

export const modelled: SuitePart = (it) => {
  it.prop(`1 to 12. ${title}`, Plan, 60, (plan) =>
    Effect.gen(function* () {
      const runs = { count: 0 }
      const workflows = AnyLive.pipe(Layer.provide(Flaky.toLayer(attempted)), Layer.provide(Layer.succeed(Runs, runs)))
      const options = { maxLoaded: plan.maxLoaded + 1, maxActivities: plan.maxActivities + 1 }
      const elsewhere = yield* open(Layer.empty)
      let app: Running = yield* open(workflows, options)
      yield* Effect.forEach(ids, (workflowId) => app.run(Any.start(plan.program, { workflowId })))
      let now = 0
      let sent = 0
      for (const { at, what } of timeline(plan)) {
        yield* pass(Duration.minutes(at - now))
        now = at
        if (what === "signal") {
          const through = sent % 2 === 0 ? app : elsewhere
          // A signal that nobody needs may come after the end.
          const sending = Effect.forEach(ids, (id) => through.run(Token.send(id, sent)))
          yield* sent < takes(plan) ? sending : Effect.exit(sending)
          sent++
        } else {
          yield* app.stop
          app = yield* open(workflows, options)
        }
      }
      yield* pass("30 days")
      let taken = 0
      const lines = plan.program.map((action) => expected(action, action._tag === "Take" ? taken++ : taken))
      for (const id of ids) {
        const handle = yield* elsewhere.run(Any.handle(id))
        assert.deepStrictEqual((yield* handle.describe).waitingFor, [])
        assert.deepStrictEqual(yield* handle.result, lines)
      }
      assert.strictEqual(runs.count, sum(plan.program.map(runsOf)) * ids.length)
    })
  )
}
