/** The PostgreSQL store and what happens between it and its server: answers that are lost, connections that fail, others that wait. */
import { assert, it } from "@effect/vitest"
import { Array as Arr, Duration, Effect, Exit, Fiber, Stream } from "effect"
import type { WorkflowId } from "perdure/Ids"
import {
  after,
  freshId,
  freshWorker,
  living,
  loaded,
  reasonOf,
  save,
  start,
  type Store
} from "../suites/store/builders.ts"
import { client, open, query } from "../support/postgresClient.ts"
import { proxy } from "../support/proxy.ts"
import { describeWith, type PostgresServer, postgresServer, shared } from "../support/servers.ts"
import { soon } from "../support/soon.ts"
import { allOf, endsOf, everyOperation } from "./everyOperation.ts"

/** A store behind a proxy, and one beside it, in a schema of their own. */
const behindProxy = Effect.fnUntraced(function* (server: PostgresServer, schema: string) {
  const between = yield* proxy(server.address)
  const url = server.url.replace(server.address, between.address)
  const store = yield* open({ url }, { schema, timeout: "2 seconds" })
  return { between, store, direct: yield* open(server, { schema }) }
})

/** Collects the ids of which a store tells. */
const listening = Effect.fnUntraced(function* (store: Store) {
  const told: Array<WorkflowId> = []
  yield* store.changes.pipe(
    Stream.runForEach((changes) => Effect.sync(() => told.push(...changes.map(({ workflowId }) => workflowId)))),
    Effect.forkScoped
  )
  const probe = start(freshId())
  yield* soon(
    Effect.andThen(
      store.save(probe),
      Effect.sync(() => assert.include(told, probe.workflowId))
    )
  )
  return told
})

/** Ends connections of stores, all but the ones that a condition leaves. */
const terminate = (server: PostgresServer, where: string) =>
  query(
    server,
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'perdure' AND ${where}`
  )

describeWith("postgres", "the PostgreSQL store and its connections", () => {
  const server = shared(postgresServer({ inMemory: true }))

  it.live("4. an answer that is lost can be had again: the commit is stored once, and no conflict is made up", () =>
    Effect.gen(function* () {
      const { between, direct, store } = yield* behindProxy(yield* server, "answers")
      let { summary } = yield* Effect.tap(Effect.succeed(start(freshId())), (commit) => save(store, commit))
      for (const end of ["cut", "time", "cut"]) {
        const commit = after(summary)
        yield* between.loseAnswers
        const saving = yield* Effect.forkChild(reasonOf(store.save(commit)))
        if (end === "cut") yield* Effect.andThen(Effect.sleep("300 millis"), between.cut)
        assert.strictEqual(yield* Fiber.join(saving), "Unavailable")
        yield* between.cut
        // Another one goes on from there before the writer asks again.
        const next = after(commit.summary)
        yield* save(direct, next)
        yield* save(store, commit)
        assert.strictEqual(yield* reasonOf(store.save({ ...commit, id: "another" })), "Conflict")
        summary = next.summary
      }
      for (const reader of [store, direct]) {
        const { commits } = yield* loaded(reader, summary.workflowId)
        assert.deepStrictEqual(
          commits.map(({ version }) => Number(version)),
          [1, 2, 3, 4, 5, 6, 7]
        )
      }
    }).pipe(Effect.scoped)
  )

  it.live("4. a commit that never arrived and lost the race meanwhile is a conflict", () =>
    Effect.gen(function* () {
      const { between, direct, store } = yield* behindProxy(yield* server, "races")
      const first = start(freshId())
      yield* save(store, first)
      const loser = after(first.summary)
      yield* between.freeze
      const losing = yield* Effect.forkChild(reasonOf(store.save(loser)))
      const winner = after(first.summary)
      yield* save(direct, winner)
      yield* Effect.sleep("100 millis")
      yield* between.cut
      assert.strictEqual(yield* Fiber.join(losing), "Unavailable")
      assert.strictEqual(yield* reasonOf(save(store, loser)), "Conflict")
      assert.strictEqual((yield* loaded(store, first.workflowId)).commits.at(-1)?.id, winner.id)
    }).pipe(Effect.scoped)
  )

  it.live("9. an answer to a deletion that is lost leaves nothing to remove", () =>
    Effect.gen(function* () {
      const { between, store } = yield* behindProxy(yield* server, "removals")
      const first = start(freshId())
      yield* save(store, first)
      yield* between.loseAnswersFrom("remove_1")
      assert.strictEqual(yield* reasonOf(store.delete(first.workflowId, first)), "Unavailable")
      yield* between.cut
      assert.isFalse(yield* soon(store.delete(first.workflowId, first)))
      assert.strictEqual(
        (yield* store.deletion(first.workflowId)).pipe((found) => found._tag),
        "Some"
      )
    }).pipe(Effect.scoped)
  )

  it.live("14. a server that is silent is unavailable within a bounded time, whatever it is asked", () =>
    Effect.gen(function* () {
      const { between, store } = yield* behindProxy(yield* server, "silent")
      const first = start(freshId())
      yield* save(store, first)
      yield* between.freeze
      const operations = everyOperation(store, first)
      assert.deepStrictEqual(yield* endsOf(operations, "10 seconds"), allOf(operations, "Unavailable"))
      yield* between.cut
      yield* save(store, after(first.summary))
    }).pipe(Effect.scoped)
  )

  it.live("14. connections of the pool that fail cost an answer each at most, and no commit", () =>
    Effect.gen(function* () {
      const on = yield* server
      const store = yield* open(on, { schema: "failing" })
      let { summary } = yield* Effect.tap(Effect.succeed(start(freshId())), (commit) => save(store, commit))
      let [killed, unanswered] = [0, 0]
      for (let round = 0; round < 20; round++) {
        // One that was killed before may be noticed only now.
        const asked = yield* Effect.forEach([1, 2, 3, 4], () => Effect.exit(store.count()), {
          concurrency: "unbounded"
        })
        killed += (yield* terminate(on, `pid % 2 = ${round % 2}`)).length
        const commit = after(summary)
        const exits = [...asked, yield* Effect.exit(store.count()), yield* Effect.exit(store.save(commit))]
        unanswered += exits.filter((exit) => Exit.isFailure<unknown, unknown>(exit)).length
        yield* save(store, commit)
        summary = commit.summary
      }
      assert.isAtLeast(killed, 20)
      assert.isAtMost(unanswered, killed)
      assert.lengthOf((yield* loaded(store, summary.workflowId)).commits, 21)
      // All of it is sound again.
      yield* Effect.forEach(Arr.range(1, 20), () => soon(store.count()), { concurrency: "unbounded" })
    }).pipe(Effect.scoped)
  )

  it.live(
    "13. no lease runs out while the server cannot be reached, as far as the process is told that could not",
    () =>
      Effect.gen(function* () {
        const { between, direct, store } = yield* behindProxy(yield* server, "leases")
        const worker = freshWorker()
        yield* direct.heartbeat({ id: worker }, Duration.seconds(1))
        assert.deepStrictEqual(yield* living(store), [worker])
        yield* between.refuse
        yield* Effect.sleep("1200 millis")
        assert.strictEqual(yield* reasonOf(store.workers), "Unavailable")
        yield* between.resume
        assert.deepStrictEqual(yield* soon(living(store)), [worker])
        assert.deepStrictEqual(yield* living(direct), [])
      }).pipe(Effect.scoped)
  )

  it.live("7. a transaction of the app that has one execution keeps no other one of the group waiting", () =>
    Effect.gen(function* () {
      const on = yield* server
      const store = yield* open(on, { schema: "held", timeout: "2 seconds" })
      const commits = Arr.range(1, 50).map(() => start(freshId()))
      for (const exit of yield* store.saveAll(commits)) assert.isTrue(Exit.isSuccess(exit))
      const held = commits[20]!.workflowId
      const pg = yield* client(on)
      const connection = yield* pg.reserve
      yield* connection.executeRaw("BEGIN", [])
      yield* connection.executeRaw(`SELECT 1 FROM held.executions WHERE workflow_id = '${held}' FOR UPDATE`, [])
      const began = performance.now()
      const exits = yield* Effect.forEach(
        commits,
        ({ summary }) =>
          Effect.map(Effect.exit(store.save(after(summary))), (exit) => ({ exit, took: performance.now() - began })),
        { concurrency: "unbounded" }
      )
      for (const [index, { exit, took }] of exits.entries()) {
        if (commits[index]!.workflowId === held) assert.strictEqual(yield* reasonOf(exit), "Unavailable")
        else {
          assert.isTrue(Exit.isSuccess(exit))
          assert.isBelow(took, 1500)
        }
      }
      yield* connection.executeRaw("ROLLBACK", [])
      yield* save(store, after(commits[20]!.summary))
    }).pipe(Effect.scoped)
  )

  it.live("12. what others did while the connection that listens was gone is heard", () =>
    Effect.gen(function* () {
      const on = yield* server
      const [one, two] = [yield* open(on, { schema: "heard" }), yield* open(on, { schema: "heard" })]
      const told = yield* listening(two)
      for (let round = 0; round < 3; round++) {
        const commits = Arr.range(1, 20).map(() => start(freshId()))
        yield* Effect.forEach(commits.slice(0, 10), (commit) => save(one, commit), { concurrency: "unbounded" })
        yield* terminate(on, "query LIKE 'LISTEN%'")
        yield* Effect.forEach(commits.slice(10), (commit) => save(one, commit), { concurrency: "unbounded" })
        yield* soon(
          Effect.sync(() =>
            assert.includeMembers(
              told,
              commits.map(({ workflowId }) => workflowId)
            )
          )
        )
      }
    }).pipe(Effect.scoped)
  )

  it.live(
    "12. a store that alone listens tells nobody, and another one hears all that comes after its first look",
    () =>
      Effect.gen(function* () {
        const on = yield* server
        const notes: Array<string> = []
        const queue = yield* (yield* client(on)).listen("perdure_company")
        yield* Stream.fromQueue(queue).pipe(
          Stream.runForEach(({ payload }) => Effect.sync(() => notes.push(payload))),
          Effect.forkScoped
        )
        const isTold = (id: WorkflowId) => notes.some((note) => note.includes(id))
        const store = yield* open(on, { schema: "company" })
        // As long as it does not listen, it cannot know.
        const early = start(freshId())
        yield* store.save(early)
        yield* soon(Effect.sync(() => assert.isTrue(isTold(early.workflowId))))
        yield* listening(store)
        yield* Effect.sleep("2200 millis")
        const alone = start(freshId())
        yield* store.save(alone)
        const other = yield* open(on, { schema: "company" })
        const told = yield* listening(other)
        const ids = Array.from({ length: 20 }, () => freshId())
        for (const id of ids) yield* store.save(start(id))
        yield* soon(Effect.sync(() => assert.includeMembers(told, ids)))
        assert.isFalse(isTold(alone.workflowId))
        assert.isTrue(ids.every(isTold))
      }).pipe(Effect.scoped)
  )

  it.live("12. a store that comes later tells the one that was there before it", () =>
    Effect.gen(function* () {
      const on = yield* server
      const told = yield* listening(yield* open(on, { schema: "roll" }))
      // It has said what it says in its beginning.
      yield* Effect.sleep("2500 millis")
      const store = yield* open(on, { schema: "roll" })
      yield* Effect.forkScoped(Stream.runDrain(store.changes))
      // The call was answered, though neither of them says anything of itself for now.
      yield* Effect.sleep("4 seconds")
      const commit = start(freshId())
      yield* store.save(commit)
      // Long before the next look of the other one.
      yield* soon(
        Effect.sync(() => assert.include(told, commit.workflowId)),
        "2 seconds"
      )
    }).pipe(Effect.scoped)
  )

  it.live("12. two stores hear of each other after the server was killed and started again", () =>
    Effect.gen(function* () {
      const server = yield* postgresServer()
      const [one, two] = [yield* open(server), yield* open(server)]
      const told = yield* listening(two)
      yield* server.kill9
      yield* server.restart
      const commit = start(freshId())
      yield* save(one, commit)
      yield* soon(Effect.sync(() => assert.include(told, commit.workflowId)))
      assert.strictEqual(yield* soon(two.count()), 2)
    }).pipe(Effect.scoped)
  )

  it.live("12. a change whose name is too long for a notification is found at the next look", () =>
    Effect.gen(function* () {
      const on = yield* server
      const [one, two] = [yield* open(on, { schema: "long" }), yield* open(on, { schema: "long" })]
      const told = yield* listening(two)
      const commit = start("x".repeat(9000) as WorkflowId)
      yield* save(one, commit)
      yield* soon(
        Effect.sync(() => assert.include(told, commit.workflowId)),
        "15 seconds"
      )
    }).pipe(Effect.scoped)
  )

  it.live("12. a look finds the latest commits, however many others a writer that stays open has it look at", () =>
    Effect.gen(function* () {
      const on = yield* server
      const [one, two] = [yield* open(on, { schema: "open" }), yield* open(on, { schema: "open" })]
      const connection = yield* (yield* client(on)).reserve
      yield* connection.executeRaw("BEGIN", [])
      yield* connection.executeRaw("SELECT pg_current_xact_id()::text", [])
      const told = yield* listening(two)
      for (let group = 0; group < 20; group++) yield* one.saveAll(Arr.range(1, 500).map(() => start(freshId())))
      const unheard = start("x".repeat(9000) as WorkflowId)
      yield* save(one, unheard)
      yield* terminate(on, "query LIKE 'LISTEN%'")
      yield* soon(Effect.sync(() => assert.include(told, unheard.workflowId)))
      yield* connection.executeRaw("ROLLBACK", [])
    }).pipe(Effect.scoped)
  )

  it.live("12. a look finds no commit that a dump of another server has numbered ahead", () =>
    Effect.gen(function* () {
      const on = yield* server
      const [one, two] = [yield* open(on, { schema: "ahead" }), yield* open(on, { schema: "ahead" })]
      const old = start(freshId())
      yield* save(one, old)
      yield* query(on, "UPDATE ahead.commits SET xid = '9000000000000000'")
      const told = yield* listening(two)
      const unheard = start("x".repeat(9000) as WorkflowId)
      yield* save(one, unheard)
      yield* terminate(on, "query LIKE 'LISTEN%'")
      yield* soon(Effect.sync(() => assert.include(told, unheard.workflowId)))
      assert.notInclude(told, old.workflowId)
    }).pipe(Effect.scoped)
  )
})
