/**
 * Asks other executions for a program: how they end, what they are, and what they answer. It waits as long as that takes, beside the
 * line of handlers, which the execution that is asked may need.
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import type { RecordedExit } from "../HistoryEvent.ts"
import type { Ref, WorkflowId } from "../Ids.ts"
import type { Message } from "../Message.ts"
import { type Question, questionOf } from "./core/asked.ts"
import { patient } from "./patient.ts"
import { reasonCodec } from "./reason.ts"
import { reasonOf } from "./store/failure.ts"
import type { StoreError } from "../Store/WorkflowStore.ts"
import type { Undecryptable, WorkflowErrorReason } from "../WorkflowError.ts"

/** What is asked, as executors answer it. */
export interface Answers {
  readonly find: (workflowId: WorkflowId) => Effect.Effect<unknown, WorkflowErrorReason | StoreError>
  readonly result: (ref: Ref) => Effect.Effect<unknown, WorkflowErrorReason | StoreError>
  readonly send: (ref: Ref, message: Message) => Effect.Effect<unknown, WorkflowErrorReason | StoreError>
}

/** Asks what the input of the activity says; ends with what is recorded. */
export const ask = (client: Answers, input: Schema.Json): Effect.Effect<RecordedExit> => {
  const question = questionOf(input)
  return answerOf(client, question).pipe(
    Effect.mapError((error) => (error._tag === "StoreError" ? reasonOf(error) : error)),
    Effect.tapErrorTag("Undecryptable", logWaiting(question)),
    (answer) => patient(answer),
    // The worker stops, and interrupts this.
    Effect.catchTag("ShutDown", () => Effect.never),
    Effect.match({
      onSuccess: (value): RecordedExit => ({ _tag: "Success", value: value as Schema.Json }),
      onFailure: (reason): RecordedExit => ({ _tag: "Fail", error: Result.getOrThrow(reasonCodec.encode(reason)) })
    })
  )
}

// internal

/** Logs what a program waits for, the first time that it is told. */
const logWaiting = ({ operation, workflowId }: Question): ((lacking: Undecryptable) => Effect.Effect<void>) => {
  const what = `a program that asks execution ${JSON.stringify(workflowId)} (${operation})`
  let isLogged = false
  return ({ message }) =>
    Effect.suspend(() => {
      if (isLogged) return Effect.void
      isLogged = true
      return Effect.logError(`${what} waits for a worker with the right keys: ${message}`)
    })
}

const answerOf = (
  client: Answers,
  { message, operation, runId, workflowId }: Question
): Effect.Effect<unknown, WorkflowErrorReason | StoreError> => {
  const ref = { workflowId, runId }
  switch (operation) {
    case "find":
      return client.find(workflowId as WorkflowId)
    case "result":
      return client.result(ref)
    case "query":
    case "update":
      return client.send(ref, message!)
  }
}
