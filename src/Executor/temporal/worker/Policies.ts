/**
 * The states of the retry policies of a worker. A state follows from all failures of its call, so a worker that has it goes on from there, and
 * any other one begins at the first failure.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { countOf, failureAt } from "../../../internal/temporal/failed.ts"
import type { Call, Failed, FailedAttempt } from "../../../internal/temporal/wire.ts"
import type { ActivityHandler, NextRetry } from "../../WorkflowRegistry.ts"

/** A call, as its policy is asked about it. */
export interface Judged {
  readonly handler: ActivityHandler
  /** The key of the call, which fixes the jitter. */
  readonly key: string
  readonly retry: Call["retry"]
}

interface Known {
  readonly handler: ActivityHandler
  readonly step: NextRetry
  /** How many failures it was told of, and when the last of them was. */
  readonly count: number
  readonly at: number
}

export class Policies {
  private readonly all = new Map<string, Known>()

  /** The pause after a failure, in milliseconds; nothing when no attempt follows. */
  pause(judged: Judged, before: Failed, failed: FailedAttempt): Effect.Effect<Option.Option<number>> {
    return Effect.gen({ self: this }, function* () {
      const { handler, key, retry } = judged
      const count = countOf(before)
      const known = this.take(judged, before)
      const step = known?.step ?? (yield* handler.retry(key, retry))
      for (let index = known?.count ?? 0; index < count; index++) {
        const { at, failure } = failureAt(before, index) ?? failed
        yield* step(at, failure)
      }
      const pause = yield* step(failed.at, failed.failure)
      if (Option.isSome(pause)) this.keep(key, { handler, step, count: count + 1, at: failed.at })
      return pause
    })
  }

  /** The state of a call, unless it comes from other failures than these: a reset of Temporal makes attempts anew. */
  private take({ handler, key }: Judged, before: Failed): Known | undefined {
    const known = this.all.get(key)
    this.all.delete(key)
    if (known === undefined || known.handler !== handler || known.count > countOf(before)) return undefined
    const last = known.count - 1
    const { forgotten = 0 } = before
    const isForgotten = forgotten > 0 && last <= forgotten
    return isForgotten || failureAt(before, last)?.at === known.at ? known : undefined
  }

  private keep(key: string, known: Known): void {
    this.all.set(key, known)
    if (this.all.size <= mostKnown) return
    const [oldest] = this.all.keys()
    this.all.delete(oldest!)
  }
}

// internal

const mostKnown = 1000
