/**
 * What an execution waits for, so that nothing is stuck without saying why.
 */
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { Problem } from "./HistoryEvent.ts"
import { Sequence, WorkflowId } from "./Ids.ts"

/**
 * One of the things that an execution waits for. Times are in milliseconds since 1970.
 *
 * @category models
 * @since 0.2.0
 */
export const Waiting = Schema.TaggedUnion({
  /** An activity: its `attempt` runs or stands in line, begins at `retryAt`, or waits for a caller outside, until `timeoutAt` if at all. */
  Activity: {
    seq: Sequence,
    name: Schema.String,
    attempt: Schema.Int,
    retryAt: Schema.optionalKey(Schema.Finite),
    /** Its attempts run alone in their worker, because earlier ones were lost. */
    alone: Schema.optionalKey(Schema.Literal(true)),
    /** Its handler has left its end to a caller outside, who has a token. */
    pending: Schema.optionalKey(Schema.Literal(true)),
    timeoutAt: Schema.optionalKey(Schema.Finite)
  },
  /** A timer. */
  Timer: { seq: Sequence, until: Schema.Finite },
  /** A signal that the program is ready to receive. */
  Signal: { name: Schema.String },
  /** An update that is not answered: its handler runs, or none has taken it. */
  Update: { id: Schema.String, name: Schema.String, accepted: Schema.optionalKey(Schema.Literal(true)) },
  /** One of the updates that the program has handlers for, and for nothing else but timers. */
  Updates: { names: Schema.Array(Schema.String) },
  /** What another execution answers, which is no child: its result, a query, an update. */
  Answer: { workflowId: WorkflowId, operation: Schema.String },
  /** The end of a child. */
  Child: { workflowId: WorkflowId, workflow: Schema.String },
  /** A message to another execution that is not delivered yet. */
  Delivery: { to: WorkflowId, message: Schema.String },
  /** So many messages of a finished execution that are not delivered yet. */
  Deliveries: { count: Schema.Int },
  /** A worker that has the workflow: none has taken the execution, or no living worker has it. */
  Worker: { workflow: Schema.String, version: Schema.optionalKey(Schema.String) },
  /** The execution is blocked: its code must be put right. At `retryAt` it is tried again by itself. */
  Blocked: { problem: Problem, retryAt: Schema.optionalKey(Schema.Finite) },
  /** Its own finalizers: it was asked to end. A termination ends it without them. */
  Cancelling: { reason: Schema.String },
  /** The beginning of its next run, since its program continues as new. */
  NextRun: {},
  /** Nothing that can happen by itself: only a cancel or a termination ends the execution. */
  Nothing: {},
  /** So many more things, which are not named. */
  More: { count: Schema.Int },
  /** What an earlier release recorded in words. */
  Other: { text: Schema.String }
})
export type Waiting = typeof Waiting.Type

/**
 * Says in words what an execution waits for.
 *
 * **Example** (Printing what an execution waits for)
 *
 * ```ts
 * import { Effect } from "effect"
 * import { Waiting, Workflow } from "perdure"
 *
 * const Order = Workflow.make("Order")
 * const program = Effect.gen(function*() {
 *   const order = yield* Order.handle("order-1")
 *   const { waitingFor } = yield* order.describe
 *   return waitingFor.map(Waiting.inWords).join(", ")
 * })
 * ```
 *
 * @category formatting
 * @since 0.2.0
 */
export const inWords = (waiting: Waiting): string => {
  switch (waiting._tag) {
    case "Activity":
      return activityInWords(waiting)
    case "Timer":
      return `timer #${waiting.seq} until ${timeInWords(waiting.until)}`
    case "Signal":
      return `signal ${waiting.name}`
    case "Update":
      return `update ${waiting.name}${waiting.accepted === true ? "" : ", which no handler has taken yet"}`
    case "Updates":
      return `one of its updates: ${waiting.names.join(", ")}`
    case "Answer":
      return `${waiting.operation} of ${JSON.stringify(waiting.workflowId)}`
    case "Child":
      return `child ${JSON.stringify(waiting.workflowId)} of workflow ${waiting.workflow}`
    case "Delivery":
      return `delivery of ${waiting.message} to ${JSON.stringify(waiting.to)}`
    case "Deliveries":
      return `delivery of ${waiting.count} message(s)`
    case "Worker":
      return `a worker that has workflow ${waiting.workflow}${waiting.version === undefined ? "" : `, version ${waiting.version}`}`
    case "Blocked":
      return `blocked: ${waiting.problem.message}${waiting.retryAt === undefined ? "" : ` (tried again at ${timeInWords(waiting.retryAt)})`}`
    case "Cancelling":
      return `its finalizers, since it was cancelled: ${waiting.reason}`
    case "NextRun":
      return "the beginning of its next run"
    case "Nothing":
      return "nothing that can happen by itself: only a cancel or terminate ends it"
    case "More":
      return `and ${waiting.count} more`
    case "Other":
      return waiting.text
  }
}

// internal

const activityInWords = (waiting: Extract<Waiting, { readonly _tag: "Activity" }>): string => {
  const { alone, attempt, name, pending, retryAt, seq, timeoutAt } = waiting
  if (pending === true) {
    const until = timeoutAt === undefined ? "" : ` until ${timeInWords(timeoutAt)}`
    return `activity ${name} #${seq}, attempt ${attempt}, to be ended from outside${until}`
  }
  const which = attempt === 1 && retryAt === undefined ? "" : `, attempt ${attempt}`
  const when = retryAt === undefined ? "" : ` at ${timeInWords(retryAt)}`
  return `activity ${name} #${seq}${which}${when}${alone === true ? ", which runs alone" : ""}`
}

/** A time in words; dates end 275,000 years from now, and sleeps need not. */
const timeInWords = (at: number): string =>
  Option.match(DateTime.make(at), { onNone: () => `${at} ms`, onSome: DateTime.formatIso })
