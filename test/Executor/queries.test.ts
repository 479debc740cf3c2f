/** What a program publishes is what its history says, at every commit; and a warning where something is left out. */
import { assert, it } from "@effect/vitest"
import { Effect, Exit, Layer, Logger, Ref, Schema, Scope } from "effect"
import { Activity, Query, Signal, Workflow } from "perdure"
import * as Default from "perdure/Executor/Default"
import { DurableExecutor } from "perdure/Executor/DurableExecutor"
import { WorkflowId } from "perdure/Ids"
import * as Memory from "perdure/Store/Memory"
import { type Commit, WorkflowStore } from "perdure/Store/WorkflowStore"
import { published } from "../../src/internal/store/published.ts"
import { until } from "../suites/executor/Lab.ts"
import { interpret } from "../replay/Driver.ts"

const Add = Signal.make("add", { payload: Schema.Int })
const Echo = Activity.make("Echo", { input: Schema.Int, success: Schema.Int })
const Sum = Query.make("sum", { success: Schema.Int })
const Texts = Query.make("texts", { success: Schema.Array(Schema.String) })

/** Publishes more and more, until it is too much. */
const Adder = Workflow.make("Adder", { workflowId: () => "adder" })
const adder = Effect.gen(function* () {
  const sum = yield* Ref.make(0)
  const texts = yield* Ref.make<ReadonlyArray<string>>([])
  yield* Sum.publish(sum)
  yield* Effect.log("the program has begun")
  while ((yield* Ref.get(sum)) < 20) {
    const number = yield* Echo(yield* Add.receive)
    yield* Ref.update(sum, (sum) => sum + number)
    if (number === 3) yield* Texts.publish(texts)
    yield* Ref.update(texts, (texts) => [...texts, "x".repeat(number * 400)])
    yield* Effect.sleep(5)
  }
})
const AdderLive = Adder.toLayer(() => adder).pipe(Layer.provide(Echo.toLayer(Effect.succeed)))
// Handlers are in the requirements for the compiler only.
const program = Adder.encoded(() => adder as Effect.Effect<void>)

/** A store that keeps the commits that were saved. */
const observed = Effect.map(WorkflowStore, (store) => {
  const commits: Array<Commit> = []
  const saved = (all: ReadonlyArray<Commit>) => (exits: ReadonlyArray<Exit.Exit<void, unknown>>) =>
    commits.push(...all.filter((_, index) => Exit.isSuccess(exits[index]!)))
  const linked: WorkflowStore["Service"] = {
    ...store,
    save: (commit) => Effect.tap(store.save(commit), () => Effect.sync(() => commits.push(commit))),
    saveAll: (all) => Effect.tap(store.saveAll(all), (exits) => Effect.sync(() => saved(all)(exits)))
  }
  return { commits, linked }
})

const lines: Array<string> = []
const logger = Logger.layer([Logger.make(({ message }) => void lines.push(String(message)))])

/** A worker in a scope of its own, or a client without the program. */
const open = Effect.fnUntraced(function* (store: WorkflowStore["Service"], workflows: typeof AdderLive) {
  const scope = yield* Scope.make()
  const layer = Layer.provideMerge(workflows, Default.layerWith({ heartbeatInterval: "20 millis" })).pipe(
    Layer.provide(Layer.succeed(WorkflowStore, store)),
    Layer.provide(logger)
  )
  const context = yield* Layer.buildWithMemoMap(layer, Layer.makeMemoMapUnsafe(), scope)
  const run = Effect.provideContext(context)
  return {
    run: <A, E>(effect: Effect.Effect<A, E, DurableExecutor>) => run(effect),
    stop: Scope.close(scope, Exit.void)
  }
})

it.live("18. each commit has what the program has published by then, whoever writes it and whatever ends between", () =>
  Effect.gen(function* () {
    const { commits, linked } = yield* observed
    const client = yield* open(linked, Layer.empty)
    yield* client.run(Adder.start())
    for (const number of [1, 2, 3, 4, 5, 6]) {
      const worker = yield* open(linked, AdderLive)
      const before = (number * (number - 1)) / 2
      const sum = Effect.orElseSucceed(client.run(Sum.ask("adder")), () => -1)
      yield* until(Effect.map(sum, (sum) => sum === before))
      if (number % 2 === 0) yield* worker.stop
      yield* client.run(Add.send("adder", number))
      if (number % 2 === 1) yield* Effect.sleep("5 millis")
      yield* worker.stop
    }
    const last = yield* open(linked, AdderLive)
    yield* last.run(Effect.flatMap(DurableExecutor, (executor) => executor.result({ workflowId: "adder" })))
    assert.strictEqual(yield* last.run(Sum.ask("adder")), 21)
    // It answers by a copy now, as the execution is over.
    yield* last.stop
    const mine = commits.filter(({ workflowId }) => workflowId === WorkflowId.make("adder"))
    assert.isAbove(mine.length, 20)
    let before: Commit["summary"]["published"]
    for (const [index, { events, summary }] of mine.entries()) {
      const interpreter = interpret(program)
      interpreter.replay(mine.slice(0, index + 1).flatMap(({ events }) => events))
      assert.isUndefined(interpreter.problem)
      // Other processes leave what is there: the start and the signals of the client.
      const isOfWorker = !events.some((event) => "unread" in event && event.unread === true) && index > 0
      const expected = isOfWorker ? published(interpreter.queries.publications) : before
      assert.deepStrictEqual(summary.published, expected, `commit ${index + 1}, ${events.map(({ _tag }) => _tag)}`)
      before = summary.published
    }
    assert.isTrue(before !== undefined && "leftOut" in before["texts"]!, "it has grown too large")
    const begun = lines.filter((line) => line === "the program has begun")
    assert.strictEqual(begun.length, 1, "neither takeovers nor copies say it again")
    const warnings = lines.filter((line) =>
      line.includes('the published value of query "texts" is left out: it takes ')
    )
    assert.isAtLeast(warnings.length, 1)
    assert.isAtMost(warnings.length, 2, "it is said when it begins, not with each commit")
  }).pipe(Effect.provide(Memory.layer))
)
