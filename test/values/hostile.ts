/**
 * Values that no code expects, and the places where programs, handlers, schemas, policies and callers can put them.
 */
import { type Duration, Effect, Layer, Schedule, Schema, SchemaGetter } from "effect"
import { Activity, RetryPolicy, Signal, Workflow, type WorkflowContext, type WorkflowError } from "perdure"
import type { DurableExecutor } from "perdure/Executor/DurableExecutor"
import type { WorkflowRegistry } from "perdure/Executor/WorkflowRegistry"

const deep = (levels: number): unknown => {
  let value: unknown = "x"
  for (let level = 0; level < levels; level++) value = level % 2 === 0 ? [value] : { a: value }
  return value
}
const circle: Record<string, unknown> = {}
circle["self"] = circle
const bareCircle: Record<string, unknown> = Object.assign(Object.create(null), { a: 1 })
bareCircle["self"] = bareCircle
const revoked = Proxy.revocable({}, {})
revoked.revoke()
const revokedList = Proxy.revocable([], {})
revokedList.revoke()
const no = (): never => {
  throw new Error("not to be touched")
}
const ownCause = new Error("own cause")
ownCause.cause = ownCause
const overflow = (): number => overflow() + 1
const waits = new Promise(() => {})
const fails = Promise.reject(new Error("rejected"))
fails.catch(() => {})

/** A value that answers every question with a throw. */
const untouchable = (target: object) =>
  new Proxy(target, {
    get: no,
    has: no,
    ownKeys: no,
    getPrototypeOf: no,
    getOwnPropertyDescriptor: no,
    apply: no,
    construct: no,
    set: no,
    defineProperty: no,
    isExtensible: no
  })

export const values: Readonly<Record<string, unknown>> = {
  undefined,
  null: null,
  NaN: Number.NaN,
  infinity: Number.POSITIVE_INFINITY,
  minusZero: -0,
  minus: -1,
  huge: Number.MAX_VALUE,
  bigint: 10n,
  symbol: Symbol("s"),
  true: true,
  empty: "",
  surrogate: "\ud800 \u0000 \u001b[31m",
  longText: "x".repeat(100_000),
  function: () => 1,
  throwingFunction: no,
  class: Date,
  map: new Map([[1, 2]]),
  date: new Date(Number.NaN),
  pattern: /x/,
  bytes: new Uint8Array(3),
  holes: Object.assign([1], { 3: 1 }),
  undefinedInList: [undefined],
  deep: deep(20_000),
  deeper: deep(300_000),
  circle,
  bareCircle,
  bare: Object.create(null),
  revoked: revoked.proxy,
  revokedList: revokedList.proxy,
  untouchable: untouchable({}),
  untouchableList: untouchable([]),
  untouchableFunction: untouchable(() => {}),
  untouchableError: untouchable(new Error("hidden")),
  throwingField: Object.defineProperty({}, "a", { enumerable: true, get: no }),
  overflowingField: Object.defineProperty({}, "a", { enumerable: true, get: overflow }),
  throwingToJson: { toJSON: no, toString: no, [Symbol.toPrimitive]: no },
  endlessToJson: { toJSON: () => circle },
  prototypeField: JSON.parse('{"__proto__":{"a":1}}'),
  tagged: { _tag: "Success", value: 1 },
  thenable: new Proxy({}, { get: (_, key) => (key === "then" ? no : undefined) }),
  waits,
  fails,
  effect: Effect.succeed(1),
  frozen: Object.freeze({ a: Object.freeze([1]) }),
  error: Object.assign(new TypeError("plain"), { code: "E1" }),
  frozenError: Object.freeze(new Error("frozen")),
  nameNumber: Object.assign(new Error("m"), { name: 5 }),
  nameSymbol: Object.assign(new Error("m"), { name: Symbol("n") }),
  nameUndefined: Object.assign(new Error("m"), { name: undefined }),
  messageBigint: Object.assign(new Error("m"), { message: 10n }),
  stackObject: Object.assign(new Error("m"), { stack: { a: 1n } }),
  throwingMessage: Object.defineProperty(new Error(), "message", { get: no }),
  throwingName: Object.defineProperty(new Error("m"), "name", { get: no }),
  throwingStack: Object.defineProperty(new Error("m"), "stack", { get: no }),
  throwingCause: Object.defineProperty(new Error("m"), "cause", { get: no }),
  bareError: Object.setPrototypeOf(new Error("bare"), null),
  ownCause,
  aggregate: new AggregateError([new Error("1"), revoked.proxy, ownCause], "many"),
  errorsRevoked: Object.assign(new Error("m"), { errors: revokedList.proxy }),
  bigMessage: new Error("x".repeat(2_000_000))
}

export const names: ReadonlyArray<string> = Object.keys(values)

/** What happened with a value: `runs` counts how often a handler ran. */
export interface Place {
  readonly place: string
  /** The most often that a handler may run for one value. */
  readonly runs: number
  /** Whether the value itself is thrown, so that it must come back as the defect. */
  readonly throws: boolean
  readonly workflows: (ran: () => void) => Layer.Layer<never, WorkflowError.WorkflowError, WorkflowRegistry>
  readonly attempt: (name: string) => Effect.Effect<unknown, unknown, DurableExecutor>
  /** Whether a part of the values is enough, since the place has many neighbours. */
  readonly sampled?: true
}

/** The type of code that no compiler has checked. */
type Anything = never

const value = (name: string): Anything => values[name] as Anything
const thrown = (name: string): never => {
  throw value(name)
}

const Go = Signal.make("go")
const anySchemas: Readonly<Record<string, Schema.Codec<unknown, unknown>>> = {
  Any: Schema.Any,
  Unknown: Schema.Unknown,
  Json: Schema.Json as Schema.Codec<unknown, unknown>,
  String: Schema.String as Schema.Codec<unknown, unknown>,
  Struct: Schema.Struct({ a: Schema.Number }) as Schema.Codec<unknown, unknown>
}

/** A text whose schema does something to it in one direction. */
const schemaThat = (direction: "decode" | "encode", effect: (name: string) => Effect.Effect<string>) => {
  const getter = SchemaGetter.transformEffect(effect)
  const other = SchemaGetter.passthrough<string>()
  return Schema.String.pipe(
    Schema.decodeTo(
      Schema.String,
      direction === "decode" ? { decode: getter, encode: other } : { decode: other, encode: getter }
    )
  )
}

const schemaEffects: Readonly<Record<string, (name: string) => Effect.Effect<string>>> = {
  throws: thrown,
  dies: (name) => Effect.die(value(name)),
  returns: (name) => value(name),
  succeeds: (name) => Effect.succeed(value(name)),
  fails: (name) => Effect.fail(value(name)),
  sleeps: (name) => Effect.as(Effect.sleep("1 minute"), name)
}

/** A workflow that calls an activity with the name of a value. */
const calling = (
  place: string,
  options: Parameters<typeof Activity.make>[1],
  handler: (name: string) => Effect.Effect<unknown, unknown>,
  { runs = 1, throws = false, input = (name: string): unknown => name } = {}
): Place => {
  const Act = Activity.make("Act", {
    input: Schema.String,
    success: Schema.String,
    error: Schema.String,
    ...options
  } as {})
  const Run = Workflow.make("Run", { input: Schema.String, success: Schema.Any, error: Schema.Any })
  const call = Act as unknown as (input: unknown) => Effect.Effect<string, string>
  const live = Act.toLayer as unknown as (handler: unknown) => Layer.Layer<never>
  return {
    place,
    runs,
    throws,
    workflows: (ran) =>
      Run.toLayer((name) => call(input(name))).pipe(
        Layer.provide(
          live((name: string) => {
            ran()
            return handler(name)
          })
        )
      ),
    attempt: (name) => Run.execute(name, { workflowId: `run ${name}` })
  }
}

/** A workflow whose program is given the name of a value. */
const programmed = (
  place: string,
  program: (name: string) => Effect.Effect<unknown, unknown, WorkflowContext.WorkflowContext>,
  { throws = false, schema = Schema.Any as Schema.Codec<unknown, unknown>, cancel = false } = {}
): Place => {
  const Run = Workflow.make("Run", { input: Schema.String, success: schema, error: schema })
  return {
    place,
    runs: 0,
    throws,
    workflows: () => Run.toLayer(program),
    attempt: (name) =>
      Effect.gen(function* () {
        const handle = yield* Run.start(name, { workflowId: `run ${name}` })
        if (cancel) yield* handle.cancel("enough")
        return yield* handle.result
      })
  }
}

/** A caller that passes a value to a workflow that takes anything and waits for a signal. */
const called = (
  place: string,
  attempt: Place["attempt"],
  schema: Schema.Codec<unknown, unknown> = Schema.Any
): Place => ({
  place,
  runs: 0,
  throws: false,
  workflows: () =>
    Workflow.make("Run", { input: schema, success: schema }).toLayer((input) =>
      Effect.as(Signal.make("tell", { payload: schema }).receive, input)
    ),
  attempt
})

const started = (schema: Schema.Codec<unknown, unknown>, input: unknown, options: Workflow.StartOptions) =>
  Effect.gen(function* () {
    const Run = Workflow.make("Run", { input: schema, success: schema })
    const handle = yield* Run.start(input, options)
    yield* handle.signal(Signal.make("tell"), undefined)
    return yield* handle.result
  })

const told = (schema: Schema.Codec<unknown, unknown>, name: string) =>
  Effect.gen(function* () {
    const Run = Workflow.make("Run", { input: schema, success: schema })
    const handle = yield* Run.start({ a: 1 }, { workflowId: `run ${name}` })
    const tell = Signal.make("tell", { payload: schema })
    yield* Effect.ensuring(handle.signal(tell, value(name)), Effect.ignore(handle.terminate("over")))
  })

const retrying = (place: string, retry: RetryPolicy.RetryPolicy<string>): Place =>
  calling(place, { retry: retry as RetryPolicy.RetryPolicy }, (name) => Effect.fail(name), { runs: 3 })

const delayed = (delay: (name: string) => Effect.Effect<Duration.Input>) =>
  Schedule.recurs(2).pipe(
    Schedule.setInputType<string>(),
    Schedule.modifyDelay(({ input }) => delay(input))
  ) as RetryPolicy.RetryPolicy<string>

const schemaPlaces = Object.entries(schemaEffects).flatMap(([how, effect]) =>
  (["decode", "encode"] as const).flatMap((direction) => {
    const schema = schemaThat(direction, effect)
    const name = (part: string) => `a schema that ${how} in ${direction} of ${part}`
    return [
      calling(name("the input of an activity"), { input: schema as never }, Effect.succeed),
      calling(name("the success of an activity"), { success: schema as never }, Effect.succeed),
      calling(name("the error of an activity"), { error: schema as never, retry: RetryPolicy.none }, Effect.fail),
      calling(name("the error of an activity that is retried"), { error: schema as never }, Effect.fail, { runs: 3 }),
      programmed(name("the success of a workflow"), Effect.succeed, { schema: schema as never }),
      programmed(name("the error of a workflow"), Effect.fail, { schema: schema as never }),
      called(
        name("the input of a workflow"),
        (input) => started(schema as never, input, { workflowId: `run ${input}` }),
        schema as never
      ),
      called(name("a signal"), (input) => told(schema as never, input), schema as never)
    ]
  })
)

const valuePlaces = Object.entries(anySchemas).flatMap(([kind, schema]) => [
  calling(`the input of an activity, as ${kind}`, { input: schema as never }, () => Effect.succeed("done"), {
    input: value
  }),
  calling(`the success of a handler, as ${kind}`, { success: schema as never }, (name) => Effect.succeed(value(name))),
  calling(`the error of a handler, as ${kind}`, { error: schema as never, retry: RetryPolicy.none }, (name) =>
    Effect.fail(value(name))
  ),
  programmed(`the success of a program, as ${kind}`, (name) => Effect.succeed(value(name)), { schema }),
  programmed(`the error of a program, as ${kind}`, (name) => Effect.fail(value(name)), { schema }),
  called(
    `the input of a start, as ${kind}`,
    (name) => started(schema, value(name), { workflowId: `run ${name}` }),
    schema
  ),
  called(`the payload of a signal, as ${kind}`, (name) => told(schema, name), schema)
])

/** The places that hold. */
export const places: ReadonlyArray<Place> = [
  programmed("thrown by a program", thrown, { throws: true }),
  programmed("a defect of a program", (name) => Effect.die(value(name)), { throws: true }),
  programmed(
    "a defect of a program that has slept",
    (name) => Effect.andThen(Effect.sleep(1), Effect.die(value(name))),
    {
      throws: true
    }
  ),
  programmed(
    "a defect of a child fiber",
    (name) => Effect.all([Effect.never, Effect.die(value(name))], { concurrency: 2 }),
    {
      throws: true
    }
  ),
  programmed("a defect of a finalizer", (name) => Effect.ensuring(Effect.void, Effect.die(value(name))), {
    throws: true
  }),
  programmed(
    "a defect of a finalizer of a cancelled program",
    (name) => Effect.ensuring(Go.receive, Effect.die(value(name))),
    {
      cancel: true
    }
  ),
  programmed(
    "an error of a program that is cancelled",
    (name) => Effect.onInterrupt(Go.receive, () => Effect.fail(value(name))),
    {
      cancel: true
    }
  ),
  programmed("returned by a program in place of an effect", value),
  programmed("yielded by a program", (name) =>
    Effect.gen(function* () {
      return yield* value(name) as Effect.Effect<unknown>
    })
  ),
  calling("thrown by a handler", {}, thrown, { throws: true }),
  calling("a defect of a handler", {}, (name) => Effect.die(value(name)), { throws: true }),
  calling(
    "a defect of a handler that has slept",
    {},
    (name) => Effect.andThen(Effect.sleep(1), Effect.die(value(name))),
    {
      throws: true
    }
  ),
  calling("a rejection in a handler", {}, (name) => Effect.promise(() => Promise.reject(value(name))), {
    throws: true
  }),
  calling("returned by a handler in place of an effect", {}, value),
  retrying("thrown by nonRetryable", RetryPolicy.exponential({ initialInterval: 1, nonRetryable: thrown })),
  retrying("returned by nonRetryable", RetryPolicy.exponential({ initialInterval: 1, nonRetryable: value })),
  retrying("thrown by a delay", delayed(thrown)),
  retrying(
    "a defect of a delay",
    delayed((name) => Effect.die(value(name)))
  ),
  retrying(
    "a delay",
    delayed((name) => Effect.succeed(name === "huge" || name === "true" ? 1 : value(name)))
  ),
  ...valuePlaces,
  ...schemaPlaces.map((place) => ({ ...place, sampled: true as const })),
  called("thrown by workflowId", (name) =>
    Workflow.make("Run", { input: Schema.String, workflowId: thrown }).execute(name)
  ),
  called("returned by workflowId", (name) =>
    Effect.gen(function* () {
      const handle = yield* Workflow.make("Run", { input: Schema.String, workflowId: value }).start(name)
      yield* handle.terminate("over")
    })
  ),
  called("an id", (name) =>
    Effect.gen(function* () {
      const handle = yield* Workflow.make("Run").start(undefined, { workflowId: value(name) })
      yield* handle.terminate("over")
    })
  ),
  called("attributes", (name) => started(Schema.Any, 1, { workflowId: `run ${name}`, attributes: value(name) })),
  called("an attribute", (name) =>
    started(Schema.Any, 1, { workflowId: `run ${name}`, attributes: { a: value(name) } })
  ),
  ...(["cancel", "terminate"] as const).map((verb) =>
    called(`the reason of a ${verb}`, (name) =>
      Effect.gen(function* () {
        const handle = yield* Workflow.make("Run", { input: Schema.Any }).start(1, { workflowId: `run ${name}` })
        yield* Effect.ensuring(handle[verb](value(name)), Effect.ignore(handle.terminate("over")))
      })
    )
  )
]

/**
 * The places that do not hold yet. Effect makes a text of what is no effect, which may throw: out of the fiber, so that nothing
 * learns that it has ended. Only the code that runs the fibers can catch that.
 */
export const pending: ReadonlyArray<Place> = [
  programmed("returned within a program in place of an effect", (name) =>
    Effect.flatMap(Effect.sleep(1), () => value(name) as Effect.Effect<unknown>)
  ),
  calling("returned within a handler in place of an effect", {}, (name) =>
    Effect.flatMap(Effect.yieldNow, () => value(name) as Effect.Effect<unknown>)
  ),
  retrying("returned by a delay in place of an effect", delayed(value))
]
