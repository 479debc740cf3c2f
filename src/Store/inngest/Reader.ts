/**
 * Reads executions back by their names, the newest events first. What is stored is shown before its caller is told so, so a read sees all
 * that was acknowledged.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import type { Version, WorkflowId } from "../../Ids.ts"
import { liveClock } from "../../internal/liveClock.ts"
import { damaged } from "../../internal/store/damage.ts"
import { isUnreadable } from "../../internal/store/Order.ts"
import type {
  Corrupt,
  Deletion,
  ExecutionSummary,
  NewerFormat,
  StoredCommit,
  StoredExecution
} from "../WorkflowStore.ts"
import { History } from "./History.ts"
import type { Index } from "./Index.ts"
import { type CommitHead, commitOf, type Content, isCommit, summaryOf } from "./record.ts"
import type { Failure } from "./Server.ts"
import type { Shared } from "./Shared.ts"

/** Why something was not read. */
export type Reason = Failure | Corrupt | NewerFormat

/** How many events are read at once to know a head: of the latest ones some are sent twice, and some are removals. */
export const headRows = 8

/** Reads executions of one store. */
export class Reader {
  private readonly shared: Shared
  private readonly index: Index

  constructor(shared: Shared, index: Index) {
    this.shared = shared
    this.index = index
  }

  /** Loads the current run of an execution, or its commits after a version, of all runs. */
  load(workflowId: WorkflowId, after: Version | undefined): Effect.Effect<Option.Option<StoredExecution>, Reason> {
    const firstOf = (history: History, { first }: CommitHead): number =>
      Math.max(history.from, after === undefined ? first : after + 1)
    const isEnough = (history: History): boolean => {
      const { head } = history.live ?? {}
      if (head === undefined) return history.isLatestSettled
      const first = firstOf(history, head)
      return history.isSettled(Math.min(first, head.version))
    }
    return Effect.flatMap(this.read(workflowId, isEnough), (history) => {
      const { live } = history
      if (live === undefined) return Effect.succeedNone
      const loaded = Result.flatMap(readable(live), (summary) =>
        Result.map(commitsOf(history, firstOf(history, live.head), live.head.version), (commits) =>
          Option.some({ summary, commits })
        )
      )
      return Effect.fromResult(loaded)
    })
  }

  /** Reads the latest summary of an execution. */
  summary(workflowId: WorkflowId): Effect.Effect<Option.Option<ExecutionSummary>, Reason> {
    return Effect.flatMap(this.latest(workflowId), ({ live }) =>
      live === undefined ? Effect.succeedNone : Effect.fromResult(Result.map(readable(live), Option.some))
    )
  }

  /** Reads what is left of removed commits of an id. */
  deletion(workflowId: WorkflowId): Effect.Effect<Option.Option<Deletion>, Reason> {
    return Effect.map(this.latest(workflowId), ({ remains }) =>
      remains === undefined ? Option.none() : Option.some({ version: remains.version, seen: remains.seen })
    )
  }

  /** Reads the latest events of an execution, enough to know its head. */
  latest(workflowId: string): Effect.Effect<History, Failure | Corrupt> {
    return this.read(workflowId, (history) => history.isLatestSettled, headRows)
  }

  /** Reads events of an execution until they are enough. What is known to be stored and is not there blocks it. */
  read(
    workflowId: string,
    isEnough: (history: History) => boolean,
    limit?: number
  ): Effect.Effect<History, Failure | Corrupt> {
    const once = Effect.suspend(() => {
      const history = new History(workflowId)
      const { names, server, settings } = this.shared
      const from = server.now - settings.retention
      return Effect.as(
        server.back({ name: names.execution(workflowId), from, limit }, (page) => {
          history.add(page)
          return isEnough(history)
        }),
        history
      )
    })
    const versionIn = (history: History) => history.latest?.content.head.version ?? 0
    return Effect.suspend(() => {
      const wanted = this.index.versionOf(workflowId)
      const again = Effect.andThen(liveClock.sleep(Duration.millis(this.shared.settings.visibility)), once)
      return Effect.flatMap(once, (history) => (versionIn(history) >= wanted ? Effect.succeed(history) : again)).pipe(
        Effect.filterOrFail(
          (history) => versionIn(history) >= wanted,
          (history) =>
            damaged(
              `${JSON.stringify(workflowId)}: version ${wanted} was stored, and the latest that the server has is ${versionIn(history)}`
            )
        )
      )
    })
  }
}

// internal

const readable = (content: Content<CommitHead>): Result.Result<ExecutionSummary, Corrupt> => {
  const summary = summaryOf(content)
  return isUnreadable(summary)
    ? Result.fail(damaged(`${JSON.stringify(content.head.id)}: ${summary.detail}`))
    : Result.succeed(summary)
}

/** The commits of some versions. One that is missing was lost by the server, or is older than what it keeps. */
const commitsOf = (
  history: History,
  first: number,
  last: number
): Result.Result<ReadonlyArray<StoredCommit>, Corrupt | NewerFormat> => {
  const commits: Array<StoredCommit> = []
  for (let version = first; version <= last; version++) {
    const content = history.at(version)?.content
    if (content === undefined || !isCommit(content)) {
      return Result.fail(damaged(`version ${version} is missing: the server has lost it, or keeps events no longer`))
    }
    const commit = commitOf(content)
    if (Result.isFailure(commit)) {
      const { failure } = commit
      return Result.fail(failure._tag === "Corrupt" ? damaged(`version ${version}: ${failure.detail}`) : failure)
    }
    commits.push(commit.success)
  }
  return Result.succeed(commits)
}
