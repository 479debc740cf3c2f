/**
 * A worker of its own process: `crashProgram.ts address [encrypted]`. It prints each call of a handler, with its key.
 */
import { Effect, Layer } from "effect"
import { ActivityContext } from "perdure"
import * as TemporalWorker from "perdure/Executor/TemporalWorker"
import { temporalCodec } from "../../support/encrypted.ts"
import { Busy, counting, Next } from "./crashing.ts"
import { workerLayer } from "./workers.ts"

const [address = "", encrypted] = process.argv.slice(2)

const NextLive = Next.toLayer((count) =>
  Effect.gen(function* () {
    const { attempt, idempotencyKey } = yield* ActivityContext.ActivityContext
    process.stdout.write(`${idempotencyKey}\t${count}\t${attempt}\n`)
    if (attempt === 1) return yield* new Busy()
    return count + 1
  })
)

const codec = encrypted === undefined ? undefined : temporalCodec
const worker = workerLayer({ address, taskQueue: "crashing", codec })
const Main = counting.pipe(Layer.provide(NextLive), Layer.provideMerge(worker))

Effect.runFork(TemporalWorker.launch(Main))
