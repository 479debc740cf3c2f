/**
 * The children that a program has started, in this run or in those before it, and the fibers that wait for their ends.
 */
import * as Effect from "effect/Effect"
import type { ClosingEvent, EventOf } from "../../HistoryEvent.ts"
import type { RunId } from "../../Ids.ts"
import type { EndOfChild } from "../core/continued.ts"

type Resume = (effect: Effect.Effect<ClosingEvent>) => void

export class Children {
  /** How each child ended, or who waits for that; an end is kept, since a program may ask for it later. */
  private readonly all = new Map<RunId, ClosingEvent | Set<Resume>>()
  /** The ends that no fiber has asked for, oldest first. */
  private readonly unasked = new Map<RunId, ClosingEvent>()

  /** The ends that the program has not asked for, oldest first. */
  get left(): ReadonlyArray<EndOfChild> {
    return Array.from(this.unasked, ([from, closing]) => ({ from, closing }))
  }

  started(runId: RunId): void {
    this.all.set(runId, new Set())
  }

  ended({ closing, from }: Pick<EventOf<"ChildEnded">, "closing" | "from">): void {
    const waiting = this.all.get(from)
    // A second end says what the first one said.
    if (!(waiting instanceof Set)) return
    this.all.set(from, closing)
    if (waiting.size === 0) this.unasked.set(from, closing)
    for (const resume of waiting) resume(Effect.succeed(closing))
  }

  /** Waits for the end of a child; `undefined` when it is none. */
  end(runId: RunId): Effect.Effect<ClosingEvent> | undefined {
    if (!this.all.has(runId)) return undefined
    return Effect.callback((resume) => {
      const found = this.all.get(runId)!
      if (!(found instanceof Set)) {
        this.unasked.delete(runId)
        return resume(Effect.succeed(found))
      }
      found.add(resume)
      return Effect.sync(() => found.delete(resume))
    })
  }

  /** Forgets the fibers that wait. */
  close(): void {
    for (const waiting of this.all.values()) if (waiting instanceof Set) waiting.clear()
  }
}
