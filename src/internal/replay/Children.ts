/**
 * The children that a program has started, and the fibers that wait for their ends.
 */
import * as Effect from "effect/Effect"
import type { ClosingEvent, EventOf } from "../../HistoryEvent.ts"
import type { RunId } from "../../Ids.ts"

type Resume = (effect: Effect.Effect<ClosingEvent>) => void

export class Children {
  /** How each child ended, or who waits for that; an end is kept, since a program may ask for it later. */
  private readonly all = new Map<RunId, ClosingEvent | Set<Resume>>()

  started(runId: RunId): void {
    this.all.set(runId, new Set())
  }

  ended({ closing, from }: EventOf<"ChildEnded">): void {
    const waiting = this.all.get(from)
    // A second end says what the first one said.
    if (!(waiting instanceof Set)) return
    this.all.set(from, closing)
    for (const resume of waiting) resume(Effect.succeed(closing))
  }

  /** Waits for the end of a child; `undefined` when it is none. */
  end(runId: RunId): Effect.Effect<ClosingEvent> | undefined {
    if (!this.all.has(runId)) return undefined
    return Effect.callback((resume) => {
      const found = this.all.get(runId)!
      if (!(found instanceof Set)) return resume(Effect.succeed(found))
      found.add(resume)
      return Effect.sync(() => found.delete(resume))
    })
  }
}
