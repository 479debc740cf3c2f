/**
 * Removes executions that ended long ago, and runs that were continued long ago. Nothing is removed unless this layer is added.
 *
 * It reads and removes in small batches at a bounded rate, in one process at a time. An execution that still owes messages stays: so a
 * child is removed only once its parent has recorded how it ended.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { WorkerId } from "../Ids.ts"
import { newId } from "../internal/newId.ts"
import { goingOn } from "../internal/ofLayer.ts"
import { Unsupported } from "../Store/StoreError.ts"
import { StoreError, WorkflowStore } from "../Store/WorkflowStore.ts"
import { type Options, type Removed, settingsOf } from "./retention/Options.ts"
import { pass } from "./retention/pass.ts"
import { Runs } from "./retention/Runs.ts"
import { beat, Shift } from "./retention/Shift.ts"

export type { EndStatus, Options, Removed, Rule } from "./retention/Options.ts"

/**
 * Removes what is due, again and again while the scope is open, on the store that is provided. Any number of processes may have it: one
 * of them removes, and another one goes on when that is gone. Throws a `TypeError` for options that make no sense.
 *
 * **Example** (Failed orders are kept for a year, and all else for a month)
 *
 * ```ts
 * import { Layer } from "effect"
 * import { Retention } from "perdure"
 * import * as SqliteStore from "perdure/Store/Sqlite"
 *
 * const Store = SqliteStore.layer({ filename: "orders.db" })
 * const RetentionLive = Retention.layer({
 *   closed: [{ workflow: "Order", status: ["failed", "timedOut"], after: "365 days" }, { after: "30 days" }],
 *   olderRuns: "7 days"
 * }).pipe(Layer.provide(Store))
 * ```
 *
 * @category layers
 * @since 0.2.0
 */
export const layer = (options: Options): Layer.Layer<never, StoreError, WorkflowStore> => {
  const settings = settingsOf(options)
  return Layer.effectDiscard(
    Effect.gen(function* () {
      const store = yield* writable
      const id = yield* Effect.withFiber((fiber) => Effect.succeed(newId(fiber)))
      const shift = new Shift(store, WorkerId.make(`perdure:retention/${id}`))
      const runs = new Runs(store)
      let next = 0
      const look = Effect.gen(function* () {
        const isMine = yield* shift.isMine
        const now = yield* Clock.currentTimeMillis
        if (!isMine || now < next) return
        yield* report(yield* pass(store, settings, runs, shift.isMine))
        next = (yield* Clock.currentTimeMillis) + settings.every
      })
      const work = Effect.catchCause(look, (cause) => Effect.logWarning("retention goes on later", cause)).pipe(
        Effect.andThen(Effect.sleep(Math.min(settings.every, Duration.toMillis(beat))))
      )
      yield* Effect.addFinalizer(() => shift.end)
      yield* Effect.forkScoped(goingOn(Effect.forever(work)))
    })
  )
}

/**
 * Removes once what is due: for a command or a schedule of one's own. Says what it has removed. Throws a `TypeError` for options that make
 * no sense.
 *
 * @category operations
 * @since 0.2.0
 */
export const once = (options: Options): Effect.Effect<Removed, StoreError, WorkflowStore> => {
  const settings = settingsOf(options)
  return Effect.flatMap(writable, (store) => pass(store, settings, new Runs(store), Effect.succeed(true)))
}

// internal

const writable = Effect.gen(function* () {
  const store = yield* WorkflowStore
  if (store.guarantees.writes === "accepted") return store
  const detail =
    "this store only shows executions, so nothing can be removed: use the retention of the server behind it"
  return yield* new StoreError({ operation: "delete", reason: new Unsupported({ detail }) })
})

const report = ({ executions, runs }: Removed): Effect.Effect<void> =>
  executions + runs === 0
    ? Effect.void
    : Effect.logInfo(`retention removed ${counted(executions, "execution")}, and ${counted(runs, "run")} of others`)

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`
