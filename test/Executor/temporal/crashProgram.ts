/**
 * A worker of its own process: `crashProgram.ts address`. It prints each call of a handler, with its key.
 */
import { Effect, Layer } from "effect"
import { ActivityContext } from "perdure"
import * as TemporalWorker from "perdure/Executor/TemporalWorker"
import { Busy, counting, Next } from "./crashing.ts"
import { workerLayer } from "./workers.ts"

const [address = ""] = process.argv.slice(2)

const NextLive = Next.toLayer((count) =>
  Effect.gen(function* () {
    const { attempt, idempotencyKey } = yield* ActivityContext.ActivityContext
    process.stdout.write(`${idempotencyKey}\t${count}\t${attempt}\n`)
    if (attempt === 1) return yield* new Busy()
    return count + 1
  })
)

const Main = counting.pipe(Layer.provide(NextLive), Layer.provideMerge(workerLayer({ address, taskQueue: "crashing" })))

Effect.runFork(TemporalWorker.launch(Main))
