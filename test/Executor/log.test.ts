/** What the default executor writes to the log, and what each line is about. */
import { assert } from "@effect/vitest"
import { Effect, Layer, Schema } from "effect"
import { Activity, RetryPolicy, Signal, Workflow } from "perdure"
import { Sequence } from "perdure/Ids"
import { errorOf } from "../suites/executor/failures.ts"
import * as Lab from "../suites/executor/Lab.ts"
import { append, taken } from "../support/histories.ts"
import { effect, type Line } from "../support/lines.ts"

const Charge = Activity.make("Charge", {
  input: Schema.String,
  error: Schema.Struct({ code: Schema.Int }),
  retry: RetryPolicy.exponential({ initialInterval: "1 minute", maxAttempts: 2 })
})
const Order = Workflow.make("Order", { input: Schema.String, workflowId: (input) => input })
const Go = Signal.make("go")
const Stop = Signal.make("stop")
const Listen = Workflow.make("Listen", { workflowId: () => "listen" })
const Many = Workflow.make("Many", { workflowId: () => "many" })
const Typed = Workflow.make("Typed", { error: Schema.String, workflowId: () => "typed" })

const spilt = () => new TypeError("the ink is spilt")

const workflows = Layer.mergeAll(
  Order.toLayer((input) =>
    Effect.gen(function* () {
      if (input === "program") return yield* Effect.die(spilt())
      if (input === "promise") return yield* Effect.promise(() => Promise.resolve())
      yield* Effect.orDie(Charge(input))
    })
  ),
  Listen.toLayer(() => Effect.sleep("1 minute")),
  Many.toLayer(() =>
    Effect.forEach(["hang", "hang", "hang", "hang", "hang", "fail"], (input) => Effect.orDie(Charge(input)), {
      concurrency: "unbounded",
      discard: true
    })
  ),
  Typed.toLayer(() => Effect.fail("no"))
).pipe(
  Layer.provide(
    Charge.toLayer((input) => {
      switch (input) {
        case "fail":
          return Effect.fail({ code: 7 })
        case "handler":
          return Effect.die(spilt())
        case "hang":
          return Effect.never
        default:
          return Effect.void
      }
    })
  )
)

/** The lines, of texts with a stack the first line alone. */
const heads = (lines: ReadonlyArray<Line>): ReadonlyArray<Line> =>
  lines.map((line) => ({ ...line, text: line.text.split("\n")[0]! }))

effect("nothing is said of an execution that goes well, or fails as it may", (lines) =>
  Effect.gen(function* () {
    const app = yield* Lab.open(workflows)
    yield* app.run(Order.execute("well"))
    yield* Effect.flip(app.run(Typed.execute()))
    assert.deepStrictEqual(lines, [])
  })
)

effect(
  "an attempt that fails and is repeated is a warning with the pause, and the last of several is one too",
  (lines) =>
    Effect.gen(function* () {
      const app = yield* Lab.open(workflows)
      const { runId } = yield* app.run(Order.start("fail"))
      yield* Lab.settle
      const said: Line = {
        level: "Warn",
        text: 'attempt 1 of activity Charge #0 failed with {"code":7}; the next one begins in 60000 ms',
        annotations: { workflow: "Order", workflowId: "fail", runId, activity: "Charge", attempt: 1 }
      }
      assert.deepStrictEqual(lines, [said])
      yield* Lab.pass("1 minute")
      assert.deepStrictEqual(
        heads(lines).filter(({ text }) => !text.startsWith('execution "fail" ended with a defect')),
        [
          said,
          {
            level: "Warn",
            text: 'attempt 2 of activity Charge #0 failed with {"code":7}; it was the last one',
            annotations: { ...said.annotations, attempt: 2 }
          }
        ]
      )
    })
)

effect("a defect of a handler is an error with its stack", (lines) =>
  Effect.gen(function* () {
    const app = yield* Lab.open(workflows)
    const { runId } = yield* app.run(Order.start("handler"))
    yield* Lab.settle
    assert.deepStrictEqual(heads(lines)[0], {
      level: "Error",
      text: "attempt 1 of activity Charge #0 died with a defect: TypeError: the ink is spilt",
      annotations: { workflow: "Order", workflowId: "handler", runId, activity: "Charge", attempt: 1 }
    })
    assert.include(lines[0]!.text, "spilt (")
    assert.strictEqual(
      lines[1]!.text,
      'execution "handler" ended with a defect: TypeError: the ink is spilt (of activity Charge)'
    )
    assert.lengthOf(lines, 2)
  })
)

effect("a defect of a program is an error with its stack", (lines) =>
  Effect.gen(function* () {
    const app = yield* Lab.open(workflows)
    const { runId } = yield* app.run(Order.start("program"))
    yield* Lab.settle
    assert.deepStrictEqual(heads(lines), [
      {
        level: "Error",
        text: 'execution "program" ended with a defect: TypeError: the ink is spilt',
        annotations: { workflow: "Order", workflowId: "program", runId }
      }
    ])
    assert.include(lines[0]!.text, "spilt (")
  })
)

effect("a block is an error with its problem, once", (lines) =>
  Effect.gen(function* () {
    const app = yield* Lab.open(workflows)
    const { runId } = yield* app.run(Order.start("promise"))
    const error = yield* errorOf(app.run(Effect.flatMap(Order.handle("promise"), ({ result }) => result)))
    assert.deepInclude(error, { _tag: "Blocked" })
    yield* Lab.pass("1 minute")
    assert.lengthOf(lines, 1)
    assert.deepInclude(lines[0], { level: "Error", annotations: { workflow: "Order", workflowId: "promise", runId } })
    assert.match(lines[0]!.text, /^execution "promise" is blocked: workflow "Order" .*did asynchronous work/)
  })
)

effect("signals that were never received are a warning for each name, with how many", (lines) =>
  Effect.gen(function* () {
    const app = yield* Lab.open(workflows)
    const { runId } = yield* app.run(Listen.start())
    for (const signal of [Go, Stop, Go]) yield* app.run(signal.send("listen"))
    yield* Lab.pass("1 minute")
    const annotations = { workflow: "Listen", workflowId: "listen", runId }
    assert.deepStrictEqual(lines, [
      { level: "Warn", text: 'execution "listen" has ended and never received 2 signal(s) "go"', annotations },
      { level: "Warn", text: 'execution "listen" has ended and never received 1 signal(s) "stop"', annotations }
    ])
  })
)

effect("lost attempts are a warning with the first of them, and not of what was to be repeated", (lines) =>
  Effect.gen(function* () {
    const { store } = yield* Lab.Lab
    const first = yield* Lab.open(workflows)
    const { runId } = yield* first.run(Many.start())
    yield* Lab.settle
    yield* first.stop
    // Its next worker lost all that ran, and was told that one of them had failed.
    const failure = { _tag: "Fail", error: { code: 7 } } as const
    yield* append(store, "many", (at) => [
      taken(at, true),
      {
        _tag: "ActivityAttemptFailed",
        at,
        seq: Sequence.make(4),
        attempt: 2,
        failure,
        retryAt: at + 60_000
      }
    ])
    lines.length = 0
    const app = yield* Lab.open(workflows, { worker: "next" })
    yield* Lab.settle
    const { owner } = yield* app.executions.describe("many")
    assert.strictEqual(Lab.nameOf(owner!), "next")
    const names = [0, 1, 2].map((seq) => `Charge #${seq} (attempt 2)`).join(", ")
    assert.deepStrictEqual(lines, [
      {
        level: "Warn",
        text: `execution "many" lost its worker while it waited for ${names} and 1 more; they run again`,
        annotations: { workflow: "Many", workflowId: "many", runId }
      },
      {
        level: "Info",
        text: "has taken 1 execution(s) over from worker dead, which is silent",
        annotations: { worker: owner }
      }
    ])
  })
)

effect(
  "a takeover says from which worker, how many, and whether that one has ended; no attempt is lost then",
  (lines) =>
    Effect.gen(function* () {
      const first = yield* Lab.open(workflows, { worker: "first" })
      for (const workflowId of ["a", "b", "c"]) yield* first.run(Order.start("hang", { workflowId }))
      const { owner } = yield* first.executions.describe("a")
      yield* Lab.settle
      yield* first.stop
      lines.length = 0
      const app = yield* Lab.open(workflows, { worker: "next" })
      yield* Lab.settle
      const worker = (yield* app.executions.describe("a")).owner
      assert.deepStrictEqual(lines, [
        {
          level: "Info",
          text: `has taken 3 execution(s) over from worker ${owner}, which has ended`,
          annotations: { worker }
        }
      ])
    })
)

effect("what has no handler is an error that says what to provide", (lines) =>
  Effect.gen(function* () {
    const Missing = Activity.make("Missing")
    const Needs = Workflow.make("Needs", { workflowId: () => "needs" })
    const app = yield* Lab.open(Needs.toLayer(() => Missing() as Effect.Effect<void>) as Lab.Workflows)
    const { runId } = yield* app.run(Needs.start())
    yield* Lab.settle
    assert.deepStrictEqual(lines, [
      {
        level: "Error",
        text: "workflow Needs waits for activity Missing, which has no handler here; provide its toLayer(...)",
        annotations: { workflow: "Needs", workflowId: "needs", runId, activity: "Missing", attempt: 1 }
      }
    ])
  })
)
