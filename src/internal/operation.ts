/**
 * How errors name the sending of each message.
 */
import type { Message } from "../Message.ts"
import type { WorkflowError } from "../WorkflowError.ts"

const operations = {
  Signal: "signal",
  Cancel: "cancel",
  Terminate: "terminate",
  Query: "query",
  Update: "update",
  Complete: "complete"
} as const satisfies { readonly [Tag in Message["_tag"]]: WorkflowError["operation"] }

export const operationOf = ({ _tag }: Message): (typeof operations)[Message["_tag"]] => operations[_tag]
