/**
 * What a program asks of executions that are not its children: an activity that every executor has, so the answer is recorded. To
 * ask again after a crash changes nothing: a result and a query only read, and an update has an id, which its chain answers once.
 */
import type * as Schema from "effect/Schema"
import type { EventOf } from "../../HistoryEvent.ts"
import type { Message } from "../../Message.ts"

/** The name of the activity. */
export const askName = "perdure/ask"

/** Whether an activity asks another execution: an inline one may have any name. */
export const isAsk = ({ inline, name }: EventOf<"ActivityScheduled">): boolean => name === askName && inline !== true

/** What is asked, as it is recorded: of an update and of a result with the chain that is asked. */
export interface Question {
  readonly operation: "find" | "result" | "query" | "update"
  readonly workflowId: string
  readonly runId?: string | undefined
  readonly message?: Extract<Message, { readonly _tag: "Query" | "Update" }> | undefined
}

/** A question as the input of the activity. */
export const inputOf = ({ message, operation, runId, workflowId }: Question): Schema.Json => ({
  operation,
  workflowId,
  ...(runId === undefined ? {} : { runId }),
  ...(message === undefined ? {} : { message: { ...message } })
})

/** The question of an input that `inputOf` made. */
export const questionOf = (input: Schema.Json): Question => input as unknown as Question

/** Whether a question is for one chain, also when it is asked again. What an id has now is asked of whatever it has. */
export const isForOneChain = ({ operation }: Question): boolean => operation === "update" || operation === "result"
