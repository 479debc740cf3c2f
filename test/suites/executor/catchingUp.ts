/** Promise 8: what is known of an execution comes up to date after other processes have recorded something of it. */
import { Effect, Layer } from "effect"
import { Signal, Workflow } from "perdure"
import { assert } from "../assert.ts"
import { looked, open, settle, until, words } from "./Lab.ts"
import { historyOf, summaryOf, tags } from "./stored.ts"
import type { SuitePart } from "./SuitePart.ts"

const Go = Signal.make("go")
const Stop = Signal.make("stop")

/** Receives all there is, and records nothing of it. */
const Count = Workflow.make("Count", { workflowId: () => "count" })
const CountLive = Count.toLayer(() => Effect.raceFirst(Effect.forever(Go.receive), Stop.receive))

export const catchingUp: SuitePart = (it) => {
  it.live("8. after signals of another process a description says again what the program has, within a heartbeat", () =>
    Effect.gen(function* () {
      for (const maxLoaded of [10, 1]) {
        const app = yield* open(CountLive, { heartbeatInterval: "20 millis", lease: "10 minutes", maxLoaded })
        const sender = yield* open(Layer.empty)
        yield* app.run(Count.start(undefined, { whenExists: "restart" }))
        // With room for one alone, it is no longer in memory.
        yield* app.run(Count.start(undefined, { workflowId: "another", whenExists: "restart" }))
        for (let n = 0; n < 3; n++) yield* sender.signal("count", "go", null)
        yield* sender.signal("count", "typo", null)
        yield* until(Effect.map(summaryOf("count"), ({ wakeAt }) => wakeAt === undefined))
        const { unreceived, ...described } = yield* summaryOf("count")
        assert.deepStrictEqual([words(described), unreceived], [["signal go", "signal stop"], { typo: 1 }])
        // Once, and not again at each heartbeat.
        const { version } = described
        yield* looked(app)
        assert.strictEqual((yield* summaryOf("count")).version, version)
        for (const id of ["count", "another"]) {
          yield* app.signal(id, "stop", null)
          yield* app.result(id)
        }
        yield* app.stop
      }
    })
  )

  it.effect("8. a signal of another process costs one commit, and no more while the worker does nothing else", () =>
    Effect.gen(function* () {
      const app = yield* open(CountLive, { heartbeatInterval: "1 hour" })
      const sender = yield* open(Layer.empty)
      yield* app.run(Count.start())
      for (let n = 0; n < 20; n++) {
        yield* sender.signal("count", "go", null)
        yield* settle
      }
      assert.deepStrictEqual(tags(yield* historyOf("count")), [
        "ExecutionStarted",
        ...Array.from({ length: 20 }, () => "SignalReceived")
      ])
    })
  )
}
