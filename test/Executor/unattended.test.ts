/** A caller waits for as long as it takes, so a process without any workflow says when no worker has the one that it waits for. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Logger, Schema, type Scope } from "effect"
import { Signal, Update, Workflow } from "perdure"
import * as Default from "perdure/Executor/Default"
import type { Executions } from "perdure/Executor/Executions"
import * as Memory from "perdure/Store/Memory"
import * as Lab from "../suites/executor/Lab.ts"

const Go = Signal.make("go")
const Add = Update.make("add", { input: Schema.Int, success: Schema.Int })
const Wait = Workflow.make("Wait", { input: Schema.String, workflowId: (id) => id })
const WaitLive = Wait.toLayer(() => Effect.andThen(Add.handle(Effect.succeed), Go.receive))

const often = { heartbeatInterval: "20 millis", lease: "10 seconds" } as const
const looks = (client: Lab.Running) => {
  const before = client.link.count.summary
  return Lab.until(Effect.sync(() => client.link.count.summary > before + 5))
}

/** A test in real time, which is given the warnings of the log. */
const live = (
  title: string,
  body: (warnings: ReadonlyArray<string>) => Effect.Effect<void, unknown, Lab.Lab | Executions | Scope.Scope>
) =>
  it.live(title, () =>
    Effect.suspend(() => {
      const warnings: Array<string> = []
      const logger = Logger.make(({ logLevel, message }) => {
        if (logLevel === "Warn") warnings.push([message].flat().join(" "))
      })
      return Effect.scoped(body(warnings)).pipe(
        Effect.provide(Lab.layer({ store: Memory.layer, executor: Default.layerWith }), { local: true }),
        Effect.provide(Logger.layer([logger]))
      )
    })
  )

describe("an execution without a worker", () => {
  live("is told of in a process that waits for its result, once a workflow, and ends when a worker comes", (warnings) =>
    Effect.gen(function* () {
      const client = yield* Lab.open(Layer.empty, often)
      const callers = yield* Effect.forkChild(
        client.run(Effect.all([Wait.execute("a"), Wait.execute("b")], { concurrency: 2 }))
      )
      yield* Lab.until(Effect.sync(() => warnings.length > 0))
      yield* looks(client)
      assert.lengthOf(warnings, 1, warnings.join("\n"))
      assert.match(warnings[0]!, /^execution "[ab]" has no worker, and its workflow "Wait" is not registered here; /)
      const worker = yield* Lab.open(WaitLive, often)
      yield* Effect.forEach(["a", "b"], (id) => worker.signal(id, "go", null))
      yield* Fiber.join(callers)
    })
  )

  live("is told of in a process that waits for the answer of an update", (warnings) =>
    Effect.gen(function* () {
      const client = yield* Lab.open(Layer.empty, often)
      const answer = yield* Effect.forkChild(client.run(Effect.andThen(Wait.start("a"), Add.execute("a", 7))))
      yield* Lab.until(Effect.sync(() => warnings.length > 0))
      assert.include(warnings[0]!, 'execution "a" has no worker')
      yield* Lab.open(WaitLive, often)
      assert.strictEqual(yield* Fiber.join(answer), 7)
    })
  )

  live("is not told of where a worker has its workflow, nor where no caller waits", (warnings) =>
    Effect.gen(function* () {
      const [idle, client] = [yield* Lab.open(Layer.empty, often), yield* Lab.open(Layer.empty, often)]
      yield* idle.run(Wait.start("a"))
      yield* Effect.sleep("100 millis")
      yield* Lab.open(WaitLive, often)
      const caller = yield* Effect.forkChild(client.run(Wait.execute("b")))
      yield* looks(client)
      yield* client.signal("b", "go", null)
      yield* Fiber.join(caller)
      assert.deepStrictEqual(warnings, [])
    })
  )
})
