/** Programs that are right compile, with exactly the channels that they have. */
import {
  type Cause,
  type Config,
  Context,
  Duration,
  Effect,
  Layer,
  Option,
  Ref,
  Schedule,
  Schema,
  type Scope
} from "effect"
import { SqlClient } from "effect/sql"
import type { SqlError } from "effect/sql/SqlError"
import {
  Activity,
  ActivityContext,
  ActivityGroup,
  Attributes,
  type HistoryEvent,
  Hooks,
  type Ids,
  type Message,
  Middleware,
  Query,
  RetryPolicy,
  Signal,
  Update,
  Workflow,
  WorkflowContext,
  WorkflowError
} from "perdure"
import * as Executor from "perdure/Executor/Default"
import * as SqlExecutor from "perdure/Executor/Sql"
import { DurableExecutor, type FoundRun } from "perdure/Executor/DurableExecutor"
import * as Reading from "perdure/Executor/Executions"
import type { Observers } from "perdure/Executor/Observers"
import type { InlineActivities, WorkflowRegistry } from "perdure/Executor/WorkflowRegistry"
import * as Memory from "perdure/Store/Memory"
import type {
  AttributeConditions,
  ExecutionSummary,
  Page,
  StoreError,
  WorkflowStore
} from "perdure/Store/WorkflowStore"
import type { Transactions } from "perdure/Store/Transactions"
import type { WorkflowHandle } from "perdure/WorkflowHandle"
import type { WorkflowStatus } from "perdure/WorkflowState"
import { type Channels, holds, type LayerChannels, type Same } from "./Exact.ts"

class Declined extends Schema.TaggedError<Declined>()("Declined", { code: Schema.String }) {}
class Rejected extends Schema.TaggedError<Rejected>()("Rejected", {}) {}
class Tariff extends Context.Service<Tariff, { readonly priceOf: (grams: number) => number }>()("Tariff") {}
class Rules extends Context.Service<Rules, { readonly priceOf: (grams: number) => number }>()("Rules") {}
class Bank extends Context.Service<Bank, { readonly charge: (cents: number) => Effect.Effect<string> }>()("Bank") {}

const Charge = Activity.make("Charge", {
  input: Schema.Struct({ cents: Schema.NumberFromString }),
  success: Schema.Struct({ receipt: Schema.String }),
  error: Declined,
  retry: RetryPolicy.exponential({ nonRetryable: (error) => error._tag === "Declined" && error.code === "stolen" })
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
type Executions = Reading.Executions

// Calls.
type ChargeHandler = Activity.Handler<"Charge", { readonly cents: number }, { readonly receipt: string }, Declined>
type ShipHandler = Activity.Handler<"Ship", void, Date, never>
type PingHandler = Activity.Handler<"Ping", void, void, never>
const charge = Charge({ cents: 1 })
holds<Same<Channels<typeof charge>, [{ readonly receipt: string }, Declined, Context | ChargeHandler]>>()
const ship = Ship()
holds<Same<Channels<typeof ship>, [Date, never, Context | ShipHandler]>>()
const ping = Ping()
holds<Same<Channels<typeof ping>, [void, never, Context | PingHandler]>>()
holds<Same<(typeof Charge)["name"], "Charge">>()

// The errors of an activity are those of the policy that is written in it, in whatever place, with the timeout of an attempt.
Activity.make("A", {
  retry: RetryPolicy.exponential({
    nonRetryable: (error) => {
      switch (error._tag) {
        case "Declined":
          return error.code === "stolen"
        case "Rejected":
          return true
        case "ActivityTimedOut":
          return error.after > 1000
      }
    }
  }),
  timeout: "1 second",
  error: Schema.Union([Declined, Rejected])
})
const { exponential } = RetryPolicy
type TimedOut = Activity.ActivityTimedOut
/** In an inline policy: that its error is of this type. */
const isOf =
  <Expected>() =>
  <Error>(error: Error, claim: Same<Error, Expected>): boolean =>
    claim === true && error === undefined
Activity.make("A", { retry: exponential({ nonRetryable: (e) => isOf<never>()(e, true) }) })
Activity.make("A", { retry: exponential({ nonRetryable: (e) => isOf<never>()(e, true) }), timeout: undefined })
Activity.make("A", { retry: exponential({ nonRetryable: (e) => isOf<TimedOut>()(e, true) }), timeout: 1000 })
Activity.make("A", { timeout: "1 second", retry: exponential({ nonRetryable: (e) => isOf<TimedOut>()(e, true) }) })
Activity.make("A", { timeout: { total: 9 }, retry: exponential({ nonRetryable: (e) => isOf<TimedOut>()(e, true) }) })
declare const maybe: Duration.Duration | undefined
Activity.make("A", { timeout: maybe, retry: exponential({ nonRetryable: (e) => isOf<TimedOut>()(e, true) }) })
Activity.make("A", { timeout: { days: 1 }, retry: exponential({ nonRetryable: (e) => isOf<TimedOut>()(e, true) }) })
Activity.make("A", { timeout: { attempt: 9 }, retry: exponential({ nonRetryable: (e) => isOf<TimedOut>()(e, true) }) })
Activity.make("A", { error: Declined, retry: exponential({ nonRetryable: (e) => isOf<Declined>()(e, true) }) })
Activity.make("A", {
  retry: exponential({ nonRetryable: (e) => isOf<Declined | TimedOut>()(e, true), maxAttempts: 9 }),
  timeout: Duration.seconds(1),
  error: Declined
})
Activity.make("A", {
  error: Activity.ActivityTimedOut,
  retry: exponential({ nonRetryable: (e) => isOf<TimedOut>()(e, true) })
})
Activity.make("A", {
  input: Schema.Struct({ id: Schema.String }),
  success: Schema.Literals(["a", "b"]),
  error: Schema.Literals(["x", "y"]),
  retry: exponential({ nonRetryable: (e) => isOf<"x" | "y">()(e, true) })
})
// In a pipe it is not known which activity a policy is written in, so its errors are `unknown`.
Activity.make("A", {
  error: Declined,
  retry: exponential({ nonRetryable: (e) => e instanceof Declined }).pipe(Schedule.upTo({ times: 3 }))
})

// A policy that several activities share is a constant, for the errors that it looks at, or for all.
const forDeclined = exponential({ nonRetryable: (error: Declined) => error.code === "stolen" })
holds<Same<typeof forDeclined, RetryPolicy.RetryPolicy<Declined>>>()
Activity.make("A", { error: Declined, retry: forDeclined })
Activity.make("A", { retry: forDeclined })
const forBoth = exponential({ nonRetryable: (error: Declined | TimedOut) => error._tag === "Declined" })
Activity.make("A", { error: Declined, retry: forBoth, timeout: "1 second" })
Activity.make("A", { error: Declined, retry: forBoth })
Activity.make("A", { retry: RetryPolicy.none })
Activity.make("A", { error: Declined, retry: RetryPolicy.standard, timeout: "1 second" })

// So is a schedule: it takes the errors of the activity, and timeouts where there is one.
declare const declinedOnly: Schedule.Schedule<number, Declined>
declare const withTimeouts: Schedule.Schedule<number, Declined | TimedOut>
Activity.make("A", { error: Declined, retry: declinedOnly })
Activity.make("A", { error: Declined, retry: withTimeouts })
Activity.make("A", { error: Declined, retry: withTimeouts, timeout: "1 second" })
Activity.make("A", { retry: Schedule.recurs(3), timeout: "1 second" })
Activity.make("A", { error: Declined, retry: Schedule.spaced("1 second").pipe(Schedule.upTo({ times: 3 })) })
const patient = Activity.make("A", { error: Declined, retry: withTimeouts, timeout: "1 second" })
holds<Same<typeof patient.retry, RetryPolicy.RetryPolicy<Declined>>>()
const general = RetryPolicy.exponential({
  nonRetryable: (error) => {
    holds<Same<typeof error, unknown>>()
    return error instanceof Declined
  }
})
holds<Same<typeof general, RetryPolicy.RetryPolicy>>()
Activity.make("A", { error: Declined, retry: general })
Activity.make("A", { error: Declined, retry: RetryPolicy.exponential().pipe(Schedule.upTo({ times: 3 })) })

// Signals.
holds<Same<Channels<typeof Approve.receive>, [{ readonly by: string }, never, Context]>>()
holds<Same<Channels<typeof Stop.receive>, [void, never, Context]>>()
const send = Approve.send("id", { by: "Ada" })
holds<Same<Channels<typeof send>, [void, Failure, DurableExecutor]>>()
const stop = Stop.send("id")
holds<Same<Channels<typeof stop>, [void, Failure, DurableExecutor]>>()
declare const handle: WorkflowHandle<Date, Declined>
const sendToHandle = Approve.send(handle, { by: "Ada" })
holds<Same<Channels<typeof sendToHandle>, [void, Failure, DurableExecutor]>>()
const sendToRef = Approve.send({ workflowId: "id", runId: handle.runId }, { by: "Ada" })
holds<Same<Channels<typeof sendToRef>, [void, Failure, DurableExecutor]>>()
const stopById = Stop.send({ workflowId: "id" })
holds<Same<Channels<typeof stopById>, [void, Failure, DurableExecutor]>>()

// Queries.
const Progress = Query.make("progress", { success: Schema.Int })
const Entry = Query.make("item", { input: Schema.NumberFromString, success: Schema.Date, error: Declined })
const items = Entry.answer((item) =>
  item > 0 ? Effect.succeed(new Date(item)) : Effect.fail(new Declined({ code: "a" }))
)
holds<Same<Channels<typeof items>, [void, never, Context]>>()
const progress = Effect.flatMap(Ref.make(0), (done) => Progress.publish(done))
holds<Same<Channels<typeof progress>, [void, never, Context]>>()
const mapped = Effect.flatMap(Ref.make(0), (done) => Progress.answer(() => Effect.map(Ref.get(done), (n) => n + 1)))
holds<Same<Channels<typeof mapped>, [void, never, Context]>>()
const asked = Progress.ask("id")
holds<Same<Channels<typeof asked>, [number, Failure, DurableExecutor]>>()
const askedItem = Entry.ask(handle, 1)
holds<Same<Channels<typeof askedItem>, [Date, Declined | Failure, DurableExecutor]>>()
const askedHandle = handle.ask(Entry, 1)
holds<Same<Channels<typeof askedHandle>, [Date, Declined | Failure, never]>>()
const askedVoid = handle.ask(Progress)
holds<Same<Channels<typeof askedVoid>, [number, Failure, never]>>()

// Handlers.
const ChargeLive = Charge.toLayer(({ cents }) =>
  Effect.gen(function* () {
    const bank = yield* Bank
    const { attempt } = yield* ActivityContext.ActivityContext
    if (attempt > 3) return yield* new Declined({ code: "limit" })
    return { receipt: yield* bank.charge(cents) }
  })
)
holds<Same<LayerChannels<typeof ChargeLive>, [ChargeHandler, never, Bank]>>()
const ShipLive = Ship.toLayer(() => Effect.succeed(new Date(0)))
holds<Same<LayerChannels<typeof ShipLive>, [ShipHandler, never, never]>>()

// Limits.
Ship.toLayer(() => Effect.succeed(new Date(0)), {})
Ship.toLayer(() => Effect.succeed(new Date(0)), { concurrency: 4, rateLimit: { limit: 10, every: "1 second" } })
declare const some: number | undefined
const limitedShip = Ship.toLayer(() => Effect.succeed(new Date(0)), { concurrency: some, rateLimit: undefined })
holds<Same<LayerChannels<typeof limitedShip>, [ShipHandler, never, never]>>()

// Groups.
const Shop = ActivityGroup.make(Charge, Ship, Ping)
const ShopLive = Shop.toLayer({
  Charge: Effect.fn("Charge")(function* ({ cents }) {
    if (cents < 0) return yield* new Declined({ code: "negative" })
    const { attempt } = yield* ActivityContext.ActivityContext
    return { receipt: yield* (yield* Bank).charge(cents + attempt) }
  }),
  Ship: () => Effect.map(Tariff, ({ priceOf }) => new Date(priceOf(1))),
  Ping: () => Effect.void
})
type ShopHandlers = ChargeHandler | ShipHandler | PingHandler
holds<Same<LayerChannels<typeof ShopLive>, [ShopHandlers, never, Bank | Tariff]>>()
const LimitedShopLive = Shop.toLayer({
  Charge: {
    handler: ({ cents }) => Effect.flatMap(Bank, (bank) => Effect.map(bank.charge(cents), (receipt) => ({ receipt }))),
    concurrency: 4
  },
  Ship: { handler: () => Effect.succeed(new Date(0)), rateLimit: { limit: 1, every: Duration.seconds(1) } },
  Ping: { handler: () => Effect.log("ping") }
})
holds<Same<LayerChannels<typeof LimitedShopLive>, [ShopHandlers, never, Bank]>>()
const MadeShopLive = Shop.toLayer(
  Effect.gen(function* () {
    const bank = yield* Bank
    if (bank === undefined) return yield* new Rejected()
    yield* Effect.addFinalizer(() => Effect.void)
    return {
      Charge: ({ cents }: Activity.Input<typeof Charge>) => Effect.map(bank.charge(cents), (receipt) => ({ receipt })),
      Ship: () => Effect.as(Tariff, new Date(0)),
      Ping: { handler: () => Effect.void, concurrency: 1 }
    }
  })
)
holds<Same<LayerChannels<typeof MadeShopLive>, [ShopHandlers, Rejected, Bank | Tariff]>>()
holds<Same<typeof Shop, ActivityGroup.ActivityGroup<typeof Charge | typeof Ship | typeof Ping>>>()

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
holds<Same<LayerChannels<typeof OrderLive>, [never, Failure, WorkflowRegistry | ChargeHandler | ShipHandler]>>()
const PlainLive = Plain.toLayer(() => Effect.void)
holds<Same<LayerChannels<typeof PlainLive>, [never, Failure, WorkflowRegistry]>>()

// A program of many calls, in every form, needs its handlers and no annotations.
type Needs<L> = LayerChannels<L>[2]
const a1 = Plain.toLayer(() => Effect.asVoid(Effect.all([Ship(), Ping(), Charge({ cents: 1 })]).pipe(Effect.orDie)))
holds<Same<Needs<typeof a1>, WorkflowRegistry | ShipHandler | PingHandler | ChargeHandler>>()
const a2 = Plain.toLayer(() =>
  Effect.gen(function* () {
    yield* Ping()
    yield* Effect.forkChild(Ship())
    const { workflowId } = yield* WorkflowContext.WorkflowContext
    yield* Effect.log(workflowId)
  })
)
holds<Same<Needs<typeof a2>, WorkflowRegistry | ShipHandler | PingHandler>>()
const a3 = Plain.toLayer(
  Effect.fn("Plain")(
    function* () {
      yield* Effect.acquireRelease(Ship(), () => Ping())
    },
    Effect.scoped,
    Effect.timeout("1 day"),
    Effect.orDie
  )
)
holds<Same<Needs<typeof a3>, WorkflowRegistry | ShipHandler | PingHandler>>()
// A scope, an executor and the errors of other executions need no declaration.
const a9 = Plain.toLayer(() =>
  Effect.gen(function* () {
    yield* Effect.acquireRelease(Ship(), () => Ping())
    const order = yield* Order.start({ id: "1", cents: 1 }, { parentClose: "abandon" })
    yield* order.cancel()
    yield* Effect.timeout(
      Order.execute({ id: "2", cents: 2 }).pipe(Effect.catchTag(["Declined", "Rejected"], () => Effect.void)),
      "1 day"
    )
  }).pipe(Effect.catchTag("TimeoutError", () => Effect.void))
)
holds<Same<Needs<typeof a9>, WorkflowRegistry | ShipHandler | PingHandler>>()
// What a compensation needs is needed by the body, but for a scope, and it is told the value.
const undone = Workflow.withCompensation(Charge({ cents: 1 }), (charge, cause) => {
  holds<Same<typeof charge, { readonly receipt: string }>>()
  holds<Same<typeof cause, Cause.Cause<unknown>>>()
  return Effect.acquireRelease(Ping(), () => Ship())
})
type UndoneServices = Context | ChargeHandler | PingHandler | ShipHandler
holds<Same<Channels<typeof undone>, [{ readonly receipt: string }, Declined, UndoneServices]>>()
const undoneLast = Charge({ cents: 1 }).pipe(
  Workflow.withCompensation(({ receipt }) => Effect.andThen(Effect.log(receipt), Ship())),
  Workflow.withCompensation(() => Charge({ cents: -1 }).pipe(Effect.orDie))
)
holds<
  Same<Channels<typeof undoneLast>, [{ readonly receipt: string }, Declined, Context | ChargeHandler | ShipHandler]>
>()
const a10 = Order.toLayer(() => Effect.andThen(undone, Ship()))
holds<Same<Needs<typeof a10>, WorkflowRegistry | ShipHandler | PingHandler | ChargeHandler>>()
// An activity that takes the value is a compensation.
const Refund = Activity.make("Refund", { input: Schema.Struct({ receipt: Schema.String }) })
const refunded = Workflow.withCompensation(Charge({ cents: 1 }), Refund)
type RefundHandler = Activity.Handler<"Refund", { readonly receipt: string }, void, never>
holds<Same<Channels<typeof refunded>[2], Context | ChargeHandler | RefundHandler>>()
const body = Effect.fn("Order")(function* (order: Workflow.Input<typeof Order>) {
  yield* Charge({ cents: order.cents })
  return yield* Ship()
})
const a4 = Order.toLayer(body)
holds<Same<Needs<typeof a4>, WorkflowRegistry | ShipHandler | ChargeHandler>>()
// A literal keeps its type.
const Choice = Workflow.make("Choice", { input: Schema.Boolean, success: Schema.Literals(["x", "y"]) })
Choice.toLayer((first) => Effect.succeed(first ? "x" : "y"))
Choice.toLayer(
  Effect.fn("Choice")(function* (first) {
    yield* Ping()
    return first ? "x" : "y"
  })
)
// Where it is not known which of two is called, both are needed.
declare const urgent: boolean
const a6 = Plain.toLayer(
  Effect.fn("Plain")(function* () {
    yield* (urgent ? Ship : Ping)()
  })
)
holds<Same<Needs<typeof a6>, WorkflowRegistry | ShipHandler | PingHandler>>()
// One activity in several places is one requirement, and two definitions that say the same are one contract.
const Again = Activity.make("Ping")
const a5 = Plain.toLayer(() => Effect.andThen(Ping(), Effect.andThen(Ping(), Again())))
holds<Same<Needs<typeof a5>, WorkflowRegistry | PingHandler>>()
// A helper may take a workflow of any name, and the definition of an activity by its types.
const named = <I extends Schema.Codec<unknown, unknown>, S extends Schema.Codec<unknown, unknown>>(
  workflow: Workflow.Workflow<string, I, S, typeof Schema.Never>,
  program: (input: I["Type"]) => ReturnType<typeof Ping>,
  success: S["Type"]
) => workflow.toLayer((input) => Effect.as(program(input), success))
holds<Same<Needs<ReturnType<typeof named>>, WorkflowRegistry | PingHandler>>()
named(Choice, () => Ping(), "x")
const activity = <const Name extends string>(name: Activity.LiteralName<Name>) => Activity.make<Name>(name)
const Made = activity("Made")
const limited = <const Name extends string>(name: Activity.LiteralName<Name>, timeout: Duration.Input) =>
  Activity.make<Name>(name, { timeout, retry: RetryPolicy.none })
holds<Same<ReturnType<typeof limited<"Limited">>, ReturnType<typeof activity<"Limited">>>>()
holds<Same<(typeof Made)["name"], "Made">>()
const Item = Activity.make(`item-${1}` as const)
holds<Same<(typeof Item)["name"], "item-1">>()

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

// A handle is a ref. It uses the executor that made it, but for what it reads.
holds<Same<typeof handle extends Ids.Ref ? true : false, true>>()
holds<Same<Channels<typeof handle.result>, [Date, Declined | Failure, never]>>()
holds<Same<Channels<typeof handle.status>, [WorkflowStatus, Failure, Executions]>>()
holds<Same<Channels<typeof handle.describe>, [ExecutionSummary, Failure, Executions]>>()
holds<Same<Channels<typeof handle.history>, [ReadonlyArray<HistoryEvent.HistoryEvent>, Failure, Executions]>>()
const signalled = Approve.send(handle, { by: "Ada" })
const stopped = Stop.send(handle)
holds<Same<Channels<typeof stopped>, [void, Failure, DurableExecutor]>>()
holds<Same<Channels<typeof signalled>, [void, Failure, DurableExecutor]>>()

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
holds<Same<LayerChannels<typeof Main>, [Services, Failure | StoreError, never]>>()

// An executor provides all its services, however it is set up.
type Services = DurableExecutor | WorkflowRegistry | InlineActivities | Executions | Observers
holds<Same<LayerChannels<typeof Executor.layer>, [Services, StoreError, WorkflowStore]>>()
const executorWith = Executor.layerWith({ maxLoaded: 1, heartbeatInterval: "1 second", answerTimeout: 10 })
holds<Same<LayerChannels<typeof executorWith>, [Services, StoreError, WorkflowStore]>>()
declare const config: Config.Wrap<Executor.Options>
const executorConfig = Executor.layerConfig(config)
holds<Same<LayerChannels<typeof executorConfig>, [Services, StoreError | Config.ConfigError, WorkflowStore]>>()

// Each part needs one of them, and a store is enough to read.
declare const registry: Layer.Layer<WorkflowRegistry>
declare const client: Layer.Layer<DurableExecutor>
const registered = PlainLive.pipe(Layer.provide(registry))
holds<Same<LayerChannels<typeof registered>, [never, Failure, never]>>()
const started = Effect.provide(Order.execute({ id: "1", cents: 2 }), client)
holds<Same<Channels<typeof started>, [Date, Declined | Rejected | Failure, never]>>()
holds<Same<LayerChannels<typeof Reading.layer>, [Executions, never, WorkflowStore]>>()
const described = Effect.flatMap(Reading.Executions, (executions) => executions.describe(handle))
holds<Same<Channels<typeof described>, [ExecutionSummary, Failure, Executions]>>()
const listed = Effect.flatMap(Reading.Executions, (executions) => executions.list({ workflow: Order.name }))
holds<Same<Channels<typeof listed>, [Page, Failure, Executions]>>()
const removed = Effect.flatMap(Reading.Executions, (executions) => executions.delete("1"))
holds<Same<Channels<typeof removed>, [void, Failure, Executions]>>()

// Beneath the definitions, in encoded values.
const signal: Message.Message = { _tag: "Signal", name: "approve", payload: { by: "Ada" } }
const answered = Effect.flatMap(DurableExecutor, (executor) => executor.send(handle, signal))
holds<Same<Channels<typeof answered>, [void, Failure, DurableExecutor]>>()
holds<Same<Message.AnswerOf<Extract<Message.Message, { readonly _tag: "Query" }>>, Message.QueryAnswer>>()
holds<Same<Message.AnswerOf<{ readonly _tag: "Cancel"; readonly reason: string }>, void>>()
const current = Effect.flatMap(DurableExecutor, (executor) => executor.find("1"))
holds<Same<Channels<typeof current>, [FoundRun, Failure, DurableExecutor]>>()

// Definitions of any types, and the types of each.
const workflows: ReadonlyArray<Workflow.Any> = [Order, Plain]
const activities: ReadonlyArray<Activity.Any> = [Charge, Ship, Ping]
const signals: ReadonlyArray<Signal.Any> = [Approve, Stop]
const queries: ReadonlyArray<Query.Any> = [Progress, Entry]
void [workflows, activities, signals, queries]
holds<Same<Query.Input<typeof Entry>, number>>()
holds<Same<Query.Success<typeof Entry>, Date>>()
holds<Same<Query.Error<typeof Entry>, Declined>>()
holds<Same<Query.Input<typeof Progress>, void>>()
holds<Same<Query.Error<typeof Progress>, never>>()
holds<Same<Workflow.Input<typeof Order>, { readonly id: string; readonly cents: number }>>()
holds<Same<Workflow.Success<typeof Order>, Date>>()
holds<Same<Workflow.Error<typeof Order>, Declined | Rejected>>()
holds<Same<Workflow.HandleOf<typeof Order>, WorkflowHandle<Date, Declined | Rejected>>>()
holds<Same<Workflow.Input<typeof Plain>, void>>()
holds<Same<Workflow.HandleOf<typeof Plain>, WorkflowHandle<void, never>>>()
holds<Same<Activity.Input<typeof Charge>, { readonly cents: number }>>()
holds<Same<Activity.Success<typeof Charge>, { readonly receipt: string }>>()
holds<Same<Activity.Error<typeof Charge>, Declined>>()
holds<Same<Activity.HandlerOf<typeof Charge>, ChargeHandler>>()
holds<Same<Activity.Input<typeof Ping>, void>>()
holds<Same<Activity.Error<typeof Ping>, never>>()
holds<Same<Signal.Payload<typeof Approve>, { readonly by: string }>>()
holds<Same<Signal.Payload<typeof Stop>, void>>()
declare const something: unknown
if (Workflow.isWorkflow(something)) holds<Same<typeof something, Workflow.Any>>()
if (Activity.isActivity(something)) holds<Same<typeof something, Activity.Any>>()
if (Signal.isSignal(something)) holds<Same<typeof something, Signal.Any>>()
if (Query.isQuery(something)) holds<Same<typeof something, Query.Any>>()

// Updates: what a handler requires is required by the program that registers it, but for its scope.
const AddItem = Update.make("addItem", { input: Schema.String, success: Schema.Int, error: Rejected })
const Clear = Update.make("clear")
const handled = AddItem.handle((item) => {
  holds<Same<typeof item, string>>()
  return Effect.as(Charge({ cents: item.length }).pipe(Effect.catchTag("Declined", () => new Rejected())), 1)
})
holds<Same<Channels<typeof handled>, [void, never, Context | ChargeHandler]>>()
const scoped = Clear.handle(() => Effect.addFinalizer(() => Effect.void), { validate: () => Effect.void })
holds<Same<Channels<typeof scoped>, [void, never, Context]>>()
const parental = Clear.handle(() => Effect.asVoid(Plain.execute()))
holds<Same<Channels<typeof parental>, [void, never, Context | DurableExecutor]>>()
const refusing = AddItem.handle(() => Effect.succeed(1), { validate: () => new Rejected() })
holds<Same<Channels<typeof refusing>, [void, never, Context]>>()
const updated = AddItem.execute(handle, "book", { updateId: "u" })
holds<Same<Channels<typeof updated>, [number, Rejected | Failure, DurableExecutor]>>()
const begun = AddItem.start("1", "book")
holds<Same<Channels<typeof begun>, [Update.UpdateHandle<number, Rejected>, Rejected | Failure, DurableExecutor]>>()
const early = AddItem.startWith(Order, { id: "1", cents: 2 }, "book", { workflowId: "1", updateId: "u" })
holds<
  Same<
    Channels<typeof early>,
    [readonly [WorkflowHandle<Date, Declined | Rejected>, number], Rejected | Failure, DurableExecutor]
  >
>()
const startedBy = Approve.sendOrStart(Order, { id: "1", cents: 2 }, { by: "Ada" }, { key: "k" })
holds<Same<Channels<typeof startedBy>, [WorkflowHandle<Date, Declined | Rejected>, Failure, DurableExecutor]>>()
const updates: ReadonlyArray<Update.Any> = [AddItem, Clear]
void updates
holds<Same<Update.Input<typeof AddItem>, string>>()
holds<Same<Update.Success<typeof AddItem>, number>>()
holds<Same<Update.Error<typeof AddItem>, Rejected>>()
holds<Same<Update.Input<typeof Clear>, void>>()
if (Update.isUpdate(something)) holds<Same<typeof something, Update.Any>>()

// What only computes is vouched for: the layer needs it.
const PricedLive = Order.toLayer(() => Effect.as(Workflow.pure(Tariff), new Date()))
holds<Same<Needs<typeof PricedLive>, WorkflowRegistry | Tariff>>()
const pricedTwice = Order.toLayer(() =>
  Effect.as(Effect.all([Workflow.pure(Tariff), Workflow.pure(Rules), Ping()]), new Date())
)
holds<Same<Needs<typeof pricedTwice>, WorkflowRegistry | Tariff | Rules | PingHandler>>()
const pricing = AddItem.handle(() => Effect.as(Workflow.pure(Tariff), 1))
const PricingLive = Order.toLayer(() => Effect.as(pricing, new Date()))
holds<Same<Needs<typeof PricingLive>, WorkflowRegistry | Tariff>>()

// A call may have other settings than the contract; its channels are the same.
const patientCall = Charge.with({
  retry: RetryPolicy.exponential({ maxAttempts: 9, jitter: true }),
  timeout: { total: "1 day" }
})
holds<Same<ReturnType<typeof patientCall>, ReturnType<typeof Charge>>>()
Charge.with({ timeout: 5000, retry: RetryPolicy.none })
Ping.with({ retry: RetryPolicy.standard })
Activity.make("A", {
  error: Declined,
  retry: RetryPolicy.exponential({
    maxAttempts: 2,
    retryAfter: (error) => (error.code === "busy" ? "3 seconds" : undefined)
  })
})
// Attributes are typed once: in starts, in programs, in filters and in what is found.
const Search = Attributes.make({
  customer: Schema.String,
  total: Schema.Finite,
  urgent: Schema.Boolean,
  level: Schema.Literals(["gold", "silver"]),
  due: Schema.DateTimeUtcFromMillis
})
declare const due: typeof Schema.DateTimeUtcFromMillis.Type
declare const someone: string | undefined
holds<Same<ReturnType<typeof Search.of>, Readonly<Record<string, HistoryEvent.Attribute>>>>()
void Order.start(
  { id: "1", cents: 2 },
  { attributes: Search.of({ customer: someone, level: "gold" }), memo: { any: [1, null] } }
)
void Order.start({ id: "1", cents: 2 }, { attributes: { ...Search.of({ due }), untyped: 1 } })
const setting = Search.set({ urgent: true, due })
holds<Same<Channels<typeof setting>, [void, Failure, Context]>>()
const removing = Search.remove("urgent", "level")
holds<Same<Channels<typeof removing>, [void, never, Context]>>()
const conditions = Search.where({
  customer: "Ada",
  total: { from: 100, below: 200 },
  urgent: { in: [true] },
  level: { above: "gold", upTo: "silver" },
  due: { above: due }
})
holds<Same<typeof conditions, AttributeConditions>>()
const untyped: AttributeConditions = { total: { from: 1 }, customer: { in: ["a"] }, urgent: true, name: { below: "b" } }
void untyped
declare const summarized: ExecutionSummary
const typed = Search.get(summarized)
type Found = Effect.Success<typeof typed>
holds<Same<Found["level"], "gold" | "silver" | undefined>>()
holds<Same<Found["due"], typeof due | undefined>>()
holds<Same<Channels<typeof typed>, [Attributes.Values<typeof Search.fields>, Failure, never]>>()

// An inline activity: what it needs is needed by the layer of its program, with an executor that runs it.
const read = Activity.inline(
  "read",
  { success: Schema.String, error: Declined, retry: RetryPolicy.exponential({ nonRetryable: (e) => e.code === "x" }) },
  Effect.gen(function* () {
    const tariff = yield* Tariff
    const { attempt } = yield* ActivityContext.ActivityContext
    yield* Effect.addFinalizer(() => Effect.void)
    if (attempt > 3) return yield* new Declined({ code: "limit" })
    return `${tariff}`
  })
)
type Inline = WorkflowContext.WorkflowContext | Workflow.Needs<InlineActivities>
holds<Same<Channels<typeof read>, [string, Declined, Inline | Workflow.Needs<Tariff>]>>()
const noted = Activity.inline("note", {}, Effect.log("noted"))
holds<Same<Channels<typeof noted>, [void, never, Inline]>>()
// The name may be made of others: it is no name of a handler.
const steps = Effect.forEach(["a", "b"], (name) => Activity.inline(`step ${name}`, {}, Effect.void), { discard: true })
holds<Same<Channels<typeof steps>, [void, never, Inline]>>()
// Dates and classes are what the schemas make of them, and an error that is declared need not be there.
const dated = Activity.inline("date", { success: Schema.Date, error: Declined }, Effect.succeed(new Date()))
holds<Same<Channels<typeof dated>, [Date, Declined, Inline]>>()
const late = Activity.inline(
  "late",
  {
    error: Schema.Union([Declined, Activity.ActivityTimedOut]),
    timeout: { attempt: "1 second", total: "1 hour" },
    retry: RetryPolicy.exponential({ nonRetryable: (e) => e._tag === "ActivityTimedOut" })
  },
  Effect.never
)
holds<Same<Channels<typeof late>, [void, Declined | Activity.ActivityTimedOut, Inline]>>()
const ReadLive = Order.toLayer(
  Effect.fnUntraced(function* () {
    yield* read
    yield* Ping()
    return yield* dated
  })
)
holds<Same<Needs<typeof ReadLive>, WorkflowRegistry | InlineActivities | Tariff | PingHandler>>()
// A client within it is one outside.
const starting = Activity.inline("start", {}, Effect.asVoid(Effect.orDie(Approve.send("1", { by: "Ada" }))))
holds<Same<Channels<typeof starting>, [void, never, Inline | Workflow.Needs<DurableExecutor>]>>()
// In the handler of an update and as a compensation.
const reading = AddItem.handle(() => Effect.as(Effect.orDie(read), 1))
const undoing = Workflow.withCompensation(Ping(), () => noted)
const ReadingLive = Order.toLayer(() => Effect.as(Effect.andThen(reading, undoing), new Date()))
holds<Same<Needs<typeof ReadingLive>, WorkflowRegistry | InlineActivities | Tariff | PingHandler>>()
// A helper for promises, whatever their type.
const promised = <A, I>(name: string, success: Schema.Codec<A, I>, promise: () => Promise<A>) =>
  Activity.inline(name, { success }, Effect.promise(promise))
const fetched = promised("fetch", Schema.Int, () => Promise.resolve(1))
holds<Same<Channels<typeof fetched>, [number, never, Inline]>>()

// Hooks: events are unions of the definitions that are listed, in decoded values, told apart by their names.
const Discount = Update.make("discount", { input: Schema.NumberFromString, success: Schema.Int })
const audit = Hooks.make([Order, Plain, Charge, Ship, Approve, Stop, Discount], {
  onWorkflowStart: (event) => {
    holds<Same<typeof event.workflow, "Order" | "Plain">>()
    if (event.workflow === "Plain") return Effect.void
    holds<Same<typeof event.input, { readonly id: string; readonly cents: number }>>()
    return Effect.flatMap(Bank, ({ charge }) => charge(event.input.cents))
  },
  onWorkflowComplete: (event) => {
    if (event.workflow === "Order") holds<Same<typeof event.value, Date>>()
    return Effect.void
  },
  onWorkflowFail: (event) => {
    if (event.workflow === "Order" && event.reason._tag === "Failed") {
      holds<Same<typeof event.reason.error, Declined | Rejected>>()
    }
    return Effect.void
  },
  onActivityComplete: (event) => {
    if (event.activity === "Charge") {
      holds<Same<typeof event.input, { readonly cents: number }>>()
      holds<Same<typeof event.value, { readonly receipt: string }>>()
    } else holds<Same<typeof event.value, Date>>()
    return Effect.fail(new Rejected())
  },
  onRetry: (event) => {
    if (event.activity === "Charge" && event.reason._tag === "Failed") {
      holds<Same<typeof event.reason.error, Declined>>()
    }
    return Effect.map(Tariff, ({ priceOf }) => priceOf(1))
  },
  onSignal: (event) => {
    if (event.signal === "approve") holds<Same<typeof event.payload, { readonly by: string }>>()
    else holds<Same<typeof event.payload, void>>()
    // A scope is that of the call.
    return Effect.addFinalizer(() => Effect.void)
  },
  onUpdate: ({ input, update }) => {
    holds<Same<typeof update, "discount">>()
    return Effect.succeed(input + 1)
  },
  onTimer: ({ late, workflow }) => Effect.log(workflow, late)
})
holds<Same<typeof audit, Hooks.Hooks<Bank | Tariff>>>()
const recorded = Hooks.make({
  onSignal: ({ payload, signal }) => {
    holds<Same<[typeof signal, typeof payload], [string, Schema.Json]>>()
    return Effect.flatMap(Rules, ({ priceOf }) => Effect.log(priceOf(1)))
  },
  onActivityFail: ({ reason }) => {
    if (reason._tag === "Failed") holds<Same<typeof reason.error, Schema.Json>>()
    return Effect.void
  }
})
holds<Same<typeof recorded, Hooks.Hooks<Rules>>>()
const composed = Hooks.compose(audit, recorded)
holds<Same<typeof composed, Hooks.Hooks<Bank | Tariff | Rules>>>()
const hooked = Hooks.layer(composed, { timeout: "1 second" })
holds<Same<LayerChannels<typeof hooked>, [never, never, Observers | Bank | Tariff | Rules]>>()
const hookedExecutor = Middleware.apply(Executor.layer, Middleware.logging, Middleware.withHooks(recorded))
holds<Same<LayerChannels<typeof hookedExecutor>, [Services, StoreError, WorkflowStore | Rules]>>()
holds<Same<ReturnType<typeof Hooks.make<readonly [typeof Plain], {}>>, Hooks.Hooks>>()

// Middleware takes what an executor has, and needs what it asks for; what it does around attempts needs an executor that runs some.
class User extends Context.Service<User, { readonly name: string }>()("User") {}
const mine = Middleware.authorise(({ ref }) =>
  Effect.flatMap(User, ({ name }) =>
    ref?.workflowId === name ? Effect.void : new WorkflowError.Forbidden({ detail: name })
  )
)
holds<Same<typeof mine, Middleware.Middleware<never, User>>>()
const guarded = Middleware.apply(Executor.layer, mine, Middleware.logging)
holds<Same<LayerChannels<typeof guarded>, [Services, StoreError, WorkflowStore | User]>>()
// Who asks the services inside needs no more for it.
const looking = Middleware.authorise(({ ref }) =>
  Effect.asVoid(Effect.orDie(Effect.flatMap(Reading.Executions, ({ describe }) => describe(ref?.workflowId ?? ""))))
)
holds<Same<typeof looking, Middleware.Middleware>>()
const banking = Middleware.activity((_, next) => Effect.andThen(Bank, next))
holds<Same<LayerChannels<typeof banking>, [never, never, Observers | Bank]>>()
// What is opened is closed with the operation or the attempt, so no scope is needed.
declare const opened: Effect.Effect<void, never, Bank | Scope.Scope>
const openingAround = Middleware.around((_, next) => Effect.andThen(opened, next))
holds<Same<typeof openingAround, Middleware.Middleware<never, Bank>>>()
const openingTo = Middleware.authorise(() => opened)
holds<Same<typeof openingTo, Middleware.Middleware<never, Bank>>>()
const openingAttempts = Middleware.activity((_, next) => Effect.andThen(opened, next))
holds<Same<LayerChannels<typeof openingAttempts>, [never, never, Observers | Bank]>>()

// A transactional activity: its handler is given the client, and its layer needs the transactions of a store.
const Move = Activity.transactional("Move", { input: Schema.Int, error: Declined, timeout: "1 second" })
const moved = Effect.fnUntraced(function* (cents: number) {
  const sql = yield* SqlClient.SqlClient
  const { attempt } = yield* ActivityContext.ActivityContext
  const tariff = yield* Tariff
  yield* Effect.orDie(sql`UPDATE accounts SET cents = ${cents} WHERE tariff = ${`${tariff}`}`)
  if (attempt > 3) return yield* new Declined({ code: "limit" })
})
const MoveLive = Move.toLayer(moved, { concurrency: 4 })
type MoveHandler = Activity.Handler<"Move", number, void, Declined>
holds<Same<LayerChannels<typeof MoveLive>, [MoveHandler, never, Transactions | Tariff]>>()
const moving = Move(1)
holds<Same<Channels<typeof moving>, [void, Declined, WorkflowContext.WorkflowContext | MoveHandler]>>()
const slowly = Move.with({ timeout: "1 minute" })(1)
holds<Same<Channels<typeof slowly>, Channels<typeof moving>>>()
// One without statements needs them all the same.
const IdleLive = Activity.transactional("Idle").toLayer(() => Effect.void)
holds<Same<LayerChannels<typeof IdleLive>, [Activity.Handler<"Idle", void, void, never>, never, Transactions]>>()
// A transaction of the app: its effect is given the client, and fails as the store may.
const together = SqlExecutor.withinTransaction(
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    const tariff = yield* Tariff
    yield* sql`INSERT INTO orders (id) VALUES (${tariff.priceOf(1)})`
    if (tariff.priceOf(2) > 3) return yield* new Rejected()
    return yield* Order.start({ id: "1", cents: 1 })
  })
)
holds<
  Same<
    Channels<typeof together>,
    [
      WorkflowHandle<Date, Declined | Rejected>,
      Rejected | SqlError | StoreError | WorkflowError.WorkflowError,
      DurableExecutor | Tariff | Transactions
    ]
  >
>()
const within = Effect.succeed(1).pipe(SqlExecutor.withinTransaction, SqlExecutor.withinTransaction)
holds<Same<Channels<typeof within>, [number, StoreError, Transactions]>>()
// In a group only its own handler is given the client.
const Count = Activity.make("Count", { success: Schema.Int })
const Mixed = ActivityGroup.make(Move, Count)
const MixedLive = Mixed.toLayer({ Move: moved, Count: () => Effect.succeed(1) })
holds<
  Same<
    LayerChannels<typeof MixedLive>,
    [MoveHandler | Activity.Handler<"Count", void, number, never>, never, Transactions | Tariff]
  >
>()
const CountsLive = Mixed.toLayer({
  Move: moved,
  Count: () => Effect.map(Effect.orDie(Effect.flatMap(SqlClient.SqlClient, (sql) => sql`SELECT 1`)), () => 1)
})
type Sql = SqlClient.SqlClient
holds<
  Same<
    LayerChannels<typeof CountsLive>,
    [MoveHandler | Activity.Handler<"Count", void, number, never>, never, Transactions | Tariff | Sql]
  >
>()
