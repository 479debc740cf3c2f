/** Which servers and schemas the PostgreSQL store accepts, what it then promises, and how it is let in. */
import { spawnSync } from "node:child_process"
import { chownSync, chmodSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { inspect } from "node:util"
import * as PgClient from "@effect/sql-pg/PgClient"
import { assert, it } from "@effect/vitest"
import { Config, ConfigProvider, Context, Effect, Exit, Layer, Redacted } from "effect"
import * as Postgres from "perdure/Store/Postgres"
import { type StoreError, WorkflowStore } from "perdure/Store/WorkflowStore"
import { freshId, loaded, reasonOf, start } from "../suites/store/builders.ts"
import { client, open, query } from "../support/postgresClient.ts"
import { describeWith, postgresServer, shared } from "../support/servers.ts"

/** What a store with these settings promises of durability, or why it is refused. */
const outcome = (url: string, options: Partial<Postgres.Options> = {}) =>
  Effect.scoped(Postgres.make({ url: Redacted.make(url), ...options })).pipe(
    Effect.match({
      onSuccess: ({ guarantees }): string => guarantees.durability,
      onFailure: (error: StoreError) => `${error.operation} ${error.reason._tag}: ${error.message}`
    })
  )

const assertRefused = (outcome: string, ...words: ReadonlyArray<string>) => {
  for (const word of ["open Unsupported: ", ...words]) assert.include(outcome, word)
}

/** The address of another database of a server, or of another user. */
const changed = (
  url: string,
  changes: { readonly username?: string; readonly password?: string; readonly pathname?: string }
) => String(Object.assign(new URL(url), changes))

describeWith("postgres", "the settings of the PostgreSQL store", () => {
  const server = shared(postgresServer({ inMemory: true }))

  it.live("a server as it comes promises the disk, and the settings may come from the configuration of the app", () =>
    Effect.gen(function* () {
      const { url } = yield* server
      assert.strictEqual(yield* outcome(url), "disk")
      const layer = Postgres.layerConfig({
        url: Config.Redacted("DATABASE"),
        schema: Config.String("SCHEMA"),
        maxCommitBytes: Config.Number("MAX_COMMIT_BYTES")
      })
      const env = { DATABASE: url, SCHEMA: "configured", MAX_COMMIT_BYTES: "65536" }
      const context = yield* Layer.build(layer).pipe(
        Effect.provide(ConfigProvider.layer(ConfigProvider.fromEnv({ env })))
      )
      assert.deepStrictEqual(Context.get(context, WorkflowStore).guarantees, {
        durability: "disk",
        fencing: "fenced",
        listing: "strong",
        maxCommitBytes: 65_536,
        writes: "accepted"
      })
    }).pipe(Effect.scoped)
  )

  it.live("a server that acknowledges before the disk has it is refused, and says what to change", () =>
    Effect.gen(function* () {
      const { url } = yield* postgresServer({ config: "fsync = off\nfull_page_writes = off\nsynchronous_commit = off" })
      assertRefused(
        yield* outcome(url),
        "synchronous_commit is off",
        "fsync is off",
        "full_page_writes is off",
        "unsafe: true"
      )
      assert.strictEqual(yield* outcome(url, { unsafe: true }), "process")
    }).pipe(Effect.scoped)
  )

  it.live("synchronous_commit counts for the user and the database of the store, wherever it is said", () =>
    Effect.gen(function* () {
      const { url } = yield* server
      yield* query({ url }, "CREATE ROLE hasty LOGIN SUPERUSER")
      yield* query({ url }, "ALTER ROLE hasty SET synchronous_commit = off")
      assertRefused(yield* outcome(changed(url, { username: "hasty" })), "synchronous_commit is off")
      const connection = { startupParameters: { synchronous_commit: "on" } }
      assert.strictEqual(yield* outcome(changed(url, { username: "hasty" }), { connection }), "disk")
    })
  )

  it.live("a server that follows another one is refused, also when unsafe", () =>
    Effect.gen(function* () {
      const { url } = yield* postgresServer({ prepare: (folder) => writeFileSync(join(folder, "standby.signal"), "") })
      assertRefused(yield* outcome(url, { unsafe: true }), "follows another one", "connect to the primary server")
    }).pipe(Effect.scoped)
  )

  it.live("a store whose server begins to follow another one answers no more", () =>
    Effect.gen(function* () {
      let data = ""
      const server = yield* postgresServer({ prepare: (folder) => void (data = folder) })
      const store = yield* open(server)
      const first = start(freshId())
      yield* store.save(first)
      yield* server.kill9
      writeFileSync(join(data, "standby.signal"), "")
      yield* server.restart
      const operations: ReadonlyArray<Effect.Effect<unknown, StoreError>> = [
        store.load(first.workflowId),
        store.summary(first.workflowId),
        store.list(),
        store.count(),
        store.workers,
        store.deletion(first.workflowId),
        store.save(start(freshId()))
      ]
      // The first one may find its connection gone.
      yield* Effect.ignore(store.workers)
      for (const operation of operations) assert.strictEqual(yield* reasonOf(operation), "Unavailable")
    }).pipe(Effect.scoped)
  )

  it.live("a database of another encoding, of read-only transactions or that is not there is refused", () =>
    Effect.gen(function* () {
      const { url } = yield* server
      yield* query({ url }, "CREATE DATABASE ascii ENCODING 'SQL_ASCII' TEMPLATE template0")
      assertRefused(yield* outcome(changed(url, { pathname: "/ascii" })), "SQL_ASCII", "UTF8")
      yield* query({ url }, "CREATE DATABASE kept")
      yield* query({ url }, "ALTER DATABASE kept SET default_transaction_read_only = on")
      assertRefused(yield* outcome(changed(url, { pathname: "/kept" })), "default_transaction_read_only")
      assertRefused(yield* outcome(changed(url, { pathname: "/nowhere" })), `database "nowhere" does not exist`)
    })
  )

  it.live("a user without rights is told so, and needs none to create where the tables are", () =>
    Effect.gen(function* () {
      const { url } = yield* server
      const guest = changed(url, { username: "guest" })
      yield* query({ url }, "CREATE ROLE guest LOGIN")
      assertRefused(yield* outcome(guest, { schema: "theirs" }), "permission denied")
      assert.strictEqual(yield* outcome(url, { schema: "theirs" }), "disk")
      yield* query({ url }, "GRANT USAGE ON SCHEMA theirs TO guest")
      yield* query({ url }, "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA theirs TO guest")
      const store = yield* open({ url: guest }, { schema: "theirs" })
      const first = start(freshId())
      yield* store.save(first)
      assert.deepStrictEqual((yield* loaded(store, first.workflowId)).summary, first.summary)
    }).pipe(Effect.scoped)
  )

  it.live("a schema of another program and one of a newer release are refused, and left as they are", () =>
    Effect.gen(function* () {
      const { url } = yield* server
      yield* query({ url }, "CREATE SCHEMA other")
      yield* query({ url }, "CREATE TABLE other.executions (mine text)")
      assertRefused(yield* outcome(url, { schema: "other" }), "another program", "name another schema")
      yield* query({ url }, "CREATE SCHEMA newer")
      yield* query({ url }, "CREATE TABLE newer.meta AS SELECT 99 AS version")
      assertRefused(yield* outcome(url, { schema: "newer" }), "newer release", "version 99")
      for (const schema of ["other", "newer"]) {
        assert.lengthOf(yield* query({ url }, `SELECT 1 FROM pg_tables WHERE schemaname = '${schema}'`), 1)
      }
    })
  )

  it.live("stores that open a new schema at the same time make it once, and use it together", () =>
    Effect.gen(function* () {
      const on = yield* server
      const stores = yield* Effect.forEach(Array.from({ length: 12 }), () => open(on, { schema: "contested" }), {
        concurrency: "unbounded"
      })
      const first = start(freshId())
      yield* stores[0]!.save(first)
      for (const store of stores) assert.strictEqual(yield* store.count(), 1)
      assert.deepStrictEqual(yield* query(on, "SELECT version FROM contested.meta"), [{ version: 2 }])
    }).pipe(Effect.scoped)
  )

  it.live("stores of two schemas see nothing of each other", () =>
    Effect.gen(function* () {
      const on = yield* server
      const [one, two] = [yield* open(on, { schema: "one" }), yield* open(on, { schema: "Two_2" })]
      const first = start(freshId())
      yield* one.save(first)
      assert.strictEqual(yield* two.count(), 0)
      yield* two.save(start(first.workflowId))
    }).pipe(Effect.scoped)
  )

  it.live("settings that make no sense are refused with what to change, and show no address", () =>
    Effect.gen(function* () {
      const { url } = yield* server
      const cases: ReadonlyArray<readonly [Partial<Postgres.Options>, string]> = [
        [{ schema: "a b" }, "schema must be letters"],
        [{ schema: `"` }, "schema must be letters"],
        [{ schema: "pg_shop" }, 'be none of the server\'s own, as pg_ is, and is "pg_shop"'],
        [{ schema: "Information_Schema" }, "be none of the server's own"],
        [{ lanes: 0 }, "lanes"],
        [{ maxConnections: 4 }, "maxConnections must be at least 5"],
        [{ maxCommitBytes: 1.5 }, "maxCommitBytes"],
        [{ shema: "x" } as never, "there is no option shema, but url, maxConnections, connection, schema,"],
        [{ timeout: "0 seconds" }, "timeout"],
        [{ timeout: "30 days" }, "timeout must be at most 2147483647 ms"],
        [{ url: "postgres://u:secret@host/db" as never }, "url must be the address"]
      ]
      for (const [options, word] of cases) assertRefused(yield* outcome(url, options), word)
      assert.notInclude(yield* outcome("", { url: "postgres://u:secret@host/db" as never }), "secret")
    })
  )

  it.live("a server that is not there, and one without a free connection, are unavailable, soon", () =>
    Effect.gen(function* () {
      const on = yield* postgresServer({ config: "max_connections = 5\nsuperuser_reserved_connections = 0" })
      const pg = yield* client(on, { minConnections: 5, maxConnections: 5 })
      yield* Effect.replicateEffect(pg.reserve, 5, { concurrency: "unbounded" })
      assert.include(yield* outcome(on.url), "open Unavailable: ")
      yield* on.kill9
      assert.include(yield* Effect.timeout(outcome(on.url), "20 seconds"), "open Unavailable: ")
    }).pipe(Effect.scoped)
  )

  it.live("a store may use the connections of a client of the app", () =>
    Effect.gen(function* () {
      const { url } = yield* server
      const pg = yield* client({ url }, { transformResultNames: (name) => name.toUpperCase(), maxConnections: 6 })
      const store = yield* Postgres.makeFromClient({ schema: "guest_house" }).pipe(
        Effect.provideService(PgClient.PgClient, pg)
      )
      const first = start(freshId(), { summary: { attributes: { a: 1 } } })
      // What the app has under way is its own: a commit waits for no transaction around it.
      yield* pg.withTransaction(store.save(first).pipe(Effect.andThen(Effect.fail("rolled back")))).pipe(Effect.ignore)
      assert.deepStrictEqual((yield* store.list({ attributes: { a: 1 } })).executions, [first.summary])
      assert.deepStrictEqual(yield* pg`SELECT count(*)::int AS found FROM guest_house.commits`, [{ FOUND: 1 }])
      const few = yield* client({ url }, { maxConnections: 4 })
      const tooFew = yield* Postgres.makeFromClient().pipe(Effect.provideService(PgClient.PgClient, few), Effect.flip)
      assert.include(tooFew.message, "maxConnections of the client must be at least 5")
      const small = yield* client({ url }, { maxMessageSize: 1024 * 1024 })
      const refused = yield* Postgres.makeFromClient().pipe(
        Effect.provideService(PgClient.PgClient, small),
        Effect.flip
      )
      assert.include(refused.message, "maxMessageSize")
    }).pipe(Effect.scoped)
  )

  it.live("TLS and a password are used, and shown nowhere", () =>
    Effect.gen(function* () {
      let certificate = ""
      const secret = "sec@ret:1"
      const { url } = yield* postgresServer({
        password: secret,
        config: "ssl = on\npassword_encryption = 'scram-sha-256'",
        hba: "hostssl all all 127.0.0.1/32 scram-sha-256\n",
        prepare: (folder, owner) => void (certificate = certify(folder, owner))
      })
      const connection = { ssl: { ca: certificate } }
      const known = changed(url, { password: encodeURIComponent(secret) })
      assert.strictEqual(yield* outcome(known, { connection }), "disk")
      const store = yield* open({ url: known }, { connection })
      yield* store.save(start(freshId()))
      const wrong: ReadonlyArray<readonly [string, Postgres.Options["connection"]]> = [
        [changed(url, { password: "another-sec@ret" }), connection],
        [known, {}],
        // Nobody vouches for the certificate.
        [known, { ssl: true }]
      ]
      for (const [address, options] of wrong) {
        const exit = yield* Effect.exit(Effect.scoped(open({ url: address }, { connection: options })))
        assert.isTrue(Exit.isFailure(exit))
        const shown = [String(exit), JSON.stringify(exit), inspect(exit, { depth: 20 })]
        for (const text of shown) assert.notMatch(text, /sec@ret|sec%40ret/)
      }
      assertRefused(
        yield* outcome(changed(url, { password: "wrong" }), { connection }),
        "PostgreSQL refuses: password authentication failed"
      )
      assertRefused(
        yield* outcome(changed(url, { password: "" }), { connection }),
        "PostgreSQL refuses: The server requested password authentication"
      )
      assertRefused(
        yield* outcome((yield* server).url, { connection: { ssl: true } }),
        "PostgreSQL refuses: The server does not support TLS"
      )
    }).pipe(Effect.scoped)
  )
})

/** Makes a certificate for 127.0.0.1 where PostgreSQL looks for it. OpenSSL comes with its package. */
const certify = (folder: string, owner: number | undefined): string => {
  const [key, certificate] = [join(folder, "server.key"), join(folder, "server.crt")]
  const made = spawnSync("openssl", [
    ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"],
    ...["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate]
  ])
  assert.strictEqual(made.status, 0, String(made.stderr))
  chmodSync(key, 0o600)
  if (owner !== undefined) for (const file of [key, certificate]) chownSync(file, owner, -1)
  return readFileSync(certificate, "utf8")
}
