/**
 * The size of a value that Temporal takes. A larger one is refused after it was sent, or gets no answer at all.
 */
import * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import { PayloadTooLarge } from "../../WorkflowError.ts"
import { byteLength, exceeds } from "../store/codec.ts"

/** What a value may have: 2 MiB, with what is around it, as the stack of a failure. */
const mostBytes = 2 * 1024 * 1024 - 16 * 1024

/** Why a value is not sent, if so. */
export const tooLarge = (of: string, value: Schema.Json): PayloadTooLarge | undefined => {
  const text = JSON.stringify(value)
  return exceeds(text, mostBytes) ? new PayloadTooLarge({ of, bytes: byteLength(text), limit: mostBytes }) : undefined
}

/** Sends a value, unless it is too large. */
export const fitting = <A, E>(
  of: string,
  value: Schema.Json,
  send: () => Effect.Effect<A, E>
): Effect.Effect<A, E | PayloadTooLarge> =>
  Effect.suspend((): Effect.Effect<A, E | PayloadTooLarge> => {
    const refused = tooLarge(of, value)
    return refused === undefined ? send() : Effect.fail(refused)
  })
