/** Apps whose store the configuration chooses: retention and all else that reads the store is on the same one. */
import { assert, describe, it } from "@effect/vitest"
import { Cause, ConfigProvider, Effect, Exit, Layer, Stream } from "effect"
import { TestClock } from "effect/testing"
import { Executions, Providers, Retention, Transfer, Verify, Workflow } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import { WorkflowId } from "perdure/Ids"
import { WorkflowStore } from "perdure/Store/WorkflowStore"

const Hello = Workflow.make("Hello", { workflowId: () => "hello" })
const HelloLive = Hello.toLayer(() => Effect.void)

const environment = (env: Record<string, string>) => ConfigProvider.layer(ConfigProvider.fromEnv({ env }))
const inMemory = environment({ PERDURE_STORE: "memory", PERDURE_EXECUTOR_WORKER: "porter" })

/** Who runs on the store that is here, once an execution ran. */
const workers = Effect.gen(function* () {
  yield* Hello.execute()
  const { living } = yield* Effect.flatMap(WorkflowStore, (store) => store.workers)
  return living.map(({ id }) => id.split("/")[0])
})

/** How many executions there are, as the executor says, and how many lines an export of the store has. */
const counted = Effect.gen(function* () {
  const executions = yield* Effect.flatMap(Executions.Executions, ({ count }) => count())
  const lines = yield* Stream.runCount(Transfer.exportLines({ whileRunning: true }))
  return { executions, lines }
})

describe("the store of an app that its configuration moves", () => {
  it.effect("has retention, verification and transfer, as the executor has it", () =>
    Effect.gen(function* () {
      yield* Hello.execute()
      assert.deepStrictEqual(yield* Stream.runCollect(Verify.stream()), [
        { workflowId: WorkflowId.make("hello"), faults: [] }
      ])
      assert.deepStrictEqual(yield* counted, { executions: 1, lines: 5 })
      yield* TestClock.adjust("2 days")
      assert.deepStrictEqual(yield* counted, { executions: 0, lines: 2 })
    }).pipe(
      Effect.provide(
        Layer.mergeAll(HelloLive, Retention.layer({ closed: "1 day", every: "1 hour" })).pipe(
          Layer.provideMerge(Providers.layerConfig),
          Layer.provide(inMemory)
        )
      )
    )
  )

  for (const [title, App] of [
    ["of the configuration", Providers.layerConfig],
    ["of the configuration, with defaults", Providers.layerConfig({ store: { name: "memory" } })],
    ["of the code", Providers.layer("default", { store: { name: "memory" }, worker: "porter" })],
    ["beside the one that is chosen alone", Providers.layerConfig.pipe(Layer.provideMerge(Providers.storeConfig))],
    ["beside the one that is chosen alone, which is taken", Layer.merge(Providers.layerConfig, Providers.storeConfig)],
    ["under an executor that is chosen alone", Layer.provideMerge(Providers.executorConfig, Providers.storeConfig)]
  ] as const) {
    it.effect(`is the only one: ${title}`, () =>
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* workers, ["porter"])
      }).pipe(Effect.provide(HelloLive.pipe(Layer.provideMerge(App), Layer.provide(inMemory))))
    )
  }

  it.effect("is none where an executor is chosen that needs none", () =>
    Effect.gen(function* () {
      const Solo = Providers.register({
        kind: "executor",
        name: "solo",
        needsStore: false,
        load: () => Promise.resolve({ layer: DefaultExecutor.layerMemory }),
        settings: {}
      })
      const env = environment({ PERDURE_EXECUTOR: "solo", PERDURE_STORE: "none" })
      yield* Hello.execute().pipe(
        Effect.provide(HelloLive.pipe(Layer.provideMerge(Solo.layerConfig), Layer.provide(env)))
      )
    })
  )
})

describe("an executor that the configuration chooses alone", () => {
  const on = (env: Record<string, string>, executor: ReturnType<typeof Providers.executorConfig>) =>
    Effect.exit(
      Effect.provide(
        workers,
        HelloLive.pipe(
          Layer.provideMerge(executor),
          Layer.provideMerge(Providers.store("memory")),
          Layer.provide(environment(env))
        )
      )
    )

  it.effect("has the options that it says, and else those of the code", () =>
    Effect.gen(function* () {
      const own = Providers.executorConfig({ name: "default", worker: "own" })
      assert.deepStrictEqual(yield* on({ PERDURE_EXECUTOR_WORKER: "porter" }, own), Exit.succeed(["porter"]))
      assert.deepStrictEqual(yield* on({}, own), Exit.succeed(["own"]))
      const wrong = yield* on({ PERDURE_EXECUTOR_MAX_LOADED: "-1" }, Providers.executorConfig)
      assert.include(Exit.isFailure(wrong) ? Cause.pretty(wrong.cause) : "", "PERDURE_EXECUTOR_MAX_LOADED must be")
      const unknown = yield* on({ PERDURE_EXECUTOR: "temporal" }, Providers.executorConfig)
      assert.include(Exit.isFailure(unknown) ? Cause.pretty(unknown.cause) : "", 'no executor "temporal"')
    })
  )
})
