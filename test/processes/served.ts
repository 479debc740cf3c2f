/** What workloads of processes on one server promise, whichever store it serves. */
import { join } from "node:path"
import { assert } from "@effect/vitest"
import { Console, Deferred, Effect, Fiber, Layer, Logger, Ref, type Scope, Stream } from "effect"
import * as Executor from "perdure/Executor/Default"
import type { DurableExecutor } from "perdure/Executor/DurableExecutor"
import { Executions } from "perdure/Executor/Executions"
import { type StoreError, stream, WorkflowStore } from "perdure/Store/WorkflowStore"
import * as Processes from "../support/Processes.ts"
import type { Server } from "../support/servers.ts"
import * as Workload from "./WorkloadProgram.ts"
import { checkHandlerLog } from "./handlerLog.ts"

/** A server for the workloads of a test, and how processes and the test itself reach it. */
export interface Place<S extends Server> {
  readonly start: Effect.Effect<S, never, Scope.Scope>
  /** The program of a worker, and where it finds the server; it is given a name, a log and a count after that. */
  readonly program: string
  readonly arguments: (server: S) => ReadonlyArray<string>
  readonly store: (server: S) => Layer.Layer<WorkflowStore, StoreError>
}

export const count = 100

const numbers = Array.from({ length: count }, (_, number) => number)

const logOf = ({ folder }: Server) => join(folder, "handlers.log")

/** A worker process that has started all workloads, or found them. */
export const startWorker = Effect.fnUntraced(function* <S extends Server>(place: Place<S>, server: S, name: string) {
  const worker = yield* Processes.start(place.program, [
    ...place.arguments(server),
    ...[name, logOf(server), String(count)]
  ])
  assert.deepStrictEqual(yield* worker.line, ["started"])
  return worker
})

/** The workloads that a worker runs at this moment. */
export const ownedBy = Effect.fnUntraced(function* (worker: string) {
  const owned = yield* Stream.runCollect(stream(yield* WorkflowStore, { status: ["running"] }))
  return owned.filter(({ owner = "" }) => owner.startsWith(`${worker}/`)).map(({ workflowId }) => workflowId)
})

/** Sends the tokens of all workloads, a round at a time, and calls `disturb` when half of them were acknowledged. */
export const sendTokens = Effect.fnUntraced(function* <E, R>(disturb: Effect.Effect<void, E, R>) {
  const acknowledged = yield* Ref.make(0)
  const half = yield* Deferred.make<void>()
  const disturbing = yield* Effect.forkChild(Effect.andThen(Deferred.await(half), disturb))
  const send = (number: number, token: number) =>
    Workload.Token.send(`workload ${number}`, token).pipe(
      Effect.andThen(Ref.updateAndGet(acknowledged, (sent) => sent + 1)),
      Effect.tap((sent) => (sent === (count * Workload.rounds) / 2 ? Deferred.succeed(half, undefined) : Effect.void))
    )
  yield* Effect.forEach(
    numbers,
    (number) =>
      Effect.forEach(Array.from({ length: Workload.rounds }), (_, token) =>
        Effect.andThen(send(number, token), Effect.sleep("5 millis"))
      ),
    { concurrency: 8, discard: true }
  )
  yield* Fiber.join(disturbing)
})

/** Every workload has its right result, and its traces are sound. */
export const checkAll = Effect.fnUntraced(function* (server: Server, mostLate = 0) {
  const results = yield* Effect.forEach(
    numbers,
    (number) => Effect.flatMap(Workload.Workload.handle(`workload ${number}`), ({ result }) => result),
    { concurrency: "unbounded" }
  ).pipe(Effect.timeout("30 seconds"))
  assert.deepStrictEqual(results, numbers.map(Workload.answer))
  yield* Console.log(`${yield* checkHandlerLog(numbers, logOf(server), mostLate)} handlers ran again`)
})

/** Which workloads were taken over from another worker. */
export const takenOver = Effect.gen(function* () {
  const executions = yield* Executions
  const histories = yield* Effect.forEach(numbers, (number) => executions.history(`workload ${number}`), {
    concurrency: 8
  })
  return new Set(
    histories.flatMap((history, number) =>
      history.some((event) => event._tag === "OwnerChanged") ? [`workload ${number}`] : []
    )
  )
})

type Driver = DurableExecutor | Executions | WorkflowStore

/** A test with a server of its own, and an executor without workflows, which sends and asks. */
export const onServer = <S extends Server, A, E>(
  place: Place<S>,
  test: (server: S) => Effect.Effect<A, E, Driver | Scope.Scope>
) =>
  Effect.gen(function* () {
    const server = yield* place.start
    const driver = Executor.layerWith({ worker: "driver", heartbeatInterval: "200 millis" }).pipe(
      Layer.provideMerge(place.store(server))
    )
    return yield* Effect.provide(test(server), yield* Layer.build(driver))
  }).pipe(Effect.scoped, Effect.provide(Logger.layer([])))
