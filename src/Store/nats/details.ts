/**
 * The details of calls of activities: a key for each call, of which the bucket keeps the latest message alone. A call has a key in each
 * run, so what an execution leaves behind is found by the key of its id.
 */
import { headers } from "@nats-io/transport-node"
import type * as Schema from "effect/Schema"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { WorkflowId } from "../../Ids.ts"
import { parseJson } from "../../internal/core/parse.ts"
import { type CallPlace, Corrupt, type Driver, type Unavailable } from "../WorkflowStore.ts"
import type { Bucket } from "./Bucket.ts"
import * as Key from "./key.ts"

/** Keeps the details of calls, and reads them. */
export const make = (bucket: Bucket): Pick<Driver, "saveDetails" | "details"> => ({
  saveDetails: (all) =>
    Effect.forEach(
      all,
      ({ details, ...call }) =>
        details === undefined
          ? bucket.purgeAll(keyOf(call))
          : Effect.asVoid(
              bucket.publish(keyOf(call), { headers: headers(), body: utf8.encode(JSON.stringify(details)) }, {})
            ),
      { concurrency: inFlight, discard: true }
    ),
  details: (call) =>
    Effect.flatMap(bucket.latest(keyOf(call)), (message) =>
      message === null ? Effect.succeedNone : Effect.asSome(Effect.fromResult(parse(message.string())))
    )
})

/** Removes the details of all calls of an execution. */
export const removeAll = (bucket: Bucket, workflowId: WorkflowId): Effect.Effect<void, Unavailable> =>
  bucket.purgeAll(`${Key.encode(workflowId)}.>`)

// internal

const inFlight = 64

const keyOf = ({ runId, seq, workflowId }: CallPlace): string => `${Key.encode(workflowId)}.${Key.encode(runId)}.${seq}`

const parse = (text: string) =>
  Result.try({
    try: () => parseJson(text) as Schema.Json,
    catch: () => new Corrupt({ detail: "the details of a call are no JSON" })
  })

const utf8 = new TextEncoder()
