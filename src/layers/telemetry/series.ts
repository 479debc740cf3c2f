/**
 * The metrics, in one table: `docs/telemetry.md` has the same one, and a test compares them. No label is an id of an execution, so how
 * many series there are depends on the code of an app and not on its use. Times are in seconds.
 */
import type * as Context from "effect/Context"
import * as Metric from "effect/Metric"

/** What a metric is. `unit` is for exporters, and no label. */
export interface Described {
  readonly type: "counter" | "gauge" | "histogram"
  readonly labels: ReadonlyArray<string>
  readonly description: string
  readonly unit?: "s"
  /** Of a histogram: the upper limits of its buckets. */
  readonly boundaries?: ReadonlyArray<number>
}

/** For times that may be those of a call, or of people who take their time. */
const short = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
const long = [0.01, 0.1, 1, 10, 60, 600, 3600, 21_600, 86_400, 604_800, 2_592_000, 31_536_000]
const events = [10, 30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000]

const workflow = "workflow.name"
const activity = [workflow, "workflow.activity.name", "workflow.activity.outcome"]

export const table = {
  "workflow.executions.started": {
    type: "counter",
    labels: [workflow],
    description: "Executions that were started, with children and without next runs"
  },
  "workflow.executions.completed": {
    type: "counter",
    labels: [workflow, "workflow.status"],
    description: "Executions that have ended, by how"
  },
  "workflow.execution.duration": {
    type: "histogram",
    labels: [workflow, "workflow.status"],
    unit: "s",
    boundaries: long,
    description: "From the beginning of the first run to the end"
  },
  "workflow.activity.attempts": {
    type: "counter",
    labels: activity,
    description: "Attempts of activities that have ended, by how"
  },
  "workflow.activity.duration": {
    type: "histogram",
    labels: activity,
    unit: "s",
    boundaries: [...short, 60, 600, 3600],
    description: "The time of an attempt"
  },
  "workflow.replay.events": {
    type: "histogram",
    labels: [workflow],
    boundaries: events,
    description: "Events that were read to bring a program into memory"
  },
  "workflow.replay.duration": {
    type: "histogram",
    labels: [workflow],
    unit: "s",
    boundaries: short,
    description: "The time that a replay took"
  },
  "workflow.nondeterminism.errors": {
    type: "counter",
    labels: [workflow],
    description: "Executions that were blocked because their program disagrees with their history"
  },
  "workflow.store.operation.duration": {
    type: "histogram",
    labels: ["workflow.store.operation", "error.type"],
    unit: "s",
    boundaries: short,
    description: "The time of an operation of the store"
  },
  "workflow.executions.active": {
    type: "gauge",
    labels: [workflow, "workflow.status"],
    description: "Executions that are running or blocked"
  },
  "workflow.executions.unowned": {
    type: "gauge",
    labels: [workflow],
    description: "Running executions that no living worker has"
  },
  "workflow.executions.unowned.age": {
    type: "gauge",
    labels: [],
    unit: "s",
    description: "For how long the oldest of them has been due"
  },
  "workflow.timers.pending": {
    type: "gauge",
    labels: [workflow],
    description: "Timers that have not fired, up to ten of an execution"
  },
  "workflow.timers.overdue": {
    type: "gauge",
    labels: [workflow],
    description: "Those of them that should have fired more than five seconds ago"
  },
  "workflow.executions.uncounted": {
    type: "gauge",
    labels: [],
    description: "Executions beyond the ones that the other gauges are of"
  }
} as const satisfies Record<string, Described>

export type Name = keyof typeof table

/** The values of the labels of a metric, in their order; without the ones at the end that it does not have this time. */
type Values = ReadonlyArray<string>

/** Updates the metrics of the registry of a context. A series is made when it is first needed. */
export class Series {
  private readonly context: Context.Context<never>
  private readonly all = new Map<string, Metric.Metric<number, unknown>>()

  constructor(context: Context.Context<never>) {
    this.context = context
  }

  /** Counts one, sets a gauge, or adds a value to a histogram. */
  update(name: Name, values: Values, value = 1): void {
    const key = [name, ...values].join("\0")
    let metric = this.all.get(key)
    if (metric === undefined) this.all.set(key, (metric = make(name, values)))
    metric.updateUnsafe(value, this.context)
  }
}

// internal

const make = (name: Name, values: Values): Metric.Metric<number, unknown> => {
  const { boundaries, description, labels, type, unit }: Described = table[name]
  const attributes: Record<string, string> = unit === undefined ? {} : { unit }
  for (const [index, value] of values.entries()) attributes[labels[index]!] = value
  switch (type) {
    case "counter":
      return Metric.counter(name, { description, attributes, incremental: true })
    case "gauge":
      return Metric.gauge(name, { description, attributes })
    case "histogram":
      return Metric.histogram(name, { description, attributes, boundaries: boundaries! })
  }
}
