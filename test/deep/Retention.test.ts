/** What a SQLite file comes to when executions are removed as fast as others end. */
import { statSync } from "node:fs"
import { assert, it } from "@effect/vitest"
import { Effect, Layer, Schema } from "effect"
import { Activity, Retention, Workflow } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import { WorkflowStore } from "perdure/Store/WorkflowStore"
import * as Sqlite from "perdure/Store/Sqlite"
import { freshFile } from "../support/sqliteFiles.ts"

const filename = freshFile()
const executions = 100_000
const round = 5000

/** What a removed execution leaves for a day: the record of its deletion, in bytes. */
const mostLeft = 250

const Charge = Activity.make("Charge", { input: Schema.Int, success: Schema.String })
const Order = Workflow.make("Order", { input: Schema.Int, success: Schema.String, workflowId: (n) => `order-${n}` })
const OrderLive = Order.toLayer((n) => Effect.orDie(Effect.andThen(Charge(n), Charge(n)))).pipe(
  Layer.provide(Charge.toLayer((n) => Effect.succeed(`receipt for ${n}`)))
)
const RetentionLive = Retention.layer({ closed: "1 second", every: "1 second", perSecond: 100_000 })

it.live(
  `12. ${executions} executions that are removed a second after their end keep a SQLite file bounded`,
  () =>
    Effect.gen(function* () {
      const size = () => statSync(filename).size / 2 ** 20
      const store = yield* WorkflowStore
      const run = (from: number) =>
        Effect.forEach(
          Array.from({ length: round }, (_, index) => from + index),
          (n) => Order.execute(n),
          { concurrency: 64, discard: true }
        )
      const sizes: Array<number> = []
      for (let from = 0; from < executions; from += round) {
        yield* run(from)
        sizes.push(size())
      }
      yield* Effect.sleep("100 millis").pipe(
        Effect.andThen(store.count()),
        Effect.repeat({ until: (n) => n === 0, times: 600 })
      )
      yield* Effect.log(
        `the file after each ${round} executions, in MB: ${sizes.map((each) => each.toFixed(1)).join(" ")}`
      )
      const half = sizes.length / 2
      const left = ((sizes.at(-1)! - Math.max(...sizes.slice(0, half))) * 2 ** 20) / (executions / 2)
      yield* Effect.log(`${left.toFixed(0)} bytes a removed execution`)
      assert.isBelow(left, mostLeft)
      assert.strictEqual(yield* store.count(), 0)
    }).pipe(
      Effect.provide(
        Layer.merge(OrderLive.pipe(Layer.provideMerge(DefaultExecutor.layer)), RetentionLive).pipe(
          Layer.provideMerge(Sqlite.layer({ filename }))
        )
      )
    ),
  600_000
)
