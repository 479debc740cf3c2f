/** Spans and metrics over a process that is killed and the one that goes on: the whole table, one trace, and nothing twice. */
import { readFileSync } from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import { Effect, type Scope } from "effect"
import * as Processes from "../support/Processes.ts"
import * as page from "../support/telemetryPage.ts"
import { cacheModules, files } from "../support/workerFiles.ts"
import type { WrittenMetric, WrittenSpan } from "./tracingProgram.ts"

cacheModules()

interface Life {
  readonly first: number
  readonly spans: ReadonlyArray<WrittenSpan>
  readonly metrics: ReadonlyArray<WrittenMetric>
}

/** A process that is killed while it books the hotel, and one that ends the trip. */
const life: Effect.Effect<Life, unknown, Scope.Scope> = Effect.gen(function* () {
  const { log, store } = yield* files
  const first = yield* Processes.start("../processes/tracingProgram.ts", [store, log, "first"])
  assert.deepStrictEqual(yield* first.line, ["hanging"])
  yield* first.kill
  const second = yield* Processes.start("../processes/tracingProgram.ts", [store, log, "second"])
  assert.deepStrictEqual(yield* second.line, ["done"])
  yield* second.kill
  const lines = readFileSync(log, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as WrittenSpan | WrittenMetric)
  return {
    first: first.pid,
    spans: lines.filter((line) => "spanId" in line),
    metrics: lines.filter((line) => "metric" in line)
  }
})

const ours = /^(workflow|activity)\./

/** Each value once, in order. */
const distinct = <A>(all: ReadonlyArray<A>): ReadonlyArray<A> =>
  [...new Set(all.map((each) => JSON.stringify(each)))].toSorted().map((text) => JSON.parse(text) as A)

/** A span as the table has it: without the name of what it is about, and without what only failures have. */
const rowOf = ({ attributes, kind, name }: WrittenSpan) => ({
  name: name.replace(/ .*$/, " NAME"),
  kind,
  attributes: Object.keys(attributes)
    .filter((key) => key !== "error.type")
    .toSorted()
})

describe("telemetry over a kill", () => {
  it.live(
    "has the spans and the metrics of the table, one trace of the execution, and each thing once",
    () =>
      Effect.gen(function* () {
        const { first, metrics, spans } = yield* life
        assert.deepStrictEqual(distinct(spans.filter(({ name }) => ours.test(name)).map(rowOf)), distinct(page.spans))

        const start = spans.find(({ name }) => name === "workflow.start Trip")!
        const whole = spans.filter(
          ({ name, traceId }) => traceId === start.traceId && !name.startsWith("WorkflowStore.")
        )
        const shown = ({ attributes, name, pid }: WrittenSpan) =>
          [
            pid === first ? "first:" : "second:",
            name,
            attributes["workflow.activity.attempt"],
            attributes["error.type"]
          ]
            .filter((part) => part !== undefined)
            .join(" ")
        assert.deepStrictEqual(whole.map(shown).toSorted(), [
          "first: activity.execute Book 1 Full",
          "first: activity.execute Book 2",
          "first: pay the flight",
          "first: request",
          "first: workflow.start Trip",
          "second: activity.execute Book 2",
          "second: activity.execute Pay 1",
          "second: pay the hotel",
          "second: workflow.execute Trip",
          "second: workflow.replay Trip",
          "second: workflow.timer Trip"
        ])
        const hung = whole.filter(({ name }) => /^(workflow|activity)\.(execute|replay|timer)/.test(name))
        for (const { name, parent } of hung) assert.strictEqual(parent, start.spanId, name)
        // A lease of a second ran out in between.
        const { attributes, milliseconds } = whole.find(({ name }) => name === "workflow.execute Trip")!
        assert.isAbove(milliseconds, 500)
        assert.strictEqual(attributes["workflow.status"], "completed")
        const page2 = spans.find(({ name }) => name === "page")!
        assert.deepStrictEqual(
          spans
            .filter(({ name, traceId }) => traceId === page2.traceId && !name.startsWith("WorkflowStore."))
            .map(({ name }) => name)
            .toSorted(),
          [
            "page",
            "workflow.query where",
            "workflow.signal go",
            "workflow.update seats",
            "workflow.update.handle seats"
          ]
        )

        // A timer is overdue after five seconds, which no test should wait for: there is another one in virtual time.
        const expected = page.metrics.filter(({ name }) => name !== "workflow.timers.overdue")
        const seen = distinct(metrics.map(({ metric: name, type }) => ({ name, type: type.toLowerCase() })))
        assert.deepStrictEqual(seen, distinct(expected.map(({ name, type }) => ({ name, type }))))
        for (const { labels, metric } of metrics) {
          const all = page.metrics.find(({ name }) => name === metric)!.labels
          const always = all.filter((label) => label !== "error.type")
          assert.includeMembers([...all], [...labels], metric)
          assert.includeMembers([...labels], [...always], metric)
        }
        const total = (name: string) =>
          metrics.filter(({ metric }) => metric === name).reduce((sum, { count }) => sum + count, 0)
        assert.deepStrictEqual(
          ["workflow.executions.started", "workflow.executions.completed", "workflow.nondeterminism.errors"].map(total),
          [5, 3, 1]
        )
        // Two of the flight, one of the hotel, whose first one died with its process, and the one that is pending.
        assert.strictEqual(total("workflow.activity.attempts"), 4)
      }).pipe(Effect.scoped),
    60_000
  )
})
