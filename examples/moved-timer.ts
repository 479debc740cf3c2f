/**
 * A timer that a signal moves: the program waits for its time or for another time, whichever comes first. Kill it and start it
 * again: `npm run example examples/moved-timer.ts alarm.db`.
 */
import { Clock, Console, Duration, Effect, Layer, Logger, Option, Schema } from "effect"
import { Activity, Signal, Workflow } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import * as SqliteStore from "perdure/Store/Sqlite"

/** The new time, counted from the start: to say the same twice changes nothing. */
const Move = Signal.make("move", { payload: Schema.DurationFromString })
const Ring = Activity.make("Ring")

const Alarm = Workflow.make("Alarm", {
  input: Schema.DurationFromString,
  success: Schema.DurationFromString,
  workflowId: () => "alarm"
})

const AlarmLive = Alarm.toLayer(
  Effect.fn("Alarm")(function* (first) {
    const start = yield* Clock.currentTimeMillis
    let after = first
    while (true) {
      const left = start + Duration.toMillis(after) - (yield* Clock.currentTimeMillis)
      const moved = yield* Move.receive.pipe(Effect.timeoutOption(Math.max(left, 0)))
      if (Option.isNone(moved)) break
      after = moved.value
    }
    yield* Ring()
    return after
  })
)

const [filename = ":memory:"] = process.argv.slice(2)

const Main = AlarmLive.pipe(
  Layer.provide(Ring.toLayer(() => Console.log("it rings"))),
  Layer.provideMerge(DefaultExecutor.layer),
  Layer.provide(SqliteStore.layer({ filename })),
  // The log goes to stderr, so that only the output of the example is on stdout.
  Layer.provide(Layer.succeed(Logger.LogToStderr, true))
)

const program = Effect.gen(function* () {
  const alarm = yield* Alarm.start(Duration.days(365))
  for (const after of [Duration.hours(1), Duration.seconds(2)]) {
    // After a restart it may have rung already.
    yield* Effect.catchReason(Move.send(alarm, after), "WorkflowError", "Finished", () => Effect.void)
    yield* Effect.sleep("500 millis")
  }
  yield* Console.log(`it was set to a year, and rang after ${Duration.format(yield* alarm.result)}`)
})

await Effect.runPromise(Effect.provide(program, Main))

// Output:
// it rings
// it was set to a year, and rang after 2s
