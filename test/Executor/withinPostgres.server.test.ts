/** Transactions of an app on PostgreSQL, each on a connection of its own, beside workers that go on. */
import * as PgClient from "@effect/sql-pg/PgClient"
import { assert, it } from "@effect/vitest"
import { Context, Deferred, Effect, Exit, Fiber, Latch, Layer, Redacted, Schedule, Stream } from "effect"
import { SqlClient } from "effect/sql"
import * as Postgres from "perdure/Store/Postgres"
import { WorkflowStore } from "perdure/Store/WorkflowStore"
import { proxy } from "../support/proxy.ts"
import { describeWith, postgresServer, shared } from "../support/servers.ts"
import * as Shop from "../support/shop.ts"
import { soon } from "../support/soon.ts"
import { onPostgres } from "./transactionPlaces.ts"
import { executions, inShop, orders, reason, suite, withinTransaction } from "./within.ts"

const sql = <A extends object>(text: string) => Effect.flatMap(SqlClient.SqlClient, (client) => client.unsafe<A>(text))

describeWith("postgres", "PostgreSQL", () => {
  const server = shared(postgresServer({ inMemory: true }))
  suite("PostgreSQL", Effect.flatMap(server, onPostgres))

  it.live("24. one whose connection is lost fails, and leaves nothing", () =>
    Effect.gen(function* () {
      const place = yield* onPostgres(yield* server)
      yield* inShop(
        place,
        Effect.gen(function* () {
          const lost = sql("SELECT pg_terminate_backend(pg_backend_pid())")
          const exit = yield* Effect.exit(withinTransaction(Effect.andThen(Shop.both("gone"), lost)))
          assert.isTrue(Exit.isFailure(exit))
          const started = Effect.andThen(Effect.ignore(lost), Shop.Order.start({ id: "gone", notes: 0 }))
          const before = performance.now()
          assert.strictEqual(yield* reason(withinTransaction(started)), "Unavailable")
          assert.isBelow(performance.now() - before, 2000, "nothing waits for a connection that is lost")
          assert.deepStrictEqual([yield* orders(place), yield* executions], [[], []])
          yield* Shop.place("gone")
        })
      )
    })
  )

  it.live("24. one whose answer to the commit is lost may be repeated with the same id", () =>
    Effect.gen(function* () {
      const on = yield* server
      const between = yield* proxy(on.address)
      const place = yield* onPostgres(on, between.address)
      yield* inShop(
        place,
        Effect.gen(function* () {
          yield* place.look(`
            CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS
            'BEGIN PERFORM pg_sleep(0.5); RETURN NULL; END'
          `)
          yield* place.look(`
            CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON orders DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW EXECUTE FUNCTION slow()
          `)
          const placing = yield* Effect.forkChild(reason(Shop.place("lost", 1)))
          const commits = place.look("SELECT 1 FROM pg_stat_activity WHERE query = 'COMMIT' AND wait_event = 'PgSleep'")
          yield* soon(Effect.map(commits, (found) => assert.lengthOf(found, 1)))
          yield* between.loseAnswers
          yield* soon(Effect.map(orders(place), (found) => assert.lengthOf(found, 1)))
          yield* between.cut
          const found = yield* Fiber.join(placing)
          assert.strictEqual(found, "Unavailable")
          assert.deepStrictEqual(yield* orders(place), ["lost"])
          const again = Effect.gen(function* () {
            yield* sql("INSERT INTO orders (id, state) VALUES ('lost', 'new') ON CONFLICT (id) DO NOTHING")
            return yield* Shop.Order.start({ id: "lost", notes: 1 }, { workflowId: "lost" })
          })
          const order = yield* withinTransaction(again)
          assert.isFalse(order.created)
          yield* Shop.Note.send(order, "found")
          assert.deepStrictEqual(yield* order.result, ["found"])
        })
      )
    }).pipe(Effect.scoped)
  )

  it.live("24. one that goes on after a statement that failed is refused, and leaves nothing", () =>
    Effect.gen(function* () {
      const place = yield* onPostgres(yield* server)
      yield* inShop(
        place,
        Effect.gen(function* () {
          const bad = Effect.ignore(sql("SELECT no_such_column"))
          const says =
            "a statement failed, which fails the whole transaction; run what may fail within sql.withTransaction"
          const late = yield* Effect.flip(withinTransaction(Effect.andThen(Shop.both("one"), bad)))
          assert.include(late.message, says)
          const early = yield* Effect.flip(
            withinTransaction(Effect.andThen(bad, Shop.Order.start({ id: "one", notes: 0 })))
          )
          assert.include(early.message, says)
          // The session is given back by undoing what has failed.
          const changed = Effect.andThen(sql("SET search_path = nowhere"), bad)
          const changing = yield* Effect.flip(withinTransaction(Effect.andThen(Shop.both("one"), changed)))
          assert.include(changing.message, says)
          assert.deepStrictEqual([yield* orders(place), yield* executions], [[], []])
        })
      )
    })
  )

  it.live("24. a deadlock fails one of two, whose app may repeat it", () =>
    Effect.gen(function* () {
      const place = yield* onPostgres(yield* server)
      yield* inShop(
        { store: Postgres.layer({ url: Redacted.make(place.url) }) },
        Effect.gen(function* () {
          for (const id of ["a", "b"]) yield* Shop.place(id, 2)
          const both = yield* Latch.make()
          let begun = 0
          const crossing = (first: string, second: string) =>
            Effect.gen(function* () {
              yield* Shop.Note.send(first, `from ${first}`)
              if (++begun === 2) yield* both.open
              yield* both.await
              yield* Shop.Note.send(second, `from ${first}`)
            }).pipe(
              withinTransaction,
              Effect.retry({
                times: 5,
                while: (error) => error._tag === "WorkflowError" && error.reason._tag === "StoreUnavailable"
              })
            )
          yield* Effect.all([crossing("a", "b"), crossing("b", "a")], { concurrency: 2 })
          // The second try may meet the worker, which commits for both executions together.
          assert.isAtLeast(begun, 3)
          for (const id of ["a", "b"]) {
            const notes = yield* Effect.flatMap(Shop.Order.handle(id), ({ result }) => result)
            assert.deepStrictEqual(notes.toSorted(), ["from a", "from b"])
          }
        })
      )
    })
  )

  it.live("24. executions that a transaction holds keep no other one waiting, and go on after it", () =>
    Effect.gen(function* () {
      const place = yield* onPostgres(yield* server)
      yield* inShop(
        place,
        Effect.gen(function* () {
          const held = ["held 0", "held 1", "held 2", "held 3"]
          const others = Array.from({ length: 50 }, (_, number) => `other ${number}`)
          for (const id of [...held, ...others]) yield* Shop.Order.start({ id, notes: 40 }, { workflowId: id })
          const [began, end] = [yield* Deferred.make<void>(), yield* Deferred.make<void>()]
          const holding = Effect.forEach(held, (id) => Shop.Note.send(id, "held")).pipe(
            Effect.andThen(Deferred.succeed(began, undefined)),
            Effect.andThen(Deferred.await(end)),
            withinTransaction
          )
          const holder = yield* Effect.forkChild(holding)
          yield* Deferred.await(began)
          const stuck = yield* Effect.forkChild(
            Effect.forEach(held, (id) => Effect.exit(Shop.Note.send(id, "stuck")), { concurrency: "unbounded" })
          )
          const longest = { took: 0 }
          const send = (id: string) =>
            Effect.gen(function* () {
              const before = performance.now()
              yield* Shop.Note.send(id, "goes on")
              longest.took = Math.max(longest.took, performance.now() - before)
            })
          // So long that the pauses between two tries of an executor are longer than what is asked of it below.
          const until = performance.now() + 4000
          let rounds = 0
          while (performance.now() < until) {
            rounds++
            yield* Effect.forEach(others, send, { concurrency: "unbounded", discard: true })
            yield* Effect.sleep("150 millis")
          }
          yield* Effect.logInfo(
            `${rounds} rounds of 50 while 4 are held; the longest took ${Math.round(longest.took)} ms`
          )
          assert.isBelow(longest.took, 1000)
          assert.isAbove(rounds, 8)
          const free = performance.now()
          yield* Deferred.succeed(end, undefined)
          yield* Fiber.join(holder)
          const sent = (yield* Fiber.join(stuck)).filter(Exit.isSuccess).length
          assert.strictEqual(sent, held.length, "they wait for no longer than the store may be away")
          assert.isBelow(performance.now() - free, 1000, "they go on at once")
          for (const id of held) {
            yield* Effect.forEach(Array.from({ length: 38 }), () => Shop.Note.send(id, "then"))
            const notes = yield* Effect.flatMap(Shop.Order.handle(id), ({ result }) => result)
            assert.deepStrictEqual(
              [notes[0], notes.filter((note) => note === "stuck").length, notes.length],
              ["held", 1, 40]
            )
          }
          for (const id of others.slice(0, 3)) {
            yield* Effect.forEach(Array.from({ length: 40 - rounds }), () => Shop.Note.send(id, "then"))
            const notes = yield* Effect.flatMap(Shop.Order.handle(id), ({ result }) => result)
            assert.strictEqual(notes.filter((note) => note === "goes on").length, rounds)
          }
        })
      )
    })
  )

  it.live("24. within a transaction of the app's own client it is a part of that, and nobody hears of it before", () =>
    Effect.gen(function* () {
      const place = yield* onPostgres(yield* server)
      const client = PgClient.layer({ url: Redacted.make(place.direct.url) })
      const store = Postgres.layerFromClient({ timeout: "1 second" }).pipe(Layer.provide(client), Layer.orDie)
      yield* inShop(
        { store },
        Effect.gen(function* () {
          const own = Context.get(yield* Layer.build(client), SqlClient.SqlClient)
          const told: Array<string> = []
          const { changes } = yield* WorkflowStore
          const hear = Stream.runForEach(changes, (batch) =>
            Effect.sync(() => told.push(...batch.map(({ workflowId }) => workflowId)))
          )
          yield* Effect.forkScoped(hear)
          yield* Effect.sleep("100 millis")
          const failed = Effect.andThen(Shop.place("undone"), Effect.fail("the app fails later"))
          assert.strictEqual(yield* Effect.flip(own.withTransaction(failed)), "the app fails later")
          const order = yield* own.withTransaction(
            Effect.gen(function* () {
              yield* own`INSERT INTO orders (id, state) VALUES ('by the app', 'new')`
              const order = yield* Shop.place("one", 1)
              yield* Effect.exit(withinTransaction(Effect.andThen(Shop.both("two"), Effect.fail("a part"))))
              yield* Effect.sleep("300 millis")
              assert.deepStrictEqual(told, [])
              return order
            })
          )
          yield* soon(Effect.sync(() => assert.include(told, "one")))
          yield* Shop.Note.send(order, "hello")
          assert.deepStrictEqual(yield* order.result, ["hello"])
          assert.deepStrictEqual([yield* orders(place), yield* executions], [["by the app", "one"], ["one"]])
          assert.notIncludeMembers(told, ["undone", "two"])
        }).pipe(Effect.scoped, Effect.provide(client)) as never
      )
    })
  )

  it.live("24. two that start one id are one start, and the second finds it", () =>
    Effect.gen(function* () {
      const place = yield* onPostgres(yield* server)
      yield* inShop(
        place,
        Effect.gen(function* () {
          const began = yield* Deferred.make<void>()
          const start = Shop.Order.start({ id: "one", notes: 0 }, { workflowId: "one" })
          const first = yield* Effect.forkChild(
            start.pipe(
              Effect.tap(Deferred.succeed(began, undefined)),
              Effect.tap(Effect.sleep("300 millis")),
              withinTransaction
            )
          )
          yield* Deferred.await(began)
          const second = yield* withinTransaction(start)
          const { runId } = yield* Fiber.join(first)
          assert.deepStrictEqual([second.runId, second.created], [runId, false])
        })
      )
    })
  )

  it.live("24. a serializable transaction that cannot be ordered fails, and may be repeated", () =>
    Effect.gen(function* () {
      const place = yield* onPostgres(yield* server)
      yield* inShop(
        place,
        Effect.gen(function* () {
          const order = yield* Shop.place("one", 12)
          let tries = 0
          const count = (number: number) =>
            Effect.gen(function* () {
              tries++
              const [found] = yield* sql<{ count: number }>("SELECT count(*)::int AS count FROM orders")
              yield* Shop.row(`more ${number}`, String(found!.count))
              yield* Shop.Note.send(order, `note ${number}`)
            }).pipe(
              withinTransaction,
              Effect.provideService(SqlClient.BeginTransaction, "BEGIN ISOLATION LEVEL SERIALIZABLE"),
              Effect.retry({ times: 200, schedule: Schedule.jittered(Schedule.spaced("20 millis")) })
            )
          yield* Effect.forEach(Array.from({ length: 12 }).keys(), count, { concurrency: 6 })
          assert.lengthOf(yield* order.result, 12)
          const states = yield* place.look("SELECT state::int AS state FROM orders WHERE id LIKE 'more%' ORDER BY 1")
          assert.deepStrictEqual(
            states.map(({ state }) => state),
            Array.from({ length: 12 }, (_, number) => number + 1)
          )
          assert.isAbove(tries, 12)
        })
      )
    })
  )
})
