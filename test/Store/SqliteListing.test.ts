/** How a SQLite store finds executions: by which index, and without stopping the process. */
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect, Option } from "effect"
import { RunId, WorkflowId } from "perdure/Ids"
import type { Commit, StoreError, WorkflowFilter } from "perdure/Store/WorkflowStore"
import * as Query from "../../src/Store/sqlite/Query.ts"
import {
  after,
  epoch,
  finish,
  freshId,
  freshWorker,
  remove,
  restart,
  saveAll,
  start
} from "../suites/store/builders.ts"
import { stalls } from "../suites/sqliteStalls.ts"
import { fold, freshFile, open, tamper } from "../support/sqliteFiles.ts"

stalls(20_000)

/** How much of the time of one thing another one takes, each at its fastest. They take turns, so that both meet the same machine. */
const share = Effect.fnUntraced(function* (
  part: Effect.Effect<unknown, StoreError>,
  whole: Effect.Effect<unknown, StoreError>,
  before: Effect.Effect<void, StoreError> = Effect.void
) {
  const fastest = [Infinity, Infinity]
  for (let round = 0; round < 40; round++) {
    yield* before
    for (const [index, effect] of [part, whole].entries()) {
      const [duration] = yield* Effect.timed(effect)
      fastest[index] = Math.min(fastest[index]!, Duration.toMillis(duration))
    }
  }
  return fastest[0]! / fastest[1]!
})

describe("the indexes of a SQLite store", () => {
  it.live(
    "8. finds the few that are open among many that are not",
    () =>
      Effect.gen(function* () {
        const filename = freshFile()
        const store = yield* open(filename, { synchronous: "NORMAL" })
        const firsts = Array.from({ length: 20_000 }, (_, n) => start(freshId(), { summary: { startedAt: epoch + n } }))
        yield* saveAll(store, firsts)
        const open_ = firsts.filter((_, n) => n % 2000 === 0)
        yield* saveAll(
          store,
          firsts.filter((first) => !open_.includes(first)).map(({ summary }) => finish(summary))
        )
        const filter = { status: ["running", "blocked"] } as const
        const { executions } = yield* store.list(filter)
        assert.deepStrictEqual(
          executions.map(({ workflowId }) => workflowId),
          open_.map(({ workflowId }) => workflowId)
        )
        yield* fold(filename)
        // None has failed, but only a look at all 20,000 rows can tell.
        const all = store.list({ status: ["failed"] })
        for (const few of [
          filter,
          { ...filter, wakeBefore: 1 },
          { unsettled: true, ownerNotIn: [freshWorker()], limit: 1000 },
          { wakeBefore: 1 }
        ] as const) {
          assert.isBelow(yield* share(store.list(few), all), 1 / 2, JSON.stringify(few))
          assert.isBelow(yield* share(store.count(few), all), 1 / 2, JSON.stringify(few))
        }
      }),
    60_000
  )

  it.live(
    "8. find the children of one execution, and its descendants, among very many others",
    () =>
      Effect.gen(function* () {
        const filename = freshFile()
        const store = yield* open(filename, { synchronous: "NORMAL" })
        const ancestor = (id: string) => ({ workflowId: WorkflowId.make(id), chain: RunId.make(id) })
        yield* saveAll(
          store,
          Array.from({ length: 25_000 }, (_, n) =>
            start(freshId(), {
              summary: { startedAt: epoch + n, parent: ancestor(`parent ${n >> 3}`), root: ancestor(`root ${n >> 5}`) }
            })
          ),
          2000
        )
        yield* fold(filename)
        const all = store.count({ workflow: "none" })
        for (const [filter, count] of [
          [{ parent: "parent 3000" }, 8],
          [{ root: "root 700", order: "newest" }, 32],
          [{ root: { workflowId: "root 700", runId: "root 700" }, parent: "parent 2800", status: ["running"] }, 8],
          [{ parent: { workflowId: "parent 3000", runId: "another run" } }, 0]
        ] as const) {
          assert.lengthOf((yield* store.list(filter)).executions, count)
          assert.isBelow(yield* share(store.list(filter), all), 1 / 10, JSON.stringify(filter))
          assert.isBelow(yield* share(store.count(filter), all), 1 / 10, JSON.stringify(filter))
        }
      }),
    60_000
  )

  it.live(
    "8. find ranges and several values of an attribute among very many others",
    () =>
      Effect.gen(function* () {
        const size = 25_000
        const filename = freshFile()
        const store = yield* open(filename, { synchronous: "NORMAL" })
        yield* saveAll(
          store,
          Array.from({ length: size }, (_, n) => {
            const attributes = { total: (n * 7919) % size, customer: `c${n % 5000}`, region: n % 2 === 0 ? "eu" : "us" }
            return start(freshId(), { summary: { startedAt: epoch + n, attributes } })
          }),
          2000
        )
        yield* fold(filename)
        const all = store.count({ workflow: "none" })
        for (const [where, count] of [
          [{ total: { from: 100, below: 110 } }, 10],
          [{ total: { above: size - 6 } }, 5],
          [{ customer: { from: "c100", below: "c1000" } }, 5],
          [{ customer: { in: ["c7", "c8"] } }, 10],
          [{ total: { below: 10 }, region: { in: ["eu", "us"] } }, 10],
          [{ total: { from: 0 }, customer: "c9" }, 5]
        ] as const) {
          assert.strictEqual(yield* store.count({ where }), count)
          assert.isBelow(yield* share(store.list({ where }), all), 1 / 5, JSON.stringify(where))
          assert.isBelow(yield* share(store.count({ where }), all), 1 / 5, JSON.stringify(where))
        }
        // Many are in it, so a page is soon full, and a count looks at their rows alone.
        const where = { total: { from: 10_000, below: 15_000 } }
        assert.strictEqual(yield* store.count({ where }), 5000)
        assert.isBelow(yield* share(store.list({ where, limit: 10 }), all), 1 / 5)
        // A fifth of the rows, each of which takes about as long as one of all.
        assert.isBelow(yield* share(store.count({ where }), all), 1 / 3)
      }),
    60_000
  )

  it.live(
    "8. find as fast, or nearly so, while executions are in the log",
    () =>
      Effect.gen(function* () {
        const size = 25_000
        const filename = freshFile()
        const store = yield* open(filename, { synchronous: "NORMAL" })
        const firsts = Array.from({ length: size }, (_, n) =>
          start(freshId(), { summary: { startedAt: epoch + n, attributes: { total: n, customer: `c${n % 5000}` } } })
        )
        yield* saveAll(store, firsts, 2000)
        yield* fold(filename)
        const filters: ReadonlyArray<WorkflowFilter> = [
          { where: { total: { from: 10_000, below: 15_000 } } },
          { where: { customer: { in: ["c7", "c8"] } } },
          { workflow: "none" }
        ]
        // The same, all of which stays in the tables.
        const other = freshFile()
        const still = yield* open(other, { synchronous: "NORMAL" })
        yield* saveAll(still, firsts, 2000)
        yield* fold(other)
        const moved = firsts.slice(12_000, 13_900).map(({ summary }) => after(summary))
        yield* saveAll(store, moved, 500)
        let last = moved[0]!
        // What is added to is not folded for its quiet.
        const stir = Effect.suspend(() => store.save((last = after(last.summary))))
        // The SQLite of Node.js 22 needs longer for a table in memory.
        const most = Number.parseInt(process.versions.node) < 24 ? 4 : 3
        for (const filter of filters) {
          assert.strictEqual(yield* still.count(filter), yield* store.count(filter))
          assert.isBelow(yield* share(store.count(filter), still.count(filter), stir), most, JSON.stringify(filter))
        }
      }),
    60_000
  )

  it.live(
    "8. count what is in a range throughout, also what goes from the tables into the log meanwhile, and back",
    () =>
      Effect.gen(function* () {
        const size = 9000
        const filename = freshFile()
        const store = yield* open(filename, { synchronous: "NORMAL" })
        const firsts = Array.from({ length: size }, (_, n) => start(freshId(), { summary: { attributes: { n } } }))
        yield* saveAll(store, firsts, 2000)
        yield* fold(filename)
        const filter = { where: { n: { from: 0 } } }
        for (let round = 0; round < 3; round++) {
          const moving = Effect.forEach(Array.from({ length: 40 }), (_, n) =>
            Effect.suspend(() => {
              const at = size - 1 - n
              const commit = after(firsts[at]!.summary)
              firsts[at] = commit
              return Effect.andThen(store.save(commit), Effect.yieldNow)
            })
          )
          const [count] = yield* Effect.all([store.count(filter), moving], { concurrency: "unbounded" })
          assert.strictEqual(count, size)
        }
        const [count] = yield* Effect.all([store.count(filter), fold(filename)], { concurrency: "unbounded" })
        assert.strictEqual(count, size)
      }),
    60_000
  )

  it.live("8. are read from where a range or a value begins to where it ends, and no further", () =>
    Effect.gen(function* () {
      const filename = freshFile()
      const store = yield* open(filename)
      const firsts = Array.from({ length: 100 }, (_, n) =>
        start(freshId(), { summary: { attributes: { n, of: "a" } } })
      )
      yield* saveAll(store, firsts)
      const planOf = (query: Query.Query) =>
        tamper(filename, (database) =>
          database
            .prepare(`EXPLAIN QUERY PLAN SELECT 1 FROM ${query.from} WHERE ${query.along} ORDER BY ${query.order}`)
            .all(...query.alongParameters, ...query.start, ...query.end)
            .map(({ detail }) => String(detail))
        )
      const led = (filter: WorkflowFilter) => {
        const [first, ...others] = Query.keysOf(filter)
        return Query.listing(filter, { first, others }, Option.none())
      }
      const [range] = Query.keysOf({ where: { n: { from: 3, below: 9 } } })
      for (const [query, used, isSorted] of [
        [
          led({ where: { n: 5 } }),
          "(name=? AND value=? AND (started_at,workflow_id)>(?,?) AND (started_at,workflow_id)<(?,?))",
          false
        ],
        [led({ where: { n: { from: 3, below: 9 } } }), "(name=? AND value>? AND value<?)", true],
        [led({ where: { of: { above: "a" } } }), "(name=? AND value>?)", true],
        [led({ where: { n: { upTo: 3 } } }), "(name=? AND value<?)", true],
        [led({ where: { n: { in: [1, 2] } } }), "(name=? AND value=?", true],
        [
          Query.counting({}, range as Query.Unordered, [])[0]!,
          "(name=? AND (value,started_at,workflow_id)>(?,?,?) AND (value,started_at,workflow_id)<(?,?,?))",
          false
        ]
      ] as const) {
        const plan = yield* planOf(query)
        assert.include(plan[0], `SEARCH placed USING PRIMARY KEY ${used}`)
        assert.strictEqual(plan.includes("USE TEMP B-TREE FOR ORDER BY"), isSorted, plan.join())
      }
    })
  )

  it.live("8. cost nothing for executions without attributes, and follow those with some", () =>
    Effect.gen(function* () {
      const filename = freshFile()
      const rows = Effect.andThen(
        fold(filename),
        tamper(filename, (database) =>
          database
            .prepare("SELECT name, value, started_at FROM attributes ORDER BY name")
            .all()
            .map((row): ReadonlyArray<unknown> => Object.values(row))
        )
      )
      const store = yield* open(filename)
      const plain = start(freshId())
      yield* store.save(plain)
      yield* store.save(finish(plain.summary))
      assert.deepStrictEqual(yield* rows, [])
      const first = start(freshId(), { summary: { attributes: { a: 1, b: "1" } } })
      const second = after(first.summary, { summary: { attributes: { a: true, b: "1" } } })
      const third = restart(second.summary, { summary: { startedAt: 5, attributes: { b: "1" } } })
      // The code unit of "1".
      const one = new Uint8Array([0, 49])
      const expectations: ReadonlyArray<readonly [Commit, ReadonlyArray<ReadonlyArray<unknown>>]> = [
        [
          first,
          [
            ["a", 1, epoch],
            ["b", one, epoch]
          ]
        ],
        [
          second,
          [
            ["a", "true", epoch],
            ["b", one, epoch]
          ]
        ],
        [third, [["b", one, 5]]]
      ]
      for (const [commit, expected] of expectations) {
        yield* store.save(commit)
        assert.deepStrictEqual<ReadonlyArray<unknown>>(yield* rows, expected)
      }
      yield* remove(store, first.workflowId)
      assert.deepStrictEqual(yield* rows, [])
    })
  )
})
