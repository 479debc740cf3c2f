/**
 * Commits of executions that a transaction of an app holds. They wait beside the lanes, in which the commits of others go on: one after
 * the other is tried again, on one connection, until its execution is free or it has waited for as long as a statement may take.
 */
import * as Effect from "effect/Effect"
import { onLiveClock } from "./Database.ts"

/** For how long one is waited for at a time, in milliseconds: the others that wait have their turn then. */
export const patience = 25

/** What Held knows of a commit. */
export interface Waiting {
  readonly key: string
  /** Whether it may wait for long. It has one turn otherwise, before the patient ones: others wait for its answer with it. */
  readonly isPatient: boolean
  /** Gives it up. */
  readonly refuse: () => void
}

/** The commits that wait, in the order of their turns. */
export class Held<Entry extends object> {
  private readonly timeout: number
  private readonly turn: (entry: Entry) => Effect.Effect<void>
  private readonly fork: (lane: Effect.Effect<void>) => unknown
  private readonly waiting = new Map<Entry, Waiting>()
  /** Until when each is given up, in monotonic time. */
  private readonly ends = new WeakMap<Entry, number>()
  /** The executions that were held when they were last asked for. */
  private readonly keys = new Set<string>()
  private isOpen = false

  constructor(options: {
    readonly timeout: number
    readonly turn: (entry: Entry) => Effect.Effect<void>
    readonly fork: (lane: Effect.Effect<void>) => unknown
  }) {
    this.timeout = options.timeout
    this.turn = options.turn
    this.fork = options.fork
  }

  /** Whether an execution was held when it was last asked for. */
  has(key: string): boolean {
    return this.keys.has(key)
  }

  /** Whether a commit waits. */
  waits(entry: Entry): boolean {
    return this.waiting.has(entry)
  }

  /** Adds a commit of an execution that was held. */
  add(entry: Entry, waiting: Waiting): void {
    if (!this.ends.has(entry)) this.ends.set(entry, performance.now() + this.timeout)
    this.waiting.set(entry, waiting)
    if (this.isOpen) return
    this.isOpen = true
    const closed = Effect.sync(() => void (this.isOpen = false))
    this.fork(Effect.ensuring(onLiveClock(this.turns), closed))
  }

  /** Adds a commit that was tried in vain, unless it waits for no longer. */
  again(entry: Entry, waiting: Waiting): void {
    // Keys of executions that are not saved again would stay for ever.
    if (this.keys.size >= mostKeys) this.keys.clear()
    this.keys.add(waiting.key)
    const isOver = performance.now() >= (this.ends.get(entry) ?? Number.POSITIVE_INFINITY)
    if (isOver || !waiting.isPatient) waiting.refuse()
    else this.add(entry, waiting)
  }

  /** Notes that an execution is free. */
  free(key: string): void {
    this.keys.delete(key)
  }

  /** Gives up all that wait. */
  close(): void {
    for (const { refuse } of this.waiting.values()) refuse()
    this.waiting.clear()
  }

  private readonly turns: Effect.Effect<void> = Effect.suspend(() => {
    const next = [...this.waiting].find(([, { isPatient }]) => !isPatient) ?? this.waiting.entries().next().value
    if (next === undefined) return Effect.void
    const [entry] = next
    this.waiting.delete(entry)
    return this.turn(entry).pipe(
      // Where all are held, the server need not be asked without a pause.
      Effect.andThen(Effect.suspend(() => (this.waits(entry) ? Effect.sleep(pause) : Effect.void))),
      Effect.andThen(this.turns)
    )
  })
}

// internal

const pause = "10 millis"

const mostKeys = 10_000
