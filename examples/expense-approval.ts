/**
 * An approval with a reminder and a timeout: whoever approves is asked, is reminded after a while, and the expense is turned down when
 * there is no answer after that either. Here a while is a second; a week is as durable. Kill it and start it again:
 * `npm run example examples/expense-approval.ts expenses.db`.
 */
import { Console, Effect, Layer, Logger, Option, Schema } from "effect"
import { Activity, ActivityContext, Signal, Workflow } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import * as SqliteStore from "perdure/Store/Sqlite"

const Approval = Signal.make("approval", { payload: Schema.Struct({ by: Schema.String, granted: Schema.Boolean }) })
const Mail = Activity.make("Mail", { input: Schema.String })

class TurnedDown extends Schema.TaggedError<TurnedDown>()("TurnedDown", { by: Schema.String }) {}

const Expense = Workflow.make("Expense", {
  input: Schema.String,
  success: Schema.String,
  error: TurnedDown,
  workflowId: (what) => what
})

const ExpenseLive = Expense.toLayer(
  Effect.fn("Expense")(function* (what) {
    const answer = Approval.receive.pipe(Effect.timeoutOption("1 second"))
    yield* Mail(`may we buy ${what}?`)
    const first = yield* answer
    if (Option.isNone(first)) yield* Mail(`a reminder: may we buy ${what}?`)
    const last = Option.isSome(first) ? first : yield* answer
    if (Option.isNone(last)) return yield* new TurnedDown({ by: "nobody" })
    const { by, granted } = last.value
    return granted ? by : yield* new TurnedDown({ by })
  })
)

/** Ada reads her mail: the bicycle she approves at once, a piano when she is reminded, and of a yacht she says nothing. */
const MailLive = Mail.toLayer(
  Effect.fn("Mail")(function* (text) {
    yield* Console.log(text)
    const { workflowId } = yield* ActivityContext.ActivityContext
    const isAnswered = workflowId === "a bicycle" || (workflowId === "a piano" && text.startsWith("a reminder"))
    if (isAnswered) yield* Approval.send(workflowId, { by: "Ada", granted: true })
  }, Effect.orDie)
)

const [filename = ":memory:"] = process.argv.slice(2)

const Main = ExpenseLive.pipe(
  Layer.provide(MailLive),
  Layer.provideMerge(DefaultExecutor.layer),
  Layer.provide(SqliteStore.layer({ filename })),
  // The log goes to stderr, so that only the output of the example is on stdout.
  Layer.provide(Layer.succeed(Logger.LogToStderr, true))
)

const program = Effect.forEach(["a bicycle", "a piano", "a yacht"], (what) =>
  Expense.execute(what).pipe(
    Effect.flatMap((by) => Console.log(`${what} is approved by ${by}`)),
    Effect.catchTag("TurnedDown", ({ by }) => Console.log(`${what} is turned down by ${by}`))
  )
)

await Effect.runPromise(Effect.provide(program, Main))

// Output:
// may we buy a bicycle?
// a bicycle is approved by Ada
// may we buy a piano?
// a reminder: may we buy a piano?
// a piano is approved by Ada
// may we buy a yacht?
// a reminder: may we buy a yacht?
// a yacht is turned down by nobody
