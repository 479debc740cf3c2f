/** Transactional activities on PostgreSQL, where each attempt has a connection of its own. */
import { assert, it } from "@effect/vitest"
import { Context, Deferred, Effect, Exit, Fiber, Latch, Layer, Redacted, Schema } from "effect"
import { SqlClient } from "effect/sql"
import * as PgClient from "@effect/sql-pg/PgClient"
import { Activity, Hooks } from "perdure"
import * as Executor from "perdure/Executor/Default"
import * as Postgres from "perdure/Store/Postgres"
import { WorkflowStore } from "perdure/Store/WorkflowStore"
import * as FaultyStore from "../suites/executor/FaultyStore.ts"
import * as Bank from "../support/bank.ts"
import { encrypted } from "../support/encrypted.ts"
import { proxy } from "../support/proxy.ts"
import { describeWith, postgresServer, shared } from "../support/servers.ts"
import { soon } from "../support/soon.ts"
import { onPostgres as freshOn } from "./transactionPlaces.ts"
import * as Faults from "./transactionFaults.ts"
import { events, onBank, type Place, suite } from "./transactions.ts"

const transferring = (handler: Parameters<typeof Bank.Transfer.toLayer>[0]) =>
  Bank.Order.toLayer((input) => Bank.Transfer(input)).pipe(Layer.provide(Bank.Transfer.toLayer(handler as never)))

const cents = ({ look }: Place) =>
  Effect.map(look("SELECT cents FROM accounts ORDER BY name"), (rows) => rows.map((row) => row["cents"]))

/** Has commits of transfers take half a second. */
const slowCommits = Effect.fnUntraced(function* ({ look }: Place) {
  yield* look(`
    CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN PERFORM pg_sleep(0.5); RETURN NULL; END'
  `)
  yield* look(`
    CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON transfers DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION slow()
  `)
})

describeWith("postgres", "PostgreSQL", () => {
  const server = shared(postgresServer({ inMemory: true }))
  suite("PostgreSQL", Effect.flatMap(server, freshOn))
  suite(
    "PostgreSQL, encrypted",
    Effect.map(Effect.flatMap(server, freshOn), (place) => ({ ...place, store: encrypted(place.store) }))
  )
  Faults.suite("PostgreSQL", Effect.flatMap(server, freshOn))

  it.live("23. what is left of the transaction when the answer to its commit is lost decides what follows", () =>
    Effect.gen(function* () {
      const on = yield* server
      const between = yield* proxy(on.address)
      const place = yield* freshOn(on, between.address)
      let attempts = 0
      const counted = transferring((input) =>
        Effect.suspend(() => {
          attempts++
          return Effect.orDie(Bank.moved(input))
        })
      )
      const told: Array<string> = []
      const hooks = Hooks.make([Bank.Transfer], {
        onActivityComplete: ({ workflowId }) => Effect.sync(() => void told.push(workflowId))
      })
      yield* onBank(
        place,
        Layer.provideMerge(counted, Hooks.layer(hooks)),
        Effect.gen(function* () {
          yield* slowCommits(place)
          const order = yield* Bank.Order.start(Bank.transfer("lost"), { workflowId: "lost" })
          const commits = place.look("SELECT 1 FROM pg_stat_activity WHERE query = 'COMMIT' AND wait_event = 'PgSleep'")
          yield* soon(Effect.map(commits, (found) => assert.lengthOf(found, 1)))
          yield* between.loseAnswers
          yield* soon(Effect.map(cents(place), (found) => assert.deepStrictEqual(found, [990, 1010])))
          yield* between.cut
          assert.strictEqual(yield* order.result, 990)
          assert.deepStrictEqual([yield* cents(place), attempts], [[990, 1010], 1])
          yield* soon(Effect.sync(() => assert.deepStrictEqual(told, ["lost"])))
        })
      )
    }).pipe(Effect.scoped)
  )

  it.live("23. a connection that is lost within a transaction is no end of the attempt: it begins anew", () =>
    Effect.gen(function* () {
      const place = yield* freshOn(yield* server)
      let attempts = 0
      const lost = transferring(
        Effect.fnUntraced(function* (input) {
          const left = yield* Bank.moved(input)
          const sql = yield* SqlClient.SqlClient
          if (++attempts === 1) yield* sql`SELECT pg_terminate_backend(pg_backend_pid())`
          return left
        }, Effect.orDie)
      )
      yield* onBank(
        place,
        lost,
        Effect.gen(function* () {
          assert.strictEqual(yield* Bank.Order.execute(Bank.transfer("gone"), { workflowId: "gone" }), 990)
          assert.deepStrictEqual([yield* cents(place), attempts], [[990, 1010], 2])
          assert.deepStrictEqual(yield* place.look("SELECT attempt FROM transfers"), [{ attempt: 1 }])
        })
      )
    })
  )

  it.live("23. a deadlock is no end of an attempt either", () =>
    Effect.gen(function* () {
      const place = yield* freshOn(yield* server)
      const both = yield* Latch.make()
      const attempts: Array<string> = []
      const crossing = transferring(
        Effect.fnUntraced(function* ({ from, name, to }) {
          const sql = yield* SqlClient.SqlClient
          yield* sql`UPDATE accounts SET cents = cents - 1 WHERE name = ${from}`
          if (attempts.push(name) === 2) yield* both.open
          yield* both.await
          yield* sql`UPDATE accounts SET cents = cents + 1 WHERE name = ${to}`
          return 1
        }, Effect.orDie)
      )
      yield* onBank(
        { ...place, store: Postgres.layer({ url: Redacted.make(place.url) }) },
        crossing,
        Effect.gen(function* () {
          const one = Bank.Order.execute(Bank.transfer("one"), { workflowId: "one" })
          const back = { ...Bank.transfer("other"), from: "account 1", to: "account 0" }
          const other = Bank.Order.execute(back, { workflowId: "other" })
          assert.deepStrictEqual(yield* Effect.all([one, other], { concurrency: 2 }), [1, 1])
          assert.deepStrictEqual([yield* cents(place), attempts.length], [[1000, 1000], 3])
        })
      )
    })
  )

  it.live("23. a timeout within the transaction undoes it, and is recorded as every timeout", () =>
    Effect.gen(function* () {
      const place = yield* freshOn(yield* server)
      const Short = Activity.transactional("Transfer", {
        input: Bank.TransferInput,
        success: Schema.Int,
        error: Schema.Union([Bank.Poor, Activity.ActivityTimedOut]),
        retry: undefined,
        timeout: "300 millis"
      })
      const ShortLive = Short.toLayer((input) =>
        Effect.orDie(Bank.moved(input)).pipe(
          Effect.tap(() => (input.name === "late" ? Effect.sleep("5 seconds") : Effect.void))
        )
      )
      const workflows = Bank.Order.toLayer((input) =>
        Short.with({ timeout: { attempt: "300 millis", total: "300 millis" } })(input).pipe(
          Effect.catchTag("ActivityTimedOut", () => new Bank.Poor({ name: "late" }))
        )
      ).pipe(Layer.provide(ShortLive))
      yield* onBank(
        place,
        workflows,
        Effect.gen(function* () {
          const exit = yield* Effect.exit(Bank.Order.execute(Bank.transfer("late"), { workflowId: "late" }))
          assert.deepStrictEqual(exit, Exit.fail(new Bank.Poor({ name: "late" })))
          assert.deepStrictEqual(yield* cents(place), [1000, 1000])
          // The rows are free again, and nothing comes later.
          assert.strictEqual(yield* Bank.Order.execute(Bank.transfer("in time"), { workflowId: "in time" }), 990)
          assert.deepStrictEqual(yield* cents(place), [990, 1010])
          const resolved = (yield* events("late")).find(({ _tag }) => _tag === "ActivityResolved")
          assert.deepInclude(resolved, { exit: { _tag: "TimedOut", after: 300 } })
        })
      )
    })
  )

  it.live("23. a handler whose execution is cancelled undoes what it wrote, and its connection is free", () =>
    Effect.gen(function* () {
      const place = yield* freshOn(yield* server)
      const began = yield* Deferred.make<void>()
      const hanging = transferring((input) =>
        Effect.orDie(Bank.moved(input)).pipe(
          Effect.tap(Deferred.succeed(began, undefined)),
          Effect.tap(input.name === "hangs" ? Effect.never : Effect.void)
        )
      )
      yield* onBank(
        place,
        hanging,
        Effect.gen(function* () {
          const order = yield* Bank.Order.start(Bank.transfer("hangs"), { workflowId: "hangs" })
          yield* Deferred.await(began)
          yield* order.cancel("enough")
          yield* Effect.exit(order.result)
          assert.strictEqual(yield* Bank.Order.execute(Bank.transfer("next"), { workflowId: "next" }), 990)
          assert.deepStrictEqual(yield* cents(place), [990, 1010])
          const idle = place.look("SELECT 1 FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'")
          yield* soon(Effect.map(idle, (found) => assert.lengthOf(found, 0)))
        })
      )
    })
  )

  it.live("23. locks are waited for as long as statements, and an idle transaction ends after half a minute", () =>
    Effect.gen(function* () {
      const place = yield* freshOn(yield* server)
      const settings: Array<unknown> = []
      const looking = transferring(
        Effect.fnUntraced(function* () {
          const sql = yield* SqlClient.SqlClient
          settings.push(
            ...(yield* sql`
              SELECT name, setting FROM pg_settings
              WHERE name IN ('lock_timeout', 'idle_in_transaction_session_timeout') ORDER BY name
            `)
          )
          return 1
        }, Effect.orDie)
      )
      yield* onBank(place, looking, Bank.Order.execute(Bank.transfer("look"), { workflowId: "look" }))
      assert.deepStrictEqual(settings, [
        { name: "idle_in_transaction_session_timeout", setting: "30000" },
        { name: "lock_timeout", setting: "1000" }
      ])
    })
  )

  it.live("23. a statement that failed fails the transaction, which says so to a handler that went on", () =>
    Effect.gen(function* () {
      const place = yield* freshOn(yield* server)
      const goingOn = transferring(
        Effect.fnUntraced(function* (input) {
          const sql = yield* SqlClient.SqlClient
          const left = yield* Bank.moved(input)
          yield* Effect.ignore(sql`SELECT no_such_column`)
          return left
        }, Effect.orDie)
      )
      yield* onBank(
        place,
        goingOn,
        Effect.gen(function* () {
          const exit = yield* Effect.exit(Bank.Order.execute(Bank.transfer("on"), { workflowId: "on" }))
          assert.include(String(exit), "a statement of the handler failed, which fails the whole transaction")
          assert.deepStrictEqual(yield* cents(place), [1000, 1000])
        })
      )
    })
  )

  it.live(
    "23. a handler that ends its transaction itself has a defect that says so, and nothing of it takes effect",
    () =>
      Effect.gen(function* () {
        for (const end of ["COMMIT", "ROLLBACK", "COMMIT, and another BEGIN"]) {
          const place = yield* freshOn(yield* server)
          const ending = transferring(
            Effect.fnUntraced(function* (input) {
              const sql = yield* SqlClient.SqlClient
              const left = yield* Bank.moved(input)
              for (const statement of end.split(", and another ")) yield* sql.unsafe(statement)
              return left
            }, Effect.orDie)
          )
          yield* onBank(
            place,
            ending,
            Effect.gen(function* () {
              const exit = yield* Effect.exit(Bank.Order.execute(Bank.transfer("on"), { workflowId: "on" }))
              assert.include(String(exit), "the transaction is that of the store, which ends it")
              assert.deepStrictEqual(yield* cents(place), [1000, 1000])
            })
          )
        }
      })
  )

  it.live("23. of two workers that run one call the second waits for the first, and runs no handler after it", () =>
    Effect.gen(function* () {
      const place = yield* freshOn(yield* server)
      const held = yield* Deferred.make<void>()
      const began = yield* Deferred.make<void>()
      let attempts = 0
      const holding = transferring((input) =>
        Effect.suspend(() => {
          attempts++
          return Effect.orDie(Bank.moved(input)).pipe(
            Effect.tap(Deferred.succeed(began, undefined)),
            Effect.tap(Deferred.await(held))
          )
        })
      )
      const executor = Executor.layer({ heartbeatInterval: "100 millis", lease: "500 millis" })
      yield* onBank(
        place,
        Layer.empty,
        Effect.gen(function* () {
          const linked = Effect.gen(function* () {
            const context = yield* Layer.build(place.store)
            const link = FaultyStore.make(Context.get(context, WorkflowStore), { begun: 0, underWay: 0 })
            return { link, store: Layer.succeedContext(Context.add(context, WorkflowStore, link.store)) }
          })
          const [one, other] = [yield* linked, yield* linked]
          // The transactions of this worker are those of a worker that was frozen: they go on when it does.
          const first = yield* Layer.build(holding.pipe(Layer.provideMerge(executor), Layer.provide(one.store)))
          yield* Effect.provideContext(Bank.Order.start(Bank.transfer("two"), { workflowId: "two" }), first)
          yield* Deferred.await(began)
          one.link.fault = FaultyStore.cut()
          yield* Layer.build(holding.pipe(Layer.provide(executor), Layer.provide(other.store)))
          const waits = place.look("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
          yield* soon(Effect.map(waits, (found) => assert.lengthOf(found, 1, "the second waits")))
          // What the history says it learns in the transaction alone.
          other.link.fault = FaultyStore.cut()
          yield* Deferred.succeed(held, undefined)
          yield* soon(Effect.map(cents(place), (found) => assert.deepStrictEqual(found, [990, 1010])))
          const transactions = place.look("SELECT 1 FROM pg_locks WHERE locktype = 'advisory'")
          yield* soon(Effect.map(transactions, (found) => assert.lengthOf(found, 0)))
          assert.strictEqual(attempts, 1)
          one.link.fault = FaultyStore.sound
          other.link.fault = FaultyStore.sound
          const { result } = yield* Bank.Order.handle("two")
          assert.strictEqual(yield* result, 990)
          assert.deepStrictEqual([yield* cents(place), attempts], [[990, 1010], 1])
          assert.include(
            (yield* events("two")).map(({ _tag }) => _tag),
            "OwnerChanged"
          )
        }).pipe(Effect.scoped)
      )
    })
  )

  it.live("23. with a client of the app, what the app has made of it is part of the transaction", () =>
    Effect.gen(function* () {
      const place = yield* freshOn(yield* server)
      const client = PgClient.layer({ url: Redacted.make(place.direct.url) })
      const Notes = Effect.map(SqlClient.SqlClient, (sql) => ({
        add: (name: string) => Effect.orDie(sql`INSERT INTO transfers (number, attempt, cents) VALUES (${name}, 0, 0)`)
      }))
      const handlers = Layer.unwrap(
        Effect.map(Notes, ({ add }) =>
          Bank.Transfer.toLayer((input) =>
            Effect.andThen(add(`note of ${input.name}`), Effect.fail(new Bank.Poor({ name: "after the note" })))
          )
        )
      )
      const workflows = Bank.Order.toLayer((input) => Bank.Transfer(input)).pipe(
        Layer.provide(handlers.pipe(Layer.provide(client)))
      )
      // One client for both: the layer is built once.
      yield* onBank(
        { ...place, store: Postgres.layerFromClient({ timeout: "1 second" }).pipe(Layer.provide(client), Layer.orDie) },
        workflows as never,
        Effect.gen(function* () {
          yield* Effect.exit(Bank.Order.execute(Bank.transfer("noted"), { workflowId: "noted" }))
          assert.deepStrictEqual(yield* place.look("SELECT number FROM transfers"), [])
        })
      )
    })
  )

  it.live("23. more attempts than the store has connections for wait, and the store works meanwhile", () =>
    Effect.gen(function* () {
      const place = yield* freshOn(yield* server)
      const noted = transferring(
        Effect.fnUntraced(function* ({ name }) {
          const sql = yield* SqlClient.SqlClient
          yield* sql`INSERT INTO transfers (number, attempt, cents) VALUES (${name}, 1, 0)`
          yield* Effect.sleep("100 millis")
          return 0
        }, Effect.orDie)
      )
      yield* onBank(
        place,
        noted,
        Effect.gen(function* () {
          const names = Array.from({ length: 30 }, (_, number) => `many ${number}`)
          const order = (name: string) => Bank.Order.execute(Bank.transfer(name), { workflowId: name })
          yield* Effect.forEach(names, order, { concurrency: "unbounded" })
          assert.deepStrictEqual(yield* place.look("SELECT count(*)::int AS count FROM transfers"), [{ count: 30 }])
        })
      )
    })
  )

  const sessionOf = Effect.fnUntraced(function* () {
    const sql = yield* SqlClient.SqlClient
    const [found] = yield* sql<Record<string, unknown>>`
      SELECT current_setting('synchronous_commit') AS "commit", current_setting('search_path') AS path, current_user AS "user",
        current_setting('default_transaction_read_only') AS "readOnly", current_setting('jit') AS jit,
        to_regclass('pg_temp.mine')::text AS temporary,
        (SELECT string_agg(name, ',') FROM pg_prepared_statements WHERE from_sql) AS prepared
    `
    return found
  })

  it.live("23. what a handler changes of its session is as it was for the store and for handlers after it", () =>
    Effect.gen(function* () {
      const on = yield* server
      const place = yield* freshOn(on)
      const seen: Array<unknown> = []
      const changing = transferring(
        Effect.fnUntraced(function* (input: typeof Bank.Transfer.input.Type) {
          const sql = yield* SqlClient.SqlClient
          if (input.name === "look") return void seen.push(yield* sessionOf())
          yield* Bank.moved(input)
          yield* sql`SET synchronous_commit = off`
          yield* sql`SET search_path = nowhere`
          yield* sql`SET default_transaction_read_only = on`
          yield* sql`CREATE TEMPORARY TABLE mine (id int)`
          yield* sql`SELECT pg_advisory_lock(77)`
          yield* sql`PREPARE mine AS SELECT 1`
          yield* sql`SET ROLE pg_monitor`
          if (input.name === "fails") yield* Effect.ignore(sql`SELECT 1 / 0`)
          return 1
        }, Effect.orDie) as never
      )
      const store = Postgres.layer({ url: Redacted.make(place.url), timeout: "1 second", maxConnections: 5, lanes: 1 })
      yield* onBank(
        { ...place, store },
        Layer.orDie(changing as Layer.Layer<never>) as never,
        Effect.gen(function* () {
          assert.strictEqual(yield* Faults.run("changes"), 1)
          assert.isTrue(Exit.isFailure(yield* Faults.exitOf("fails")))
          yield* Effect.forEach(["a", "b", "c", "d"], (name) =>
            Effect.exit(Bank.Order.execute(Bank.transfer("look"), { workflowId: name }))
          )
          const before = {
            commit: "on",
            path: '"$user", public',
            user: "postgres",
            readOnly: "off",
            jit: "off",
            temporary: null,
            prepared: null
          }
          assert.deepStrictEqual(seen, [before, before, before, before])
          assert.deepStrictEqual(yield* place.look("SELECT 1 FROM pg_locks WHERE locktype = 'advisory'"), [])
          assert.deepStrictEqual(yield* Faults.transfers(place), ["changes"])
        })
      )
    })
  )

  it.live("23. a transaction that cannot write does not begin again and again", () =>
    Effect.gen(function* () {
      const place = yield* freshOn(yield* server)
      const forbidden = transferring(
        Effect.fnUntraced(function* (input) {
          const sql = yield* SqlClient.SqlClient
          yield* sql.unsafe(input.name)
          return 1
        }, Effect.orDie)
      )
      yield* onBank(
        place,
        forbidden,
        Effect.gen(function* () {
          assert.include(
            String(yield* Faults.exitOf("SET TRANSACTION READ ONLY")),
            "the transaction is that of the store"
          )
          assert.include(
            String(yield* Faults.exitOf("SET LOCAL transaction_read_only = on")),
            "the transaction is that of the store"
          )
          for (const statement of ["COPY transfers TO STDOUT", "DEALLOCATE ALL"]) {
            assert.include(
              String(yield* Faults.exitOf(statement)),
              "the client cannot go on after COPY and DEALLOCATE ALL"
            )
          }
          const large = "SELECT repeat('x', 20000000)"
          assert.include(String(yield* Faults.exitOf(large)), "a row is more than the client takes: Message length")
          const revoked =
            "DO $$ BEGIN EXECUTE 'ALTER TABLE perdure.commits ADD CHECK (events IS NULL) NOT VALID'; END $$"
          assert.include(String(yield* Faults.exitOf(revoked)), "PostgreSQL refuses to save: ")
        })
      )
    })
  )

  it.live("23. commits whose answers are lost leave room for others", () =>
    Effect.gen(function* () {
      const on = yield* server
      const between = yield* proxy(on.address)
      const place = yield* freshOn(on, between.address)
      const store = Postgres.layer({
        url: Redacted.make(place.url),
        timeout: "1 second",
        maxConnections: 5,
        lanes: 1
      })
      yield* onBank(
        { ...place, store },
        transferring(
          Effect.fnUntraced(function* ({ name }) {
            const sql = yield* SqlClient.SqlClient
            yield* sql`INSERT INTO transfers (number, attempt, cents) VALUES (${name}, 1, 0)`
            return 1
          }, Effect.orDie)
        ),
        Effect.gen(function* () {
          yield* slowCommits(place)
          const orders = yield* Effect.forEach(["one", "two"], (name) => Effect.forkChild(Faults.run(name)))
          const sleeping = "query = 'COMMIT' AND wait_event = 'PgSleep'"
          const ports = place.look(`SELECT client_port AS port FROM pg_stat_activity WHERE ${sleeping}`)
          yield* soon(Effect.map(ports, (found) => assert.lengthOf(found, 2)))
          yield* between.loseAnswersTo((yield* ports).map(({ port }) => Number(port)))
          // Their connections hang for good, and others find what became of them.
          const left = yield* Effect.all(orders.map(Fiber.join)).pipe(Effect.timeout("15 seconds"))
          assert.deepStrictEqual(left, [1, 1])
          assert.strictEqual(yield* Faults.run("three").pipe(Effect.timeout("15 seconds")), 1)
          assert.strictEqual((yield* Faults.transfers(place)).length, 3)
          // A store that closes waits for its connections.
        }).pipe(Effect.ensuring(between.cut))
      )
    }).pipe(Effect.scoped)
  )
})
