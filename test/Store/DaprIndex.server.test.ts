/** The index of a store on Dapr: written anew after many entries, it loses nothing, whatever a process had read of it before. */
import { assert, it } from "@effect/vitest"
import { Deferred, Duration, Effect, Exit, Option, PubSub, Stream } from "effect"
import { Version } from "perdure/Ids"
import { type Change, stream } from "perdure/Store/WorkflowStore"
import { Index } from "../../src/Store/dapr/Index.ts"
import { Keys } from "../../src/Store/dapr/key.ts"
import * as Looking from "../../src/Store/dapr/looking.ts"
import { encodeHead, encodePlace } from "../../src/Store/dapr/record.ts"
import { forget } from "../../src/Store/dapr/remove.ts"
import { save as saveBy } from "../../src/Store/dapr/save.ts"
import * as Sidecar from "../../src/Store/dapr/Sidecar.ts"
import { Table } from "../../src/Store/dapr/Table.ts"
import { tidy } from "../../src/Store/dapr/tidy.ts"
import * as Writer from "../../src/Store/dapr/Writer.ts"
import { after, freshId, loaded, save, signal as signalOf, start, type Store } from "../suites/store/builders.ts"
import { components, open, sidecar, state } from "../support/daprClient.ts"
import { describeWith, shared } from "../support/servers.ts"
import { soon } from "../support/soon.ts"

const idsOf = (store: Store) =>
  Effect.map(Stream.runCollect(stream(store)), (all) => all.map(({ workflowId }) => workflowId).toSorted())

for (const component of components) {
  describeWith("daprd", `the index of a store on Dapr with state.${component}`, () => {
    const server = shared(sidecar(component, { inMemory: true }))

    /** What a store has of its sidecar, for tests of its parts. */
    const parts = Effect.fnUntraced(function* (prefix: string) {
      const { url } = yield* server
      const options = { url, component, token: undefined, timeout: 5000 }
      const manners = component === "redis" ? { absent: "-1", atomic: false } : { absent: undefined, atomic: true }
      return { sidecar: yield* Sidecar.make(options), keys: new Keys(prefix), manners, table: new Table() }
    })

    it.live(
      "8. written anew twice, it has every execution once, for stores that were open, slept or are new",
      () =>
        Effect.gen(function* () {
          const prefix = "renewed"
          const slow = yield* parts(prefix)
          const changes = yield* PubSub.unbounded<Change>()
          const slowIndex = new Index(slow, changes)
          yield* slowIndex.reload
          const slowWriter = yield* Writer.start(slow, slowIndex)
          const store = yield* open(yield* server, { component, prefix, lookEvery: "50 millis" })
          const client = state(yield* server, component)
          const keys = new Keys(prefix)
          const index = Effect.map(client.read(keys.index), (text): { pages?: { token: string } } =>
            text === "" ? {} : JSON.parse(JSON.parse(text) as string)
          )
          const commits = Array.from({ length: 20 }, () => start(freshId()))
          yield* Effect.forEach(commits, (commit) => save(store, commit))
          const generations = new Set<string>()
          let last = commits[0]!
          for (let round = 0; round < 2; round++) {
            for (let count = 0; count < 1000; count++) {
              last = after(last.summary)
              yield* save(store, last)
            }
            const token = yield* soon(
              Effect.filterOrFail(
                Effect.map(index, ({ pages }) => pages?.token ?? ""),
                (token) => token !== "" && !generations.has(token),
                () => "not yet"
              ),
              "20 seconds"
            )
            generations.add(token)
          }
          const removed = yield* Effect.forEach(Array.from({ length: 8 }), (_, lane) =>
            client.read(keys.entry(lane, 0))
          )
          // This one has read nothing since the beginning, and writes to a lane that is not there any more as it knows it.
          const subscription = yield* PubSub.subscribe(changes)
          const late = start(freshId())
          slowWriter.lane = removed.findIndex((text) => text.includes("removed"))
          assert.isAtLeast(slowWriter.lane, 0)
          yield* saveBy(slowWriter, late, 1024 * 1024)
          const told = yield* PubSub.takeUpTo(subscription, 1000)
          assert.isTrue(told.some(({ version, workflowId }) => workflowId === late.workflowId && version === 1))
          assert.isFalse(told.some(({ version }) => version === 0))
          yield* slowIndex.caughtUp
          assert.strictEqual(slow.table.get(late.workflowId)?.version, 1)
          assert.strictEqual(slow.table.size, 21)
          const expected = [...commits, late].map(({ workflowId }) => workflowId).toSorted()
          const fresh = yield* open(yield* server, { component, prefix })
          for (const each of [store, fresh]) {
            assert.deepStrictEqual(yield* idsOf(each), expected)
            const { executions } = yield* each.list({ limit: 1000 })
            assert.strictEqual(
              executions.find(({ workflowId }) => workflowId === last.workflowId)?.version,
              last.version
            )
          }
        }).pipe(Effect.scoped),
      120_000
    )

    it.live("of two processes that write it anew at once one does, and the pages of the other one are removed", () =>
      Effect.gen(function* () {
        const prefix = "at-once"
        const store = yield* open(yield* server, { component, prefix, lookEvery: "1 hour" })
        let last = start(freshId())
        yield* save(store, last)
        for (let count = 0; count < 1000; count++) {
          last = after(last.summary)
          yield* save(store, last)
        }
        const written = new Set<string>()
        const both = yield* Effect.forEach([1, 2], () =>
          Effect.gen(function* () {
            const found = yield* parts(prefix)
            const { sidecar } = found
            const noting = Object.create(sidecar, {
              transact: {
                value: (...asked: Parameters<typeof sidecar.transact>) =>
                  Effect.suspend(() => {
                    for (const { key } of asked[0]) if (key.includes(":page:")) written.add(key)
                    return sidecar.transact(...asked)
                  })
              }
            }) as typeof sidecar
            const shared = { ...found, sidecar: noting }
            const index = new Index(shared, yield* PubSub.unbounded<Change>())
            yield* index.reload
            return { shared, index }
          })
        )
        // Both have read the index before one of them writes it.
        const ready = yield* Deferred.make<void>()
        let reads = 0
        for (const { shared } of both) {
          const { sidecar } = shared
          const read = sidecar.read.bind(sidecar)
          Object.assign(shared.sidecar, {
            read: (key: string) =>
              Effect.tap(read(key), () =>
                key.endsWith(":index") && ++reads <= 2
                  ? Effect.andThen(
                      reads === 2 ? Deferred.succeed(ready, undefined) : Effect.void,
                      Deferred.await(ready)
                    )
                  : Effect.void
              )
          })
        }
        const exits = yield* Effect.forEach(both, ({ index, shared }) => Effect.exit(tidy(shared, index)), {
          concurrency: 2
        })
        assert.lengthOf(
          exits.filter((exit) => Exit.isSuccess(exit)),
          1
        )
        assert.strictEqual(written.size, 2)
        const client = state(yield* server, component)
        const left = yield* Effect.filter([...written], (key) => Effect.map(client.read(key), (text) => text !== ""))
        assert.lengthOf(left, 1)
        assert.lengthOf(yield* idsOf(yield* open(yield* server, { component, prefix })), 1)
      }).pipe(Effect.scoped)
    )

    it.live("12. a process that has missed pages and entries is told of what changed meanwhile", () =>
      Effect.gen(function* () {
        const prefix = "missed"
        const shared = yield* parts(prefix)
        const changes = yield* PubSub.unbounded<Change>()
        const index = new Index(shared, changes)
        yield* index.reload
        const store = yield* open(yield* server, { component, prefix })
        const [kept, gone, changed] = [start(freshId()), start(freshId()), start(freshId())]
        for (const commit of [kept, gone, changed]) yield* save(store, commit)
        yield* index.caughtUp
        const subscription = yield* PubSub.subscribe(changes)
        const next = after(changed.summary)
        yield* save(store, next)
        yield* store.delete(gone.workflowId, { version: Version.make(1) })
        yield* index.reload
        const told = yield* PubSub.takeUpTo(subscription, 10)
        assert.sameDeepMembers(
          told.map(({ version, workflowId }) => [workflowId, Number(version)]),
          [
            [changed.workflowId, 2],
            [gone.workflowId, 0]
          ]
        )
      }).pipe(Effect.scoped)
    )

    it.live("16. nothing is left of a deleted execution once its places are free again, and not before", () =>
      Effect.gen(function* () {
        const prefix = "forgotten"
        const shared = yield* parts(prefix)
        const store = yield* open(yield* server, { component, prefix })
        const client = state(yield* server, component)
        const first = start(freshId())
        const second = after(first.summary)
        yield* save(store, first)
        yield* save(store, second)
        const { workflowId } = first
        assert.isFalse(yield* forget(shared, workflowId), "it is not deleted")
        assert.isTrue(yield* store.delete(workflowId, { version: Version.make(2) }))
        assert.isFalse(yield* forget(shared, workflowId), "its places are taken")
        assert.isTrue(Option.isSome(yield* store.deletion(workflowId)))
        // As if a day had passed.
        for (const version of [1, 2, 3]) yield* client.remove(shared.keys.place(workflowId, version))
        assert.isTrue(yield* forget(shared, workflowId))
        assert.strictEqual(yield* client.read(shared.keys.head(workflowId)), "")
        yield* save(yield* open(yield* server, { component, prefix }), start(workflowId))
      }).pipe(Effect.scoped)
    )

    // A component that undoes transactions has no such thing.
    if (component === "redis")
      it.live("8. what a process stored that ended before it wrote the entry is found again when it is read", () =>
        Effect.gen(function* () {
          const prefix = "unfinished"
          const shared = yield* parts(prefix)
          const { keys, manners } = shared
          const store = yield* open(yield* server, { component, prefix })
          const [read, saved, other] = [start(freshId()), start(freshId()), start(freshId())]
          yield* save(store, other)
          for (const commit of [read, saved]) {
            const key = keys.head(commit.workflowId)
            yield* shared.sidecar.transact(
              [
                { _tag: "Create", key: keys.place(commit.workflowId, 1), text: encodePlace(commit, undefined) },
                { _tag: "Create", key, text: encodeHead(commit) }
              ],
              manners
            )
          }
          assert.deepStrictEqual(yield* idsOf(store), [other.workflowId])
          const expected = [read, saved, other].map(({ workflowId }) => workflowId).toSorted()
          yield* loaded(store, read.workflowId)
          yield* save(store, saved)
          yield* save(yield* open(yield* server, { component, prefix }), saved)
          assert.deepStrictEqual(yield* idsOf(yield* open(yield* server, { component, prefix })), expected)
        }).pipe(Effect.scoped)
      )

    it.live("16. a deletion that a commit has overtaken leaves no record of what it did not do", () =>
      Effect.gen(function* () {
        const prefix = "overtaken"
        const store = yield* open(yield* server, { component, prefix })
        const client = state(yield* server, component)
        const first = start(freshId())
        yield* save(store, first)
        const record = JSON.stringify({ version: 2, seen: {} })
        yield* client.write(new Keys(prefix).record(first.workflowId), record)
        assert.isTrue(Option.isNone(yield* store.deletion(first.workflowId)))
        yield* store.delete(first.workflowId, { version: Version.make(1) })
        assert.strictEqual(Option.getOrThrow(yield* store.deletion(first.workflowId)).version, 2)
      }).pipe(Effect.scoped)
    )

    it.live("9. a deletion that was cut off is finished when the execution is to be forgotten", () =>
      Effect.gen(function* () {
        const prefix = "cut-off"
        const shared = yield* parts(prefix)
        const store = yield* open(yield* server, { component, prefix })
        const client = state(yield* server, component)
        const first = start(freshId())
        yield* save(store, first)
        const { workflowId } = first
        const place = yield* client.read(shared.keys.place(workflowId, 1))
        yield* store.delete(workflowId, { version: Version.make(1) })
        yield* client.write(shared.keys.place(workflowId, 1), JSON.parse(place))
        assert.isFalse(yield* forget(shared, workflowId))
        assert.include(yield* client.read(shared.keys.place(workflowId, 1)), "removed")
      }).pipe(Effect.scoped)
    )

    it.live("6. a commit of several parts is whole, and its parts are removed with it", () =>
      Effect.gen(function* () {
        const prefix = "parts"
        const store = yield* open(yield* server, { component, prefix })
        const client = state(yield* server, component)
        const keys = new Keys(prefix)
        // A pair of surrogates lies across the end of each part, wherever that is.
        const payload = "🦉".repeat(300 * 1024)
        const first = start(freshId())
        const large = after(first.summary, {
          events: [signalOf(`a${payload}`), signalOf(payload)]
        })
        yield* save(store, first)
        yield* save(store, large)
        assert.deepStrictEqual((yield* loaded(store, first.workflowId)).commits[1]!.events, large.events)
        const place = JSON.parse(JSON.parse(yield* client.read(keys.place(first.workflowId, 2))) as string)
        assert.isAbove(place.parts.count, 3)
        assert.notStrictEqual(yield* client.read(keys.part(place.parts.token, 0)), "")
        yield* store.delete(first.workflowId, { version: Version.make(2) })
        assert.strictEqual(yield* client.read(keys.part(place.parts.token, 0)), "")
      }).pipe(Effect.scoped)
    )

    it.live("12. there is no look while no listener is there", () =>
      Effect.gen(function* () {
        const shared = yield* parts("silent")
        const index = new Index(shared, yield* PubSub.unbounded<Change>())
        yield* index.reload
        let looks = 0
        const counted = Object.create(index, {
          caughtUp: {
            get: () =>
              Effect.andThen(
                Effect.sync(() => looks++),
                index.caughtUp
              )
          }
        }) as Index
        const changes = yield* Looking.start(shared, counted, Duration.millis(20))
        yield* Effect.sleep("200 millis")
        assert.strictEqual(looks, 0)
        yield* Effect.timeoutOption(Stream.runDrain(changes), "200 millis")
        assert.isAbove(looks, 2)
        const before = looks
        yield* Effect.sleep("200 millis")
        assert.isAtMost(looks, before + 1)
      }).pipe(Effect.scoped)
    )
  })
}
