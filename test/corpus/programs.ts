/**
 * Programs that together use all of Effect that a workflow may use. Each has one right result, whatever crashes.
 *
 * Times are multiples of the `unit` of the input, in milliseconds, so that the same programs run in virtual and in real
 * time. Whatever competes is at least five units apart.
 */
import {
  Cause,
  Clock,
  Deferred,
  Effect,
  Fiber,
  Option,
  Queue,
  Random,
  Schedule,
  Schema,
  Semaphore,
  Stream
} from "effect"
import { Activity, Attributes, RetryPolicy, Signal, Workflow } from "perdure"
import {
  Acquire,
  Echo,
  EchoAll,
  Explode,
  Flaky,
  Hang,
  Leave,
  Lose,
  Noted,
  Picky,
  Refused,
  Release,
  Slow
} from "./activities.ts"

const Unit = Schema.Struct({ unit: Schema.Number })
const Names = Schema.Array(Schema.String)
const Numbers = Schema.Array(Schema.Number)

/** The time in so many milliseconds, for activities that take until then. */
const after = (milliseconds: number) => Effect.map(Clock.currentTimeMillis, (now) => now + milliseconds)

/** An activity that answers its name after so many milliseconds. */
const slow = (name: string, milliseconds: number) =>
  Effect.flatMap(after(milliseconds), (until) => Slow({ name, until }))

/** An activity that gives something back within so many milliseconds. */
const release = (name: string, milliseconds = 0) =>
  Effect.flatMap(after(milliseconds), (until) => Release({ name, until }))

/** A signal with a number. */
export const Amount = Signal.make("amount", { payload: Schema.Number })
/** A signal that says who approves. */
export const Approve = Signal.make("approve", { payload: Schema.Struct({ by: Schema.String }) })

/** One call after the other. */
export const Sequence = Workflow.make("Sequence", { input: Unit, success: Numbers })
export const sequence = Effect.fnUntraced(function* () {
  const first = yield* Echo(1)
  const second = yield* Echo(first + 1)
  const third = yield* Echo(second + 1)
  return [first, second, third]
})

/** Fifty calls at once. */
export const FanOut = Workflow.make("FanOut", { input: Unit, success: Numbers })
export const fanOut = () =>
  Effect.all(
    Array.from({ length: 50 }, (_, index) => Echo(index)),
    { concurrency: "unbounded" }
  )

/** Nine calls, three at a time. */
export const Bounded = Workflow.make("Bounded", { input: Unit, success: Names })
export const bounded = ({ unit }: typeof Unit.Type) =>
  Effect.forEach(
    Array.from({ length: 9 }, (_, index) => index),
    (index) => slow(`n${index}`, (index + 1) * 7 * unit),
    {
      concurrency: 3
    }
  )

/** The quicker of two activities; the other is cancelled. */
export const Race = Workflow.make("Race", { input: Unit, success: Schema.String })
export const race = ({ unit }: typeof Unit.Type) => Effect.race(slow("slow", 20 * unit), slow("quick", 10 * unit))

/** An activity that is in time. */
export const TimeoutWon = Workflow.make("TimeoutWon", { input: Unit, success: Schema.Option(Schema.String) })
export const timeoutWon = ({ unit }: typeof Unit.Type) =>
  slow("in time", 5 * unit).pipe(Effect.timeoutOption(30 * unit))

/** An activity that is late, and another one after it. */
export const TimeoutLost = Workflow.make("TimeoutLost", { input: Unit, success: Names })
export const timeoutLost = Effect.fnUntraced(function* ({ unit }: typeof Unit.Type) {
  const late = yield* slow("late", 30 * unit).pipe(Effect.timeoutOption(10 * unit))
  const next = yield* slow("next", 5 * unit)
  return [Option.getOrElse(late, () => "nothing"), next]
})

/** An activity that is tried again by its own policy. */
export const ActivityRetry = Workflow.make("ActivityRetry", { input: Unit, success: Numbers, error: Refused })
export const activityRetry = () =>
  Effect.all([Flaky({ name: "twice", failures: 2 }), Flaky({ name: "never", failures: 0 })])

/** An activity whose policy gives up. */
export const RetryExhausted = Workflow.make("RetryExhausted", { input: Unit, success: Schema.Int, error: Refused })
export const retryExhausted = () => Flaky({ name: "hopeless", failures: 9 })

/** A loop of calls that the program makes itself, with pauses that vary. */
export const ProgramRetry = Workflow.make("ProgramRetry", { input: Unit, success: Schema.Int, error: Refused })
export const programRetry = ({ unit }: typeof Unit.Type) =>
  Effect.suspend(() => {
    let call = 0
    return Effect.suspend(() => Picky({ call: ++call, good: 4 })).pipe(
      Effect.retry({ schedule: Schedule.jittered(Schedule.exponential(unit)), times: 5 })
    )
  })

/** An activity that takes too long, as an error that the program handles. */
export const ActivityTimeout = Workflow.make("ActivityTimeout", { input: Unit, success: Schema.String })
export const activityTimeout = () =>
  Hang().pipe(
    Effect.as("it answered"),
    Effect.catchTag("ActivityTimedOut", ({ after }) => Effect.succeed(`not within ${after}`))
  )

/** A fiber that is joined and one that is interrupted. */
export const Fibers = Workflow.make("Fibers", { input: Unit, success: Names })
export const fibers = Effect.fnUntraced(function* ({ unit }: typeof Unit.Type) {
  const joined = yield* Effect.forkChild(Effect.andThen(Effect.sleep(10 * unit), slow("joined", 10 * unit)))
  const dropped = yield* Effect.forkChild(
    slow("dropped", 90 * unit).pipe(Effect.onInterrupt(() => Effect.asVoid(Echo(7))))
  )
  const meanwhile = yield* slow("meanwhile", 5 * unit)
  yield* Fiber.interrupt(dropped)
  return [meanwhile, yield* Fiber.join(joined)]
})

/** A fiber that still runs when the program has its result: it is interrupted, and its finalizer runs. */
export const Abandoned = Workflow.make("Abandoned", { input: Unit, success: Schema.Number })
export const abandoned = Effect.fnUntraced(function* ({ unit }: typeof Unit.Type) {
  yield* Effect.forkChild(slow("abandoned", 90 * unit).pipe(Effect.onInterrupt(() => Effect.asVoid(Echo(7)))))
  yield* Effect.sleep(10 * unit)
  return yield* Echo(1)
})

/** Twelve numbers that arrive in bursts, before and while the program takes them. */
export const Burst = Workflow.make("Burst", { input: Unit, success: Numbers })
export const burst = Effect.fnUntraced(function* ({ unit }: typeof Unit.Type) {
  const numbers: Array<number> = []
  yield* Effect.sleep(10 * unit)
  while (numbers.length < 12) {
    const amount = yield* Amount.receive
    numbers.push(amount % 2 === 0 ? yield* Echo(amount) : amount)
  }
  return numbers
})

/** Signals as a stream. */
export const SignalStream = Workflow.make("SignalStream", { input: Unit, success: Numbers })
export const signalStream = () =>
  Amount.stream.pipe(
    Stream.mapEffect((amount) => Echo(amount * 10)),
    Stream.take(4),
    Stream.runCollect
  )

/** A signal that comes after the first patience is over and within the second. */
export const Approval = Workflow.make("Approval", { input: Unit, success: Names })
export const approval = Effect.fnUntraced(function* ({ unit }: typeof Unit.Type) {
  const waited: Array<string> = []
  while (true) {
    const answer = yield* Approve.receive.pipe(Effect.timeoutOption(20 * unit))
    if (Option.isSome(answer)) return [...waited, answer.value.by]
    waited.push("nobody")
  }
})

/** Two fibers that share the signals of one name. */
export const SharedSignal = Workflow.make("SharedSignal", { input: Unit, success: Schema.Number })
export const sharedSignal = () =>
  Effect.map(
    Effect.all(
      Array.from({ length: 6 }, () => Amount.receive),
      { concurrency: 2 }
    ),
    (amounts) => amounts.reduce((sum, amount) => sum + amount, 0)
  )

/** A cancel while an activity runs: what was acquired is released, and nothing comes after. */
export const CancelDuringActivity = Workflow.make("CancelDuringActivity", { input: Unit, success: Schema.String })
export const cancelDuringActivity = ({ unit }: typeof Unit.Type) =>
  Effect.acquireUseRelease(
    Acquire("ticket"),
    () => Effect.tap(slow("work", 90 * unit), () => Echo(99)),
    (name) => release(name)
  )

/** A second cancel while the finalizers of the first still call activities. */
export const CancelDuringCompensation = Workflow.make("CancelDuringCompensation", {
  input: Unit,
  success: Schema.String
})
export const cancelDuringCompensation = ({ unit }: typeof Unit.Type) =>
  Effect.scoped(
    Effect.gen(function* () {
      const car = yield* Effect.acquireRelease(Acquire("car"), (name) => release(name, 10 * unit))
      yield* Effect.acquireRelease(Acquire("room"), (name) => release(name, 10 * unit))
      yield* slow("drive", 90 * unit).pipe(Effect.onInterrupt(() => Effect.asVoid(release("drive", 10 * unit))))
      return car
    })
  )

/** Scopes within scopes: finalizers run once, the last one first. */
export const NestedScopes = Workflow.make("NestedScopes", { input: Unit, success: Names })
export const nestedScopes = Effect.fnUntraced(function* () {
  const order: Array<string> = []
  const held = (name: string) =>
    Effect.acquireRelease(Acquire(name), () => Effect.map(release(name), (released) => order.push(released)))
  yield* Effect.scoped(
    Effect.gen(function* () {
      yield* held("a")
      yield* Effect.scoped(Effect.andThen(held("b"), held("c")))
      yield* Effect.ensuring(
        held("d"),
        Effect.map(Echo(1), (number) => order.push(`ensured ${number}`))
      )
    })
  )
  return order
})

/** A finalizer that fails: its error is the end of the execution, and the other finalizer runs all the same. */
export const FailingFinalizer = Workflow.make("FailingFinalizer", { input: Unit, success: Schema.String })
export const failingFinalizer = () =>
  Effect.scoped(
    Effect.gen(function* () {
      yield* Effect.acquireRelease(Acquire("kept"), (name) => release(name))
      yield* Effect.acquireRelease(Acquire("lost"), (name) =>
        Lose(name).pipe(Effect.catch(({ what }) => Effect.die(new Error(`cannot release ${what}`))))
      )
      return "not seen"
    })
  )

/** A sleep of a month. */
export const Month = Workflow.make("Month", {
  input: Schema.Struct({ month: Schema.Number }),
  success: Schema.Boolean
})
export const month = Effect.fnUntraced(function* ({ month }: { readonly month: number }) {
  const wakeUp = yield* after(month)
  yield* Effect.sleep(month)
  return (yield* Clock.currentTimeMillis) >= wakeUp && (yield* Echo(1)) === 1
})

/** Timers that fire in another order than they were started. */
export const Timers = Workflow.make("Timers", { input: Unit, success: Numbers })
export const timers = Effect.fnUntraced(function* ({ unit }: typeof Unit.Type) {
  const woken: Array<number> = []
  yield* Effect.forEach(
    [50, 10, 40, 20, 30],
    (units) =>
      Effect.andThen(
        Effect.sleep(units * unit),
        Effect.sync(() => woken.push(units))
      ),
    { concurrency: "unbounded" }
  )
  return woken
})

/** A failure of the workflow's own schema, out of several calls at once. */
export const TypedFailure = Workflow.make("TypedFailure", { input: Unit, success: Names, error: Refused })
export const typedFailure = ({ unit }: typeof Unit.Type) =>
  Effect.all(
    [
      slow("first", 40 * unit),
      Effect.as(
        Effect.flatMap(slow("second", 10 * unit), () => Lose("the parcel")),
        "-"
      )
    ],
    { concurrency: "unbounded" }
  )

/** A bug in the program. */
export const ProgramDefect = Workflow.make("ProgramDefect", { input: Unit, success: Schema.Number })
export const programDefect = () => Effect.flatMap(Echo(1), (number) => Effect.die(new Error(`defect ${number}`)))

/** A bug in a handler, seen by the program. */
export const HandlerDefect = Workflow.make("HandlerDefect", { input: Unit, success: Schema.String })
export const handlerDefect = () =>
  Explode("bang").pipe(
    Effect.as("it worked"),
    Effect.catchCause((cause) => Effect.succeed(`caught ${(Cause.squash(cause) as Error).message}`))
  )

/** Many calls, one after the other. */
export const Loop = Workflow.make("Loop", { input: Schema.Struct({ calls: Schema.Int }), success: Schema.Number })
export const loop = Effect.fnUntraced(function* ({ calls }: { readonly calls: number }) {
  let sum = 0
  for (let index = 0; index < calls; index++) sum += yield* Echo(index)
  return sum
})

/** An execution that its own timeout ends, with a finalizer that calls an activity. */
export const ExecutionTimeout = Workflow.make("ExecutionTimeout", { input: Unit, success: Schema.String })
export const executionTimeout = ({ unit }: typeof Unit.Type) =>
  Effect.ensuring(slow("work", 90 * unit), release("work", 5 * unit))

/** An execution that is ended without being asked: its finalizers never run. */
export const Terminate = Workflow.make("Terminate", { input: Unit, success: Schema.String })
export const terminate = ({ unit }: typeof Unit.Type) => Effect.ensuring(slow("work", 90 * unit), release("work"))

/** A queue, a deferred and a semaphore between fibers. */
export const Producers = Workflow.make("Producers", { input: Unit, success: Names })
export const producers = Effect.fnUntraced(function* ({ unit }: typeof Unit.Type) {
  const queue = yield* Queue.bounded<string>(2)
  const allSent = yield* Deferred.make<number>()
  const permits = yield* Semaphore.make(2)
  yield* Effect.forkChild(
    Effect.gen(function* () {
      yield* Effect.forEach(
        [1, 2, 3, 4, 5],
        (index) =>
          Effect.flatMap(permits.withPermit(slow(`p${index}`, index * 6 * unit)), (name) => Queue.offer(queue, name)),
        {
          concurrency: "unbounded"
        }
      )
      yield* Deferred.succeed(allSent, 5)
    })
  )
  const taken: Array<string> = []
  while (taken.length < 5) taken.push(yield* Queue.take(queue))
  return [...taken, `all ${yield* Deferred.await(allSent)}`]
})

/** Random numbers and times, which an activity confirms and the program keeps over a sleep. */
export const Chance = Workflow.make("Chance", {
  input: Unit,
  success: Schema.Struct({ dice: Numbers, slept: Schema.Boolean })
})
export const chance = Effect.fnUntraced(function* ({ unit }: typeof Unit.Type) {
  const dice = yield* Effect.replicateEffect(Random.nextIntBetween(1, 6), 5)
  const start = yield* Clock.currentTimeMillis
  const confirmed = yield* EchoAll(dice)
  yield* Effect.sleep(10 * unit)
  const last = yield* Random.next
  yield* EchoAll([last])
  if (confirmed.some((die, index) => die !== dice[index])) return yield* Effect.die(new Error("the dice changed"))
  return { dice, slept: (yield* Clock.currentTimeMillis) - start >= 10 * unit }
})

/** Since 0.2: a failure of which all is undone in reverse, by activities and pauses; one of the compensations fails as well. */
export const Compensated = Workflow.make("Compensated", { input: Unit, success: Names, error: Refused })
export const compensated = Effect.fnUntraced(function* ({ unit }: typeof Unit.Type) {
  const undone = (name: string) =>
    Workflow.withCompensation(Acquire(name), (name, cause) =>
      release(`${name} for ${String(Option.map(Cause.findErrorOption(cause), String))}`, 10 * unit).pipe(
        Effect.andThen(Effect.sleep(5 * unit))
      )
    )
  yield* Effect.scoped(undone("a"))
  yield* Workflow.withCompensation(Acquire("lost"), (name) => Effect.orDie(Lose(name)))
  yield* Effect.forkChild(Effect.andThen(undone("b"), Effect.sleep(90 * unit)))
  yield* Effect.sleep(10 * unit)
  return [yield* Lose("the parcel")].map(String)
})

/** Since 0.2: a cancel while what is to be undone is under way, and a second one while it is undone. */
export const CancelCompensated = Workflow.make("CancelCompensated", { input: Unit, success: Schema.String })
export const cancelCompensated = ({ unit }: typeof Unit.Type) =>
  Workflow.withCompensation(slow("work", 40 * unit), (name) =>
    Effect.andThen(release(name, 10 * unit), Effect.sleep(10 * unit))
  )

const Marks = Attributes.make({ step: Schema.Finite, phase: Schema.String, late: Schema.Boolean })

/** Since 0.2: attributes that are set and removed, several at once too, between calls and while they are under way. */
export const Attributed = Workflow.make("Attributed", { input: Unit, success: Names })
export const attributed = Effect.fnUntraced(
  function* ({ unit }: typeof Unit.Type) {
    yield* Marks.set({ step: 0, phase: "begun" })
    yield* Effect.forkChild(Effect.andThen(Effect.sleep(15 * unit), Marks.set({ late: true })))
    const done: Array<string> = []
    for (let step = 1; step <= 3; step++) {
      done.push(yield* slow(`s${step}`, 10 * unit))
      yield* Marks.set({ step })
    }
    yield* Marks.remove("phase", "late")
    yield* Marks.set({ phase: "waiting" })
    yield* Effect.sleep(10 * unit)
    yield* Marks.set({ phase: "ended" })
    return done
  },
  Effect.catchTag("WorkflowError", Effect.die)
)

/** Since 0.2, of executors that run them: inline activities after each other and side by side, one tried again and one cancelled. */
export const Inline = Workflow.make("Inline", { input: Unit, success: Names, error: Refused })
export const inline = Effect.fnUntraced(function* ({ unit }: typeof Unit.Type) {
  const noted = Effect.flatten(Noted)
  const timed = (name: string, milliseconds: number) =>
    Effect.flatMap(after(milliseconds), (until) =>
      Activity.inline(
        `inline ${name}`,
        { success: Schema.String },
        Effect.gen(function* () {
          yield* noted
          const left = until - (yield* Clock.currentTimeMillis)
          if (left > 0) yield* Effect.sleep(left)
          return name
        })
      )
    )
  const first = yield* timed("first", 0)
  const again = yield* Activity.inline(
    "inline again",
    {
      success: Schema.String,
      error: Refused,
      retry: RetryPolicy.exponential({ initialInterval: "50 millis", maxAttempts: 20 })
    },
    Effect.flatMap(noted, (attempt) =>
      attempt > 2 ? Effect.succeed(`${first} again`) : Effect.fail(new Refused({ what: "again" }))
    )
  )
  const both = yield* Effect.all([timed("a", 10 * unit), timed("b", 15 * unit)], { concurrency: "unbounded" })
  const late = yield* Effect.timeoutOption(timed("late", 60 * unit), 10 * unit)
  return [again, ...both, Option.getOrElse(late, () => "too late")]
})

/** Since 0.2: calls that a caller outside ends. */
export const Left = Workflow.make("Left", { input: Unit, success: Names, error: Refused })
export const left = ({ unit }: typeof Unit.Type) =>
  Effect.gen(function* () {
    const [first, second] = yield* Effect.all([Leave("first"), Leave("second")], { concurrency: "unbounded" })
    yield* Effect.sleep(5 * unit)
    return [first, second, yield* Leave("late")]
  })
