/**
 * An id names one execution. Starting it again returns the same execution, so a caller that does not know whether its start
 * succeeded starts again.
 */
import { Console, Effect, Layer, Schema } from "effect"
import { Workflow } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import * as MemoryStore from "perdure/Store/Memory"

const Invoice = Workflow.make("Invoice", {
  input: Schema.Struct({ number: Schema.String, cents: Schema.Int }),
  success: Schema.String,
  workflowId: ({ number }) => `invoice/${number}`
})
const InvoiceLive = Invoice.toLayer(({ cents, number }) => Effect.succeed(`${number}: ${cents} cents`))

const Main = InvoiceLive.pipe(Layer.provideMerge(DefaultExecutor.layer), Layer.provide(MemoryStore.layer))

const program = Effect.gen(function* () {
  const first = yield* Invoice.start({ number: "7", cents: 100 })
  yield* Console.log(`${first.id} created: ${first.created}`)

  const second = yield* Invoice.start({ number: "7", cents: 100 })
  yield* Console.log(`again, created: ${second.created}, the same run: ${second.runId === first.runId}`)

  // Another input under the same id is a mistake, and is told as one.
  yield* Invoice.start({ number: "7", cents: 999 }).pipe(
    Effect.catchReason("WorkflowError", "AlreadyExists", ({ differs, status }) =>
      Console.log(`it is ${status} already, with another ${differs}`)
    )
  )

  // A finished execution can be run again, under the same id.
  const third = yield* Invoice.start({ number: "7", cents: 999 }, { whenExists: "restart" })
  yield* Console.log(`restarted, the same run: ${third.runId === first.runId}, ${yield* third.result}`)
  yield* Console.log(`the first run had ${yield* first.result}`)
})

await Effect.runPromise(Effect.provide(program, Main))

// Output:
// invoice/7 created: true
// again, created: false, the same run: true
// it is completed already, with another input
// restarted, the same run: false, 7: 999 cents
// the first run had 7: 100 cents
