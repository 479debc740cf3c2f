/**
 * The metrics of what an executor does, by what its observers see: each commit once, each attempt and each replay of this process.
 */
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import type { Committed, Observer } from "../../Executor/Observers.ts"
import { type HistoryEvent, isClosing } from "../../HistoryEvent.ts"
import { outcomeOf, statusOf } from "./ends.ts"
import type { Series } from "./series.ts"

/** An observer that counts. */
export const observer = (series: Series): Observer => ({
  committed: (commit) => {
    for (const event of commit.events) count(series, commit, event)
  },
  replayed: ({ duration, events, workflow }) => {
    series.update("workflow.replay.events", [workflow], events)
    series.update("workflow.replay.duration", [workflow], duration / 1000)
  },
  attempt: ({ context: { activity, workflow } }, next) =>
    timed(next, (seconds, exit) => {
      const values = [workflow, activity, outcomeOf(exit)]
      series.update("workflow.activity.attempts", values)
      series.update("workflow.activity.duration", values, seconds)
    })
})

/** Tells in how many seconds an effect has ended, and how. */
export const timed = <A, E>(
  effect: Effect.Effect<A, E>,
  ended: (seconds: number, exit: Exit.Exit<A, E>) => void
): Effect.Effect<A, E> =>
  Effect.clockWith((clock) => {
    const begun = clock.monotonicTimeNanosUnsafe()
    return Effect.onExit(effect, (exit) =>
      Effect.sync(() => ended(Number(clock.monotonicTimeNanosUnsafe() - begun) / 1e9, exit))
    )
  })

// internal

const count = (series: Series, { summary: { startedAt, workflow } }: Committed, event: HistoryEvent): void => {
  if (event._tag === "ExecutionStarted" && event.continues === undefined) {
    series.update("workflow.executions.started", [workflow])
  } else if (event._tag === "ExecutionBlocked" && event.problem.reason === "NonDeterminism") {
    series.update("workflow.nondeterminism.errors", [workflow])
  } else if (isClosing(event)) {
    const values = [workflow, statusOf(event)]
    series.update("workflow.executions.completed", values)
    series.update("workflow.execution.duration", values, Math.max(0, event.at - startedAt) / 1000)
  }
}
