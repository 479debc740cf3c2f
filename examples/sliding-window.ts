/**
 * A sliding window: a parent starts a child for each of many items, and has some of them under way at a time. One that takes too
 * long is cancelled, and leaves its place to the next. Kill it and start it again:
 * `npm run example examples/sliding-window.ts pictures.db`.
 */
import { Console, Effect, Layer, Logger, Option, Schema } from "effect"
import { Activity, Workflow } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import * as SqliteStore from "perdure/Store/Sqlite"

const Resize = Activity.make("Resize", { input: Schema.Int, success: Schema.String })

const Picture = Workflow.make("Picture", { input: Schema.Int, success: Schema.String })
const PictureLive = Picture.toLayer((number) => (number === 13 ? Effect.never : Resize(number)))

const Gallery = Workflow.make("Gallery", {
  input: Schema.Int,
  success: Schema.Struct({ resized: Schema.Int, given: Schema.Array(Schema.Int) }),
  workflowId: () => "gallery"
})
const GalleryLive = Gallery.toLayer((count) =>
  Effect.gen(function* () {
    const numbers = Array.from({ length: count }, (_, index) => index)
    const resized = yield* Effect.forEach(
      numbers,
      (number) => Picture.execute(number).pipe(Effect.timeoutOption("5 seconds")),
      { concurrency: 50 }
    )
    const given = numbers.filter((number) => Option.isNone(resized[number]!))
    return { resized: count - given.length, given }
  })
)

const [filename = ":memory:"] = process.argv.slice(2)

const Main = Layer.mergeAll(PictureLive, GalleryLive).pipe(
  Layer.provide(Resize.toLayer((number) => Effect.succeed(`${number}.jpg`))),
  Layer.provideMerge(DefaultExecutor.layer),
  Layer.provide(SqliteStore.layer({ filename })),
  // The log goes to stderr, so that only the output of the example is on stdout.
  Layer.provide(Layer.succeed(Logger.LogToStderr, true))
)

const program = Effect.gen(function* () {
  const { given, resized } = yield* Gallery.execute(1000)
  yield* Console.log(`${resized} pictures are resized; given up: ${given.join(", ")}`)
})

await Effect.runPromise(Effect.provide(program, Main))

// Output:
// 999 pictures are resized; given up: 13
