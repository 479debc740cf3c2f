/**
 * What only the worker that runs a program knows of what it takes, because receiving a signal and registering a handler leave no event.
 */

/** The signals of a program, and the updates that it takes. */
export interface Signals {
  /** The names of the signals that the program waits for. */
  readonly awaited: ReadonlyArray<string>
  /** How many of each name were delivered and not received; absent when there are none. */
  readonly unreceived?: Readonly<Record<string, number>>
  /** The names of the updates that it has handlers for; absent when there are none. */
  readonly updates?: ReadonlyArray<string>
}

/** The signals of a program that does not run here. */
export const noSignals: Signals = { awaited: [] }

/** What is known of signals that came before their program ran. */
export const unreceived = (signals: ReadonlyArray<{ readonly name: string }>): Signals => {
  const counts = new Map<string, number>()
  for (const { name } of signals) {
    if (counts.has(name) || counts.size < namedAtMost) counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return counts.size === 0 ? noSignals : { awaited: [], unreceived: Object.fromEntries(counts) }
}

/** How many names of signals that were not received are counted. */
export const namedAtMost = 10
