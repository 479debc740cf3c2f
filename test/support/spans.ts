/** A tracer that keeps the spans that have ended, as an exporter gets them. */
import { Option, Tracer } from "effect"

export const keeping = () => {
  const ended: Array<Tracer.NativeSpan> = []
  class Kept extends Tracer.NativeSpan {
    override end(...args: Parameters<Tracer.Span["end"]>): void {
      const isFirst = this.status._tag === "Started"
      super.end(...args)
      if (isFirst && this.sampled) ended.push(this)
    }
  }
  return { ended, tracer: Tracer.make({ span: (options) => new Kept(options) }) }
}

export type Kept = Tracer.NativeSpan

/** A span as a table of them has it. */
export const rowOf = (span: Kept): Readonly<Record<string, unknown>> => ({
  name: span.name,
  kind: span.kind,
  ...Object.fromEntries(span.attributes)
})

/** Whose child a span is. */
export const parentId = ({ parent }: Kept): string | undefined => Option.getOrUndefined(parent)?.spanId

/** How long a span took, in milliseconds. */
export const lengthOf = ({ status }: Kept): number | undefined =>
  status._tag === "Ended" ? Number(status.endTime - status.startTime) / 1_000_000 : undefined
