/** A schema of PostgreSQL as an earlier version of the tables left it, and a restore that has data alone. */
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { assert, it } from "@effect/vitest"
import { Effect, Exit, Option } from "effect"
import { WorkflowId } from "perdure/Ids"
import { statementsOf } from "../../src/Store/postgres/Migrations.ts"
import { after, freshId, start, type Store } from "../suites/store/builders.ts"
import { client, open, query } from "../support/postgresClient.ts"
import { describeWith, postgresServer, shared } from "../support/servers.ts"

const golden = fileURLToPath(import.meta.resolve("../golden/postgres-1/dump.sql"))

const found = (store: Store, filter: Parameters<Store["list"]>[0]) =>
  Effect.map(store.list(filter), ({ executions }) => executions.map(({ workflowId }) => workflowId))

const ada = { attributes: { customer: "ada" } }

describeWith("postgres", "a schema of PostgreSQL of an earlier version", () => {
  const server = shared(postgresServer({ inMemory: true }))

  it.live("is brought up to date by one of the processes that open it together, and keeps what it has", () =>
    Effect.gen(function* () {
      const on = yield* server
      const connection = yield* (yield* client(on)).reserve
      for (const statement of statementsOf(readFileSync(golden, "utf8"))) yield* connection.executeRaw(statement, [])
      // What a restore of data alone had left behind.
      yield* query(on, "INSERT INTO perdure.attributes SELECT * FROM perdure.attributes")
      const stores = yield* Effect.replicateEffect(open(on), 4, { concurrency: "unbounded" })
      const [version] = yield* query(on, "SELECT version FROM perdure.meta")
      assert.deepStrictEqual(version, { version: 2 })
      const store = stores[0]!
      assert.deepStrictEqual(yield* found(store, ada), ["closed", "open"])
      assert.strictEqual(yield* store.count(ada), 2)
      assert.deepStrictEqual(yield* found(store, { closedBefore: Number.MAX_VALUE }), ["closed"])
      const loaded = Option.getOrThrow(yield* store.load(WorkflowId.make("open")))
      assert.lengthOf(loaded.commits, 2)
      assert.isTrue(Option.isSome(yield* store.deletion(WorkflowId.make("gone"))))
      const next = after(loaded.summary, { summary: { attributes: { customer: "bob" } } })
      yield* stores[3]!.save(next)
      assert.deepStrictEqual(yield* found(store, ada), ["closed"])
      assert.deepStrictEqual(yield* found(store, { attributes: { customer: "bob" } }), ["open"])
    }).pipe(Effect.scoped)
  )

  it.live("refuses a second row of an attribute, and a restore of data alone adds none", () =>
    Effect.gen(function* () {
      const on = yield* server
      const store = yield* open(on, { schema: "restored" })
      const commit = start(freshId(), { summary: ada })
      yield* store.save(commit)
      const doubled = query(on, "INSERT INTO restored.attributes SELECT * FROM restored.attributes")
      assert.isTrue(Exit.isFailure(yield* Effect.exit(doubled)))
      // In the order in which pg_dump writes tables.
      for (const table of ["attributes", "executions"]) {
        yield* query(on, `CREATE TABLE restored.dumped_${table} AS SELECT * FROM restored.${table}`)
        yield* query(on, `TRUNCATE restored.${table}`)
      }
      yield* query(on, "TRUNCATE restored.attributes")
      for (const table of ["attributes", "executions"]) {
        yield* query(on, `INSERT INTO restored.${table} OVERRIDING SYSTEM VALUE SELECT * FROM restored.dumped_${table}`)
      }
      assert.deepStrictEqual(yield* found(store, ada), [commit.workflowId])
      assert.strictEqual(yield* store.count(ada), 1)
      const [rows] = yield* query(on, "SELECT count(*)::int AS rows FROM restored.attributes")
      assert.deepStrictEqual(rows, { rows: 1 })
    }).pipe(Effect.scoped)
  )
})
