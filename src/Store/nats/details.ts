/**
 * The details of calls of activities: a key for each call, of which the bucket keeps the latest message alone. A call has a key in each
 * run, so what an execution leaves behind is found by the key of its id.
 */
import { headers } from "@nats-io/transport-node"
import * as Effect from "effect/Effect"
import type { WorkflowId } from "../../Ids.ts"
import { decodeDetails } from "../../internal/store/details.ts"
import type { CallPlace, Driver, Unavailable } from "../WorkflowStore.ts"
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
      message === null ? Effect.succeedNone : Effect.asSome(Effect.fromResult(decodeDetails(message.string())))
    )
})

/** Removes the details of all calls of an execution. */
export const removeAll = (bucket: Bucket, workflowId: WorkflowId): Effect.Effect<void, Unavailable> =>
  bucket.purgeAll(`${Key.encode(workflowId)}.>`)

// internal

const inFlight = 64

const keyOf = ({ runId, seq, workflowId }: CallPlace): string => `${Key.encode(workflowId)}.${Key.encode(runId)}.${seq}`

const utf8 = new TextEncoder()
