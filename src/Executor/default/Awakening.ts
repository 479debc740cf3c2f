/**
 * What a worker does before it begins another handler when others may have taken it for dead: because its process was frozen, its
 * machine slept, or the store was away.
 */
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { reasonOf } from "../../internal/store/failure.ts"
import type { StoreError } from "../../Store/WorkflowStore.ts"
import { storeErrorOf } from "./errors.ts"
import type { Execution } from "./Execution.ts"
import type { Heartbeat } from "./Heartbeat.ts"
import type { Refuse } from "./Mail.ts"
import type { Owner } from "./Owner.ts"
import type { Shared } from "./Shared.ts"

export interface Options {
  readonly shared: Shared<Execution>
  readonly heartbeat: Heartbeat
  /** The pause before a store that does not answer is asked again, in milliseconds. */
  readonly pause: number
  readonly inRealTime: <A, E>(effect: Effect.Effect<A, E>) => Effect.Effect<A, E>
}

/** Executions of which the store is asked at once. */
const asksAtOnce = 16

export class Awakening {
  private readonly options: Options
  private looking = false

  constructor(options: Options) {
    this.options = options
  }

  /** Holds the line of handlers until the worker has said that it lives, and has let go of what others have taken. */
  look(): void {
    if (this.looking) return
    this.looking = true
    const { heartbeat, inRealTime, pause, shared } = this.options
    const text =
      "this worker could not say in time that it lives; before it begins handlers it looks what others have taken"
    shared.fibers.log("Warn", text, { worker: shared.worker })
    shared.runner.hold()
    // Later, because an execution is in the middle of something when one of its attempts is to begin.
    const look = Effect.yieldNow.pipe(Effect.andThen(heartbeat.beat), Effect.andThen(this.letGo))
    const failed = ({ message }: StoreError) =>
      shared.fibers.log("Warn", `could not look what others have taken: ${message}`, { worker: shared.worker })
    // A store with a bug may die, too.
    const looked = Effect.catchCause(look, (cause) => Effect.fail(storeErrorOf(cause))).pipe(
      Effect.tapError((error) => Effect.sync(() => failed(error))),
      Effect.retry(Schedule.spaced(pause))
    )
    shared.fibers.fork(inRealTime(looked), (exit) => {
      if (exit._tag === "Success") heartbeat.lease.looked()
      this.looking = false
      shared.runner.release()
    })
  }

  private readonly letGo = Effect.suspend(() => {
    const { heartbeat, shared } = this.options
    const { term } = heartbeat.lease
    const look = (owner: Owner) =>
      Effect.map(this.refusalOf(owner), (refuse) => {
        owner.term = term
        if (refuse !== undefined) owner.release(refuse)
      })
    const doubtful = [...shared.runner.owners].filter((owner) => owner.term < term)
    return Effect.forEach(doubtful, look, { concurrency: asksAtOnce, discard: true })
  })

  /** Why an execution is to be let go; `undefined` when the store says that it is this worker's. */
  private refusalOf({ workflowId }: Owner): Effect.Effect<Refuse | undefined, StoreError> {
    const { shared } = this.options
    return Effect.matchCauseEffect(shared.store.summary(workflowId), {
      onSuccess: (found) => {
        const isOurs = found._tag === "Some" && found.value.owner === shared.worker
        return Effect.succeed(isOurs ? undefined : () => "Conflict" as const)
      },
      onFailure: (cause) => {
        const error = storeErrorOf(cause)
        if (error.reason._tag === "Unavailable") return Effect.fail(error)
        // Nothing tells whose it is, and asking again does not mend that: the others of the line go on without it.
        shared.fibers.log("Error", `an execution is let go for now: ${error.message}`, { workflowId })
        shared.lost()
        return Effect.succeed(() => reasonOf(error))
      }
    })
  }
}
