/** The NATS store on a server of its own: the laws of stores, and what only a store across a network can get wrong. */
import { jetstream } from "@nats-io/jetstream"
import { Kvm } from "@nats-io/kv"
import { headers } from "@nats-io/transport-node"
import { assert, describe, it } from "@effect/vitest"
import { Array as Arr, Duration, Effect, Exit, Fiber, Layer, Option, Stream } from "effect"
import { Version, type WorkflowId } from "perdure/Ids"
import * as Nats from "perdure/Store/Nats"
import { stream, type WorkflowStore } from "perdure/Store/WorkflowStore"
import {
  after,
  appendToken,
  freshId,
  loaded,
  reasonOf,
  restart,
  save,
  signal,
  start,
  tokens
} from "../suites/store/builders.ts"
import { toldInTheTable } from "../docs/guarantees.ts"
import { suite } from "../suites/StoreSuite.ts"
import { client, manager, open } from "../support/natsClient.ts"
import { soon } from "../support/soon.ts"
import { proxy } from "../support/proxy.ts"
import { describeWith, type NatsServer, natsServer, shared } from "../support/servers.ts"
import { allOf, endsOf, everyOperation } from "./everyOperation.ts"

type Store = WorkflowStore["Service"]

/** Removes all there is of a plain id, as the expiry of its marker does. */
const purge = Effect.fnUntraced(function* (server: NatsServer, bucket: string, workflowId: WorkflowId) {
  const jsm = yield* manager(server)
  const filter = `$KV.${bucket}.${workflowId.replaceAll(" ", "=0020")}`
  const { purged } = yield* Effect.promise(() => jsm.streams.purge(`KV_${bucket}`, { filter }))
  assert.strictEqual(purged, 1)
})

const ids = (store: Store) =>
  Effect.map(
    Stream.runCollect(stream(store)),
    Arr.map(({ workflowId }) => workflowId)
  )

const kilobytes = (count: number) => signal("k".repeat(count * 1024))

describeWith("nats", "the NATS store", () => {
  const server = shared(natsServer())
  const layer = Layer.unwrap(Effect.map(server, ({ address, monitor }) => Nats.layer({ servers: address, monitor })))

  suite("NATS", { layer, shared: true })
  toldInTheTable("NATS JetStream KV", layer)

  describe("a bucket", () => {
    it.live("is one of NATS KV: a key for each execution, whose value and history are its commits", () =>
      Effect.gen(function* () {
        const store = yield* open(yield* server, { bucket: "kv" })
        const first = start("order-17" as WorkflowId)
        const second = after(first.summary, { events: [signal("second")] })
        yield* save(store, first)
        yield* save(store, second)
        const nats = yield* client(yield* server)
        const kv = yield* Effect.promise(() => new Kvm(nats).open("kv"))
        // The clients in Go and Rust, and so the command line, refuse a bucket without such a limit.
        const { history: kept } = yield* Effect.promise(() => kv.status())
        assert.isAtLeast(kept, 1)
        const entry = yield* Effect.promise(() => kv.get("order-17"))
        assert.deepStrictEqual(entry?.json<unknown>(), second.events)
        const history = yield* Effect.promise(() => kv.history({ key: "order-17" }))
        const values = yield* Stream.runCollect(
          Stream.take(Stream.fromAsyncIterable(history, (cause) => cause).pipe(Stream.map((entry) => entry.json())), 2)
        )
        assert.deepStrictEqual(values, [first.events, second.events])
        yield* Effect.promise(() => kv.purge("order-17"))
        assert.isTrue(Option.isNone(yield* store.load(first.workflowId)))
        yield* soon(Effect.map(store.list(), ({ executions }) => assert.deepStrictEqual(executions, [])))
        yield* save(store, start("order-17" as WorkflowId))
      }).pipe(Effect.scoped)
    )

    it.live("keeps nothing of a deleted execution but a marker that expires", () =>
      Effect.gen(function* () {
        const store = yield* open(yield* server, { bucket: "deleted" })
        const first = start(freshId())
        yield* save(store, first)
        yield* save(store, after(first.summary, { events: [kilobytes(2500)] }))
        assert.isTrue(yield* store.delete(first.workflowId, { version: Version.make(2) }))
        const jsm = yield* manager(yield* server)
        const info = yield* Effect.promise(() => jsm.streams.info("KV_deleted"))
        assert.strictEqual(info.state.messages, 1)
        const marker = yield* Effect.promise(() => jsm.streams.getMessage("KV_deleted", { seq: info.state.last_seq }))
        assert.strictEqual(marker?.header.get("KV-Operation"), "PURGE")
        assert.strictEqual(marker?.header.get("Nats-TTL"), "86400s")
      }).pipe(Effect.scoped)
    )

    it.live("with a value of somebody else tells that it cannot be read", () =>
      Effect.gen(function* () {
        const store = yield* open(yield* server, { bucket: "foreign" })
        const nats = yield* client(yield* server)
        const js = jetstream(nats)
        yield* Effect.promise(() => js.publish("$KV.foreign.mine", "hello"))
        const mine = start("mine" as WorkflowId)
        assert.strictEqual(yield* reasonOf(store.load(mine.workflowId)), "Corrupt")
        assert.strictEqual(yield* reasonOf(store.save(mine)), "Corrupt")
        assert.deepStrictEqual((yield* store.list()).executions, [])
      }).pipe(Effect.scoped)
    )

    it.live("made anew is empty for stores that had it open", () =>
      Effect.gen(function* () {
        const store = yield* open(yield* server, { bucket: "anew" })
        const other = yield* open(yield* server, { bucket: "anew" })
        const commits = Array.from({ length: 5 }, () => start(freshId()))
        yield* Effect.forEach(commits, (commit) => save(store, commit))
        const jsm = yield* manager(yield* server)
        const { config } = yield* Effect.promise(() => jsm.streams.info("KV_anew"))
        yield* Effect.promise(() => jsm.streams.delete("KV_anew"))
        yield* Effect.promise(() => jsm.streams.add(config))
        yield* save(store, commits[3]!)
        assert.deepStrictEqual(yield* ids(other), [commits[3]!.workflowId])
        assert.deepStrictEqual(yield* ids(store), [commits[3]!.workflowId])
      }).pipe(Effect.scoped)
    )
  })

  describe("a commit larger than a message", () => {
    it.live("is stored in several messages and read back whole, also with others between", () =>
      Effect.gen(function* () {
        const store = yield* open(yield* server, { bucket: "parts" })
        const other = yield* open(yield* server, { bucket: "parts" })
        const first = start(freshId(), { events: [kilobytes(3000), signal("é".repeat(1024 * 1024))] })
        yield* save(store, first)
        const second = after(first.summary)
        yield* save(other, second)
        const third = after(second.summary, { events: [kilobytes(1024)] })
        yield* save(store, third)
        for (const reader of [store, other]) {
          const { commits, summary } = yield* loaded(reader, first.workflowId)
          assert.deepStrictEqual(
            commits.map(({ events }) => events),
            [first.events, second.events, third.events]
          )
          assert.deepStrictEqual(summary, third.summary)
          for (const after of [1, 2]) {
            assert.strictEqual((yield* loaded(reader, first.workflowId, after)).commits.length, 3 - after)
          }
        }
      }).pipe(Effect.scoped)
    )

    it.live("of which only parts arrived is invisible, and the server forgets them", () =>
      Effect.gen(function* () {
        const server = yield* natsServer()
        const store = yield* open(server)
        const first = start(freshId())
        yield* save(store, first)
        const nats = yield* client(server)
        const js = jetstream(nats)
        const subject = `$KV.perdure.${first.workflowId}`.replaceAll(" ", "=0020")
        const part = headers()
        part.set("Perdure-Part", JSON.stringify({ commit: "torn", previous: 1 }))
        const batch = yield* Effect.promise(() => js.startBatch(subject, "part 1", { headers: part }))
        batch.add(subject, "part 2", { headers: part, ack: false })
        yield* Effect.promise(() => nats.flush())
        const second = after(first.summary)
        yield* save(store, second)
        yield* server.kill9
        yield* server.restart
        yield* soon(save(store, after(second.summary)))
        assert.strictEqual((yield* loaded(store, first.workflowId)).commits.length, 3)
        const jsm = yield* manager(server)
        const { state } = yield* Effect.promise(() => jsm.streams.info("KV_perdure"))
        assert.strictEqual(state.messages, 3)
      }).pipe(Effect.scoped)
    )

    it.live("of which a loss of power left parts alone is as if it had never been", () =>
      Effect.gen(function* () {
        const on = yield* server
        const store = yield* open(on, { bucket: "torn" })
        const known = start("known" as WorkflowId)
        yield* save(store, known)
        const nats = yield* client(on)
        const js = jetstream(nats)
        const leave = (key: string, previous: number, commit: string) =>
          Effect.promise(() => {
            const part = headers()
            part.set("Perdure-Part", JSON.stringify({ commit, previous }))
            return js.publish(`$KV.torn.${key}`, "left behind", { headers: part })
          })
        const second = after(known.summary, { events: [kilobytes(2500)] })
        // The same commit may be repeated after its first attempt was torn.
        yield* leave("known", 1, second.id)
        yield* leave("known", 1, second.id)
        yield* leave("fresh", 0, "torn")
        const fresh = start("fresh" as WorkflowId)
        for (const reader of [store, yield* open(on, { bucket: "torn" })]) {
          assert.deepStrictEqual((yield* loaded(reader, known.workflowId)).summary, known.summary)
          assert.isTrue(Option.isNone(yield* reader.load(fresh.workflowId)))
          assert.deepStrictEqual(yield* ids(reader), ["known"])
        }
        yield* save(store, second)
        yield* save(store, fresh)
        const third = after(second.summary)
        yield* save(store, third)
        for (const reader of [store, yield* open(on, { bucket: "torn" })]) {
          const { commits } = yield* loaded(reader, known.workflowId)
          assert.deepStrictEqual(
            commits.map(({ events }) => events),
            [known.events, second.events, third.events]
          )
          assert.deepStrictEqual((yield* ids(reader)).toSorted(), ["fresh", "known"])
        }
      }).pipe(Effect.scoped)
    )

    it.live(
      "may have a summary that no header holds, nor one message",
      () =>
        Effect.gen(function* () {
          const store = yield* open(yield* server, { bucket: "summaries" })
          const other = yield* open(yield* server, { bucket: "summaries" })
          let { summary } = start(freshId())
          const [first] = [start(summary.workflowId)]
          yield* save(store, first)
          summary = first.summary
          for (const size of [31, 40, 900, 1024, 3000, 1]) {
            const commit = after(summary, {
              summary: { waitingFor: [{ _tag: "Other", text: "w".repeat(size * 1024) }] }
            })
            yield* save(store, commit)
            summary = commit.summary
            for (const reader of [other, store]) {
              assert.deepStrictEqual((yield* reader.list()).executions, [summary])
              assert.deepStrictEqual((yield* loaded(reader, summary.workflowId)).summary, summary)
            }
          }
          const opened = yield* open(yield* server, { bucket: "summaries" })
          assert.deepStrictEqual((yield* opened.list()).executions, [summary])
        }).pipe(Effect.scoped),
      60_000
    )
  })

  describe("an answer that is lost", () => {
    it.live(
      "is found: the commit is stored once, and no conflict is made up",
      () =>
        Effect.gen(function* () {
          const on = yield* server
          const between = yield* proxy(on.address)
          const store = yield* open(on, { servers: between.address, bucket: "answers", timeout: "2 seconds" })
          const direct = yield* open(on, { bucket: "answers" })
          let { summary } = yield* Effect.tap(Effect.succeed(start(freshId())), (commit) => save(store, commit))
          for (const size of [1, 1, 2500, 1]) {
            const commit = after(summary, { events: [kilobytes(size)] })
            yield* between.loseAnswers
            const saving = yield* Effect.forkChild(Effect.result(store.save(commit)))
            yield* Effect.sleep("500 millis")
            yield* between.cut
            const saved = yield* Fiber.join(saving)
            // Only a commit in one message has certainly arrived.
            if (size === 1) assert.strictEqual(saved._tag, "Success")
            else if (saved._tag === "Failure") {
              assert.strictEqual(saved.failure.reason._tag, "Unavailable")
              yield* save(store, commit)
            }
            summary = commit.summary
          }
          for (const reader of [store, direct]) {
            const { commits } = yield* loaded(reader, summary.workflowId)
            assert.deepStrictEqual(
              commits.map(({ version }) => Number(version)),
              [1, 2, 3, 4, 5]
            )
          }
        }).pipe(Effect.scoped),
      60_000
    )

    it.live("to a commit that lost the race is a conflict all the same", () =>
      Effect.gen(function* () {
        const on = yield* server
        const between = yield* proxy(on.address)
        const store = yield* open(on, { servers: between.address, bucket: "races", timeout: "2 seconds" })
        const direct = yield* open(on, { bucket: "races" })
        const first = start(freshId())
        yield* save(store, first)
        yield* loaded(direct, first.workflowId)
        yield* between.freeze
        const losing = yield* Effect.forkChild(Effect.exit(store.save(after(first.summary))))
        const winner = after(first.summary)
        yield* save(direct, winner)
        yield* between.cut
        const lost = yield* Fiber.join(losing)
        assert.strictEqual(yield* reasonOf(Effect.suspend(() => lost)), "Conflict")
        assert.strictEqual((yield* loaded(store, first.workflowId)).commits.at(-1)?.id, winner.id)
      }).pipe(Effect.scoped)
    )

    it.live("to a deletion is found too", () =>
      Effect.gen(function* () {
        const on = yield* server
        const between = yield* proxy(on.address)
        const store = yield* open(on, { servers: between.address, bucket: "deletions", timeout: "2 seconds" })
        const first = start(freshId())
        yield* save(store, first)
        const direct = yield* open(on, { bucket: "deletions" })
        const gone = yield* Effect.forkChild(
          Stream.runHead(
            Stream.filter(
              direct.changes,
              Arr.some(({ version }) => version === 0)
            )
          )
        )
        yield* Effect.sleep("100 millis")
        yield* between.loseAnswersFrom("KV-Operation: PURGE")
        const deleting = yield* Effect.forkChild(store.delete(first.workflowId, first))
        yield* Fiber.join(gone)
        yield* between.cut
        assert.isTrue(yield* Fiber.join(deleting))
        assert.isFalse(yield* store.delete(first.workflowId, first))
      }).pipe(Effect.scoped)
    )

    it.live("from a server that is silent ends as unavailable within a bounded time", () =>
      Effect.gen(function* () {
        const on = yield* server
        const between = yield* proxy(on.address)
        const store = yield* open(on, { servers: between.address, bucket: "silent", timeout: "500 millis" })
        const first = start(freshId())
        yield* save(store, first)
        yield* between.freeze
        const operations = everyOperation(store, first)
        assert.deepStrictEqual(yield* endsOf(operations, "10 seconds"), allOf(operations, "Unavailable"))
      }).pipe(Effect.scoped)
    )
  })

  describe("two stores", () => {
    it.live(
      "learn what happened while one of them was cut off",
      () =>
        Effect.gen(function* () {
          const on = yield* server
          const between = yield* proxy(on.address)
          const store = yield* open(on, { bucket: "two" })
          const cutOff = yield* open(on, { servers: between.address, bucket: "two" })
          const commits = Array.from({ length: 10 }, () => start(freshId()))
          yield* Effect.forEach(commits, (commit) => save(store, commit))
          assert.strictEqual((yield* cutOff.list()).executions.length, 10)
          const told: Array<string> = []
          yield* cutOff.changes.pipe(
            Stream.runForEach((changes) =>
              Effect.sync(() => told.push(...changes.map(({ workflowId }) => workflowId)))
            ),
            Effect.forkScoped
          )
          yield* between.refuse
          const [moved, deleted, again, longGone] = commits.map(({ workflowId }) => workflowId)
          yield* save(store, after(commits[0]!.summary, { summary: { waitingFor: [{ _tag: "Other", text: "news" }] } }))
          yield* store.delete(deleted!, commits[1]!)
          yield* store.delete(again!, commits[2]!)
          const next = restart({ ...commits[2]!.summary, version: Version.make(2) })
          yield* save(store, next)
          yield* store.delete(longGone!, commits[3]!)
          yield* purge(on, "two", longGone!)
          const fresh = start(freshId())
          yield* save(store, fresh)
          yield* between.resume
          // As soon as it answers at all, it answers with everything.
          const listed = yield* Effect.retry(ids(cutOff), {
            while: ({ reason }) => reason._tag === "Unavailable",
            times: 9
          })
          assert.deepStrictEqual(listed, yield* ids(store))
          assert.deepStrictEqual(
            (yield* cutOff.list()).executions.find(({ workflowId }) => workflowId === moved)?.waitingFor[0],
            { _tag: "Other", text: "news" }
          )
          yield* soon(
            Effect.sync(() => assert.includeMembers(told, [moved!, deleted!, again!, longGone!, fresh.workflowId]))
          )
          assert.strictEqual(yield* reasonOf(cutOff.save(after(commits[2]!.summary))), "Conflict")
          yield* save(cutOff, after(next.summary))
        }).pipe(Effect.scoped),
      60_000
    )

    it.live(
      "hear of each other after the server was killed and started again",
      () =>
        Effect.gen(function* () {
          const server = yield* natsServer()
          const [one, two] = [yield* open(server), yield* open(server)]
          const told: Array<string> = []
          yield* two.changes.pipe(
            Stream.runForEach((changes) =>
              Effect.sync(() => told.push(...changes.map(({ workflowId }) => workflowId)))
            ),
            Effect.forkScoped
          )
          for (let round = 0; round < 3; round++) {
            yield* server.kill9
            yield* server.restart
            const commit = start(freshId())
            yield* save(one, commit)
            yield* soon(Effect.sync(() => assert.include(told, commit.workflowId)))
            assert.strictEqual((yield* soon(two.list())).executions.length, round + 1)
          }
        }).pipe(Effect.scoped),
      60_000
    )

    it.live("list at once what the other one has acknowledged", () =>
      Effect.gen(function* () {
        const [one, two] = [
          yield* open(yield* server, { bucket: "strong" }),
          yield* open(yield* server, { bucket: "strong" })
        ]
        const saved: Array<string> = []
        for (let round = 0; round < 10; round++) {
          const commits = Array.from({ length: 50 }, () => start(freshId()))
          const exits = yield* one.saveAll(commits)
          assert.isTrue(exits.every(Exit.isSuccess))
          saved.push(...commits.map(({ workflowId }) => workflowId))
          const { executions } = yield* two.list({ limit: 1000 })
          assert.deepStrictEqual(executions.map(({ workflowId }) => String(workflowId)).toSorted(), saved.toSorted())
        }
      }).pipe(Effect.scoped)
    )

    it.live(
      "hear of a thousand workers and more",
      () =>
        Effect.gen(function* () {
          const [one, two] = [
            yield* open(yield* server, { bucket: "crowd" }),
            yield* open(yield* server, { bucket: "crowd" })
          ]
          const names = Array.from({ length: 1500 }, (_, index) => `worker ${index}` as never)
          yield* Effect.forEach(names, (name) => one.heartbeat({ id: name }, Duration.minutes(10)), { concurrency: 64 })
          assert.strictEqual(new Set((yield* two.workers).living.map(({ id }) => id)).size, 1500)
        }).pipe(Effect.scoped),
      60_000
    )
  })

  it.live("a commit is found again however long ago it was, among those of others", () =>
    Effect.gen(function* () {
      const store = yield* open(yield* server, { bucket: "old" })
      const commits = [start(freshId(), { events: [kilobytes(1500)] })]
      while (commits.length < 120) {
        const size = commits.length === 40 ? 1500 : 1
        commits.push(after(commits.at(-1)!.summary, { events: [kilobytes(size)] }))
      }
      const others = commits.map(() => start(freshId()))
      const exits = yield* store.saveAll([...others, ...commits])
      assert.isTrue(exits.every(Exit.isSuccess))
      for (const version of [1, 2, 40, 41, 42, 60, 119, 120]) {
        const commit = commits[version - 1]!
        yield* save(store, commit)
        assert.strictEqual(yield* reasonOf(store.save({ ...commit, id: "another" })), "Conflict")
        const fresh = yield* open(yield* server, { bucket: "old" })
        const { commits: rest } = yield* loaded(fresh, commit.workflowId, version)
        assert.deepStrictEqual(
          rest.map(({ id }) => id),
          commits.slice(version).map(({ id }) => id)
        )
      }
    }).pipe(Effect.scoped)
  )

  it.live("commits in one group that follow each other are stored in their order", () =>
    Effect.gen(function* () {
      const store = yield* open(yield* server, { bucket: "order" })
      const first = start(freshId(), { events: [signal("1")] })
      const second = after(first.summary, { events: [signal("2")] })
      const third = after(second.summary, { events: [signal("3")] })
      const exits = yield* store.saveAll([first, second, third])
      assert.isTrue(exits.every(Exit.isSuccess))
      yield* appendToken(store, first.workflowId, "4")
      assert.deepStrictEqual(tokens((yield* loaded(store, first.workflowId)).commits), ["1", "2", "3", "4"])
    }).pipe(Effect.scoped)
  )
})
