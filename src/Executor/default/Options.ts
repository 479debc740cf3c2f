/**
 * The settings of the default executor.
 */
import * as Duration from "effect/Duration"

/**
 * Settings of the default executor. All have sane defaults.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  /** Names this worker. A name that stays the same lets a restarted worker resume its executions at once. Default: random. */
  readonly worker?: string | undefined
  /** Executions in memory at once; idle ones beyond it are dropped and come back by replay. Default 10,000. */
  readonly maxHot?: number | undefined
  /** Handlers that run at once; more wait in line. Default 1,000. */
  readonly maxActivities?: number | undefined
  /** Executions that are loaded and replayed at once when many resume. Default 256. */
  readonly maxRecoveries?: number | undefined
  /** How often this worker says that it lives and looks for executions without a worker. Default 5 seconds. */
  readonly heartbeat?: Duration.Input | undefined
  /** How long a silent worker still counts as alive. Default three heartbeats. */
  readonly lease?: Duration.Input | undefined
  /** How long a program may run without waiting for anything. Default 1 second. */
  readonly spinLimit?: Duration.Input | undefined
  /** How long a caller waits for a store that does not answer. Default 30 seconds. */
  readonly patience?: Duration.Input | undefined
  /** How long a shutdown waits for handlers to end and for the store to take what they finished. Default 10 seconds. */
  readonly shutdown?: Duration.Input | undefined
  /** Makes the ids of runs, workers and commits, which must never come twice. Default: random UUIDs. */
  readonly makeId?: (() => string) | undefined
}

/** The settings, complete and in milliseconds. */
export interface Settings {
  readonly maxHot: number
  readonly maxActivities: number
  readonly maxRecoveries: number
  readonly heartbeat: number
  readonly lease: number
  readonly spinLimit: number
  readonly patience: number
  readonly shutdown: number
}

/** Completes options with their defaults. */
export const settings = (options: Options | undefined): Settings => {
  const heartbeat = Duration.toMillis(Duration.fromInputUnsafe(options?.heartbeat ?? "5 seconds"))
  const lease = options?.lease
  return {
    maxHot: options?.maxHot ?? 10_000,
    maxActivities: options?.maxActivities ?? 1_000,
    maxRecoveries: options?.maxRecoveries ?? 256,
    heartbeat,
    lease: lease === undefined ? heartbeat * 3 : Duration.toMillis(Duration.fromInputUnsafe(lease)),
    spinLimit: Duration.toMillis(Duration.fromInputUnsafe(options?.spinLimit ?? "1 second")),
    patience: Duration.toMillis(Duration.fromInputUnsafe(options?.patience ?? "30 seconds")),
    shutdown: Duration.toMillis(Duration.fromInputUnsafe(options?.shutdown ?? "10 seconds"))
  }
}
