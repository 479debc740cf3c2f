/**
 * What every store must do. Each title begins with the number of the law of `WorkflowStore.ts` that the test proves.
 *
 * A store of your own passes when `suite` does:
 *
 * ```ts no-run
 * suite("mine", { layer: Mine.layer({ url }), shared: true })
 * ```
 */
import { layer } from "@effect/vitest"
import { Duration, type Layer } from "effect"
import type { WorkflowStore } from "perdure/Store/WorkflowStore"
import { appending } from "./store/appending.ts"
import { contending } from "./store/contending.ts"
import { deleting } from "./store/deleting.ts"
import { listing } from "./store/listing.ts"
import { living } from "./store/living.ts"
import { loading } from "./store/loading.ts"
import { sizing } from "./store/sizing.ts"
import type { Settings } from "./store/Settings.ts"
import { telling } from "./store/telling.ts"

export interface Options<E> {
  /** The store under test. What it keeps may outlive the tests: they use ids that nobody else does. */
  readonly layer: Layer.Layer<WorkflowStore, E>
  /** Whether building the layer once more opens the same data: then the tests also use two stores on it, and reopen it. */
  readonly shared?: boolean
  /** How long "soon" may take: 10 seconds unless told. */
  readonly eventually?: Duration.Input
  /** How many commits a group has that sets a test up; 500 unless told. */
  readonly groupSize?: number
  /** How long a test may take: 60 seconds unless told. */
  readonly timeout?: Duration.Input
}

/** Defines the tests of a store. */
export const suite = <E>(name: string, options: Options<E>): void => {
  const settings: Settings = {
    layer: options.layer,
    shared: options.shared ?? false,
    eventually: Duration.fromInputUnsafe(options.eventually ?? "10 seconds"),
    groupSize: options.groupSize ?? 500,
    timeout: Duration.toMillis(Duration.fromInputUnsafe(options.timeout ?? "60 seconds"))
  }
  layer(options.layer, { excludeTestServices: true, timeout: "2 minutes" })(`${name} store`, (it) => {
    for (const area of [appending, contending, loading, listing, deleting, sizing, telling, living]) area(it, settings)
  })
}
