/**
 * Reasons of errors as they are recorded.
 */
import { WorkflowErrorReason } from "../WorkflowErrorReason.ts"
import { jsonCodec } from "./schema.ts"

export const reasonCodec = jsonCodec(WorkflowErrorReason)
