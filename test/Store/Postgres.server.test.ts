/** The PostgreSQL store on a server of its own: the laws of stores, and how it groups commits. */
import { assert, it } from "@effect/vitest"
import { Array as Arr, Duration, Effect, Exit, Layer, Redacted } from "effect"
import { WorkerId } from "perdure/Ids"
import * as Postgres from "perdure/Store/Postgres"
import { after, freshId, loaded, nothingToLookFor, reasonsOf, signal, start, tokens } from "../suites/store/builders.ts"
import { toldInTheTable } from "../docs/guarantees.ts"
import { suite } from "../suites/StoreSuite.ts"
import { open, query } from "../support/postgresClient.ts"
import { describeWith, postgresServer, shared } from "../support/servers.ts"

describeWith("postgres", "the PostgreSQL store", () => {
  const server = shared(postgresServer({ inMemory: true }))
  const layer = Layer.unwrap(Effect.map(server, ({ url }) => Postgres.layer({ url: Redacted.make(url) })))

  suite("PostgreSQL", { layer, shared: true })
  toldInTheTable("PostgreSQL", layer)

  it.live(
    "commits of one execution in one group are stored in their order, and what follows one that lost has lost",
    () =>
      Effect.gen(function* () {
        const store = yield* open(yield* server)
        const first = start(freshId(), { events: [signal("1")] })
        const second = after(first.summary, { events: [signal("2")] })
        const third = after(second.summary, { events: [signal("3")] })
        const rival = after(first.summary, { events: [signal("rival")] })
        const exits = yield* store.saveAll([first, second, rival, second, third])
        assert.deepStrictEqual(yield* reasonsOf(exits), [undefined, undefined, "Conflict", undefined, undefined])
        assert.deepStrictEqual(tokens((yield* loaded(store, first.workflowId)).commits), ["1", "2", "3"])
      }).pipe(Effect.scoped)
  )

  it.live("13. a worker is told that there is nothing to look for, and of too much to tell that there may be", () =>
    Effect.gen(function* () {
      const on = yield* server
      const store = yield* open(on, { schema: "outlook" })
      const nothing = [false, false, false]
      assert.deepStrictEqual(yield* nothingToLookFor(store), [nothing, nothing])
      yield* query(
        on,
        `INSERT INTO outlook.executions
           (workflow_id, run_id, workflow, status, version, first_version, started_at, updated_at, owner, unsettled, rest)
         SELECT n::text, 'r', 'W', 'running', 1, 1, 1, 1, 'one owner', true, '{}' FROM generate_series(1, 20000) AS n`
      )
      const id = WorkerId.make("one owner")
      const told = yield* store.heartbeat({ id }, Duration.minutes(1), { wakeBefore: 0 })
      assert.deepInclude(told!, { orphans: false, blocked: false, due: true })
      yield* query(on, "UPDATE outlook.executions SET owner = 'worker ' || (key % 1200)")
      const among = yield* store.heartbeat({ id }, Duration.minutes(1), { wakeBefore: 0 })
      assert.isTrue(among!.orphans)
    }).pipe(Effect.scoped)
  )

  it.live("commits that are ready together share transactions", () =>
    Effect.gen(function* () {
      const on = yield* server
      const store = yield* open(on, { schema: "groups" })
      const commits = Arr.range(1, 400).map(() => start(freshId()))
      const exits = yield* Effect.forEach(commits, (commit) => Effect.exit(store.save(commit)), {
        concurrency: "unbounded"
      })
      assert.isTrue(exits.every(Exit.isSuccess))
      const [row] = yield* query(on, "SELECT count(DISTINCT xid::text)::int AS transactions FROM groups.commits")
      assert.isAtMost(Number(row!["transactions"]), 10)
    }).pipe(Effect.scoped)
  )
})
