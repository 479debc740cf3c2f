/** Options that make no sense are refused when the executor or the store is built. */
import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Layer } from "effect"
import * as Default from "perdure/Executor/Default"
import * as Memory from "perdure/Store/Memory"
import * as Sqlite from "perdure/Store/Sqlite"

const faultOf = <A, E>(layer: Layer.Layer<A, E>) =>
  Effect.match(Effect.sandbox(Effect.scoped(Layer.build(layer))), { onFailure: Cause.pretty, onSuccess: () => "none" })

describe("the default executor", () => {
  const faults: ReadonlyArray<readonly [Default.Options, string]> = [
    [{ maxActivities: 0 }, "maxActivities must be a whole number of at least 1, and is 0"],
    [{ maxActivities: Number.NaN }, "maxActivities must be a whole number of at least 1, and is NaN"],
    [{ maxLoaded: -1 }, "maxLoaded must be a whole number of at least 1, and is -1"],
    [{ maxRecoveries: 1.5 }, "maxRecoveries must be a whole number of at least 1, and is 1.5"],
    [{ heartbeatInterval: 0 }, "heartbeatInterval must be at least 10 ms, and is 0"],
    [{ heartbeatInterval: Number.POSITIVE_INFINITY }, "heartbeatInterval must be finite"],
    [{ lease: "1 second" }, "lease must be longer than heartbeatInterval"],
    [{ lease: -5 }, "lease must be at least 10 ms, and is -5"],
    [{ spinLimit: 0 }, "spinLimit must be at least 1 ms, and is 0"],
    [{ answerTimeout: 0 }, "answerTimeout must be at least 1 ms, and is 0"],
    [{ shutdownTimeout: -1 }, "shutdownTimeout must be at least 0 ms, and is -1"],
    [{ lease: "5 parsecs" as "5 seconds" }, 'lease must be a duration, such as "5 seconds", and is "5 parsecs"'],
    [{ worker: 5 as unknown as string }, "worker must be a text that is not empty"],
    [{ worker: "" }, "worker must be a text that is not empty"],
    [{ drain: "yes" as unknown as boolean }, "drain must be true or false"]
  ]

  it.effect.each(faults)("refuses %o", ([options, fault]) =>
    Effect.gen(function* () {
      const told = yield* faultOf(Default.layerWith(options).pipe(Layer.provide(Memory.layer)))
      assert.include(told, `the options of the default executor: ${fault}`)
    })
  )

  it.effect("takes no limit and no pause for what they are", () =>
    Effect.gen(function* () {
      const { POSITIVE_INFINITY: unlimited } = Number
      const options = { maxLoaded: unlimited, maxActivities: unlimited, answerTimeout: unlimited, shutdownTimeout: 0 }
      assert.strictEqual(yield* faultOf(Default.layerWith(options).pipe(Layer.provide(Memory.layer))), "none")
    })
  )
})

describe("the SQLite store", () => {
  const filename = ":memory:"
  const faults: ReadonlyArray<readonly [Sqlite.Options, string]> = [
    [{ filename: "" }, 'filename must name a file, or be ":memory:"'],
    [{ filename: undefined as unknown as string }, 'filename must name a file, or be ":memory:"'],
    [{ filename, synchronous: "OFF" as "FULL" }, 'synchronous must be "FULL" or "NORMAL"'],
    [{ filename, maxCommitBytes: 0 }, "maxCommitBytes must be a whole number of at least 1, and is 0"],
    [{ filename, maxCommitBytes: Number.NaN }, "maxCommitBytes must be a whole number of at least 1, and is NaN"],
    [{ filename, busyTimeout: -1 }, "busyTimeout must be at least 0 ms, and is -1"]
  ]

  it.effect.each(faults)("refuses %o", ([options, fault]) =>
    Effect.map(faultOf(Sqlite.layer(options)), (told) => assert.include(told, fault))
  )
})
