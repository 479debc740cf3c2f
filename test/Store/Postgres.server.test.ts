/** The PostgreSQL store on a server of its own: the laws of stores, and how it groups commits. */
import { assert, it } from "@effect/vitest"
import { Array as Arr, Effect, Exit, Layer, Redacted } from "effect"
import * as Postgres from "perdure/Store/Postgres"
import { after, freshId, loaded, reasonsOf, signal, start, tokens } from "../suites/store/builders.ts"
import { suite } from "../suites/StoreSuite.ts"
import { open, query } from "../support/postgresClient.ts"
import { describeWith, postgresServer, shared } from "../support/servers.ts"

describeWith("postgres", "the PostgreSQL store", () => {
  const server = shared(postgresServer({ inMemory: true }))
  const layer = Layer.unwrap(Effect.map(server, ({ url }) => Postgres.layer({ url: Redacted.make(url) })))

  suite("PostgreSQL", { layer, shared: true })

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
