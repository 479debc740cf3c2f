/**
 * The settings of a worker on Temporal, without the ones whose types need Temporal's packages.
 */
import type * as Duration from "effect/Duration"
import type { ServerOptions } from "../../../internal/temporal/ServerOptions.ts"

/** How a worker on Temporal runs. */
export interface OwnOptions extends ServerOptions {
  /**
   * The module that exports the layers of the workflows, `Order.toLayer(...)`, without those of activities: it runs in Temporal's sandbox.
   * `new URL("./workflows.ts", import.meta.url)`, or a path.
   */
  readonly workflows: URL | string
  /** The file that `bundle` has written, in place of bundling the module when the worker begins. */
  readonly bundle?: URL | string | undefined
  /** A folder for bundles, which are made anew only when one of their files has changed. Default: in the memory of the process. */
  readonly bundleCache?: string | undefined
  /** Whether it runs programs alone, or handlers alone. Default: both. */
  readonly only?: "workflows" | "activities" | undefined
  /** Executions whose programs are in memory at once. Default: what Temporal chooses by the memory that there is. */
  readonly maxLoaded?: number | undefined
  /** Handlers that run at once, of all activities. Default 100. */
  readonly maxActivities?: number | undefined
  /**
   * How often an attempt says that it lives, and learns whether it is still wanted: a cancel reaches a handler about so late. Default 2
   * seconds, at most 5.
   */
  readonly heartbeatInterval?: Duration.Input | undefined
  /** How long a shutdown may take: the time until handlers have ended. Default 10 seconds. */
  readonly shutdownTimeout?: Duration.Input | undefined
  /**
   * Whether a shutdown lets handlers that run go on, for at most eight tenths of `shutdownTimeout`. Without it they are interrupted at
   * once, and their attempts run again. Default false.
   */
  readonly drain?: boolean | undefined
  /**
   * The deployment that this worker is part of, and which build of it has its programs. A run is pinned to the build on which it began, and
   * new ones begin on the build that is current on the server. Default: none, and each worker of a queue must have the programs of all.
   */
  readonly deployment?: { readonly name: string; readonly buildId: string } | undefined
}
