/**
 * Starts with a message in the first commit.
 */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import type { DurableExecutor, StartOptions } from "../Executor/DurableExecutor.ts"
import type { Ref } from "../Ids.ts"
import type { FirstMessage } from "../Message.ts"
import type { WorkflowError } from "../WorkflowError.ts"
import { refused } from "./schema.ts"

/** Starts an execution with a message in its first commit; `isSent` is false where the execution exists, which has not got it. */
export type Begin<in Input, out Handle> = (
  input: Input,
  message: FirstMessage,
  options?: StartOptions
) => Effect.Effect<{ readonly handle: Handle; readonly isSent: boolean }, WorkflowError, DurableExecutor>

/** A workflow, as a start with a message knows it. */
export interface Startable<in Input, out Handle> {
  readonly begin: Begin<Input, Handle>
}

/** Starts an execution with a message, or sends it to the one that exists; returns the handle of the execution that has it. */
export const beginOrSend = <Input, Handle extends Ref, A>(
  workflow: Startable<Input, Handle>,
  input: Input,
  message: FirstMessage,
  options: StartOptions | undefined,
  send: (handle: Handle) => Effect.Effect<A, WorkflowError, DurableExecutor>
): Effect.Effect<Begun<Handle, A>, WorkflowError, DurableExecutor> => {
  type Attempt = Effect.Effect<Begun<Handle, A>, WorkflowError, DurableExecutor>
  // What no compiler has checked may be anything.
  if (!Predicate.hasProperty(workflow, "begin")) {
    return refused("start", options?.workflowId, "the workflow", "it must be one, as Workflow.make makes it")
  }
  const attempt = (left: number): Attempt =>
    Effect.flatMap(workflow.begin(input, message, options), ({ handle, isSent }): Attempt => {
      if (isSent) return Effect.succeed({ handle })
      const sent = Effect.map(send(handle), (answer) => ({ handle, answer }))
      return Effect.catchIf(
        sent,
        (error) => left > 0 && isGone(error, options),
        () => attempt(left - 1)
      )
    })
  return attempt(races)
}

// internal

/** An execution that has the message; with its answer where it was there before. */
interface Begun<Handle, A> {
  readonly handle: Handle
  readonly answer?: A
}

/** So often an execution may end between the look at it and the message to it. */
const races = 10

/** Whether the execution that was found is not there any more, so that a new start may find or make another. */
const isGone = ({ reason }: WorkflowError, options: StartOptions | undefined): boolean =>
  reason._tag === "NotFound" ||
  reason._tag === "Restarted" ||
  (reason._tag === "Finished" && options?.whenExists === "restart")
