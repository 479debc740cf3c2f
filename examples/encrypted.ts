/**
 * Payloads that are encrypted in the store, and a key that changes while an execution waits. The programs know of neither.
 */
import { Console, Effect, Layer, Logger, Option, Redacted, Schema } from "effect"
import { Activity, Signal, Workflow } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import { WorkflowId } from "perdure/Ids"
import * as PayloadCodec from "perdure/layers/PayloadCodec"
import * as MemoryStore from "perdure/Store/Memory"
import { WorkflowStore } from "perdure/Store/WorkflowStore"

const Prescribe = Activity.make("Prescribe", { input: Schema.String, success: Schema.String })
const Seen = Signal.make("seen", { payload: Schema.Struct({ by: Schema.String }) })
const Visit = Workflow.make("Visit", {
  input: Schema.Struct({ number: Schema.Int, patient: Schema.String }),
  success: Schema.String,
  workflowId: ({ number }) => `visit-${number}`
})

const VisitLive = Visit.toLayer(
  Effect.fn("Visit")(function* ({ patient }) {
    const { by } = yield* Seen.receive
    return `${by}: ${yield* Prescribe(patient)}`
  })
).pipe(Layer.provide(Prescribe.toLayer((patient) => Effect.succeed(`rest for ${patient}`))))

/** A key of bytes that are all the same; those of real keys come from `openssl rand -base64 32`. */
const key = (id: string, byte: number) => ({
  id,
  secret: Redacted.make(Buffer.alloc(32, byte).toString("base64"))
})
const may = key("2026-05", 1)
const november = key("2026-11", 2)

/** A process with its keys, on a store that all of them share. */
const processWith = (keys: ReadonlyArray<PayloadCodec.PayloadKey>) =>
  VisitLive.pipe(
    Layer.provideMerge(DefaultExecutor.layer()),
    Layer.provide(PayloadCodec.layer()),
    Layer.provide(PayloadCodec.layerKeys(keys)),
    // The log goes to stderr, so that only the output of the example is on stdout.
    Layer.provide(Layer.succeed(Logger.LogToStderr, true)),
    Layer.fresh
  )

/** What the store itself has of the visit. */
const stored = Effect.gen(function* () {
  const store = yield* WorkflowStore
  return JSON.stringify(Option.getOrThrow(yield* store.load(WorkflowId.make("visit-1"))))
})

const program = Effect.gen(function* () {
  yield* Effect.provide(Visit.start({ number: 1, patient: "Ada" }), processWith([may]))
  const text = yield* stored
  yield* Console.log(`the store knows the visit: ${text.includes("visit-1")}; the patient: ${text.includes("Ada")}`)

  // The key of November alone does not open what that of May has encrypted.
  const refused = yield* Visit.handle("visit-1").pipe(
    Effect.as("it was read"),
    Effect.catchReason("WorkflowError", "Undecryptable", ({ fault, keyId }) => Effect.succeed(`${fault} ${keyId}`)),
    Effect.provide(processWith([november]))
  )
  yield* Console.log(refused)

  const seen = Effect.andThen(Seen.send("visit-1", { by: "Grace" }), Visit.execute({ number: 1, patient: "Ada" }))
  yield* Console.log(yield* Effect.provide(seen, processWith([november, may])))
})

await Effect.runPromise(Effect.provide(program, MemoryStore.layer))

// Output:
// the store knows the visit: true; the patient: false
// MissingKey 2026-05
// Grace: rest for Ada
