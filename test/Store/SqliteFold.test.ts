/** What a SQLite store knows, lists and writes of executions whose commits it has folded itself. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { formatVersion, HistoryEvent } from "perdure/HistoryEvent"
import { Sequence } from "perdure/Ids"
import * as Memory from "perdure/Store/Memory"
import type { Commit } from "perdure/Store/WorkflowStore"
import {
  after,
  epoch,
  finish,
  freshId,
  loaded,
  reasonOf,
  remove,
  restart,
  saveAll,
  start
} from "../suites/store/builders.ts"
import type { Store } from "../suites/store/builders.ts"
import { foldOwn, openParts } from "../support/sqliteParts.ts"
import { freshFile, tamper } from "../support/sqliteFiles.ts"

describe("a SQLite store that folds its own log", () => {
  it.live("2. takes no commit of a version that was there before the end of its execution", () =>
    Effect.gen(function* () {
      const { database, store } = yield* openParts(freshFile())
      const first = start(freshId())
      const second = after(first.summary)
      yield* saveAll(store, [first, second])
      yield* foldOwn(database)
      const third = after(second.summary)
      const stale = after(second.summary)
      const last = finish(third.summary)
      yield* saveAll(store, [third, last])
      yield* foldOwn(database)
      assert.strictEqual(yield* reasonOf(store.save(stale)), "Conflict")
      assert.deepStrictEqual((yield* loaded(store, first.workflowId)).summary, last.summary)
    })
  )

  it.live("remembers what goes on, and reads what is over from the tables", () =>
    Effect.gen(function* () {
      const filename = freshFile()
      const { database, store } = yield* openParts(filename)
      const [open, closed] = [start(freshId()), start(freshId())]
      yield* saveAll(store, [open, closed, finish(closed.summary)])
      yield* foldOwn(database)
      yield* tamper(filename, (other) => other.exec("UPDATE executions SET version = 7"))
      const versionOf = ({ workflowId }: Commit) => database.read(() => database.log.find(workflowId)?.version)
      assert.deepStrictEqual([yield* versionOf(open), yield* versionOf(closed)], [1, 7])
    })
  )

  it.live("6. folds each commit once, in its turn, and other stores know which", () =>
    Effect.gen(function* () {
      const filename = freshFile()
      const [a, b] = [yield* openParts(filename), yield* openParts(filename)]
      const first = start(freshId())
      const second = after(first.summary)
      const third = after(second.summary)
      const last = after(third.summary)
      yield* a.store.save(first)
      yield* a.store.save(second)
      // With the row of the first commit both are folded. The row of the second one has its turn when there is a third.
      yield* foldOwn(a.database, 1)
      yield* a.store.save(third)
      yield* b.store.list()
      yield* foldOwn(a.database, 1)
      yield* b.store.list()
      yield* a.store.save(last)
      yield* foldOwn(b.database)
      for (const { store } of [a, b]) {
        const { commits, summary } = yield* loaded(store, first.workflowId)
        assert.deepStrictEqual(
          commits.map(({ id }) => id),
          [first, second, third, last].map(({ id }) => id)
        )
        assert.deepStrictEqual(summary, last.summary)
      }
    })
  )

  it.live("8. lists what is there, whatever it listed before", () =>
    Effect.gen(function* () {
      const filename = freshFile()
      const [a, b] = [yield* openParts(filename), yield* openParts(filename)]
      const model = yield* Memory.make()
      const compare = Effect.fnUntraced(function* (what: string) {
        for (const order of ["oldest", "newest"] as const) {
          const [expected, ...all] = yield* Effect.forEach([model, a.store, b.store], (store) => store.list({ order }))
          for (const each of all) assert.deepStrictEqual(each.executions, expected!.executions, `${what}, ${order}`)
        }
      })
      const both = Effect.fnUntraced(function* (store: Store, what: string, ...commits: ReadonlyArray<Commit>) {
        yield* saveAll(store, commits)
        yield* saveAll(model, commits)
        yield* compare(what)
        return commits.at(-1)!
      })
      const at = (startedAt: number) => ({ summary: { startedAt: epoch + startedAt } })
      let y = yield* both(a.store, "a start", start(freshId("y"), at(2)))
      let x = yield* both(a.store, "another one", start(freshId("x"), at(1)))
      yield* foldOwn(a.database)
      yield* compare("a fold")
      x = yield* both(a.store, "a commit to what is in the tables", after(x.summary))
      y = yield* both(a.store, "a commit to the other one", after(y.summary))
      yield* foldOwn(a.database)
      yield* compare("a fold of what was listed from the log")
      x = yield* both(a.store, "commits", after(x.summary))
      y = yield* both(a.store, "commits to the other one", after(y.summary))
      x = yield* both(a.store, "another run, which began later", restart(x.summary, at(3)))
      x = yield* both(b.store, "another run of the other store", restart(x.summary, at(0)))
      yield* foldOwn(b.database)
      yield* compare("a fold of the other store")
      x = yield* both(a.store, "a commit after it", after(x.summary))
      const [next, last] = [after(x.summary), finish(after(x.summary).summary)]
      for (const commit of [next, last]) {
        for (const store of [b.store, model]) yield* store.save(commit)
      }
      yield* foldOwn(b.database)
      yield* compare("commits and a fold that the store did not see apart")
      yield* remove(a.store, x.workflowId)
      yield* remove(model, x.workflowId)
      yield* compare("a deletion")
    })
  )
})

describe("the rows of a history that was folded", () => {
  /** The rows of a history: the first and the last version, the format, and the length of the events. */
  const rowsOf = (filename: string) =>
    tamper(filename, (other) =>
      other
        .prepare("SELECT first, version, format, length(events) AS length FROM segments ORDER BY version")
        .all()
        .map((row) => ({ ...row }) as Record<"first" | "version" | "format" | "length", number>)
    )

  /** Folds a history at once, and reads it back. */
  const folded = Effect.fnUntraced(function* (commits: ReadonlyArray<Commit>) {
    const filename = freshFile()
    const { database, store } = yield* openParts(filename)
    yield* saveAll(store, commits)
    yield* foldOwn(database)
    const { commits: found } = yield* loaded(store, commits[0]!.workflowId)
    assert.deepStrictEqual(
      found.map(({ events, id }) => ({ events, id })),
      commits.map(({ events, id }) => ({ events, id }))
    )
    return yield* rowsOf(filename)
  })

  const chain = (length: number, changes: (index: number) => Parameters<typeof after>[1]) => {
    const commits = [start(freshId())]
    while (commits.length < length) commits.push(after(commits.at(-1)!.summary, changes(commits.length)))
    return commits
  }

  it.live("are of one format each, so that an older release reads what it knows, and says what it does not", () =>
    Effect.gen(function* () {
      const exit = { _tag: "Success", value: 1 } as const
      const newer = HistoryEvent.cases.ActivityResolved.make({ at: epoch, seq: Sequence.make(0), exit, unread: true })
      const rows = yield* folded(chain(5, (index) => (index === 2 ? { events: [newer] } : {})))
      assert.deepStrictEqual(
        rows.map(({ first, format, version }) => [first, version, format]),
        [
          [1, 2, 1],
          [3, 3, formatVersion],
          [4, 5, 1]
        ]
      )
    })
  )

  it.live("have 1,024 commits at most", () =>
    Effect.gen(function* () {
      const rows = yield* folded(chain(2500, () => ({})))
      assert.deepStrictEqual(
        rows.map(({ first, version }) => version - first + 1),
        [1024, 1024, 452]
      )
    })
  )

  it.live("have half a MiB at most, or one commit", () =>
    Effect.gen(function* () {
      const payload = "x".repeat(100 * 1024)
      const events = (n: number) =>
        [HistoryEvent.cases.SignalReceived.make({ at: epoch, name: "n", payload: payload.repeat(n) })] as const
      const rows = yield* folded(chain(14, (index) => ({ events: [...events(index === 12 ? 7 : 1)] })))
      assert.deepStrictEqual(
        rows.map(({ first, version }) => version - first + 1),
        [6, 5, 1, 1, 1]
      )
      for (const { first, length, version } of rows) assert.isTrue(version === first || length <= 512 * 1024)
    })
  )
})

describe("a log that is too long", () => {
  it.live("is shorter before anything is added to it, however fast commits come", () =>
    Effect.gen(function* () {
      const { database, store } = yield* openParts(freshFile())
      const size = 1000
      let longest = 0
      for (let group = 0; group < 8; group++) {
        const starts = Array.from({ length: size / 2 }, () => start(freshId()))
        yield* saveAll(store, [...starts, ...starts.map(({ summary }) => finish(summary))], size)
        longest = Math.max(longest, database.log.lines)
      }
      // Twice as long as a log that is folded, and the group that came last.
      assert.isAtMost(longest, 2 * 2048 + size)
      assert.isAbove(longest, 2048)
    })
  )
})
