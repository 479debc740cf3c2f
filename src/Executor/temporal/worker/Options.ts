/**
 * The settings of a worker on Temporal.
 */
import type { NativeConnection } from "@temporalio/worker"
import * as Duration from "effect/Duration"
import { count, first, time } from "../../../internal/options.ts"
import type { OwnOptions } from "./OwnOptions.ts"

/**
 * How a worker on Temporal runs. All but the module has sane defaults.
 *
 * @category models
 * @since 0.2.0
 */
export interface Options extends OwnOptions {
  /** A connection of one's own, which is not closed. Default: one to `address`. */
  readonly connection?: NativeConnection | undefined
}

/** The settings of a worker, complete. */
export interface WorkerSettings {
  readonly only: Options["only"]
  readonly maxLoaded: number | undefined
  readonly maxActivities: number
  readonly heartbeatInterval: Duration.Duration
  readonly shutdownTimeout: number
  readonly grace: number
  readonly deployment: Options["deployment"]
}

/** Completes options. Throws a `TypeError` when one of them makes no sense. */
export const workerSettingsOf = (options: Options): WorkerSettings => {
  const {
    drain = false,
    heartbeatInterval = "2 seconds",
    maxActivities = 100,
    maxLoaded,
    shutdownTimeout = "10 seconds"
  } = options
  const fault = first(
    isModule(options.workflows) ? undefined : "workflows must be the URL or the path of a module",
    maxLoaded === 0 ? undefined : count("maxLoaded", maxLoaded, { unlimited: false }),
    count("maxActivities", maxActivities, { unlimited: false }),
    time("heartbeatInterval", heartbeatInterval, { least: 10 }),
    time("shutdownTimeout", shutdownTimeout, { least: 0 }),
    typeof drain === "boolean" ? undefined : "drain must be true or false",
    deploymentFault(options.deployment),
    options.only === undefined || options.only === "workflows" || options.only === "activities"
      ? undefined
      : 'only must be "workflows" or "activities"'
  )
  const interval = fault === undefined ? Duration.fromInputUnsafe(heartbeatInterval) : Duration.zero
  const slow = Duration.toMillis(interval) > 5000 ? "heartbeatInterval must be at most 5 seconds" : undefined
  if ((fault ?? slow) !== undefined) throw new TypeError(`the options of a worker on Temporal: ${fault ?? slow}`)
  const milliseconds = Duration.toMillis(Duration.fromInputUnsafe(shutdownTimeout))
  return {
    only: options.only,
    maxLoaded,
    maxActivities,
    heartbeatInterval: interval,
    shutdownTimeout: milliseconds,
    grace: drain ? Math.floor(milliseconds * 0.8) : 0,
    deployment: options.deployment
  }
}

// internal

const isModule = (module: unknown): boolean => module instanceof URL || (typeof module === "string" && module !== "")

/** Temporal separates the name from the build by a point. */
const deploymentFault = (deployment: Options["deployment"]): string | undefined => {
  if (deployment === undefined) return undefined
  const { buildId, name } = deployment
  if (typeof name !== "string" || name === "" || name.includes(".")) {
    return "the name of deployment must be a text without points that is not empty"
  }
  return typeof buildId === "string" && buildId !== ""
    ? undefined
    : "buildId of deployment must be a text that is not empty"
}
