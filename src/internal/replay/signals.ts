/**
 * What only the worker that runs a program knows of its signals, because receiving leaves no event.
 */

/** The signals of a program. */
export interface Signals {
  /** The names of the signals that the program waits for. */
  readonly awaited: ReadonlyArray<string>
  /** How many of each name were delivered and not received; absent when there are none. */
  readonly unreceived?: Readonly<Record<string, number>>
}

/** The signals of a program that does not run here. */
export const noSignals: Signals = { awaited: [] }

/** How many names of signals that were not received are counted. */
export const namedAtMost = 10
