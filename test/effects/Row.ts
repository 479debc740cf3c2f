/**
 * What of Effect works in a program, row by row: a row is a small program that uses one thing across a durable wait, and the value with
 * which it must end. `effects.test.ts` runs the rows and replays them, and `../crash/effects.test.ts` crashes them.
 */
import { Clock, Effect, Layer, Schema, type Scope } from "effect"
import { Signal, Workflow, type WorkflowContext } from "perdure"
import { type Noted, Refused, Slow } from "../corpus/activities.ts"
import type { NeededHandlers, Scenario } from "../corpus/scenarios.ts"

/** A program that calls activities of the corpus, and perhaps others, whose handlers its row brings. */
export type Program<R = never> = Effect.Effect<
  Schema.Json,
  Refused,
  Exclude<NeededHandlers, Noted> | WorkflowContext.WorkflowContext | Scope.Scope | R
>

/** Signals that are sent with a number: so many milliseconds after the start. */
export type Sent = ReadonlyArray<readonly [at: number, amount: number]>

/** The signal that rows wait for. */
export const Amount = Signal.make("amount", { payload: Schema.Number })

/** An activity that answers its name after so many milliseconds. */
export const slow = (name: string, milliseconds: number) =>
  Effect.flatMap(Clock.currentTimeMillis, (now) => Slow({ name, until: now + milliseconds }))

/** A row: its name, a program that is made anew for each replay, and the value with which it ends. */
export const row = <R = never>(
  name: string,
  program: () => Program<R>,
  value: Schema.Json,
  options?: { readonly sent?: Sent; readonly handlers?: Layer.Layer<R> }
): Scenario => {
  const workflow = Workflow.make(name, { success: Schema.Json, error: Refused })
  // The handlers that the row brings are provided here, so that the others alone are needed.
  const needing = program as () => Program
  return {
    name,
    workflow: name,
    layer: Layer.provide(workflow.toLayer(needing), options?.handlers ?? Layer.empty),
    // Handlers are in the requirements for the compiler only.
    program: workflow.encoded(needing as Parameters<typeof workflow.encoded>[0]),
    input: null,
    messages: (options?.sent ?? []).map(([at, payload]) => ({ at, _tag: "Signal", name: Amount.name, payload })),
    expected: { _tag: "Completed", value }
  }
}
