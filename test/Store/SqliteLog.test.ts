/** The log of a SQLite store: what damage in it does, what others learn of it, and how long a slice of a fold takes. */
import { readFileSync } from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Option, Stream } from "effect"
import { HistoryEvent } from "perdure/HistoryEvent"
import { Sequence } from "perdure/Ids"
import type { Change, Commit } from "perdure/Store/WorkflowStore"
import * as Database from "../../src/Store/sqlite/Database.ts"
import { after, epoch, finish, freshId, loaded, reasonOf, remove, saveAll, start } from "../suites/store/builders.ts"
import { fold, freshFile, open, tamper } from "../support/sqliteFiles.ts"

/** A closed file with a log of six executions, each of three commits in rows of their own, and their commits. */
const written = Effect.gen(function* () {
  const filename = freshFile()
  const firsts = Array.from({ length: 6 }, (_, n) => start(freshId(`${n}`), { summary: { startedAt: epoch + n } }))
  const seconds = firsts.map(({ summary }) => after(summary))
  const thirds = seconds.map(({ summary }) => after(summary, { summary: { attributes: { n: 1 } } }))
  const all = [firsts, seconds, thirds]
  yield* Effect.scoped(Effect.flatMap(open(filename), (store) => Effect.forEach(all, (group) => saveAll(store, group))))
  return { all, filename, last: thirds }
})

/** Changes a line of the latest row but so many of the log. */
const tamperLine = (filename: string, rowsBefore: number, line: number, change: (text: string) => string) =>
  tamper(filename, (database) => {
    const rows = database.prepare("SELECT position, data FROM commit_groups ORDER BY position DESC").all()
    const { data, position } = rows[rowsBefore]!
    const lines = String(data).split("\n")
    lines[line] = change(lines[line]!)
    database.prepare("UPDATE commit_groups SET data = ? WHERE position = ?").run(lines.join("\n"), position!)
  })

const isWhole = Effect.fnUntraced(function* (
  store: Effect.Success<ReturnType<typeof open>>,
  { summary, workflowId }: Commit
) {
  const found = yield* loaded(store, workflowId)
  assert.deepStrictEqual(found.summary, summary)
  assert.lengthOf(found.commits, summary.version)
})

describe("damage in the log of a SQLite file", () => {
  it.live.each<readonly [what: string, rowsBefore: number, change: (text: string) => string]>([
    ["the latest line, cut off", 0, (text) => text.slice(0, 20)],
    ["the latest line, without its beginning", 0, (text) => text.slice(1)],
    ["the latest line, of another execution", 0, (text) => text.replace(/^\[\d+/, "[0")],
    ["the latest line, of another version", 0, (text) => text.replace(/^(\[\d+),3/, "$1,5")],
    ["a line in the middle, empty", 1, () => ""],
    ["a line in the middle, of no version", 1, (text) => text.replace(/^(\[\d+),2/, "$1,-2")],
    ["the first line, without an id", 2, (text) => text.replace(/^\["[^"]*"/, "[7")],
    ["the first line, with another id", 2, (text) => text.replace(/^\["[^"]/, '["x')],
    ["the first line, with an unknown status", 2, (text) => text.replace('"running"', '"walking"')],
    ["the first line, cut in two", 2, (text) => text.replace("\t", "\n\t")]
  ])("17. stops nothing else, and stays when it is folded: %s", ([, rowsBefore, change]) =>
    Effect.gen(function* () {
      const { filename, last } = yield* written
      yield* tamperLine(filename, rowsBefore, 3, change)
      const [damaged, others] = [last[3]!, last.filter((_, n) => n !== 3)]
      const store = yield* open(filename)
      const check = Effect.gen(function* () {
        for (const each of [store, yield* open(filename)]) {
          assert.strictEqual(yield* reasonOf(each.load(damaged.workflowId)), "Corrupt")
          assert.strictEqual(yield* reasonOf(each.summary(damaged.workflowId)), "Corrupt")
          for (const other of others) yield* isWhole(each, other)
          const { executions, unreadable = [] } = yield* each.list()
          assert.deepStrictEqual(
            executions,
            others.map(({ summary }) => summary)
          )
          assert.include(
            unreadable.map(({ workflowId }) => workflowId),
            damaged.workflowId
          )
        }
      })
      yield* check
      yield* fold(filename)
      yield* check
      const exits = yield* store.saveAll([after(others[0]!.summary), after(damaged.summary), after(others[1]!.summary)])
      assert.isTrue(Exit.isSuccess(exits[0]!) && Exit.isSuccess(exits[2]!))
      assert.isTrue(yield* remove(store, others[2]!.workflowId))
    })
  )

  it.live("17. of the events of a commit leaves its summary, and its execution goes on", () =>
    Effect.gen(function* () {
      const { filename, last } = yield* written
      yield* tamperLine(filename, 1, 3, (text) => text.replace("\t[", "\t"))
      const damaged = last[3]!
      const store = yield* open(filename)
      const next = after(damaged.summary)
      yield* store.save(next)
      for (const folded of [false, true]) {
        if (folded) yield* fold(filename)
        assert.deepStrictEqual(yield* store.summary(next.workflowId), Option.some(next.summary))
        const error = yield* Effect.flip(store.load(next.workflowId))
        assert.match(error.message, /commit 2: the events are not JSON/)
      }
    })
  )

  it.live.each(["ids = ''", "ids = '[1]'", "ids = '{}'"])("17. beside the lines changes nothing: %s", (set) =>
    Effect.gen(function* () {
      const { filename, last } = yield* written
      yield* tamper(filename, (database) => database.exec(`UPDATE commit_groups SET ${set} WHERE data <> ''`))
      const store = yield* open(filename)
      if (set === "ids = '[1]'") return
      for (const each of last) yield* isWhole(store, each)
    })
  )

  it.live("17. by one byte anywhere takes no commit from an execution without saying so", () =>
    Effect.gen(function* () {
      const { filename, last } = yield* written
      const rows = yield* tamper(filename, (database) =>
        database.prepare("SELECT position, ids, data FROM commit_groups WHERE data <> '' ORDER BY position").all()
      )
      let seed = 7
      const draw = (limit: number) => {
        seed = (seed * 48_271) % 2_147_483_647
        return seed % limit
      }
      for (let round = 0; round < 150; round++) {
        const row = rows[draw(rows.length)]!
        const column = draw(5) === 0 ? "ids" : "data"
        const text = String(row[column])
        const at = draw(text.length)
        const bad = text.slice(0, at) + String.fromCharCode(32 + draw(90)) + text.slice(at + 1)
        const set = (value: string) =>
          tamper(filename, (database) =>
            database.prepare(`UPDATE commit_groups SET ${column} = ? WHERE position = ?`).run(value, row["position"]!)
          )
        yield* set(bad)
        yield* Effect.scoped(
          Effect.gen(function* () {
            const store = yield* open(filename)
            const corrupt: Array<string> = []
            for (const { summary, workflowId } of last) {
              const found = yield* Effect.result(store.load(workflowId))
              if (found._tag === "Failure") corrupt.push(found.failure.reason._tag)
              else {
                const { commits, summary: read } = Option.getOrThrow(found.success)
                assert.deepStrictEqual([read.version, commits.length], [summary.version, 3], bad)
              }
            }
            // Two when the one names the other by mistake.
            assert.isAtMost(corrupt.length, 2, bad)
            assert.deepStrictEqual(
              corrupt,
              corrupt.map(() => "Corrupt")
            )
          })
        )
        yield* set(text)
      }
    })
  )
})

describe("stores that share the log of a SQLite file", () => {
  it.live("2. know of each other's commits and folds whichever of them is asked", () =>
    Effect.gen(function* () {
      const filename = freshFile()
      const stores = [yield* open(filename), yield* open(filename)]
      let last = start(freshId())
      yield* stores[0]!.save(last)
      for (let n = 1; n < 40; n++) {
        const [store, other] = n % 3 === 0 ? stores : stores.toReversed()
        const [next, rival] = [after(last.summary), after(last.summary)]
        yield* store!.save(next)
        if (n % 5 === 0) yield* fold(filename)
        assert.strictEqual(yield* reasonOf(other!.save(rival)), "Conflict")
        yield* other!.save(next)
        last = next
      }
      for (const store of stores) yield* isWhole(store, last)
    })
  )

  it.live("9. take no commit of what another one has deleted since it was folded", () =>
    Effect.gen(function* () {
      const filename = freshFile()
      const [store, other] = [yield* open(filename), yield* open(filename)]
      const first = start(freshId())
      const second = after(first.summary)
      yield* store.save(first)
      yield* fold(filename)
      yield* store.save(second)
      yield* fold(filename)
      yield* loaded(store, first.workflowId)
      yield* remove(other, first.workflowId)
      assert.strictEqual(yield* reasonOf(store.save(after(second.summary))), "Conflict")
      assert.isTrue(Option.isNone(yield* store.summary(first.workflowId)))
    })
  )

  it.live("show people the events of what is folded as JSON, with what the documentation says", () =>
    Effect.gen(function* () {
      const filename = freshFile()
      const store = yield* open(filename)
      const first = start(freshId())
      const [at, seq] = [epoch, Sequence.make(0)]
      const exit = { _tag: "Success", value: { cents: [1, "\u0001\u0007"] } } as const
      const second = after(first.summary, { events: [HistoryEvent.cases.ActivityResolved.make({ at, seq, exit })] })
      yield* saveAll(store, [first, second])
      yield* fold(filename)
      const rows = yield* tamper(filename, (database) => {
        const page = readFileSync(new URL("../../docs/stores/sqlite.md", import.meta.url), "utf8")
        database.exec(/```sql\n(CREATE TEMP VIEW[^`]*)```/.exec(page)![1]!)
        return database
          .prepare("SELECT first, version, events FROM histories WHERE workflow_id = ?")
          .all(first.workflowId)
      })
      const events = [first, second].map(({ events }) => JSON.stringify(events)).join("\n")
      assert.deepStrictEqual(
        rows.map((row) => ({ ...row })),
        [{ first: 1, version: 2, events }]
      )
      assert.deepStrictEqual((yield* loaded(store, first.workflowId)).commits[1]!.events, second.events)
    })
  )

  it.live("12. tell of what was committed and folded before they looked", () =>
    Effect.gen(function* () {
      const filename = freshFile()
      const [store, other] = [yield* open(filename), yield* open(filename)]
      const heard = new Map<string, Change>()
      yield* Effect.forkScoped(
        Stream.runForEach(store.changes, (changes) =>
          Effect.sync(() => changes.forEach((change) => heard.set(change.workflowId, change)))
        ),
        { startImmediately: true }
      )
      yield* Effect.sleep("20 millis")
      const [first, gone] = [start(freshId("first")), start(freshId("gone"))]
      // In one turn of the event loop, so that the store does not look before.
      Effect.runSync(
        Effect.gen(function* () {
          yield* saveAll(other, [first, gone])
          const ended = finish(first.summary)
          yield* other.save(ended)
          yield* other.delete(gone.workflowId, gone)
        })
      )
      yield* Effect.repeat(Effect.sleep("2 millis"), { until: () => heard.size === 2 }).pipe(
        Effect.timeout("5 seconds")
      )
      assert.deepStrictEqual(
        [heard.get(first.workflowId)?.version, heard.get(gone.workflowId)?.version].map(Number),
        [2, 0]
      )
    })
  )
})

describe("a fold", () => {
  it.live(
    "takes less than 2 ms at a time, of many executions and of one with many commits",
    () =>
      Effect.gen(function* () {
        const filename = freshFile()
        const store = yield* open(filename, { synchronous: "NORMAL" })
        const { fold, log, write } = yield* Database.open({ filename, synchronous: "NORMAL", busyTimeout: "5 seconds" })
        /** The longest slice of a log. */
        const longest = Effect.fnUntraced(function* (commits: ReadonlyArray<Commit>) {
          yield* saveAll(store, commits, 512)
          let longest = 0
          for (let done = false; !done;) {
            done = yield* write(() => {
              // Of the processor, which other tests use meanwhile.
              const start = process.cpuUsage()
              const done = fold.upTo(log.newest)
              const { system, user } = process.cpuUsage(start)
              longest = Math.max(longest, (user + system) / 1000)
              return done
            })
          }
          return longest
        })
        const many = () => Array.from({ length: 1500 }, () => start(freshId()))
        const one = () => {
          const commits = [start(freshId())]
          while (commits.length < 1500) commits.push(after(commits.at(-1)!.summary))
          return commits
        }
        for (const make of [many, one]) {
          // Another process or the garbage collector may hold one up.
          let least = Infinity
          for (let n = 0; n < 20 && least >= 2; n++) least = Math.min(least, yield* longest(make()))
          assert.isBelow(least, 2, make === many ? "of many" : "of one")
        }
      }),
    60_000
  )
})
