/**
 * Which workers live: a value for each with its latest heartbeat, and one with the names of all of them, since Dapr lists nothing.
 *
 * The clock of the leases is that of the machines, for Dapr has none. A heartbeat whose time cannot be right, since it has just come and is
 * from the future or has run out, is from a machine with another clock: then its lease begins when it was first seen.
 *
 * While the sidecar does not answer no worker can renew its lease, so none runs meanwhile, as far as this process knows.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Semaphore from "effect/Semaphore"
import { randomInt } from "node:crypto"
import { liveClock } from "../../internal/liveClock.ts"
import { workerOf } from "../../internal/store/worker.ts"
import { leftTtl, type Unavailable, type WorkerRecord, type Workers as All } from "../WorkflowStore.ts"
import { parsed } from "./record.ts"
import type { Shared } from "./Shared.ts"
import { inPlaceOf, type Operation } from "./Sidecar.ts"

/** The workers of a store, as one process sees them. */
export class Workers {
  private readonly shared: Shared
  /** The workers that this process has entered, and has not missed since. */
  private readonly entered = new Set<string>()
  /** One heartbeat at a time, so that the latest one is the last. */
  private readonly turn = Semaphore.makeUnsafe(1)
  /** When the latest lease of each worker began. */
  private readonly seen = new Map<string, { readonly at: number; readonly since: number }>()

  constructor(shared: Shared) {
    this.shared = shared
  }

  /** Notes that a worker lives for the length of a lease from now on, or with one of no length that it has left. */
  heartbeat({ id, workflows }: WorkerRecord, lease: Duration.Duration): Effect.Effect<void, Unavailable> {
    const { keys, manners, sidecar } = this.shared
    const beat = Effect.suspend(() => {
      const at = liveClock.currentTimeMillisUnsafe()
      const text = JSON.stringify({ worker: id, at, lease: Duration.toMillis(lease), workflows })
      return sidecar.transact([{ _tag: "Put", key: keys.worker(id), text }], manners)
    })
    const enters = Effect.suspend(() =>
      this.entered.has(id) ? Effect.void : Effect.map(enter(this.shared, id), () => void this.entered.add(id))
    )
    return this.turn.withPermit(Effect.andThen(beat, enters))
  }

  /** The workers that live now, and the ones that have left. */
  get now(): Effect.Effect<All, Unavailable> {
    const { keys, sidecar } = this.shared
    return Effect.gen({ self: this }, function* () {
      const { ids } = yield* members(this.shared)
      for (const id of this.entered) if (!ids.includes(id)) this.entered.delete(id)
      const values = yield* sidecar.readAll(ids.map((id) => keys.worker(id)))
      return this.told(values.flatMap((value) => (value === undefined ? [] : (lifeOf(value.text) ?? []))))
    })
  }

  private told(lives: ReadonlyArray<Life>): All {
    const now = liveClock.currentTimeMillisUnsafe()
    const answering = now - this.shared.sidecar.sinceTrouble
    const isLiving = ({ lease, since }: Life & { readonly since: number }) => Math.max(since, answering) + lease > now
    const all = lives.map((life) => ({ ...life, since: this.since(life, now) }))
    return {
      living: all.flatMap((life) => (life.lease > 0 && isLiving(life) ? [life.worker] : [])),
      left: lives.flatMap(({ at, lease, worker }) => (lease === 0 && at + forgetAfter > now ? [worker.id] : []))
    }
  }

  /** When a lease began. */
  private since({ at, lease, worker: { id } }: Life, now: number): number {
    const before = this.seen.get(id)
    if (before?.at === at) return before.since
    // Of a worker that is seen for the first time a lease that has run out may be an old one.
    const isRight = at <= now && (before === undefined || at + lease > now)
    const since = isRight ? at : now
    this.seen.set(id, { at, since })
    return since
  }
}

// internal

interface Life {
  readonly worker: WorkerRecord
  /** When it was written, by the clock of its machine. */
  readonly at: number
  /** In milliseconds; 0 of a worker that has left. */
  readonly lease: number
}

const forgetAfter = Duration.toMillis(leftTtl)
const mostRequests = 20
// In milliseconds.
const longestPause = 100

/** What a value tells of a worker; one that cannot be read tells of none. */
const lifeOf = (text: string): Life | undefined => {
  const { at, lease, worker: id, workflows } = Result.getOrElse(parsed(text), () => ({}) as Record<string, unknown>)
  if (typeof id !== "string" || !Number.isFinite(at) || !Number.isFinite(lease)) return undefined
  return { worker: workerOf(id, workflows), at: at as number, lease: lease as number }
}

/** The names of all workers; none where they cannot be read, so they enter again. */
const members = ({ keys, sidecar }: Shared) =>
  Effect.map(sidecar.read(keys.workers), (value) => {
    const { ids } = Result.getOrElse(parsed(value?.text ?? "{}"), () => ({}) as Record<string, unknown>)
    return { etag: value?.etag, ids: Array.isArray(ids) ? ids.filter(Predicate.isString) : [] }
  })

/** Enters a worker among the names, and takes out the ones that are long gone. */
const enter = Effect.fnUntraced(function* (shared: Shared, worker: string): Effect.fn.Return<void, Unavailable> {
  const { keys, manners, sidecar } = shared
  for (let requests = 1; ; requests++) {
    const { etag, ids } = yield* members(shared)
    if (ids.includes(worker)) return
    const gone = yield* longGone(shared, ids)
    const text = JSON.stringify({ ids: [...ids.filter((id) => !gone.has(id)), worker] })
    const operation = inPlaceOf(etag, { key: keys.workers, text })
    const removals = [...gone].map((id): Operation => ({ _tag: "Remove", key: keys.worker(id) }))
    const written = yield* Effect.result(sidecar.transact([operation, ...removals], manners))
    if (Result.isSuccess(written)) return
    if (requests === mostRequests) return yield* written.failure
    // Of many processes that start at once, one at a time is first.
    yield* liveClock.sleep(Duration.millis(randomInt(longestPause)))
  }
})

const longGone = ({ keys, sidecar }: Shared, ids: ReadonlyArray<string>) =>
  Effect.map(sidecar.readAll(ids.map((id) => keys.worker(id))), (values) => {
    const now = liveClock.currentTimeMillisUnsafe()
    const isGone = (life: Life | undefined) =>
      life === undefined || life.at + 2 * Math.max(life.lease, forgetAfter) < now
    return new Set(ids.filter((_, index) => isGone(lifeOf(values[index]?.text ?? ""))))
  })
