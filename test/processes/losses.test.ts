/** What becomes of handlers that end their process, and of those of a worker that was taken for dead. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Logger } from "effect"
import * as Executor from "perdure/Executor/Default"
import { Executions } from "perdure/Executor/Executions"
import * as Sqlite from "perdure/Store/Sqlite"
import { nameOf, until } from "../suites/executor/Lab.ts"
import * as Processes from "../support/Processes.ts"
import { cacheModules, type Files, files, noted } from "../support/workerFiles.ts"
import { Payment } from "./lossesProgram.ts"

cacheModules()

/** A worker that has loaded and waits to be told to begin. */
const load = Effect.fnUntraced(function* ({ log, store }: Files, name: string) {
  const worker = yield* Processes.start("../processes/lossesProgram.ts", [store, log, name])
  yield* worker.line
  return worker
})

const isAttempt = (line: string): boolean => line.startsWith("attempt")

/** Reads the store, without being a worker. */
const reading = ({ store }: Files) =>
  Layer.build(Executor.layer.pipe(Layer.provide(Sqlite.layer({ filename: store })), Layer.provide(Logger.layer([]))))

describe("a handler that kills its process", () => {
  it.live(
    "2. keeps no other one from its end for ever, and its execution is blocked once it was lost alone three times",
    () =>
      Effect.gen(function* () {
        const all = yield* files
        let worker = yield* load(all, "bomb")
        for (let life = 1; life <= 6; life++) {
          const next = yield* Effect.forkScoped(load(all, "bomb"))
          yield* worker.go
          yield* worker.rest
          worker = yield* Fiber.join(next)
        }
        yield* worker.go
        const executions = yield* Effect.provideContext(Executions, yield* reading(all))
        const isSo = (id: string, wanted: string) =>
          until(Effect.map(executions.describe(id), ({ status }) => status === wanted))
        yield* isSo("bomb", "blocked")
        yield* isSo("good", "completed")
        const [attempts, others] = [noted(all).filter(isAttempt), noted(all).filter((line) => !isAttempt(line))]
        assert.deepStrictEqual(
          attempts,
          [1, 2, 3, 4, 5, 6].map((number) => `attempt ${number}`)
        )
        assert.deepStrictEqual(others, ["good is done"])
        const { updatedAt, waitingFor } = yield* executions.describe("bomb")
        assert.lengthOf(waitingFor, 1)
        assert.deepInclude(waitingFor[0], { _tag: "Blocked", retryAt: updatedAt + 60_000 })
        const history = yield* executions.history("bomb")
        assert.lengthOf(
          history.filter(({ _tag }) => _tag === "ActivityAttemptIsolated"),
          3
        )
      }).pipe(Effect.scoped),
    60_000
  )
})

describe("a worker that was frozen for longer than its lease", () => {
  it.live(
    "11. begins no attempt of an execution that another one has taken",
    () =>
      Effect.gen(function* () {
        const all = yield* files
        const frozen = yield* load(all, "a")
        const other = yield* load(all, "b")
        yield* frozen.go
        yield* until(Effect.sync(() => noted(all).length === 1))
        const context = yield* reading(all)
        const executions = yield* Effect.provideContext(Executions, context)
        const history = executions.history("payment")
        // Its next attempt is due while it is frozen.
        yield* until(Effect.map(history, (events) => events.at(-1)?._tag === "ActivityAttemptFailed"))
        process.kill(frozen.pid, "SIGSTOP")
        yield* other.go
        const result = Effect.flatMap(Payment.handle("payment"), (payment) => payment.result)
        assert.strictEqual(yield* Effect.provideContext(Effect.timeout(result, "20 seconds"), context), "b")
        process.kill(frozen.pid, "SIGCONT")
        // Time for a handler to begin that should not.
        yield* Effect.sleep("1 second")
        assert.deepStrictEqual(noted(all), ["a attempt 1", "b attempt 2"])
        const changes = (yield* history).flatMap((event) =>
          event._tag === "OwnerChanged" ? [nameOf(event.owner)] : []
        )
        assert.deepStrictEqual(changes, ["b"])
      }).pipe(Effect.scoped, Effect.provide(Logger.layer([]))),
    60_000
  )
})
