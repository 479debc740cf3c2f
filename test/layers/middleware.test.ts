/** Middleware: layers around an executor, which see every operation of its callers and every attempt of an activity. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer, Logger, Option, References, Schema } from "effect"
import { TestClock } from "effect/testing"
import {
  Activity,
  ActivityContext,
  DurableExecutor,
  Executions,
  type Message,
  Middleware,
  Query,
  RetryPolicy,
  Signal,
  Update,
  Workflow,
  WorkflowError
} from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import * as MemoryStore from "perdure/Store/Memory"

const Go = Signal.make("go", { payload: Schema.Int })
const Add = Update.make("add", { input: Schema.Int, success: Schema.Int })
const Total = Query.make("total", { input: Schema.String, success: Schema.Int })
const Order = Workflow.make("Order", { input: Schema.Int, success: Schema.Int, workflowId: (n) => `order-${n}` })
const OrderLive = Order.toLayer(
  Effect.fnUntraced(function* (n) {
    yield* Add.handle((more) => Effect.succeed(n + more))
    yield* Total.answer(() => Effect.succeed(n))
    return n + (yield* Go.receive)
  })
)
const base = DefaultExecutor.layer.pipe(Layer.provide(MemoryStore.layer))

class CurrentUser extends Context.Service<CurrentUser, string>()("CurrentUser") {}

/** Each operation of both services, as a caller that has no definition calls it. */
const operations = Effect.gen(function* () {
  const executor = yield* DurableExecutor.DurableExecutor
  const executions = yield* Executions.Executions
  const ref = { workflowId: "order-1" }
  const messages: { readonly [Tag in Message.Message["_tag"]]: Extract<Message.Message, { readonly _tag: Tag }> } = {
    Signal: { _tag: "Signal", name: "go", payload: 1 },
    Cancel: { _tag: "Cancel", reason: "" },
    Terminate: { _tag: "Terminate", reason: "" },
    Query: { _tag: "Query", name: "total", input: "" },
    Update: { _tag: "Update", id: "u", name: "add", input: 1, wait: "accepted" },
    Complete: {
      _tag: "Complete",
      run: "run" as never,
      seq: 0 as never,
      activity: "Work",
      attempt: 1,
      exit: { _tag: "Success", value: null }
    }
  }
  const calls: {
    readonly [Name in keyof typeof executor]: ReadonlyArray<Effect.Effect<unknown, WorkflowError.WorkflowError>>
  } = {
    start: [executor.start({ workflow: "Order", workflowId: "order-2", input: 2 })],
    find: [executor.find("order-1")],
    send: Object.values(messages).map((message) => executor.send(ref, message)),
    result: [executor.result(ref)]
  }
  const readings: {
    readonly [Name in keyof typeof executions]: Effect.Effect<unknown, WorkflowError.WorkflowError>
  } = {
    describe: executions.describe(ref),
    history: executions.history("order-1"),
    list: executions.list(),
    count: executions.count({ workflow: "Order" }),
    delete: executions.delete(ref)
  }
  // A method that is new is not forgotten here.
  assert.deepStrictEqual(Object.keys(executor).sort(), Object.keys(calls).sort())
  assert.deepStrictEqual(Object.keys(executions).sort(), Object.keys(readings).sort())
  return [...Object.values(calls).flat(), ...Object.values(readings)]
})

const names = [
  "start",
  "find",
  "signal",
  "cancel",
  "terminate",
  "query",
  "update",
  "complete",
  "result",
  "describe",
  "history",
  "list",
  "count",
  "delete"
]

describe("authorise", () => {
  const forbidden = new WorkflowError.Forbidden({ detail: "only ada may do this" })
  const ada = Middleware.authorise(() =>
    Effect.flatMap(CurrentUser, (user) => (user === "ada" ? Effect.void : Effect.fail(forbidden)))
  )

  it.effect("lets no operation slip past", () =>
    Effect.gen(function* () {
      yield* Effect.provideService(Order.start(1), CurrentUser, "ada")
      const before = yield* Effect.provideService(Order.handle("order-1"), CurrentUser, "ada")
      const refused: Array<string> = []
      for (const call of yield* operations) {
        const error = yield* Effect.flip(call)
        assert.deepStrictEqual(error.reason, forbidden)
        refused.push(error.operation)
        if (error.operation !== "list" && error.operation !== "count") assert.isDefined(error.workflowId)
      }
      assert.deepStrictEqual(refused, names)
      const { status } = yield* Effect.provideService(before.describe, CurrentUser, "ada")
      assert.strictEqual(status, "running")
    }).pipe(
      Effect.provide(
        OrderLive.pipe(
          Layer.provideMerge(Middleware.apply(base, ada)),
          Layer.provide(Layer.succeed(CurrentUser, "a stranger"))
        )
      )
    )
  )

  it.effect("goes by the user of the call, and may look at the execution without asking itself", () =>
    Effect.gen(function* () {
      const asked: Array<string> = []
      const own = Middleware.authorise((operation) =>
        Effect.gen(function* () {
          asked.push(operation._tag)
          const user = yield* CurrentUser
          if (operation._tag === "Start") return
          const executions = yield* Executions.Executions
          const { attributes } = yield* Effect.orDie(executions.describe(operation.ref?.workflowId ?? ""))
          if (attributes["customer"] !== user) return yield* forbidden
        })
      )
      const use = <A, E, R>(user: string, effect: Effect.Effect<A, E, R>) =>
        Effect.provideService(effect, CurrentUser, user)
      const program = Effect.gen(function* () {
        const run = yield* Order.start(1, { attributes: { customer: "ada" } })
        const error = yield* Effect.flip(use("bob", run.cancel()))
        assert.strictEqual(error.message, 'cancel "order-1": not allowed: only ada may do this')
        yield* use("ada", Go.send(run, 4))
        assert.strictEqual(yield* use("ada", run.result), 5)
      })
      const live = OrderLive.pipe(
        Layer.provideMerge(Middleware.apply(base, own)),
        Layer.provide(Layer.succeed(CurrentUser, "nobody"))
      )
      yield* Effect.provide(program, live)
      assert.deepStrictEqual(asked, ["Start", "Cancel", "Signal", "Result"])
    })
  )

  it.effect("takes no answer for a yes, where no compiler has looked", () =>
    Effect.gen(function* () {
      // The second forgets to fail, and the last does not say what it means.
      for (const answer of [false, new WorkflowError.Forbidden({ detail: "no" }), Option.none(), null, true]) {
        const no = Middleware.authorise(() => Effect.succeed(answer as never))
        const exit = yield* Effect.exit(Effect.provide(Order.start(1), Middleware.apply(base, no)))
        assert.include(String(exit), "let it fail with WorkflowError.Forbidden to refuse, and answer nothing to allow")
      }
    })
  )

  it.effect("is not asked for what a program does", () =>
    Effect.gen(function* () {
      const Parent = Workflow.make("Parent", { success: Schema.Int, workflowId: () => "parent" })
      const ParentLive = Parent.toLayer(() =>
        Effect.gen(function* () {
          const child = yield* Order.start(7)
          yield* Go.send(child, 3)
          return yield* child.result
        })
      )
      const asked: Array<string> = []
      const all = Middleware.authorise((operation) => Effect.sync(() => void asked.push(operation._tag)))
      const live = Layer.merge(OrderLive, ParentLive).pipe(Layer.provideMerge(Middleware.apply(base, all)))
      assert.strictEqual(yield* Effect.provide(Parent.execute(), live), 10)
      assert.deepStrictEqual(asked, ["Start", "Result"])
    })
  )
})

describe("middleware", () => {
  it.effect("the first of a list is the outermost", () =>
    Effect.gen(function* () {
      const steps: Array<string> = []
      const named = (name: string) =>
        Middleware.around((operation, next) =>
          Effect.sync(() => steps.push(`${name} begins ${operation._tag}`)).pipe(
            Effect.andThen(next),
            Effect.ensuring(Effect.sync(() => steps.push(`${name} ends`)))
          )
        )
      const live = Middleware.apply(base, named("first"), named("second"))
      yield* Effect.provide(Order.start(1), live)
      assert.deepStrictEqual(steps, ["first begins Start", "second begins Start", "second ends", "first ends"])
    })
  )

  it.effect("is a function from services to services", () =>
    Effect.gen(function* () {
      const tenant = Middleware.make(({ executions, executor }) => ({
        executions,
        executor: {
          ...executor,
          start: (request) => executor.start({ ...request, workflowId: `tenant/${request.workflowId}` })
        }
      }))
      const program = Effect.gen(function* () {
        yield* Order.start(1)
        const { executions } = yield* Effect.flatMap(Executions.Executions, ({ list }) => list())
        return executions.map(({ workflowId }) => workflowId)
      })
      assert.deepStrictEqual(yield* Effect.provide(program, Middleware.apply(base, tenant)), ["tenant/order-1"])
    })
  )

  it.effect(
    "wraps each attempt of an activity, the first of a list outermost, and may end it in the handler's place",
    () =>
      Effect.gen(function* () {
        class Flaky extends Schema.TaggedError<Flaky>()("Flaky", {}) {}
        class Prefix extends Context.Service<Prefix, string>()("Prefix") {}
        const Work = Activity.make("Work", {
          input: Schema.Int,
          success: Schema.Int,
          error: Flaky,
          retry: RetryPolicy.exponential({ maxAttempts: 3 })
        })
        const Runs = Workflow.make("Runs", { input: Schema.Int, success: Schema.Int, error: Flaky, workflowId: String })
        const steps: Array<string> = []
        const noting = (name: string) =>
          Middleware.activity(({ context: { activity, attempt }, input }, next) =>
            Effect.gen(function* () {
              const prefix = yield* Prefix
              steps.push(`${prefix}${name} begins ${activity}(${String(input)}) ${attempt}`)
              const end = yield* next
              steps.push(`${prefix}${name} ends ${end._tag}`)
              return end
            })
          )
        const cached = Middleware.activity(({ input }, next) =>
          input === 0 ? Effect.succeed({ _tag: "Success", value: 100 }) : next
        )
        const handler = Work.toLayer((n) =>
          Effect.flatMap(ActivityContext.ActivityContext, ({ attempt }) =>
            attempt < 2 ? new Flaky() : Effect.succeed(n)
          )
        )
        const live = Runs.toLayer((n) => Work(n)).pipe(
          Layer.provide(handler),
          Layer.provideMerge(Middleware.apply(base, noting("first"), noting("second"), cached)),
          Layer.provide(Layer.succeed(Prefix, "> "))
        )
        const program = Effect.gen(function* () {
          const run = yield* Runs.start(1)
          yield* TestClock.adjust("1 minute")
          assert.strictEqual(yield* run.result, 1)
          assert.strictEqual(yield* Runs.execute(0), 100)
        })
        yield* Effect.provide(program, live)
        const attempt = (input: number, number: number, end: string) => [
          `> first begins Work(${input}) ${number}`,
          `> second begins Work(${input}) ${number}`,
          `> second ends ${end}`,
          `> first ends ${end}`
        ]
        assert.deepStrictEqual(steps, [
          ...attempt(1, 1, "Fail"),
          ...attempt(1, 2, "Success"),
          ...attempt(0, 1, "Success")
        ])
      })
  )

  it.effect("what dies around an attempt is the defect of the attempt", () =>
    Effect.gen(function* () {
      const Work = Activity.make("Work")
      const Runs = Workflow.make("Runs", { workflowId: () => "runs" })
      const broken = Middleware.activity(() => Effect.die(new Error("no room")))
      const live = Runs.toLayer(() => Work()).pipe(
        Layer.provide(Work.toLayer(() => Effect.void)),
        Layer.provideMerge(Middleware.apply(base, broken))
      )
      const error = yield* Effect.flip(Effect.provide(Runs.execute(), live))
      assert.strictEqual(error.reason._tag, "Defect")
      assert.include(error.message, "no room")
    })
  )
})

describe("logging", () => {
  it.effect("tells of each operation with its name and execution, and of failures as a warning", () =>
    Effect.gen(function* () {
      const lines: Array<string> = []
      const logger = Logger.make(({ fiber, logLevel, message }) => {
        const { workflowId } = fiber.getRef(References.CurrentLogAnnotations)
        lines.push(`${logLevel} ${String((message as ReadonlyArray<unknown>)[0])} ${String(workflowId)}`)
      })
      const program = Effect.gen(function* () {
        const run = yield* Order.start(1)
        yield* run.describe
        yield* Effect.flip(Go.send("order-2", 1))
      })
      yield* program.pipe(
        Effect.provide(Layer.provideMerge(Middleware.apply(base, Middleware.logging), Logger.layer([logger]))),
        Effect.provideService(References.MinimumLogLevel, "Debug")
      )
      assert.deepStrictEqual(lines, [
        "Info start took 0 ms order-1",
        "Debug describe took 0 ms order-1",
        "Warn signal failed after 0 ms order-2"
      ])
    })
  )
})

describe("rateLimit", () => {
  const start = (n: number) => Order.start(n)

  it.effect("refuses what is too much and says when to come again; what only reads is not counted", () =>
    Effect.gen(function* () {
      yield* start(1)
      yield* TestClock.adjust("400 millis")
      yield* start(2)
      const { reason } = yield* Effect.flip(start(3))
      assert.deepStrictEqual(reason, new WorkflowError.RateLimited({ retryAfter: 600 }))
      yield* (yield* Order.handle("order-1")).describe
      assert.strictEqual((yield* Effect.flip(Order.handle("order-3"))).reason._tag, "NotFound")
      yield* TestClock.adjust("600 millis")
      yield* start(3)
      assert.strictEqual((yield* Effect.flip(start(4))).reason._tag, "RateLimited")
    }).pipe(Effect.provide(Middleware.apply(base, Middleware.rateLimit({ limit: 2, every: "1 second" }))))
  )

  it.effect("lets what is too much wait for its turn, in order", () =>
    Effect.gen(function* () {
      const begun: Array<number> = []
      const started = (n: number) => Effect.tap(start(n), () => Effect.sync(() => begun.push(n)))
      yield* Effect.forkChild(Effect.all([1, 2, 3, 4, 5].map(started), { concurrency: "unbounded" }))
      yield* TestClock.adjust("999 millis")
      assert.deepStrictEqual(begun, [1, 2])
      yield* TestClock.adjust("1 millis")
      assert.deepStrictEqual(begun, [1, 2, 3, 4])
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(begun, [1, 2, 3, 4, 5])
    }).pipe(
      Effect.provide(Middleware.apply(base, Middleware.rateLimit({ limit: 2, every: "1 second", whenFull: "wait" })))
    )
  )

  it.effect("has a limit for each key, and forgets the keys that are idle", () =>
    Effect.gen(function* () {
      for (let n = 0; n < 3000; n++) yield* start(n)
      assert.strictEqual((yield* Effect.flip(start(2999))).reason._tag, "RateLimited")
      yield* TestClock.adjust("1 second")
      for (let n = 0; n < 3000; n++) yield* start(n)
    }).pipe(
      Effect.provide(
        Middleware.apply(base, Middleware.rateLimit({ limit: 1, every: "1 second", key: ({ ref }) => ref?.workflowId }))
      )
    )
  )

  it("refuses limits that make no sense", () => {
    const limit = Middleware.rateLimit as (options: unknown) => unknown
    assert.throws(
      () => limit({ limit: 0, every: "1 second" }),
      TypeError,
      "the limit must be a whole number of at least 1"
    )
    assert.throws(() => limit({ limit: Infinity, every: 1 }), TypeError, "the limit must be finite")
    assert.throws(() => limit({ limit: 1, every: "soon" }), TypeError, "every must be a duration")
    assert.throws(() => limit({ limit: 1, every: 1, whenFull: "drop" }), TypeError, 'whenFull must be "fail" or "wait"')
  })
})

describe("inputValidation", () => {
  const live = OrderLive.pipe(
    Layer.provideMerge(Middleware.apply(base, Middleware.inputValidation(Order, Go, Add, Total)))
  )

  it.effect("refuses JSON that does not fit, before anything is recorded", () =>
    Effect.gen(function* () {
      const executor = yield* DurableExecutor.DurableExecutor
      const ref = { workflowId: "order-1" }
      const start = { workflow: "Order", workflowId: "order-1", input: "one" } as const
      const refused = (effect: Effect.Effect<unknown, WorkflowError.WorkflowError>) =>
        Effect.match(effect, {
          onSuccess: () => "was let through",
          onFailure: ({ operation, reason }) => {
            assert.instanceOf(reason, WorkflowError.InvalidPayload)
            return `${operation}: ${(reason as WorkflowError.InvalidPayload).of}`
          }
        })
      assert.strictEqual(yield* refused(executor.start(start)), 'start: the input of start "Order"')
      const signal = { _tag: "Signal", name: "go", payload: null } as const
      assert.strictEqual(
        yield* refused(executor.start({ ...start, input: 1, with: signal })),
        'start: the input of signal "go"'
      )
      assert.strictEqual((yield* Effect.flip(executor.find("order-1"))).reason._tag, "NotFound")
      yield* executor.start({ ...start, input: 1 })
      assert.strictEqual(yield* refused(executor.send(ref, signal)), 'signal: the input of signal "go"')
      const query = { _tag: "Query", name: "total", input: 1 } as const
      assert.strictEqual(yield* refused(executor.send(ref, query)), 'query: the input of query "total"')
      const update = { _tag: "Update", id: "u", name: "add", input: {}, wait: "answered" } as const
      assert.strictEqual(yield* refused(executor.send(ref, update)), 'update: the input of update "add"')
      yield* executor.send(ref, { _tag: "Signal", name: "unknown", payload: null })
      yield* executor.send(ref, { _tag: "Signal", name: "go", payload: 2 })
      assert.strictEqual(yield* (yield* Order.handle("order-1")).result, 3)
    }).pipe(Effect.provide(live))
  )

  it.effect("looks at what is recorded, and not at what it is made from", () =>
    Effect.gen(function* () {
      const { start } = yield* DurableExecutor.DurableExecutor
      const inputs: ReadonlyArray<readonly [input: object, ended: string]> = [
        [{ at: new Date(0) }, "started"],
        [{ at: "x", note: undefined }, "started"],
        [{ at: "x", toJSON: () => ({ at: 5 }) }, "InvalidPayload"],
        [Object.create({ at: "x" }) as object, "InvalidPayload"]
      ]
      for (const [index, [input, ended]] of inputs.entries()) {
        const asked = start({ workflow: "Visit", workflowId: `visit-${index}`, input: input as Schema.Json })
        const end = yield* Effect.match(asked, {
          onSuccess: () => "started",
          onFailure: ({ reason }) => reason._tag
        })
        assert.strictEqual(end, ended, `input ${index}`)
      }
    }).pipe(
      Effect.provide(
        Middleware.apply(
          base,
          Middleware.inputValidation(Workflow.make("Visit", { input: Schema.Struct({ at: Schema.String }) }))
        )
      )
    )
  )

  it.effect("lets through what fits one of the versions of a workflow", () =>
    Effect.gen(function* () {
      const { start } = yield* DurableExecutor.DurableExecutor
      const ended = (input: Schema.Json) =>
        Effect.match(start({ workflow: "Ship", workflowId: "ship", input, whenExists: "fail" }), {
          onSuccess: () => "started",
          onFailure: ({ reason }) => reason._tag
        })
      assert.strictEqual(yield* ended(false), "InvalidPayload")
      assert.strictEqual(yield* ended("a letter"), "started")
      assert.strictEqual(yield* ended(7), "AlreadyExists")
    }).pipe(
      Effect.provide(
        Middleware.apply(
          base,
          Middleware.inputValidation(
            Workflow.make("Ship", { input: Schema.Int, version: "1" }),
            Workflow.make("Ship", { input: Schema.String, version: "2" })
          )
        )
      )
    )
  )

  it("refuses what is no definition", () => {
    assert.throws(() => Middleware.inputValidation({ name: "x", input: Schema.Int }), TypeError, "cannot be validated")
  })
})
