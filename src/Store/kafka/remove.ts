/**
 * Removes an execution, or its older runs: one record decides, a second one says so to the readers of a compacted log, and tombstones
 * for what is gone follow.
 */
import * as Effect from "effect/Effect"
import { Version, type WorkflowId } from "../../Ids.ts"
import { Conflict, type DeleteOptions, type Unavailable } from "../WorkflowStore.ts"
import type { Failure } from "./Client.ts"
import type { Partition } from "./Partition.ts"
import { inTime, sendHead, type Topic, undecided } from "./Topic.ts"

/** Removes what the options name; returns whether there was anything to remove. */
export const remove = (
  topic: Topic,
  workflowId: WorkflowId,
  options: DeleteOptions
): Effect.Effect<boolean, Conflict | Failure> =>
  Effect.tap(
    inTime(
      topic,
      "version" in options ? removeAll(topic, workflowId, options) : removeBefore(topic, workflowId, options)
    ),
    () => Effect.sync(topic.tidySoon)
  )

/** Writes the seal of a removal, which tells what the history begins with. */
export const seal = (topic: Topic, partition: Partition, id: string) => {
  const { fold } = partition
  const execution = fold.executions.get(id)
  if (execution?.removal?.isSealed !== false) return Effect.void
  const { born, removal } = execution
  const { at, offset: after, record } = removal
  return sendHead(topic, partition, topic.key(), { k: "u", id, seen: fold.position, after, at, born, record })
}

// internal

const mostRequests = 7

const removeAll = Effect.fnUntraced(function* (
  topic: Topic,
  workflowId: WorkflowId,
  { seen = {}, version }: Extract<DeleteOptions, { readonly version: Version }>
): Effect.fn.Return<boolean, Conflict | Failure> {
  const partition = topic.of(workflowId)
  const { log } = topic
  const keys = new Set<string>()
  let doubt: Unavailable | undefined
  for (let requests = 1; ; requests++) {
    yield* log.caughtUp(partition)
    const { fold } = partition
    // An answer that was lost may have been that the execution is deleted.
    if (keys.has(fold.graves.get(workflowId)?.key ?? "")) return true
    const last = fold.executions.get(workflowId)?.commits.at(-1)
    if (last === undefined) return false
    if (last.v !== version) return yield* new Conflict({ version, latest: Version.make(last.v) })
    if (requests > mostRequests) return yield* undecided(doubt)
    const key = topic.key()
    keys.add(key)
    const record = { version: version + 1, said: seen }
    const head = { k: "d", id: workflowId, seen: fold.position, prev: last.offset, record } as const
    const verdict = yield* sendHead(topic, partition, key, head)
    if (verdict === "counted") return true
    doubt = verdict === "lost" ? undefined : verdict
  }
})

const removeBefore = Effect.fnUntraced(function* (
  topic: Topic,
  workflowId: WorkflowId,
  { before, seen = {} }: Extract<DeleteOptions, { readonly before: Version }>
): Effect.fn.Return<boolean, Conflict | Failure> {
  const partition = topic.of(workflowId)
  let doubt: Unavailable | undefined
  for (let requests = 1; ; requests++) {
    yield* topic.log.caughtUp(partition)
    const { fold } = partition
    const execution = fold.executions.get(workflowId)
    const last = execution?.commits.at(-1)
    if (execution === undefined || last === undefined) return false
    if (before > last.first) return yield* new Conflict({ version: before, latest: Version.make(last.v) })
    const begin = execution.commits[before - execution.commits[0]!.v]
    // There was something when it was looked for first.
    if (begin === undefined || begin === execution.commits[0]) return requests > 1
    if (requests > mostRequests) return yield* undecided(doubt)
    if (execution.removal?.isSealed === false) {
      yield* seal(topic, partition, workflowId)
      continue
    }
    const verdict = yield* sendHead(topic, partition, topic.key(), {
      k: "t",
      id: workflowId,
      seen: fold.position,
      prev: last.offset,
      at: begin.offset,
      born: execution.born,
      last: execution.removal?.offset ?? -1,
      record: { version: before, said: seen }
    })
    if (verdict === "counted") return true
    doubt = verdict === "lost" ? undefined : verdict
  }
})
