/**
 * Which process removes. Each says that it lives as if it were a worker without workflows, and the first of them by name
 * removes. Two that do so at once for a moment do no harm: what one has removed the other does not find.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { WorkerId } from "../../Ids.ts"
import type { StoreError, WorkflowStore } from "../../Store/WorkflowStore.ts"

/** How long a process counts as alive after it has said so, and how often it says so. */
const lease = Duration.minutes(2)
export const beat = Duration.seconds(30)

/** What was answered counts for so long, in milliseconds: a process with small pages does not ask for each. */
const asksEvery = 1000

export class Shift {
  /** Whether this process is to remove. It says with that that it lives. */
  readonly isMine: Effect.Effect<boolean, StoreError>
  /** Says that this process ends, so that another one goes on at once. */
  readonly end: Effect.Effect<void>

  constructor(store: WorkflowStore["Service"], id: WorkerId) {
    const kind = id.slice(0, id.indexOf("/") + 1)
    const say = (lease: Duration.Duration) => store.heartbeat({ id, workflows: [] }, lease)
    const ask = Effect.map(Effect.andThen(say(lease), store.workers), ({ living }) =>
      living.every((other) => !other.id.startsWith(kind) || other.id >= id)
    )
    let mineUntil = 0
    this.isMine = Effect.gen(function* () {
      const now = yield* Clock.currentTimeMillis
      if (now < mineUntil && now >= mineUntil - asksEvery) return true
      const isMine = yield* ask
      mineUntil = isMine ? now + asksEvery : 0
      return isMine
    })
    this.end = Effect.ignore(say(Duration.zero))
  }
}
