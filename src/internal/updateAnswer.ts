/**
 * The answers of updates, as their callers get them.
 */
import * as Effect from "effect/Effect"
import type { UpdateAnswer } from "../Message.ts"
import type { WorkflowError } from "../WorkflowError.ts"
import { recordedEnd } from "./recordedEnd.ts"
import type { Codecs } from "./schema.ts"

/** What an answer is to its caller. */
export const answered = <Success, Error>(
  update: string,
  codecs: Codecs<any, Success, Error>,
  workflowId: string,
  { exit }: UpdateAnswer
): Effect.Effect<Success, Error | WorkflowError> =>
  exit === undefined
    ? Effect.die(new Error(`the executor answered update ${JSON.stringify(update)} before it was answered`))
    : recordedEnd(codecs, exit, { operation: "update", workflowId, update })
