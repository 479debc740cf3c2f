/**
 * The details of calls of activities: one value for each execution, so that what it leaves behind is removed with it.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import { liveClock } from "../../internal/liveClock.ts"
import { damaged } from "../../internal/store/damage.ts"
import { type CallDetails, type CallPlace, type Corrupt, type Unavailable } from "../WorkflowStore.ts"
import { parsed } from "./record.ts"
import type { Shared } from "./Shared.ts"
import { inPlaceOf, type Operation } from "./Sidecar.ts"

/** Keeps the details of calls. */
export const save = (shared: Shared, all: ReadonlyArray<CallDetails>): Effect.Effect<void, Unavailable> => {
  const groups = Map.groupBy(all, ({ workflowId }) => workflowId)
  return Effect.forEach(groups.values(), (group) => saveOf(shared, group), { concurrency: 16, discard: true })
}

/** Reads the details of a call. */
export const read = Effect.fnUntraced(function* (
  { keys, sidecar }: Shared,
  call: CallPlace
): Effect.fn.Return<Option.Option<Schema.Json>, Unavailable | Corrupt> {
  const value = yield* sidecar.read(keys.details(call.workflowId))
  if (value === undefined) return Option.none()
  const all = parsed(value.text)
  if (Result.isFailure(all)) return yield* damaged(`the details of calls of ${call.workflowId}: ${all.failure}`)
  return Option.fromUndefinedOr(all.success[nameOf(call)] as Schema.Json | undefined)
})

// internal

const mostRequests = 10
const pause = Duration.millis(20)

const nameOf = ({ runId, seq }: Omit<CallPlace, "workflowId">): string => `${seq} ${runId}`

const saveOf = Effect.fnUntraced(function* (
  { keys, manners, sidecar }: Shared,
  group: ReadonlyArray<CallDetails>
): Effect.fn.Return<void, Unavailable> {
  const key = keys.details(group[0]!.workflowId)
  for (let requests = 1; ; requests++) {
    const value = yield* sidecar.read(key)
    // What cannot be read is written anew: details are only the latest word of a handler.
    const before = value === undefined ? {} : Result.getOrElse(parsed(value.text), () => ({}))
    const operation = operationOf(key, changed(before, group), value?.etag)
    if (operation === undefined) return
    const written = yield* Effect.result(sidecar.transact([operation], manners))
    if (Result.isSuccess(written)) return
    if (requests === mostRequests) return yield* written.failure
    yield* liveClock.sleep(pause)
  }
})

const changed = (before: object, group: ReadonlyArray<CallDetails>): ReadonlyMap<string, unknown> => {
  const all = new Map<string, unknown>(Object.entries(before))
  for (const { details, ...call } of group) {
    if (details === undefined) all.delete(nameOf(call))
    else all.set(nameOf(call), details)
  }
  return all
}

const operationOf = (
  key: string,
  all: ReadonlyMap<string, unknown>,
  etag: string | undefined
): Operation | undefined => {
  if (all.size > 0) return inPlaceOf(etag, { key, text: JSON.stringify(Object.fromEntries(all)) })
  return etag === undefined ? undefined : { _tag: "Remove", key }
}
