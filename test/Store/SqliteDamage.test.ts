/** Law 17 on SQLite: what is damaged affects its own execution alone, whichever column it is in. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Option, Stream } from "effect"
import { Version, type WorkflowId } from "perdure/Ids"
import type { Page, UnreadableExecution, WorkflowFilter } from "perdure/Store/WorkflowStore"
import {
  after,
  epoch,
  freshId,
  freshWorker,
  loaded,
  reasonOf,
  remove,
  saveAll,
  start,
  type Store
} from "../suites/store/builders.ts"
import { fold, freshFile, open, tamper } from "../support/sqliteFiles.ts"

/** Reads a whole pass, page by page, and no more pages than there can be. */
const pass = Effect.fnUntraced(function* (store: Store, filter: WorkflowFilter) {
  const pages: Array<Page> = []
  let cursor: string | undefined
  for (;;) {
    const page = yield* store.list({ ...filter, cursor })
    pages.push(page)
    if (Option.isNone(page.next)) break
    cursor = page.next.value
    assert.isBelow(pages.length, 50)
  }
  return {
    executions: pages.flatMap(({ executions }) => executions),
    unreadable: pages.flatMap(({ unreadable = [] }): ReadonlyArray<UnreadableExecution> => unreadable),
    largest: Math.max(...pages.map(({ executions, unreadable = [] }) => executions.length + unreadable.length))
  }
})

/** A file with ten executions, of which a statement then damages the fourth. */
const damagedBy = Effect.fnUntraced(function* (set: string) {
  const filename = freshFile()
  const store = yield* open(filename)
  const commits = Array.from({ length: 10 }, (_, n) =>
    start(freshId(String(n)), { summary: { startedAt: epoch + n, attributes: { kind: "a", n } } })
  )
  yield* saveAll(store, commits)
  yield* fold(filename)
  const damaged = commits[3]!
  yield* tamper(filename, (database) =>
    assert.strictEqual(
      database.prepare(`UPDATE executions SET ${set} WHERE workflow_id = ?`).run(damaged.workflowId).changes,
      1
    )
  )
  return { commits, damaged, filename, others: commits.filter((commit) => commit !== damaged), store }
})

const ids = (all: ReadonlyArray<{ readonly workflowId: WorkflowId }>) => all.map(({ workflowId }) => workflowId)

describe("a damaged summary in a SQLite file", () => {
  it.live.each([
    ["status", "status = 'walking'"],
    ["status", "status = ''"],
    ["version", "version = 0"],
    ["version", "version = -7"],
    ["version", "version = 9223372036854775807"],
    ["firstVersion", "first_version = 0"],
    ["firstVersion", "first_version = 2"],
    ["firstVersion", "first_version = 9223372036854775807"],
    ["startedAt", "started_at = 9e999"],
    ["startedAt", "started_at = -9e999"],
    ["updatedAt", "updated_at = 9e999"],
    ["closedAt", "closed_at = -9e999"],
    ["wakeAt", "wake_at = 9e999"],
    ["waitingFor", "waiting_for = '['"],
    ["waitingFor", "waiting_for = '[5]'"],
    ["waitingFor", "waiting_for = '{}'"],
    ["memo", "memo = '{'"],
    ["memo", "memo = ''"],
    ["attributes", "attributes = '{'"],
    ["attributes", "attributes = ''"],
    ["attributes", "attributes = 'null'"],
    ["attributes", "attributes = '[]'"],
    ["attributes", `attributes = '{"kind":{"a":1}}'`],
    ["attributes", `attributes = '{"kind":null}'`],
    ["parent", "parent = '{'"],
    ["parent", "parent = 'null'"],
    ["parent", `parent = '{"workflowId":"x"}'`],
    ["owed", "owed = -1"],
    ["owed", "owed = 9223372036854775807"],
    ["format", "format = 0"],
    ["format", "format = -9223372036854775807"]
  ])("17. stops nothing else: its %s by %s", ([name, set]) =>
    Effect.gen(function* () {
      const { damaged, others, store } = yield* damagedBy(set!)
      const { workflowId } = damaged
      for (const order of ["oldest", "newest"] as const) {
        for (const limit of [1, 3, 10, 1000]) {
          const found = yield* pass(store, { order, limit })
          const expected = order === "oldest" ? others : others.toReversed()
          assert.deepStrictEqual(
            found.executions,
            expected.map(({ summary }) => summary)
          )
          assert.deepStrictEqual(ids(found.unreadable), [workflowId])
          assert.include(found.unreadable[0]!.detail, `the summary has the ${name} `)
          assert.isAtMost(found.largest, limit)
        }
      }
      assert.strictEqual(yield* store.count(), 10)
      const recovery = yield* pass(store, { unsettled: true, ownerNotIn: [freshWorker()], limit: 2 })
      assert.deepStrictEqual(ids(recovery.executions), ids(others))
      const attributed = yield* pass(store, { attributes: { kind: "a" }, limit: 2 })
      assert.deepStrictEqual(ids(attributed.executions), ids(others))
      for (const ask of [Effect.asVoid(store.summary(workflowId)), Effect.asVoid(store.load(workflowId))]) {
        const error = yield* Effect.flip(ask)
        assert.strictEqual(error.reason._tag, "Corrupt")
        assert.include(error.message, `the summary has the ${name} `)
        assert.match(error.message, /no other execution is affected, so restore this one from a backup/)
      }
      // A group with commits of it has an outcome for each.
      const exits = yield* store.saveAll([after(others[0]!.summary), after(damaged.summary), after(others[1]!.summary)])
      assert.isTrue(Exit.isSuccess(exits[0]!) && Exit.isSuccess(exits[2]!))
      assert.isTrue(yield* remove(store, others[2]!.workflowId))
    })
  )

  it.live.each([
    ["a number", "workflow_id = 5", "5"],
    ["half of a code unit", "workflow_id = x'610062'", "a"]
  ])("17. stops nothing else: its id, by %s", ([, set, id]) =>
    Effect.gen(function* () {
      const { others, store } = yield* damagedBy(set!)
      for (const order of ["oldest", "newest"] as const) {
        for (const limit of [1, 2, 1000]) {
          const found = yield* pass(store, { order, limit })
          assert.sameMembers(ids(found.executions), ids(others))
          assert.deepStrictEqual(ids(found.unreadable), [id as WorkflowId])
          assert.match(found.unreadable[0]!.detail, /the summary has the workflowId/)
        }
      }
    })
  )

  it.live("17. is found in any number, in pages that are no longer than asked", () =>
    Effect.gen(function* () {
      const { commits, filename, store } = yield* damagedBy("attributes = '{'")
      yield* tamper(filename, (database) => database.exec("UPDATE executions SET waiting_for = '['"))
      const found = yield* pass(store, { limit: 3 })
      assert.deepStrictEqual([found.executions, found.largest], [[], 3])
      assert.deepStrictEqual(ids(found.unreadable), ids(commits))
    })
  )

  it.live("17. is whole again with the next commit, and found by the attributes of that alone", () =>
    Effect.gen(function* () {
      const { damaged, filename, store } = yield* damagedBy("attributes = '{'")
      const next = after(damaged.summary, { summary: { attributes: { kind: "b" } } })
      yield* store.save(next)
      assert.deepStrictEqual(yield* store.summary(damaged.workflowId), Option.some(next.summary))
      yield* fold(filename)
      assert.deepStrictEqual(yield* store.summary(damaged.workflowId), Option.some(next.summary))
      const rows = yield* tamper(filename, (database) =>
        database
          .prepare("SELECT name, hex(value) AS value FROM attributes WHERE workflow_id = ?")
          .all(damaged.workflowId)
      )
      assert.deepStrictEqual(
        rows.map(({ name, value }) => [name, value]),
        [["kind", "0062"]]
      )
    })
  )
})

describe("damaged commits in a SQLite file", () => {
  it.live.each([
    ["DELETE FROM segments WHERE version = 2 AND execution = ?", /commit 2: version 3 is in its place/],
    ["DELETE FROM segments WHERE version = 3 AND execution = ?", /of the commits from version 3 to 3 some are missing/],
    ["DELETE FROM segments WHERE version = 1 AND execution = ?", /of the commits from version 1 to 3 some are missing/],
    [
      "UPDATE segments SET version = 9223372036854775807 WHERE version = 3 AND execution = ?",
      /of the commits from version 3 to 3 some are missing/
    ],
    [
      "UPDATE segments SET format = 9223372036854775807 WHERE version = 2 AND execution = ?",
      /commit 2: there is no format/
    ],
    [
      "UPDATE segments SET format = -9223372036854775807 WHERE version = 2 AND execution = ?",
      /commit 2: there is no format/
    ],
    ["UPDATE segments SET events = '[{}]' WHERE version = 2 AND execution = ?", /commit 2: not an event/],
    ["UPDATE segments SET events = '' WHERE version = 2 AND execution = ?", /commit 2: the events are not JSON/]
  ] as const)("17. stop nothing else: %s", ([sql, message]) =>
    Effect.gen(function* () {
      const filename = freshFile()
      const [store, other] = [yield* open(filename), yield* open(filename)]
      const heard = new Set<string>()
      yield* Effect.forkScoped(
        Stream.runForEach(store.changes, (changes) =>
          Effect.sync(() => changes.forEach(({ workflowId }) => heard.add(workflowId)))
        ),
        { startImmediately: true }
      )
      const [first, healthy] = [start(freshId()), start(freshId("healthy"))]
      const second = after(first.summary)
      const third = after(second.summary)
      // Each is a row of its own.
      for (const commit of [first, healthy, second, third]) yield* Effect.andThen(store.save(commit), fold(filename))
      yield* tamper(filename, (database) =>
        database
          .prepare(sql.replace("= ?", "= (SELECT key FROM executions WHERE workflow_id = ?)"))
          .run(first.workflowId)
      )
      assert.strictEqual(yield* reasonOf(store.load(first.workflowId)), "Corrupt")
      const error = yield* Effect.flip(store.load(first.workflowId))
      assert.match(error.message, message)
      assert.deepStrictEqual(yield* store.summary(first.workflowId), Option.some(third.summary))
      assert.lengthOf((yield* store.list()).executions, 2)
      yield* loaded(store, healthy.workflowId)
      // Others are heard of, and so is what follows.
      const next = start(freshId("next"))
      for (const commit of [after(healthy.summary), next]) yield* other.save(commit)
      yield* Effect.repeat(Effect.sleep("2 millis"), {
        until: () => heard.has(healthy.workflowId) && heard.has(next.workflowId)
      }).pipe(Effect.timeout("5 seconds"))
    })
  )
})

describe("a damaged record of a deletion in a SQLite file", () => {
  it.live.each([
    "seen = '{'",
    "seen = 'null'",
    `seen = '{"chain":"x"}'`,
    "version = 9223372036854775807",
    "version = -1",
    "until = 9e999, seen = ''",
    "newest = 9223372036854775807, seen = '['"
  ])("17. stops nothing else: %s", (set) =>
    Effect.gen(function* () {
      const filename = freshFile()
      const [store, other] = [yield* open(filename), yield* open(filename)]
      const [first, healthy] = [start(freshId()), start(freshId("healthy"))]
      for (const commit of [first, healthy]) yield* store.save(commit)
      yield* store.delete(first.workflowId, { version: first.version, seen: { chain: 1 } })
      yield* tamper(filename, (database) => database.exec(`UPDATE deletions SET ${set}`))
      for (const each of [store, other]) {
        const error = yield* Effect.flip(each.deletion(first.workflowId))
        assert.strictEqual(error.reason._tag, "Corrupt")
        assert.match(error.message, /the record of its deletion .*no other execution is affected/)
      }
      // Its id may be of no use for a day, and that is said.
      const exits = yield* store.saveAll([start(first.workflowId), start(freshId())])
      assert.isTrue(Exit.isSuccess(exits[1]!))
      assert.include(
        ["Conflict", "Corrupt"],
        yield* reasonOf(Effect.suspend(() => Effect.mapError(exits[0]!, (reason) => ({ reason }) as never)))
      )
      yield* other.save(after(healthy.summary))
      assert.isTrue(yield* other.delete(healthy.workflowId, { version: Version.make(2) }))
      assert.isTrue(Option.isSome(yield* store.deletion(healthy.workflowId)))
      yield* Effect.scoped(open(filename))
    })
  )
})
