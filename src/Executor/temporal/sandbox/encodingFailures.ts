/**
 * Failures whose messages and stack traces are payloads, so that they are encrypted as those are. Temporal loads this file by its name.
 */
import { DefaultFailureConverter, type FailureConverter } from "@temporalio/common"

export const failureConverter: FailureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true })
