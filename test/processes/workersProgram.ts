/**
 * A worker process: `node workersProgram.ts FILENAME LOG SETTINGS`. It says when it has loaded, begins when it is told, says when
 * it has started its orders, and ends in order when it is told again, or when whoever started it is gone.
 */
import { once } from "node:events"
import { appendFileSync, writeSync } from "node:fs"
import { Effect, Layer, Logger, Schema } from "effect"
import { Activity, ActivityContext, RetryPolicy, Workflow } from "perdure"
import * as Executor from "perdure/Executor/Default"
import * as Sqlite from "perdure/Store/Sqlite"

/** What a worker of the tests is told. */
export interface Settings extends Executor.Options {
  /** Who writes the lines of the log. */
  readonly as: string
  /** The orders that it starts. */
  readonly orders?: ReadonlyArray<number>
  /** How long the first handler of an order runs, in milliseconds. */
  readonly length: number
  /** How far the wall clock is set at each signal `SIGUSR2`, in milliseconds. */
  readonly steps?: ReadonlyArray<number>
  /** How long an order pauses between its two calls, in milliseconds. */
  readonly pause?: number
}

/** Fails at first, and is tried again after a second. */
export const Flaky = Activity.make("Flaky", {
  success: Schema.String,
  error: Schema.String,
  retry: RetryPolicy.exponential({ initialInterval: "1 second", jitter: false })
})

/** Ends its process. */
export const Bomb = Activity.make("Bomb")

export const Step = Activity.make("Step", { input: Schema.String, success: Schema.String })

/** Calls, pauses, and calls again. */
export const Order = Workflow.make("Order", {
  input: Schema.Struct({ number: Schema.Int, pause: Schema.Finite }),
  success: Schema.Array(Schema.String),
  workflowId: ({ number }) => `order ${number}`
})

export const Try = Workflow.make("Try", { success: Schema.String, error: Schema.String, workflowId: () => "try" })
export const Poison = Workflow.make("Poison", { workflowId: () => "poison" })

/** Works for so many milliseconds of the processor in one turn. */
export const Compute = Workflow.make("Compute", { input: Schema.Finite, workflowId: () => "compute" })

const say = (...words: ReadonlyArray<string>) => Effect.sync(() => writeSync(1, `${words.join("\t")}\n`))
const told = Effect.promise(() => once(process.stdin, "data"))

const used = () => {
  const { system, user } = process.cpuUsage()
  return (system + user) / 1000
}

const workflows = (log: string, { as, length }: Settings) => {
  /** Writes a line for an attempt, and returns its number. */
  const note = Effect.map(ActivityContext.ActivityContext, ({ attempt, idempotencyKey }) => {
    appendFileSync(log, `${as}\t${idempotencyKey}\t${attempt}\n`)
    return attempt
  })
  return Layer.mergeAll(
    Try.toLayer(() => Flaky()),
    Poison.toLayer(() => Effect.asVoid(Bomb())),
    Order.toLayer(
      Effect.fnUntraced(function* ({ number, pause }) {
        const first = yield* Step(`first ${number}`)
        yield* Effect.sleep(pause)
        return [first, yield* Step(`second ${number}`)]
      })
    ),
    Compute.toLayer((milliseconds) =>
      Effect.suspend(() => {
        const end = used() + milliseconds
        writeSync(1, "computes\n")
        return Effect.repeat(Effect.void, { until: () => used() >= end })
      })
    )
  ).pipe(
    Layer.provide([
      Step.toLayer((text) =>
        note.pipe(Effect.andThen(Effect.sleep(text.startsWith("first") ? length : 5)), Effect.as(text))
      ),
      Flaky.toLayer(() =>
        Effect.flatMap(note, (attempt) => (attempt === 1 ? Effect.fail("again") : Effect.succeed(as)))
      ),
      Bomb.toLayer(() =>
        Effect.andThen(
          note,
          Effect.sync(() => process.kill(process.pid, "SIGKILL"))
        )
      )
    ])
  )
}

const logger = Logger.layer([Logger.make(({ message }) => void writeSync(1, `log\t${String(message)}\n`))])

const main = Effect.fnUntraced(function* (filename: string, log: string, settings: Settings) {
  const { orders = [], pause = 0 } = settings
  yield* say("loaded")
  yield* told
  yield* Effect.gen(function* () {
    yield* Effect.forEach(orders, (number) => Order.start({ number, pause }), { concurrency: "unbounded" })
    yield* say("started")
    yield* told
  }).pipe(
    Effect.provide(
      workflows(log, settings).pipe(
        Layer.provideMerge(Executor.layerWith(settings)),
        Layer.provide(Sqlite.layer({ filename })),
        Layer.provide(logger)
      )
    )
  )
  yield* say("ended")
})

const [, program, filename, log, settings] = process.argv
if (program === import.meta.filename) {
  const steps = [...((JSON.parse(settings!) as Settings).steps ?? [])]
  process.on("SIGUSR2", () => {
    const { now } = Date
    const step = steps.shift() ?? 0
    Date.now = () => now() + step
    writeSync(1, "stepped\n")
  })
  process.stdin.on("end", () => process.exit())
  await Effect.runPromise(main(filename!, log!, JSON.parse(settings!) as Settings))
  process.exit()
}
