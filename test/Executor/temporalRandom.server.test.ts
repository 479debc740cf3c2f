/**
 * Programs that are drawn at random run on both executors and end alike. Their histories pass Temporal's replayer; translated, they replay in
 * our interpreter with the commands that they have.
 */
import { assert, it } from "@effect/vitest"
import { Context, Effect, Exit, Layer, type Schema, Scope } from "effect"
import * as DefaultExecutor from "perdure/Executor/Default"
import { ActivityContext } from "perdure"
import type { DurableExecutor } from "perdure/Executor/DurableExecutor"
import { WorkflowRegistry, type Registration } from "perdure/Executor/WorkflowRegistry"
import { Interpreter } from "../../src/internal/replay/Interpreter.ts"
import { translated } from "../../src/internal/temporal/history.ts"
import { temporalCodec } from "../support/encrypted.ts"
import { describeWith, temporalServer } from "../support/servers.ts"
import * as R from "../suites/portable/random.ts"
import { encodingOf } from "./temporal/history.ts"
import { clientOf, replay, workerLayer } from "./temporal/workers.ts"

const count = Number(process.env["PERDURE_PROGRAMS"] ?? 40)

/** Numbers from 0 to 1, the same for a seed. */
const drawing = (seed: number) => {
  let state = seed * 2654435761 + 1
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 0x9e3779b9) >>> 0
    return state / 2 ** 32
  }
}

const acts = Array.from({ length: 10_000 }, (_, seed) => R.drawAct(drawing(seed + 1)))
  .filter((act) => !R.isHidden(act))
  .slice(0, count)

const all = R.drawn.pipe(
  Layer.provide(
    Layer.mergeAll(
      R.Say.toLayer((value) => Effect.succeed(value)),
      R.Refuse.toLayer((value) => Effect.fail(new R.Wrong({ value }))),
      R.Flaky.toLayer((value) =>
        Effect.flatMap(ActivityContext.ActivityContext, ({ attempt }) =>
          attempt <= value % 4 ? Effect.fail(new R.Wrong({ value })) : Effect.succeed(value)
        )
      )
    )
  )
)

/** Runs all programs and tells how each ended. */
const ends = (context: Context.Context<DurableExecutor>, some = acts) =>
  Effect.forEach(
    some,
    (act, index) =>
      Effect.gen(function* () {
        const handle = yield* R.Drawn.start(act as unknown as Schema.Json, { workflowId: `drawn ${index}` })
        for (let taken = 0; taken < R.takesIn(act); taken++) yield* Effect.ignore(R.Told.send(handle, taken))
        const exit = yield* Effect.exit(handle.result)
        if (Exit.isSuccess(exit)) return JSON.stringify(exit.value)
        const error = yield* Effect.flip(Effect.failCause(exit.cause))
        return error._tag === "Wrong" ? `Wrong ${error.value}` : error.reason._tag
      }),
    { concurrency: 20 }
  ).pipe(Effect.provideContext(context))

describeWith("temporal", "random programs", () => {
  it(
    "end alike on both executors, and their histories replay",
    () =>
      Effect.runPromise(
        Effect.scoped(
          Effect.gen(function* () {
            const { address } = yield* temporalServer()
            const own = yield* Layer.build(Layer.provideMerge(all, DefaultExecutor.layerMemory))
            const expected = yield* ends(own)
            const worker = workerLayer({ address, taskQueue: "random", maxLoaded: 0 })
            const theirs = yield* Layer.build(Layer.provideMerge(all, worker))
            const found = yield* ends(theirs)
            acts.forEach((act, index) => assert.strictEqual(found[index], expected[index], JSON.stringify(act)))
            const client = yield* clientOf(address)
            const histories = yield* Effect.promise(async () => {
              const histories = []
              for await (const { runId, workflowId } of client.workflow.list()) {
                const history = await client.workflow.getHandle(workflowId, runId).fetchHistory()
                histories.push({ workflowId, runId, history })
              }
              return histories
            })
            assert.isAtLeast(histories.length, count)
            const named = histories.map(({ history, workflowId }) => [workflowId, history] as const)
            assert.deepStrictEqual(yield* replay(named), [])
            const registration = yield* registered
            const problems = histories.flatMap(({ history, runId, workflowId }) => {
              const events = translated(history.events ?? [], { workflowId, runId, firstRun: runId }).map(
                ({ event }) => event
              )
              const budget = { milliseconds: Number.POSITIVE_INFINITY, now: () => 0, used: () => 0 }
              const interpreter = new Interpreter(registration.program, Context.empty(), budget)
              interpreter.replay(events)
              const { problem } = interpreter
              return problem === undefined ? [] : [`${workflowId}: ${problem.message}`]
            })
            const unknown = problems.filter((message) => !isKnown(message))
            assert.deepStrictEqual(unknown.slice(0, 3), [], `${unknown.length} of ${histories.length}`)
            // What is known hides nothing else: most histories have none of it.
            assert.isBelow(problems.length, histories.length / 4)
          })
        )
      ),
    500_000
  )

  it(
    "end alike with their payloads encrypted, and their histories replay",
    () =>
      Effect.gen(function* () {
        const { address } = yield* temporalServer()
        const some = acts.slice(0, Math.ceil(count / 2))
        const own = yield* Layer.build(Layer.provideMerge(all, DefaultExecutor.layerMemory))
        const worker = workerLayer({ address, taskQueue: "random", maxLoaded: 0, codec: temporalCodec })
        const theirs = yield* Layer.build(Layer.provideMerge(all, worker))
        assert.deepStrictEqual(yield* ends(theirs, some), yield* ends(own, some))
        const client = yield* clientOf(address)
        const named = yield* Effect.forEach(some, (_, index) => {
          const id = `drawn ${index}`
          return Effect.promise(async () => [id, await client.workflow.getHandle(id).fetchHistory()] as const)
        })
        for (const [, history] of named) assert.strictEqual(encodingOf(history), "binary/perdure")
        assert.deepStrictEqual(yield* replay(named, temporalCodec), [])
      }).pipe(Effect.scoped, Effect.runPromise),
    120_000
  )
})

/**
 * What Temporal's histories do not tell: the place of a cancel among the commands of a task, as it comes after what is issued with it; the
 * reason of a cancel that one execution sends to another; what is issued in the task that ends the execution, which is not sent; and that a
 * timer which fires in a task was cancelled there before.
 */
const isKnown = (message: string): boolean =>
  /program: *(Timer|Activity)Cancelled|program: *MessageSent #\d+ cancel|history: *(Execution(Completed|Failed)|TimerFired)/.test(
    message
  )

const registered = Effect.gen(function* () {
  let found: Registration | undefined
  const registry = WorkflowRegistry.of({ register: (registration) => Effect.sync(() => void (found = registration)) })
  const scope = yield* Scope.Scope
  yield* Layer.build(all as Layer.Layer<never, unknown, WorkflowRegistry>).pipe(
    Scope.provide(scope),
    Effect.provideService(WorkflowRegistry, registry),
    Effect.orDie
  )
  return found!
})
