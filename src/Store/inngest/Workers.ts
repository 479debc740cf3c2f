/**
 * Which workers live: an event for each heartbeat, of which the latest of a worker counts. The clock of the leases is that of the server.
 *
 * The server may keep a heartbeat back that it has received, so a lease is over when it is and none can be shown any more.
 *
 * While the server does not answer no worker can renew its lease, so none runs meanwhile, as far as this process knows.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Semaphore from "effect/Semaphore"
import { randomBytes } from "node:crypto"
import { parsed } from "../../internal/core/parse.ts"
import { workerOf } from "../../internal/store/worker.ts"
import { leftTtl, type WorkerRecord, type Workers as All } from "../WorkflowStore.ts"
import { type Failure, type Row, timeOf } from "./Server.ts"
import type { Shared } from "./Shared.ts"

/** The workers of a store, as one process sees them. */
export class Workers {
  private readonly shared: Shared
  private readonly nonce = randomBytes(9).toString("base64url")
  private beats = 0
  private readonly turn = Semaphore.makeUnsafe(1)
  private readonly lives = new Map<string, Life>()
  /** When the latest events that were read were received, by the clock of the server. */
  private readonly readTo = new Map<string, number>()

  constructor(shared: Shared) {
    this.shared = shared
  }

  /** Notes that a worker lives for the length of a lease from now on, or with one of no length that it has left. */
  heartbeat({ id, workflows }: WorkerRecord, lease: Duration.Duration): Effect.Effect<void, Failure> {
    return Effect.suspend(() => {
      const { names, sight } = this.shared
      const name = Duration.isZero(lease) ? names.left : names.workers
      const beat = this.beats++
      const text = JSON.stringify({ worker: id, lease: Duration.toMillis(lease), workflows, by: this.nonce, beat })
      return sight.tell({ name, id: `${name}/${this.nonce}/${beat}`, text })
    })
  }

  /** The workers that live now, and the ones that have left. */
  get now(): Effect.Effect<All, Failure> {
    const { names } = this.shared
    const read = Effect.andThen(this.read(names.workers, longestLease), this.read(names.left, forgetAfter))
    return this.turn.withPermit(Effect.map(read, () => this.told()))
  }

  private read(name: string, back: number): Effect.Effect<void, Failure> {
    return Effect.suspend(() => {
      const { server, settings } = this.shared
      const readTo = this.readTo.get(name)
      const from = readTo === undefined ? server.now - back : readTo - 2 * settings.visibility
      return server.back({ name, from }, (page) => {
        for (const row of page) this.note(name, row)
        return false
      })
    })
  }

  private note(name: string, row: Row): void {
    this.readTo.set(name, Math.max(this.readTo.get(name) ?? 0, timeOf(row.internal)))
    const life = lifeOf(row)
    if (life === undefined) return
    const { id } = life.worker
    const known = this.lives.get(id)
    if (known === undefined || isLater(life, known)) this.lives.set(id, life)
  }

  private told(): All {
    const { server, settings } = this.shared
    const now = server.now
    const answering = now - server.sinceTrouble
    for (const [id, { lease, since }] of this.lives) {
      if (since + Math.max(2 * lease, forgetAfter) < now) this.lives.delete(id)
    }
    const all = [...this.lives.values()]
    return {
      living: all.flatMap(({ lease, since, worker }) =>
        // The next heartbeat may be shown so late; of a lease that is shorter, which no worker has, no longer than that.
        lease > 0 && Math.max(since, answering) + lease + Math.min(lease, settings.visibility) > now ? [worker] : []
      ),
      left: all.flatMap(({ lease, since, worker }) => (lease === 0 && since + forgetAfter > now ? [worker.id] : []))
    }
  }
}

// internal

interface Life {
  readonly internal: string
  /** The process that said so, and how many heartbeats it had said before. */
  readonly by: string
  readonly beat: number
  readonly worker: WorkerRecord
  /** When it was received, by the clock of the server. */
  readonly since: number
  /** In milliseconds; 0 of a worker that has left. */
  readonly lease: number
}

const forgetAfter = Duration.toMillis(leftTtl)

/** A process that starts reads the heartbeats of an hour; a lease that is longer runs out for it then. */
const longestLease = Duration.toMillis(Duration.hours(1))

/** What an event tells of a worker; one that cannot be read tells of none. */
const lifeOf = ({ internal, text }: Row): Life | undefined => {
  const told = Option.getOrUndefined(parsed(text))
  if (!Predicate.isObject(told)) return undefined
  const { beat, by, lease, worker: id, workflows } = told as { readonly [Name in string]?: unknown }
  if (!Predicate.isString(id) || !Predicate.isString(by) || ![beat, lease].every(Number.isFinite)) return undefined
  const worker = workerOf(id, workflows)
  return { internal, by, beat: beat as number, worker, since: timeOf(internal), lease: lease as number }
}

/** The server has those of a millisecond in any order. */
const isLater = (one: Life, other: Life): boolean =>
  one.by === other.by ? one.beat > other.beat : one.internal > other.internal
