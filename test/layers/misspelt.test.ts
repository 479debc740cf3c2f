/** A variable that nothing reads is told when the Layer is built, with the one that was meant. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import { Config, ConfigProvider, Effect, Layer, Logger } from "effect"
import { Providers } from "perdure"

/** What is logged while a Layer is built, with this configuration or an environment. */
const logged = Effect.fnUntraced(function* (
  env: Record<string, string> | ConfigProvider.ConfigProvider,
  layer: Layer.Layer<never, unknown> = Providers.layerConfig
) {
  const lines: Array<string> = []
  const log = Logger.make(({ logLevel, message }) => void lines.push(`${logLevel}: ${[message].flat().join(" ")}`))
  const provider = "load" in env && typeof env.load === "function" ? (env as ConfigProvider.ConfigProvider) : undefined
  yield* Effect.ignore(Effect.scoped(Layer.build(layer))).pipe(
    Effect.provide([
      Logger.layer([log]),
      ConfigProvider.layer(provider ?? ConfigProvider.fromEnv({ env: env as Record<string, string> }))
    ])
  )
  return lines.filter((line) => line.includes("is read by no"))
})

const warning = (found: string, kind: string, meant: string) =>
  `Warn: ${found} is read by no ${kind}; did you mean ${meant}?`

const memory = { PERDURE_STORE: "memory" }

describe("a variable that nothing reads", () => {
  for (const [found, kind, meant] of [
    ["PERDURE_STORE_MAX_COMIT_BYTES", "store", "PERDURE_STORE_MAX_COMMIT_BYTES"],
    ["PERDURE_STORE_BUSYTIMEOUT", "store", "PERDURE_STORE_BUSY_TIMEOUT"],
    ["PERDURE_STORE__URL", "store", "PERDURE_STORE_URL"],
    // Options whose variable is called otherwise.
    ["PERDURE_STORE_FILENAME", "store", "PERDURE_STORE_URL"],
    ["PERDURE_STORE_SERVERS", "store", "PERDURE_STORE_URL"],
    ["PERDURE_EXECUTOR_MAX_ACTIVITY", "executor", "PERDURE_EXECUTOR_MAX_ACTIVITIES"],
    ["PERDURE_STROE", "store", "PERDURE_STORE"],
    ["PERDURE_STROE_URL", "store", "PERDURE_STORE_URL"],
    ["PERDURE_EXECUTR_DRAIN", "executor", "PERDURE_EXECUTOR_DRAIN"]
  ] as const) {
    it.effect(`is told with the one that was meant: ${found}`, () =>
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* logged({ ...memory, [found]: "1" }), [warning(found, kind, meant)])
      })
    )
  }

  it.effect("is told before what is missing for it", () =>
    Effect.gen(function* () {
      const env = { PERDURE_STORE: "nats", PERDURE_STORE_ULR: "hush" }
      assert.deepStrictEqual(yield* logged(env), [warning("PERDURE_STORE_ULR", "store", "PERDURE_STORE_URL")])
    })
  )

  it.effect("is told of a kind where that is chosen", () =>
    Effect.gen(function* () {
      const env = { ...memory, PERDURE_STORE_BUKET: "a", PERDURE_EXECUTOR_LEASES: "1" }
      const [store, executor] = [
        warning("PERDURE_STORE_BUKET", "store", "PERDURE_STORE_BUCKET"),
        warning("PERDURE_EXECUTOR_LEASES", "executor", "PERDURE_EXECUTOR_LEASE")
      ]
      assert.deepStrictEqual(yield* logged(env, Providers.storeConfig), [store])
      const alone = Providers.executorConfig.pipe(Layer.provide(Providers.store("memory")))
      assert.deepStrictEqual(yield* logged(env, alone), [executor])
      assert.deepStrictEqual((yield* logged(env)).toSorted(), [executor, store])
    })
  )

  it.effect("is one that no provider reads, and that has a value", () =>
    Effect.gen(function* () {
      const Own = Providers.register({
        kind: "store",
        name: "redis",
        load: () => Promise.resolve({ layer: (_: { readonly shard: number }) => Providers.store("memory") }),
        settings: { shard: Config.Int }
      })
      const env = {
        ...memory,
        PERDURE_STORE_REPLICAS: "3",
        PERDURE_STORE_URL: "a",
        PERDURE_STORE_BUKET: "",
        PERDURE_EXECUTOR: "default",
        PERDURE_TEST_NATS: "a",
        PERDURE: "a",
        STORE_BUKET: "a"
      }
      assert.deepStrictEqual(yield* logged(env), [])
      const shard = { ...env, PERDURE_STORE_SHARD: "1" }
      assert.deepStrictEqual(yield* logged(shard, Own.storeConfig), [])
      assert.strictEqual((yield* logged(shard)).length, 1)
    })
  )

  it.effect("is found behind a prefix and in a .env file, and not where names cannot be listed", () =>
    Effect.gen(function* () {
      const env = { ...memory, PERDURE_STORE_BUKET: "a" }
      const expected = [warning("PERDURE_STORE_BUKET", "store", "PERDURE_STORE_BUCKET")]
      const text = Object.entries(env).map(([name, value]) => `${name}=${value}\n`)
      assert.deepStrictEqual(yield* logged(ConfigProvider.fromDotEnvContents(text.join(""))), expected)
      const prefixed = Object.fromEntries(Object.entries(env).map(([name, value]) => [`APP_${name}`, value]))
      const nested = ConfigProvider.fromEnv({ env: prefixed }).pipe(ConfigProvider.nested("APP"))
      assert.deepStrictEqual(yield* logged(nested), expected)
      assert.deepStrictEqual(yield* logged(ConfigProvider.fromUnknown(env)), [])
      const rootPath = mkdtempSync(join(tmpdir(), "perdure-misspelt-"))
      yield* Effect.addFinalizer(() => Effect.sync(() => rmSync(rootPath, { recursive: true })))
      for (const [name, value] of Object.entries(env)) writeFileSync(join(rootPath, name), value)
      assert.deepStrictEqual(yield* logged(yield* ConfigProvider.fromDir({ rootPath })), [])
      const broken = ConfigProvider.make(() => Effect.fail(new ConfigProvider.SourceError({ message: "away" })))
      assert.deepStrictEqual(yield* logged(broken), [])
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer))
  )
})
