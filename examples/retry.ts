/**
 * A retry policy is a `Schedule`, and its input is the error: here the other side says how long to wait. The policy is
 * stepped outside the program and its state survives restarts, so however long it waits, nothing has to stay in memory.
 */
import { Clock, Console, Duration, Effect, Fiber, Layer, Logger, Schedule, Schema } from "effect"
import { TestClock } from "effect/testing"
import { Activity, ActivityContext, Workflow } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import * as MemoryStore from "perdure/Store/Memory"

class Busy extends Schema.TaggedError<Busy>()("Busy", { retryAfter: Schema.DurationFromString }) {}

/** Waits as long as the error says, or a minute when an attempt took too long; six times at most. */
const asTold = Schedule.forever.pipe(
  Schedule.setInputType<Busy | Activity.ActivityTimedOut>(),
  Schedule.modifyDelay(({ input }) => Effect.succeed(input._tag === "Busy" ? input.retryAfter : Duration.minutes(1))),
  Schedule.upTo({ times: 6 })
)

const Call = Activity.make("Call", { success: Schema.String, error: Busy, retry: asTold, timeout: "10 seconds" })
const Report = Workflow.make("Report", { success: Schema.String, error: Busy })

const CallLive = Call.toLayer(
  Effect.fn("Call")(function* () {
    const { attempt } = yield* ActivityContext.ActivityContext
    const hours = (yield* Clock.currentTimeMillis) / 3_600_000
    yield* Console.log(`attempt ${attempt} after ${hours} hours`)
    return attempt < 4 ? yield* new Busy({ retryAfter: Duration.hours(attempt) }) : "at last"
  })
)

const Main = Report.toLayer(() => Call()).pipe(
  Layer.provide(CallLive),
  Layer.provideMerge(DefaultExecutor.layer),
  Layer.provide(MemoryStore.layer),
  // The log goes to stderr, so that only the output of the example is on stdout.
  Layer.provide(Layer.succeed(Logger.LogToStderr, true)),
  Layer.provideMerge(TestClock.layer())
)

const program = Effect.gen(function* () {
  const result = yield* Effect.forkChild(Report.execute())
  yield* TestClock.adjust("1 day")
  yield* Console.log(yield* Fiber.join(result))
})

await Effect.runPromise(Effect.provide(program, Main))

// Output:
// attempt 1 after 0 hours
// attempt 2 after 1 hours
// attempt 3 after 3 hours
// attempt 4 after 6 hours
// at last
