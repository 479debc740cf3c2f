/**
 * A lock as a workflow: jobs ask it by signals, and it grants itself to one after the other. A job that loses its worker while it
 * has the lock keeps it, and gives it back when it has ended. Kill it: `npm run example examples/mutex.ts lock.db`, and start it again.
 */
import { Clock, Console, Effect, Layer, Logger, Schema } from "effect"
import { Activity, Signal, Workflow, WorkflowContext } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import * as SqliteStore from "perdure/Store/Sqlite"

const Ask = Signal.make("ask", { payload: Schema.String })
const Granted = Signal.make("granted")
const Done = Signal.make("done")

const Mutex = Workflow.make("Mutex", { input: Schema.String, workflowId: (name) => name })

/** Grants the lock to whichever job has asked first, until it gives it back. */
const grant = Effect.gen(function* () {
  const job = yield* Ask.receive
  yield* Granted.send(job)
  // One that ended without giving it back is not waited for.
  yield* Done.receive.pipe(Effect.timeoutOption("1 minute"))
  // One that has ended before it was its turn is passed over.
}).pipe(Effect.catchReason("WorkflowError", "Finished", () => Effect.void))

const MutexLive = Mutex.toLayer(
  Effect.fn("Mutex")(function* (name) {
    const { suggestContinue } = yield* WorkflowContext.WorkflowContext
    while (!(yield* suggestContinue)) yield* grant
    return Mutex.continueAsNew(name)
  })
)

/** Does something while no other job has the lock, and gives it back whatever happens. */
const locked = Effect.fn("locked")(function* <A, E, R>(mutex: string, use: Effect.Effect<A, E, R>) {
  const { workflowId } = yield* WorkflowContext.WorkflowContext
  return yield* Effect.acquireUseRelease(
    Effect.andThen(Ask.send(mutex, workflowId), Granted.receive),
    () => use,
    () => Done.send(mutex)
  )
})

const Print = Activity.make("Print", { input: Schema.String })

const Job = Workflow.make("Job", {
  input: Schema.String,
  success: Schema.Struct({ begin: Schema.Number, end: Schema.Number }),
  workflowId: (name) => `job of ${name}`
})

const JobLive = Job.toLayer((name) =>
  locked(
    "printer",
    Effect.gen(function* () {
      const begin = yield* Clock.currentTimeMillis
      yield* Print(`${name}, page 1`)
      yield* Effect.sleep("100 millis")
      yield* Print(`${name}, page 2`)
      return { begin, end: yield* Clock.currentTimeMillis }
    })
  )
)

const [filename = ":memory:"] = process.argv.slice(2)

const Main = Layer.mergeAll(MutexLive, JobLive).pipe(
  Layer.provide(Print.toLayer((page) => Effect.logInfo(page))),
  Layer.provideMerge(DefaultExecutor.layer),
  Layer.provide(SqliteStore.layer({ filename })),
  // The log goes to stderr, so that only the output of the example is on stdout.
  Layer.provide(Layer.succeed(Logger.LogToStderr, true))
)

const names = ["Ada", "Grace", "Edith", "Joan", "Mary"]

const program = Effect.gen(function* () {
  const mutex = yield* Mutex.start("printer")
  const jobs = yield* Effect.forEach(names, (name) => Job.execute(name), { concurrency: "unbounded" })
  // It would go on for ever.
  yield* Effect.catchReason(mutex.cancel(), "WorkflowError", "Finished", () => Effect.void)

  const inOrder = jobs.toSorted((a, b) => a.begin - b.begin)
  const isAlone = inOrder.every(({ begin }, index) => index === 0 || inOrder[index - 1]!.end <= begin)
  yield* Console.log(
    `${names.join(", ")} have printed${isAlone ? ", one after the other" : ", and disturbed each other"}`
  )
})

await Effect.runPromise(Effect.provide(program, Main))

// Output:
// Ada, Grace, Edith, Joan, Mary have printed, one after the other
