/** What transactional activities promise, on any store that has transactions. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Layer, Schema } from "effect"
import { SqlClient } from "effect/sql"
import { Activity, ActivityContext, Hooks, RetryPolicy, Workflow } from "perdure"
import * as Executor from "perdure/Executor/Default"
import type { DurableExecutor } from "perdure/Executor/DurableExecutor"
import { Executions } from "perdure/Executor/Executions"
import type { StoreError, WorkflowStore } from "perdure/Store/WorkflowStore"
import type { Transactions } from "perdure/Store/Transactions"
import * as Bank from "../support/bank.ts"

/** A store with transactions, and its database as others see it. */
export interface Place {
  readonly store: Layer.Layer<WorkflowStore | Transactions, StoreError>
  readonly look: (sql: string) => Effect.Effect<ReadonlyArray<Record<string, unknown>>>
}

/** What a test runs with, on top of a store with a bank of some accounts. */
export const onBank = <A, E, L>(
  place: Place,
  workflows: Layer.Layer<never, L, Executor.Services | Transactions>,
  test: Effect.Effect<A, E, DurableExecutor | Executions>
) =>
  Effect.gen(function* () {
    yield* Bank.Founding.execute(2, { workflowId: "founding" })
    return yield* test
  }).pipe(
    Effect.provide(
      Layer.mergeAll(
        workflows,
        Bank.Founding.toLayer((accounts) => Bank.Found(accounts)).pipe(Layer.provide(Bank.FoundLive))
      ).pipe(
        Layer.provideMerge(Executor.layer({ heartbeatInterval: "200 millis", lease: "1 second" })),
        Layer.provideMerge(place.store)
      )
    )
  )

export const events = (workflowId: string) => Effect.flatMap(Executions, ({ history }) => history(workflowId))

const TransferOnly = Bank.Order.toLayer((input) => Bank.Transfer(input))

/** Describes the promises. */
export const suite = (title: string, place: Effect.Effect<Place>): void => {
  const test = <L>(
    name: string,
    workflows: Layer.Layer<never, L, Executor.Services | Transactions>,
    body: (place: Place) => Effect.Effect<void, unknown, DurableExecutor | Executions>
  ) => it.live(name, () => Effect.flatMap(place, (place) => onBank(place, workflows, body(place))), 30_000)
  const cents = (place: Place) => place.look("SELECT cents FROM accounts ORDER BY name")
  const untouched = Effect.fnUntraced(function* (place: Place) {
    assert.deepStrictEqual(yield* cents(place), [{ cents: 1000 }, { cents: 1000 }])
    assert.deepStrictEqual(yield* place.look("SELECT number FROM transfers"), [])
  })

  describe(`transactional activities on ${title}`, () => {
    test(
      "23. what a handler writes and its result are recorded together",
      TransferOnly.pipe(Layer.provide(Bank.TransferLive)),
      Effect.fnUntraced(function* (place) {
        assert.strictEqual(yield* Bank.Order.execute(Bank.transfer("one"), { workflowId: "one" }), 990)
        assert.deepStrictEqual(yield* cents(place), [{ cents: 990 }, { cents: 1010 }])
        const recorded = yield* events("one")
        assert.deepStrictEqual(
          recorded.map(({ _tag }) => _tag),
          ["ExecutionStarted", "ActivityScheduled", "ActivityResolved", "ExecutionCompleted"]
        )
        assert.deepInclude(recorded[2], { exit: { _tag: "Success", value: 990 }, unread: true })
      })
    )

    test(
      "23. many transfers at once add up",
      TransferOnly.pipe(Layer.provide(Bank.TransferLive)),
      Effect.fnUntraced(function* (place) {
        yield* Effect.forEach(
          Array.from({ length: 50 }, (_, number) => `transfer ${number}`),
          (name) => Bank.Order.execute(Bank.transfer(name), { workflowId: name }),
          { concurrency: "unbounded" }
        )
        assert.deepStrictEqual(yield* cents(place), [{ cents: 500 }, { cents: 1500 }])
        assert.deepStrictEqual(yield* place.look("SELECT CAST(COUNT(*) AS INTEGER) AS count FROM transfers"), [
          { count: 50 }
        ])
      })
    )

    test(
      "23. a typed error undoes what the handler wrote, and is recorded",
      TransferOnly.pipe(Layer.provide(Bank.TransferLive)),
      Effect.fnUntraced(function* (place) {
        const exit = yield* Effect.exit(Bank.Order.execute(Bank.transfer("much", 1001), { workflowId: "much" }))
        assert.deepStrictEqual(exit, Exit.fail(new Bank.Poor({ name: "account 0" })))
        yield* untouched(place)
        assert.notDeepInclude(
          (yield* events("much")).find(({ _tag }) => _tag === "ActivityResolved"),
          { unread: true }
        )
      })
    )

    let attempts = 0
    test(
      "23. a typed error is put to the retry policy, and the attempt that succeeds takes effect alone",
      Layer.suspend(() => {
        const Again = Activity.transactional("Transfer", {
          input: Bank.TransferInput,
          success: Schema.Int,
          error: Bank.Poor,
          retry: RetryPolicy.exponential({ maxAttempts: 5, initialInterval: "10 millis" })
        })
        const AgainLive = Again.toLayer(
          Effect.fnUntraced(function* (input) {
            const left = yield* Effect.orDie(Bank.moved(input))
            if (++attempts < 3) return yield* new Bank.Poor({ name: "nobody" })
            return left
          })
        )
        return Bank.Order.toLayer((input) => Again(input)).pipe(Layer.provide(AgainLive))
      }),
      Effect.fnUntraced(function* (place) {
        assert.strictEqual(yield* Bank.Order.execute(Bank.transfer("again"), { workflowId: "again" }), 990)
        assert.deepStrictEqual(yield* cents(place), [{ cents: 990 }, { cents: 1010 }])
        assert.deepStrictEqual(yield* place.look("SELECT number, attempt FROM transfers"), [
          { number: "again", attempt: 3 }
        ])
      })
    )

    test(
      "23. a defect undoes what the handler wrote",
      TransferOnly.pipe(
        Layer.provide(
          Bank.Transfer.toLayer((input) =>
            Effect.andThen(Effect.orDie(Bank.moved(input)), Effect.die(new Error("out of order")))
          )
        )
      ),
      Effect.fnUntraced(function* (place) {
        const exit = yield* Effect.exit(Bank.Order.execute(Bank.transfer("defect"), { workflowId: "defect" }))
        assert.include(String(exit), "out of order")
        yield* untouched(place)
      })
    )

    test(
      "23. a result that does not fit its schema undoes what the handler wrote",
      TransferOnly.pipe(
        Layer.provide(Bank.Transfer.toLayer((input) => Effect.as(Effect.orDie(Bank.moved(input)), 0.5)))
      ),
      Effect.fnUntraced(function* (place) {
        const exit = yield* Effect.exit(Bank.Order.execute(Bank.transfer("misfit"), { workflowId: "misfit" }))
        assert.include(String(exit), "the success of activity Transfer does not fit its schema")
        yield* untouched(place)
      })
    )

    test(
      "23. a handler cannot leave its end to others",
      TransferOnly.pipe(
        Layer.provide(
          Bank.Transfer.toLayer((input) => Effect.andThen(Effect.orDie(Bank.moved(input)), Activity.pending))
        )
      ),
      Effect.fnUntraced(function* (place) {
        const exit = yield* Effect.exit(Bank.Order.execute(Bank.transfer("pending"), { workflowId: "pending" }))
        assert.include(String(exit), "it cannot return Activity.pending")
        yield* untouched(place)
      })
    )

    test(
      "23. a part of a transaction may fail by itself",
      TransferOnly.pipe(
        Layer.provide(
          Bank.Transfer.toLayer(
            Effect.fnUntraced(function* (input) {
              const sql = yield* SqlClient.SqlClient
              const twice = Effect.andThen(Bank.moved(input), Bank.moved(input))
              const failed = yield* Effect.isFailure(sql.withTransaction(twice))
              assert.isTrue(failed, "the name is taken")
              return yield* sql.withTransaction(Bank.moved(input))
            }, Effect.orDie)
          )
        )
      ),
      Effect.fnUntraced(function* (place) {
        assert.strictEqual(yield* Bank.Order.execute(Bank.transfer("part"), { workflowId: "part" }), 990)
        assert.deepStrictEqual(yield* cents(place), [{ cents: 990 }, { cents: 1010 }])
      })
    )

    const told: Array<string> = []
    test(
      "23. hooks are told of the result once",
      TransferOnly.pipe(
        Layer.provide(Bank.TransferLive),
        Layer.provideMerge(
          Hooks.layer(
            Hooks.make([Bank.Transfer], {
              onActivityComplete: ({ activity, workflowId }) =>
                Effect.sync(() => void told.push(`${activity} of ${workflowId}`))
            })
          )
        )
      ),
      Effect.fnUntraced(function* () {
        yield* Bank.Order.execute(Bank.transfer("told"), { workflowId: "told" })
        yield* Effect.sleep("300 millis")
        assert.deepStrictEqual(told, ["Transfer of told"])
      })
    )

    const Nothing = Activity.transactional("Nothing")
    const Twice = Workflow.make("Twice", { success: Schema.Int })
    test(
      "23. a program goes on after several of them, one after the other and at once",
      Twice.toLayer(
        Effect.fnUntraced(function* () {
          yield* Nothing()
          yield* Effect.all([Nothing(), Nothing(), Nothing()], { concurrency: "unbounded" })
          yield* Effect.sleep("10 millis")
          yield* Nothing()
          return 5
        })
      ).pipe(Layer.provide(Nothing.toLayer(() => Effect.asVoid(ActivityContext.ActivityContext)))),
      Effect.fnUntraced(function* () {
        assert.strictEqual(yield* Twice.execute(undefined, { workflowId: "twice" }), 5)
        const resolved = (yield* events("twice")).filter(({ _tag }) => _tag === "ActivityResolved")
        assert.lengthOf(resolved, 5)
      })
    )
  })
}
