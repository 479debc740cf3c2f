/**
 * The programs that wrote the golden files of this folder, with the handlers of their activities, and what those files hold.
 *
 * A history can only be replayed by the program that wrote it, and an execution in a file can only be finished by it. So
 * nothing here changes, except by additions: a program that does something else, a handler that answers something else or a
 * new name is another program. The histories of the corpus were written by `test/corpus`, for which the same holds.
 *
 * Handlers keep nothing: what they answer follows from the input, the number of the attempt and the time.
 */
import { Clock, Effect, Exit, Layer, Schema } from "effect"
import {
  Activity,
  ActivityContext,
  RetryPolicy,
  Signal,
  Workflow,
  type WorkflowContext,
  type WorkflowError,
  type WorkflowRegistry,
  type WorkflowState
} from "perdure"
import { WorkflowId } from "perdure/Ids"
import { protocol } from "../../src/internal/replay/Protocol.ts"
import * as Corpus from "../corpus/scenarios.ts"
import { actingProgram } from "./talking.ts"

/** When all of it began, in milliseconds since 1970: midnight of 24 November 2026. */
export const begin = 1_795_478_400_000

/** When the sleep of the file ends: the first moment of the year 2100. */
export const farDate = 4_102_444_800_000

/** The scenarios of the corpus whose histories were written, at their pace. */
export const scenarios: ReadonlyArray<Corpus.Scenario> = Corpus.all({ ...Corpus.virtual, calls: 16 })

/** The only typed error. */
class Declined extends Schema.TaggedError<Declined>()("Declined", { why: Schema.String }) {}

/** Answers a receipt; it declines more than 100,000 cents and throws for less than none. */
const Charge = Activity.make("Charge", {
  input: Schema.Struct({ cents: Schema.Int }),
  success: Schema.Struct({ receipt: Schema.String }),
  error: Declined,
  retry: RetryPolicy.none
})

/** Takes a charge back, in its second attempt. */
const Refund = Activity.make("Refund", {
  input: Schema.Struct({ receipt: Schema.String }),
  error: Declined,
  retry: RetryPolicy.exponential({ initialInterval: "50 millis" })
})

/** Answers at the time `until`, in milliseconds since 1970. */
const Deliver = Activity.make("Deliver", {
  input: Schema.Struct({ receipt: Schema.String, until: Schema.Number }),
  success: Schema.String
})

/** Fails in its first `failures` attempts, with an hour between the first two, and then answers the number of the attempt. */
const Ask = Activity.make("Ask", {
  input: Schema.Struct({ failures: Schema.Int }),
  success: Schema.Int,
  error: Declined,
  retry: RetryPolicy.exponential({ initialInterval: "1 hour", maxAttempts: 5 })
})

/** Answers what it is given. */
const Keep = Activity.make("Keep", { input: Schema.Json, success: Schema.Json })

/** A text for whoever waits. */
const Note = Signal.make("note", { payload: Schema.String })

/** A signal that says who approves. */
const Approve = Signal.make("approve", { payload: Schema.Struct({ by: Schema.String }) })

/** Takes so many notes and does nothing else, so its first commit has the start alone. */
export const Waiting = Workflow.make("Waiting", {
  input: Schema.Struct({ notes: Schema.Int, letter: Schema.optionalKey(Schema.String) }),
  success: Schema.Array(Schema.String)
})
const waiting = ({ notes }: typeof Waiting.input.Type) => Effect.replicateEffect(Note.receive, notes)

/** A charge, an approval, a pause and a delivery; whatever ends it early refunds the charge. */
export const Order = Workflow.make("Order", {
  input: Schema.Struct({ cents: Schema.Int, deliverAt: Schema.Number }),
  success: Schema.String,
  error: Declined
})
const order = Effect.fnUntraced(function* ({ cents, deliverAt }: typeof Order.input.Type) {
  const { receipt } = yield* Effect.acquireRelease(Charge({ cents }), ({ receipt }, exit) =>
    Exit.isSuccess(exit) ? Effect.void : Effect.orDie(Refund({ receipt }))
  )
  const { by } = yield* Approve.receive
  yield* Effect.sleep("50 millis")
  return `${yield* Deliver({ receipt, until: deliverAt })}, approved by ${by}`
}, Effect.scoped)

/** An activity that fails at first. */
const Asking = Workflow.make("Asking", {
  input: Schema.Struct({ failures: Schema.Int }),
  success: Schema.Int,
  error: Declined
})
const asking = ({ failures }: typeof Asking.input.Type) => Ask({ failures })

/** A sleep until a time, in milliseconds since 1970. */
const Napping = Workflow.make("Napping", {
  input: Schema.Struct({ until: Schema.Number }),
  success: Schema.String
})
const napping = Effect.fnUntraced(function* ({ until }: typeof Napping.input.Type) {
  yield* Effect.sleep(until - (yield* Clock.currentTimeMillis))
  return "awake"
})

/** A program that was changed while it had executions: it asks, and then waits for an approval. */
export const Changing = Workflow.make("Changing", { success: Schema.String })
const beforeChange = Effect.fnUntraced(function* () {
  const attempt = yield* Effect.orDie(Ask({ failures: 0 }))
  return `attempt ${attempt}, approved by ${(yield* Approve.receive).by}`
})
/** What it was changed to: it sleeps first, which its histories do not say. */
const afterChange = () => Effect.andThen(Effect.sleep("1 second"), beforeChange())

/** A program whose finalizer throws. */
const Careless = Workflow.make("Careless")
const careless = () => Effect.ensuring(Effect.asVoid(Approve.receive), Effect.die(new Error("cannot clean up")))

/** Any JSON, through an activity and back. */
const Values = Workflow.make("Values", { input: Schema.Json, success: Schema.Json })
const values = (value: Schema.Json) => Keep(value)

/** Since 0.2: answers at the time `until`, in milliseconds since 1970, within a second an attempt and ten seconds in all. */
const Hurry = Activity.make("Hurry", {
  input: Schema.Struct({ until: Schema.Number }),
  success: Schema.String,
  error: Activity.ActivityTimedOut,
  timeout: { attempt: "1 second", total: "10 seconds" },
  retry: RetryPolicy.exponential({ initialInterval: "4 seconds" })
})

/** Since 0.2: an activity with timeouts, and how it ended. */
export const Hurrying = Workflow.make("Hurrying", {
  input: Schema.Struct({ until: Schema.Number }),
  success: Schema.String
})
const hurrying = ({ until }: typeof Hurrying.input.Type) =>
  Effect.catchTag(Hurry({ until }), "ActivityTimedOut", ({ after }) => Effect.succeed(`not within ${after}`))

/** Since 0.2: sends notes to another execution, and then a cancel if told so. It says what became of each, if it waits. */
export const Telling = Workflow.make("Telling", {
  input: Schema.Struct({
    to: Schema.String,
    notes: Schema.Array(Schema.String),
    cancels: Schema.Boolean,
    waits: Schema.Boolean
  }),
  success: Schema.Array(Schema.String)
})
const telling = Effect.fnUntraced(function* ({ cancels, notes, to, waits }: typeof Telling.input.Type) {
  const { send } = yield* protocol
  const messages = [
    ...notes.map((payload) => ({ _tag: "Signal", name: Note.name, payload }) as const),
    ...(cancels ? [{ _tag: "Cancel", reason: "told to stop" } as const] : [])
  ]
  const outcomes = Effect.forEach(messages, (message) => send({ to: WorkflowId.make(to), message }), {
    concurrency: "unbounded"
  })
  if (waits) return (yield* outcomes).map((outcome) => (outcome._tag === "Refused" ? outcome.reason : outcome._tag))
  yield* Effect.forkChild(outcomes, { startImmediately: true })
  return []
})

/** Workflows with all that they need but the executor. */
type Workflows = Layer.Layer<never, WorkflowError.WorkflowError, WorkflowRegistry.WorkflowRegistry>

const handlers = Layer.mergeAll(
  Charge.toLayer(({ cents }) => {
    if (cents < 0) return Effect.die(new RangeError(`${cents} cents`))
    if (cents > 100_000) return Effect.fail(new Declined({ why: "too much" }))
    return Effect.succeed({ receipt: `receipt of ${cents}` })
  }),
  Refund.toLayer(() =>
    Effect.flatMap(ActivityContext.ActivityContext, ({ attempt }) =>
      attempt === 1 ? Effect.fail(new Declined({ why: "not now" })) : Effect.void
    )
  ),
  Deliver.toLayer(({ receipt, until }) =>
    Effect.flatMap(Clock.currentTimeMillis, (now) =>
      Effect.as(until > now ? Effect.sleep(until - now) : Effect.void, `parcel with ${receipt}`)
    )
  ),
  Ask.toLayer(({ failures }) =>
    Effect.flatMap(ActivityContext.ActivityContext, ({ attempt }) =>
      attempt > failures ? Effect.succeed(attempt) : Effect.fail(new Declined({ why: `attempt ${attempt}` }))
    )
  ),
  Keep.toLayer((value) => Effect.succeed(value)),
  Hurry.toLayer(({ until }) =>
    Effect.flatMap(Clock.currentTimeMillis, (now) =>
      Effect.as(until > now ? Effect.sleep(until - now) : Effect.void, "in time")
    )
  )
)

/** All workflows of this module, with the handlers of their activities, for an executor that finishes what is in a store. */
export const workflows: Workflows = Layer.mergeAll(
  Waiting.toLayer(waiting),
  Order.toLayer(order),
  Asking.toLayer(asking),
  Napping.toLayer(napping),
  Changing.toLayer(beforeChange),
  Careless.toLayer(careless),
  Values.toLayer(values),
  Hurrying.toLayer(hurrying),
  Telling.toLayer(telling)
).pipe(Layer.provide(handlers))

/** The workflow that was changed, as it was after the change: this is what blocks its executions. */
export const changedWorkflow: Workflows = Changing.toLayer(afterChange).pipe(Layer.provide(handlers))

/** Since 0.2: the workflow of receivers alone, for a worker without the programs of the senders. */
export const waitingWorkflow: Workflows = Waiting.toLayer(waiting)

/** A program in encoded form. */
type Program = WorkflowRegistry.Registration["program"]

/** The program in encoded form. Handlers are in the requirements for the compiler only. */
const encoded = <Input extends AnyCodec, Success extends AnyCodec, Error extends AnyCodec>(
  workflow: Workflow.Workflow<string, Input, Success, Error>,
  program: (
    input: Input["Type"]
  ) => Effect.Effect<Success["Type"], Error["Type"], Layer.Success<typeof handlers> | WorkflowContext.WorkflowContext>
): readonly [name: string, program: Program] => [
  workflow.name,
  workflow.encoded(program as Parameters<typeof workflow.encoded>[0])
]
type AnyCodec = Schema.Codec<unknown, unknown>

/** The programs that wrote the histories, in encoded form, by the names of their workflows, which each history begins with. */
export const programs: ReadonlyMap<string, Program> = new Map([
  ...scenarios.map(({ program, workflow }) => [workflow, program] as const),
  encoded(Waiting, waiting),
  encoded(Order, order),
  encoded(Asking, asking),
  encoded(Napping, napping),
  encoded(Changing, beforeChange),
  encoded(Careless, careless),
  encoded(Values, values),
  encoded(Hurrying, hurrying),
  encoded(Telling, telling),
  actingProgram
])

/** The program of the workflow that was changed, in encoded form, as it was after the change. */
export const changedProgram: Program = encoded(Changing, afterChange)[1]

/** By this time, in milliseconds since 1970, all is due that executions wait for, but signals and `farDate`. */
export const later = begin + 2 * 24 * 3_600_000

/** An execution that a store was left with. */
export interface Left {
  readonly id: string
  readonly workflow: string
  readonly status: WorkflowState.WorkflowStatus
  /** The signals that it still needs, once an executor with `workflows` has it. */
  readonly signals: ReadonlyArray<{ readonly name: string; readonly payload: Schema.Json }>
  /** How it has ended; or how it ends after `later` with those signals, at whatever time they come. */
  readonly ends: Corpus.Outcome
  /** It does not end before this time, in milliseconds since 1970. */
  readonly sleepsUntil?: number
}

const left = (
  id: string,
  { name: workflow }: { readonly name: string },
  status: Left["status"],
  ends: Corpus.Outcome,
  signals: Left["signals"] = []
): Left => ({ id, workflow, status, signals, ends })

const completed = (value: Schema.Json): Corpus.Outcome => ({ _tag: "Completed", value })
const note = (payload: string) => ({ name: Note.name, payload })
const approve = (by: string) => ({ name: Approve.name, payload: { by } })

/** The executions of `store.db`. */
export const inFile: ReadonlyArray<Left> = [
  left("completed", Order, "completed", completed("parcel with receipt of 4250, approved by Zoë")),
  left("failed", Order, "failed", { _tag: "Failed", error: { _tag: "Declined", why: "too much" } }),
  left("failed with a defect", Order, "failed", { _tag: "Defect", message: "-1 cents" }),
  left("cancelled", Order, "cancelled", { _tag: "Cancelled", reason: "not needed" }),
  left("terminated", Order, "terminated", { _tag: "Terminated", reason: "enough" }),
  left("timed out", Order, "timedOut", { _tag: "TimedOut" }),
  left("blocked", Changing, "blocked", completed("attempt 1, approved by Ada"), [approve("Ada")]),
  left("blocked and told", Changing, "blocked", completed("attempt 1, approved by Bob")),
  left("waiting", Waiting, "running", completed(["one"]), [note("one")]),
  left("taken over", Waiting, "running", completed(["one", "two"]), [note("two")]),
  left("told by another", Waiting, "running", completed(["one"])),
  left("twice", Waiting, "running", completed(["second"]), [note("second")]),
  left("\ud800", Waiting, "running", completed(["one"]), [note("one")]),
  left("", Waiting, "running", completed(["one"]), [note("one")]),
  left("orders/2026 ä:*>", Waiting, "running", completed(["one"]), [note("one")]),
  left("with attributes", Waiting, "running", completed(["one"]), [note("one")]),
  // The second attempt counts as lost: it was due, and release 0.1 does not say that a worker has left.
  left("asking", Asking, "running", completed(3)),
  left("delivering", Order, "running", completed("parcel with receipt of 7, approved by Eve")),
  left("stopping", Order, "running", { _tag: "Cancelled", reason: "not needed" }),
  left("until tomorrow", Order, "running", { _tag: "TimedOut" }),
  { ...left("napping", Napping, "running", completed("awake")), sleepsUntil: farDate }
]

/** The executions of `nats.json`, where "deleted" is no more. */
export const onServer: ReadonlyArray<Left> = [
  left("finished", Order, "completed", completed("parcel with receipt of 4250, approved by Zoë")),
  left("Zoë's/\ud800", Waiting, "running", completed(["one"]), [note("one")]),
  left("twice", Waiting, "running", completed(["second"]), [note("second")]),
  left("deleted and started again", Waiting, "running", completed(["one"]), [note("one")]),
  left("in parts", Waiting, "running", completed(["one", "two"]), [note("two")]),
  left("with much to find it by", Waiting, "running", completed(["one", "two"]), [note("two")])
]
