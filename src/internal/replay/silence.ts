/**
 * What the context of a program has of its process: logs, spans, console output and metrics, kept from appearing again whenever it is
 * replayed, with the settings that they read, and no configuration. Every other reference has its default value in a program.
 */
import * as ConfigProvider from "effect/ConfigProvider"
import * as Console from "effect/Console"
import * as Context from "effect/Context"
import * as Fiber from "effect/Fiber"
import * as Logger from "effect/Logger"
import * as Metric from "effect/Metric"
import * as References from "effect/References"
import * as Scheduler from "effect/Scheduler"
import * as Tracer from "effect/Tracer"
import type { Trace } from "../../HistoryEvent.ts"
import { unreadable } from "./configuration.ts"
import { WorkflowScheduler } from "./WorkflowScheduler.ts"

/**
 * The loggers, tracer, console and metrics of a context with their settings, silent in fibers that replay, and a configuration that
 * blocks its reader. The context of every program.
 */
export const silenced = (context: Context.Context<never>): Context.Context<never> => {
  const loggers = Context.get(context, Logger.CurrentLoggers)
  const console = Context.get(context, Console.Console)
  const quiet = settingsOf(context).pipe(
    Context.add(
      Logger.CurrentLoggers,
      new Set([
        Logger.make<unknown, void>((options) => {
          if (isReplaying(options.fiber)) return
          for (const logger of loggers) logger.log(options)
        })
      ])
    ),
    Context.add(Console.Console, quietConsole(console)),
    Context.add(Metric.MetricRegistry, quietRegistry(Context.get(context, Metric.MetricRegistry))),
    Context.add(ConfigProvider.ConfigProvider, unreadable)
  )
  const tracer = Context.get(context, Tracer.Tracer)
  return tracer === Tracer.nativeTracer ? quiet : Context.add(quiet, Tracer.Tracer, quietTracer(tracer))
}

/** A context in which the spans of a program are part of the trace that its start has recorded. */
export const inTrace = (context: Context.Context<never>, trace: Trace | undefined): Context.Context<never> =>
  trace === undefined ? context : Context.add(context, Tracer.ParentSpan, Tracer.externalSpan(trace))

// internal

/** What only loggers, tracers and metrics go by. */
const settingsOf = Context.pick(
  Logger.LogToStderr,
  Metric.CurrentMetricAttributes,
  References.CurrentLogAnnotations,
  References.MinimumLogLevel,
  References.TracerEnabled,
  References.TracerSpanAnnotations,
  References.TracerTimingEnabled,
  References.UnhandledLogLevel,
  Tracer.MinimumTraceLevel
)

const isReplaying = (fiber: Fiber.Fiber<unknown, unknown> | undefined): boolean => {
  const scheduler = fiber?.getRef(Scheduler.Scheduler)
  return scheduler instanceof WorkflowScheduler && scheduler.replaying
}

const quietTracer = (tracer: Tracer.Tracer): Tracer.Tracer =>
  Tracer.make({
    span: (options) => (isReplaying(Fiber.getCurrent()) ? new Tracer.NativeSpan(options) : tracer.span(options))
  })

const quietConsole = (console: Console.Console): Console.Console =>
  new Proxy(console, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name, target)
      if (typeof member !== "function") return member
      return (...args: Array<unknown>) => {
        if (!isReplaying(Fiber.getCurrent())) Reflect.apply(member, target, args)
      }
    }
  })

/** The metrics of a process, to which fibers that replay add nothing. */
const quietRegistry = (registry: Metric.MetricRegistry): Metric.MetricRegistry =>
  new Proxy(registry, {
    get: (target, name) => {
      if (name === "get") return (key: string) => quietMetric(target.get(key))
      if (name === "set") return (key: string, metric: Metadata) => target.set(key, quietMetric(metric))
      const member: unknown = Reflect.get(target, name, target)
      return typeof member === "function" ? member.bind(target) : member
    }
  })

type Metadata = Metric.Metric.Metadata<unknown, unknown>

const quietMetrics = new WeakSet<object>()

/** A metric goes on with the hooks of what it registered itself, so they are replaced in place. */
const quietMetric = <M extends Metadata | undefined>(metric: M): M => {
  if (metric === undefined || quietMetrics.has(metric)) return metric
  quietMetrics.add(metric)
  const { get, modify, update } = metric.hooks
  const live =
    (hook: Metadata["hooks"]["update"]): typeof hook =>
    (input, context) => {
      if (!isReplaying(Fiber.getCurrent())) hook(input, context)
    }
  return Object.assign(metric, { hooks: { get, modify: live(modify), update: live(update) } })
}
