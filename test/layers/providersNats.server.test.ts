/** An app is moved to NATS by its environment alone, and shows no password there. */
import { join } from "node:path"
import { inspect } from "node:util"
import { assert, it } from "@effect/vitest"
import { Cause, ConfigProvider, Context, Effect, Exit, Layer, Logger, Redacted, References } from "effect"
import { Providers } from "perdure"
import * as Nats from "perdure/Store/Nats"
import { WorkflowStore } from "perdure/Store/WorkflowStore"
import { describeWith, natsServer, shared } from "../support/servers.ts"
import { app, folder, node } from "./apps.ts"

const [password, token] = ["hush-9d41", "hush-77e0"]

const reads = ["reading meter 7", "meter 7: 230 kWh"]
const finds = ["meter 7: 230 kWh"]

describeWith("nats", "an app on NATS", () => {
  const server = shared(natsServer())
  const withUsers = shared(natsServer({ config: `authorization { user: "ada", password: "${password}" }` }))
  const withToken = shared(natsServer({ config: `authorization { token: "${token}" }` }))

  it.live("is moved from SQLite to it by its environment alone", () =>
    Effect.gen(function* () {
      const { address, monitor } = yield* server
      const cwd = yield* folder
      const run = Effect.fnUntraced(function* (env: Record<string, string>) {
        const { code, logged, printed } = yield* node([app], { cwd, env })
        assert.strictEqual(code, 0, logged)
        return printed.slice(1)
      })
      const sqlite = { PERDURE_STORE: "sqlite", PERDURE_STORE_URL: join(cwd, "meters.db") }
      assert.deepStrictEqual([yield* run(sqlite), yield* run(sqlite)], [reads, finds])
      const nats = { PERDURE_STORE: "nats", PERDURE_STORE_URL: address, PERDURE_STORE_MONITOR: monitor }
      assert.deepStrictEqual([yield* run(nats), yield* run(nats)], [reads, finds])
      assert.deepStrictEqual(yield* run({ ...nats, PERDURE_STORE_BUCKET: "others" }), reads)
    }).pipe(Effect.scoped)
  )

  /** What becomes of a store with these variables, and all that was logged meanwhile. */
  const outcome = Effect.fnUntraced(function* (env: Record<string, string>) {
    const logged: Array<string> = []
    const log = Logger.make(({ cause, message }) => void logged.push(inspect([message, cause], { depth: 20 })))
    const exit = yield* Effect.exit(
      Effect.map(
        Layer.build(Providers.storeConfig),
        (context) => Context.get(context, WorkflowStore).guarantees.durability
      )
    ).pipe(
      Effect.scoped,
      Effect.provide([
        Logger.layer([log]),
        Layer.succeed(References.MinimumLogLevel, "All"),
        ConfigProvider.layer(
          ConfigProvider.fromEnv({ env: { PERDURE_STORE: "nats", PERDURE_STORE_SYNC_INTERVAL: "always", ...env } })
        )
      ])
    )
    const shown = Exit.isSuccess(exit) ? exit.value : Cause.pretty(exit.cause) + inspect(exit, { depth: 20 })
    return { exit, all: [shown, ...logged].join("\n") }
  })

  it.live("may be known by a user and a password, or a token, from variables or from the address", () =>
    Effect.gen(function* () {
      const users = (yield* withUsers).address
      const tokens = (yield* withToken).address
      for (const env of [
        { PERDURE_STORE_URL: users, PERDURE_STORE_USER: "ada", PERDURE_STORE_PASSWORD: password },
        { PERDURE_STORE_URL: `nats://ada:${password}@${users}` },
        // A variable goes before what stands in the address.
        { PERDURE_STORE_URL: `bob:no@${users}`, PERDURE_STORE_USER: "ada", PERDURE_STORE_PASSWORD: password },
        { PERDURE_STORE_URL: tokens, PERDURE_STORE_TOKEN: token },
        { PERDURE_STORE_URL: `nats://${token}@${tokens}` }
      ]) {
        const { all, exit } = yield* outcome(env)
        assert.deepStrictEqual(exit, Exit.succeed("disk"))
        for (const secret of [password, token]) assert.notInclude(all, secret)
      }
    })
  )

  it.live("options of the client go before the credentials of the store", () =>
    Effect.gen(function* () {
      const { address } = yield* withUsers
      const options = { servers: address, syncInterval: "always", user: "bob", password: Redacted.make("no") } as const
      const refused = yield* Effect.flip(Effect.scoped(Nats.make(options)))
      assert.include(refused.message, "Authorization Violation")
      const { guarantees } = yield* Effect.scoped(
        Nats.make({ ...options, connection: { user: "ada", pass: password } })
      )
      assert.strictEqual(guarantees.durability, "disk")
    })
  )

  it.live("shows no password that was refused", () =>
    Effect.gen(function* () {
      const { address } = yield* withUsers
      for (const env of [
        { PERDURE_STORE_URL: address, PERDURE_STORE_USER: "bob", PERDURE_STORE_PASSWORD: password },
        { PERDURE_STORE_URL: `nats://bob:${password}@${address}` },
        { PERDURE_STORE_URL: address, PERDURE_STORE_TOKEN: password },
        // A monitor that is not there, and nothing that stands in for it.
        {
          PERDURE_STORE_SYNC_INTERVAL: "",
          PERDURE_STORE_URL: `nats://ada:${password}@${address}`,
          PERDURE_STORE_MONITOR: `http://ada:${password}@127.0.0.1:9`
        }
      ]) {
        const { all, exit } = yield* outcome(env)
        assert.isTrue(Exit.isFailure(exit), all)
        assert.include(all, "StoreError")
        assert.notInclude(all, password)
      }
    })
  )
})
