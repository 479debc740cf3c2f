/**
 * The observers of a worker: what is around attempts, and who is told of commits.
 */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { parseJson } from "../../../internal/core/parse.ts"
import type { Told } from "../../../internal/temporal/wire.ts"
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

  /** Tells of what an execution has done. What an observer throws is given to `threw`, and goes no further. */
  told(text: string, threw: (thrown: unknown) => void): void {
    let commit: Committed | undefined
    for (const { committed } of this.all) {
      if (committed === undefined) continue
      try {
        committed((commit ??= committedOf(parseJson(text) as Told)))
      } catch (thrown) {
        threw(thrown)
      }
    }
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

// internal

const committedOf = ({ events, open, summary, trace, updates }: Told): Committed => {
  const opened = new Map(open.map((each) => [each.seq, each]))
  const updated = new Map(updates)
  return { events, summary, open: (seq) => opened.get(seq), update: (id) => updated.get(id), trace }
}
