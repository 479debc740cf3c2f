/**
 * Waits until the server shows what it has accepted: only then is it in its database, and survives that the server is killed.
 *
 * One fiber for each name asks for what was received since the oldest event that is waited for. Its first pause is how long the server
 * took lately.
 */
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import { liveClock } from "../../internal/liveClock.ts"
import { within } from "../../internal/store/within.ts"
import { type Event, type Failure, type Row, type Server, timeOf, unavailable } from "./Server.ts"

/** What a process waits for to be shown. */
export class Sight {
  readonly server: Server
  private readonly scope: Scope.Scope
  private readonly names = new Map<string, Set<Waiter>>()
  /** How long the server takes to show an event, in milliseconds: an average of the latest. */
  private usual = 10
  private readonly asking = Semaphore.makeUnsafe(mostAsked)

  constructor(server: Server, scope: Scope.Scope) {
    this.server = server
    this.scope = scope
  }

  /**
   * Sends events and waits until all of them are shown; returns what of their names is shown by then that was received since they were,
   * or since an earlier time. When it fails the outcome is unknown.
   */
  publish(
    events: ReadonlyArray<Event>,
    { mayStill, since = Number.POSITIVE_INFINITY }: { readonly mayStill?: () => boolean; readonly since?: number } = {}
  ): Effect.Effect<ReadonlyArray<Row>, Failure> {
    return Effect.flatMap(this.server.send(events, mayStill), (ids) => {
      const waiters = [...Map.groupBy(events.keys(), (index) => events[index]!.name)].map(([name, indexes]) => {
        const own = indexes.map((index) => ids[index]!)
        return this.wait(name, own, Math.min(since, ...own.map(timeOf)))
      })
      return Effect.map(Effect.all(waiters, { concurrency: "unbounded" }), (rows) => rows.flat())
    }).pipe(this.inTime)
  }

  /**
   * Sends an event that is useless when it is late, and waits until the server shows it. It is sent again after `visibility`, and then after
   * pauses that double, as a server that was killed has lost the events that it had accepted and not shown. The first one that is shown counts:
   * the server may only have been late.
   */
  tell(event: Event): Effect.Effect<void, Failure> {
    const told = (patience: number): Effect.Effect<unknown, Failure> =>
      Effect.raceFirst(
        this.publish([event]),
        Effect.andThen(
          liveClock.sleep(Duration.millis(patience)),
          Effect.suspend(() => told(2 * patience))
        )
      )
    return Effect.asVoid(Effect.suspend(() => told(this.server.settings.visibility)).pipe(this.inTime))
  }

  private readonly inTime = <A>(effect: Effect.Effect<A, Failure>): Effect.Effect<A, Failure> =>
    effect.pipe(
      within(this.server.settings.timeout, (milliseconds) =>
        unavailable(`what it has accepted is not shown after ${milliseconds} ms`)
      )
    )

  private wait(name: string, ids: ReadonlyArray<string>, from: number): Effect.Effect<ReadonlyArray<Row>, Failure> {
    return Effect.suspend(() => {
      const waiter: Waiter = {
        ids: new Set(ids),
        from,
        since: performance.now(),
        done: Deferred.makeUnsafe()
      }
      const waiters = this.names.get(name)
      if (waiters !== undefined) waiters.add(waiter)
      else this.names.set(name, new Set([waiter]))
      const start =
        waiters !== undefined
          ? Effect.void
          : Effect.forkIn(this.look(name, this.names.get(name)!), this.scope, { startImmediately: true })
      return Effect.andThen(start, Deferred.await(waiter.done)).pipe(
        Effect.ensuring(Effect.sync(() => this.names.get(name)?.delete(waiter)))
      )
    })
  }

  private look(name: string, waiters: Set<Waiter>): Effect.Effect<void> {
    // Turns in a row that showed nothing, before which the pauses grow; none was yet.
    let inVain = -1
    const turn = Effect.suspend(() => {
      const asked = [...waiters]
      const found = new Map<string, Row>()
      const from = Math.min(...asked.map(({ from }) => from))
      const seen = this.server.back({ name, from }, (page) => {
        for (const row of page) found.set(row.internal, row)
        return false
      })
      inVain++
      return Effect.matchEffect(this.asking.withPermit(seen), {
        // A server that is away is asked again, until its callers give up.
        onFailure: () => Effect.void,
        onSuccess: () =>
          Effect.forEach(
            asked,
            (waiter) => {
              if (found.size > 0) inVain = 0
              return this.settle(waiter, found, waiters)
            },
            { discard: true }
          )
      })
    })
    const step = Effect.andThen(
      Effect.suspend(() => liveClock.sleep(Duration.millis(this.pause(inVain)))),
      Effect.suspend(() => (waiters.size === 0 ? Effect.void : turn))
    )
    return Effect.repeat(step, {
      until: () => {
        if (waiters.size > 0) return false
        this.names.delete(name)
        return true
      }
    }).pipe(Effect.asVoid)
  }

  private pause(inVain: number): number {
    const wanted = inVain < 0 ? this.usual * 0.9 : (this.usual / 4) * 1.5 ** inVain
    return Math.min(longestPause, Math.max(shortestPause, wanted))
  }

  private settle(waiter: Waiter, found: ReadonlyMap<string, Row>, waiters: Set<Waiter>): Effect.Effect<void> {
    for (const id of waiter.ids) if (found.has(id)) waiter.ids.delete(id)
    if (waiter.ids.size > 0) return Effect.void
    waiters.delete(waiter)
    this.usual += (performance.now() - waiter.since - this.usual) / 8
    return Effect.asVoid(Deferred.succeed(waiter.done, [...found.values()]))
  }
}

// internal

interface Waiter {
  /** What is not shown yet. */
  readonly ids: Set<string>
  /** Since when to look for it, by the clock of the server. */
  readonly from: number
  readonly since: number
  readonly done: Deferred.Deferred<ReadonlyArray<Row>, Failure>
}

// In milliseconds.
const shortestPause = 4
const longestPause = 100

// Requests at a time.
const mostAsked = 32
