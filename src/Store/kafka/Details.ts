/**
 * The details of calls of activities: the latest value of a key for each call, in the partition of its execution.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Schema from "effect/Schema"
import type { WorkflowId } from "../../Ids.ts"
import { decodeDetails } from "../../internal/store/details.ts"
import type { CallDetails, CallPlace, Corrupt } from "../WorkflowStore.ts"
import type { Failure } from "./Client.ts"
import type { Partition } from "./Partition.ts"
import { brokerTime } from "./read.ts"
import { executionOfCall, keyOfCall, keyOfCalls } from "./record.ts"
import { sendLatest, sendTombstone, type Topic } from "./Topic.ts"

/** Keeps details of calls; removes them where there are none. */
export const save = (topic: Topic, all: ReadonlyArray<CallDetails>): Effect.Effect<void, Failure> =>
  Effect.forEach(
    all,
    ({ details, runId, seq, workflowId }) => {
      const key = keyOfCall(workflowId, runId, seq)
      const partition = topic.of(workflowId)
      return details === undefined
        ? sendTombstone(topic, partition, key)
        : sendLatest(topic, partition, key, JSON.stringify(details))
    },
    { concurrency: inFlight, discard: true }
  )

/** Reads the details of a call. */
export const read = Effect.fnUntraced(function* (
  topic: Topic,
  { runId, seq, workflowId }: CallPlace
): Effect.fn.Return<Option.Option<Schema.Json>, Failure | Corrupt> {
  const partition = topic.of(workflowId)
  yield* topic.log.caughtUp(partition)
  const latest = partition.latest.get(keyOfCall(workflowId, runId, seq))
  if (latest === undefined) return Option.none()
  return Option.some(yield* Effect.fromResult(decodeDetails(latest.text)))
})

/** Removes the details of all calls of an execution. */
export const removeAll = (topic: Topic, workflowId: WorkflowId): Effect.Effect<void, Failure> => {
  const partition = topic.of(workflowId)
  const prefix = keyOfCalls(workflowId)
  const keys = [...partition.latest.keys()].filter((key) => key.startsWith(prefix))
  return Effect.forEach(keys, (key) => sendTombstone(topic, partition, key), { concurrency: inFlight, discard: true })
}

/** The keys of details that a process left behind which ended while it deleted their execution. */
export const forgotten = (partition: Partition): ReadonlyArray<string> => {
  const now = brokerTime(partition)
  return [...partition.latest].flatMap(([key, { time }]) => {
    if (time + keptWithout > now) return []
    const id = executionOfCall(key)
    return id === undefined || partition.fold.executions.has(id) ? [] : [key]
  })
}

// internal

const inFlight = 64
// Milliseconds that details are kept without an execution.
const keptWithout = 86_400_000
