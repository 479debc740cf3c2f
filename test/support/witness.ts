/** Keeps all that an effect logs and traces, to look for what must be in none of it. */
import { Cause, Effect, Logger, Tracer } from "effect"

/** What was logged, and the spans with their names, as values. */
export interface Witness {
  readonly seen: Array<unknown>
  readonly watch: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
}

export const witness = (): Witness => {
  const seen: Array<unknown> = []
  const tracer = Tracer.make({
    span: (options) => {
      const span = new Tracer.NativeSpan(options)
      seen.push(options.name, span)
      return span
    }
  })
  const logger = Logger.make((options) => void seen.push(options.message, Cause.pretty(options.cause)))
  return { seen, watch: (effect) => Effect.provide(Effect.withTracer(effect, tracer), Logger.layer([logger])) }
}

/** All texts within a value, also of errors and their causes. */
export const deepText = (value: unknown, seen = new Set<unknown>()): string => {
  if (typeof value !== "object" || value === null) return String(value)
  if (seen.has(value)) return ""
  seen.add(value)
  const own = Object.getOwnPropertyNames(value).map((name) => (value as Record<string, unknown>)[name])
  const all = value instanceof Map ? [...value.entries()] : Array.isArray(value) ? value : own
  return all.map((each) => deepText(each, seen)).join("\n")
}
