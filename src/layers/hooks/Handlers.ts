/**
 * The hooks that there are, and of which kind of definition each is told.
 */
import type * as Effect from "effect/Effect"
import type { Scope } from "effect/Scope"
import type * as Activity from "../../Activity.ts"
import type * as Signal from "../../Signal.ts"
import type * as Update from "../../Update.ts"
import type * as Workflow from "../../Workflow.ts"
import type * as events from "./events.ts"

/** The kinds of definitions that hooks are told of. */
export type Kind = "workflow" | "activity" | "signal" | "update"

/** One row for each hook: the kind of definition that it is told of. */
export const kinds = {
  onWorkflowStart: "workflow",
  onWorkflowComplete: "workflow",
  onWorkflowFail: "workflow",
  onWorkflowCancel: "workflow",
  onWorkflowBlock: "workflow",
  onTimer: "workflow",
  onActivityStart: "activity",
  onActivityComplete: "activity",
  onActivityFail: "activity",
  onRetry: "activity",
  onSignal: "signal",
  onUpdate: "update"
} as const satisfies { readonly [Name in keyof Handlers<events.Recorded>]-?: Kind }

/**
 * The name of a hook.
 *
 * @category models
 * @since 0.2.0
 */
export type HookName = keyof typeof kinds

/**
 * What hooks do, all of them optional. Where several definitions of a kind are listed, an event is a union, told apart by
 * `event.workflow`, `event.activity`, `event.signal` or `event.update`.
 *
 * @category models
 * @since 0.2.0
 */
export interface Handlers<D extends events.Definition> {
  readonly onWorkflowStart?: Told<WorkflowOf<D>, Started<WorkflowOf<D>>, "workflow">
  readonly onWorkflowComplete?: Told<WorkflowOf<D>, Completed<WorkflowOf<D>>, "workflow">
  /** Also of a timeout and of a termination, which are reasons. */
  readonly onWorkflowFail?: Told<WorkflowOf<D>, Failed<WorkflowOf<D>>, "workflow">
  readonly onWorkflowCancel?: Told<WorkflowOf<D>, Cancelled<WorkflowOf<D>>, "workflow">
  readonly onWorkflowBlock?: Told<WorkflowOf<D>, Blocked<WorkflowOf<D>>, "workflow">
  readonly onTimer?: Told<WorkflowOf<D>, Fired<WorkflowOf<D>>, "workflow">
  /** Once a call, however many attempts it takes. */
  readonly onActivityStart?: Told<ActivityOf<D>, Called<ActivityOf<D>>, "activity">
  readonly onActivityComplete?: Told<ActivityOf<D>, Resolved<ActivityOf<D>>, "activity">
  readonly onActivityFail?: Told<ActivityOf<D>, GivenUp<ActivityOf<D>>, "activity">
  /** When an attempt has failed and another one follows. */
  readonly onRetry?: Told<ActivityOf<D>, Retried<ActivityOf<D>>, "activity">
  readonly onSignal?: Told<SignalOf<D>, Signalled<SignalOf<D>>, "signal">
  readonly onUpdate?: Told<UpdateOf<D>, Updated<UpdateOf<D>>, "update">
}

/**
 * What hooks need beside a scope, which is closed after each call.
 *
 * @category utility types
 * @since 0.2.0
 */
export type NeedsOf<H> = Exclude<
  {
    readonly [Name in keyof H]: H[Name] extends (event: never) => Effect.Effect<any, any, infer R> ? R : never
  }[keyof H],
  Scope
>

/** A message for each name that is no hook. */
export type Known<H> = { readonly [Name in Exclude<keyof H, HookName>]: `there is no hook ${Name & string}` }

// internal

/** A message where the list has no definition that a hook could be told of. */
type Told<Of, Event, K extends Kind> = [Of] extends [never]
  ? `the list of definitions has no ${K}`
  : (event: Event) => Effect.Effect<unknown, unknown, unknown>

type WorkflowOf<D> = Extract<D, Workflow.Any>
type ActivityOf<D> = Extract<D, Activity.Any>
type SignalOf<D> = Extract<D, Signal.Any>
type UpdateOf<D> = Extract<D, Update.Any>

type Started<W> = W extends Workflow.Any ? events.WorkflowStarted<W["name"], Workflow.Input<W>> : never
type Completed<W> = W extends Workflow.Any ? events.WorkflowCompleted<W["name"], Workflow.Success<W>> : never
type Failed<W> = W extends Workflow.Any ? events.WorkflowFailed<W["name"], Workflow.Error<W>> : never
type Cancelled<W> = W extends Workflow.Any ? events.WorkflowCancelled<W["name"]> : never
type Blocked<W> = W extends Workflow.Any ? events.WorkflowBlocked<W["name"]> : never
type Fired<W> = W extends Workflow.Any ? events.TimerFired<W["name"]> : never
type Called<A> = A extends Activity.Any ? events.ActivityStarted<A["name"], Activity.Input<A>> : never
type Resolved<A> = A extends Activity.Any
  ? events.ActivityCompleted<A["name"], Activity.Input<A>, Activity.Success<A>>
  : never
type GivenUp<A> = A extends Activity.Any
  ? events.ActivityFailed<A["name"], Activity.Input<A>, Activity.Error<A>>
  : never
type Retried<A> = A extends Activity.Any ? events.Retrying<A["name"], Activity.Input<A>, Activity.Error<A>> : never
type Signalled<S> = S extends Signal.Any ? events.SignalReceived<S["name"], Signal.Payload<S>> : never
type Updated<U> = U extends Update.Any ? events.UpdateReceived<U["name"], Update.Input<U>> : never
