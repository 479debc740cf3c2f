/** Executors and stores by their names: chosen in code and by configuration, and what is said of what makes no sense. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { inspect } from "node:util"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import { Cause, Config, ConfigProvider, Context, Effect, Exit, Layer, Redacted } from "effect"
import { Providers, Workflow } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import { WorkflowStore } from "perdure/Store/WorkflowStore"
import { TestClock } from "effect/testing"

const Hello = Workflow.make("Hello")
const HelloLive = Hello.toLayer(() => Effect.sleep("1 day"))

const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "perdure-providers-"))),
  (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
)

const environment = (env: Record<string, string>) => ConfigProvider.layer(ConfigProvider.fromEnv({ env }))

/** What a store promises, when it is made. */
const guaranteesOf = <E>(layer: Layer.Layer<WorkflowStore, E>) =>
  Effect.scoped(Effect.map(Layer.build(layer), (context) => Context.get(context, WorkflowStore).guarantees))

/** The store that an environment chooses. */
const guaranteesIn = (env: Record<string, string>) =>
  guaranteesOf(Providers.storeConfig.pipe(Layer.provide(environment(env))))

/** The error with which a Layer is not built. */
const errorOf = <A, E>(layer: Layer.Layer<A, E>) => Effect.flip(Effect.scoped(Layer.build(layer)))

/** The error that an environment makes. */
const errorIn = (env: Record<string, string>) => errorOf(Providers.layerConfig.pipe(Layer.provide(environment(env))))

/** Names that no compiler has checked. */
const unchecked = Providers as unknown as {
  readonly store: (name: unknown, options?: unknown) => Layer.Layer<never, Providers.ProviderError>
  readonly executor: (name: unknown) => Layer.Layer<never, Providers.ProviderError>
  readonly layer: (name: unknown, config: unknown) => Layer.Layer<never, Providers.ProviderError>
  readonly register: (provider: unknown) => unknown
  readonly only: (...names: ReadonlyArray<unknown>) => unknown
}

describe("the names", () => {
  it("are those that there are, sorted", () => {
    assert.deepStrictEqual(Providers.list, ["default"])
    assert.deepStrictEqual(Providers.executors, Providers.list)
    assert.deepStrictEqual(Providers.stores, ["dapr", "inngest", "kafka", "memory", "nats", "postgres", "sqlite"])
  })

  it.effect("that are chosen among the stores are the only ones", () =>
    Effect.gen(function* () {
      const some = Providers.only("nats", "sqlite")
      assert.deepStrictEqual(some.stores, ["nats", "sqlite"])
      assert.deepStrictEqual(some.executors, ["default"])
      assert.deepStrictEqual(Providers.stores, ["dapr", "inngest", "kafka", "memory", "nats", "postgres", "sqlite"])
      const other = yield* errorOf(some.storeConfig.pipe(Layer.provide(environment({ PERDURE_STORE: "memory" }))))
      assert.strictEqual(other.message, 'PERDURE_STORE: there is no store "memory"; known: nats, sqlite')
      assert.throws(
        () => unchecked.only("redis"),
        TypeError,
        'there is no store "redis"; known: dapr, inngest, kafka, memory, nats, postgres, sqlite'
      )
    })
  )

  it.effect("that are not known list those that are", () =>
    Effect.gen(function* () {
      for (const [layer, kind, known] of [
        [unchecked.store("redis"), "store", ["dapr", "inngest", "kafka", "memory", "nats", "postgres", "sqlite"]],
        [unchecked.executor("temporal"), "executor", ["default"]],
        [unchecked.layer("temporal", {}), "executor", ["default"]],
        [
          unchecked.layer("default", { store: { name: "redis" } }),
          "store",
          ["dapr", "inngest", "kafka", "memory", "nats", "postgres", "sqlite"]
        ]
      ] as const) {
        const error = yield* errorOf(layer)
        assert.strictEqual(error._tag, "ProviderError")
        assert.deepStrictEqual([error.kind, error.reason._tag], [kind, "Unknown"])
        assert.deepStrictEqual(error.reason._tag === "Unknown" && error.reason.known, known)
      }
      assert.strictEqual(
        (yield* errorOf(unchecked.store("redis"))).message,
        'there is no store "redis"; known: dapr, inngest, kafka, memory, nats, postgres, sqlite'
      )
    })
  )

  it.effect("are compared exactly", () =>
    Effect.gen(function* () {
      for (const name of ["SQLite", "sqlite ", "sqlit", "constructor", undefined, {}]) {
        assert.strictEqual((yield* errorOf(unchecked.store(name)))._tag, "ProviderError")
      }
    })
  )

  it.effect("of an executor and of its store are looked at before anything is opened", () =>
    Effect.gen(function* () {
      const filename = join(yield* folder, "none", "orders.db")
      const error = yield* errorOf(unchecked.layer("temporal", { store: { name: "sqlite", filename } }))
      assert.strictEqual(error.kind, "executor")
    }).pipe(Effect.scoped)
  )
})

describe("in code", () => {
  it.effect("a store is chosen by its name and its options", () =>
    Effect.gen(function* () {
      const filename = join(yield* folder, "orders.db")
      const sqlite = yield* guaranteesOf(Providers.store("sqlite", { filename, synchronous: "NORMAL" }))
      assert.strictEqual(sqlite.durability, "process")
      assert.strictEqual((yield* guaranteesOf(Providers.store("memory"))).durability, "none")
      const memory = yield* guaranteesOf(Providers.store("memory", { maxCommitBytes: 1234 }))
      assert.strictEqual(memory.maxCommitBytes, 1234)
    }).pipe(Effect.scoped)
  )

  it.effect("an executor runs workflows on the store beside it", () =>
    runsHello(Providers.layer("default", { store: { name: "memory", maxCommitBytes: 10_000 }, maxActivities: 1 }))
  )

  it.effect("an executor runs workflows on the store that is provided", () =>
    runsHello(Providers.executor("default", { worker: "a" }).pipe(Layer.provide(Providers.store("memory"))))
  )

  it.effect("DefaultExecutor.layerMemory is executor and store in one, with settings or without", () =>
    Effect.gen(function* () {
      yield* runsHello(DefaultExecutor.layerMemory)
      yield* runsHello(DefaultExecutor.layerMemory({ maxActivities: 1 }))
      assert.strictEqual((yield* guaranteesOf(DefaultExecutor.layerMemory)).durability, "none")
    })
  )
})

/** Runs a workflow that sleeps, in virtual time. */
const runsHello = <A extends Layer.Success<typeof DefaultExecutor.layer>, E>(executor: Layer.Layer<A, E>) =>
  Effect.gen(function* () {
    const handle = yield* Hello.start()
    yield* TestClock.adjust("2 days")
    yield* handle.result
  }).pipe(Effect.provide(HelloLive.pipe(Layer.provideMerge(executor))))

describe("the configuration of an app", () => {
  it.effect("chooses memory, or SQLite on a file, with all that it says of them", () =>
    Effect.gen(function* () {
      const url = join(yield* folder, "orders.db")
      assert.deepInclude(yield* guaranteesIn({ PERDURE_STORE: "memory", PERDURE_STORE_MAX_COMMIT_BYTES: "1234" }), {
        durability: "none",
        maxCommitBytes: 1234
      })
      assert.deepInclude(yield* guaranteesIn({ PERDURE_STORE: "sqlite", PERDURE_STORE_URL: url }), {
        durability: "disk",
        maxCommitBytes: 8 * 1024 * 1024
      })
      const env = {
        PERDURE_STORE_URL: url,
        PERDURE_STORE_SYNCHRONOUS: "NORMAL",
        PERDURE_STORE_BUSY_TIMEOUT: "0 millis"
      }
      assert.deepInclude(yield* guaranteesIn(env), { durability: "process" })
    }).pipe(Effect.scoped)
  )

  it.effect("chooses the executor and its options", () =>
    Effect.gen(function* () {
      const env = { PERDURE_EXECUTOR: "default", PERDURE_EXECUTOR_WORKER: "porter", PERDURE_STORE: "memory" }
      yield* runsHello(Providers.layerConfig.pipe(Layer.provide(environment(env))))
      const error = yield* errorIn({ ...env, PERDURE_EXECUTOR: "temporal" })
      assert.strictEqual(error.message, 'PERDURE_EXECUTOR: there is no executor "temporal"; known: default')
    })
  )

  it.effect("goes before the defaults of the code, option by option, and defaults of another store mean nothing", () =>
    Effect.gen(function* () {
      const filename = join(yield* folder, "orders.db")
      const Store = Providers.storeConfig({ name: "sqlite", filename, maxCommitBytes: 10, synchronous: "NORMAL" })
      const chosen = (env: Record<string, string>) => guaranteesOf(Store.pipe(Layer.provide(environment(env))))
      assert.deepInclude(yield* chosen({}), { durability: "process", maxCommitBytes: 10 })
      assert.deepInclude(yield* chosen({ PERDURE_STORE_MAX_COMMIT_BYTES: "20" }), {
        durability: "process",
        maxCommitBytes: 20
      })
      assert.deepInclude(yield* chosen({ PERDURE_STORE: "sqlite", PERDURE_STORE_SYNCHRONOUS: "FULL" }), {
        durability: "disk",
        maxCommitBytes: 10
      })
      assert.deepInclude(yield* chosen({ PERDURE_STORE: "memory" }), {
        durability: "none",
        maxCommitBytes: 8 * 1024 * 1024
      })
    }).pipe(Effect.scoped)
  )

  it.effect("is the environment, a .env file, a folder of files, or what else a ConfigProvider reads", () =>
    Effect.gen(function* () {
      const at = yield* folder
      writeFileSync(join(at, ".env"), "PERDURE_STORE=memory\nexport PERDURE_STORE_MAX_COMMIT_BYTES='1111' # bytes\n")
      writeFileSync(join(at, "PERDURE_STORE"), "memory\n")
      writeFileSync(join(at, "PERDURE_STORE_MAX_COMMIT_BYTES"), "2222\n")
      const objects = { PERDURE_STORE: "memory", PERDURE_STORE_MAX_COMMIT_BYTES: "3333" }
      const nested = { APP_PERDURE_STORE: "memory", APP_PERDURE_STORE_MAX_COMMIT_BYTES: "4444" }
      for (const [bytes, provider] of [
        [1111, ConfigProvider.fromDotEnv({ path: join(at, ".env") })],
        [2222, ConfigProvider.fromDir({ rootPath: at })],
        [3333, Effect.succeed(ConfigProvider.fromUnknown(objects))],
        [4444, Effect.succeed(ConfigProvider.fromEnv({ env: nested }).pipe(ConfigProvider.nested("APP")))]
      ] as const) {
        const guarantees = yield* guaranteesOf(
          Providers.storeConfig.pipe(Layer.provide(ConfigProvider.layer(yield* provider)))
        )
        assert.deepInclude(guarantees, { durability: "none", maxCommitBytes: bytes })
      }
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer))
  )

  it.effect("that names no store there is lists those that there are, and its variable", () =>
    Effect.gen(function* () {
      const error = yield* errorIn({ PERDURE_STORE: "redis" })
      assert.strictEqual(
        error.message,
        'PERDURE_STORE: there is no store "redis"; known: dapr, inngest, kafka, memory, nats, postgres, sqlite'
      )
    })
  )

  it.effect("without an address says so, and where it belongs", () =>
    Effect.gen(function* () {
      const error = yield* errorIn({ PERDURE_STORE: "nats" })
      assert.strictEqual(error._tag, "ConfigError")
      assert.include(error.message, 'PERDURE_STORE_URL is missing: the store "nats" needs it')
    })
  )

  const nats = { PERDURE_STORE: "nats", PERDURE_STORE_URL: "a" }
  const postgres = { PERDURE_STORE: "postgres", PERDURE_STORE_URL: "postgres://a/b" }
  const sqlite = { PERDURE_STORE: "sqlite" }
  const dapr = { PERDURE_STORE: "dapr" }
  const inngest = { PERDURE_STORE: "inngest" }
  const senseless: ReadonlyArray<
    readonly [variable: string, value: string, says: string, env?: Record<string, string>]
  > = [
    [
      "PERDURE_STORE_MAX_COMMIT_BYTES",
      "0",
      'must be a whole number of at least 1, or Infinity for no limit, and is "0"'
    ],
    ["PERDURE_STORE_MAX_COMMIT_BYTES", "many", 'at least 1, or Infinity for no limit, and is "many"'],
    ["PERDURE_STORE_MAX_COMMIT_BYTES", "NaN", 'at least 1, or Infinity for no limit, and is "NaN"'],
    ["PERDURE_STORE_MAX_COMMIT_BYTES", "Infinity", "of at least 1, and is", nats],
    ["PERDURE_STORE_SYNCHRONOUS", "normal", 'must be FULL or NORMAL, and is "normal"', sqlite],
    [
      "PERDURE_STORE_BUSY_TIMEOUT",
      "5",
      'must be a duration, such as "5 seconds", and is "5"',
      { PERDURE_STORE: "sqlite" }
    ],
    ["PERDURE_STORE_BUSY_TIMEOUT", "Infinity", 'such as "5 seconds", and is "Infinity"', sqlite],
    ["PERDURE_STORE_BUSY_TIMEOUT", "-1 second", 'such as "5 seconds", and is "-1 second"', sqlite],
    ["PERDURE_STORE_URL", "a:4222,,b:4222", "must be an address, such as host:4222", { PERDURE_STORE: "nats" }],
    ["PERDURE_STORE_URL", "a:http", "must be an address, such as host:4222", { PERDURE_STORE: "nats" }],
    ["PERDURE_STORE_URL", "a:4222 b:4222", "must be an address, such as host:4222", { PERDURE_STORE: "nats" }],
    ["PERDURE_STORE_URL", "file:foo.db", "must be the path of a file: write the path alone, without file:", sqlite],
    [
      "PERDURE_STORE_URL",
      "sqlite:///foo.db",
      "must be the path of a file: write the path alone, without sqlite:",
      sqlite
    ],
    ["PERDURE_STORE_URL", "nats://localhost:4222", "this is an address; did you mean PERDURE_STORE=nats?", sqlite],
    ["PERDURE_STORE_URL", "postgresql://a/b", "this is an address; did you mean PERDURE_STORE=postgres?", sqlite],
    ["PERDURE_STORE_URL", "10.0.0.1:4222,b:4222", "this is an address; did you mean PERDURE_STORE=nats?", sqlite],
    ["PERDURE_STORE_URL", "[::1]:4222", "this is an address; did you mean PERDURE_STORE=nats?", sqlite],
    ["PERDURE_STORE_MONITOR", " ", "must be an address", nats],
    ["PERDURE_STORE_REPLICAS", "1.5", 'must be a whole number of at least 1, and is "1.5"', nats],
    ["PERDURE_STORE_REPLICAS", "Infinity", 'must be a whole number of at least 1, and is "Infinity"', nats],
    ["PERDURE_STORE_BUCKET", "a b", 'must be made of letters, digits, - and _, and is "a b"', nats],
    ["PERDURE_STORE_UNSAFE", "perhaps", 'must be true or false, and is "perhaps"', nats],
    ["PERDURE_STORE_SYNC_INTERVAL", "2m", 'must be always, and is "2m"', nats],
    [
      "PERDURE_STORE_TIMEOUT",
      "0 seconds",
      'must be a duration of at least 1 ms, such as "5 seconds", and is "0 seconds"',
      nats
    ],
    [
      "PERDURE_STORE_SCHEMA",
      "a b",
      'must be letters, digits and _, at most 40, begin with no digit, and be none of the server\'s own, as pg_ is, and is "a b"',
      postgres
    ],
    ["PERDURE_STORE_LANES", "0", 'must be a whole number of at least 1, and is "0"', postgres],
    [
      "PERDURE_STORE_LANES",
      "8",
      "PERDURE_STORE_MAX_CONNECTIONS must be at least 11: one for each of 8 PERDURE_STORE_LANES",
      postgres
    ],
    [
      "PERDURE_STORE_URL",
      "127.0.0.1/shop",
      "must be the address of a database: postgres://user:password@host:5432/database",
      postgres
    ],
    ["PERDURE_STORE_MAX_CONNECTIONS", "Infinity", 'must be a whole number of at least 1, and is "Infinity"', postgres],
    ["PERDURE_STORE_PASSWORD", "x", "PERDURE_STORE_USER", nats],
    [
      "PERDURE_STORE_URL",
      "127.0.0.1:3500",
      "must be where the sidecar answers HTTP, such as http://127.0.0.1:3500",
      dapr
    ],
    ["PERDURE_STORE_URL", "http://ada@a:3500", "a sidecar has an API token, which is PERDURE_STORE_TOKEN", dapr],
    ["PERDURE_STORE_COMPONENT", "a/b", 'must be the name of a state store component, and is "a/b"', dapr],
    ["PERDURE_STORE_PREFIX", "a||b", 'must be made of letters, digits, - and _, at most 100, and is "a||b"', dapr],
    ["PERDURE_STORE_DURABILITY", "much", 'replicated, and is "much"', dapr],
    [
      "PERDURE_STORE_URL",
      "http://ada@a:8288",
      "must be without a user: keys are PERDURE_STORE_EVENT_KEY and PERDURE_STORE_SIGNING_KEY",
      inngest
    ],
    ["PERDURE_STORE_PREFIX", "inngest", 'not be "inngest"', inngest],
    ["PERDURE_STORE_ROLE", "boss", 'client, and is "boss"', inngest],
    ["PERDURE_STORE_LEASE", "1 second", "must be longer than twice PERDURE_STORE_VISIBILITY", inngest],
    ["PERDURE_STORE_MAX_COMMIT_BYTES", "4000000", "must be at most 3145728", inngest],
    ["PERDURE_STORE_LOOK_EVERY", "1 milli", 'of at least 10 ms, such as "5 seconds", and is "1 milli"', dapr],
    ["PERDURE_EXECUTOR_HEARTBEAT_INTERVAL", "1 milli", 'of at least 10 ms, such as "5 seconds", and is "1 milli"'],
    ["PERDURE_EXECUTOR_ANSWER_TIMEOUT", "never", 'such as "5 seconds" or "Infinity", and is "never"'],
    ["PERDURE_EXECUTOR_LEASE", "5 seconds", "must be longer than PERDURE_EXECUTOR_HEARTBEAT_INTERVAL"],
    [
      "PERDURE_EXECUTOR_MAX_LOADED",
      "-1",
      'must be a whole number of at least 1, or Infinity for no limit, and is "-1"'
    ],
    ["PERDURE_EXECUTOR_DRAIN", "maybe", 'must be true or false, and is "maybe"']
  ]
  for (const [variable, value, says, env = {}] of senseless) {
    it.effect(`names ${variable} when it is ${JSON.stringify(value)}`, () =>
      Effect.gen(function* () {
        const error = yield* errorIn({ PERDURE_STORE: "memory", ...env, [variable]: value })
        assert.strictEqual(error._tag, "ConfigError")
        for (const words of [variable, says]) assert.include(error.message, words)
        for (const words of ["Expected", "NaN | ", "\n"]) assert.notInclude(error.message, words)
      })
    )
  }
})

describe("a secret", () => {
  const shown = (cause: Cause.Cause<unknown>) =>
    [Cause.pretty(cause), inspect(cause, { depth: 20, showHidden: true }), JSON.stringify(cause)].join("\n")

  for (const env of [
    { PERDURE_STORE_URL: "nats://ada:hush@a:4222 b" },
    { PERDURE_STORE_URL: "nats://ada:hush,more@a:4222" },
    { PERDURE_STORE_URL: "a", PERDURE_STORE_MONITOR: "http://ada:hush@a,," },
    { PERDURE_STORE_URL: "a", PERDURE_STORE_PASSWORD: "hush" },
    { PERDURE_STORE_URL: "a", PERDURE_STORE_USER: "ada", PERDURE_STORE_TOKEN: "hush" },
    { PERDURE_STORE_URL: "nats://ada:hush@a:4222", PERDURE_STORE_REPLICAS: "0" },
    { PERDURE_STORE: "nats://ada:hush@a:4222" },
    { PERDURE_STORE: "sqlite", PERDURE_STORE_URL: "nats://ada:hush@a:4222" },
    { PERDURE_STORE: "sqlite", PERDURE_STORE_URL: "ada:hush@a:4222" },
    // Nothing listens there.
    { PERDURE_STORE_URL: "nats://ada:hush@127.0.0.1:9", PERDURE_STORE_TIMEOUT: "1 second" },
    { PERDURE_STORE_URL: "127.0.0.1:9", PERDURE_STORE_USER: "ada", PERDURE_STORE_PASSWORD: "hush" }
  ]) {
    it.live(`is in no error of ${JSON.stringify(env)}`, () =>
      Effect.gen(function* () {
        const exit = yield* Effect.exit(
          Effect.scoped(
            Layer.build(Providers.layerConfig.pipe(Layer.provide(environment({ PERDURE_STORE: "nats", ...env }))))
          )
        )
        assert.isTrue(Exit.isFailure(exit))
        if (Exit.isFailure(exit)) assert.notInclude(shown(exit.cause), "hush")
      })
    )
  }

  it.effect("that stands in place of a name is told where it belongs", () =>
    Effect.gen(function* () {
      const error = yield* errorIn({ PERDURE_STORE: "nats://ada:hush@a:4222" })
      assert.strictEqual(
        error.message,
        "PERDURE_STORE: this is no name of a store; known: dapr, inngest, kafka, memory, nats, postgres, sqlite, and an address belongs in PERDURE_STORE_URL"
      )
    })
  )

  it.effect("of a store is redacted in code too", () =>
    Effect.gen(function* () {
      const servers = "127.0.0.1:9"
      const options = { servers, user: "ada", password: "hush" } as never
      const error = yield* errorOf(Providers.store("nats", options))
      assert.strictEqual(error.message, "open: password must be Redacted.make(…)")
      const token = Redacted.make("hush")
      const both = yield* errorOf(Providers.store("nats", { servers, user: "ada", token }))
      assert.include(both.message, "token and user are two ways to be known")
    })
  )
})

describe("a provider of one's own", () => {
  const loaded: Array<unknown> = []
  const module = {
    layer: (options: { readonly url: Redacted.Redacted; readonly maxCommitBytes?: number | undefined }) => {
      loaded.push(options)
      return Providers.store("memory", { maxCommitBytes: options.maxCommitBytes })
    }
  }
  const settings = { url: Config.Redacted, maxCommitBytes: Providers.optional(Config.Int) }
  const Redis = { kind: "store", name: "redis", load: () => Promise.resolve(module), settings } as const
  const Own = Providers.register(Redis)

  it.effect("is chosen as those that come with the library", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(Own.stores, ["dapr", "inngest", "kafka", "memory", "nats", "postgres", "redis", "sqlite"])
      const env = { PERDURE_STORE: "redis", PERDURE_STORE_URL: "redis://a", PERDURE_STORE_MAX_COMMIT_BYTES: "7777" }
      const guarantees = yield* guaranteesOf(Own.storeConfig.pipe(Layer.provide(environment(env))))
      assert.strictEqual(guarantees.maxCommitBytes, 7777)
      assert.deepStrictEqual(loaded, [{ url: Redacted.make("redis://a"), maxCommitBytes: 7777 }])
      const url = Redacted.make("redis://b")
      yield* runsHello(Own.layer("default", { store: { name: "redis", url } }))
      yield* runsHello(Own.layerConfig.pipe(Layer.provide(environment(env))))
      const missing = yield* errorOf(Own.storeConfig.pipe(Layer.provide(environment({ PERDURE_STORE: "redis" }))))
      assert.include(missing.message, 'PERDURE_STORE_URL is missing: the store "redis" needs it')
    })
  )

  it.effect("may be an executor, which needs a store or none", () =>
    Effect.gen(function* () {
      const WithExecutor = Own.register({
        kind: "executor",
        name: "solo",
        needsStore: false,
        load: () => Promise.resolve({ layer: DefaultExecutor.layerMemory }),
        settings: { maxActivities: Providers.optional(Config.Int) }
      })
      assert.deepStrictEqual(WithExecutor.list, ["default", "solo"])
      yield* runsHello(WithExecutor.layer("solo", { maxActivities: 3 }))
      // A store that could not be opened is not even looked at.
      const env = { PERDURE_EXECUTOR: "solo", PERDURE_STORE: "none" }
      yield* runsHello(WithExecutor.layerConfig.pipe(Layer.provide(environment(env))))
      const chosen = { executor: { name: "solo", maxActivities: 1 } } as const
      yield* runsHello(WithExecutor.layerConfig(chosen).pipe(Layer.provide(environment({}))))
    })
  )

  it("changes no other registry", () =>
    assert.deepStrictEqual(Providers.stores, ["dapr", "inngest", "kafka", "memory", "nats", "postgres", "sqlite"]))

  for (const [says, provider] of [
    ["a provider is an object, and not null", null],
    ["a provider is an object, and not undefined", undefined],
    ['a provider is an object, and not "redis"', "redis"]
  ] as const) {
    it(`is refused: ${says}`, () => assert.throws(() => unchecked.register(provider), TypeError, says))
  }

  const wrong: ReadonlyArray<readonly [says: string, provider: Record<string, unknown>]> = [
    ['there is a store "sqlite" already; give this one another name', { name: "sqlite" }],
    ['there is an executor "default" already', { kind: "executor", name: "default", needsStore: true }],
    ["kind must be", { kind: "stores" }],
    ["name must be made of letters", { name: "my store" }],
    ['the store "redis": load must be a function that imports a module', { load: "./RedisStore.ts" }],
    ["settings must say", { settings: undefined }],
    ["needsStore must be true or false", { kind: "executor" }],
    ["the setting url must be a function, such as Config.String", { settings: { url: "URL" } }],
    ["the setting url must be a function, such as Config.String", { settings: { url: { optional: 1 } } }],
    ["the setting url must be a function, such as Config.String", { settings: { url: null } }],
    ["an option cannot be called name, which chooses a provider", { settings: { name: Config.String } }],
    ["two options are read from PERDURE_STORE_URL", { settings: { url: Config.String, URL: Config.String } }]
  ]
  for (const [says, provider] of wrong) {
    it(`is refused: ${says}`, () => assert.throws(() => unchecked.register({ ...Redis, ...provider }), TypeError, says))
  }

  it.effect("whose setting gives no Config is a defect, with its name", () =>
    Effect.gen(function* () {
      const settings = { url: () => "URL" }
      const layer = (unchecked.register({ ...Redis, settings }) as typeof Providers).storeConfig
      const exit = yield* Effect.exit(
        Effect.scoped(Layer.build(layer.pipe(Layer.provide(environment({ PERDURE_STORE: "redis" })))))
      )
      const text = 'the setting url of the store "redis" must give a Config'
      assert.include(Exit.isFailure(exit) ? Cause.pretty(exit.cause) : "", text)
    })
  )

  it.effect("whose module is broken is a defect, with what is wrong", () =>
    Effect.gen(function* () {
      const broken = (load: () => Promise<never>) =>
        Effect.exit(Effect.scoped(Layer.build(Providers.register({ ...Redis, load }).store("redis", {} as never))))
      const thrown = yield* broken(() => Promise.reject(new Error("a syntax error")))
      assert.isTrue(Exit.hasDies(thrown))
      const said = Effect.fnUntraced(function* (module: unknown) {
        const exit = yield* broken(() => module as never)
        assert.isTrue(Exit.isFailure(exit) && Cause.squash(exit.cause) instanceof TypeError)
        return Exit.isFailure(exit) ? Cause.pretty(exit.cause) : ""
      })
      for (const module of [{}, { layer: Layer.empty }, null, Promise.resolve(undefined)]) {
        assert.include(yield* said(module), 'the module of the store "redis" exports no function "layer"')
      }
      for (const made of [undefined, {}, Effect.void]) {
        const text = '"layer" of the module of the store "redis" must give a Layer, and gives '
        assert.include(yield* said({ layer: () => made }), text)
      }
    })
  )
})
