/**
 * The activities that every worker has, by which programs do what Temporal has no command for: they ask others for answers, and send what
 * is for one chain alone, or ends an execution at once. Each may be repeated after a crash, so each has an id that its receiver knows.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import { ask } from "../../../internal/answering.ts"
import { askName } from "../../../internal/core/asked.ts"
import { failureOf } from "../../../internal/temporal/failures.ts"
import { patient } from "../../../internal/patient.ts"
import { look } from "../../../internal/temporal/runs.ts"
import type { Server } from "../../../internal/temporal/Server.ts"
import type { ClosingEvent, MessageOutcome } from "../../../HistoryEvent.ts"
import type { Ref } from "../../../Ids.ts"
import type { Message } from "../../../Message.ts"
import type { WorkflowErrorReason } from "../../../WorkflowError.ts"
import type { Operations } from "../client/executor.ts"

/** What a program sends, the id that it looks at, or the child of an earlier run whose end it waits for. */
type Sent =
  | {
      readonly ref: Ref
      readonly message: Extract<Message, { readonly _tag: "Signal" | "Cancel" | "Terminate" }>
      readonly id: string
    }
  | { readonly look: string }
  | { readonly end: Ref }

/** Runs an activity that every worker has. */
export const ownOf =
  (server: Server, operations: Operations) =>
  (name: string, input: Schema.Json): Effect.Effect<Schema.Json | ReturnType<typeof failureOf>> => {
    if (name === askName) {
      return Effect.map(ask(operations, input), (exit) =>
        exit._tag === "Success" ? exit.value : failureOf(exit, "another execution has refused the question")
      )
    }
    const sent = input as unknown as Sent
    const done: Effect.Effect<MessageOutcome | ClosingEvent> =
      "end" in sent ? endOf(operations, sent.end) : outcomeOf(server, operations, sent)
    return Effect.map(done, (done) => done as unknown as Schema.Json)
  }

// internal

/** How a child ends. While it is blocked its parent waits, as for one that runs; of one that is gone nothing is known. */
const endOf = (operations: Operations, child: Ref): Effect.Effect<ClosingEvent> =>
  patient(operations.result(child), { also: "Blocked" }).pipe(
    Effect.catch(({ _tag: name, message }) =>
      Effect.map(Clock.currentTimeMillis, (at): ClosingEvent => {
        const defect = { name, message: `it is not known any more how the child ended: ${message}` }
        return { _tag: "ExecutionFailed", at, failure: { _tag: "Die", defect } }
      })
    )
  )

const outcomeOf = (
  server: Server,
  operations: Operations,
  sent: Exclude<Sent, { readonly end: Ref }>
): Effect.Effect<MessageOutcome> => {
  if ("look" in sent) {
    return patient(look(server, sent.look)).pipe(
      Effect.map(
        ({ chain, status }): MessageOutcome => ({ _tag: "Refused", reason: "AlreadyExists", status, runId: chain })
      ),
      // No execution has the id any more. The start was refused all the same.
      Effect.catch(() => Effect.succeed<MessageOutcome>({ _tag: "Refused", reason: "AlreadyExists" }))
    )
  }
  const { id, message, ref } = sent
  const keyed = message._tag === "Signal" ? { ...message, key: message.key ?? id } : message
  return patient(operations.send(ref, keyed, id)).pipe(
    Effect.match({ onSuccess: () => ({ _tag: "Delivered" }) as const, onFailure: refusalOf })
  )
}

const refusalOf = (reason: WorkflowErrorReason): MessageOutcome => {
  switch (reason._tag) {
    case "Finished":
      return { _tag: "Refused", reason: "Finished", status: reason.status }
    case "Restarted":
      return { _tag: "Refused", reason: "Restarted", runId: reason.runId as never }
    case "PayloadTooLarge":
      return { _tag: "Refused", reason: "TooLarge", bytes: reason.bytes, limit: reason.limit }
    case "NotFound":
      return { _tag: "Refused", reason: "NotFound" }
    default:
      return { _tag: "Refused", reason: "Unreadable" }
  }
}
