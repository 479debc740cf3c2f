/** Programs that are right compile, with exactly the channels that they have. */
import { Context, Effect, Layer, Option, Schedule, Schema } from "effect"
import {
  Activity,
  ActivityContext,
  RetryPolicy,
  Signal,
  Workflow,
  type WorkflowContext,
  type WorkflowError
} from "perdure"
import * as Executor from "perdure/Executor/Default"
import type { DurableExecutor } from "perdure/Executor/DurableExecutor"
import * as Memory from "perdure/Store/Memory"
import type { StoreError, WorkflowStore } from "perdure/Store/WorkflowStore"
import type { WorkflowHandle } from "perdure/WorkflowHandle"
import type { WorkflowStatus } from "perdure/WorkflowState"
import { type Channels, holds, type LayerChannels, type Same } from "./Exact.ts"

class Declined extends Schema.TaggedError<Declined>()("Declined", { code: Schema.String }) {}
class Rejected extends Schema.TaggedError<Rejected>()("Rejected", {}) {}
class Bank extends Context.Service<Bank, { readonly charge: (cents: number) => Effect.Effect<string> }>()("Bank") {}

const Charge = Activity.make("Charge", {
  input: Schema.Struct({ cents: Schema.NumberFromString }),
  success: Schema.Struct({ receipt: Schema.String }),
  error: Declined,
  retry: RetryPolicy.exponential({ nonRetryable: (error) => error instanceof Declined && error.code === "stolen" })
})
const Ship = Activity.make("Ship", { success: Schema.Date })
const Ping = Activity.make("Ping")
const Approve = Signal.make("approve", { payload: Schema.Struct({ by: Schema.String }) })
const Stop = Signal.make("stop")

const Order = Workflow.make("Order", {
  input: Schema.Struct({ id: Schema.String, cents: Schema.Number }),
  success: Schema.Date,
  error: Schema.Union([Declined, Rejected]),
  workflowId: ({ id }) => id
})
const Plain = Workflow.make("Plain")

type Context = WorkflowContext.WorkflowContext
type Failure = WorkflowError.WorkflowError

// Calls.
const charge = Charge({ cents: 1 })
holds<Same<Channels<typeof charge>, [{ readonly receipt: string }, Declined, Context | Activity.Handler<"Charge">]>>()
const ship = Ship()
holds<Same<Channels<typeof ship>, [Date, never, Context | Activity.Handler<"Ship">]>>()
const ping = Ping()
holds<Same<Channels<typeof ping>, [void, never, Context | Activity.Handler<"Ping">]>>()
holds<Same<(typeof Charge)["name"], "Charge">>()

// Signals.
holds<Same<Channels<typeof Approve.receive>, [{ readonly by: string }, never, Context]>>()
holds<Same<Channels<typeof Stop.receive>, [void, never, Context]>>()
const send = Approve.send("id", { by: "Ada" })
holds<Same<Channels<typeof send>, [void, Failure, DurableExecutor]>>()
const stop = Stop.send("id")
holds<Same<Channels<typeof stop>, [void, Failure, DurableExecutor]>>()

// Handlers.
const ChargeLive = Charge.toLayer(({ cents }) =>
  Effect.gen(function* () {
    const bank = yield* Bank
    const { attempt } = yield* ActivityContext.ActivityContext
    if (attempt > 3) return yield* new Declined({ code: "limit" })
    return { receipt: yield* bank.charge(cents) }
  })
)
holds<Same<LayerChannels<typeof ChargeLive>, [Activity.Handler<"Charge">, never, Bank]>>()
const ShipLive = Ship.toLayer(() => Effect.succeed(new Date(0)))
holds<Same<LayerChannels<typeof ShipLive>, [Activity.Handler<"Ship">, never, never]>>()

// Programs.
const OrderLive = Order.toLayer(
  Effect.fnUntraced(function* (order) {
    yield* Charge({ cents: order.cents }).pipe(Effect.retry(Schedule.recurs(2)))
    const approval = yield* Approve.receive.pipe(Effect.timeoutOption("7 days"))
    if (Option.isNone(approval)) return yield* new Rejected()
    yield* Effect.sleep("1 day")
    return yield* Ship()
  })
)
holds<
  Same<
    LayerChannels<typeof OrderLive>,
    [never, Failure, DurableExecutor | Activity.Handler<"Charge"> | Activity.Handler<"Ship">]
  >
>()
const PlainLive = Plain.toLayer(() => Effect.void)
holds<Same<LayerChannels<typeof PlainLive>, [never, Failure, DurableExecutor]>>()

// A program may fail with less than it declares, and with nothing at all.
Order.toLayer(() => Effect.never)
Order.toLayer(() => Effect.fail(new Rejected()))

// Starting and waiting.
const start = Order.start({ id: "1", cents: 2 })
holds<Same<Channels<typeof start>, [WorkflowHandle<Date, Declined | Rejected>, Failure, DurableExecutor]>>()
const execute = Order.execute({ id: "1", cents: 2 }, { timeout: "1 day", whenExists: "restart" })
holds<Same<Channels<typeof execute>, [Date, Declined | Rejected | Failure, DurableExecutor]>>()
const plain = Plain.execute()
holds<Same<Channels<typeof plain>, [void, Failure, DurableExecutor]>>()
const found = Order.handle("1")
holds<Same<Channels<typeof found>, [WorkflowHandle<Date, Declined | Rejected>, Failure, DurableExecutor]>>()

declare const handle: WorkflowHandle<Date, Declined>
holds<Same<Channels<typeof handle.result>, [Date, Declined | Failure, never]>>()
holds<Same<Channels<typeof handle.status>, [WorkflowStatus, Failure, never]>>()
const signalled = handle.signal(Approve, { by: "Ada" })
const stopped = handle.signal(Stop)
holds<Same<Channels<typeof stopped>, [void, Failure, never]>>()
holds<Same<Channels<typeof signalled>, [void, Failure, never]>>()

// Errors can be told apart, down to the reason.
const caught = execute.pipe(
  Effect.catchTag("Declined", ({ code }) => Effect.succeed(code)),
  Effect.catchReason("WorkflowError", "Cancelled", ({ because }) => Effect.succeed(because))
)
holds<Same<Channels<typeof caught>, [Date | string, Rejected | Failure, DurableExecutor]>>()

// All of it together needs nothing more.
const Main = OrderLive.pipe(
  Layer.provide([ChargeLive, ShipLive]),
  Layer.provide(Layer.succeed(Bank, { charge: () => Effect.succeed("receipt") })),
  Layer.provideMerge(Executor.layer),
  Layer.provide(Memory.layer)
)
holds<Same<LayerChannels<typeof Main>, [DurableExecutor, Failure | StoreError, never]>>()
holds<Same<LayerChannels<typeof Executor.layer>, [DurableExecutor, StoreError, WorkflowStore]>>()
