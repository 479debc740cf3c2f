/** How a SQLite store finds executions: by which index, and without stopping the process. */
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect } from "effect"
import { RunId, WorkflowId } from "perdure/Ids"
import type { Commit, StoreError } from "perdure/Store/WorkflowStore"
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
import { freshFile, open, tamper } from "../support/sqliteFiles.ts"

stalls(20_000)

describe("the indexes of a SQLite store", () => {
  it.live(
    "8. finds the few that are open among many that are not",
    () =>
      Effect.gen(function* () {
        const store = yield* open(freshFile(), { synchronous: "NORMAL" })
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
        const fastest = (effect: Effect.Effect<unknown, StoreError>) =>
          Effect.map(
            Effect.forEach(Array.from({ length: 10 }), () => Effect.timed(effect)),
            (runs) => Math.min(...runs.map(([duration]) => Duration.toMillis(duration)))
          )
        // None has failed, but only a look at all 20,000 rows can tell.
        const all = yield* fastest(store.list({ status: ["failed"] }))
        for (const few of [
          filter,
          { ...filter, wakeBefore: 1 },
          { unsettled: true, ownerNotIn: [freshWorker()], limit: 1000 },
          { wakeBefore: 1 }
        ] as const) {
          assert.isBelow(yield* fastest(store.list(few)), all / 2, JSON.stringify(few))
          assert.isBelow(yield* fastest(store.count(few)), all / 2, JSON.stringify(few))
        }
      }),
    60_000
  )

  it.live(
    "8. find the children of one execution, and its descendants, among very many others",
    () =>
      Effect.gen(function* () {
        const store = yield* open(freshFile(), { synchronous: "NORMAL" })
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
        const fastest = (effect: Effect.Effect<unknown, StoreError>) =>
          Effect.map(
            Effect.forEach(Array.from({ length: 10 }), () => Effect.timed(effect)),
            (runs) => Math.min(...runs.map(([duration]) => Duration.toMillis(duration)))
          )
        const all = yield* fastest(store.count({ workflow: "none" }))
        for (const [filter, count] of [
          [{ parent: "parent 3000" }, 8],
          [{ root: "root 700", order: "newest" }, 32],
          [{ root: { workflowId: "root 700", runId: "root 700" }, parent: "parent 2800", status: ["running"] }, 8],
          [{ parent: { workflowId: "parent 3000", runId: "another run" } }, 0]
        ] as const) {
          assert.lengthOf((yield* store.list(filter)).executions, count)
          assert.isBelow(yield* fastest(store.list(filter)), all / 10, JSON.stringify(filter))
          assert.isBelow(yield* fastest(store.count(filter)), all / 10, JSON.stringify(filter))
        }
      }),
    60_000
  )

  it.live("8. cost nothing for executions without attributes, and follow those with some", () =>
    Effect.gen(function* () {
      const filename = freshFile()
      const rows = tamper(filename, (database) =>
        database
          .prepare("SELECT attribute, started_at FROM attributes ORDER BY attribute")
          .all()
          .map((row): ReadonlyArray<unknown> => Object.values(row))
      )
      const store = yield* open(filename)
      const plain = start(freshId())
      yield* store.save(plain)
      yield* store.save(finish(plain.summary))
      assert.deepStrictEqual(yield* rows, [])
      const first = start(freshId(), { summary: { attributes: { a: 1, b: "1" } } })
      const second = after(first.summary, { summary: { attributes: { a: true, b: "1" } } })
      const third = restart(second.summary, { summary: { startedAt: 5, attributes: { b: "1" } } })
      const expectations: ReadonlyArray<readonly [Commit, ReadonlyArray<ReadonlyArray<unknown>>]> = [
        [
          first,
          [
            ['["a",1]', epoch],
            ['["b","1"]', epoch]
          ]
        ],
        [
          second,
          [
            ['["a",true]', epoch],
            ['["b","1"]', epoch]
          ]
        ],
        [third, [['["b","1"]', 5]]]
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
