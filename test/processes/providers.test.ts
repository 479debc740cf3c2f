/** Apps as processes: moved by their environment alone, with the modules of what they chose and of nothing else. */
import { cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { app, folder, node, root } from "../layers/apps.ts"

/** What the app prints when it reads the meter, and when it finds that it was read. */
const reads = ["reading meter 7", "meter 7: 230 kWh"]
const finds = ["meter 7: 230 kWh"]

describe("an app", () => {
  it.live("is moved from memory to SQLite by its environment alone", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const run = Effect.fnUntraced(function* (env: Record<string, string>) {
        const { code, logged, printed } = yield* node([app], { cwd, env })
        assert.strictEqual(code, 0, logged)
        return printed.slice(1)
      })
      const memory = { PERDURE_STORE: "memory" }
      assert.deepStrictEqual([yield* run(memory), yield* run(memory)], [reads, reads])
      const sqlite = { PERDURE_STORE: "sqlite", PERDURE_STORE_URL: "meters.db" }
      assert.deepStrictEqual([yield* run(sqlite), yield* run(sqlite)], [reads, finds])
      assert.isTrue(existsSync(join(cwd, "meters.db")))
      const other = { ...sqlite, PERDURE_STORE_URL: "others.db" }
      assert.deepStrictEqual(yield* run(other), reads)
    }).pipe(Effect.scoped)
  )

  it.live("is moved by a .env file", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      writeFileSync(join(cwd, ".env"), 'PERDURE_STORE="sqlite"\nPERDURE_STORE_URL="meters.db"\n')
      for (const expected of [reads, finds]) {
        const { printed } = yield* node(["--env-file=.env", app], { cwd })
        assert.deepStrictEqual(printed.slice(1), expected)
      }
    }).pipe(Effect.scoped)
  )

  it.live("that says nothing, in code or by its environment, keeps its executions in perdure.db", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const code = `
        import { Effect, Layer } from "effect"
        import { Providers } from "perdure"
        await Effect.runPromise(Effect.scoped(Layer.build(Providers.layerConfig)))`
      const { logged, code: exit } = yield* node(["--input-type=module", "--eval", inProject(code)], { cwd })
      assert.strictEqual(exit, 0, logged)
      assert.isTrue(existsSync(join(cwd, "perdure.db")))
      // Also where the code has another store for its default.
      const { printed } = yield* node([app], { cwd, env: { PERDURE_STORE: "sqlite" } })
      assert.deepStrictEqual(printed.slice(1), reads)
    }).pipe(Effect.scoped)
  )

  it.live("that is told nonsense ends with a line that names the variable", () =>
    Effect.gen(function* () {
      const cwd = yield* folder
      const env = { PERDURE_STORE: "nats", PERDURE_STORE_URL: "nats://ada:hush@a,,b", PERDURE_STORE_TOKEN: "hush" }
      const { code, logged } = yield* node([app], { cwd, env })
      assert.strictEqual(code, 1)
      assert.include(logged, "PERDURE_STORE_URL must be an address")
      assert.notInclude(logged, "hush")
    }).pipe(Effect.scoped)
  )
})

/** Code that imports the packages of the project, wherever it runs. */
const inProject = (code: string): string =>
  code
    .replaceAll(/from "perdure"/g, `from ${JSON.stringify(join(root, "src/index.ts"))}`)
    .replaceAll(/from "effect"/g, `from ${JSON.stringify(join(root, "node_modules/effect/dist/index.js"))}`)

/** Prints each module that Node loads, before the program runs. */
const spy = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from "node:module"
  registerHooks({
    load: (url, context, next) => {
      process.stderr.write("LOADED " + url + "\\n")
      return next(url, context)
    }
  })`)}`

describe("what is loaded", () => {
  const modulesOf = Effect.fnUntraced(function* (env: Record<string, string>) {
    const cwd = yield* folder
    const { logged } = yield* node(["--import", spy, app], { cwd, env })
    const modules = [...logged.matchAll(/^LOADED (.*)$/gm)].map(([, url]) => url!)
    const matching = (pattern: RegExp) => modules.filter((url) => pattern.test(url))
    return {
      effect: matching(/node_modules\/effect\//),
      default: matching(/\/src\/Executor\/default\/Worker\.ts$/),
      memory: matching(/\/src\/Store\/Memory\.ts$/),
      sqlite: matching(/\/src\/Store\/(Sqlite|sqlite\/\w+)\.ts$/).concat(matching(/^node:sqlite$/)),
      // What the options of a store must be is known without the store.
      nats: matching(/\/src\/Store\/(Nats|nats\/(?!OwnOptions)\w+)\.ts$|@nats-io/),
      postgres: matching(/\/src\/Store\/(Postgres|postgres\/(?!OwnOptions)\w+)\.ts$|@effect\/sql-pg/),
      kafka: matching(/\/src\/Store\/(Kafka|kafka\/(?!OwnOptions)\w+)\.ts$|kafkajs|@platformatic/),
      dapr: matching(/\/src\/Store\/(Dapr|dapr\/(?!OwnOptions)\w+)\.ts$/),
      inngest: matching(/\/src\/Store\/(Inngest|inngest\/(?!OwnOptions)\w+)\.ts$/),
      temporal: matching(/\/src\/Executor\/(Temporal\w*|temporal\/.*)\.ts$|@temporalio/)
    }
  }, Effect.scoped)

  it.live("for SQLite is SQLite, and nothing of another store or executor", () =>
    Effect.gen(function* () {
      const loaded = yield* modulesOf({ PERDURE_STORE: "sqlite", PERDURE_STORE_URL: "meters.db" })
      // The hook sees what is loaded.
      for (const seen of [loaded.effect, loaded.default, loaded.sqlite]) assert.isNotEmpty(seen)
      const { dapr, inngest, kafka, memory, nats, postgres, temporal } = loaded
      assert.deepStrictEqual([dapr, inngest, kafka, memory, nats, postgres, temporal].flat(), [])
    })
  )

  it.live("for memory is memory, and nothing of another store or executor", () =>
    Effect.gen(function* () {
      const loaded = yield* modulesOf({ PERDURE_STORE: "memory" })
      assert.isNotEmpty(loaded.memory)
      const { dapr, inngest, kafka, nats, postgres, sqlite, temporal } = loaded
      assert.deepStrictEqual([dapr, inngest, kafka, nats, postgres, sqlite, temporal].flat(), [])
    })
  )

  it.live("for a store that is not known is none of them, nor the client of a store without an address", () =>
    Effect.gen(function* () {
      for (const env of [
        { PERDURE_STORE: "redis" },
        { PERDURE_STORE: "nats" },
        { PERDURE_STORE: "postgres" }
      ] as const) {
        const loaded = yield* modulesOf(env)
        assert.isNotEmpty(loaded.effect)
        const { dapr, inngest, kafka, memory, nats, postgres, sqlite, temporal } = loaded
        assert.deepStrictEqual([dapr, inngest, kafka, memory, nats, postgres, sqlite, temporal].flat(), [])
      }
    })
  )
})

describe("a package that is not installed", () => {
  /** A project with the sources of the library and these packages, some of which are written here. */
  const project = Effect.fnUntraced(function* (
    installed: ReadonlyArray<string>,
    written: Readonly<Record<string, string>> = {}
  ) {
    const cwd = yield* folder
    cpSync(join(root, "src"), join(cwd, "src"), { recursive: true })
    writeFileSync(join(cwd, "package.json"), `{ "type": "module" }`)
    mkdirSync(join(cwd, "node_modules/@nats-io"), { recursive: true })
    for (const name of ["effect", ...installed]) {
      symlinkSync(join(root, "node_modules", name), join(cwd, "node_modules", name))
    }
    for (const [name, code] of Object.entries(written)) {
      mkdirSync(join(cwd, "node_modules", name))
      writeFileSync(join(cwd, "node_modules", name, "package.json"), `{ "type": "module", "exports": "./index.js" }`)
      writeFileSync(join(cwd, "node_modules", name, "index.js"), code)
    }
    return cwd
  })

  /** What becomes of a store on NATS in a project. */
  const outcome = Effect.fnUntraced(function* (cwd: string) {
    const code = `
      import { Effect, Layer } from "effect"
      import { Providers } from "./src/index.ts"
      const store = Providers.store("nats", { servers: "127.0.0.1:9", timeout: "1 second" })
      const { cause } = await Effect.runPromise(Effect.exit(Effect.scoped(Layer.build(store))))
      for (const { _tag, error, defect } of cause.reasons) console.log(_tag + " " + (error ?? defect).message)`
    const { logged, printed } = yield* node(["--input-type=module", "--eval", code], { cwd })
    assert.strictEqual(logged, "")
    return printed
  })

  const [jetstream, transport] = ["@nats-io/jetstream", "@nats-io/transport-node"] as const
  const install = `npm install ${jetstream} ${transport}`

  it.live("is named, with the command that installs it", () =>
    Effect.gen(function* () {
      const missing = (name: string) => [
        `Fail the store "nats" cannot be used: the package ${name} is not installed: ${install}`
      ]
      assert.deepStrictEqual(yield* outcome(yield* project([])), missing(jetstream))
      assert.deepStrictEqual(yield* outcome(yield* project([transport])), missing(jetstream))
      assert.deepStrictEqual(yield* outcome(yield* project([jetstream])), missing(transport))
    }).pipe(Effect.scoped)
  )

  it.live("is none of it when the packages are there", () =>
    Effect.gen(function* () {
      const [line] = yield* outcome(yield* project([jetstream, transport]))
      assert.match(line ?? "", /^Fail open: the store did not answer/)
    }).pipe(Effect.scoped)
  )

  it.live("is told from a package that is broken, or lacks one of its own, or has a like name", () =>
    Effect.gen(function* () {
      const outcomeOf = (code: string) =>
        Effect.flatMap(project([transport], { [jetstream]: code }), (cwd) => outcome(cwd))
      assert.include((yield* outcomeOf(`import "not-there"`))[0], "Die Cannot find package 'not-there'")
      assert.include((yield* outcomeOf(`import "${jetstream}-more"`))[0], `Die Cannot find package '${jetstream}-more'`)
      assert.include((yield* outcomeOf(`import "./not-there.js"`))[0], "Die Cannot find module")
      assert.include((yield* outcomeOf(`export const none = 1`))[0], "Die The requested module")
    }).pipe(Effect.scoped)
  )
})
