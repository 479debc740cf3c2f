/** The settings of a store on Inngest, its keys, what it refuses, and what it does when the server has lost something: on a double. */
import { assert, describe, it } from "@effect/vitest"
import {
  Config,
  ConfigProvider,
  Context,
  Duration,
  Effect,
  Exit,
  Fiber,
  Layer,
  Option,
  Redacted,
  Schedule
} from "effect"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { Version } from "perdure/Ids"
import * as Inngest from "perdure/Store/Inngest"
import { type Commit, WorkflowStore } from "perdure/Store/WorkflowStore"
import {
  after,
  finish,
  freshId,
  freshWorker,
  living,
  loaded,
  reasonOf,
  remove,
  restart,
  save,
  start
} from "../suites/store/builders.ts"
import { gateway, page } from "../support/gateway.ts"
import { freshPrefix, type InngestServer, inngestDouble, open, quick } from "../support/inngestClient.ts"
import { proxy } from "../support/proxy.ts"
import { freePorts, shared } from "../support/servers.ts"
import { soon } from "../support/soon.ts"
import { deepText, witness } from "../support/witness.ts"
import { everyOperation } from "./everyOperation.ts"

const secret = "s3cr3t"

const refusal = (options: Inngest.Options) => Effect.map(Effect.flip(Effect.scoped(Inngest.make(options))), String)

/** What a double has shown. */
const rowsOf = ({ folder }: InngestServer): ReadonlyArray<string> => {
  const file = join(folder, "events.jsonl")
  return existsSync(file) ? readFileSync(file, "utf8").split("\n") : []
}

/** What a double is to have lost when it is started again: the latest row whose text has a word. */
const lose = ({ folder }: InngestServer, isLost: (row: { name: string; data: { text: string } }) => boolean) =>
  Effect.sync(() => {
    const file = join(folder, "events.jsonl")
    const rows = readFileSync(file, "utf8").split("\n")
    const index = rows.findLastIndex((row) => row !== "" && isLost(JSON.parse(row)))
    assert.isAtLeast(index, 0)
    writeFileSync(file, rows.toSpliced(index, 1).join("\n"))
  })

describe("the store on Inngest", () => {
  const server = shared(inngestDouble())

  it.live("settings that cannot be are refused with their name", () =>
    Effect.gen(function* () {
      const wrong: ReadonlyArray<readonly [Inngest.Options, string]> = [
        [{ url: "localhost:8288" }, "url must be where the server answers HTTP"],
        [{ url: `http://me:${secret}@127.0.0.1:1` }, "url must be without a user"],
        [{ url: "http://127.0.0.1:1?a" }, "url must be an address alone"],
        [{ prefix: "inngest" }, 'prefix must not be "inngest"'],
        [{ prefix: "a b" }, 'prefix must be made of letters, digits, - and _, at most 100, and is "a b"'],
        // One that reached the client would be in its error, or leave it without an answer.
        ...["", `${secret}\n`, `${secret}\n${secret}`, `${secret}€`, `${secret}\ud800`].flatMap(
          (key): ReadonlyArray<readonly [Inngest.Options, string]> => [
            [{ eventKey: Redacted.make(key) }, "eventKey must be made of visible ASCII characters"],
            [{ signingKey: Redacted.make(key) }, "signingKey must be made of visible ASCII characters"]
          ]
        ),
        [{ eventKey: secret as never }, "eventKey must be Redacted.make(…)"],
        [{ role: "boss" as never }, "role must be one of worker, client"],
        [{ maxCommitBytes: 4_000_000 }, "maxCommitBytes must be at most 3145728"],
        [{ lease: "1 second" }, "lease must be longer than twice visibility"],
        [{ urls: "" } as never, "there is no option urls"]
      ]
      for (const [options, said] of wrong) {
        const words = yield* refusal(options)
        assert.include(words, said)
        assert.notInclude(words, secret)
      }
    })
  )

  it.live("a server with keys wants them, and they are in no error, log or span", () =>
    Effect.gen(function* () {
      const { kill9, restart, url } = yield* inngestDouble({ eventKey: secret, signingKey: `${secret}-signing` })
      const right = { url, eventKey: Redacted.make(secret), signingKey: Redacted.make(`${secret}-signing`), ...quick }
      const { seen, watch } = witness()
      const used = Effect.gen(function* () {
        const store = yield* WorkflowStore
        const first = start(freshId())
        yield* save(store, first)
        yield* kill9
        const operations = Object.values(everyOperation(store, first))
        const exits = yield* Effect.all(operations.map(Effect.exit), { concurrency: "unbounded" })
        assert.isTrue(exits.some((exit) => Exit.isFailure(exit)))
        seen.push(exits)
        yield* Effect.logError("failed", exits)
        yield* restart
        yield* soon(loaded(store, first.workflowId))
      })
      yield* watch(Effect.provide(used, Inngest.layer({ ...right, timeout: "1 second" })))
      assert.includeMembers(seen, ["WorkflowStore.save", "WorkflowStore.load"])
      assert.notInclude(seen, "http.client POST")
      const noEvent = yield* refusal({ ...right, eventKey: Redacted.make("other") })
      assert.include(noEvent, "does not accept the event key; pass eventKey")
      const noSigning = yield* refusal({ ...right, signingKey: undefined })
      assert.include(noSigning, "does not accept the signing key; pass signingKey")
      const wrong = yield* Effect.flip(Effect.scoped(Inngest.make({ ...right, signingKey: Redacted.make("other") })))
      const text = deepText([...seen, noEvent, noSigning, wrong])
      assert.include(text, "the server of Inngest: ")
      assert.notInclude(text, secret)
    }).pipe(Effect.scoped)
  )

  it.live("a server that is not there is unavailable, and one that comes meanwhile is waited for", () =>
    Effect.gen(function* () {
      const [port] = yield* freePorts(1)
      assert.include(yield* refusal({ url: `http://127.0.0.1:${port}`, timeout: "500 millis" }), "did not answer")
      const on = yield* inngestDouble()
      yield* on.kill9
      const opening = yield* Effect.forkChild(open(on, { ...quick, timeout: "10 seconds" }))
      yield* on.restart
      yield* save(yield* Fiber.join(opening), start(freshId()))
    }).pipe(Effect.scoped)
  )

  it.live(
    "a key that is not accepted any more is an outage for a store that runs, which goes on when it is again",
    () =>
      Effect.gen(function* () {
        const between = yield* gateway((yield* server).url)
        const store = yield* open(between, { ...quick, prefix: freshPrefix(), timeout: "1 second" })
        const first = start(freshId())
        yield* save(store, first)
        const second = after(first.summary)
        for (const status of [401, 403]) {
          between.answer = () => ({ ...page, status })
          const { reason } = yield* Effect.flip(store.save(second))
          assert.strictEqual(reason._tag, "Unavailable")
          assert.strictEqual(yield* reasonOf(store.load(first.workflowId)), "Unavailable")
          assert.match(yield* refusal({ url: between.url }), /does not accept the event key; pass eventKey/)
        }
        between.answer = () => undefined
        yield* save(store, second)
        assert.lengthOf((yield* loaded(store, first.workflowId)).commits, 2)
      }).pipe(Effect.scoped)
  )

  it.live("settings come from the configuration of the app too", () =>
    Effect.gen(function* () {
      const { url } = yield* server
      const layer = Inngest.layerConfig({ url: Config.String("INNGEST"), prefix: Config.String("PREFIX") }).pipe(
        Layer.provide(ConfigProvider.layer(ConfigProvider.fromUnknown({ INNGEST: url, PREFIX: freshPrefix() })))
      )
      const store = Context.get(yield* Layer.build(layer), WorkflowStore)
      yield* save(store, start(freshId()))
      assert.deepStrictEqual(store.guarantees, {
        durability: "process",
        fencing: "single-writer",
        listing: "eventual",
        maxCommitBytes: 1_310_720,
        writes: "accepted"
      })
    }).pipe(Effect.scoped)
  )

  it.live("a run that would go on when the server has forgotten its first event is refused, and stores nothing", () =>
    Effect.gen(function* () {
      const options = { ...quick, prefix: freshPrefix(), retention: "7 days" } as const
      const worker = yield* open(yield* server, options)
      const second = yield* open(yield* server, { ...options, role: "client" })
      const day = Duration.toMillis(Duration.days(1))
      /** A commit, so many days after its run began, that waits until so many days after that. */
      const waits = ({ summary, ...commit }: Commit, at: number, until: number): Commit => {
        const [updatedAt, wakeAt] = [at, until].map((days) => summary.startedAt + days * day) as [number, number]
        return { ...commit, summary: { ...summary, updatedAt, wakeAt } }
      }
      for (const store of [worker, second]) {
        const first = waits(start(freshId()), 0, 7)
        yield* save(store, first)
        const late = waits(start(freshId()), 0, 7.1)
        const refused = waits(after(first.summary), 4, 8)
        for (const commit of [late, refused]) {
          const error = yield* Effect.flip(store.save(commit))
          assert.strictEqual(error.reason._tag, "Unsupported")
          assert.match(
            error.message,
            /would go on (8d|7d 2h .*) after its run has begun, .* keeps events for 7d; wait for less/
          )
        }
        assert.isTrue(Option.isNone(yield* store.load(late.workflowId)))
        // A run that continues another has a beginning of its own.
        const next = waits(restart(first.summary), 6, 13)
        yield* save(store, next)
        assert.strictEqual(yield* reasonOf(store.save(waits(after(next.summary), 7, 13.1))), "Unsupported")
        yield* save(store, waits(after(next.summary), 7, 13))
        assert.lengthOf((yield* loaded(store, first.workflowId)).commits, 2)
      }
    }).pipe(Effect.scoped)
  )

  it.live("8. an end that its writer was killed before it listed is listed once a worker has read it", () =>
    Effect.gen(function* () {
      const on = yield* inngestDouble({ delay: 4 })
      const options = { ...quick, prefix: freshPrefix() }
      const [first, gone, other] = [start(freshId()), start(freshId()), start(freshId())]
      yield* Effect.gen(function* () {
        const store = yield* open(on, options)
        for (const commit of [first, gone, other, finish(first.summary)]) yield* save(store, commit)
        assert.isTrue(yield* store.delete(gone.workflowId, { version: gone.version }))
      }).pipe(Effect.scoped)
      yield* on.kill9
      for (const id of [first.workflowId, gone.workflowId]) {
        yield* lose(on, ({ data, name }) => name.endsWith("/index") && data.text.includes(id))
      }
      yield* on.restart
      const store = yield* open(on, options)
      yield* save(store, start(freshId()))
      assert.strictEqual(yield* store.count({ status: ["running"] }), 4, "it knows no better")
      assert.strictEqual((yield* loaded(store, first.workflowId)).summary.status, "completed")
      assert.isTrue(Option.isNone(yield* store.load(gone.workflowId)))
      const reader = yield* open(on, { ...options, role: "client" })
      for (const each of [store, reader]) {
        const running = yield* Effect.repeat(each.count({ status: ["running"] }), {
          schedule: Schedule.spaced("20 millis"),
          until: (count) => count === 2,
          times: 200
        })
        assert.strictEqual(running, 2)
        assert.strictEqual(yield* each.count(), 3)
      }
    }).pipe(Effect.scoped)
  )

  it.live("11. events that fit and make an event of more than 3 MiB are too large, and store nothing", () =>
    Effect.gen(function* () {
      const store = yield* open(yield* server, { ...quick, prefix: freshPrefix(), maxCommitBytes: 3 * 1024 * 1024 })
      const commit = start(freshId(), { summary: { memo: '"'.repeat(1_000_000) } })
      assert.strictEqual(yield* reasonOf(store.save(commit)), "TooLarge")
      assert.isTrue(Option.isNone(yield* store.load(commit.workflowId)))
    }).pipe(Effect.scoped)
  )

  it.live("13. of heartbeats that the server receives in one millisecond the one that was sent last counts", () =>
    Effect.gen(function* () {
      const store = yield* open(yield* server, { ...quick, prefix: freshPrefix() })
      for (let round = 0; round < 20; round++) {
        const id = freshWorker()
        const beats = ["first", "second", "third"].map((name) =>
          store.heartbeat({ id, workflows: [name] }, Duration.minutes(1))
        )
        yield* Effect.all(beats, { concurrency: "unbounded" })
        const found = (yield* store.workers).living.find((worker) => worker.id === id)
        assert.deepStrictEqual(found?.workflows, ["third"])
      }
    }).pipe(Effect.scoped)
  )

  it.live("13. a worker lives whose heartbeats are in time, though the server shows each of them late", () =>
    Effect.gen(function* () {
      const on = yield* inngestDouble({ delay: 600, delayOfEach: 0 })
      const options = { ...quick, visibility: "700 millis", lookEvery: "50 millis" } as const
      const [store, other] = [yield* open(on, options), yield* open(on, { ...options, role: "client" })]
      const id = freshWorker()
      // Each is shown 650 ms after the one before, so the lease alone is over then, and with the time of the server 450 ms are left.
      const beat = Effect.andThen(store.heartbeat({ id }, Duration.seconds(1)), Effect.sleep("50 millis"))
      yield* beat
      yield* Effect.forkScoped(Effect.forever(beat))
      for (let look = 0; look < 30; look++) {
        assert.deepStrictEqual(yield* living(other), [id])
        yield* Effect.sleep("100 millis")
      }
    }).pipe(Effect.scoped)
  )

  it.live(
    "13. a heartbeat that is shown later than the server should is waited for once, though it is said again",
    () =>
      Effect.gen(function* () {
        const on = yield* inngestDouble({ delay: 1000, delayOfEach: 0 })
        const store = yield* open(on, { ...quick, visibility: "400 millis", lease: "10 seconds" })
        const said = performance.now()
        yield* store.heartbeat({ id: freshWorker() }, Duration.minutes(1))
        // The first one is shown after a second. To wait for the latest alone would take 2200 ms: it is said at 0, 400 and 1200.
        assert.isBelow(performance.now() - said, 2000)
      }).pipe(Effect.scoped)
  )

  it.live(
    "13. a heartbeat that the server had accepted when it was killed is said again, long before its timeout",
    () =>
      Effect.gen(function* () {
        const on = yield* inngestDouble({ delay: 800, delayOfEach: 0 })
        const options = { ...quick, visibility: "900 millis", timeout: "20 seconds" } as const
        const [store, other] = [yield* open(on, options), yield* open(on, { ...options, role: "client" })]
        const id = freshWorker()
        for (let time = 0; time < 3; time++) {
          const beat = yield* Effect.forkChild(store.heartbeat({ id }, Duration.minutes(1)))
          yield* Effect.sleep("300 millis")
          const shown = rowsOf(on)
          yield* on.kill9
          assert.deepStrictEqual(rowsOf(on), shown, "it had not shown the heartbeat")
          yield* on.restart
          yield* Effect.timeout(Fiber.join(beat), "5 seconds")
          assert.deepStrictEqual(yield* living(other), [id])
        }
      }).pipe(Effect.scoped)
  )

  it.live("a client waits until a process writes, and what it asked for is stored once", () =>
    Effect.gen(function* () {
      const options = { ...quick, prefix: freshPrefix() }
      const client = yield* open(yield* server, { ...options, role: "client", timeout: "400 millis" })
      const first = start(freshId())
      assert.strictEqual(yield* reasonOf(client.save(first)), "Unavailable")
      const worker = yield* open(yield* server, options)
      yield* worker.save(start(freshId()))
      yield* soon(save(client, first))
      assert.lengthOf((yield* loaded(client, first.workflowId)).commits, 1)
      assert.strictEqual(yield* reasonOf(client.save({ ...first, id: "another" })), "Conflict")
    }).pipe(Effect.scoped)
  )

  it.live(
    "16. an id that was deleted is free again once the server has forgotten that, also in processes that knew it",
    () =>
      Effect.gen(function* () {
        const options = { ...quick, prefix: freshPrefix(), retention: "3 seconds" } as const
        const store = yield* open(yield* server, options)
        const client = yield* open(yield* server, { ...options, role: "client" })
        const first = start(freshId())
        yield* save(store, first)
        yield* save(store, after(first.summary))
        assert.isTrue(yield* remove(store, first.workflowId))
        assert.lengthOf((yield* client.list()).executions, 0)
        assert.isTrue(Option.isSome(yield* store.deletion(first.workflowId)))
        yield* Effect.sleep("3200 millis")
        for (const each of [store, client]) {
          assert.isTrue(Option.isNone(yield* each.deletion(first.workflowId)))
          assert.isTrue(Option.isNone(yield* each.load(first.workflowId)))
        }
        const again = start(first.workflowId)
        yield* save(store, again)
        assert.deepStrictEqual(
          (yield* loaded(client, first.workflowId)).commits.map(({ id }) => id),
          [again.id]
        )
      }).pipe(Effect.scoped)
  )

  it.live("17. a version that the server has lost blocks its execution and no other one, whichever it is", () =>
    Effect.gen(function* () {
      for (const [lost, said] of [
        [2, /version 2 is missing/],
        [3, /version 3 was stored, and the latest that the server has is 2/]
      ] as const) {
        const on = yield* inngestDouble({ delay: 4 })
        const options = { ...quick, prefix: freshPrefix() }
        const first = start(freshId())
        const other = start(freshId())
        yield* Effect.gen(function* () {
          const store = yield* open(on, options)
          const second = after(first.summary)
          for (const commit of [first, other, second, after(second.summary)]) yield* save(store, commit)
          // Entries of executions that are open are not waited for.
          yield* Effect.sleep("100 millis")
        }).pipe(Effect.scoped)
        yield* on.kill9
        yield* lose(on, ({ data, name }) => name.includes("/execution/") && data.text.includes(`"version":${lost}`))
        yield* on.restart
        const store = yield* open(on, options)
        assert.strictEqual(yield* store.count(), 2)
        assert.strictEqual(yield* reasonOf(store.load(first.workflowId)), "Corrupt")
        const error = yield* Effect.flip(store.load(first.workflowId))
        assert.match(error.message, said)
        yield* save(store, after(other.summary))
        assert.lengthOf((yield* loaded(store, other.workflowId)).commits, 2)
      }
    }).pipe(Effect.scoped)
  )

  it.live(
    "4. an answer that is lost, 10 times, can be had again: each commit is stored once",
    () =>
      Effect.gen(function* () {
        const { address, url } = yield* server
        const between = yield* proxy(address)
        const options = { ...quick, prefix: freshPrefix(), timeout: "1 second" } as const
        const store = yield* open({ url: `http://${between.address}` }, options)
        const first = start(freshId())
        yield* save(store, first)
        let { summary } = first
        for (let round = 0; round < 10; round++) {
          const commit = after(summary)
          yield* between.loseAnswers
          const saving = yield* Effect.forkChild(reasonOf(store.save(commit)))
          yield* Effect.sleep("100 millis")
          yield* between.cut
          assert.include([undefined, "Unavailable"], yield* Fiber.join(saving))
          yield* soon(save(store, commit))
          assert.strictEqual(yield* soon(reasonOf(save(store, { ...commit, id: "another" }))), "Conflict")
          summary = commit.summary
        }
        const reader = yield* open({ url }, { ...options, role: "client" })
        const { commits } = yield* loaded(reader, first.workflowId)
        assert.deepStrictEqual(
          commits.map(({ version }) => version),
          Array.from({ length: 11 }, (_, index) => Version.make(index + 1))
        )
      }).pipe(Effect.scoped),
    60_000
  )

  it.live("14. a server that is silent is unavailable within a bounded time, and goes on afterwards", () =>
    Effect.gen(function* () {
      const { address } = yield* server
      const between = yield* proxy(address)
      const options = { ...quick, prefix: freshPrefix(), timeout: "500 millis" } as const
      const store = yield* open({ url: `http://${between.address}` }, options)
      const first = start(freshId())
      yield* save(store, first)
      yield* between.freeze
      const operations: ReadonlyArray<Effect.Effect<unknown, never>> = [
        reasonOf(store.save(after(first.summary))),
        reasonOf(store.load(first.workflowId)),
        reasonOf(store.delete(first.workflowId, first)),
        reasonOf(store.workers)
      ]
      const reasons = yield* Effect.all(operations, { concurrency: "unbounded" }).pipe(Effect.timeout("10 seconds"))
      assert.deepStrictEqual(reasons, ["Unavailable", "Unavailable", "Unavailable", "Unavailable"])
      yield* between.cut
      assert.strictEqual((yield* soon(loaded(store, first.workflowId))).summary.workflowId, first.workflowId)
    }).pipe(Effect.scoped)
  )
})
