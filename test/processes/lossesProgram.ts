/**
 * A worker process that loses what it runs: `node lossesProgram.ts FILENAME LOG NAME`. It begins when it is told. As `bomb` it starts
 * an order whose handler kills the process, and one whose handler does not; as any other name it starts a payment, if there is
 * none.
 */
import { once } from "node:events"
import { appendFileSync, writeSync } from "node:fs"
import { Effect, Layer, Logger, Schema } from "effect"
import { Activity, ActivityContext, RetryPolicy, Workflow } from "perdure"
import * as Executor from "perdure/Executor/Default"
import * as Sqlite from "perdure/Store/Sqlite"

const Kill = Activity.make("Kill", { retry: RetryPolicy.none })
const Work = Activity.make("Work")

/** Its handler kills the process, as the kernel does when memory runs out. */
export const Bomb = Workflow.make("Bomb", { workflowId: () => "bomb" })

/** Its handler takes a moment. */
export const Good = Workflow.make("Good", { workflowId: () => "good" })

const Charge = Activity.make("Charge", {
  success: Schema.String,
  error: Schema.String,
  retry: RetryPolicy.exponential({ initialInterval: "1500 millis" })
})

/** Its first attempt fails, and the second one says who has made it. */
export const Payment = Workflow.make("Payment", {
  success: Schema.String,
  error: Schema.String,
  workflowId: () => "payment"
})

const workflows = (log: string, name: string) => {
  const note = (text: string) => Effect.sync(() => appendFileSync(log, `${text}\n`))
  const attempt = Effect.map(ActivityContext.ActivityContext, ({ attempt }) => attempt)
  const handlers = Layer.mergeAll(
    Kill.toLayer(() =>
      Effect.gen(function* () {
        yield* note(`attempt ${yield* attempt}`)
        yield* Effect.sync(() => process.kill(process.pid, "SIGKILL"))
        return yield* Effect.never
      })
    ),
    Work.toLayer(() => Effect.andThen(Effect.sleep("200 millis"), note("good is done"))),
    Charge.toLayer(() =>
      Effect.gen(function* () {
        const number = yield* attempt
        yield* note(`${name} attempt ${number}`)
        return number === 1 ? yield* Effect.fail("try again") : name
      })
    )
  )
  return Layer.mergeAll(
    Bomb.toLayer(() => Kill()),
    Good.toLayer(() => Work()),
    Payment.toLayer(() => Charge())
  ).pipe(Layer.provide(handlers))
}

const main = (filename: string, log: string, name: string) =>
  Effect.gen(function* () {
    if (name === "bomb") {
      yield* Good.start()
      yield* Bomb.start()
    } else {
      yield* Payment.start()
    }
    writeSync(1, "started\n")
    return yield* Effect.never
  }).pipe(
    Effect.provide(
      workflows(log, name).pipe(
        Layer.provideMerge(Executor.layerWith({ worker: name, heartbeatInterval: "200 millis", lease: "600 millis" })),
        Layer.provide(Sqlite.layer({ filename })),
        Layer.provide(Logger.layer([]))
      )
    )
  )

const [, program, filename, log, name] = process.argv
if (program === import.meta.filename) {
  process.stdin.on("end", () => process.exit())
  writeSync(1, "loaded\n")
  await once(process.stdin, "data")
  await Effect.runPromise(main(filename!, log!, name!))
}
