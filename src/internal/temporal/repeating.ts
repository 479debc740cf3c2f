/**
 * What a connection repeats: Temporal's own rules, but for an update of a run that goes on as another one. The server says "unavailable" of
 * it for as long as it remembers the run, and the next run takes the update at once.
 */
import { type ConnectionOptions, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from "@temporalio/client"

/** The server's words for an update that came when its run was going on as another one: nothing was recorded. */
export const tooLate = /unexpected workflow task failure|workflow is closing/i

/** The server's words for a question to a run that ended before a worker took it. */
export const neverRan = /closed before WorkflowTaskStarted/i

/** Repeats the calls that are worth it. */
export const repeating: Interceptor = (options, nextCall) =>
  (options.method_definition.path.endsWith("/UpdateWorkflowExecution") ? updates : all)(options, nextCall)

// internal

type Interceptor = NonNullable<ConnectionOptions["interceptors"]>[number]

const rules = defaultGrpcRetryOptions()
const all = makeGrpcRetryInterceptor(rules)
const updates = makeGrpcRetryInterceptor({
  ...rules,
  retryableDecider: (attempt, status) => !tooLate.test(status.details) && rules.retryableDecider(attempt, status)
})
