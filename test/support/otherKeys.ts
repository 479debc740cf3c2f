/** Callers that wait in a process whose keys read a part of an execution: each learns what its process lacks, and nothing is lost. */
import { assert, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Logger, Option, Schema, type Scope } from "effect"
import { Activity, Signal, Update, Workflow, WorkflowError } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import type { PayloadKey } from "perdure/layers/PayloadCodec"
import { WorkflowStore } from "perdure/Store/WorkflowStore"
import { keyOf } from "./encrypted.ts"

const Go = Signal.make("go", { payload: Schema.String })
const Look = Update.make("look", { input: Schema.String, success: Schema.String })
const Order = Workflow.make("Order", { input: Schema.String, success: Schema.String, workflowId: (name) => name })
const id = "a book"

type Keyed = (keys: ReadonlyArray<PayloadKey>) => Layer.Layer<WorkflowStore, unknown>

const executor = DefaultExecutor.layer({ heartbeatInterval: "100 millis" })
const program = Order.toLayer(() =>
  Effect.andThen(
    Look.handle((text) => Effect.succeed(text)),
    Go.receive
  )
)

const Compute = Activity.make("Compute", { input: Schema.String, success: Schema.String })
const Tell = Workflow.make("Tell", { input: Schema.String, workflowId: () => "teller" })
const Wait = Workflow.make("Wait", { input: Schema.String, success: Schema.String, workflowId: () => "waiter" })
const Hasty = Workflow.make("Hasty", { input: Schema.String, workflowId: () => "hasty" })
/** The error of a call, which is answered within seconds. */
const refusal = <A, R>(call: Effect.Effect<A, unknown, R>) =>
  Effect.match(Effect.timeout(call, "10 seconds"), {
    onSuccess: () => undefined,
    onFailure: (error) => (error instanceof WorkflowError.WorkflowError ? error.reason : error)
  })

const result = Effect.flatMap(Order.handle(id), (handle) => handle.result)
const [first, second] = [keyOf("first"), keyOf("second")]
const lacking = (keyId: string) => ({ _tag: "Undecryptable", fault: "MissingKey", keyId })

/** The same of each store, which each process opens anew. */
export const suite = (store: Effect.Effect<Keyed, unknown, Scope.Scope>): void => {
  it.live("27. a caller beside a worker that lacks a key of the history is told which", () =>
    Effect.gen(function* () {
      const open = yield* store
      yield* begun(open)
      // The summary is of the second key now, and the history of the first one.
      yield* Effect.provide(Go.send(id, "gone"), Layer.provide(executor, open([second, first])))
      const late = program.pipe(Layer.provideMerge(executor), Layer.provide(open([second])))
      yield* Effect.gen(function* () {
        assert.deepInclude(yield* refusal(result), lacking("first"))
        assert.deepInclude(yield* refusal(Look.execute(id, "now")), lacking("first"))
      }).pipe(Effect.provide(late))
      yield* goesOn(open)
    })
  )

  it.live("27. a caller that waits while a worker goes on with a key that it lacks is told which", () =>
    Effect.gen(function* () {
      const open = yield* store
      yield* begun(open)
      const early = yield* Layer.build(Layer.fresh(Layer.provide(executor, open([first]))))
      const waiting = yield* Effect.forkScoped(Effect.provideContext(refusal(result), early))
      yield* Effect.sleep("200 millis")
      yield* Effect.provide(Go.send(id, "gone"), early)
      assert.isUndefined(waiting.pollUnsafe())
      yield* goesOn(open)
      assert.deepInclude(yield* Fiber.join(waiting), lacking("second"))
    })
  )

  it.live(
    "27. what sends to an execution that its worker cannot read waits, computes nothing twice, and says which key",
    () =>
      Effect.gen(function* () {
        const open = yield* store
        yield* begun(open)
        const calls: Array<string> = []
        const worker = (keys: ReadonlyArray<PayloadKey>) =>
          telling(calls).pipe(Layer.provideMerge(executor), Layer.provide(open(keys)))
        yield* Effect.gen(function* () {
          const told = yield* Tell.start(id)
          assert.deepInclude(yield* refusal(told.result), lacking("first"))
          assert.deepInclude(yield* refusal(Hasty.start(id)), lacking("first"))
          yield* Effect.sleep("500 millis")
          assert.lengthOf(calls, 1)
        }).pipe(Effect.provide(worker([second])))
        const told = Effect.flatMap(Tell.handle("teller"), (handle) => handle.result)
        yield* Effect.provide(Effect.timeout(told, "15 seconds"), worker([second, first]))
        // What it had computed was not recorded when its worker was stopped.
        assert.lengthOf(calls, 2)
        const receiver = program.pipe(Layer.provideMerge(executor), Layer.provide(open([second, first])))
        assert.strictEqual(yield* Effect.provide(Effect.timeout(result, "15 seconds"), receiver), "computed 2")
      })
  )

  it.live("27. what asks an execution that its worker cannot read is answered once a worker can", () =>
    Effect.gen(function* () {
      const open = yield* store
      yield* begun(open)
      const log: Array<string> = []
      const logger = Logger.layer([Logger.make(({ message }) => void log.push(String(message)))])
      const worker = (keys: ReadonlyArray<PayloadKey>) =>
        Layer.mergeAll(telling([]), program).pipe(
          Layer.provideMerge(executor),
          Layer.provide(open(keys)),
          Layer.provide(logger)
        )
      yield* Effect.provide(Effect.andThen(Wait.start(id), Effect.sleep("500 millis")), worker([second]))
      const waits = log.filter((line) => line.includes('"a book" (find) waits for a worker with the right keys'))
      assert.lengthOf(waits, 1, log.join("\n"))
      assert.include(waits[0], 'the key "first"')
      const answer = Effect.gen(function* () {
        yield* Go.send(id, "gone")
        return yield* (yield* Wait.handle("waiter")).result
      })
      assert.strictEqual(yield* Effect.provide(Effect.timeout(answer, "15 seconds"), worker([second, first])), "gone")
    })
  )
}

/** Wait for the execution, and send to it, at once and with what a handler has computed. */
const telling = (calls: Array<string>) =>
  Layer.mergeAll(
    Wait.toLayer((id) =>
      Order.handle(id).pipe(
        Effect.flatMap((handle) => handle.result),
        Effect.orDie
      )
    ),
    Hasty.toLayer((id) => Effect.orDie(Go.send(id, "gone"))),
    Tell.toLayer((id) => Effect.flatMap(Compute(id), (text) => Effect.orDie(Go.send(id, text))))
  ).pipe(Layer.provide(Compute.toLayer((id) => Effect.sync(() => `computed ${calls.push(id)}`))))

/** The execution of a process with the first key, which has ended. */
const begun = (open: Keyed) =>
  Effect.gen(function* () {
    yield* Order.start(id)
    const version = Effect.flatMap(WorkflowStore, (store) => store.summary(id as never))
    yield* Effect.repeat(version, { until: (found) => Option.getOrThrow(found).version >= 1 })
  }).pipe(Effect.provide(program.pipe(Layer.provideMerge(executor), Layer.provideMerge(open([first])))))

/** A process with all keys goes on. */
const goesOn = (open: Keyed) =>
  Effect.gen(function* () {
    const worker = program.pipe(Layer.provideMerge(executor), Layer.provide(open([second, first])))
    assert.strictEqual(yield* Effect.provide(Effect.timeout(result, "15 seconds"), worker), "gone")
  })
