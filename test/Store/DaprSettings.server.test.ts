/** What the Dapr store refuses when it is opened, and that its token is nowhere to be read. */
import * as Http from "node:http"
import type { AddressInfo } from "node:net"
import { assert, it } from "@effect/vitest"
import { Config, ConfigProvider, Context, Effect, Exit, Layer, Redacted } from "effect"
import * as Dapr from "perdure/Store/Dapr"
import { WorkflowStore } from "perdure/Store/WorkflowStore"
import { freshId, loaded, reasonOf, save, start } from "../suites/store/builders.ts"
import { open, sidecar } from "../support/daprClient.ts"
import { gateway } from "../support/gateway.ts"
import { daprServer, describeWith, freePorts, shared } from "../support/servers.ts"
import { deepText, witness } from "../support/witness.ts"

const token = "a-secret-of-the-sidecar"

/** What is said when a store is not opened. */
const refusal = (options: Dapr.Options) =>
  Effect.map(Effect.flip(Effect.scoped(Dapr.make(options))), ({ reason }) => `${reason._tag}: ${reason.message}`)

describeWith("daprd", "the settings of the Dapr store", () => {
  const server = shared(sidecar("redis", { inMemory: true }))
  const guarded = shared(daprServer({ inMemory: true, token }))

  it.live("options that make no sense are refused with what to do", () =>
    Effect.gen(function* () {
      const wrong = {
        url: "url must be where the sidecar answers HTTP, such as http://127.0.0.1:3500",
        prefix: 'prefix must be made of letters, digits, - and _, at most 100, and is "a||b"',
        component: 'component must be the name of a state store component, and is "a/b"',
        token: "token must be Redacted.make(…)",
        durability: 'durability must be one of none, process, disk, replicated, and is "much"',
        lookEvery: 'lookEvery must be at least 10 ms, and is "1 millis"',
        timeout: 'timeout must be a duration, such as "5 seconds", and is "soon"',
        maxCommitBytes: "maxCommitBytes must be a whole number of at least 1, and is 0"
      }
      const given = {
        url: "localhost:3500",
        prefix: "a||b",
        component: "a/b",
        token,
        durability: "much",
        lookEvery: "1 millis",
        timeout: "soon",
        maxCommitBytes: 0
      }
      for (const [name, said] of Object.entries(wrong)) {
        assert.strictEqual(yield* refusal({ [name]: given[name as keyof typeof given] }), `Unsupported: ${said}`)
      }
      assert.match(
        yield* refusal({ url: `http://me:${token}@127.0.0.1:1` }),
        /^Unsupported: url must be without a user/
      )
      for (const url of ["http://127.0.0.1:1?a=b", "http://127.0.0.1:1/#a"]) {
        assert.match(yield* refusal({ url }), /^Unsupported: url must be an address alone, .* without \? and #/)
      }
      for (const each of ["", `${token}\n`, `${token}\nmore`, `${token}€`]) {
        const said = yield* refusal({ token: Redacted.make(each) })
        assert.match(said, /^Unsupported: token must be made of visible ASCII characters/)
        assert.notInclude(said, token)
      }
      assert.match(yield* refusal({ urls: "" } as Dapr.Options), /^Unsupported: there is no option urls, but /)
    })
  )

  it.live("a component that is not there is refused, with the ones that are", () =>
    Effect.gen(function* () {
      const { url } = yield* server
      assert.strictEqual(
        yield* refusal({ url, component: "other" }),
        "Unsupported: the state store other: the sidecar has no state store of that name, and it has memory, redis, sqlite; pass component"
      )
    })
  )

  it.live("a component that cannot keep executions is refused: by what it says, and by what it does", () =>
    Effect.gen(function* () {
      const able = ["ETAG", "TRANSACTIONAL", "TTL"]
      for (const [capabilities, said] of [
        [["ETAG"], "state.weak has no TRANSACTIONAL and no TTL; use a state store that has ETAG, TRANSACTIONAL, TTL"],
        [[], "state.weak has no ETAG and no TRANSACTIONAL and no TTL; use a state store that has "],
        [able, "its transactions replace values that should be created; use another state store"]
      ] as const) {
        const url = yield* weakSidecar(capabilities)
        assert.include(yield* refusal({ url, component: "weak" }), `Unsupported: the state store weak: ${said}`)
      }
    }).pipe(Effect.scoped)
  )

  it.live(
    "a database that is away for a moment while the store tries it is not taken for one that refuses, whenever that is",
    () =>
      Effect.gen(function* () {
        const between = yield* gateway((yield* server).url)
        /** A store, of whose trials one transaction was answered as by a database that is away. */
        const openWithout = (failing: number, prefix: string) => {
          let transactions = 0
          between.answer = ({ path }) =>
            path.endsWith("/transaction") && transactions++ === failing
              ? { status: 500, type: "application/json", body: '{"errorCode":"ERR_STATE_TRANSACTION"}' }
              : undefined
          return open(between, { component: "redis", prefix })
        }
        for (let failing = 0; failing < 20; failing++) {
          const prefix = `moment-${failing}`
          const stores = [yield* openWithout(failing, prefix), yield* openWithout(failing, prefix)] as const
          const racing = Effect.forEach(
            Array.from({ length: 8 }, () => freshId()),
            (id) => Effect.forEach(stores, (store) => reasonOf(store.save(start(id))), { concurrency: 2 })
          )
          for (const reasons of yield* racing)
            assert.sameMembers([...reasons], [undefined, "Conflict"], `transaction ${failing}`)
        }
      }).pipe(Effect.scoped),
    60_000
  )

  it.live("a sidecar that is not there is unavailable in the end, and one that comes meanwhile is waited for", () =>
    Effect.gen(function* () {
      const [port] = yield* freePorts(1)
      assert.match(yield* refusal({ url: `http://127.0.0.1:${port}`, timeout: "500 millis" }), /^Unavailable: /)
      const on = yield* daprServer({ inMemory: true })
      yield* on.kill9
      const [store] = yield* Effect.all([open(on, { component: "sqlite", timeout: "10 seconds" }), on.restart], {
        concurrency: 2
      })
      yield* save(store, start(freshId()))
    }).pipe(Effect.scoped)
  )

  it.live("the memory of a sidecar will do, where nothing need survive", () =>
    Effect.gen(function* () {
      const store = yield* open(yield* server, { component: "memory", durability: "none" })
      const first = start(freshId())
      yield* save(store, first)
      assert.strictEqual((yield* loaded(store, first.workflowId)).commits.length, 1)
      assert.strictEqual(store.guarantees.durability, "none")
    }).pipe(Effect.scoped)
  )

  it.live("a sidecar with an API token wants it, and it is in no error, log or span", () =>
    Effect.gen(function* () {
      const { kill9, restart, url } = yield* guarded
      const { seen, watch } = witness()
      const right = { url, component: "sqlite", token: Redacted.make(token), timeout: "1 second" } as const
      const used = Effect.gen(function* () {
        const store = yield* WorkflowStore
        yield* save(store, start(freshId()))
        yield* kill9
        const exits = [
          yield* Effect.exit(store.save(start(freshId()))),
          yield* Effect.exit(Effect.asVoid(store.list()))
        ]
        assert.isTrue(exits.every((exit) => Exit.isFailure(exit)))
        yield* restart
        seen.push(exits)
        yield* Effect.logError("failed", exits)
      }).pipe(Effect.provide(Dapr.layer(right)), watch)
      yield* used
      assert.include(seen, "WorkflowStore.save")
      assert.isFalse(
        seen.some((each) => each === "POST" || each === "GET"),
        "requests have no spans"
      )
      const words = yield* refusal({ ...right, token: Redacted.make("another") })
      assert.match(words, /^Unsupported: .* does not accept the API token; pass token/)
      assert.notInclude(
        deepText([...seen, words, yield* Effect.flip(Effect.scoped(Dapr.make({ ...right, token: undefined })))]),
        token
      )
    })
  )

  it.live("settings come from the configuration of the app too", () =>
    Effect.gen(function* () {
      const { url } = yield* server
      const layer = Dapr.layerConfig({ url: Config.String("DAPR"), component: Config.String("COMPONENT") }).pipe(
        Layer.provide(ConfigProvider.layer(ConfigProvider.fromUnknown({ DAPR: url, COMPONENT: "sqlite" })))
      )
      const store = Context.get(yield* Layer.build(layer), WorkflowStore)
      yield* save(store, start(freshId()))
    }).pipe(Effect.scoped)
  )
})

/** What answers as a sidecar would whose component takes every write: the ones of daprd do not. */
const weakSidecar = (capabilities: ReadonlyArray<string>) =>
  Effect.map(
    Effect.acquireRelease(
      Effect.callback<Http.Server>((resume) => {
        const metadata = { components: [{ name: "weak", type: "state.weak", capabilities }] }
        const server = Http.createServer(({ url }, response) =>
          url === "/v1.0/metadata" ? response.end(JSON.stringify(metadata)) : response.writeHead(204).end()
        ).listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
      }),
      (server) => Effect.sync(() => server.closeAllConnections() ?? server.close())
    ),
    (server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  )
