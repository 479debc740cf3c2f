/** What the areas of the suite are told, and how they wait and open further stores. */
import { Context, type Duration, Effect, Exit, Layer, Schedule } from "effect"
import { WorkflowStore } from "perdure/Store/WorkflowStore"
import type { WithLayer } from "../Runner.ts"
import type { Store } from "./builders.ts"

export interface Settings {
  readonly layer: Layer.Layer<WorkflowStore, unknown>
  readonly shared: boolean
  readonly writes: "accepted" | "refused"
  readonly eventually: Duration.Duration
  readonly groupSize: number
  readonly timeout: number
}

/** Defines the tests of one area. */
export type Area = (it: WithLayer<WorkflowStore>, settings: Settings) => void

/** Another store, on the same data when the store is shared. */
export const another = (settings: Settings) =>
  Effect.map(Layer.build(Layer.fresh(settings.layer)), (context): Store => Context.get(context, WorkflowStore))

/** The store under test and, when its data can be shared, a second one on it. */
export const stores = Effect.fnUntraced(function* (settings: Settings) {
  const store = yield* WorkflowStore
  return settings.shared ? [store, yield* another(settings)] : [store]
})

/** Repeats a check that throws until it holds, as long as "soon" may take. */
export const eventually = <A, E, R>(settings: Settings, check: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.exit(check).pipe(
    Effect.repeat({
      until: Exit.isSuccess,
      schedule: Schedule.spaced("20 millis").pipe(Schedule.upTo({ duration: settings.eventually }))
    }),
    Effect.andThen(check)
  )

/** Runs a check on listings: once when they are strong, until it holds when they follow. */
export const listed = <A, E, R>(
  store: Store,
  settings: Settings,
  check: Effect.Effect<A, E, R>
): Effect.Effect<A, E, R> => (store.guarantees.listing === "strong" ? check : eventually(settings, check))
