/**
 * Payloads that are encrypted on a Temporal server, and a key that changes while an execution waits. With a server for development,
 * `temporal server start-dev`: `npm run example examples/temporal/encrypted/main.ts localhost:7233`.
 */
import { Console, Effect, Layer, Logger, Redacted } from "effect"
import { WorkflowId } from "perdure/Ids"
import * as TemporalExecutor from "perdure/Executor/Temporal"
import * as TemporalWorker from "perdure/Executor/TemporalWorker"
import * as PayloadCodec from "perdure/layers/PayloadCodec"
import * as TemporalStore from "perdure/Store/Temporal"
import { WorkflowStore } from "perdure/Store/WorkflowStore"
import { Prescribe, Seen, Visit, VisitLive } from "./workflow.ts"

const [address = "localhost:7233"] = process.argv.slice(2)
const queue = { address, taskQueue: "visits" }

/** A key of bytes that are all the same; those of real keys come from `openssl rand -base64 32`. */
const key = (id: string, byte: number) => ({
  id,
  secret: Redacted.make(Buffer.alloc(32, byte).toString("base64"))
})
const may = key("2026-05", 1)
const november = key("2026-11", 2)
const codecOf = (...keys: ReadonlyArray<PayloadCodec.PayloadKey>) => PayloadCodec.forTemporal({ keys })

const callerWith = (...keys: ReadonlyArray<PayloadCodec.PayloadKey>) =>
  TemporalExecutor.layer({ ...queue, codec: codecOf(...keys) })

const workerWith = (...keys: ReadonlyArray<PayloadCodec.PayloadKey>) =>
  VisitLive.pipe(
    Layer.provide(Prescribe.toLayer((patient) => Effect.succeed(`rest for ${patient}`))),
    Layer.provideMerge(
      TemporalWorker.layer({
        ...queue,
        codec: codecOf(...keys),
        workflows: new URL("./workflow.ts", import.meta.url)
      })
    ),
    // The log goes to stderr, so that only the output of the example is on stdout.
    Layer.provide(Layer.succeed(Logger.LogToStderr, true))
  )

/** What the server has of the visit, as a process without keys sees it. */
const refusal = Effect.gen(function* () {
  const store = yield* WorkflowStore
  return yield* Effect.flip(store.load(WorkflowId.make("visit-1")))
}).pipe(Effect.provide(TemporalStore.layer({ address })))

const program = Effect.gen(function* () {
  const visit = { number: 1, patient: "Ada" }
  yield* Visit.start(visit).pipe(Effect.provide(callerWith(may)))
  yield* Console.log(`without a key: ${(yield* refusal).reason._tag}`)

  // The key of November alone does not open what that of May has encrypted.
  const refused = yield* Visit.handle("visit-1").pipe(
    Effect.as("it was read"),
    Effect.catchReason("WorkflowError", "Undecryptable", ({ fault, keyId }) => Effect.succeed(`${fault} ${keyId}`)),
    Effect.provide(callerWith(november))
  )
  yield* Console.log(`with another one: ${refused}`)

  const seen = Effect.andThen(Seen.send("visit-1", { by: "Grace" }), Visit.execute(visit))
  yield* Console.log(yield* Effect.provide(seen, workerWith(november, may)))
})

await Effect.runPromise(program)

// Output:
// without a key: Undecryptable
// with another one: MissingKey 2026-05
// Grace: rest for Ada
