/** What an operation fails with. */
import { Effect } from "effect"
import type { WorkflowError } from "perdure"

/** The reason of the `WorkflowError` with which an effect fails; it is a defect of the test if it does not. */
export const errorOf = <A, E, R>(
  effect: Effect.Effect<A, E | WorkflowError.WorkflowError, R>
): Effect.Effect<WorkflowError.WorkflowErrorReason, never, R> =>
  Effect.matchEffect(effect, {
    onSuccess: (value) => Effect.die(new Error(`succeeded with ${JSON.stringify(value)}`)),
    onFailure: (error) => (isWorkflowError(error) ? Effect.succeed(error.reason) : Effect.die(error))
  })

/** The tag of that reason. */
export const reasonOf = <A, E, R>(effect: Effect.Effect<A, E | WorkflowError.WorkflowError, R>) =>
  Effect.map(errorOf(effect), (reason) => reason._tag)

// internal

const isWorkflowError = (error: unknown): error is WorkflowError.WorkflowError =>
  typeof error === "object" && error !== null && "_tag" in error && error._tag === "WorkflowError"
