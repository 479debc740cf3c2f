/**
 * Begins the next run of an execution whose program continued as new, when a process finds it that does not run it: because it
 * sends to it, or delivers what it owes. Nothing else may come between two runs, since only the next one has what is unread.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { Version, type WorkflowId } from "../../Ids.ts"
import { beginning } from "../../internal/core/continued.ts"
import { isBetweenRuns } from "../../internal/store/summary.ts"
import { Corrupt, type ExecutionSummary, StoreError } from "../../Store/WorkflowStore.ts"
import type { Appender } from "./Appender.ts"
import { firstCommit } from "./started.ts"

/** The summary of an execution to which one can append: of its latest run, which is begun now if it was not. */
export const summaryOf = (
  appender: Appender,
  workflowId: WorkflowId
): Effect.Effect<Option.Option<ExecutionSummary>, StoreError> =>
  Effect.flatMap(appender.store.summary(workflowId), (found) =>
    Option.isSome(found) && isBetweenRuns(found.value)
      ? Effect.andThen(beginNext(appender, found.value), summaryOf(appender, workflowId))
      : Effect.succeed(found)
  )

/** Begins the run after one that is over, unless another process has. */
export const beginNext = (
  { commitId, save, store }: Appender,
  { published, version, workflowId }: ExecutionSummary
): Effect.Effect<void, StoreError> =>
  Effect.gen(function* () {
    const last = yield* store.load(workflowId, { after: Version.make(version - 1) })
    const events = Option.getOrUndefined(last)?.commits.find((commit) => commit.version === version)?.events
    // It was deleted meanwhile.
    if (events === undefined) return
    const continued = events.at(-1)
    if (continued?._tag !== "ExecutionContinued") {
      const detail = "the summary says that the run is over and another one follows, and the history does not"
      return yield* new StoreError({ operation: "load", workflowId, reason: new Corrupt({ detail }) })
    }
    const commit = firstCommit(commitId(), beginning(continued), Version.make(version + 1))
    yield* save(published === undefined ? commit : { ...commit, summary: { ...commit.summary, published } })
  }).pipe(
    Effect.catchIf(
      ({ reason }) => reason._tag === "Conflict",
      () => Effect.void
    )
  )
