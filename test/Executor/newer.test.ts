/** What a newer release recorded is left to it: it is not damaged, and it is nothing for a worker of this release. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Logger, Option, Schema, type Scope } from "effect"
import { Signal, Workflow } from "perdure"
import * as Default from "perdure/Executor/Default"
import type { Executions } from "perdure/Executor/Executions"
import { formatVersion, HistoryEvent } from "perdure/HistoryEvent"
import { WorkflowId } from "perdure/Ids"
import * as Memory from "perdure/Store/Memory"
import { type ExecutionSummary, NewerFormat, StoreError, WorkflowStore } from "perdure/Store/WorkflowStore"
import { protocol } from "../../src/internal/replay/Protocol.ts"
import { errorOf } from "../suites/executor/failures.ts"
import { sound } from "../suites/executor/FaultyStore.ts"
import * as Lab from "../suites/executor/Lab.ts"
import { after } from "../suites/store/builders.ts"
import { summaryOf } from "../suites/executor/stored.ts"

const Go = Signal.make("go")
const Wait = Workflow.make("Wait")
const WaitLive = Wait.toLayer(() => Go.receive)
const Other = Workflow.make("Other")
const OtherLive = Other.toLayer(() => Go.receive)
const Tell = Workflow.make("Tell", { input: Schema.String, success: Schema.String })
const TellLive = Tell.toLayer((to) =>
  Effect.flatMap(protocol, ({ send }) =>
    send({ to: WorkflowId.make(to), message: { _tag: "Signal", name: "go", payload: null } })
  ).pipe(Effect.map((outcome) => (outcome._tag === "Refused" ? outcome.reason : outcome._tag)))
)
const all = Layer.mergeAll(WaitLive, OtherLive, TellLive)

/** A format that no release has. */
const format = formatVersion + 97

/** A store in memory that reads events as those that decode them do: it tells a newer format from damage. */
const store: Layer.Layer<WorkflowStore> = Layer.effect(
  WorkflowStore,
  Effect.map(Memory.make(), (memory) => ({
    ...memory,
    load: (workflowId, options) =>
      Effect.filterOrFail(
        memory.load(workflowId, options),
        (found) => Option.isNone(found) || found.value.commits.every(({ events }) => events.every(isKnown)),
        () =>
          new StoreError({ operation: "load", workflowId, reason: new NewerFormat({ format, known: formatVersion }) })
      )
  }))
)

const isKnown = (event: { readonly _tag: string }) => event._tag in HistoryEvent.cases

/** A newer release appends to an execution what only it knows. */
const appendNewer = Effect.fnUntraced(function* (workflowId: string, changes: Partial<ExecutionSummary> = {}) {
  const { store } = yield* Lab.Lab
  const summary = yield* summaryOf(workflowId)
  const event = { _tag: "Unheard", at: summary.updatedAt, of: {} } as unknown as HistoryEvent
  yield* store.save(after(summary, { events: [event], summary: { ...changes, format } }))
})

/** A test in real time, which is given what was logged. */
const live = (
  title: string,
  body: (logs: ReadonlyArray<string>) => Effect.Effect<void, unknown, Lab.Lab | Executions | Scope.Scope>
) =>
  it.live(title, () =>
    Effect.suspend(() => {
      const logs: Array<string> = []
      const logger = Logger.make(({ logLevel, message }) => {
        if (logLevel === "Info") return
        logs.push(`${logLevel}: ${[message].flat().join(" ")}`)
      })
      const lab = Lab.layer({ store, executor: Default.layerWith })
      return Effect.scoped(body(logs)).pipe(
        Effect.provide(lab, { local: true }),
        Effect.provide(Logger.layer([logger]))
      )
    })
  )

const often = { heartbeatInterval: "20 millis" } as const
const newerRelease = { _tag: "NewerRelease", format, known: formatVersion } as const

describe("an execution that a newer release wrote", () => {
  live("is not taken, which is logged once a workflow with the format that is needed; others are", (logs) =>
    Effect.gen(function* () {
      const first = yield* Lab.open(all, { worker: "a" })
      const newer = ["wait 1", "wait 2", "wait 3"]
      for (const workflowId of [...newer, "wait"]) yield* first.run(Wait.start(undefined, { workflowId }))
      for (const workflowId of ["newer", "other"]) yield* first.run(Other.start(undefined, { workflowId }))
      yield* first.stop
      for (const workflowId of [...newer, "newer"]) yield* appendNewer(workflowId)
      const before = yield* Effect.forEach([...newer, "newer"], summaryOf)

      const second = yield* Lab.open(all, { worker: "b", ...often })
      for (const workflowId of ["wait", "other"]) {
        yield* Lab.until(Effect.map(summaryOf(workflowId), (summary) => Lab.ownerName(summary) === "b"))
      }
      yield* Lab.looked(second)
      yield* second.signal("wait", "go", null)
      yield* second.signal("other", "go", null)
      assert.strictEqual((yield* second.result("wait"))._tag, "ExecutionCompleted")
      assert.strictEqual((yield* second.result("other"))._tag, "ExecutionCompleted")
      assert.deepStrictEqual(yield* Effect.forEach([...newer, "newer"], summaryOf), before)

      assert.lengthOf(logs, 2, logs.join("\n"))
      for (const log of logs) {
        assert.match(log, /^Warn: execution "(wait \d|newer)" was recorded in format 99 by a newer release/)
        assert.include(log, `this one reads formats up to ${formatVersion}`)
      }
    })
  )

  live("is no matter for a client, and for a worker without its workflow", (logs) =>
    Effect.gen(function* () {
      const first = yield* Lab.open(WaitLive, { worker: "a" })
      yield* first.run(Wait.start(undefined, { workflowId: "wait" }))
      yield* first.stop
      yield* appendNewer("wait")
      const apps = [yield* Lab.open(Layer.empty, often), yield* Lab.open(OtherLive, often)]
      for (const { link } of apps) yield* Lab.until(Effect.sync(() => link.count.list > 10))
      assert.lengthOf(logs, 1, logs.join("\n"))
      assert.include(logs[0]!, `its workflow "Wait" is not registered here`)
    })
  )

  live("is described; all else that a caller asks of it fails with `NewerRelease`", () =>
    Effect.gen(function* () {
      const app = yield* Lab.open(Layer.empty)
      yield* app.run(Wait.start(undefined, { workflowId: "wait" }))
      yield* appendNewer("wait")
      const handle = yield* app.run(Wait.handle("wait"))
      const before = yield* app.run(handle.describe)
      assert.deepInclude(before, { status: "running", format })
      const asked = {
        signal: app.run(Go.send(handle, undefined)),
        cancel: handle.cancel(),
        terminate: handle.terminate(),
        start: app.run(Wait.start(undefined, { workflowId: "wait", whenExists: "restart" })),
        history: app.run(handle.history)
      }
      for (const [operation, effect] of Object.entries<Effect.Effect<unknown, unknown>>(asked)) {
        const error = yield* Effect.flip(effect)
        assert.deepInclude(error, { _tag: "WorkflowError", operation, workflowId: "wait" })
        assert.deepInclude((error as { readonly reason: object }).reason, newerRelease)
      }
      assert.deepStrictEqual(yield* summaryOf("wait"), before)
    })
  )

  live("is let go by its worker, which goes on with others", (logs) =>
    Effect.gen(function* () {
      const app = yield* Lab.open(all, { worker: "a", ...often })
      for (const workflowId of ["wait", "wait too"]) yield* app.run(Wait.start(undefined, { workflowId }))
      const result = yield* Effect.forkChild(errorOf(app.result("wait")))
      yield* appendNewer("wait")
      const { version } = yield* summaryOf("wait")
      yield* Lab.until(Effect.sync(() => logs.length > 0))
      yield* Lab.looked(app)
      assert.deepInclude(yield* errorOf(app.signal("wait", "go", null)), newerRelease)
      yield* app.signal("wait too", "go", null)
      assert.strictEqual((yield* app.result("wait too"))._tag, "ExecutionCompleted")
      assert.strictEqual((yield* summaryOf("wait")).version, version)
      assert.lengthOf(logs, 1, logs.join("\n"))
      assert.match(
        logs[0]!,
        /^Error: execution "wait" is left to a newer release: .* format 99 .* up to \d+; use the release that wrote it$/
      )

      // The newer release ends it: how, this one cannot read.
      assert.isUndefined(result.pollUnsafe())
      yield* appendNewer("wait", { status: "completed" })
      assert.deepInclude(yield* Fiber.join(result), newerRelease)
      assert.deepInclude(yield* errorOf(app.result("wait")), newerRelease)
      yield* app.run(Wait.start(undefined, { workflowId: "wait at last" }))
      yield* app.signal("wait at last", "go", null)
      assert.strictEqual((yield* app.result("wait at last"))._tag, "ExecutionCompleted")
      assert.lengthOf(logs, 1, logs.join("\n"))
    })
  )

  live("is let go by a worker that learns of it when its own commit comes second", (logs) =>
    Effect.gen(function* () {
      const app = yield* Lab.open(all, { worker: "a" })
      yield* app.run(Wait.start(undefined, { workflowId: "wait" }))
      app.link.fault = (operation) => (operation === "changes" ? "unasked" : sound(operation))
      yield* appendNewer("wait")
      assert.lengthOf(logs, 0)
      assert.deepInclude(yield* errorOf(app.signal("wait", "go", null)), newerRelease)
      assert.lengthOf(logs, 1, logs.join("\n"))
      assert.match(logs[0]!, /^Error: execution "wait" is left to a newer release/)
    })
  )

  live("is no receiver of messages: its sender learns that it cannot be read", () =>
    Effect.gen(function* () {
      const app = yield* Lab.open(all)
      yield* app.run(Wait.start(undefined, { workflowId: "wait" }))
      yield* appendNewer("wait")
      assert.strictEqual(yield* app.run(Tell.execute("wait")), "Unreadable")
    })
  )
})
