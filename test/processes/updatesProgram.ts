/**
 * A worker process with carts: `node updatesProgram.ts FILENAME NAME HEARTBEAT LEASE`, in milliseconds. It says when it runs, and
 * ends when it is killed or when the process that started it is gone.
 */
import { writeSync } from "node:fs"
import { Effect, Layer, Logger, Schema } from "effect"
import { Signal, Update, Workflow } from "perdure"
import * as Executor from "perdure/Executor/Default"
import * as Sqlite from "perdure/Store/Sqlite"

export const AddItem = Update.make("addItem", { input: Schema.String, success: Schema.Int })
export const CheckOut = Signal.make("checkOut")
export const Cart = Workflow.make("Cart", { success: Schema.Array(Schema.String) })

/** Adds items, at once, or a while after they were asked for. */
const CartLive = Cart.toLayer(() =>
  Effect.gen(function* () {
    const items: Array<string> = []
    yield* AddItem.handle((item) =>
      Effect.andThen(
        item.startsWith("slow") ? Effect.sleep("2 seconds") : Effect.void,
        Effect.sync(() => items.push(item))
      )
    )
    yield* CheckOut.receive
    return items
  })
)

const [, program, filename, worker, heartbeat, lease] = process.argv
if (program === import.meta.filename) {
  process.stdin.on("end", () => process.exit())
  process.stdin.resume()
  await Effect.runPromise(
    Effect.sync(() => writeSync(1, "runs\n")).pipe(
      Effect.andThen(Effect.never),
      Effect.provide(
        CartLive.pipe(
          Layer.provideMerge(
            Executor.layerWith({ worker: worker!, heartbeatInterval: Number(heartbeat), lease: Number(lease) })
          ),
          Layer.provide(Sqlite.layer({ filename: filename! })),
          Layer.provide(Logger.layer([]))
        )
      )
    )
  )
}
