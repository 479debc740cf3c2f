/** Messages that come together are one commit, from the moment when a start is answered. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, it } from "@effect/vitest"
import { Effect, Layer, Schema } from "effect"
import { Signal, Workflow } from "perdure"
import * as DefaultExecutor from "perdure/Executor/Default"
import * as Sqlite from "perdure/Store/Sqlite"

const Add = Signal.make("add", { payload: Schema.Finite })
const Sum = Workflow.make("Sum", { input: Schema.Int, success: Schema.Finite })

const SumLive = Sum.toLayer(
  Effect.fnUntraced(function* (count) {
    let sum = 0
    for (let i = 0; i < count; i++) sum += yield* Add.receive
    return sum
  })
)

it.live("200 signals at once, right after the start, are a commit or two, not 200", () =>
  Effect.gen(function* () {
    const folder = yield* Effect.acquireRelease(
      Effect.sync(() => mkdtempSync(join(tmpdir(), "perdure-burst-"))),
      (folder) => Effect.sync(() => rmSync(folder, { recursive: true }))
    )
    const main = SumLive.pipe(
      Layer.provideMerge(DefaultExecutor.layer),
      Layer.provide(Sqlite.layer({ filename: join(folder, "burst.db") }))
    )
    yield* Effect.gen(function* () {
      const sum = yield* Sum.start(200)
      const numbers = Array.from({ length: 200 }, (_, index) => index)
      yield* Effect.forEach(numbers, (number) => Add.send(sum, number), {
        concurrency: "unbounded",
        discard: true
      })
      assert.strictEqual(yield* sum.result, (199 * 200) / 2)
      assert.isAtMost((yield* sum.describe).version, 4)
    }).pipe(Effect.provide(main))
  }).pipe(Effect.scoped)
)
