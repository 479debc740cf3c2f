/** Programs that are wrong do not compile; the error stands at the place of the mistake. */
import { Context, Effect, Layer, type Schedule, Schema } from "effect"
import { Activity, RetryPolicy, Signal, Workflow } from "perdure"
import * as Executor from "perdure/Executor/Default"
import type { DurableExecutor } from "perdure/Executor/DurableExecutor"
import { Executions } from "perdure/Executor/Executions"
import type { WorkflowRegistry } from "perdure/Executor/WorkflowRegistry"
import * as Memory from "perdure/Store/Memory"
import type { WorkflowHandle } from "perdure/WorkflowHandle"

class Declined extends Schema.TaggedError<Declined>()("Declined", { code: Schema.String }) {}
class Other extends Schema.TaggedError<Other>()("Other", {}) {}
class Database extends Context.Service<Database, { readonly read: Effect.Effect<string> }>()("Database") {}

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
run(program.pipe(Layer.provide(ChargeLive), Layer.provide(executor)))
// @ts-expect-error no handler at all
run(program.pipe(Layer.provide(executor)))
// @ts-expect-error the executor is missing
run(program.pipe(Layer.provide([ChargeLive, Ship.toLayer(() => Effect.void)])))
// @ts-expect-error the store is missing
run(program.pipe(Layer.provide([ChargeLive, Ship.toLayer(() => Effect.void)]), Layer.provide(Executor.layer)))

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

const read = Effect.flatMap(Database, (database) => database.read)
// @ts-expect-error a program may not use a service, which would not be durable
Order.toLayer(() => read)
// @ts-expect-error not beside an activity either
Order.toLayer((cents) => Effect.tap(Charge(cents), read))
// @ts-expect-error what is read of executions is not durable
Order.toLayer(() => Effect.as(Effect.orDie(Effect.flatMap(Executions, (executions) => executions.count())), "receipt"))
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

// @ts-expect-error the payload of a signal
Approve.send("id", { by: 1 })
// @ts-expect-error a payload is missing
Approve.send("id")
declare const handle: WorkflowHandle<string, Declined>
// @ts-expect-error the payload of a signal to a handle
Approve.send(handle, "Ada")
// @ts-expect-error a ref names its execution
Approve.send({ runId: "run" }, { by: "Ada" })
// @ts-expect-error the payload of a signal through a handle
handle.signal(Approve, "Ada")
// @ts-expect-error the payload is missing
handle.signal(Approve)
// @ts-expect-error a signal is received inside a program only
Effect.runSync(Approve.receive)
// @ts-expect-error an activity is called inside a program only
Effect.runPromise(Charge(1))

declare const forOther: Schedule.Schedule<number, Other>
// @ts-expect-error a policy for errors that the activity does not have
Activity.make("A", { error: Declined, retry: forOther })
// @ts-expect-error an error that the activity does not have
Activity.make("A", { error: Declined, retry: RetryPolicy.exponential({ nonRetryable: (e) => e._tag === "Other" }) })
const forDeclined = RetryPolicy.exponential({ nonRetryable: (error: Declined) => error.code === "stolen" })
// @ts-expect-error a policy that does not know of timeouts
Activity.make("A", { error: Declined, retry: forDeclined })
// @ts-expect-error not an option of the policy
Activity.make("A", { error: Declined, retry: RetryPolicy.exponential({ attempts: 3 }) })
// @ts-expect-error this overload is there for the compiler only
RetryPolicy.exponential({}, {})
declare const Needy: Schema.Codec<string, string, Database>
// @ts-expect-error a schema that needs services cannot be recorded
Activity.make("A", { input: Needy })

// @ts-expect-error the status is not one of them
Effect.map(handle.status, (status) => status === "done")
// @ts-expect-error a handle reads with the service Executions
Effect.runPromise(handle.status)
// @ts-expect-error an option of the executor that does not exist
Executor.layerWith({ maxHot: 1 })
