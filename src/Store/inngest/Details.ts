/**
 * The details of calls of activities: an event each time, under a name for each call, of which the latest counts.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Schema from "effect/Schema"
import { randomUUID } from "node:crypto"
import { decodeDetails } from "../../internal/store/details.ts"
import { type CallDetails, type CallPlace, type Corrupt, TooLarge } from "../WorkflowStore.ts"
import { mostEventBytes } from "./OwnOptions.ts"
import type { Reader } from "./Reader.ts"
import { bytesOf, type Event, type Failure, timeOf } from "./Server.ts"
import type { Shared } from "./Shared.ts"

/** Keeps the details of calls. */
export const save = (
  { names, sight }: Shared,
  all: ReadonlyArray<CallDetails>
): Effect.Effect<void, Failure | TooLarge> => {
  const events = all.map(({ details, ...call }): Event => {
    const name = names.details(call)
    return { name, id: `${name}/${randomUUID()}`, text: details === undefined ? removed : JSON.stringify(details) }
  })
  const largest = Math.max(...events.map(bytesOf))
  return largest > mostEventBytes
    ? Effect.fail(new TooLarge({ bytes: largest, limit: mostEventBytes }))
    : Effect.asVoid(sight.publish(events))
}

/** Reads the details of a call. */
export const read = Effect.fnUntraced(function* (
  { names, server, settings }: Shared,
  reader: Reader,
  call: CallPlace
): Effect.fn.Return<Option.Option<Schema.Json>, Failure | Corrupt> {
  const [latest] = yield* server.page({ name: names.details(call), from: server.now - settings.retention, limit: 1 })
  if (latest === undefined || latest.text === removed) return Option.none()
  // With an execution its details are removed too.
  const deletedAt = (yield* reader.latest(call.workflowId)).remains?.at
  if (deletedAt !== undefined && timeOf(latest.internal) <= deletedAt) return Option.none()
  return Option.some(yield* Effect.fromResult(decodeDetails(latest.text)))
})

// internal

/** No JSON is so short. */
const removed = "-"
