/** Which servers and buckets the NATS store accepts, and what it then promises. */
import { inspect } from "node:util"
import type { JetStreamManager, StreamConfig } from "@nats-io/jetstream"
import { Kvm } from "@nats-io/kv"
import { assert, describe, it } from "@effect/vitest"
import { Config, ConfigProvider, Context, Effect, Exit, Layer, Redacted } from "effect"
import * as Nats from "perdure/Store/Nats"
import { type StoreError, WorkflowStore } from "perdure/Store/WorkflowStore"
import { freshId, reasonOf, start } from "../suites/store/builders.ts"
import { client, manager, streamOf } from "../support/natsClient.ts"
import { describeWith, natsServer, shared } from "../support/servers.ts"

/** What a store with these settings promises of durability, or why it is refused. */
const outcome = (options: Nats.Options) =>
  Effect.scoped(Nats.make({ bucket: "settings", ...options })).pipe(
    Effect.match({
      onSuccess: ({ guarantees }): string => guarantees.durability,
      onFailure: (error: StoreError) => `${error.operation} ${error.reason._tag}: ${error.message}`
    })
  )

const assertRefused = (outcome: string, ...words: ReadonlyArray<string>) => {
  for (const word of ["open Unsupported: ", ...words]) assert.include(outcome, word)
}

describe("options of the NATS store", () => {
  const secret = Redacted.make("secret")
  for (const [options, fault] of [
    [{ servers: [] }, "servers must be an address"],
    [{ servers: ["host:1", ""] }, "servers must be an address"],
    [{ servers: "host:1", monitor: 5 as never }, "monitor must be an address"],
    [{ servers: "host:1", bucket: "a b" }, 'bucket must be made of letters, digits, - and _, and is "a b"'],
    [{ servers: "host:1", bucket: 5 as never }, "bucket must be made of letters, digits, - and _, and is 5"],
    [{ servers: "host:1", maxCommitBytes: Infinity }, "maxCommitBytes must be a whole number"],
    [{ servers: "host:1", replicas: 0 }, "replicas must be a whole number"],
    [{ servers: "host:1", timeout: 0 }, "timeout must be at least 1 ms"],
    [{ servers: "host:1", password: secret }, "password needs user beside it"],
    [{ servers: "host:1", user: "ann", password: "secret" as never }, "password must be Redacted.make(…)"],
    [{ servers: "host:1", token: "secret" as never }, "token must be Redacted.make(…)"],
    [{ servers: "host:1", user: "ann", token: secret }, "token and user are two ways to be known"],
    [{ servers: "host:1", syncInterval: "Always" as never }, 'syncInterval must be one of always, and is "Always"'],
    [{ servers: "host:1", unsafe: "false" as never }, 'unsafe must be true or false, and is "false"'],
    [{ servers: "host:1", buket: "a" } as never, "there is no option buket, but servers, user,"]
  ] as const) {
    it.effect(`are refused: ${inspect(options)}`, () =>
      Effect.gen(function* () {
        const said = yield* outcome(options)
        assertRefused(said, fault)
        assert.notInclude(said, "secret")
      })
    )
  }
})

describeWith("nats", "the settings of the NATS store", () => {
  const server = shared(natsServer())
  const lazy = shared(natsServer({ jetstream: "sync_interval: 2m" }))

  it.live("a server that syncs every write promises the disk", () =>
    Effect.gen(function* () {
      const { address, monitor } = yield* server
      assert.strictEqual(yield* outcome({ servers: address, monitor }), "disk")
      assert.strictEqual(yield* outcome({ servers: [address], monitor: [monitor.slice("http://".length)] }), "disk")
      assert.strictEqual(yield* outcome({ servers: address, syncInterval: "always" }), "disk")
    })
  )

  it.live("the settings may come from the configuration of the app", () =>
    Effect.gen(function* () {
      const { address, monitor } = yield* server
      const layer = Nats.layerConfig({
        servers: Config.String("NATS"),
        monitor: Config.String("NATS_MONITOR"),
        bucket: Config.succeed("settings"),
        maxCommitBytes: Config.Number("MAX_COMMIT_BYTES")
      })
      const env = { NATS: address, NATS_MONITOR: monitor, MAX_COMMIT_BYTES: "65536" }
      const context = yield* Layer.build(layer).pipe(
        Effect.provide(ConfigProvider.layer(ConfigProvider.fromEnv({ env })))
      )
      const { guarantees } = Context.get(context, WorkflowStore)
      assert.deepStrictEqual(guarantees, {
        durability: "disk",
        fencing: "fenced",
        listing: "strong",
        maxCommitBytes: 65_536,
        writes: "accepted"
      })
    }).pipe(Effect.scoped)
  )

  it.live("a server that acknowledges before it syncs is refused", () =>
    Effect.gen(function* () {
      const { address, monitor } = yield* lazy
      assertRefused(yield* outcome({ servers: address, monitor }), "sync_interval: always", "unsafe: true")
      assert.strictEqual(yield* outcome({ servers: address, monitor, unsafe: true }), "process")
    })
  )

  it.live("a server that nobody vouches for is refused", () =>
    Effect.gen(function* () {
      const { address } = yield* server
      assertRefused(
        yield* outcome({ servers: address }),
        "sync_interval: always",
        "`monitor`",
        `syncInterval: "always"`
      )
      assert.strictEqual(yield* outcome({ servers: address, unsafe: true }), "process")
    })
  )

  it.live("the monitoring port must be that of the server", () =>
    Effect.gen(function* () {
      const { address } = yield* lazy
      const { monitor } = yield* server
      assertRefused(yield* outcome({ servers: address, monitor }), "no address in `monitor` is theirs")
    })
  )

  it.live("a monitoring port that does not answer leaves the question open", () =>
    Effect.gen(function* () {
      const { address } = yield* server
      const said = yield* outcome({ servers: address, monitor: address })
      assert.include(said, "open Unavailable")
      assert.include(said, `the monitoring port ${address} did not answer`)
    })
  )

  it.live("servers that are not there are named", () =>
    Effect.gen(function* () {
      const said = yield* outcome({ servers: ["nats://ada:secret@127.0.0.1:1", "127.0.0.1:2"] })
      assert.match(said, /^open Unavailable: .*nats:\/\/127\.0\.0\.1:1, 127\.0\.0\.1:2: .*refused/)
    })
  )

  it.live("a server without JetStream is refused", () =>
    Effect.gen(function* () {
      const { address } = yield* natsServer({ jetstream: false })
      assertRefused(yield* outcome({ servers: address, unsafe: true }), "JetStream is not enabled")
    }).pipe(Effect.scoped)
  )

  it.live("a server that takes only small messages is refused", () =>
    Effect.gen(function* () {
      const { address } = yield* natsServer({ config: "max_payload: 8192" })
      assertRefused(yield* outcome({ servers: address, unsafe: true }), "set max_payload to 16778")
    }).pipe(Effect.scoped)
  )

  it.live("a server that is not there is unavailable, soon", () =>
    Effect.gen(function* () {
      const { address, kill9 } = yield* natsServer()
      yield* kill9
      const error = yield* Effect.scoped(Nats.make({ servers: address })).pipe(
        Effect.timeout("20 seconds"),
        Effect.flip
      )
      assert.strictEqual(error._tag === "StoreError" && error.reason._tag, "Unavailable")
    }).pipe(Effect.scoped)
  )

  it.live("more copies than there are servers are refused", () =>
    Effect.gen(function* () {
      const { address, monitor } = yield* server
      assertRefused(yield* outcome({ servers: address, monitor, bucket: "copies", replicas: 3 }), "replicas")
    })
  )

  it.live("fewer copies than wanted are refused", () =>
    Effect.gen(function* () {
      const { address, monitor } = yield* server
      const options = { servers: address, monitor, bucket: "fewer" }
      assert.strictEqual(yield* outcome(options), "disk")
      assertRefused(yield* outcome({ ...options, replicas: 3 }), "num_replicas to 3")
    })
  )

  it.live("a bucket that may lose what it keeps is refused, and safe settings of one's own are not", () =>
    Effect.gen(function* () {
      const { address, monitor } = yield* server
      const jsm = yield* manager({ address })
      const cases: ReadonlyArray<readonly [setting: string, Partial<StreamConfig>, durability: string]> = [
        ["storage", { storage: "memory" }, "none"],
        ["max_age", { max_age: 3600e9 }, "none"],
        ["max_msgs_per_subject", { max_msgs_per_subject: 64 }, "none"],
        ["discard", { max_bytes: 1e6, discard: "old" }, "none"],
        ["discard", { max_msgs: 1000, discard: "old" }, "none"],
        ["", { max_msgs_per_subject: -1 }, "disk"],
        ["", { max_bytes: 1e8, max_msgs: 1e6 }, "disk"],
        ["", { compression: "s2" }, "disk"]
      ]
      for (const [index, [setting, changes, durability]] of cases.entries()) {
        const options = { servers: address, monitor, bucket: `risk${index}` }
        yield* add(jsm, { ...streamOf(options.bucket), ...changes })
        const said = yield* outcome(options)
        if (setting === "") assert.strictEqual(said, durability)
        else {
          assertRefused(said, setting, "unsafe: true")
          assert.strictEqual(yield* outcome({ ...options, unsafe: true }), durability)
        }
      }
    }).pipe(Effect.scoped)
  )

  it.live("a bucket that lacks what the store is made of is refused even when unsafe", () =>
    Effect.gen(function* () {
      const { address } = yield* server
      const jsm = yield* manager({ address })
      const cases: ReadonlyArray<Partial<StreamConfig>> = [
        { allow_atomic: false },
        { allow_atomic: false, persist_mode: "async" },
        { allow_direct: false },
        { allow_msg_ttl: false },
        { allow_rollup_hdrs: false },
        { allow_rollup_hdrs: false, deny_purge: true },
        { retention: "interest" },
        { mirror: { name: "KV_settings" }, subjects: [], allow_atomic: false, allow_rollup_hdrs: false }
      ]
      for (const [index, changes] of cases.entries()) {
        const bucket = `lack${index}`
        yield* add(jsm, { ...streamOf(bucket), ...changes })
        const said = yield* outcome({ servers: address, bucket, unsafe: true })
        assertRefused(said, Object.keys(changes)[0]!)
      }
    }).pipe(Effect.scoped)
  )

  it.live("a bucket that something else made is refused with the setting to change", () =>
    Effect.gen(function* () {
      const { address } = yield* server
      const nats = yield* client({ address })
      yield* Effect.promise(() => new Kvm(nats).create("plain"))
      assertRefused(yield* outcome({ servers: address, bucket: "plain", unsafe: true }), "set allow_atomic to true")
    }).pipe(Effect.scoped)
  )

  it.live("credentials in the addresses of servers and monitors are used, and shown nowhere", () =>
    Effect.gen(function* () {
      const password = "sec@ret:1"
      const { address, monitor } = yield* natsServer({
        config: `authorization { user: "u", password: "${password}" }`
      })
      const known = `u:${encodeURIComponent(password)}@`
      const monitored = monitor.replace("//", `//${known}`)
      for (const servers of [`nats://${known}${address}`, `${known}${address}`, [`${known}${address}`]]) {
        assert.strictEqual(yield* outcome({ servers, monitor: monitored }), "disk")
      }
      const wrong: ReadonlyArray<Nats.Options> = [
        { servers: `nats://u:secret@${address}`, syncInterval: "always" },
        { servers: `nats://secret@${address}`, syncInterval: "always" },
        { servers: `${known}${address}`, monitor: "http://u:secret@127.0.0.1:1" },
        { servers: `${known}${address}`, monitor: "u:secret@127.0.0.1:1" },
        { servers: `${known}${address}`, monitor: "http://u:secret@no host" },
        { servers: `${known}${address}`, monitor: `http://u:secret@${address}` }
      ]
      for (const options of wrong) {
        const exit = yield* Effect.exit(
          Effect.scoped(Nats.make({ ...options, bucket: "settings", timeout: "2 seconds" }))
        )
        assert.isTrue(Exit.isFailure(exit))
        const shown = [String(exit), JSON.stringify(exit), inspect(exit, { depth: 20 })]
        for (const text of shown) assert.notMatch(text, /secret|sec@ret|sec%40ret/)
      }
    }).pipe(Effect.scoped)
  )

  it.live("a full bucket refuses commits and keeps what it has", () =>
    Effect.gen(function* () {
      const { address, monitor } = yield* server
      const jsm = yield* manager({ address })
      yield* add(jsm, { ...streamOf("full"), max_msgs: 1 })
      const store = yield* Nats.make({ servers: address, monitor, bucket: "full" })
      const first = start(freshId())
      yield* store.save(first)
      assert.strictEqual(yield* reasonOf(store.save(start(freshId()))), "Unavailable")
      assert.strictEqual((yield* store.list()).executions.length, 1)
    }).pipe(Effect.scoped)
  )
})

const add = (jsm: JetStreamManager, config: Partial<StreamConfig> & { name: string }) =>
  Effect.promise(() => jsm.streams.add(config))
