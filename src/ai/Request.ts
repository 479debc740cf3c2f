/**
 * What is recorded of a call of a language model.
 */
import * as Schema from "effect/Schema"
import { AiError } from "effect/ai/AiError"
import * as Prompt from "effect/ai/Prompt"
import { Part } from "effect/ai/Response"
import { ActivityTimedOut } from "../ActivityError.ts"
import { Setup } from "./Setup.ts"
import { Said } from "./Transcript.ts"

/** The input: which call of the run it is, from 0, the messages, and the setup, or the number of an earlier call that has the same one. */
export const Request = Schema.Struct({
  call: Schema.Int,
  prompt: Said,
  setup: Schema.Union([Schema.Struct({ call: Schema.Int }), Setup])
})
export type Request = typeof Request.Type

/** The result: the parts of an answer, with the usage in the last one. */
export const Answer = Schema.Array(Part())
export type Answer = typeof Answer.Type

/** The messages that an answer is in the next prompt. */
export const messagesIn = (parts: Answer): ReadonlyArray<Prompt.Message> => Prompt.fromResponseParts(parts).content

/** The failure. */
export const Failure = Schema.Union([AiError, ActivityTimedOut])
export type Failure = typeof Failure.Type
