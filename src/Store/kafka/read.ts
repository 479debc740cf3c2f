/**
 * Reads executions from the folds, once they have all that was acknowledged.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import type { Version, WorkflowId } from "../../Ids.ts"
import { liveNow } from "../../internal/liveClock.ts"
import { damaged } from "../../internal/store/damage.ts"
import {
  type Corrupt,
  type Deletion,
  deletionTtl,
  type ExecutionSummary,
  type NewerFormat,
  type StoredCommit,
  type StoredExecution
} from "../WorkflowStore.ts"
import { type Failure, unavailable } from "./Client.ts"
import { type Execution, type Grave, merged, type Stored } from "./state.ts"
import type { Remains } from "./head.ts"
import type { Partition } from "./Partition.ts"
import { type Body, commitOf, decode as decodeRecord, isDamaged, summaryOf } from "./record.ts"
import type { Topic } from "./Topic.ts"

/** Why something was not read. */
export type Reason = Failure | Corrupt | NewerFormat

/** Loads the current run of an execution, or its commits after a version, of all runs. */
export const load = Effect.fnUntraced(function* (
  topic: Topic,
  workflowId: WorkflowId,
  after: Version | undefined
): Effect.fn.Return<Option.Option<StoredExecution>, Reason> {
  for (let count = 1; ; count++) {
    const found = yield* Effect.result(loadOnce(topic, workflowId, after))
    if (found._tag === "Success") return found.success
    if (found.failure._tag !== "Gone") return yield* found.failure
    // Another process has removed the commit meanwhile, which the fold says by now, or the broker has sent less than it has.
    if (count === mostLoads) return yield* unavailable(new Error(`offset ${found.failure.offset} was not read`))
  }
})

/** Reads the latest summary of an execution. */
export const summary = Effect.fnUntraced(function* (
  topic: Topic,
  workflowId: WorkflowId
): Effect.fn.Return<Option.Option<ExecutionSummary>, Reason> {
  const partition = topic.of(workflowId)
  yield* topic.log.caughtUp(partition)
  const execution = partition.fold.executions.get(workflowId)
  return execution === undefined ? Option.none() : Option.some(yield* readable(execution))
})

/** Reads what is left of removed commits of an id. */
export const deletion = (topic: Topic, workflowId: WorkflowId): Effect.Effect<Option.Option<Deletion>, Failure> => {
  const partition = topic.of(workflowId)
  return Effect.map(topic.log.caughtUp(partition), () =>
    Option.map(Option.fromUndefinedOr(remainsOf(partition, workflowId)), ({ said, version }) => ({
      version: version as Version,
      seen: said
    }))
  )
}

/** What is left of the deletion of an id, while it is kept. */
export const graveOf = (partition: Partition, id: string): Grave | undefined => {
  const grave = partition.fold.graves.get(id)
  return grave === undefined || isPast(partition, grave) ? undefined : grave
}

/** The time of the broker, as far as it is known, in milliseconds since 1970. */
export const brokerTime = ({ clock }: Partition): number => liveNow() + (clock?.ahead ?? 0)

/** Whether the record of a deletion need not be kept any more. */
export const isPast = (partition: Partition, { time }: Grave): boolean =>
  time + Duration.toMillis(deletionTtl) <= brokerTime(partition)

// internal

// How often an execution is loaded of which a commit is not there.
const mostLoads = 3

/** A commit is not where it was. */
interface Gone {
  readonly _tag: "Gone"
  readonly offset: number
}

const loadOnce = Effect.fnUntraced(function* (
  topic: Topic,
  workflowId: WorkflowId,
  after: Version | undefined
): Effect.fn.Return<Option.Option<StoredExecution>, Reason | Gone> {
  const partition = topic.of(workflowId)
  yield* topic.log.caughtUp(partition)
  const execution = partition.fold.executions.get(workflowId)
  if (execution === undefined) return Option.none()
  const summary = yield* readable(execution)
  const first = after === undefined ? summary.firstVersion : after + 1
  const commits = execution.commits.slice(Math.max(0, first - execution.commits[0]!.v))
  if (commits.length > 0 && after === undefined && commits[0]!.v > first) {
    return yield* damaged(`the versions from ${first} on are not all there`)
  }
  return Option.some({ summary, commits: yield* decoded(topic, partition, commits) })
})

const remainsOf = (partition: Partition, id: string): Remains | undefined => {
  const grave = graveOf(partition, id)?.record
  const removal = partition.fold.executions.get(id)?.removal?.record
  return removal === undefined ? grave : merged([grave], removal)
}

const readable = ({ commits, id }: Execution<Body | undefined>): Effect.Effect<ExecutionSummary, Corrupt> => {
  const summary = summaryOf(commits.at(-1)!, id)
  return isDamaged(summary) ? Effect.fail(damaged(`${JSON.stringify(id)}: ${summary.detail}`)) : Effect.succeed(summary)
}

/** Reads the events of commits, from the topic where they are not in memory. */
const decoded = Effect.fnUntraced(function* (
  topic: Topic,
  partition: Partition,
  commits: ReadonlyArray<Stored<Body | undefined>>
): Effect.fn.Return<ReadonlyArray<StoredCommit>, Reason | Gone> {
  const read: Array<StoredCommit> = []
  let near = new Map<number, string>()
  for (const stored of commits) {
    const { body, offset } = stored
    if (body?.events === undefined && !near.has(offset)) near = yield* eventsFrom(topic, partition, offset)
    const events = body?.events ?? near.get(offset)
    if (events === undefined) return yield* Effect.fail<Gone>({ _tag: "Gone", offset })
    read.push(yield* decode(stored, events))
  }
  return read
})

/** The events of the commits that one request brings, by offset: of the next version too when nothing much lies between. */
const eventsFrom = (topic: Topic, partition: Partition, offset: number): Effect.Effect<Map<number, string>, Failure> =>
  Effect.map(
    topic.read(partition, offset),
    ({ records }) =>
      new Map(
        records.flatMap(({ key, offset, value }) => {
          const content = decodeRecord(key, value)
          return content._tag === "Folded" && content.body !== undefined
            ? [[offset, content.body.events ?? ""] as const]
            : []
        })
      )
  )

const decode = (stored: Stored<Body | undefined>, events: string): Effect.Effect<StoredCommit, Reason> =>
  Effect.fromResult(
    Result.mapError(commitOf(stored, events), (error) =>
      error._tag === "Corrupt" ? damaged(`version ${stored.v}: ${error.detail}`) : error
    )
  )
