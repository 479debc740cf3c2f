/**
 * A call for each of 1,000 addresses, to a service that takes 50 calls at once and 500 in a second. The program asks for all of them;
 * the limits are those of the layer. Kill it and start it again: `npm run example examples/rate-limited-fan-out.ts addresses.db`.
 */
import { Console, Effect, Layer, Logger, Schema } from "effect"
import { Activity, Workflow } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import * as SqliteStore from "perdure/Store/Sqlite"

const Check = Activity.make("Check", { input: Schema.Int, success: Schema.Boolean })

/** What the service sees of its callers. */
const service = { underWay: 0, most: 0 }

const CheckLive = Check.toLayer(
  (number) =>
    Effect.acquireUseRelease(
      Effect.sync(() => (service.most = Math.max(service.most, ++service.underWay))),
      () => Effect.as(Effect.sleep("10 millis"), number % 10 !== 0),
      () => Effect.sync(() => service.underWay--)
    ),
  { concurrency: 50, rateLimit: { limit: 500, every: "1 second" } }
)

const Survey = Workflow.make("Survey", { input: Schema.Int, success: Schema.Int, workflowId: () => "survey" })
const SurveyLive = Survey.toLayer((count) =>
  Effect.map(
    Effect.forEach(
      Array.from({ length: count }, (_, index) => index),
      (number) => Check(number),
      { concurrency: "unbounded" }
    ),
    (answers) => answers.filter((exists) => exists).length
  )
)

const [filename = ":memory:"] = process.argv.slice(2)

const Main = SurveyLive.pipe(
  Layer.provide(CheckLive),
  Layer.provideMerge(DefaultExecutor.layer),
  Layer.provide(SqliteStore.layer({ filename })),
  // The log goes to stderr, so that only the output of the example is on stdout.
  Layer.provide(Layer.succeed(Logger.LogToStderr, true))
)

const program = Effect.gen(function* () {
  yield* Console.log(`${yield* Survey.execute(1000)} of 1000 addresses exist`)
  yield* Console.log(
    service.most > 50 ? "the service had too much to do" : "the service had no more than 50 calls at once"
  )
})

await Effect.runPromise(Effect.provide(program, Main))

// Output:
// 900 of 1000 addresses exist
// the service had no more than 50 calls at once
