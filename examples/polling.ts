/**
 * An import of many pages that reports how far it is. When an attempt ends, by an error or with its process, the next one goes on from
 * the page that was reported last, and nothing of that is in the history. A service that is silent for too long ends an attempt too.
 * Kill it and start it again: `npm run example examples/polling.ts import.db`.
 */
import { Console, Effect, Layer, Logger, Option, Schema } from "effect"
import { Activity, ActivityContext, RetryPolicy, Workflow } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import * as SqliteStore from "perdure/Store/Sqlite"

class Unavailable extends Schema.TaggedError<Unavailable>()("Unavailable", {}) {}

const Import = Activity.make("Import", {
  input: Schema.Struct({ pages: Schema.Int }),
  success: Schema.Int,
  error: Schema.Union([Unavailable, Activity.ActivityTimedOut]),
  heartbeat: Schema.Struct({ page: Schema.Int, rows: Schema.Int }),
  heartbeatTimeout: "1 minute",
  retry: RetryPolicy.exponential({ maxAttempts: 10, initialInterval: "200 millis" })
})
const Load = Workflow.make("Load", {
  input: Schema.Int,
  success: Schema.Int,
  error: Schema.Union([Unavailable, Activity.ActivityTimedOut]),
  workflowId: (pages) => `import of ${pages} pages`
})

const LoadLive = Load.toLayer((pages) => Import({ pages }))

/** Every page has a hundred rows, and at the seventh page the service is away once. */
const fetchPage = (page: number, attempt: number) =>
  page === 7 && attempt === 1 ? Effect.fail(new Unavailable()) : Effect.delay(Effect.succeed(100), "100 millis")

const ImportLive = Import.toLayer(
  Effect.fnUntraced(function* ({ pages }) {
    const { attempt } = yield* ActivityContext.ActivityContext
    const found = yield* Import.details
    let { page, rows } = Option.getOrElse(found, () => ({ page: 0, rows: 0 }))
    while (page < pages) {
      rows += yield* fetchPage(page + 1, attempt)
      page++
      yield* Effect.log(`page ${page}`)
      yield* Import.heartbeat({ page, rows })
    }
    return rows
  })
)

const [filename = ":memory:"] = process.argv.slice(2)

const Main = LoadLive.pipe(
  Layer.provide(ImportLive),
  Layer.provideMerge(DefaultExecutor.layer),
  Layer.provide(SqliteStore.layer({ filename })),
  // The log goes to stderr, so that only the output of the example is on stdout.
  Layer.provide(Layer.succeed(Logger.LogToStderr, true))
)

const program = Effect.gen(function* () {
  const load = yield* Load.start(20)
  yield* Console.log(`imported ${yield* load.result} rows`)
})

await Effect.runPromise(Effect.provide(program, Main))

// Output:
// imported 2000 rows
