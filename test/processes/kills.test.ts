/** What the executor promises when its process is killed, again and again, and executions of many go on in another one. */
import { assert, describe, it } from "@effect/vitest"
import { Config, Console, Context, Effect, Fiber, Layer, Logger, Random, Schedule } from "effect"
import * as Executor from "perdure/Executor/Default"
import { DurableExecutor } from "perdure/Executor/DurableExecutor"
import { Executions } from "perdure/Executor/Executions"
import * as Sqlite from "perdure/Store/Sqlite"
import * as Processes from "../support/Processes.ts"
import { cacheModules, type Files, files } from "../support/workerFiles.ts"
import * as Workload from "./WorkloadProgram.ts"
import { checkHandlerLog } from "./handlerLog.ts"

cacheModules()

const count = 200

const numbers = Array.from({ length: count }, (_, number) => number)

/** A worker that has loaded and waits to be told to begin; it starts so many workloads then. */
const load = Effect.fnUntraced(function* ({ log, store }: Files, workloads: number) {
  const worker = yield* Processes.start("../processes/killsProgram.ts", [store, log, String(workloads)])
  yield* worker.line
  return worker
})

/** An executor without workflows, which sends and asks. */
const openDriver = ({ store }: Files) =>
  Effect.map(
    Layer.build(
      Executor.layerWith({ heartbeatInterval: "200 millis", lease: "5 seconds" }).pipe(
        Layer.provide(Sqlite.layer({ filename: store }))
      )
    ),
    (context) => Context.pick(DurableExecutor, Executions)(context)
  )

/** Sends the tokens of all workloads in random order, those of one workload in theirs, and pauses as it is told. */
const sendTokens = (pause: Effect.Effect<void>) =>
  Effect.gen(function* () {
    const next = new Map(numbers.map((number) => [number, 0]))
    while (next.size > 0) {
      const waiting = [...next.keys()]
      const number = waiting[yield* Random.nextIntBetween(0, waiting.length - 1)]!
      const token = next.get(number)!
      yield* Workload.Token.send(`workload ${number}`, token)
      if (token + 1 === Workload.rounds) next.delete(number)
      else next.set(number, token + 1)
      yield* pause
    }
  })

/**
 * Every workload has its right result, and its traces are sound. Answers how many handlers ran again. An attempt that ran alone at
 * three kills is taken for their cause: its execution is blocked, and goes on by itself after a minute.
 */
const checkAll = Effect.fnUntraced(function* ({ log }: Files) {
  yield* Effect.forEach(
    numbers,
    (number) =>
      Effect.gen(function* () {
        const { result } = yield* Workload.Workload.handle(`workload ${number}`)
        const later = Effect.retry(result, {
          while: ({ reason }) => reason._tag === "Blocked" && reason.problem.reason === "LostAttempts",
          schedule: Schedule.spaced("1 second")
        })
        assert.deepStrictEqual(yield* Effect.timeout(later, "150 seconds"), Workload.answer(number))
      }),
    { concurrency: "unbounded" }
  )
  return yield* checkHandlerLog(numbers, log)
})

/** Runs a test with a seed that it prints: set `SEED` to it to have the same kills again, as far as timing allows. */
const seeded = <A, E, R>(title: string, test: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const draw = yield* Random.nextIntBetween(0, 1e9)
    const seed = yield* Config.withDefault(Config.String("SEED"), String(draw))
    yield* Console.log(`${title}: SEED=${seed}`)
    return yield* Random.withSeed(test, seed)
  }).pipe(Effect.scoped, Effect.provide(Logger.layer([])))

const pause = (from: number, to: number) => Effect.flatMap(Random.nextIntBetween(from, to), Effect.sleep)

describe("workers that are killed", () => {
  it.live(
    "11. a worker that is killed 50 times loses nothing",
    () =>
      seeded(
        "50 kills of one worker",
        Effect.gen(function* () {
          const all = yield* files
          const driver = yield* openDriver(all)
          let worker = yield* load(all, count)
          let next = yield* Effect.forkScoped(load(all, 0))
          yield* worker.go
          yield* worker.line
          const sending = yield* Effect.forkScoped(Effect.provideContext(sendTokens(pause(0, 30)), driver))
          for (let kill = 0; kill < 50; kill++) {
            // Every other worker is killed wherever it is, the others when they run what they took over.
            if (kill % 2 === 1) yield* worker.line
            yield* pause(0, 300)
            yield* worker.kill
            worker = yield* Fiber.join(next)
            if (kill < 49) next = yield* Effect.forkScoped(load(all, 0))
            yield* worker.go
          }
          yield* Fiber.join(sending)
          const again = yield* Effect.provideContext(checkAll(all), driver)
          yield* Console.log(`50 kills: ${again} handlers ran again`)
          assert.isAbove(again, 0)
        })
      ),
    300_000
  )

  it.live(
    "11. of two workers on one file each may be killed, and the other takes over",
    () =>
      seeded(
        "7 kills of two workers",
        Effect.gen(function* () {
          const all = yield* files
          const driver = yield* openDriver(all)
          const workers = [yield* load(all, count), yield* load(all, 0)]
          for (const worker of workers) yield* worker.go
          for (const worker of workers) yield* worker.line
          const sending = yield* Effect.forkScoped(Effect.provideContext(sendTokens(pause(0, 20)), driver))
          for (let kill = 0; kill < 6; kill++) {
            yield* pause(100, 600)
            const victim = yield* Random.nextIntBetween(0, 1)
            yield* workers[victim]!.kill
            const worker = yield* load(all, 0)
            yield* worker.go
            workers[victim] = worker
          }
          yield* workers[0]!.kill
          yield* Fiber.join(sending)
          const again = yield* Effect.provideContext(checkAll(all), driver)
          yield* Console.log(`7 kills of two workers: ${again} handlers ran again`)
        })
      ),
    300_000
  )
})
