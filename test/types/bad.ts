/**
 * Programs that are wrong do not compile; the error stands at the place of the mistake. A line `says:` is a part of the
 * compiler's message, which `messages.test.ts` compares.
 */
import { Config, Context, Effect, FileSystem, Layer, type Ref, type Schedule, Schema } from "effect"
import { LanguageModel, Tool, Toolkit } from "effect/ai"
import { SqlClient } from "effect/sql"
import { WorkerPlatform } from "effect/workers/Worker"
import {
  Activity,
  ActivityGroup,
  Attributes,
  Hooks,
  Metrics,
  Middleware,
  Providers,
  Query,
  RetryPolicy,
  Signal,
  Tracing,
  Update,
  Workflow
} from "perdure"
import { Approvals, HumanActivity, LLMActivity, ToolActivity } from "perdure/ai"
import * as Executor from "perdure/Executor/Default"
import * as SqlExecutor from "perdure/Executor/Sql"
import { DurableExecutor } from "perdure/Executor/DurableExecutor"
import { Executions } from "perdure/Executor/Executions"
import * as TemporalWorker from "perdure/Executor/TemporalWorker"
import type { WorkflowRegistry } from "perdure/Executor/WorkflowRegistry"
import * as Memory from "perdure/Store/Memory"
import * as Sqlite from "perdure/Store/Sqlite"
import type { WorkflowHandle } from "perdure/WorkflowHandle"

class Declined extends Schema.TaggedError<Declined>()("Declined", { code: Schema.String }) {}
class Other extends Schema.TaggedError<Other>()("Other", {}) {}
class Database extends Context.Service<Database, { readonly read: Effect.Effect<string> }>()("Database") {}
class Mail extends Context.Service<Mail, { readonly send: Effect.Effect<void> }>()("app/Mail") {}
interface Plugin {
  readonly run: () => void
}
const Plugin = Context.Service<Plugin>("Plugin")

const Charge = Activity.make("Charge", { input: Schema.Number, success: Schema.String, error: Declined })
const Ship = Activity.make("Ship")
const Approve = Signal.make("approve", { payload: Schema.Struct({ by: Schema.String }) })
const Order = Workflow.make("Order", { input: Schema.Number, success: Schema.String, error: Declined })

const run = <E>(layer: Layer.Layer<never, E>) => layer
const executor = Executor.layer.pipe(Layer.provide(Memory.layer))
const ChargeLive = Charge.toLayer(() => Effect.succeed("receipt"))
const program = Order.toLayer((cents) => Effect.tap(Charge(cents), Ship()))

run(program.pipe(Layer.provide([ChargeLive, Ship.toLayer(() => Effect.void)]), Layer.provide(executor)))
// @ts-expect-error the handler of Ship is missing
// says: Type 'Handler<"Ship", void, void, never>' is not assignable to type 'never'.
run(program.pipe(Layer.provide(ChargeLive), Layer.provide(executor)))
// @ts-expect-error no handler at all
// says: Type 'Handler<"Charge", number, string, Declined>' is not assignable to type 'never'.
run(program.pipe(Layer.provide(executor)))
// @ts-expect-error the executor is missing
run(program.pipe(Layer.provide([ChargeLive, Ship.toLayer(() => Effect.void)])))
// @ts-expect-error the store is missing
run(program.pipe(Layer.provide([ChargeLive, Ship.toLayer(() => Effect.void)]), Layer.provide(Executor.layer)))

// The handler of another contract of the same name is not that of this one, whichever part of the contract differs.
const Service = Order.toLayer((cents) => Charge(cents)).pipe(Layer.provide(executor))
run(Service.pipe(Layer.provide(ChargeLive)))
const OtherInput = Activity.make("Charge", { input: Schema.String, success: Schema.String, error: Declined })
const OtherSuccess = Activity.make("Charge", { input: Schema.Number, success: Schema.Number, error: Declined })
const OtherError = Activity.make("Charge", { input: Schema.Number, success: Schema.String, error: Other })
const NoError = Activity.make("Charge", { input: Schema.Number, success: Schema.String })
const OtherName = Activity.make("charge", { input: Schema.Number, success: Schema.String, error: Declined })
// @ts-expect-error another input
// says: Type 'Handler<"Charge", number, string, Declined>' is not assignable to type 'never'.
run(Service.pipe(Layer.provide(OtherInput.toLayer(() => Effect.succeed("receipt")))))
// @ts-expect-error another success
run(Service.pipe(Layer.provide(OtherSuccess.toLayer(() => Effect.succeed(1)))))
// @ts-expect-error another error
run(Service.pipe(Layer.provide(OtherError.toLayer(() => Effect.succeed("receipt")))))
// @ts-expect-error no error, where callers expect one
run(Service.pipe(Layer.provide(NoError.toLayer(() => Effect.succeed("receipt")))))
// @ts-expect-error another name
run(Service.pipe(Layer.provide(OtherName.toLayer(() => Effect.succeed("receipt")))))
// @ts-expect-error two contracts of one name in one program, which no handlers could satisfy
// says: is not assignable to type '"the program calls two activities named Charge: give one of the two another name"'.
Order.toLayer((cents) => Effect.andThen(OtherInput("1"), Charge(cents)))
interface Named {
  readonly name: "Charge"
}
// @ts-expect-error a service that looks like an activity is no handler
run(Service.pipe(Layer.provide(Layer.succeed(Context.Service<Named>("Named"), { name: "Charge" }))))

// A name is one literal: the handler of any other text would satisfy the rest.
declare const text: string
declare const either: "A" | "B"
// @ts-expect-error any text
// says: Argument of type 'string' is not assignable to parameter of type '"a name must be a literal, or a missing handler would compile"'.
Activity.make(text)
// @ts-expect-error any text, with options
// says: "a name must be a literal, or a missing handler would compile"
Activity.make(text, { input: Schema.String, success: Schema.String })
// @ts-expect-error any text that begins so
// says: "a name must be a literal, or a missing handler would compile"
Activity.make(`item-${text}`)
// @ts-expect-error any number
// says: "a name must be a literal, or a missing handler would compile"
Activity.make(`item-${1 as number}` as const)
// @ts-expect-error one of two names
// says: "a name must be one literal, not several"
Activity.make(either)
// @ts-expect-error one of two names
// says: "a name must be one literal, not several"
Activity.make(`item-${either}` as const)
// @ts-expect-error any text, told by hand
// says: "a name must be a literal, or a missing handler would compile"
Activity.make<string>("A")
// @ts-expect-error a definition of one name is not one of any name
const widened: Activity.Activity<string, typeof Schema.Number, typeof Schema.String, typeof Declined> = Charge
void widened
// @ts-expect-error the name of a generic function is not known
const generic = <Name extends string>(name: Name) => Activity.make(name)
void generic

declare const client: Layer.Layer<DurableExecutor>
declare const registry: Layer.Layer<WorkflowRegistry>
const Handlers = Layer.merge(
  ChargeLive,
  Ship.toLayer(() => Effect.void)
)
run(program.pipe(Layer.provide(Handlers), Layer.provide(registry)))
// @ts-expect-error a client has no registry, so it runs no program
run(program.pipe(Layer.provide(Handlers), Layer.provide(client)))
run(Layer.effectDiscard(Order.start(1)).pipe(Layer.provide(client)))
// @ts-expect-error a registry starts nothing
run(Layer.effectDiscard(Order.start(1)).pipe(Layer.provide(registry)))

declare const loose: Effect.Effect<string, never, any>
const read = Effect.flatMap(Database, (database) => database.read)
// @ts-expect-error a program may not use a service, which would not be durable
// says: is not assignable to type '"Database is not durable: call it in an activity"'.
Order.toLayer(() => read)
// @ts-expect-error not beside an activity either
// says: is not assignable to type '"Database is not durable: call it in an activity"'.
Order.toLayer((cents) => Effect.tap(Charge(cents), read))
Order.toLayer(
  // @ts-expect-error in a generator
  // says: is not assignable to type '"Database is not durable: call it in an activity"'.
  Effect.fn("Order")(function* (cents) {
    yield* Charge(cents)
    const database = yield* Database
    return yield* database.read
  })
)
Order.toLayer((cents) =>
  // @ts-expect-error two services
  // says: ("Database is not durable: call it in an activity" | "app/Mail is not durable: call it in an activity")
  Effect.gen(function* () {
    yield* Charge(cents)
    yield* (yield* Mail).send
    return yield* (yield* Database).read
  })
)
// @ts-expect-error a service without a name of its own
// says: Property '"is not durable: call it in an activity"' is missing
Order.toLayer(() => Effect.as(Plugin, "plugin"))
// @ts-expect-error a service of Effect
// says: Property '"is not durable: call it in an activity"' is missing
Order.toLayer(() => Effect.as(FileSystem.FileSystem, "file"))
// @ts-expect-error a worker of the platform
// says: "effect/workers/Worker/WorkerPlatform is not durable: call it in an activity"
Order.toLayer(() => Effect.as(WorkerPlatform, "worker"))
// @ts-expect-error what is read of executions is not durable
// says: "perdure/Executor/Executions is not durable: call it in an activity"
Order.toLayer(() => Effect.as(Effect.orDie(Effect.flatMap(Executions, (executions) => executions.count())), "receipt"))
Order.toLayer(() => Effect.acquireRelease(Effect.succeed("receipt"), () => Effect.void))
Order.toLayer(() => Effect.scoped(Effect.acquireRelease(Effect.succeed("receipt"), () => Effect.void)))
Workflow.withCompensation(Charge(1), () => Ship())
// @ts-expect-error a compensation that may fail
// says: "a compensation cannot fail with Declined: handle it, or make it a defect with Effect.orDie"
Workflow.withCompensation(Charge(1), () => Charge(-1))
// @ts-expect-error a compensation that may fail, in a pipe
Charge(1).pipe(Workflow.withCompensation(() => Charge(-1)))
// @ts-expect-error a compensation that may fail in two ways
// says: "a compensation cannot fail with Declined: handle it, or make it a defect with Effect.orDie" | "a compensation cannot fail with Other
Workflow.withCompensation(Charge(1), () => Effect.andThen(Charge(-1), new Other()))
// @ts-expect-error a compensation of another value
// says: Type 'string' is not assignable to type 'number'.
Workflow.withCompensation(Charge(1), (receipt: number) => Charge(receipt).pipe(Effect.orDie))
// @ts-expect-error a compensation is not durable if what it uses is not
// says: "Database is not durable: call it in an activity"
Order.toLayer((cents) => Workflow.withCompensation(Charge(cents), () => read))
// @ts-expect-error requirements that are not known
Order.toLayer(() => loose)
// @ts-expect-error configuration is not recorded
// says: Type 'ConfigError' is not assignable to type 'Declined | WorkflowError'
Order.toLayer(() => Config.String("TARIFF"))
// @ts-expect-error an error that the workflow does not declare
Order.toLayer(() => Effect.fail(new Other()))
// @ts-expect-error a success of another type
Order.toLayer(() => Effect.succeed(1))
// @ts-expect-error the input is a number
Order.toLayer((input: string) => Effect.succeed(input))

// @ts-expect-error an error that the activity does not declare
Charge.toLayer(() => Effect.fail(new Other()))
// @ts-expect-error a success of another type
Charge.toLayer(() => Effect.succeed(1))
// @ts-expect-error the input is a number
Charge.toLayer((input: string) => Effect.succeed(input))
// @ts-expect-error the service of a handler is still needed
run(Ship.toLayer(() => Effect.asVoid(Database)))

// Limits.
// @ts-expect-error a rate without a time
// says: Property 'every' is missing in type '{ limit: number; }' but required in type 'RateLimit'.
Ship.toLayer(() => Effect.void, { rateLimit: { limit: 10 } })
// @ts-expect-error a rate in words
Ship.toLayer(() => Effect.void, { rateLimit: "10 per second" })
// @ts-expect-error an option that there is not
// says: 'concurency' does not exist in type 'Limits'
Ship.toLayer(() => Effect.void, { concurency: 4 })

// Groups.
const Shop = ActivityGroup.make(Charge, Ship)
// @ts-expect-error Ship is missing
// says: Property 'Ship' is missing
Shop.toLayer({ Charge: () => Effect.succeed("receipt") })
Shop.toLayer({
  Charge: () => Effect.succeed("receipt"),
  Ship: () => Effect.void,
  // @ts-expect-error no such activity
  // says: "the group has no activity of this name"
  Shipp: () => Effect.void
})
Shop.toLayer({
  // @ts-expect-error an undeclared error of a handler in a group
  // says: Property 'code' is missing in type 'Other' but required in type 'Declined'.
  Charge: () => Effect.fail(new Other()),
  Ship: () => Effect.void
})
Shop.toLayer({
  // @ts-expect-error a wrong success of a handler in a group
  // says: Type 'number' is not assignable to type 'string'.
  Charge: (cents) => Effect.succeed(cents),
  Ship: () => Effect.void
})
Shop.toLayer({
  // @ts-expect-error a handler with limits that has a wrong success
  // says: Type 'number' is not assignable to type 'string'.
  Charge: { handler: (cents) => Effect.succeed(cents), concurrency: 1 },
  Ship: () => Effect.void
})
Shop.toLayer({
  // @ts-expect-error an option of an activity in a group that there is not
  // says: "there is no such option"
  Charge: { handler: () => Effect.succeed("receipt"), concurency: 1 },
  Ship: () => Effect.void
})
Shop.toLayer({
  Charge: () => Effect.succeed("receipt"),
  // @ts-expect-error limits without a handler
  // says: Property 'handler' is missing
  Ship: { concurrency: 1 }
})
// @ts-expect-error an effect that makes too few handlers
// says: Property 'Ship' is missing
Shop.toLayer(Effect.succeed({ Charge: () => Effect.succeed("receipt") }))
// @ts-expect-error an effect that makes a handler of no activity
// says: "the group has no activity of this name"
Shop.toLayer(Effect.succeed({ Charge: () => Effect.succeed(""), Ship: () => Effect.void, Shipp: () => Effect.void }))
// @ts-expect-error a service of a handler in a group that is missing
run(Service.pipe(Layer.provide(Shop.toLayer({ Charge: () => Effect.as(Database, ""), Ship: () => Effect.void }))))
// @ts-expect-error two activities of one name
// says: "another activity of the group is named Charge"
ActivityGroup.make(Charge, Ship, OtherInput)
// @ts-expect-error one activity twice
ActivityGroup.make(Ship, Ship)
// @ts-expect-error no activity
ActivityGroup.make(Approve)

// @ts-expect-error the input of a call
Charge("1")
// @ts-expect-error a call without its input
Charge()
// @ts-expect-error the input of a start
Order.start("1")
// @ts-expect-error a start without its input
Order.execute()
// @ts-expect-error not a policy for ids
Order.start(1, { whenExists: "replace" })
// @ts-expect-error an attribute is a text, a number or a flag
Order.start(1, { attributes: { nested: { a: 1 } } })
// @ts-expect-error a memo is JSON
Order.start(1, { memo: () => 1 })

// Attributes are texts, numbers and flags, and each has the values, lists and ranges of its schema.
const Search = Attributes.make({ customer: Schema.String, total: Schema.Finite, urgent: Schema.Boolean })
// @ts-expect-error a list is no attribute
// says: Type 'readonly string[]' is not assignable to type 'string | number | boolean'.
Attributes.make({ tags: Schema.Array(Schema.String) })
// @ts-expect-error an object is no attribute
// says: Type 'Date' is not assignable to type 'string | number | boolean'.
Attributes.make({ at: Schema.Date })
// @ts-expect-error nothing is no attribute
// says: Type 'null' is not assignable to type 'string | number | boolean'.
Attributes.make({ maybe: Schema.NullOr(Schema.String) })
// @ts-expect-error a value of another type
// says: Type 'string' is not assignable to type 'number'.
Search.of({ total: "10" })
// @ts-expect-error an attribute of another definition
// says: 'tenant' does not exist in type
Search.of({ tenant: "a" })
// @ts-expect-error a value of another type, in a program
// says: Type 'number' is not assignable to type 'boolean | undefined'.
Search.set({ urgent: 1 })
// @ts-expect-error removed by null
Search.set({ urgent: null })
// @ts-expect-error the name of none
// says: Argument of type '"tenant"' is not assignable to parameter of type '"customer" | "total" | "urgent"'.
Search.remove("tenant")
// @ts-expect-error a value of another type, in a filter
// says: Type 'number' is not assignable to type
Search.where({ customer: 1 })
// @ts-expect-error a range of another type
// says: Type 'string' is not assignable to type 'number'.
Search.where({ total: { from: "10" } })
// @ts-expect-error a flag has no order
// says: 'from' does not exist in type '{ readonly in: readonly boolean[]; }'.
Search.where({ urgent: { from: true } })
// @ts-expect-error a list of another type
// says: Type 'string' is not assignable to type 'boolean'.
Search.where({ urgent: { in: ["yes"] } })
// @ts-expect-error a test that there is not
// says: 'over' does not exist in type
Search.where({ total: { over: 1 } })
// @ts-expect-error attributes are set inside a program only
// says: Type 'WorkflowContext' is not assignable to type 'never'.
Effect.runPromise(Search.set({ urgent: true }))

// @ts-expect-error the payload of a signal
Approve.send("id", { by: 1 })
// @ts-expect-error a payload is missing
Approve.send("id")
declare const handle: WorkflowHandle<string, Declined>
// @ts-expect-error the payload of a signal to a handle
Approve.send(handle, "Ada")
// @ts-expect-error a ref names its execution
Approve.send({ runId: "run" }, { by: "Ada" })
// @ts-expect-error the payload of a signal to a handle is missing
Approve.send(handle)
// @ts-expect-error a signal is received inside a program only
Effect.runSync(Approve.receive)
// @ts-expect-error an activity is called inside a program only
Effect.runPromise(Charge(1))

const Progress = Query.make("progress", { success: Schema.Int })
const Item = Query.make("item", { input: Schema.Int, success: Schema.String, error: Declined })
const Price = Query.make("price", { success: Schema.Int, error: Declined })
// @ts-expect-error a query reads
// says: "a query only reads: it may not use activity Ship"
Progress.answer(() => Effect.as(Ship(), 1))
// @ts-expect-error a query receives nothing
// says: "a query only reads: it may not use perdure/WorkflowContext"
Progress.answer(() => Effect.as(Approve.receive, 1))
// @ts-expect-error a query asks nobody
// says: "a query only reads: it may not use perdure/Executor/DurableExecutor"
Progress.answer(() => Effect.as(DurableExecutor, 1))
// @ts-expect-error a query has no services
// says: "a query only reads: it may not use app/Mail"
Progress.answer(() => Effect.as(Mail, 1))
// @ts-expect-error an error that the query does not declare
// says: is not assignable to type '"Other is not an error of item: declare it, or handle it"'.
Item.answer(() => Effect.fail(new Other()))
// @ts-expect-error an error of a query that has none
// says: "Declined is not an error of progress: declare it, or handle it"
Progress.answer(() => Effect.fail(new Declined({ code: "a" })))
// @ts-expect-error a success of another type
Progress.answer(() => Effect.succeed("1"))
// @ts-expect-error the input is a number
Item.answer((input: string) => Effect.succeed(input))
// @ts-expect-error a query without an answer
Query.make("nothing", {})
declare const cell: Ref.Ref<number>
declare const texts: Ref.Ref<string>
// @ts-expect-error what is published depends on nobody
// says: "item has an input: only a query without input and errors can be published"
Item.publish(texts)
// @ts-expect-error what is published does not fail
// says: "price has errors: only a query without input and errors can be published"
Price.publish(cell)
// @ts-expect-error a value of another type
Progress.publish(texts)
// @ts-expect-error a value is no reference
Progress.publish(1)
// @ts-expect-error the input of a query
Item.ask("id", "1")
// @ts-expect-error an input is missing
Item.ask("id")
// @ts-expect-error an input too many
Progress.ask("id", 1)
// @ts-expect-error an input is missing, through a handle
handle.ask(Item)
// @ts-expect-error the input of a query, through a handle
handle.ask(Item, "1")
// @ts-expect-error a signal is no query
handle.ask(Approve)
// @ts-expect-error a query is answered inside a program only
Effect.runSync(Progress.answer(() => Effect.succeed(1)))
// @ts-expect-error a query is asked with an executor
Effect.runPromise(Progress.ask("id"))
const AddItem = Update.make("addItem", { input: Schema.String, success: Schema.Int, error: Declined })
// @ts-expect-error the input of an update
AddItem.execute("1", 2)
// @ts-expect-error an option that updates do not have
AddItem.execute("1", "book", { key: "u" })
// @ts-expect-error an answer of another type
AddItem.handle(() => Effect.succeed("1"))
// @ts-expect-error an error that is not declared
AddItem.handle(() => Effect.fail(new Other()))
// @ts-expect-error a service in a handler
// says: Type 'Effect<number, never, Database>' is not assignable to type '"Database is not durable: call it in an activity"'
AddItem.handle(() => Effect.as(Database, 1))
// @ts-expect-error a validation only reads
AddItem.handle(() => Effect.succeed(1), { validate: () => Effect.asVoid(Ship()) })
// @ts-expect-error a validation refuses with an error of the update
AddItem.handle(() => Effect.succeed(1), { validate: () => Effect.fail(new Other()) })
// @ts-expect-error the input of the workflow that an update starts
AddItem.startWith(Order, "1", "book")
// @ts-expect-error the input of the workflow that a signal starts
Approve.sendOrStart(Order, "1", { by: "Ada" })
// @ts-expect-error the payload of a signal that starts
Approve.sendOrStart(Order, 1, "Ada")
// @ts-expect-error an update is handled inside a program only
Effect.runSync(AddItem.handle(() => Effect.succeed(1)))
const Cart = Order.toLayer(() =>
  Effect.as(
    AddItem.handle(() => Effect.as(Ship(), 1)),
    "done"
  )
)
// @ts-expect-error the handler of an activity that only an update calls is missing
// says: Type 'Handler<"Ship", void, void, never>' is not assignable to type 'never'.
run(Cart.pipe(Layer.provide(executor)))

declare const forOther: Schedule.Schedule<number, Other>
// @ts-expect-error a policy for errors that the activity does not have
Activity.make("A", { error: Declined, retry: forOther })
// @ts-expect-error an error that the activity does not have
Activity.make("A", { error: Declined, retry: RetryPolicy.exponential({ nonRetryable: (e) => e._tag === "Other" }) })
const timedOut = "ActivityTimedOut"
// @ts-expect-error a timeout that the activity does not have
// says: This comparison appears to be unintentional because the types '"Declined"' and '"ActivityTimedOut"' have no overlap.
Activity.make("A", { error: Declined, retry: RetryPolicy.exponential({ nonRetryable: (e) => e._tag === timedOut }) })
// @ts-expect-error an activity that fails with nothing
// says: Property 'code' does not exist on type 'never'.
Activity.make("A", { retry: RetryPolicy.exponential({ nonRetryable: (error) => error.code === "stolen" }) })
const forDeclined = RetryPolicy.exponential({ nonRetryable: (error: Declined) => error.code === "stolen" })
Activity.make("A", { error: Declined, retry: forDeclined })
// @ts-expect-error a policy that does not know of timeouts
// says: 'ActivityTimedOut'
Activity.make("A", { error: Declined, retry: forDeclined, timeout: "1 second" })
// @ts-expect-error a policy that does not know of timeouts, whatever the timeout is of
Activity.make("A", { error: Declined, retry: forDeclined, timeout: { total: "1 hour" } })
declare const scheduleForDeclined: Schedule.Schedule<number, Declined>
// @ts-expect-error a schedule that does not know of timeouts
Activity.make("A", { error: Declined, retry: scheduleForDeclined, timeout: 1000 })
// @ts-expect-error not an option of the policy
Activity.make("A", { error: Declined, retry: RetryPolicy.exponential({ attempts: 3 }) })
// @ts-expect-error this overload is there for the compiler only
RetryPolicy.exponential({}, {})
// @ts-expect-error not a timeout
Activity.make("A", { timeout: "soon" })
// @ts-expect-error not a timeout of the pair
Activity.make("A", { timeout: { attempt: "1 second", totl: "1 hour" } })
declare const Needy: Schema.Codec<string, string, Database>
// @ts-expect-error a schema that needs services cannot be recorded
Activity.make("A", { input: Needy })

// @ts-expect-error the status is not one of them
Effect.map(handle.status, (status) => status === "done")
// @ts-expect-error a handle reads with the service Executions
Effect.runPromise(handle.status)
// @ts-expect-error an option of the executor that does not exist
Executor.layerWith({ maxHot: 1 })
// @ts-expect-error an option that does not exist
Charge.with({ retries: 3 })
// @ts-expect-error a schedule cannot be recorded
Charge.with({ retry: Schedule.recurs(3) })
// @ts-expect-error a function cannot be recorded
Charge.with({ retry: RetryPolicy.exponential({ nonRetryable: (error: unknown) => error === 1 }) })
// @ts-expect-error the input of a call with settings
Charge.with({ timeout: "1 second" })("9")

// An inline activity is one step outside the program: what it needs is needed by the layer, and by nothing else.
const Inlined = Order.toLayer(() => Activity.inline("read", { success: Schema.String }, read))
run(Inlined.pipe(Layer.provide(Layer.succeed(Database, { read: Effect.succeed("") })), Layer.provide(executor)))
// @ts-expect-error the service of an inline activity is missing
// says: Type 'Database' is not assignable to type 'never'.
run(Inlined.pipe(Layer.provide(executor)))
const inlining = Order.toLayer(() => Activity.inline("read", { success: Schema.String }, Effect.succeed("")))
run(inlining.pipe(Layer.provide(executor)))
// @ts-expect-error an executor that runs no inline activities
// says: Type 'InlineActivities' is not assignable to type 'never'.
run(inlining.pipe(Layer.provide(registry)))
Order.toLayer(
  // @ts-expect-error a service of an inline activity is not there for the rest of the program
  // says: is not assignable to type '"Database is not durable: call it in an activity"'.
  Effect.fn("Order")(function* () {
    yield* Activity.inline("read", { success: Schema.String }, read)
    return yield* (yield* Database).read
  })
)
// @ts-expect-error an activity within it
// says: "an inline activity runs outside the program: it cannot call activities, receive signals or use Workflow.pure"
Activity.inline("read", { success: Schema.String }, Charge(1).pipe(Effect.orDie))
// @ts-expect-error a signal within it
// says: "an inline activity runs outside the program: it cannot call activities, receive signals or use Workflow.pure"
Activity.inline("read", {}, Effect.asVoid(Approve.receive))
// @ts-expect-error another one within it
// says: "an inline activity runs outside the program: it cannot call activities, receive signals or use Workflow.pure"
Activity.inline("outer", {}, Activity.inline("inner", {}, Effect.void))
// @ts-expect-error what is vouched for is there by itself
// says: "an inline activity runs outside the program: it cannot call activities, receive signals or use Workflow.pure"
Activity.inline("read", {}, Effect.asVoid(Workflow.pure(Mail)))
// @ts-expect-error an error that is not declared
// says: "Other is not an error of the inline activity: declare it, or handle it"
Activity.inline("read", { error: Declined }, Effect.fail(new Other()))
// @ts-expect-error an error where none is declared
// says: "Other is not an error of the inline activity: declare it, or handle it"
Activity.inline("read", {}, Effect.fail(new Other()))
// @ts-expect-error another success than the declared one
// says: is not assignable to type 'string'
Activity.inline("read", { success: Schema.String }, Effect.succeed(1))
// @ts-expect-error a policy that does not know of timeouts
Activity.inline("read", { error: Declined, retry: forDeclined, timeout: "1 second" }, Effect.void)
// @ts-expect-error not an option
Activity.inline("read", { input: Schema.String }, Effect.void)
// @ts-expect-error a query only reads
// says: only reads: it may not use perdure/WorkflowContext
Progress.answer(() => Activity.inline("read", { success: Schema.Int }, Effect.succeed(1)))

// Hooks.
const none = () => Effect.void
// @ts-expect-error a name that is no hook
// says: Did you mean to write 'onWorkflowStart'?
Hooks.make([Order], { onWorkflowStarted: none })
// @ts-expect-error the same without definitions
// says: 'onStart' does not exist
Hooks.make({ onStart: none })
const misnamed = { onTimer: none, onTimers: none }
// @ts-expect-error the same elsewhere
// says: "there is no hook onTimers"
Hooks.make(misnamed)
// @ts-expect-error a hook of signals, and no signal
// says: is not assignable to type '"the list of definitions has no signal"'.
Hooks.make([Order, Charge], { onSignal: none })
// @ts-expect-error a query is not recorded
// says: is not assignable to type 'Definition'.
Hooks.make([Order, Query.make("q", { success: Schema.Int })], { onWorkflowStart: none })
// @ts-expect-error a hook is no value
Hooks.make([Order], { onWorkflowStart: Effect.void })
// @ts-expect-error the input is a number
// says: Property 'cents' does not exist on type 'number'.
Hooks.make([Order], { onWorkflowStart: ({ input }) => Effect.log(input.cents) })
// @ts-expect-error which activity it was is not known yet
Hooks.make([Charge, Ship], { onActivityComplete: ({ value }) => Effect.log(value.length) })
// @ts-expect-error a promise
Hooks.make([Order], { onWorkflowStart: () => Promise.resolve() })
const reading = Hooks.make([Order], { onWorkflowStart: () => Effect.flatMap(Database, ({ read }) => read) })
// @ts-expect-error what a hook needs is missing
// says: Type 'Database' is not assignable to type 'never'.
run(Layer.provide(Hooks.layer(reading), executor))

// Middleware.
const readers = Middleware.authorise(() => Effect.asVoid(Database))
const guarded = Middleware.apply(executor, readers)
const Idle = Order.toLayer(() => Effect.succeed(""))
// @ts-expect-error what says who may is missing
// says: Type 'Database' is not assignable to type 'never'.
run(Layer.provide(Idle, guarded))
// @ts-expect-error no refusal
Middleware.authorise(() => Effect.fail(new Other()))
// @ts-expect-error not an answer: who may not is refused by an error
Middleware.authorise(() => Effect.map(Database, () => false))
// @ts-expect-error another answer than that of the operation
Middleware.around(() => Effect.succeed(1))
// @ts-expect-error not an end of an attempt
Middleware.activity(() => Effect.succeed(1))
// @ts-expect-error an executor is missing
run(Middleware.logging)
// @ts-expect-error an activity has no input of callers
Middleware.inputValidation("Order")
// What is chosen by a name has the options of what has it.
Providers.store("sqlite", { filename: "orders.db" })
const ShipLive = Ship.toLayer(() => Effect.void)
// @ts-expect-error no store has this name
// says: Argument of type '"redis"' is not assignable to parameter of type '"
Providers.store("redis", { url: "redis://a" })
// @ts-expect-error an option that is required
// says: Expected 2 arguments, but got 1.
Providers.store("sqlite")
// @ts-expect-error an option of another store
Providers.store("sqlite", { filename: "orders.db", replicas: 3 })
// @ts-expect-error a password that is not redacted
Providers.store("nats", { servers: "a", user: "ada", password: "hush" })
// @ts-expect-error a password that is not redacted
Providers.store("kafka", { brokers: "a:9092", user: "ada", password: "hush" })
// @ts-expect-error a client that there is not
Providers.store("kafka", { brokers: "a:9092", client: "librdkafka" })
// @ts-expect-error an option that is required
Providers.store("kafka", { topic: "orders" })
// @ts-expect-error a token that is not redacted
Providers.store("dapr", { token: "hush" })
// @ts-expect-error an address that is not redacted
Providers.store("postgres", { url: "postgres://ada:hush@a/shop" })
// @ts-expect-error the store is missing
// says: Property 'store' is missing
Providers.layer("default", { maxActivities: 1 })
// @ts-expect-error an option of another store
Providers.layer("default", { store: { name: "sqlite", filename: "orders.db", servers: "a" } })
// @ts-expect-error an option that is required
Providers.layer("default", { store: { name: "nats" } })
// @ts-expect-error a default that is none of the options
Providers.layerConfig({ store: { name: "sqlite", file: "orders.db" } })
// @ts-expect-error the store is missing
// says: Type 'WorkflowStore' is not assignable to type 'never'
run(program.pipe(Layer.provide([ChargeLive, ShipLive]), Layer.provide(Providers.executor("default"))))
// @ts-expect-error the store is missing
// says: Type 'WorkflowStore' is not assignable to type 'never'
run(program.pipe(Layer.provide([ChargeLive, ShipLive]), Layer.provide(Providers.executorConfig)))
declare const redis: (options: { readonly url: string; readonly database?: number }) => typeof Memory.layer
const own = { kind: "store", load: () => Promise.resolve({ layer: redis }) } as const
// @ts-expect-error the name is taken
// says: is not assignable to type '"the name sqlite is taken"'
Providers.register({ ...own, name: "sqlite", settings: { url: Config.String } })
// @ts-expect-error a required option is not read
// says: Property 'url' is missing
Providers.register({ ...own, name: "redis", settings: {} })
// @ts-expect-error an option that may be missing is read as one that may not
Providers.register({ ...own, name: "redis", settings: { url: Config.String, database: Config.Int } })
// @ts-expect-error a required option is read as one that may be missing
Providers.register({ ...own, name: "redis", settings: { url: Providers.optional(Config.String) } })
// @ts-expect-error read as another type
Providers.register({ ...own, name: "redis", settings: { url: Config.Int } })

// Telemetry.
const observed = Middleware.apply(Executor.layer, Tracing.layer, Metrics.layer)
// @ts-expect-error no executor to look at
// says: Type 'Observers' is not assignable to type 'never'
run(Metrics.layer)
// @ts-expect-error no store to look at
// says: Type 'WorkflowStore' is not assignable to type 'never'
run(Metrics.gauges())
// @ts-expect-error a store around none
// says: Type 'WorkflowStore' is not assignable to type 'never'
run(program.pipe(Layer.provide([ChargeLive, ShipLive]), Layer.provide(observed), Layer.provide(Metrics.store)))
// @ts-expect-error a time that is none
Metrics.gauges({ every: "soon" })

// A transactional activity needs a store in a SQL database.
const Move = Activity.transactional("Move", { input: Schema.Int, error: Declined })
const MoveLive = Move.toLayer((cents) =>
  Effect.asVoid(Effect.orDie(Effect.flatMap(SqlClient.SqlClient, (sql) => sql`UPDATE accounts SET cents = ${cents}`)))
)
const moving = Order.toLayer((cents) => Effect.as(Move(cents), "moved")).pipe(Layer.provide(MoveLive))
const inSqlite = Layer.provide(Layer.provideMerge(Executor.layer, Sqlite.layer({ filename: ":memory:" })))
declare const runAny: <E>(layer: Layer.Layer<never, E>) => void
runAny(moving.pipe(inSqlite))
// @ts-expect-error a store without transactions
// says: Type 'Transactions' is not assignable to type 'never'.
run(moving.pipe(Layer.provide(Layer.provideMerge(Executor.layer, Memory.layer))))
Order.toLayer(
  // @ts-expect-error the client of handlers is not one of programs
  // says: is not durable: call it in an activity
  () => Effect.as(SqlClient.SqlClient, "no")
)
// @ts-expect-error its end comes with what is written
Move.succeed("token")
const together = SqlExecutor.withinTransaction(Order.start(1))
declare const runEffect: <A, E>(effect: Effect.Effect<A, E>) => void
runEffect(together.pipe(Effect.provide(Layer.provideMerge(Executor.layer, Sqlite.layer({ filename: ":memory:" })))))
// @ts-expect-error a store without transactions
// says: Type 'Transactions' is not assignable to type 'never'.
runEffect(together.pipe(Effect.provide(Layer.provideMerge(Executor.layer, Memory.layer))))
Order.toLayer(
  // @ts-expect-error a program has no transactions
  // says: is not durable: call it in an activity
  () => Effect.as(SqlExecutor.withinTransaction(Effect.void), "no")
)
const outside = Effect.andThen(together, SqlClient.SqlClient).pipe(
  Effect.provide(Layer.provideMerge(Executor.layer, Sqlite.layer({ filename: ":memory:" })))
)
// @ts-expect-error the client of a transaction is given in that alone
// says: Type 'SqlClient' is not assignable to type 'never'.
runEffect(outside)
// @ts-expect-error there are no heartbeats
Activity.transactional("Move", { heartbeatTimeout: "1 second" })
// @ts-expect-error an error that is not declared
Activity.transactional("Move").toLayer(() => Effect.fail(new Other()))
// @ts-expect-error errors of statements are declared or handled
Move.toLayer(() => Effect.asVoid(Effect.flatMap(SqlClient.SqlClient, (sql) => sql`SELECT 1`)))

// What needs the default executor does not compile with Temporal's.
declare const onTemporal: Layer.Layer<TemporalWorker.Services>
const plain = Order.toLayer(() => Effect.succeed("ended"))
run(plain.pipe(Layer.provide(onTemporal)))
// @ts-expect-error Temporal runs no inline activities
// says: Type 'InlineActivities' is not assignable to type 'never'.
run(inlining.pipe(Layer.provide(onTemporal)))
// @ts-expect-error Temporal has no transactions
// says: Type 'Transactions' is not assignable to type 'never'.
run(moving.pipe(Layer.provide(onTemporal)))
// @ts-expect-error a worker without its module
TemporalWorker.layer({ taskQueue: "orders" })

// An agent needs the handlers of its model and of its tools, and a provider.
const Guide = LLMActivity.make("Guide")
const Rate = Tool.make("Rate", { parameters: Schema.Struct({ of: Schema.String }), success: Schema.Int })
const Desk = ToolActivity.fromToolkit(Toolkit.make(Rate))
const Yes = HumanActivity.make("Yes", { request: Schema.Int, decision: Schema.Boolean })
const agent = Order.toLayer(
  Effect.fnUntraced(function* (cents) {
    const { by } = yield* Effect.orDie(Yes(cents))
    const { text } = yield* Effect.orDie(LanguageModel.generateText({ prompt: by, toolkit: Desk.toolkit }))
    return text
  }, Effect.provide(Guide.model))
)
declare const provider: Layer.Layer<LanguageModel.LanguageModel>
const RateLive = Desk.toLayer({ Rate: () => Effect.succeed(1) })
run(agent.pipe(Layer.provide([Guide.toLayer(), RateLive]), Layer.provide(provider), Layer.provide(executor)))
// @ts-expect-error the handler of the model is missing
run(agent.pipe(Layer.provide(RateLive), Layer.provide(provider), Layer.provide(executor)))
// @ts-expect-error the handler of the tool is missing
// says: Type 'Handler<"Rate", { readonly of: string; }, number, ActivityTimedOut>' is not assignable to type 'never'.
run(agent.pipe(Layer.provide(Guide.toLayer()), Layer.provide(provider), Layer.provide(executor)))
// @ts-expect-error the provider is missing
// says: Type 'LanguageModel' is not assignable to type 'never'.
run(agent.pipe(Layer.provide([Guide.toLayer(), RateLive]), Layer.provide(executor)))
// @ts-expect-error a model that is asked in a program without an activity is not durable
Order.toLayer(() => Effect.map(Effect.orDie(LanguageModel.generateText({ prompt: "hello" })), ({ text }) => text))
// @ts-expect-error a name that is no literal
LLMActivity.make("" as string)
// @ts-expect-error the toolkit has no such tool
Desk.toLayer({ Rate: () => Effect.succeed(1), Other: () => Effect.succeed(1) })
// @ts-expect-error a tool without its handler
Desk.toLayer({})
// @ts-expect-error another result than that of the tool
Desk.toLayer({ Rate: () => Effect.succeed("one") })
// @ts-expect-error an answer that does not come is an error of the program
Order.toLayer((cents) => Effect.map(Yes(cents), ({ by }) => by))
// @ts-expect-error another request
Yes("700")
const asked = { workflowId: "order-7", id: "1", digest: "" }
Effect.flatMap(Approvals.Approvals, (approvals) =>
  // @ts-expect-error another decision
  approvals.answer(Yes, asked, { decision: "yes", by: "ada" })
)
// @ts-expect-error an answer is of a person
Effect.flatMap(Approvals.Approvals, (approvals) => approvals.answer(Yes, asked, { decision: true }))
