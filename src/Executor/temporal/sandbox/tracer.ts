/**
 * Spans of programs: the worker is told when one begins and when one ends, and makes it with the tracer of its process. Ids count up, so a
 * program that is replayed gives each span the id that it had, and one that was open goes on.
 */
import { proxySinks, workflowInfo } from "@temporalio/workflow"
import type * as Exit from "effect/Exit"
import * as Cause from "effect/Cause"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import type * as Schema from "effect/Schema"
import * as Scheduler from "effect/Scheduler"
import * as Tracer from "effect/Tracer"
import type { Trace } from "../../../HistoryEvent.ts"
import { defectIn, defectOf, textOf } from "../../../internal/replay/defect.ts"
import { WorkflowScheduler } from "../../../internal/replay/WorkflowScheduler.ts"
import type { ToldSinks, ToldSpan } from "../../../internal/temporal/wire.ts"

/** The tracer of one execution. */
export const makeTracer = (): Tracer.Tracer => {
  let spans = 0
  return Tracer.make({
    span: (options) => {
      // What runs beside the program is in no history, so it must count nothing.
      if (!options.sampled || !isOfProgram()) return new Tracer.NativeSpan(options)
      return new ProgramSpan(options, (++spans).toString(16).padStart(16, "0"))
    }
  })
}

// internal

const { perdure } = proxySinks<ToldSinks>()

const isOfProgram = (): boolean => {
  const scheduler = Fiber.getCurrent()?.getRef(Scheduler.Scheduler)
  return scheduler instanceof WorkflowScheduler && scheduler.guest === undefined
}

class ProgramSpan extends Tracer.NativeSpan {
  constructor(options: ConstructorParameters<typeof Tracer.NativeSpan>[0], id: string) {
    super(options)
    this._spanId = id
    this.tell()
  }

  override end(endTime: bigint, exit: Exit.Exit<unknown, unknown>): void {
    if (this.status._tag === "Ended") return
    super.end(endTime, exit)
    this.tell({
      time: String(endTime),
      attributes: plain(Object.fromEntries(this.attributes)),
      events: this.events.map(([name, time, attributes]) => [name, String(time), plain(attributes)]),
      exit: endOf(exit)
    })
  }

  private tell(end?: ToldSpan["end"]): void {
    if (workflowInfo().unsafe.isReplaying) return
    const parent = Option.getOrUndefined(this.parent)
    const told: ToldSpan = {
      id: this.spanId,
      name: this.name,
      kind: this.kind,
      startTime: String(this.startTime),
      parent: parent === undefined ? undefined : nameOf(parent),
      links: this.links.map(({ span }) => nameOf(span)),
      end
    }
    perdure.spanned(JSON.stringify(told))
  }
}

const nameOf = (span: Tracer.AnySpan): string | Trace => {
  if (span._tag === "Span") return span.spanId
  const { sampled, spanId, traceId } = span
  return { traceId, spanId, sampled }
}

const endOf = (exit: Exit.Exit<unknown, unknown>): NonNullable<ToldSpan["end"]>["exit"] => {
  if (exit._tag === "Success") return "Success"
  if (Cause.hasInterruptsOnly(exit.cause)) return "Interrupted"
  const fail = exit.cause.reasons.find(Cause.isFailReason)
  return { defect: fail === undefined ? defectIn(exit.cause, "the span") : defectOf(fail.error) }
}

/** Values as exporters take them: texts, finite numbers, flags, and lists of these. */
const plain = (attributes: Readonly<Record<string, unknown>>): Record<string, Schema.Json> =>
  Object.fromEntries(
    Object.entries(attributes).map(([key, value]) => [
      key,
      Array.isArray(value) && value.every(isPlain) ? value : isPlain(value) ? value : textOf(value)
    ])
  )

const isPlain = (value: unknown): value is string | number | boolean =>
  typeof value === "string" || typeof value === "boolean" || Number.isFinite(value)
