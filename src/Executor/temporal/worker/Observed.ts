/**
 * The observers of a worker: what is around attempts, and who is told of commits.
 */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Attempting, Committed, Observer } from "../../Observers.ts"
import type { AttemptEnd } from "../../WorkflowRegistry.ts"

export class Observed {
  private readonly all = new Set<Observer>()

  /** Adds an observer until the scope closes, around the ones that are there. */
  add(observer: Observer): Effect.Effect<void, never, Scope.Scope> {
    return Effect.acquireRelease(
      Effect.sync(() => void this.all.add(observer)),
      () => Effect.sync(() => void this.all.delete(observer))
    )
  }

  /** Whether there is one that hears of commits. */
  get isListening(): boolean {
    for (const { committed } of this.all) if (committed !== undefined) return true
    return false
  }

  /** Tells of a commit. What an observer throws is logged, and goes no further. */
  committed(commit: Committed): Effect.Effect<void> {
    const told = Array.from(this.all, ({ committed }) => Effect.sync(() => committed?.(commit)))
    return Effect.forEach(
      told,
      (each) => Effect.catchCause(each, (cause) => Effect.logError("an observer of commits threw", cause)),
      { discard: true }
    )
  }

  /** An attempt with what observers do around it. */
  attempt(attempting: Attempting, attempt: Effect.Effect<AttemptEnd>): Effect.Effect<AttemptEnd> {
    let effect = attempt
    for (const { attempt: around } of this.all) {
      if (around === undefined) continue
      const inner = effect
      effect = Effect.suspend(() => around(attempting, inner))
    }
    return effect
  }
}
