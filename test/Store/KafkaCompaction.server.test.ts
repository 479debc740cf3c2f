/** Whatever a real broker has compacted away, every store comes to what was acknowledged, and what is deleted stays so. */
import { assert, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import { Version, type WorkflowId } from "perdure/Ids"
import * as Memory from "perdure/Store/Memory"
import type { Commit, ExecutionSummary } from "perdure/Store/WorkflowStore"
import { after, freshId, loaded, restart, save, start, startAgain, type Store } from "../suites/store/builders.ts"
import { accepted, createTopic, open, readAll } from "../support/kafkaClient.ts"
import { kafkaServer } from "../support/kafkaServer.ts"
import { describeWith, shared } from "../support/servers.ts"

/** For how long, in seconds. */
const seconds = Number(process.env["SECONDS"] ?? 15)

/** How many stores are opened at least. */
const least = 4

/** Settings under which a broker compacts as soon as it can. */
const eager = {
  ...accepted,
  "segment.ms": "200",
  "min.cleanable.dirty.ratio": "0.01",
  "min.compaction.lag.ms": "400",
  "max.compaction.lag.ms": "500",
  "delete.retention.ms": "3000"
}

/** Draws numbers below a limit (Lehmer). */
const draws = (seed: number) => {
  let state = seed * 7919
  return (limit: number) => {
    state = (state * 48_271) % 2_147_483_647
    return Math.floor((state / 2_147_483_647) * limit)
  }
}

/** What an execution is in a store, as far as the two must agree. */
const shown = (store: Store, id: WorkflowId) =>
  Effect.map(store.load(id, { after: Version.make(0) }), (found) =>
    Option.isNone(found)
      ? undefined
      : { summary: found.value.summary, versions: found.value.commits.map(({ id, version }) => [version, id]) }
  )

/** How many records of an execution a topic has. */
const recordsOf = (on: { readonly address: string }, topic: string, id: WorkflowId) =>
  Effect.map(readAll(on, topic), (values) => values.filter((value) => value.includes(JSON.stringify(id))).length)

describeWith("kafka", "a topic that is compacted while it is used", () => {
  const server = shared(kafkaServer({ inMemory: true }))

  it.live(
    `5. has what a store in memory has, in every store that is opened, for ${seconds} seconds`,
    () =>
      Effect.gen(function* () {
        const on = yield* server
        yield* createTopic(on, "eager", eager)
        const options = { topic: "eager", unsafe: true, cache: 2000 }
        const writers = [yield* open(on, options), yield* open(on, options)]
        const model = yield* Memory.make()
        const draw = draws(1)
        const ids = Array.from({ length: 6 }, () => freshId())
        const latest = new Map<WorkflowId, ExecutionSummary>()
        const gone = new Map<WorkflowId, ExecutionSummary>()
        const next = (id: WorkflowId): Commit => {
          const known = latest.get(id)
          if (known !== undefined) return draw(4) === 0 ? restart(known) : after(known)
          const before = gone.get(id)
          return before === undefined ? start(id) : startAgain(before)
        }
        const end = performance.now() + seconds * 1000
        let opened = 0
        // A slow machine has longer, until there is something to compare.
        for (let count = 0; performance.now() < end || opened < least; count++) {
          const id = ids[draw(ids.length)]!
          const store = writers[draw(2)]!
          const known = latest.get(id)
          if (known !== undefined && draw(12) === 0) {
            yield* Effect.forEach([model, store], (each) => each.delete(id, { version: known.version }))
            latest.delete(id)
            gone.set(id, known)
          } else if (known !== undefined && draw(5) === 0) {
            const before = Version.make(1 + draw(known.firstVersion))
            yield* Effect.forEach([model, store], (each) => each.delete(id, { before }))
          } else {
            const commit = next(id)
            yield* save(store, commit)
            yield* save(model, commit)
            latest.set(id, commit.summary)
          }
          if (count % 100 !== 99) continue
          opened++
          const fresh = yield* open(on, options)
          for (const reader of [fresh, ...writers]) {
            for (const each of ids) assert.deepStrictEqual(yield* shown(reader, each), yield* shown(model, each))
            assert.strictEqual(yield* reader.count(), latest.size)
          }
        }
        assert.isAtLeast(opened, least)
      }).pipe(Effect.scoped),
    60_000 + seconds * 3000
  )

  it.live(
    "16. keeps of a deleted execution nothing but its record",
    () =>
      Effect.gen(function* () {
        const on = yield* server
        yield* createTopic(on, "deleted", eager)
        const store = yield* open(on, { topic: "deleted", unsafe: true })
        const first = start(freshId())
        yield* save(store, first)
        let { summary } = first
        for (let count = 0; count < 200; count++) {
          const commit = after(summary)
          yield* save(store, commit)
          summary = commit.summary
        }
        yield* store.delete(first.workflowId, { version: summary.version })
        // Segments are rolled by what comes after them.
        const other = start(freshId())
        yield* save(store, other)
        let noise = other.summary
        const left = Effect.gen(function* () {
          const commit = after(noise)
          yield* save(store, commit)
          noise = commit.summary
          yield* Effect.sleep("250 millis")
          return yield* recordsOf(on, "deleted", first.workflowId)
        })
        const count = yield* left.pipe(Effect.repeat({ until: (count) => count <= 1, times: 100 }))
        assert.strictEqual(count, 1)
        assert.strictEqual(Option.getOrThrow(yield* store.deletion(first.workflowId)).version, 202)
        assert.lengthOf((yield* loaded(store, other.workflowId)).commits, noise.version)
      }).pipe(Effect.scoped),
    120_000
  )
})
