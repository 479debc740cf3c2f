/**
 * What a worker does again and again: it says that it lives, and looks for work as soon as that is answered, since the answer may say that
 * there is none.
 */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Outlook, StoreError } from "../../Store/WorkflowStore.ts"
import { Outage } from "./Outage.ts"

/** A look that was not called by an answer goes on after so many times the pause between heartbeats: the store may be away. */
const patience = 1.2

export class Rounds {
  private readonly interval: number
  private readonly apart: <E>(effect: Effect.Effect<void, E>) => Effect.Effect<void, E>
  private readonly inRealTime: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  private waiting: Array<(told: Effect.Effect<Outlook | undefined>) => void> = []

  constructor(options: {
    /** The pause between two heartbeats, in milliseconds. */
    readonly interval: number
    /** Waits for an effect in such a way that an interruption does not wait for it. */
    readonly apart: <E>(effect: Effect.Effect<void, E>) => Effect.Effect<void, E>
    readonly inRealTime: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  }) {
    this.interval = options.interval
    this.apart = options.apart
    this.inRealTime = options.inRealTime
  }

  /** Says again and again that the worker lives. */
  beats(beat: Effect.Effect<Outlook | undefined, StoreError>): Effect.Effect<unknown, never, Scope.Scope> {
    const told = Effect.tapCause(
      Effect.map(beat, (outlook) => this.tell(outlook)),
      () => Effect.sync(() => this.tell(undefined))
    )
    return this.every(told, "the heartbeat")
  }

  /** Repeats a look after every heartbeat, with what that was told, if anything. */
  looks(
    look: (outlook: Outlook | undefined) => Effect.Effect<void, StoreError>,
    what: string
  ): Effect.Effect<unknown, never, Scope.Scope> {
    const { interval } = this
    const silent = Effect.as(Effect.sleep(interval * patience), undefined)
    const next = Effect.suspend(() => Effect.raceFirst(this.next, silent))
    return this.repeat(
      Effect.flatMap(next, (outlook) => this.apart(look(outlook))),
      what
    )
  }

  /** Repeats an effect as often as the heartbeat. */
  every(effect: Effect.Effect<void, StoreError>, what: string): Effect.Effect<unknown, never, Scope.Scope> {
    return this.repeat(Effect.andThen(Effect.sleep(this.interval), this.apart(effect)), what)
  }

  private repeat(effect: Effect.Effect<void, StoreError>, what: string): Effect.Effect<unknown, never, Scope.Scope> {
    return new Outage(what).watch(effect).pipe(Effect.forever, (loop) => this.inRealTime(loop), Effect.forkScoped)
  }

  /** What the next heartbeat is told. */
  private readonly next: Effect.Effect<Outlook | undefined> = Effect.callback((resume) => {
    this.waiting.push(resume)
    return Effect.sync(() => {
      this.waiting = this.waiting.filter((each) => each !== resume)
    })
  })

  private tell(outlook: Outlook | undefined): void {
    for (const resume of this.waiting.splice(0)) resume(Effect.succeed(outlook))
  }
}
