/**
 * Which process writes. No server decides that: each claims it with an event when it sees no other one, waits until a claim that was made at
 * the same time must be shown too, and looks again. So exclusion is best effort. It fails when the server keeps a claim back for longer
 * than `visibility`, or when a writer is stopped between its look at the clock and its request.
 *
 * A writer whose heartbeat was not shown in time stops by itself, before others take over.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Semaphore from "effect/Semaphore"
import { randomBytes } from "node:crypto"
import { parsed } from "../../internal/core/parse.ts"
import { liveClock } from "../../internal/liveClock.ts"
import { type Event, type Failure, type Row, timeOf, unavailable } from "./Server.ts"
import type { Shared } from "./Shared.ts"

/** Whether this process writes, or another one may. */
export type Role = "leading" | "following"

/** Called when this process begins to write, with the time up to which the writer before it has read the inbox, if that is known. */
export type Begin = (inbox: number | undefined) => void

/** Whether this process is the one that writes. */
export class Leader {
  private readonly shared: Shared
  /** What this process is called as a writer. */
  private readonly nonce = randomBytes(9).toString("base64url")
  private readonly begin: Begin
  private readonly turn = Semaphore.makeUnsafe(1)
  private term: { readonly epoch: number; until: number } | undefined
  /** Until when the latest look need not be repeated, by the monotonic clock. */
  private known = Number.NEGATIVE_INFINITY
  private beats = 0
  /** The time up to which this writer has read the inbox, by the clock of the server. */
  inbox = 0

  constructor(shared: Shared, begin: Begin) {
    this.shared = shared
    this.begin = begin
  }

  /** Whether this process may write at this moment. */
  get isLeading(): boolean {
    return this.term !== undefined && performance.now() < this.term.until
  }

  /** Finds out whether this process writes; one that may does so when no other one does. */
  get role(): Effect.Effect<Role, Failure> {
    return Effect.suspend(() => {
      if (this.isLeading) return Effect.succeed<Role>("leading")
      if (performance.now() < this.known) return Effect.succeed<Role>("following")
      return this.turn.withPermit(Effect.suspend(() => (this.isLeading ? Effect.succeed("leading") : this.decide)))
    })
  }

  /** Lets this process become the one that writes soon, if no other one does: it has a worker. */
  get wanted(): Effect.Effect<void> {
    return Effect.suspend(() =>
      this.isLeading
        ? Effect.void
        : Effect.asVoid(Effect.forkIn(Effect.ignore(this.role), this.shared.scope, { startImmediately: true }))
    )
  }

  /** Says again that this process writes, if it does. */
  get beat(): Effect.Effect<void, Failure> {
    return Effect.suspend(() => {
      const { term } = this
      if (term === undefined) return Effect.void
      const until = this.untilFrom(performance.now())
      return Effect.map(this.say({ epoch: term.epoch, lease: this.shared.settings.lease }), () => {
        // A writer that was silent for too long looks first who writes now.
        if (this.term === term && this.isLeading) term.until = until
      })
    })
  }

  /** Says that this process writes no longer. */
  get leave(): Effect.Effect<void> {
    return Effect.suspend(() => {
      const { term } = this
      this.term = undefined
      // Fibers of the store have ended by now, so this goes alone, and is not waited for.
      const last = this.claim({ epoch: term?.epoch ?? 0, lease: 0 })
      return term === undefined ? Effect.void : Effect.ignore(this.shared.server.post([last]))
    })
  }

  private get decide(): Effect.Effect<Role, Failure> {
    const { settings } = this.shared
    return Effect.gen({ self: this }, function* () {
      this.term = undefined
      const seen = yield* this.look
      const living = writerOf(seen, this.shared.server.now)
      if ((living !== undefined && living.nonce !== this.nonce) || settings.role === "client") return this.follow()
      const epoch = 1 + Math.max(0, ...seen.map(({ epoch }) => epoch))
      const until = this.untilFrom(performance.now())
      yield* this.say({ epoch, lease: settings.lease })
      yield* liveClock.sleep(Duration.millis(settings.visibility))
      const winner = writerOf(yield* this.look, this.shared.server.now)
      if (winner?.nonce !== this.nonce) return this.follow()
      this.begin(Math.max(0, ...seen.map(({ inbox }) => inbox)) || undefined)
      this.term = { epoch, until }
      return this.isLeading ? "leading" : yield* unavailable("it answers too slowly for a writer to say that it lives")
    })
  }

  private follow(): Role {
    this.known = performance.now() + this.shared.settings.lookEvery
    return "following"
  }

  private get look(): Effect.Effect<ReadonlyArray<Claim>, Failure> {
    const { names, server } = this.shared
    // Longer than any lease that is in use; heartbeats are few.
    return Effect.suspend(() => {
      const claims: Array<Claim> = []
      return Effect.as(
        server.back({ name: names.writer, from: server.now - longestSilence }, (page) => {
          claims.push(...page.flatMap((row) => claimOf(row) ?? []))
          return claims.length >= enough
        }),
        claims
      )
    })
  }

  private say(claim: { readonly epoch: number; readonly lease: number }): Effect.Effect<void, Failure> {
    return Effect.suspend(() => this.shared.sight.tell(this.claim(claim)))
  }

  private claim(claim: { readonly epoch: number; readonly lease: number }): Event {
    const { writer: name } = this.shared.names
    const beat = this.beats++
    const text = JSON.stringify({ writer: this.nonce, beat, ...claim, inbox: this.inbox })
    return { name, id: `${name}/${this.nonce}/${beat}`, text }
  }

  /** Others count a lease from when the server has received it, which is after it was sent. */
  private untilFrom(sent: number): number {
    return sent + this.shared.settings.lease - this.shared.settings.visibility
  }
}

// internal

interface Claim {
  readonly internal: string
  readonly nonce: string
  /** How many claims this writer had made before: the server has those of a millisecond in any order. */
  readonly beat: number
  readonly epoch: number
  /** In milliseconds; 0 of one that has left. */
  readonly lease: number
  readonly inbox: number
}

const longestSilence = Duration.toMillis(Duration.hours(1))
const enough = 102

const claimOf = ({ internal, text }: Row): Claim | undefined => {
  const told = Option.getOrUndefined(parsed(text))
  if (!Predicate.isObject(told)) return undefined
  const { beat, epoch, inbox, lease, writer: nonce } = told as { readonly [Name in string]?: unknown }
  if (!Predicate.isString(nonce) || ![beat, epoch, inbox, lease].every(Number.isFinite)) return undefined
  const numbers = { beat, epoch, lease, inbox } as Pick<Claim, "beat" | "epoch" | "lease" | "inbox">
  return { internal, nonce, ...numbers }
}

/** Who writes: of the living writers the one with the latest claim, and of claims at the same time the one that was received first. */
const writerOf = (claims: ReadonlyArray<Claim>, now: number): Claim | undefined => {
  const living = [...Map.groupBy(claims, ({ nonce }) => nonce).values()].flatMap((own) => {
    const sorted = own.toSorted((a, b) => b.beat - a.beat)
    const latest = sorted[0]!
    if (latest.lease === 0 || timeOf(latest.internal) + latest.lease <= now) return []
    const first = sorted.findLast(({ epoch }) => epoch === latest.epoch)!
    return [{ ...latest, internal: first.internal }]
  })
  return living.toSorted((a, b) => b.epoch - a.epoch || (a.internal < b.internal ? -1 : 1))[0]
}
