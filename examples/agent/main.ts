/**
 * An agent that survives: a model asks for tools, a person grants one of them, and the process may be killed at any time. Start it again, and
 * nothing is asked, granted or paid twice: `npm run example examples/agent/main.ts complaints.db`.
 */
import { Console, Effect, Layer, Logger, Schedule, Schema, Stream } from "effect"
import { Approvals } from "perdure/ai"
import * as DefaultExecutor from "perdure/Executor/Default"
import * as SqliteStore from "perdure/Store/Sqlite"
import { Complaint, Grant } from "./contracts.ts"
import { ClerkLive, DeskLive } from "./handlers.ts"
import { ComplaintLive } from "./workflow.ts"

const [filename = ":memory:"] = process.argv.slice(2)

const Main = Layer.merge(ComplaintLive, Approvals.layer).pipe(
  Layer.provide([ClerkLive, DeskLive]),
  Layer.provideMerge(DefaultExecutor.layer),
  Layer.provide(SqliteStore.layer({ filename })),
  // The log goes to stderr, so that only the output of the example is on stdout.
  Layer.provide(Layer.succeed(Logger.LogToStderr, true))
)

/** Grace of finance looks at what is open, and grants it. In an app this is a page with a button. */
const grace = Effect.gen(function* () {
  const approvals = yield* Approvals.Approvals
  const open = Approvals.stream(approvals, { name: Grant.name, who: ["grace", "finance"] })
  yield* Stream.runForEach(open, (request) =>
    Effect.gen(function* () {
      const { params, tool } = yield* Schema.decodeUnknownEffect(Grant.request)(request.request)
      yield* Console.log(`grace grants ${tool} ${JSON.stringify(params)}`)
      yield* approvals.answer(Grant, request, { decision: true, by: "grace", groups: ["finance"] })
    })
  )
}).pipe(Effect.repeat(Schedule.spaced("50 millis")))

const program = Complaint.execute({ id: "complaint-7", text: "My order 7 has not arrived." }).pipe(
  Effect.raceFirst(grace),
  Effect.flatMap(Console.log)
)

await Effect.runPromise(Effect.provide(program, Main))

// Output:
// the model reads 2 messages
// looks order 7 up
// the model reads 4 messages
// grace grants Refund {"order":"7","cents":4200}
// pays 4200 cents back for order 7
// the model reads 6 messages
// We have paid you back.
