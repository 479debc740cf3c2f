/** Law 12: who hears of commits and deletions. */
import { Effect, Stream } from "effect"
import { Version, type WorkflowId } from "perdure/Ids"
import { type Change, WorkflowStore } from "perdure/Store/WorkflowStore"
import {
  after,
  finish,
  freshId,
  freshRun,
  freshWorker,
  loaded,
  reasonOf,
  remove,
  save,
  start,
  type Store
} from "./builders.ts"
import { assert } from "../assert.ts"
import { another, type Area, eventually, type Settings } from "./Settings.ts"

/** Listens until the end of the test; the changes arrive in the array, and listening has begun. */
const listen = Effect.fnUntraced(function* (store: Store, settings: Settings) {
  const heard: Array<Change> = []
  yield* Effect.forkScoped(
    Stream.runForEach(store.changes, (changes) => Effect.sync(() => heard.push(...changes))),
    { startImmediately: true }
  )
  // Some may be missed, so a listener is known to listen only when it has heard something.
  const probe = start(freshId("probe"))
  yield* save(store, probe)
  let { summary } = probe
  yield* eventually(
    settings,
    Effect.gen(function* () {
      const next = after(summary)
      yield* save(store, next)
      summary = next.summary
      yield* Effect.sleep("5 millis")
      assert.isTrue(heard.some(({ workflowId }) => workflowId === probe.workflowId))
    })
  )
  return heard
})

const versionsOf = (heard: ReadonlyArray<Change>, id: WorkflowId) =>
  heard.flatMap(({ version, workflowId }) => (workflowId === id ? [Number(version)] : []))

export const telling: Area = (it, settings) => {
  const { timeout } = settings

  it.effect(
    "12. every listener hears of commits by its own store",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        const listeners = [yield* listen(store, settings), yield* listen(store, settings)]
        const group = Array.from({ length: 20 }, () => start(freshId()))
        yield* store.saveAll(group)
        yield* store.save(after(group[0]!.summary))
        for (const heard of listeners) {
          yield* eventually(
            settings,
            Effect.sync(() => {
              for (const { workflowId } of group) assert.isNotEmpty(versionsOf(heard, workflowId))
              assert.include(versionsOf(heard, group[0]!.workflowId), 2)
            })
          )
        }
      }),
    timeout
  )

  it.effect(
    "12. a deletion is told with version 0",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        const heard = yield* listen(store, settings)
        const first = start(freshId())
        yield* store.save(first)
        yield* remove(store, first.workflowId)
        yield* eventually(
          settings,
          Effect.sync(() => assert.include(versionsOf(heard, first.workflowId), 0))
        )
      }),
    timeout
  )

  it.effect(
    "12. nothing is told of what did not happen",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        const heard = yield* listen(store, settings)
        const first = start(freshId())
        yield* store.save(first)
        assert.strictEqual(yield* reasonOf(store.save(start(first.workflowId))), "Conflict")
        const unknown = freshId("unknown")
        assert.isFalse(yield* store.delete(unknown, { version: Version.make(1) }))
        assert.strictEqual(yield* reasonOf(store.delete(first.workflowId, { version: Version.make(2) })), "Conflict")
        assert.strictEqual(yield* reasonOf(store.save(after(start(unknown).summary))), "Conflict")
        const last = start(freshId("last"))
        yield* store.save(last)
        yield* eventually(
          settings,
          Effect.sync(() => assert.isNotEmpty(versionsOf(heard, last.workflowId)))
        )
        assert.deepStrictEqual(versionsOf(heard, unknown), [])
        assert.deepStrictEqual([...new Set(versionsOf(heard, first.workflowId))], [1])
      }),
    timeout
  )

  it.effect(
    "12. an execution that waits for a worker is told as unowned, and no other one; one that has a worker with its owner",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        const heard = yield* listen(store, settings)
        const [waiting, owned, owing, done] = [
          start(freshId("waiting")),
          start(freshId("owned"), { summary: { owner: freshWorker(), wakeAt: 1_700_000_000_000.5 } }),
          start(freshId("owing"), { summary: { status: "completed", closedAt: 1, wakeAt: 1, owed: 1 } }),
          start(freshId("done"), { summary: { status: "failed", closedAt: 1 } })
        ]
        yield* store.saveAll([waiting, owned, owing, done])
        const taken = after(waiting.summary, { summary: { owner: freshWorker() } })
        yield* store.save(taken)
        yield* store.save(finish(taken.summary))
        yield* eventually(
          settings,
          Effect.sync(() => assert.include(versionsOf(heard, waiting.workflowId), 3))
        )
        const unowned = (id: WorkflowId, version: number) =>
          heard.flatMap((change) =>
            change.workflowId === id && change.version === version ? [change.unowned === true] : []
          )
        assert.deepStrictEqual([...new Set(unowned(owing.workflowId, 1))], [true])
        assert.deepStrictEqual([...new Set(unowned(owned.workflowId, 1))], [false])
        assert.deepStrictEqual([...new Set(unowned(done.workflowId, 1))], [false])
        assert.include(unowned(waiting.workflowId, 1), true)
        for (const version of [2, 3]) assert.notInclude(unowned(waiting.workflowId, version), true)
        const told = heard.find(({ workflowId }) => workflowId === owned.workflowId)
        const { owner, wakeAt } = owned.summary
        assert.deepStrictEqual(told, { workflowId: owned.workflowId, version: 1, owner, wakeAt })
      }),
    timeout
  )

  it.effect(
    "12. of a finished child that owes messages is told who its parent is, and of no other execution",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        const listeners = settings.shared ? [store, yield* another(settings)] : [store]
        const parent = { workflowId: freshId("parent \ud800"), chain: freshRun() }
        const ended = { owner: freshWorker(), status: "completed", closedAt: 1, wakeAt: 1, owed: 1 } as const
        const child = start(freshId("child"), { summary: { ...ended, parent } })
        const others = [
          start(freshId("running"), { summary: { parent, owner: freshWorker(), wakeAt: 1 } }),
          start(freshId("settled"), { summary: { parent, status: "failed", closedAt: 1 } }),
          start(freshId("orphan"), { summary: ended })
        ]
        for (const listener of listeners) {
          const heard = yield* listen(listener, settings)
          // The second listener hears of their next commits.
          const told = [child, ...others].map((first) => (listener === store ? first : after(first.summary)))
          yield* store.saveAll(told)
          yield* eventually(
            settings,
            Effect.sync(() => {
              for (const { version, workflowId } of told) assert.include(versionsOf(heard, workflowId), version)
            })
          )
          const owedTo = told.map(
            ({ version, workflowId }) =>
              heard.find((change) => change.workflowId === workflowId && change.version === version)?.owedTo
          )
          assert.deepStrictEqual(owedTo, [parent.workflowId, undefined, undefined, undefined])
        }
      }),
    timeout
  )

  it.effect(
    "12. under load, no version is told that is not there yet",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        const heard = yield* listen(store, settings)
        let commits = Array.from({ length: 50 }, () => start(freshId()))
        for (let version = 1; version <= 20; version++) {
          yield* store.saveAll(commits)
          for (const { workflowId } of commits) {
            assert.isAtMost(Math.max(0, ...versionsOf(heard, workflowId)), version)
          }
          commits = commits.map(({ summary }) => after(summary))
        }
        yield* eventually(
          settings,
          Effect.sync(() => {
            for (const { workflowId } of commits) assert.include(versionsOf(heard, workflowId), 20)
          })
        )
      }),
    timeout
  )

  if (!settings.shared) return

  it.effect(
    "12. a listener hears of commits by another store, between its own",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        const other = yield* another(settings)
        const heard = yield* listen(store, settings)
        for (let round = 0; round < 10; round++) {
          const [own, foreign] = [start(freshId("own")), start(freshId("foreign"))]
          yield* store.save(own)
          yield* other.save(foreign)
          yield* eventually(
            settings,
            Effect.sync(() => {
              assert.isNotEmpty(versionsOf(heard, own.workflowId))
              assert.isNotEmpty(versionsOf(heard, foreign.workflowId))
            })
          )
          assert.strictEqual((yield* loaded(store, foreign.workflowId)).summary.version, 1)
        }
      }),
    timeout
  )
}
