/** An app is moved to PostgreSQL by its environment alone, and shows no password there. */
import { inspect } from "node:util"
import { join } from "node:path"
import { assert, it } from "@effect/vitest"
import { Cause, ConfigProvider, Effect, Exit, Layer, Logger, References } from "effect"
import { Providers } from "perdure"
import { describeWith, postgresServer, shared } from "../support/servers.ts"
import { app, folder, node } from "./apps.ts"

const password = "hush-9d41"

const reads = ["reading meter 7", "meter 7: 230 kWh"]
const finds = ["meter 7: 230 kWh"]

describeWith("postgres", "an app on PostgreSQL", () => {
  const server = shared(postgresServer({ password, hba: "host all all 127.0.0.1/32 scram-sha-256\n" }))

  it.live("is moved from SQLite to it by its environment alone", () =>
    Effect.gen(function* () {
      const { address } = yield* server
      const cwd = yield* folder
      const run = Effect.fnUntraced(function* (env: Record<string, string>) {
        const { code, logged, printed } = yield* node([app], { cwd, env })
        assert.strictEqual(code, 0, logged)
        return printed.slice(1)
      })
      const sqlite = { PERDURE_STORE: "sqlite", PERDURE_STORE_URL: join(cwd, "meters.db") }
      assert.deepStrictEqual([yield* run(sqlite), yield* run(sqlite)], [reads, finds])
      const url = `postgres://postgres:${password}@${address}/postgres`
      const postgres = { PERDURE_STORE: "postgres", PERDURE_STORE_URL: url }
      assert.deepStrictEqual([yield* run(postgres), yield* run(postgres)], [reads, finds])
      assert.deepStrictEqual(yield* run({ ...postgres, PERDURE_STORE_SCHEMA: "others" }), reads)
    }).pipe(Effect.scoped)
  )

  it.live("shows no password that was refused, at any level of the log", () =>
    Effect.gen(function* () {
      const { address } = yield* server
      for (const [url, error] of [
        [`postgres://postgres:${password}-not@${address}/postgres`, "StoreError"],
        [`postgres://bob:${password}@${address}/postgres`, "StoreError"],
        [`postgres://postgres:${password}@127.0.0.1:9/postgres`, "StoreError"],
        [`postgres://postgres:${password}@${address}/nowhere`, "StoreError"],
        [`mysql://postgres:${password}@${address}/postgres`, "ConfigError"],
        [`postgres:${password}`, "ConfigError"]
      ] as const) {
        const logged: Array<string> = []
        const log = Logger.make(({ cause, message }) => void logged.push(inspect([message, cause], { depth: 20 })))
        const env = { PERDURE_STORE: "postgres", PERDURE_STORE_URL: url }
        const exit = yield* Effect.exit(Layer.build(Providers.storeConfig)).pipe(
          Effect.scoped,
          Effect.provide([
            Logger.layer([log]),
            Layer.succeed(References.MinimumLogLevel, "All"),
            ConfigProvider.layer(ConfigProvider.fromEnv({ env }))
          ])
        )
        assert.isTrue(Exit.isFailure(exit), url)
        const shown = [Exit.isFailure(exit) ? Cause.pretty(exit.cause) : "", inspect(exit, { depth: 20 }), ...logged]
        assert.include(shown.join("\n"), error, url)
        assert.notInclude(shown.join("\n"), password)
      }
    })
  )
})
