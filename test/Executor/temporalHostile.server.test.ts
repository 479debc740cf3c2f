/**
 * What Temporal does not take, and what it does not say: ids, names and texts, modules without workflows, and queues without workers.
 */
import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, it } from "@effect/vitest"
import { type Clock, Effect, Layer, Schema, type Scope } from "effect"
import { Activity, Signal, Waiting, Workflow } from "perdure"
import type { DurableExecutor } from "perdure/Executor/DurableExecutor"
import type { Executions } from "perdure/Executor/Executions"
import * as TemporalExecutor from "perdure/Executor/Temporal"
import type * as TemporalWorker from "perdure/Executor/TemporalWorker"
import { liveClock, LiveClock } from "../../src/internal/liveClock.ts"
import { settingsOf } from "../../src/internal/temporal/Options.ts"
import { describeWith, shared, temporalServer } from "../support/servers.ts"
import { allOf } from "../suites/portable/all.ts"
import { nothingSeen } from "../suites/portable/handlers.ts"
import * as P from "../suites/portable/programs.ts"
import { echoing } from "./temporal/echoes.ts"
import { Asking, hostile, Idle, Naming, Quitting } from "./temporal/hostileWorkflows.ts"
import { workerLayer } from "./temporal/workers.ts"

const half = "a\ud800"
const long = "x".repeat(1001)
const workflows = new URL("./temporal/hostileWorkflows.ts", import.meta.url)
const echoes = new URL("./temporal/echoes.ts", import.meta.url)
const handler = P.Echo.toLayer(Effect.succeed)

const live = (title: string, test: () => Effect.Effect<unknown, unknown, Scope.Scope>) =>
  it(title, () => Effect.runPromise(Effect.scoped(test())), 120_000)

/** The reason and the words of a failure. */
const reasonOf = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.flip(effect), (error) => {
    const { reason } = error as { readonly reason: Error & { readonly _tag: string } }
    return [reason._tag, reason.message] as const
  })

/** Runs on the clock of the machine as it will be. */
const later = <A, E, R>(milliseconds: number, effect: Effect.Effect<A, E, R>) =>
  Effect.provideService(
    effect,
    LiveClock,
    Object.create(liveClock, {
      currentTimeMillisUnsafe: { value: () => liveClock.currentTimeMillisUnsafe() + milliseconds }
    }) as Clock.Clock
  )

describeWith("temporal", "what Temporal does not take", () => {
  const server = shared(temporalServer())

  /** A worker of the programs here, and what runs an effect with it. */
  const running = (taskQueue: string) =>
    Effect.map(
      Effect.flatMap(server, ({ address }) =>
        Layer.build(Layer.provideMerge(hostile, workerLayer({ address, taskQueue, workflows })))
      ),
      (context) =>
        <A, E>(effect: Effect.Effect<A, E, DurableExecutor | Executions>) =>
          Effect.provideContext(effect, context)
    )

  live("an id is refused in a program as at the edge, and the worker goes on", () =>
    Effect.gen(function* () {
      const run = yield* running("ids")
      const asked = yield* run(Asking.execute(["", long, half, "x".repeat(1025)]))
      const refused = ["InvalidPayload", "InvalidPayload", "NotFound"]
      assert.deepStrictEqual(asked, [refused, refused, refused, ["InvalidId", "InvalidId", "NotFound"]])
      for (const [workflowId, reason] of [
        ["", "InvalidPayload"],
        [long, "InvalidPayload"],
        [half, "InvalidPayload"],
        ["x".repeat(1025), "InvalidId"]
      ] as const) {
        const [tag] = yield* reasonOf(run(Asking.start([], { workflowId })))
        assert.strictEqual(tag, reason)
      }
      assert.deepStrictEqual(yield* run(Asking.execute([])), [])
    })
  )

  live("a text with half of a character ends nothing but its execution", () =>
    Effect.gen(function* () {
      const run = yield* running("texts")
      assert.strictEqual((yield* reasonOf(run(Quitting.execute(half))))[0], "Cancelled")
      const { result, ...idle } = yield* run(Idle.start())
      yield* run(idle.terminate(half))
      assert.deepStrictEqual(yield* reasonOf(run(result)), ["Terminated", "the execution was terminated: a\ufffd"])
      assert.deepStrictEqual(yield* run(Asking.execute([])), [])
    })
  )

  live("a name with too many bytes is refused before it is sent", () =>
    Effect.gen(function* () {
      const { address } = yield* server
      const run = yield* running("names")
      const idle = yield* run(Idle.start())
      const Long = Workflow.make(long)
      const tooLong = (of: string) =>
        ["InvalidPayload", `${of}: it has 1001 bytes, and Temporal takes 1000; shorten it`] as const
      assert.deepStrictEqual(yield* reasonOf(run(Signal.make(long).send(idle))), tooLong("the name of the signal"))
      assert.deepStrictEqual(yield* reasonOf(run(Long.start())), tooLong("the name of the workflow"))
      const worker = workerLayer({ address, taskQueue: "long names", workflows })
      const registered = Layer.build(
        Layer.provideMerge(
          Long.toLayer(() => Effect.void),
          worker
        )
      )
      assert.deepStrictEqual(yield* reasonOf(registered), tooLong("the name of the workflow"))
      const Act = Activity.make(long as "long", { input: Schema.Void })
      const acting = Idle.toLayer(() => Act()).pipe(Layer.provide(Act.toLayer(() => Effect.void)))
      const handled = Layer.build(Layer.provideMerge(acting, worker))
      assert.deepStrictEqual(yield* reasonOf(handled), tooLong('the name of an activity of workflow "Idle"'))
    })
  )

  it("a queue or a namespace that Temporal does not take makes no options", () => {
    for (const options of [{ taskQueue: long }, { taskQueue: half }, { namespace: long }]) {
      const [name] = Object.keys(options)
      assert.throws(() => settingsOf(options), `${name} may have 1000 bytes, and no unpaired surrogates`)
    }
    assert.strictEqual(settingsOf({ taskQueue: "x".repeat(1000) }).taskQueue.length, 1000)
  })

  live("a name is refused in a program as at the edge, and the worker goes on", () =>
    Effect.gen(function* () {
      const run = yield* running("names in programs")
      yield* run(Idle.start(undefined, { workflowId: "idle" }))
      const refused = Effect.timeout(run(Naming.execute(long)), "20 seconds")
      assert.deepStrictEqual(yield* refused, ["InvalidPayload", "InvalidPayload", "InvalidPayload"])
      assert.deepStrictEqual(yield* run(Asking.execute([])), [])
    })
  )

  live("an update has one answer, also with the longest id", () =>
    Effect.gen(function* () {
      const { address } = yield* server
      const context = yield* Layer.build(
        Layer.provideMerge(allOf(nothingSeen()), workerLayer({ address, taskQueue: "updates" }))
      )
      const run = <A, E>(effect: Effect.Effect<A, E, DurableExecutor>) => Effect.provideContext(effect, context)
      const cart = yield* run(P.Cart.start("x", { workflowId: "long ids" }))
      const [one, other] = ["é".repeat(512), `${"é".repeat(511)}ab`]
      const add = (updateId: string, item: string) => run(P.AddItem.execute(cart, item, { updateId }))
      assert.deepStrictEqual(
        [yield* add(one, "pen"), yield* add(other, "ink"), yield* add(one, "pen"), yield* add(other, "ink")],
        [1, 2, 1, 2]
      )
      assert.strictEqual((yield* reasonOf(add(one, "ink")))[0], "UpdateIdInUse")
    })
  )

  live("a worker that cannot replay an execution says so to a caller that repeats an update after its end", () =>
    Effect.gen(function* () {
      const { address } = yield* server
      const taskQueue = "left"
      const caller = yield* Layer.build(TemporalExecutor.layer({ address, taskQueue }))
      const run = <A, E>(effect: Effect.Effect<A, E, DurableExecutor>) => Effect.provideContext(effect, caller)
      const add = (updateId: string) => run(P.AddItem.execute("left", "pen", { updateId }))
      const right = Layer.provideMerge(allOf(nothingSeen()), workerLayer({ address, taskQueue }))
      yield* Effect.scoped(
        Effect.gen(function* () {
          yield* Layer.build(right)
          const cart = yield* run(P.Cart.start("x", { workflowId: "left" }))
          yield* add("known")
          yield* run(P.CheckOut.send(cart))
          yield* run(cart.result)
          assert.strictEqual((yield* reasonOf(add("unknown")))[0], "Finished")
        })
      )
      yield* Effect.scoped(
        Effect.gen(function* () {
          yield* Layer.build(
            Layer.provideMerge(
              echoing.pipe(Layer.provide(handler)),
              workerLayer({ address, taskQueue, workflows: echoes })
            )
          )
          const [tag, words] = yield* reasonOf(add("unknown"))
          assert.strictEqual(tag, "StoreFailed")
          assert.include(words, 'workflow "Cart" is not in the module of workflows')
        })
      )
      yield* Layer.build(right)
      assert.strictEqual(yield* add("known"), 1)
    })
  )

  live("a query of an execution that ended before a worker took it says that it is finished", () =>
    Effect.gen(function* () {
      const { address } = yield* server
      const caller = yield* Layer.build(TemporalExecutor.layer({ address, taskQueue: "ended" }))
      const run = <A, E>(effect: Effect.Effect<A, E, DurableExecutor>) => Effect.provideContext(effect, caller)
      const idle = yield* run(Idle.start())
      yield* run(idle.terminate())
      const [tag] = yield* reasonOf(run(P.Items.ask(idle)))
      assert.strictEqual(tag, "Finished")
    })
  )

  live("a module without a workflow, or without one that is registered, fails the layer of the worker", () =>
    Effect.gen(function* () {
      const { address } = yield* server
      const folder = mkdtempSync(join(tmpdir(), "perdure-modules-"))
      const refused = (name: string, text: string, options: Partial<TemporalWorker.Options> = {}) => {
        const file = join(folder, name)
        writeFileSync(file, text)
        const made = workerLayer({ address, taskQueue: name, bundleCache: undefined, workflows: file, ...options })
        return Effect.map(reasonOf(Layer.build(made)), ([tag, words]) => [tag, words.replace(folder, "")])
      }
      const [, unfinished] = yield* refused("unfinished.ts", "export const none = = 1\n")
      assert.match(unfinished!, /^the module of workflows \/unfinished\.ts could not be bundled: ERROR in /)
      assert.include(unfinished, "Expression expected")
      assert.notInclude(unfinished, "Stack backtrace")
      assert.deepStrictEqual(yield* refused("empty.ts", "export {}\n"), [
        "WorkflowsRefused",
        "the workflows of /empty.ts cannot run: it exports no workflow; export what toLayer of a workflow makes, without the layers of activities"
      ])
      assert.deepStrictEqual(yield* refused("throwing.ts", 'console.log("seen")\nthrow new Error("at once")\n'), [
        "WorkflowsRefused",
        "the workflows of /throwing.ts cannot run: it threw when it was evaluated: Error: at once; each execution evaluates it, so mend it"
      ])
      const [, broken] = yield* refused("bundle.js", "this is no program", { bundle: join(folder, "bundle.js") })
      assert.include(broken, "the workflows of /bundle.js cannot run: it threw when it was evaluated: SyntaxError")
      // What tells the time, draws numbers or starts a timer is no reason to refuse it.
      const fine = yield* Effect.exit(
        refused("fine.ts", "globalThis.made = [Date.now(), new Date(), Math.random(), setTimeout(() => {}, 1)]\n")
      )
      assert.include(JSON.stringify(fine), "it exports no workflow")
      const other = Layer.provideMerge(hostile, workerLayer({ address, taskQueue: "other", workflows: echoes }))
      const [tag, words] = yield* reasonOf(Layer.build(other))
      assert.strictEqual(tag, "StoreFailed")
      assert.match(words, /workflow "\w+" is not in the module of workflows, which has Echoing: export its layer there/)
    })
  )

  live("an execution that no worker takes waits for one, and so does one whose worker is gone", () =>
    Effect.gen(function* () {
      const { address } = yield* server
      const taskQueue = "lonely"
      const caller = yield* Layer.build(TemporalExecutor.layer({ address, taskQueue }))
      const words = (workflowId: string) =>
        Effect.flatMap(Idle.handle(workflowId), ({ describe }) => describe).pipe(
          Effect.map(({ waitingFor }) => waitingFor.map(Waiting.inWords)),
          Effect.provideContext(caller)
        )
      const start = (workflowId: string) => Effect.provideContext(Idle.start(undefined, { workflowId }), caller)
      const wanted = Waiting.inWords({ _tag: "Worker", workflow: "Idle" })
      yield* Effect.scoped(
        Effect.gen(function* () {
          const run = yield* running(taskQueue)
          yield* start("taken")
          yield* run(Asking.execute([]))
          assert.notInclude(yield* words("taken"), wanted)
          assert.notInclude(yield* later(60_000, words("taken")), wanted)
        })
      )
      yield* start("new")
      assert.include(yield* later(11_000, words("new")), wanted)
      assert.include(yield* later(125_000, words("taken")), wanted)
    })
  )
})
