/** Law 17 on PostgreSQL: what is damaged affects its own execution alone, whichever column it is in. */
import { assert, it } from "@effect/vitest"
import { Duration, Effect, Exit, Option, Stream } from "effect"
import { Sequence, Version } from "perdure/Ids"
import { stream } from "perdure/Store/WorkflowStore"
import { after, epoch, freshId, freshWorker, loaded, reasonOf, saveAll, start } from "../suites/store/builders.ts"
import { empty, open, query } from "../support/postgresClient.ts"
import { describeWith, postgresServer, shared } from "../support/servers.ts"

const ids = (all: ReadonlyArray<{ readonly workflowId: string }>) => all.map(({ workflowId }) => workflowId)

describeWith("postgres", "what is damaged in PostgreSQL", () => {
  const server = shared(postgresServer({ inMemory: true }))

  /** Ten executions in an empty store, of which a statement then damages the fourth. */
  const damagedBy = Effect.fnUntraced(function* (set: string) {
    const on = yield* server
    const store = yield* open(on)
    yield* empty(on)
    const commits = Array.from({ length: 10 }, (_, n) =>
      start(freshId(String(n)), { summary: { startedAt: epoch + n, attributes: { kind: "a", n } } })
    )
    yield* saveAll(store, commits)
    const damaged = commits[3]!
    yield* query(on, set.replace("THIS", `workflow_id = '${damaged.workflowId}'`))
    return { damaged, on, others: commits.filter((commit) => commit !== damaged), store }
  })

  it.live.each([
    ["status", "status = 'walking'"],
    ["version", "version = 0"],
    ["version", "version = -7"],
    ["firstVersion", "first_version = 2"],
    ["startedAt", "started_at = 'infinity'"],
    ["updatedAt", "updated_at = 'NaN'"],
    ["closedAt", "closed_at = '-infinity'"],
    ["wakeAt", "wake_at = 'infinity'"],
    ["no JSON", "rest = '{'"],
    ["no JSON", "rest = ''"],
    ["no JSON", "rest = '[]'"],
    ["waitingFor", `rest = '{"attributes":{}}'`],
    ["attributes", `rest = '{"waitingFor":[],"attributes":{"kind":null}}'`],
    ["parent", `rest = '{"waitingFor":[],"attributes":{},"parent":{"workflowId":"x"}}'`],
    ["owed", `rest = '{"waitingFor":[],"attributes":{},"owed":-1}'`],
    ["format", `rest = '{"waitingFor":[],"attributes":{},"format":0}'`]
  ])("17. a summary stops nothing else: its %s by %s", ([name, set]) =>
    Effect.gen(function* () {
      const { damaged, others, store } = yield* damagedBy(`UPDATE perdure.executions SET ${set} WHERE THIS`)
      const { workflowId } = damaged
      for (const order of ["oldest", "newest"] as const) {
        const page = yield* store.list({ order })
        assert.deepStrictEqual(
          page.executions,
          (order === "oldest" ? others : others.toReversed()).map(({ summary }) => summary)
        )
        assert.deepStrictEqual(ids(page.unreadable ?? []), [workflowId])
        assert.include(page.unreadable![0]!.detail, name!)
      }
      const small = yield* Stream.runCollect(stream(store, { limit: 2 }))
      assert.deepStrictEqual(ids(small), ids(others))
      assert.strictEqual(yield* store.count(), 10)
      const recovery = yield* store.list({ unsettled: true, ownerNotIn: [freshWorker()] })
      assert.deepStrictEqual(ids(recovery.executions), ids(others))
      const attributed = yield* store.list({ attributes: { kind: "a" } })
      assert.deepStrictEqual(ids(attributed.executions), ids(others))
      for (const ask of [Effect.asVoid(store.summary(workflowId)), Effect.asVoid(store.load(workflowId))]) {
        assert.strictEqual(yield* reasonOf(ask), "Corrupt")
      }
      // A group with commits of it has an outcome for each.
      const exits = yield* store.saveAll([after(others[0]!.summary), after(damaged.summary), after(others[1]!.summary)])
      assert.isTrue(Exit.isSuccess(exits[0]!) && Exit.isSuccess(exits[2]!))
    }).pipe(Effect.scoped)
  )

  it.live.each([
    ["commit 1", "UPDATE perdure.commits SET events = '[' WHERE execution = KEY"],
    ["commit 1", `UPDATE perdure.commits SET events = '[{"_tag":"Nothing"}]' WHERE execution = KEY`],
    ["are missing", "DELETE FROM perdure.commits WHERE execution = KEY"]
  ])("17. a commit that is damaged is Corrupt, and says which: %s", ([said, set]) =>
    Effect.gen(function* () {
      const key = "(SELECT key FROM perdure.executions WHERE THIS)"
      const { damaged, others, store } = yield* damagedBy(set!.replace("KEY", key))
      const error = yield* Effect.flip(store.load(damaged.workflowId))
      assert.strictEqual(error.reason._tag, "Corrupt")
      assert.include(error.message, said!)
      assert.deepStrictEqual(yield* store.summary(damaged.workflowId), Option.some(damaged.summary))
      assert.deepStrictEqual((yield* loaded(store, others[0]!.workflowId)).commits.length, 1)
    }).pipe(Effect.scoped)
  )

  it.live("17. a commit of a newer form is NewerFormat", () =>
    Effect.gen(function* () {
      const key = "(SELECT key FROM perdure.executions WHERE THIS)"
      const { damaged, store } = yield* damagedBy(`UPDATE perdure.commits SET format = 99 WHERE execution = ${key}`)
      assert.strictEqual(yield* reasonOf(store.load(damaged.workflowId)), "NewerFormat")
    }).pipe(Effect.scoped)
  )

  it.live("17. the record of a deletion, details and a worker that are damaged stop nothing else", () =>
    Effect.gen(function* () {
      const { damaged, on, others, store } = yield* damagedBy("SELECT 1")
      yield* store.delete(damaged.workflowId, { version: Version.make(1) })
      yield* query(on, "UPDATE perdure.deletions SET seen = '{'")
      assert.strictEqual(yield* reasonOf(store.deletion(damaged.workflowId)), "Corrupt")
      const { runId, workflowId } = others[0]!
      const call = { workflowId, runId, seq: Sequence.make(0) }
      yield* store.saveDetails([{ ...call, details: { done: 1 } }])
      yield* query(on, "UPDATE perdure.details SET details = '{'")
      assert.strictEqual(yield* reasonOf(store.details(call)), "Corrupt")
      const [sound, broken] = [freshWorker(), freshWorker()]
      for (const id of [sound, broken]) yield* store.heartbeat({ id }, Duration.minutes(1))
      yield* query(on, `UPDATE perdure.workers SET record = '[' WHERE worker = '${broken}'`)
      assert.deepStrictEqual((yield* store.workers).living, [{ id: sound }])
      assert.strictEqual(yield* store.count(), 9)
    }).pipe(Effect.scoped)
  )
})
