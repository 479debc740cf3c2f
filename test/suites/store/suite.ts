/**
 * What every store must do: the tests of `StoreSuite.ts`, for any runner.
 */
import { Duration, type Layer } from "effect"
import type { WorkflowStore } from "perdure/Store/WorkflowStore"
import { type Runner, withLayer } from "../Runner.ts"
import { appending } from "./appending.ts"
import { contending } from "./contending.ts"
import { deleting } from "./deleting.ts"
import { detailing } from "./detailing.ts"
import { listing } from "./listing.ts"
import { living } from "./living.ts"
import { loading } from "./loading.ts"
import { naming } from "./naming.ts"
import { reading } from "./reading.ts"
import { remembering } from "./remembering.ts"
import { sizing } from "./sizing.ts"
import type { Settings } from "./Settings.ts"
import { summarizing } from "./summarizing.ts"
import { telling } from "./telling.ts"

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
export const suite = <E>(runner: Runner, name: string, options: Options<E>): void => {
  const settings: Settings = {
    layer: options.layer,
    shared: options.shared ?? false,
    writes: options.writes ?? "accepted",
    eventually: Duration.fromInputUnsafe(options.eventually ?? "10 seconds"),
    groupSize: options.groupSize ?? 500,
    timeout: Duration.toMillis(Duration.fromInputUnsafe(options.timeout ?? "60 seconds"))
  }
  runner.describe(`${name} store`, {}, () =>
    withLayer(runner, options.layer, (it) => {
      reading(it, settings)
      runner.describe("with commits", { skip: settings.writes === "refused" }, () => {
        for (const area of areas) area(it, settings)
      })
    })
  )
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
