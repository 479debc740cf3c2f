/**
 * What an executor does by itself has no caller, so what a tracer sees of it, such as the operations of the store, hangs on the span
 * that the start of the execution belongs to.
 */
import * as Effect from "effect/Effect"
import * as Tracer from "effect/Tracer"
import type { Trace } from "../HistoryEvent.ts"

/** Runs an effect for an execution; what belongs to none, or to none that is known, begins a trace of its own. */
export const under = <A, E>(trace: Trace | undefined, effect: Effect.Effect<A, E>): Effect.Effect<A, E> =>
  trace === undefined ? effect : Effect.provideService(effect, Tracer.ParentSpan, Tracer.externalSpan(trace))

/** Runs an effect for several executions: it is part of their trace if they share one, and else linked to each of their spans. */
export const underAll = <A, E>(
  traces: ReadonlyArray<Trace | undefined>,
  effect: Effect.Effect<A, E>
): Effect.Effect<A, E> => {
  const spans = new Map<string, Trace>()
  for (const trace of traces) if (trace !== undefined) spans.set(trace.spanId, trace)
  if (spans.size === 0) return effect
  const all = [...spans.values()]
  const [first] = all
  if (all.every(({ traceId }) => traceId === first!.traceId)) return under(first, effect)
  return Effect.linkSpans(effect, all.map(Tracer.externalSpan))
}
