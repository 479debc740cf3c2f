/**
 * What callers ask of an executor, one case for each operation of its two services: what middleware sees.
 */
import * as Effect from "effect/Effect"
import type { DurableExecutor, StartRequest } from "../../Executor/DurableExecutor.ts"
import type { Executions } from "../../Executor/Executions.ts"
import type { Ref } from "../../Ids.ts"
import { operationOf } from "../../internal/operation.ts"
import type { Message } from "../../Message.ts"
import type { WorkflowFilter } from "../../Store/WorkflowStore.ts"
import { WorkflowError, type WorkflowErrorReason } from "../../WorkflowError.ts"

/**
 * An operation, in encoded values. What is sent to an execution has the tag of its message: `Signal`, `Update`, `Query`, `Cancel`,
 * `Terminate` or `Complete`.
 *
 * @category models
 * @since 0.2.0
 */
export type Operation =
  | { readonly _tag: "Start"; readonly ref: Ref; readonly request: StartRequest }
  | { [Tag in Message["_tag"]]: Sending<Tag> }[Message["_tag"]]
  | { readonly _tag: "Find" | "Result" | "Describe"; readonly ref: Ref }
  | { readonly _tag: "History"; readonly ref: Ref; readonly run: string | undefined }
  | { readonly _tag: "Delete"; readonly ref: Ref; readonly before: string | undefined }
  | { readonly _tag: "List" | "Count"; readonly ref: undefined; readonly filter: WorkflowFilter | undefined }

/**
 * A message that is sent to an execution.
 *
 * @category models
 * @since 0.2.0
 */
export interface Sending<Tag extends Message["_tag"]> {
  readonly _tag: Tag
  readonly ref: Ref
  readonly message: Extract<Message, { readonly _tag: Tag }>
}

/**
 * The services of an executor for callers: what middleware wraps.
 *
 * @category models
 * @since 0.2.0
 */
export interface Services {
  readonly executor: DurableExecutor["Service"]
  readonly executions: Executions["Service"]
}

/**
 * Does something around each operation.
 *
 * @category models
 * @since 0.2.0
 */
export type Around<out R = never> = <A>(
  operation: Operation,
  next: Effect.Effect<A, WorkflowError>
) => Effect.Effect<A, WorkflowError, R>

/** The services with something around each operation. A method that is forgotten here does not compile. */
export const wrapServices = ({ executions, executor }: Services, call: Around): Services => ({
  executor: {
    start: (request) =>
      call({ _tag: "Start", ref: { workflowId: request.workflowId }, request }, executor.start(request)),
    find: (workflowId) => call({ _tag: "Find", ref: { workflowId } }, executor.find(workflowId)),
    send: (ref, message) => call(sending(ref, message), executor.send(ref, message)),
    result: (ref) => call({ _tag: "Result", ref }, executor.result(ref))
  },
  executions: {
    describe: (ref) => call({ _tag: "Describe", ref: refOf(ref) }, executions.describe(ref)),
    history: (ref, options) =>
      call({ _tag: "History", ref: refOf(ref), run: options?.run }, executions.history(ref, options)),
    list: (filter) => call({ _tag: "List", ref: undefined, filter }, executions.list(filter)),
    count: (filter) => call({ _tag: "Count", ref: undefined, filter }, executions.count(filter)),
    delete: (ref, options) =>
      call({ _tag: "Delete", ref: refOf(ref), before: options?.before }, executions.delete(ref, options))
  }
})

/** How errors and logs name an operation. */
export const nameOf = (operation: Operation): WorkflowError["operation"] =>
  "message" in operation
    ? operationOf(operation.message)
    : (operation._tag.toLowerCase() as Lowercase<Exclude<Operation["_tag"], Message["_tag"]>>)

/** Refuses an operation. */
export const refuse = (operation: Operation, reason: WorkflowErrorReason): Effect.Effect<never, WorkflowError> => {
  const { ref } = operation
  const on = ref === undefined ? {} : { workflowId: ref.workflowId }
  return Effect.fail(new WorkflowError({ operation: nameOf(operation), reason, ...on }))
}

// internal

const sending = (ref: Ref, message: Message): Operation => ({ _tag: message._tag, ref, message }) as Operation

const refOf = (ref: Ref | string): Ref => (typeof ref === "string" ? { workflowId: ref } : ref)
