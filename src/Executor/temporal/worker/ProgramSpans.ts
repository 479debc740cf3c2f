/**
 * Spans of programs that run in the sandbox, made by the tracer of the process: as they begin, so that their children know them.
 */
import * as Context from "effect/Context"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as References from "effect/References"
import * as Tracer from "effect/Tracer"
import type { Trace } from "../../../HistoryEvent.ts"
import { parseJson } from "../../../internal/core/parse.ts"
import { errorOf } from "../../../internal/replay/defect.ts"
import type { ToldSpan } from "../../../internal/temporal/wire.ts"

export class ProgramSpans {
  private readonly tracer: Tracer.Tracer | undefined
  private readonly annotations: Readonly<Record<string, unknown>>
  /** The ones that have not ended, the oldest first. */
  private readonly open = new Map<string, Tracer.Span>()

  /** With the tracer and the settings of a context. */
  constructor(context: Context.Context<never>) {
    const tracer = Context.get(context, Tracer.Tracer)
    const isOn = tracer !== Tracer.nativeTracer && Context.get(context, References.TracerEnabled)
    this.tracer = isOn ? tracer : undefined
    this.annotations = Context.get(context, References.TracerSpanAnnotations)
  }

  /** Makes a span of a run that has begun, or ends one; one of which only the end is told, because another worker had it, is made then. */
  told(run: string, text: string): void {
    if (this.tracer === undefined) return
    const told = parseJson(text) as unknown as ToldSpan
    const key = keyOf(run, told.id)
    const span = this.open.get(key) ?? this.begin(this.tracer, run, told)
    if (told.end === undefined) return this.keep(key, span)
    this.open.delete(key)
    const { attributes, events, exit, time } = told.end
    for (const [name, value] of Object.entries(attributes)) span.attribute(name, value)
    for (const [name, at, about] of events) span.event(name, BigInt(at), about)
    span.end(BigInt(time), exitOf(exit))
  }

  private begin(tracer: Tracer.Tracer, run: string, { kind, links, name, parent, startTime }: ToldSpan): Tracer.Span {
    const above = parent === undefined ? undefined : this.find(run, parent)
    const span = tracer.span({
      name,
      kind,
      parent: Option.fromUndefinedOr(above),
      annotations: Context.empty(),
      links: links.flatMap((link) => {
        const found = this.find(run, link)
        return found === undefined ? [] : [{ span: found, attributes: {} }]
      }),
      startTime: BigInt(startTime),
      root: above === undefined,
      sampled: true
    })
    for (const [key, value] of Object.entries(this.annotations)) span.attribute(key, value)
    return span
  }

  private find(run: string, name: string | Trace): Tracer.AnySpan | undefined {
    return typeof name === "string" ? this.open.get(keyOf(run, name)) : Tracer.externalSpan(name)
  }

  private keep(key: string, span: Tracer.Span): void {
    this.open.set(key, span)
    // Those of executions that have gone to other workers never end here.
    for (const [oldest] of this.open) {
      if (this.open.size <= mostOpen) return
      this.open.delete(oldest)
    }
  }
}

// internal

const mostOpen = 10_000

const keyOf = (run: string, id: string): string => `${run} ${id}`

const exitOf = (exit: NonNullable<ToldSpan["end"]>["exit"]): Exit.Exit<unknown, unknown> => {
  if (exit === "Success") return Exit.void
  return exit === "Interrupted" ? Exit.interrupt() : Exit.die(errorOf(exit.defect))
}
