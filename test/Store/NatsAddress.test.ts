/** Addresses of NATS servers, and that what is secret in them is shown nowhere. */
import { inspect } from "node:util"
import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit, Option } from "effect"
import * as Nats from "perdure/Store/Nats"
import { parse } from "../../src/Store/nats/address.ts"

describe("an address", () => {
  it.each([
    ["host:4222", "host:4222", undefined],
    ["nats://host:4222", "nats://host:4222", undefined],
    ["[::1]:4222", "[::1]:4222", undefined],
    ["user:secret@host:4222", "host:4222", { user: "user", password: "secret" }],
    ["nats://user:secret@host:4222", "nats://host:4222", { user: "user", password: "secret" }],
    ["tls://user:se%40c%3Aret@host", "tls://host", { user: "user", password: "se@c:ret" }],
    ["nats://user:se@c:ret@host", "nats://host", { user: "user", password: "se@c:ret" }],
    ["nats://user:100%@host", "nats://host", { user: "user", password: "100%" }],
    ["nats://token@host:4222", "nats://host:4222", { user: "token", password: undefined }],
    ["http://user:@host:8222", "http://host:8222", { user: "user", password: "" }],
    ["http://user:sec\nret@host", "http://host", { user: "user", password: "sec\nret" }]
  ] as const)("%s", (text, address, credentials) => {
    assert.deepStrictEqual(parse(text), { address, credentials: Option.fromUndefinedOr(credentials) })
  })
})

describe("what is secret", () => {
  /** All that a program may print of a failure. */
  const printed = (options: Nats.Options) =>
    Effect.map(Effect.exit(Effect.scoped(Nats.make({ timeout: "2 seconds", ...options }))), (exit) => {
      assert.isTrue(Exit.isFailure(exit))
      const cause = Exit.isFailure(exit) ? exit.cause : Cause.empty
      return [String(exit), JSON.stringify(exit), inspect(exit, { depth: 20, showHidden: true }), Cause.pretty(cause)]
    })

  it.live.each<Nats.Options>([
    { servers: "nats://user:secret@127.0.0.1:1" },
    { servers: "user:secret@127.0.0.1:1" },
    { servers: "nats://secret@127.0.0.1:1" },
    { servers: "nats://user:secret@[bad" },
    { servers: "nats://user:secret@no host" },
    { servers: ["127.0.0.1:1", "nats://user:s/e?c#secret@127.0.0.1:1"] },
    { servers: "127.0.0.1:1", connection: { user: "user", pass: "secret" } },
    { servers: "127.0.0.1:1", connection: { token: "secret" } },
    { servers: ["nats://user:secret@127.0.0.1:1", 5] as never },
    { servers: "nats://user:secret@127.0.0.1:1", timeout: "soon" as never },
    { servers: { url: "nats://user:secret@127.0.0.1:1" } as never }
  ])("is in no error: %j", (options) =>
    Effect.map(printed(options), (texts) => {
      for (const text of texts) assert.notInclude(text, "secret")
    })
  )

  it.live.each([undefined, null, "", [], [""], 5])("no address: %j is refused with what to pass", (servers) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Effect.scoped(Nats.make({ servers: servers as never })))
      assert.strictEqual(error.reason._tag, "Unsupported")
      assert.match(error.message, /servers must be an address, such as "host:4222", or a list of them/)
    })
  )
})
