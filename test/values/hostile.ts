/**
 * The places where programs, handlers, schemas, policies and callers can put values that no code expects.
 */
import { type Duration, Effect, Layer, Schedule, Schema, SchemaGetter } from "effect"
import { Activity, Attributes, RetryPolicy, Signal, Workflow, type WorkflowContext, type WorkflowError } from "perdure"
import type { DurableExecutor } from "perdure/Executor/DurableExecutor"
import type { WorkflowRegistry } from "perdure/Executor/WorkflowRegistry"
import { values } from "./hostileValues.ts"

/** What happened with a value: `runs` counts how often a handler ran. */
export interface Place {
  readonly place: string
  /** The most often that a handler may run for one value. */
  readonly runs: number
  /** Whether the value itself is thrown, so that it must come back as the defect. */
  readonly throws: boolean
  readonly workflows: (ran: () => void) => Layer.Layer<never, WorkflowError.WorkflowError, WorkflowRegistry>
  readonly attempt: (name: string) => Effect.Effect<unknown, unknown, DurableExecutor>
  /** What the failure must say. */
  readonly says?: string | undefined
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

/** What must be said of it, whatever the value is. */
const schemaTexts: Readonly<Record<string, string>> = {
  throws: "the schema threw while it",
  dies: "the schema threw while it",
  sleeps: "the schema is asynchronous, and it must be synchronous to"
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

interface Schemas {
  readonly input?: Schema.Codec<unknown, unknown>
  readonly payload?: Schema.Codec<unknown, unknown>
}

/** What a caller starts, and sends a signal to: it returns its input once the signal is there. */
const contracts = ({ input = Schema.Any, payload = Schema.Void }: Schemas) => ({
  Run: Workflow.make("Run", { input, success: Schema.Any }),
  Tell: Signal.make("tell", { payload })
})

/** A caller that passes a value. */
const called = (place: string, attempt: Place["attempt"], schemas: Schemas = {}): Place => ({
  place,
  runs: 0,
  throws: false,
  workflows: () => {
    const { Run, Tell } = contracts(schemas)
    return Run.toLayer((input) => Effect.as(Tell.receive, input))
  },
  attempt
})

/** Starts an execution, sends it a signal and waits for its end, which comes at the latest then. */
const started = (schemas: Schemas, input: unknown, payload: unknown, options: Workflow.StartOptions) =>
  Effect.gen(function* () {
    const { Run, Tell } = contracts(schemas)
    const handle = yield* Run.start(input, options)
    yield* Effect.ensuring(
      Effect.andThen(Tell.send(handle, payload), handle.result),
      Effect.ignore(handle.terminate("over"))
    )
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
    const made: ReadonlyArray<Place> = [
      calling(name("the input of an activity"), { input: schema as never }, Effect.succeed),
      calling(name("the success of an activity"), { success: schema as never }, Effect.succeed),
      calling(name("the error of an activity"), { error: schema as never, retry: RetryPolicy.none }, Effect.fail),
      calling(name("the error of an activity that is retried"), { error: schema as never }, Effect.fail, { runs: 3 }),
      programmed(name("the success of a workflow"), Effect.succeed, { schema: schema as never }),
      programmed(name("the error of a workflow"), Effect.fail, { schema: schema as never }),
      called(
        name("the input of a workflow"),
        (input) => started({ input: schema as never }, input, undefined, { workflowId: `run ${input}` }),
        { input: schema as never }
      ),
      called(
        name("a signal"),
        (payload) => started({ payload: schema as never }, 1, payload, { workflowId: `run ${payload}` }),
        { payload: schema as never }
      )
    ]
    return made.map((place) => ({ ...place, says: schemaTexts[how], sampled: true as const }))
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
    (name) => started({ input: schema }, value(name), undefined, { workflowId: `run ${name}` }),
    { input: schema }
  ),
  called(
    `the payload of a signal, as ${kind}`,
    (name) => started({ payload: schema }, 1, value(name), { workflowId: `run ${name}` }),
    { payload: schema }
  )
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
  ...schemaPlaces,
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
  called("attributes", (name) => started({}, 1, undefined, { workflowId: `run ${name}`, attributes: value(name) })),
  called("an attribute", (name) =>
    started({}, 1, undefined, { workflowId: `run ${name}`, attributes: { a: value(name) } })
  ),
  called("a memo", (name) => started({}, 1, undefined, { workflowId: `run ${name}`, memo: value(name) })),
  programmed("an attribute that a program sets", (name) =>
    Effect.orDie(Attributes.make({ a: Schema.Any }).set({ a: value(name) }))
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
 * Places where Effect makes a text of what is no effect. That may throw: out of the fiber, so that nothing learns that it has
 * ended. What runs the fibers catches it, but in handlers that have waited before: there only the process hears of it.
 */
export const pastFibers: ReadonlyArray<Place> = [
  programmed("returned within a program in place of an effect", (name) =>
    Effect.flatMap(Effect.sleep(1), () => value(name) as Effect.Effect<unknown>)
  ),
  calling("returned within a handler in place of an effect", {}, (name) =>
    Effect.flatMap(Effect.void, () => value(name) as Effect.Effect<unknown>)
  ),
  retrying("returned by a delay in place of an effect", delayed(value))
]
