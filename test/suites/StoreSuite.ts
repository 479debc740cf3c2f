/**
 * What every store must do. Each title begins with the number of the law of `WorkflowStore.ts` that the test proves.
 *
 * A store of your own passes when `suite` does:
 *
 * ```ts no-run
 * suite("mine", { layer: Mine.layer({ url }), shared: true })
 * ```
 *
 * A store whose `guarantees.writes` are `"refused"` passes with `writes: "refused"`. All tests that must save something first
 * are then skipped by name, and those of `reading` are left: unknown ids, cursors, and that a commit is `Unsupported`.
 */
import { describe, layer } from "@effect/vitest"
import { Duration, type Layer } from "effect"
import type { WorkflowStore } from "perdure/Store/WorkflowStore"
import { appending } from "./store/appending.ts"
import { contending } from "./store/contending.ts"
import { deleting } from "./store/deleting.ts"
import { detailing } from "./store/detailing.ts"
import { listing } from "./store/listing.ts"
import { living } from "./store/living.ts"
import { loading } from "./store/loading.ts"
import { naming } from "./store/naming.ts"
import { reading } from "./store/reading.ts"
import { remembering } from "./store/remembering.ts"
import { sizing } from "./store/sizing.ts"
import type { Settings } from "./store/Settings.ts"
import { summarizing } from "./store/summarizing.ts"
import { telling } from "./store/telling.ts"

export interface Options<E> {
  /** The store under test. Its data may outlive the tests, which use ids of their own. */
  readonly layer: Layer.Layer<WorkflowStore, E>
  /** Whether building the layer once more opens the same data: then the tests also use two stores on it, and reopen it. */
  readonly shared?: boolean
  /** Whether the store takes commits, as its guarantees say. The default is `"accepted"`. */
  readonly writes?: "accepted" | "refused"
  /** How long "soon" may take. The default is 10 seconds. */
  readonly eventually?: Duration.Input
  /** How many commits a group has that sets a test up. The default is 500. */
  readonly groupSize?: number
  /** How long a test may take. The default is 60 seconds. */
  readonly timeout?: Duration.Input
}

/** Defines the tests of a store. */
export const suite = <E>(name: string, options: Options<E>): void => {
  const settings: Settings = {
    layer: options.layer,
    shared: options.shared ?? false,
    writes: options.writes ?? "accepted",
    eventually: Duration.fromInputUnsafe(options.eventually ?? "10 seconds"),
    groupSize: options.groupSize ?? 500,
    timeout: Duration.toMillis(Duration.fromInputUnsafe(options.timeout ?? "60 seconds"))
  }
  layer(options.layer, { excludeTestServices: true, timeout: "2 minutes" })(`${name} store`, (it) => {
    reading(it, settings)
    describe.skipIf(settings.writes === "refused")("with commits", () => {
      for (const area of areas) area(it, settings)
    })
  })
}

// internal

const areas = [
  appending,
  contending,
  loading,
  naming,
  summarizing,
  listing,
  deleting,
  remembering,
  sizing,
  telling,
  living,
  detailing
]
