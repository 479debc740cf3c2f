/**
 * Who did what, and who may: an audit trail that hooks write, and middleware that lets customers see and cancel their own orders alone.
 * The programs know of neither.
 */
import { Console, Context, Effect, Layer, Logger, Schema } from "effect"
import { Activity, Executions, Hooks, Middleware, Signal, Workflow, WorkflowError } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import * as MemoryStore from "perdure/Store/Memory"

const Charge = Activity.make("Charge", { input: Schema.Struct({ cents: Schema.Int }), success: Schema.String })
const Approve = Signal.make("approve", { payload: Schema.Struct({ by: Schema.String }) })
const Order = Workflow.make("Order", {
  input: Schema.Struct({ id: Schema.String, cents: Schema.Int }),
  workflowId: ({ id }) => `order-${id}`
})

const OrderLive = Order.toLayer(
  Effect.fn("Order")(function* ({ cents }) {
    yield* Approve.receive
    yield* Charge({ cents })
  })
).pipe(Layer.provide(Charge.toLayer(({ cents }) => Effect.succeed(`receipt for ${cents}`))))

/** Where the trail is written. */
class Trail extends Context.Service<Trail, Array<string>>()("Trail") {}

const write = (line: string) => Effect.flatMap(Trail, (trail) => Effect.sync(() => trail.push(line)))

const audit = Hooks.make([Order, Charge, Approve], {
  onWorkflowStart: ({ attributes, input, workflowId }) =>
    write(`${workflowId}: ${attributes["customer"]} orders for ${input.cents}`),
  onSignal: ({ payload, workflowId }) => write(`${workflowId}: approved by ${payload.by}`),
  onActivityComplete: ({ value, workflowId }) => write(`${workflowId}: ${value}`),
  onWorkflowComplete: ({ workflowId }) => write(`${workflowId}: done`),
  onWorkflowCancel: ({ because, workflowId }) => write(`${workflowId}: cancelled, ${because}`)
})

/** Who asks. */
class CurrentUser extends Context.Service<
  CurrentUser,
  { readonly name: string; readonly role: "customer" | "clerk" }
>()("CurrentUser") {}

const authorised = Middleware.authorise((operation) =>
  Effect.gen(function* () {
    const { name, role } = yield* CurrentUser
    const no = new WorkflowError.Forbidden({ detail: `${name} may not do this` })
    // These executions are those inside of the middleware: looking at one is not authorised again.
    const { describe } = yield* Executions.Executions
    const order =
      operation.ref === undefined
        ? undefined
        : yield* describe(operation.ref).pipe(
            Effect.catchReason("WorkflowError", "NotFound", () => Effect.undefined),
            Effect.mapError(() => no)
          )
    const isTheirs = order?.attributes["customer"] === name
    switch (operation._tag) {
      case "Start":
        // One that is there may be restarted, so it has to be theirs already.
        return yield* (order === undefined ? operation.request.attributes?.["customer"] === name : isTheirs)
          ? Effect.void
          : no
      case "Signal":
      case "List":
        return yield* role === "clerk" ? Effect.void : no
      case "Cancel":
      case "Describe":
      case "Result":
        return yield* role === "clerk" || isTheirs ? Effect.void : no
      default:
        // What is not named here is for none.
        return yield* no
    }
  })
)

const trail: Array<string> = []

const Main = OrderLive.pipe(
  Layer.provideMerge(
    Middleware.apply(DefaultExecutor.layer, Middleware.logging, authorised, Middleware.withHooks(audit))
  ),
  Layer.provide(MemoryStore.layer),
  Layer.provide(Layer.succeed(Trail, trail)),
  // Where no request says who asks.
  Layer.provide(Layer.succeed(CurrentUser, { name: "a stranger", role: "customer" })),
  // The log goes to stderr, so that only the output of the example is on stdout.
  Layer.provide(Layer.succeed(Logger.LogToStderr, true))
)

const customer = (name: string) => Effect.provideService(CurrentUser, { name, role: "customer" })
const clerk = Effect.provideService(CurrentUser, { name: "Carl", role: "clerk" })

/** Tells whether something was allowed. */
const ask = <A, R>(effect: Effect.Effect<A, WorkflowError.WorkflowError, R>) =>
  effect.pipe(
    Effect.andThen(Effect.succeed("done")),
    Effect.catchReason("WorkflowError", "Forbidden", ({ detail }) => Effect.succeed(`no: ${detail}`)),
    Effect.flatMap(Console.log)
  )

const program = Effect.gen(function* () {
  const order = (id: string, cents: number, name: string) =>
    customer(name)(Order.start({ id, cents }, { attributes: { customer: name } }))
  const first = yield* order("1", 500, "Ada")
  const second = yield* order("2", 700, "Bob")

  yield* ask(customer("Bob")(first.cancel("a joke")))
  yield* ask(customer("Bob")(Approve.send(second, { by: "Bob" })))
  yield* ask(first.describe)
  yield* ask(clerk(first.terminate("for no reason")))

  yield* ask(customer("Bob")(second.cancel("too dear")))
  yield* ask(clerk(Approve.send(first, { by: "Carl" })))
  yield* customer("Ada")(first.result)
  const restart = { whenExists: "restart", attributes: { customer: "Bob" } } as const
  yield* ask(customer("Bob")(Order.start({ id: "1", cents: 1 }, restart)))
  yield* Effect.ignore(customer("Bob")(second.result))
})

await Effect.runPromise(Effect.provide(program, Main))

// When the layer has ended, all calls of hooks are made. Those of one order are in the order of its commits.
for (const line of trail.toSorted((a, b) => a.slice(0, 7).localeCompare(b.slice(0, 7)))) console.log(line)

// Output:
// no: Bob may not do this
// no: Bob may not do this
// no: a stranger may not do this
// no: Carl may not do this
// done
// done
// no: Bob may not do this
// order-1: Ada orders for 500
// order-1: approved by Carl
// order-1: receipt for 500
// order-1: done
// order-2: Bob orders for 700
// order-2: cancelled, too dear
