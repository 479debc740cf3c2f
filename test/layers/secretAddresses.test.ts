/** A secret in an address is shown by nothing and asked of no name server, however many commas it has. */
import { inspect } from "node:util"
import { assert, describe, it } from "@effect/vitest"
import { Cause, Config, ConfigProvider, Effect, Exit, Layer } from "effect"
import { Providers } from "perdure"
import { addresses } from "../../src/layers/providers/addresses.ts"

const environment = (env: Record<string, string>) => ConfigProvider.layer(ConfigProvider.fromEnv({ env }))

const build = (env: Record<string, string>) =>
  Effect.exit(Effect.scoped(Layer.build(Providers.layerConfig.pipe(Layer.provide(environment(env))))))

const refuses = Effect.fnUntraced(function* (env: Record<string, string>) {
  const exit = yield* build({ PERDURE_STORE: "nats", PERDURE_STORE_TIMEOUT: "200 millis", ...env })
  assert.isTrue(Exit.isFailure(exit))
  if (Exit.isSuccess(exit)) return
  const error = Cause.squash(exit.cause)
  assert.instanceOf(error, Config.ConfigError)
  assert.include(String(error), "%2C")
  assert.notInclude(Cause.pretty(exit.cause) + inspect(exit, { depth: 20 }), "hush")
})

describe("a secret", () => {
  for (const address of [
    "nats://hush,x@127.0.0.1:1",
    "nats://hush,55@127.0.0.1:1",
    "nats://u:12,hush@127.0.0.1:1",
    "nats://u:1,hush,2@127.0.0.1:1",
    "hush,x@127.0.0.1:1",
    // A part that is an address, beside one that has a user.
    "nats://ada:hush@127.0.0.1:1,nats://u:12,x@127.0.0.1:1",
    "127.0.0.1:1,nats://hush,x@127.0.0.1:1",
    "nats://hush,nats://x@127.0.0.1:1",
    // The password has both, or a path.
    "nats://ada:a@hush,b@127.0.0.1:1",
    "nats://ada:1/hush,b@127.0.0.1:1"
  ]) {
    it.live(`is cut at a comma of its own in no reading: ${address}`, () => refuses({ PERDURE_STORE_URL: address }))
    it.live(`is cut in no monitoring port: ${address}`, () =>
      refuses({ PERDURE_STORE_URL: "127.0.0.1:1", PERDURE_STORE_MONITOR: address })
    )
  }
})

describe("addresses", () => {
  for (const [text, expected] of [
    ["a", ["a"]],
    ["a:4222, b:4222,nats://c", ["a:4222", "b:4222", "nats://c"]],
    ["nats://ada:hush@a:4222,b:4222", ["nats://ada:hush@a:4222", "b:4222"]],
    ["ada:hush@a,ada:hush@b,c", ["ada:hush@a", "ada:hush@b", "c"]],
    ["http://ada:x@a:1,http://bob:y@b:1", ["http://ada:x@a:1", "http://bob:y@b:1"]],
    ["nats://ada:hu%2Csh@a,[::1]:4222", ["nats://ada:hu%2Csh@a", "[::1]:4222"]]
  ] as const) {
    it.effect(`are read: ${text}`, () =>
      Effect.gen(function* () {
        const provider = ConfigProvider.fromEnv({ env: { URL: text } })
        assert.deepStrictEqual(yield* addresses("URL").parse(provider), [...expected])
      })
    )
  }
})
