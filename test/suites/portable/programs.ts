/**
 * Programs that run on every executor: their contracts, and their layers without the handlers of activities, for a module that an
 * executor may run somewhere else.
 */
import { Deferred, Effect, Option, Ref, Result, Schema } from "effect"
import { Activity, Attributes, Query, RetryPolicy, Signal, Update, Workflow, type WorkflowError } from "perdure"

export class Rejected extends Schema.TaggedError<Rejected>()("Rejected", { why: Schema.String }) {}

export const AddItem = Update.make("addItem", { input: Schema.String, success: Schema.Int, error: Rejected })
export const Later = Update.make("later", { input: Schema.String, success: Schema.String })
export const Ahead = Update.make("ahead", { input: Schema.String, success: Schema.String })
export const CheckOut = Signal.make("checkOut")
export const Items = Query.make("items", { success: Schema.Array(Schema.String) })
export const ItemAt = Query.make("itemAt", { input: Schema.Int, success: Schema.String, error: Rejected })
export const Price = Activity.make("Price", { input: Schema.String, success: Schema.Int })

/** A cart: updates that validate, ask an activity, fail, die and wait; queries that read it. */
export const Cart = Workflow.make("Cart", { input: Schema.String, success: Schema.Array(Schema.String) })
export const cart = Cart.toLayer(() =>
  Effect.gen(function* () {
    const items = yield* Ref.make<ReadonlyArray<string>>([])
    const slow = yield* Deferred.make<string>()
    yield* Items.answer(() => Ref.get(items))
    yield* ItemAt.answer((index) =>
      Effect.flatMap(Ref.get(items), (all) =>
        all[index] === undefined ? Effect.fail(new Rejected({ why: `no item ${index}` })) : Effect.succeed(all[index])
      )
    )
    yield* AddItem.handle(
      Effect.fnUntraced(function* (item) {
        if (item === "gone") return yield* new Rejected({ why: "sold out" })
        if (item === "bug") return yield* Effect.die(new Error("a bug"))
        if (item === "release") yield* Deferred.succeed(slow, "released")
        if (item.startsWith("priced")) yield* Price(item)
        return (yield* Ref.updateAndGet(items, (all) => [...all, item])).length
      }),
      { validate: (item) => (item === "" ? Effect.fail(new Rejected({ why: "empty" })) : Effect.void) }
    )
    yield* Later.handle((text) => Effect.map(Deferred.await(slow), (released) => `${text} ${released}`))
    yield* CheckOut.receive
    return yield* Ref.get(items)
  })
)

export const Add = Signal.make("add", { payload: Schema.Finite })

/** Adds what it is sent, a run each, until it is sent nothing to add. */
export const Sum = Workflow.make("Sum", { input: Schema.Finite, success: Schema.Finite })
export const sum = Sum.toLayer(
  Effect.fnUntraced(function* (before) {
    const added = yield* Add.receive
    return added === 0 ? before : Sum.continueAsNew(before + added)
  })
)

/** Fails at once, and asks how much of what it did is to be undone. Its first handler ends with it. */
export const Undoing = Workflow.make("Undoing", { success: Schema.Void, error: Rejected })
export const undoing = Undoing.toLayer(() =>
  Later.handle((text) => Effect.succeed(`${text} to the program`)).pipe(
    Workflow.withCompensation(() =>
      Effect.gen(function* () {
        const text = yield* Deferred.make<string>()
        yield* Effect.sleep(300)
        yield* Later.handle((given) => Effect.as(Deferred.succeed(text, given), `${given} to the compensation`))
        yield* Ahead.handle(() => Effect.never)
        yield* Echo(yield* Deferred.await(text))
      })
    ),
    Effect.andThen(Effect.fail(new Rejected({ why: "undone" })))
  )
)

/** Collects what updates bring, a run for each signal until it is sent nothing to add. */
export const Turning = Workflow.make("Turning", {
  input: Schema.Array(Schema.String),
  success: Schema.Array(Schema.String)
})
export const turning = Turning.toLayer(
  Effect.fnUntraced(function* (before) {
    const items = [...before]
    yield* AddItem.handle((item) => Effect.sync(() => items.push(item)))
    return (yield* Add.receive) === 0 ? items : Turning.continueAsNew(() => items)
  })
)

/** Continues as new on the first signal, and then answers the update that came to the run before. */
export const Passing = Workflow.make("Passing", { input: Schema.Boolean, success: Schema.String })
export const passing = Passing.toLayer(
  Effect.fnUntraced(function* (isSecond) {
    if (!isSecond) {
      yield* CheckOut.receive
      return Passing.continueAsNew(true)
    }
    const text = yield* Deferred.make<string>()
    yield* Ahead.handle((given) => Effect.as(Deferred.succeed(text, given), `passed ${given}`))
    return yield* Deferred.await(text)
  })
)

export const Go = Signal.make("go")
export const Echo = Activity.make("Echo", { input: Schema.String, success: Schema.String })

/** Waits for a signal, and says when it was cancelled. */
export const Wait = Workflow.make("Wait", { input: Schema.String, success: Schema.String })
export const wait = Wait.toLayer((text) =>
  Go.receive.pipe(
    Effect.as(text),
    Effect.onInterrupt(() => Effect.orDie(Echo(`${text} was interrupted`)))
  )
)

/** Ends as it is told. */
export const End = Workflow.make("End", { input: Schema.String, success: Schema.String, error: Rejected })
export const end = End.toLayer((how) => {
  if (how === "fails") return Effect.fail(new Rejected({ why: "as asked" }))
  if (how === "dies") return Effect.die(new Error("a bug"))
  return how === "sleeps" ? Effect.never : Effect.succeed(how)
})

/** What a parent does, in words: the rest of each is the id of its child. */
export const Parent = Workflow.make("Parent", {
  input: Schema.Struct({ how: Schema.String, id: Schema.String }),
  success: Schema.Json,
  error: Rejected
})
export const parent = Parent.toLayer(({ how, id }) => {
  const workflowId = id
  switch (how) {
    case "executes":
      return End.execute("well", { workflowId })
    case "fails":
      return End.execute("fails", { workflowId })
    case "reasons":
      return Effect.all(
        [
          reason(End.execute("dies", { workflowId: `${id} dies` })),
          reason(End.execute("sleeps", { workflowId: `${id} cancelled` })),
          reason(End.execute("sleeps", { workflowId: `${id} terminated` })),
          reason(End.execute("sleeps", { workflowId: `${id} late`, timeout: "300 millis" }))
        ],
        { concurrency: "unbounded" }
      )
    case "races":
      return Effect.race(Wait.execute(id, { workflowId }), Effect.as(Effect.sleep("300 millis"), "the timer"))
    case "taken":
      return reason(End.start("well", { workflowId }))
    case "leaves":
      return Effect.as(Wait.start(id, { workflowId }), "left")
    case "ends":
      return Effect.as(Wait.start(id, { workflowId, parentClose: "terminate" }), "ended")
    case "abandons":
      return Effect.as(Wait.start(id, { workflowId, parentClose: "abandon" }), "abandoned")
    case "speaks":
      return Effect.gen(function* () {
        const child = yield* Wait.start(id, { workflowId })
        yield* Go.send(child)
        return yield* child.result
      })
    default:
      return Effect.succeed("nothing")
  }
})

/** Waits for a promise of its own, which no executor can repeat: it is blocked. */
export const Stuck = Workflow.make("Stuck", { input: Schema.String, success: Schema.String })
export const stuck = Stuck.toLayer((text) => Effect.promise(() => Promise.resolve(text)))

/** Starts a child, continues as new, and waits for the end of the child there. */
export const Relay = Workflow.make("Relay", { input: Schema.String, success: Schema.String })
export const relay = Relay.toLayer(
  Effect.fnUntraced(function* (id) {
    const Child = id.endsWith("stuck") ? Stuck : Wait
    if (!id.startsWith("then ")) {
      yield* Child.start(id, { workflowId: id })
      return Relay.continueAsNew(`then ${id}`)
    }
    const child = yield* Child.handle(id.slice("then ".length))
    return yield* child.result
  }, Effect.orDie)
)

/** Speaks to an execution that is no child of it, as it is told; answers what came of that. */
export const Speaker = Workflow.make("Speaker", {
  input: Schema.Struct({ how: Schema.String, to: Schema.String, run: Schema.optionalKey(Schema.String) }),
  success: Schema.Json
})
export const speaker = Speaker.toLayer(({ how, run, to }) => {
  const ref = run === undefined ? to : { workflowId: to, runId: run }
  switch (how) {
    case "finds":
      return Effect.map(Cart.handle(to), ({ workflowId }) => workflowId).pipe(orReason)
    case "signals":
      return Effect.as(Go.send(ref), "sent").pipe(orReason)
    case "asks":
      return Items.ask(ref).pipe(orReason)
    case "updates":
      return AddItem.execute(ref, "from a program").pipe(
        Effect.catchTag("Rejected", ({ why }) => Effect.succeed(why)),
        orReason
      )
    case "awaits":
      return Effect.flatMap(Wait.handle(to), ({ result }) => result).pipe(orReason)
    case "cancels":
      return Effect.flatMap(Wait.handle(to), (handle) => Effect.as(handle.cancel("not needed"), "cancelled")).pipe(
        orReason
      )
    case "terminates":
      return Effect.flatMap(Wait.handle(to), (handle) => Effect.as(handle.terminate("enough"), "terminated")).pipe(
        orReason
      )
    default:
      return Effect.succeed("nothing")
  }
})

export class Declined extends Schema.TaggedError<Declined>()("Declined", { code: Schema.Int }) {}

/** Leaves its end to a caller outside, so many milliseconds after it has given its token away. */
export const Charge = Activity.make("Charge", {
  input: Schema.Int,
  success: Schema.String,
  error: Schema.Union([Declined, Activity.ActivityTimedOut]),
  retry: RetryPolicy.exponential({ maxAttempts: 3, initialInterval: "50 millis" }),
  timeout: "5 seconds"
})

/** Leaves a call open when it goes on, on a signal, and ends on another one. */
export const Leaving = Workflow.make("Leaving", { input: Schema.Boolean, success: Schema.String })
export const leaving = Leaving.toLayer(
  Effect.fnUntraced(function* (isSecond) {
    if (!isSecond) yield* Effect.forkChild(Charge(0))
    yield* CheckOut.receive
    return isSecond ? "left" : Leaving.continueAsNew(true)
  })
)

/** Charges, says how that ended, and ends itself when it was told to go. */
export const Payment = Workflow.make("Payment", { input: Schema.Int, success: Schema.String })
export const payment = Payment.toLayer((pause) =>
  Charge(pause).pipe(
    Effect.tap(() => (pause === 0 ? Effect.void : CheckOut.receive)),
    Effect.catchTag("Declined", ({ code }) => Effect.succeed(`declined ${code}`)),
    Effect.catchTag("ActivityTimedOut", ({ after }) => Effect.succeed(`not within ${after}`))
  )
)

/** Reports how far it is, and fails at its first attempt. */
export const Copy = Activity.make("Copy", {
  success: Schema.Int,
  error: Rejected,
  heartbeat: Schema.Int,
  retry: RetryPolicy.exponential({ maxAttempts: 2, initialInterval: "50 millis" })
})

/** Never ends, and says how it was interrupted. */
export const Endless = Activity.make("Endless", { input: Schema.String, success: Schema.Void })

export const Copying = Workflow.make("Copying", { success: Schema.Int, error: Rejected })
export const copying = Copying.toLayer(() => Copy())

/** Gives up on an activity. */
export const Impatient = Workflow.make("Impatient", { input: Schema.String, success: Schema.Boolean })
export const impatient = Impatient.toLayer((id) =>
  Effect.map(Effect.timeoutOption(Effect.orDie(Endless(id)), "300 millis"), Option.isNone)
)

const OrderAttributes = Attributes.make({
  customer: Schema.String,
  total: Schema.Finite,
  urgent: Schema.Boolean
})

/** Sets attributes and waits. */
export const Listed = Workflow.make("Listed", { input: Schema.String })
export const listed = Listed.toLayer((customer) =>
  Effect.andThen(OrderAttributes.set({ customer, total: 5, urgent: true }), Go.receive)
)

/** Two versions of one workflow. */
export const First = Workflow.make("Versioned", { success: Schema.String, version: "1.9" })
export const Second = Workflow.make("Versioned", { success: Schema.String, version: "1.10" })
export const first = First.toLayer(() => Effect.as(Go.receive, "the first"))
export const second = Second.toLayer(() => Effect.as(Go.receive, "the second"))

/** Takes longer than it may. */
export const Slow = Workflow.make("Slow", { success: Schema.String, timeout: "300 millis" })
export const slow = Slow.toLayer(() =>
  Effect.as(Effect.never, "").pipe(Effect.onInterrupt(() => Effect.orDie(Echo("too slow"))))
)

// internal

const reason = <A, E>(effect: Effect.Effect<A, E | WorkflowError.WorkflowError, any>) =>
  Effect.map(Effect.result(effect), (result) =>
    Result.isSuccess(result) ? "succeeded" : reasonIn(result.failure)
  ) as Effect.Effect<string>

const reasonIn = (error: unknown): string => {
  const { _tag, reason } = error as { readonly _tag: string; readonly reason?: { readonly _tag: string } }
  return reason?._tag ?? _tag
}

const orReason = <A, R>(effect: Effect.Effect<A, WorkflowError.WorkflowError, R>) =>
  Effect.catchTag(effect, "WorkflowError", ({ reason }) => Effect.succeed(reason._tag))
