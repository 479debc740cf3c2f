/**
 * The settings of the default executor.
 */
import * as Duration from "effect/Duration"
import { suggestedLength } from "../../internal/core/derive.ts"
import { count, type Fault, first, time } from "../../internal/options.ts"

/**
 * Settings of the default executor. All have sane defaults.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  /**
   * Names this worker. A name that stays the same lets a restarted worker resume its executions before others look at them. Of
   * two living workers of one name the newer one goes on: the older one logs that, stops as in a shutdown and lets go of its
   * executions. Must not be empty. Default: random.
   */
  readonly worker?: string | undefined
  /** Executions in memory at once; idle ones beyond it are dropped and come back by replay. Default 10,000. */
  readonly maxLoaded?: number | undefined
  /** Handlers that run at once, of all activities; more wait in line. Default 1,000. */
  readonly maxActivities?: number | undefined
  /** Executions that are loaded and replayed at once when many resume: more take more memory. Default 64. */
  readonly maxRecoveries?: number | undefined
  /** How often this worker says that it lives and looks for executions without a worker. Default 5 seconds. */
  readonly heartbeatInterval?: Duration.Input | undefined
  /** How long a silent worker still counts as alive. Default three times `heartbeatInterval`. */
  readonly lease?: Duration.Input | undefined
  /**
   * From so many events of a run on its program is told to continue as new (`WorkflowContext.suggestContinue`), and the log is. It is
   * recorded with the start of an execution. Default 10,000.
   */
  readonly suggestContinueAt?: number | undefined
  /**
   * So many events a run may have: a program that goes on without continuing as new is blocked then, and nothing is lost. Default
   * 1,000,000.
   */
  readonly maxHistory?: number | undefined
  /** How long a program may run without waiting for anything. Default 1 second. */
  readonly spinLimit?: Duration.Input | undefined
  /** How long a caller waits for a store that does not answer. Default 30 seconds. */
  readonly answerTimeout?: Duration.Input | undefined
  /**
   * How long a shutdown may take, whatever the number of workflows: the time until handlers have ended, and the store has taken
   * what they finished, for which the last tenth is kept. Workflows that are unregistered one after the other share the time; it
   * is full again when nothing was unregistered for as long. Default 10 seconds.
   */
  readonly shutdownTimeout?: Duration.Input | undefined
  /**
   * Whether a shutdown lets handlers that run go on, for at most eight tenths of `shutdownTimeout`, and keeps their results. The
   * ones that still run are then interrupted. Without it they are interrupted at once, and their attempts run again. In both
   * cases no handler leaves the line to run. Default false.
   */
  readonly drain?: boolean | undefined
  /** Makes the ids of runs, workers and commits, which must never come twice. Default: random UUIDs. */
  readonly makeId?: (() => string) | undefined
}

/** The settings, complete and in milliseconds. */
export interface Settings {
  readonly maxLoaded: number
  readonly maxActivities: number
  readonly maxRecoveries: number
  readonly suggestContinueAt: number
  readonly maxHistory: number
  readonly heartbeatInterval: number
  readonly lease: number
  readonly spinLimit: number
  readonly answerTimeout: number
  readonly shutdownTimeout: number
  readonly drain: boolean
}

/** Completes options with their defaults. Throws when one of them makes no sense. */
export const settings = (options: Options = {}): Settings => {
  const fault = faultOf(options)
  if (fault !== undefined) throw new Error(`the options of the default executor: ${fault}`)
  const heartbeatInterval = millis(options.heartbeatInterval ?? "5 seconds")
  return {
    maxLoaded: options.maxLoaded ?? 10_000,
    maxActivities: options.maxActivities ?? 1_000,
    maxRecoveries: options.maxRecoveries ?? 64,
    suggestContinueAt: options.suggestContinueAt ?? suggestedLength,
    maxHistory: options.maxHistory ?? 1_000_000,
    heartbeatInterval,
    lease: options.lease === undefined ? heartbeatInterval * 3 : millis(options.lease),
    spinLimit: millis(options.spinLimit ?? "1 second"),
    answerTimeout: millis(options.answerTimeout ?? "30 seconds"),
    shutdownTimeout: millis(options.shutdownTimeout ?? "10 seconds"),
    drain: options.drain ?? false
  }
}

// internal

const faultOf = (options: Options): Fault =>
  first(
    options.worker === undefined || isName(options.worker) ? undefined : "worker must be a text that is not empty",
    count("maxLoaded", options.maxLoaded),
    count("maxActivities", options.maxActivities),
    count("maxRecoveries", options.maxRecoveries),
    count("suggestContinueAt", options.suggestContinueAt),
    count("maxHistory", options.maxHistory),
    time("heartbeatInterval", options.heartbeatInterval, { least: 10 }),
    time("lease", options.lease, { least: 10 }),
    isShort(options) ? "lease must be longer than heartbeatInterval" : undefined,
    time("spinLimit", options.spinLimit),
    time("answerTimeout", options.answerTimeout, { unlimited: true }),
    time("shutdownTimeout", options.shutdownTimeout, { least: 0, unlimited: true }),
    typeof (options.drain ?? false) === "boolean" ? undefined : "drain must be true or false"
  )

const isName = (worker: unknown): boolean => typeof worker === "string" && worker !== ""

const isShort = ({ heartbeatInterval = "5 seconds", lease }: Options): boolean =>
  lease !== undefined && time("", lease) === undefined && millis(lease) <= millis(heartbeatInterval)

const millis = (duration: Duration.Input): number => Duration.toMillis(Duration.fromInputUnsafe(duration))
