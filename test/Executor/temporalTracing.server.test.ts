/**
 * Spans on Temporal: of callers, executions, attempts and programs, in one trace, each once, whatever is replayed.
 */
import { assert, it } from "@effect/vitest"
import { Effect, Exit, Layer, Schedule, Tracer } from "effect"
import { Middleware, Tracing } from "perdure"
import { describeWith, shared, temporalServer } from "../support/servers.ts"
import { type Kept, keeping, lengthOf, parentId } from "../support/spans.ts"
import * as P from "../suites/portable/programs.ts"
import { workerLayer } from "./temporal/workers.ts"
import { Spanned, spanned } from "./temporal/spannedWorkflows.ts"

const workflows = new URL("./temporal/spannedWorkflows.ts", import.meta.url)

const names = [
  "activity.execute Echo",
  "failing",
  "handling",
  "inner",
  "outer",
  "request",
  "workflow.execute Spanned",
  "workflow.start Spanned",
  "workflow.timer Spanned"
]

describeWith("temporal", "spans on Temporal", () => {
  const server = shared(temporalServer())

  const cases = { "with programs in memory": undefined, "with none in memory": 0 }
  for (const [title, maxLoaded] of Object.entries(cases)) {
    it(`all are in the trace of the caller, once, ${title}`, () => {
      const { ended, tracer } = keeping()
      const named = (name: string): Kept => {
        const found = ended.filter((span) => span.name === name)
        assert.lengthOf(found, 1, name)
        return found[0]!
      }
      return Effect.gen(function* () {
        const { address } = yield* server
        const handler = P.Echo.toLayer((text) => Effect.withSpan(Effect.succeed(text), "handling"))
        const worker = workerLayer({ address, taskQueue: title, workflows, maxLoaded })
        const context = yield* Layer.build(
          Layer.provideMerge(spanned.pipe(Layer.provide(handler)), Middleware.apply(worker, Tracing.layer))
        )
        const begun = Effect.withSpan(Spanned.start("said", { workflowId: title }), "request")
        const handle = yield* Effect.provideContext(begun, context)
        assert.strictEqual(yield* handle.result, "said")
        const all = Effect.sync(() => ended.some(({ name }) => name === "workflow.execute Spanned"))
        yield* Effect.repeat(all, { until: (isSo) => isSo, schedule: Schedule.spaced("20 millis"), times: 200 })

        const own = ended.filter(({ name }) => names.includes(name))
        assert.deepStrictEqual(own.map(({ name }) => name).toSorted(), names)
        assert.strictEqual(new Set(own.map(({ traceId }) => traceId)).size, 1)

        const start = named("workflow.start Spanned").spanId
        assert.strictEqual(parentId(named("workflow.start Spanned")), named("request").spanId)
        assert.strictEqual(parentId(named("workflow.execute Spanned")), start)
        assert.strictEqual(parentId(named("activity.execute Echo")), start)
        assert.strictEqual(parentId(named("handling")), named("activity.execute Echo").spanId)
        const outer = named("outer")
        assert.strictEqual(parentId(outer), start)
        assert.strictEqual(outer.attributes.get("order.kind"), "large")
        assert.deepStrictEqual(
          outer.events.map(([text]) => text),
          ["slept"]
        )
        assert.isAtLeast(lengthOf(outer)!, 200)
        assert.strictEqual(parentId(named("inner")), outer.spanId)
        const { status } = named("failing")
        assert.isTrue(status._tag === "Ended" && Exit.isFailure(status.exit))
      }).pipe(Effect.scoped, Effect.provideService(Tracer.Tracer, tracer), Effect.runPromise)
    }, 120_000)
  }
})
