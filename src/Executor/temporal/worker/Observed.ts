/**
 * The observers of a worker: what is around attempts, and who is told of commits.
 */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { digest } from "../../../internal/core/digest.ts"
import { parseJson } from "../../../internal/core/parse.ts"
import type { Run } from "../../../internal/temporal/runs.ts"
import { summaryOf } from "../../../internal/temporal/summary.ts"
import type { Told } from "../../../internal/temporal/wire.ts"
import type { Attempting, Committed, Observer } from "../../Observers.ts"
import type { AttemptEnd } from "../../WorkflowRegistry.ts"

export class Observed {
  private readonly all = new Set<Observer>()
  private readonly known = new Set<string>()

  /** Adds an observer until the scope closes, around the ones that are there. */
  add(observer: Observer): Effect.Effect<void, never, Scope.Scope> {
    return Effect.acquireRelease(
      Effect.sync(() => void this.all.add(observer)),
      () => Effect.sync(() => void this.all.delete(observer))
    )
  }

  /** Tells of what a run of Temporal has done. What an observer throws is given to `threw`, and goes no further. */
  told(temporalRun: string, text: string, threw: (thrown: unknown) => void): void {
    if (this.all.size === 0) return
    const told = parseJson(text) as Told
    if (this.isRepeated(temporalRun, told)) return
    this.tell(committedOf(told), threw)
  }

  /** Tells of what this process has done. */
  tell(commit: Committed, threw: (thrown: unknown) => void): void {
    for (const { committed } of this.all) {
      if (committed === undefined) continue
      try {
        committed(commit)
      } catch (thrown) {
        threw(thrown)
      }
    }
  }

  /** Whether it was told before: Temporal repeats a task that has failed, again and again while its program is blocked. */
  private isRepeated(temporalRun: string, { events, summary }: Told): boolean {
    const key = `${temporalRun} ${summary.version} ${digest(JSON.stringify(events, withoutTimes))}`
    const isKnown = this.known.delete(key)
    this.known.add(key)
    if (this.known.size > mostKnown) {
      const [oldest] = this.known
      this.known.delete(oldest!)
    }
    return isKnown
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

/** The commit of an execution that this process has terminated, whose program is told nothing. */
export const terminationOf = (run: Run, reason: string): Committed => {
  const summary = summaryOf(run)
  const at = summary.closedAt ?? summary.updatedAt
  const event = { _tag: "ExecutionTerminated", at, reason } as const
  return { events: [event], summary, open: () => undefined, update: () => undefined, trace: undefined }
}

// internal

/** So much of what was told is known. */
const mostKnown = 10_000

/** A task that is repeated has other times. */
const withoutTimes = (key: string, value: unknown): unknown =>
  key === "at" || key === "fireAt" || key === "deadline" ? undefined : value

const committedOf = ({ events, open, summary, trace, updates }: Told): Committed => {
  const opened = new Map(open.map((each) => [each.seq, each]))
  const updated = new Map(updates)
  return { events, summary, open: (seq) => opened.get(seq), update: (id) => updated.get(id), trace }
}
