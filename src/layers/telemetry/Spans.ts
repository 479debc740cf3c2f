/**
 * Spans of what has happened before, or goes on in no fiber of a caller, with the tracer and the settings of a context.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as LogLevel from "effect/LogLevel"
import * as Option from "effect/Option"
import * as References from "effect/References"
import * as Tracer from "effect/Tracer"
import type { Ancestor, Trace } from "../../HistoryEvent.ts"
import type { RunId } from "../../Ids.ts"
import { digest } from "../../internal/core/digest.ts"
import type { End } from "./ends.ts"

/** How a span begins. Times are in milliseconds since 1970. */
export interface Beginning {
  readonly name: string
  readonly kind: Tracer.SpanKind
  readonly parent: Tracer.AnySpan
  readonly links?: Array<Tracer.SpanLink> | undefined
  readonly at?: number | undefined
  readonly attributes: Readonly<Record<string, unknown>>
}

export class Spans {
  private readonly context: Context.Context<never>

  constructor(context: Context.Context<never>) {
    this.context = context
  }

  /** Begins a span. What its parent is not sampled for is not sampled either. */
  begin({ at, attributes, kind, links = [], name, parent }: Beginning): Tracer.Span {
    const { context } = this
    const isWanted = !LogLevel.isGreaterThan(
      Context.get(context, Tracer.MinimumTraceLevel),
      Context.get(context, Tracer.CurrentTraceLevel)
    )
    const span = Context.get(context, Tracer.Tracer).span({
      name,
      parent: Option.some(parent),
      annotations: Context.empty(),
      links,
      startTime: this.time(at),
      kind,
      root: false,
      sampled: parent.sampled && isWanted
    })
    const all = { ...Context.get(context, References.TracerSpanAnnotations), ...attributes }
    for (const [key, value] of Object.entries(all)) span.attribute(key, value)
    return span
  }

  /** Ends a span, now unless it is told when. */
  end(span: Tracer.Span, { error, exit }: End, at?: number): void {
    if (error !== undefined) span.attribute("error.type", error)
    span.end(this.time(at), exit)
  }

  /** A span that is over. */
  emit(beginning: Beginning, end: End, until?: number): void {
    this.end(this.begin(beginning), end, until)
  }

  /** Milliseconds since 1970. */
  now(): number {
    return Context.get(this.context, Clock.Clock).currentTimeMillisUnsafe()
  }

  private time(at: number | undefined): bigint {
    if (!Context.get(this.context, References.TracerTimingEnabled)) return 0n
    if (at === undefined) return Context.get(this.context, Clock.Clock).currentTimeNanosUnsafe()
    return BigInt(Math.round(at * 1000)) * 1000n
  }
}

/** The trace of an execution: the one that is recorded, or one that all processes find by its chain, and by its root if it is a child. */
export const parentOf = (of: {
  readonly trace: Trace | undefined
  readonly chain: RunId
  readonly root: Ancestor | undefined
}): Tracer.AnySpan => Tracer.externalSpan(of.trace ?? derived(of.root?.chain ?? of.chain))

// internal

const derived = (chain: RunId): Trace => {
  const hex = ["a", "b", "c", "d"]
    .map((salt) => digest(`trace ${salt} ${chain}`).toString(16).padStart(14, "0"))
    .join("")
  return { traceId: hex.slice(0, 32), spanId: hex.slice(32, 48), sampled: true }
}
