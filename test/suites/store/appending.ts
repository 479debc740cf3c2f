/** Laws 1, 3, 4 and 7: what a commit needs, and what becomes of it. */
import { Effect, Exit, Option } from "effect"
import { RunId, Version } from "perdure/Ids"
import { Conflict, WorkflowStore } from "perdure/Store/WorkflowStore"
import {
  after,
  finish,
  freshId,
  freshRun,
  loaded,
  reasonOf,
  reasonsOf,
  restart,
  signal,
  start,
  tokens
} from "./builders.ts"
import { assert } from "../assert.ts"
import { type Area, another } from "./Settings.ts"

export const appending: Area = (it, settings) => {
  const { timeout } = settings

  it.effect(
    "1. the events and the summary of a commit are stored together",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        const first = start(freshId())
        const second = after(first.summary, {
          events: [signal("one"), signal("two"), signal("three")],
          summary: { waitingFor: [{ _tag: "Signal", name: "approve" }], wakeAt: first.summary.startedAt + 60_000 }
        })
        yield* store.save(first)
        yield* store.save(second)
        const { commits, summary } = yield* loaded(store, first.workflowId)
        assert.deepStrictEqual(summary, second.summary)
        assert.deepStrictEqual(
          commits.map(({ events }) => events),
          [first.events, second.events]
        )
      }),
    timeout
  )

  it.effect(
    "1. a commit that is refused leaves the history and the summary as they were",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        const first = start(freshId())
        yield* store.save(first)
        const before = yield* loaded(store, first.workflowId)
        yield* reasonOf(store.save(start(first.workflowId, { summary: { status: "failed" } })))
        yield* reasonOf(store.save({ ...finish(first.summary), version: Version.make(3) }))
        assert.deepStrictEqual(yield* loaded(store, first.workflowId), before)
      }),
    timeout
  )

  it.effect.each([0, 2, 3, 1000])(
    "3. version %i of an id that is unknown is a conflict",
    (version) =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        const first = start(freshId())
        const commit = { ...first, version: Version.make(version) }
        assert.strictEqual(yield* reasonOf(store.save(commit)), "Conflict")
        assert.isTrue(Option.isNone(yield* store.load(first.workflowId)))
      }),
    timeout
  )

  it.effect.each([0, 1, 2, 4, 5, 1000])(
    "3. version %i after version 2 is a conflict",
    (version) =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        const first = start(freshId())
        const second = after(first.summary)
        yield* store.saveAll([first])
        yield* store.saveAll([second])
        const commit = after({ ...second.summary, version: Version.make(version - 1) })
        const error = yield* Effect.flip(store.save(commit))
        assert.instanceOf(error.reason, Conflict)
        assert.strictEqual(error.workflowId, first.workflowId)
        if (error.reason._tag !== "Conflict") return
        assert.strictEqual(error.reason.version, version)
        // A store need not know the latest version, but must not be wrong about it.
        if (error.reason.latest !== undefined) assert.strictEqual(error.reason.latest, 2)
        assert.strictEqual((yield* loaded(store, first.workflowId)).summary.version, 2)
      }),
    timeout
  )

  it.effect(
    "3. a history is continued by its own run only, unless another one begins",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        const first = start(freshId())
        yield* store.save(first)
        const stranger = after({ ...first.summary, runId: freshRun() })
        assert.strictEqual(yield* reasonOf(store.save(stranger)), "Conflict")
        yield* store.save(restart(first.summary))
      }),
    timeout
  )

  it.effect(
    "4. a commit that is saved again succeeds and changes nothing",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        const first = start(freshId())
        yield* store.save(first)
        yield* store.save(first)
        const second = after(first.summary)
        yield* store.save(second)
        yield* store.save(second)
        const { commits } = yield* loaded(store, first.workflowId)
        assert.deepStrictEqual(
          commits.map(({ id }) => id),
          [first.id, second.id]
        )
      }),
    timeout
  )

  it.effect(
    "4. also after later commits, after the end, in a new run and from another store",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        const other = settings.shared ? yield* another(settings) : store
        const first = start(freshId())
        const second = after(first.summary)
        const third = finish(second.summary)
        const fourth = restart(third.summary)
        for (const commit of [first, second, third, fourth]) yield* store.save(commit)
        const before = yield* loaded(store, first.workflowId, 0)
        for (const commit of [first, second, third, fourth]) {
          yield* store.save(commit)
          yield* other.save(commit)
        }
        assert.deepStrictEqual(yield* loaded(store, first.workflowId, 0), before)
        assert.deepStrictEqual(yield* loaded(other, first.workflowId, 0), before)
      }),
    timeout
  )

  it.effect(
    "4. of a commit that is saved 20 times at once one is stored, and all succeed",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        const first = start(freshId())
        const second = after(first.summary, { events: [signal("once")] })
        for (const commit of [first, second]) {
          yield* Effect.forEach(Array.from({ length: 20 }), () => store.save(commit), { concurrency: "unbounded" })
        }
        const { commits } = yield* loaded(store, first.workflowId)
        assert.deepStrictEqual(tokens(commits), ["once"])
        assert.lengthOf(commits, 2)
      }),
    timeout
  )

  it.effect(
    "7. each commit of a group has its own outcome, in order",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        const known = start(freshId("known"))
        yield* store.save(known)
        const good = Array.from({ length: 5 }, () => start(freshId("good")))
        const exits = yield* store.saveAll([
          good[0]!,
          start(known.workflowId),
          good[1]!,
          { ...start(freshId("gap")), version: Version.make(2) },
          known,
          good[2]!,
          after({ ...known.summary, runId: RunId.make("another") }),
          after(known.summary),
          good[3]!,
          { ...good[4]!, summary: { ...good[4]!.summary, attributes: { last: true } } }
        ])
        assert.deepStrictEqual(yield* reasonsOf(exits), [
          undefined,
          "Conflict",
          undefined,
          "Conflict",
          undefined,
          undefined,
          "Conflict",
          undefined,
          undefined,
          undefined
        ])
        for (const { runId, workflowId } of good) {
          assert.strictEqual((yield* loaded(store, workflowId)).summary.runId, runId)
        }
        assert.strictEqual((yield* loaded(store, known.workflowId)).summary.version, 2)
      }),
    timeout
  )

  it.effect(
    "7. a failure names the execution that it is about",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        const gap = { ...start(freshId()), version: Version.make(9) }
        const error = yield* Effect.flip(store.save(gap))
        assert.deepStrictEqual([error.operation, error.workflowId], ["save", gap.workflowId])
      }),
    timeout
  )

  it.effect(
    "7. an empty group has no outcomes",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        assert.deepStrictEqual(yield* store.saveAll([]), [])
      }),
    timeout
  )

  it.effect(
    "7. a group of 1,000 is stored",
    () =>
      Effect.gen(function* () {
        const store = yield* WorkflowStore
        const group = Array.from({ length: 1000 }, () => start(freshId()))
        const exits = yield* store.saveAll(group)
        assert.isTrue(exits.every(Exit.isSuccess))
        assert.lengthOf(exits, 1000)
        yield* Effect.forEach(group, ({ workflowId }) => loaded(store, workflowId), { concurrency: 50, discard: true })
      }),
    timeout
  )
}
