/**
 * What other processes ask of the one that writes: commits and deletions, in the order in which the server received them.
 *
 * No request is answered. A process that asks looks for what was asked for under the name of the execution, and asks again. So a request may be there
 * twice, and the fence tells that it is done.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Semaphore from "effect/Semaphore"
import { liveClock } from "../../internal/liveClock.ts"
import { surviving } from "../../internal/store/surviving.ts"
import type { Leader } from "./Leader.ts"
import { decode, isCommit } from "./record.ts"
import { type Failure, type Row, timeOf } from "./Server.ts"
import type { Shared } from "./Shared.ts"
import type { Deposed, Reason, Writer } from "./Writer.ts"

/** Requests that were read, and are done or under way. */
export class Inbox {
  private readonly shared: Shared
  private readonly leader: Leader
  private readonly writer: Writer
  private readonly room = Semaphore.makeUnsafe(mostAtOnce)
  /** When the latest request that was read was received, by the clock of the server. */
  private readTo = 0
  private known = new Set<string>()
  private readonly underWay = new Set<string>()

  constructor(shared: Shared, leader: Leader, writer: Writer) {
    this.shared = shared
    this.leader = leader
    this.writer = writer
  }

  /** Begins with the requests since a time. */
  begin(from: number): void {
    this.readTo = from
    this.known = new Set()
  }

  /** Looks again and again while this process writes, until the scope of the store is closed. */
  get serving(): Effect.Effect<never> {
    const pause = liveClock.sleep(Duration.millis(this.shared.settings.lookEvery))
    const look = Effect.suspend(() => (this.leader.isLeading ? this.look : Effect.void))
    const served = Effect.ignore(look).pipe(surviving("what serves the requests of others"))
    return Effect.forever(Effect.andThen(pause, served))
  }

  private get look(): Effect.Effect<void, Failure> {
    const { names, server, settings } = this.shared
    const from = this.readTo - 2 * settings.visibility
    const found: Array<Row> = []
    const read = server.back({ name: names.inbox, from }, (page) => {
      found.push(...page.filter(({ internal }) => !this.known.has(internal)))
      return false
    })
    return Effect.flatMap(read, () => {
      for (const { internal } of found) {
        this.known.add(internal)
        this.underWay.add(internal)
        this.readTo = Math.max(this.readTo, timeOf(internal))
      }
      for (const internal of this.known) {
        if (timeOf(internal) < this.readTo - 3 * settings.visibility) this.known.delete(internal)
      }
      this.leader.inbox = Math.min(this.readTo, ...Array.from(this.underWay, timeOf))
      const inOrder = found.sort((a, b) => (a.internal < b.internal ? -1 : 1))
      return Effect.forEach(inOrder, (row) => Effect.forkIn(this.serve(row), this.shared.scope), { discard: true })
    })
  }

  private serve({ internal, text }: Row): Effect.Effect<void> {
    const served = Effect.suspend((): Effect.Effect<unknown, Reason | Deposed> => {
      const content = decode(text)
      if (content !== undefined && isCommit(content)) return this.writer.save(content)
      return content?.head.kind === "delete" ? this.writer.remove(content.head) : Effect.void
    })
    const done = Effect.sync(() => void this.underWay.delete(internal))
    return this.room.withPermit(Effect.ignore(Effect.retry(served, again))).pipe(Effect.ensuring(done))
  }
}

// internal

const mostAtOnce = 64

/** A request whose fate is not known is served again a few times. */
const again = {
  times: 3,
  schedule: Schedule.spaced("100 millis"),
  while: ({ _tag }: Reason | Deposed) => _tag === "Unavailable"
}
