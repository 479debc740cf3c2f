/**
 * The spans of callers, around the operations that change something or ask a program, and their way into the history.
 *
 * | operation   | span                     | kind       | attributes                                                            |
 * | ----------- | ------------------------ | ---------- | --------------------------------------------------------------------- |
 * | `Start`     | `workflow.start NAME`    | `producer` | `workflow.name`, `workflow.id`, `workflow.run.id`                     |
 * | `Signal`    | `workflow.signal NAME`   | `producer` | `workflow.id`, `workflow.signal.name`                                 |
 * | `Update`    | `workflow.update NAME`   | `client`   | `workflow.id`, `workflow.run.id`, `workflow.update.name`, `workflow.update.id` |
 * | `Query`     | `workflow.query NAME`    | `client`   | `workflow.id`, `workflow.query.name`                                  |
 * | `Cancel`    | `workflow.cancel`        | `producer` | `workflow.id`                                                         |
 * | `Terminate` | `workflow.terminate`     | `producer` | `workflow.id`                                                         |
 * | `Complete`  | `activity.complete NAME` | `producer` | `workflow.id`, `workflow.run.id`, `workflow.activity.name`, `workflow.activity.attempt` |
 * | `Delete`    | `workflow.delete`        | `client`   | `workflow.id`                                                         |
 *
 * What fails has `error.type` too, the reason of the `WorkflowError`. What only reads, or waits for a result, has no span of its own.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Tracer from "effect/Tracer"
import type { DurableExecutor } from "../../Executor/DurableExecutor.ts"
import type { Trace } from "../../HistoryEvent.ts"
import type { Message } from "../../Message.ts"
import { type Around, type Operation, type Services, wrapServices } from "../middleware/Operation.ts"

/** Services whose callers have spans, with a tracer for the ones that have none. */
export const traced = ({ executions, executor }: Services, tracer: Tracer.Tracer): Services =>
  wrapServices({ executions, executor: recording(executor) }, spanned(tracer))

// internal

interface About {
  readonly name: string
  readonly kind: Tracer.SpanKind
  readonly attributes: Record<string, unknown>
  /** The span of which a gateway says that it has called. */
  readonly parent?: Trace | undefined
}

const spanned =
  (tracer: Tracer.Tracer): Around =>
  (operation, next) => {
    const about = aboutOf(operation)
    if (about === undefined) return next
    const { attributes, kind, name, parent } = about
    const options = { kind, attributes, ...(parent === undefined ? {} : { parent: Tracer.externalSpan(parent) }) }
    return next.pipe(
      Effect.tap((value) => noteRun(value)),
      Effect.tapError(({ reason }) => Effect.annotateCurrentSpan("error.type", reason._tag)),
      Effect.withSpan(name, options, { captureStackTrace: false }),
      Effect.updateContext((caller: Context.Context<never>) =>
        Context.get(caller, Tracer.Tracer) === Tracer.nativeTracer ? Context.add(caller, Tracer.Tracer, tracer) : caller
      )
    )
  }

/** Of what a start has made or found, and of the run that has an update. */
const noteRun = (value: unknown): Effect.Effect<void> =>
  typeof value === "object" && value !== null && "runId" in value
    ? Effect.annotateCurrentSpan("workflow.run.id", value.runId)
    : Effect.void

const aboutOf = (operation: Operation): About | undefined => {
  switch (operation._tag) {
    case "Start": {
      const { trace, workflow, workflowId } = operation.request
      const attributes = { "workflow.name": workflow, "workflow.id": workflowId }
      return { name: `workflow.start ${workflow}`, kind: "producer", attributes, parent: trace }
    }
    case "Signal":
    case "Update":
    case "Query":
      return aboutNamed(operation._tag, operation.message, operation.ref.workflowId)
    case "Complete": {
      const { activity, attempt, run } = operation.message
      const attributes = {
        ...idOf(operation.ref.workflowId),
        "workflow.run.id": run,
        "workflow.activity.name": activity,
        "workflow.activity.attempt": attempt
      }
      return { name: `activity.complete ${activity}`, kind: "producer", attributes }
    }
    case "Cancel":
    case "Terminate":
      return { name: `workflow.${lower(operation._tag)}`, kind: "producer", attributes: idOf(operation.ref.workflowId) }
    case "Delete":
      return { name: "workflow.delete", kind: "client", attributes: idOf(operation.ref.workflowId) }
    default:
      return undefined
  }
}

const aboutNamed = (
  tag: "Signal" | "Update" | "Query",
  message: Extract<Message, { readonly _tag: "Signal" | "Update" | "Query" }>,
  workflowId: string
): About => {
  const kind = lower(tag)
  const attributes: Record<string, unknown> = { ...idOf(workflowId), [`workflow.${kind}.name`]: message.name }
  if (message._tag === "Update") attributes["workflow.update.id"] = message.id
  const parent = message._tag === "Query" ? undefined : message.trace
  return {
    name: `workflow.${kind} ${message.name}`,
    kind: tag === "Signal" ? "producer" : "client",
    attributes,
    parent
  }
}

const lower = <Tag extends string>(tag: Tag) => tag.toLowerCase() as Lowercase<Tag>

const idOf = (workflowId: string) => ({ "workflow.id": workflowId })

/** The executor with the span of the caller in what is recorded. */
const recording = (executor: DurableExecutor["Service"]): DurableExecutor["Service"] => ({
  ...executor,
  start: (request) =>
    Effect.flatMap(current, (trace) => {
      const { with: message } = request
      return executor.start(
        withTrace(message === undefined ? request : { ...request, with: withTrace(message, trace) }, trace)
      )
    }),
  send: (ref, message) => {
    const isRecorded = message._tag === "Signal" || message._tag === "Update"
    if (!isRecorded) return executor.send(ref, message)
    return Effect.flatMap(current, (trace) => executor.send(ref, withTrace(message, trace)))
  }
})

const withTrace = <A extends object>(what: A, trace: Trace | undefined): A =>
  trace === undefined ? what : { ...what, trace }

/** The span of the fiber; none where spans are turned off. */
const current: Effect.Effect<Trace | undefined> = Effect.map(Effect.serviceOption(Tracer.ParentSpan), (found) => {
  const span = Option.getOrUndefined(found)
  if (span === undefined || Context.get(span.annotations, Tracer.DisablePropagation)) return undefined
  return { traceId: span.traceId, spanId: span.spanId, sampled: span.sampled }
})
