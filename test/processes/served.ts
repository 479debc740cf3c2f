/** What the executor promises when processes share a server, whichever store it is. */
import { join } from "node:path"
import { assert, it } from "@effect/vitest"
import { Console, Deferred, type Duration, Effect, Fiber, Layer, Logger, Option, Ref, type Scope, Stream } from "effect"
import * as Executor from "perdure/Executor/Default"
import type { DurableExecutor } from "perdure/Executor/DurableExecutor"
import { Executions } from "perdure/Executor/Executions"
import type { WorkflowId } from "perdure/Ids"
import { type ExecutionSummary, type StoreError, stream, WorkflowStore } from "perdure/Store/WorkflowStore"
import * as Processes from "../support/Processes.ts"
import type { Server } from "../support/servers.ts"
import * as Workload from "./WorkloadProgram.ts"
import { checkHandlerLog } from "./handlerLog.ts"

/** A server for the workloads of a test, and how processes and the test itself reach it. */
export interface Place<S extends Server> {
  readonly start: Effect.Effect<S, never, Scope.Scope>
  /** Which store a worker process is to use, and where. */
  readonly arguments: (server: S) => ReadonlyArray<string>
  readonly store: (server: S) => Layer.Layer<WorkflowStore, StoreError>
  /** Until when a worker that is silent is taken for gone, and some more: a second and a half unless told. */
  readonly beyondLease?: Duration.Input
}

/** Defines the tests of a place. */
export const promises = <S extends Server>(place: Place<S>): void => {
  const test = (title: string, body: (server: S) => Effect.Effect<void, unknown, Driver | Scope.Scope>) =>
    it.live(title, () => onServer(place, body), 120_000)
  const start = (server: S, name: string) => startWorker(place, server, name)

  test(
    "11. a worker that is killed is replaced by the other, and nothing is lost",
    Effect.fnUntraced(function* (server) {
      const victim = yield* start(server, "victim")
      const heir = yield* start(server, "heir")
      let inherited: ReadonlyArray<string> = []
      yield* sendTokens(
        Effect.gen(function* () {
          yield* victim.kill
          yield* isDoneWithWhatItSent
          inherited = yield* ownedBy("victim")
        })
      )
      yield* checkAll(server)
      assert.isNotEmpty(inherited)
      assert.includeMembers([...(yield* takenOver)], [...inherited])
      yield* heir.kill
    })
  )

  test(
    "11. a worker that is frozen for longer than its lease is replaced, and does no harm when it goes on",
    Effect.fnUntraced(function* (server) {
      const frozen = yield* start(server, "frozen")
      yield* start(server, "heir")
      let inherited: ReadonlyArray<string> = []
      yield* sendTokens(
        Effect.gen(function* () {
          process.kill(frozen.pid, "SIGSTOP")
          yield* isDoneWithWhatItSent
          inherited = yield* ownedBy("frozen")
          yield* Effect.sleep("100 millis").pipe(
            Effect.andThen(ownedBy("frozen")),
            Effect.repeat({ until: (still) => still.length === 0, times: 200 })
          )
          process.kill(frozen.pid, "SIGCONT")
        })
      )
      yield* checkAll(server, 1)
      assert.isNotEmpty(inherited)
      assert.includeMembers([...(yield* takenOver)], [...inherited])
    })
  )

  test(
    "11. living workers keep what they run, though the server was away for longer than their leases",
    Effect.fnUntraced(function* (server) {
      yield* start(server, "owner")
      for (const name of ["b", "c", "d"]) yield* start(server, name)
      for (let time = 0; time < 2; time++) {
        yield* server.kill9
        yield* Effect.sleep(place.beyondLease ?? "1500 millis")
        yield* server.restart
        // So that each of them has looked for workers that are gone.
        yield* Effect.sleep(place.beyondLease ?? "1500 millis")
      }
      assert.isEmpty(yield* takenOver)
      assert.lengthOf(yield* ownedBy("owner"), count)
      yield* sendTokens(Effect.void)
      yield* checkAll(server)
    })
  )

  test(
    "11. the server is killed and comes back, then a worker is killed: nothing is lost",
    Effect.fnUntraced(function* (server) {
      const victim = yield* start(server, "victim")
      yield* start(server, "heir")
      yield* sendTokens(
        Effect.gen(function* () {
          yield* server.kill9
          yield* Effect.sleep("300 millis")
          yield* server.restart
          yield* Effect.sleep("500 millis")
          yield* victim.kill
        })
      )
      yield* checkAll(server)
    })
  )
}

// internal

const count = 100

const numbers = Array.from({ length: count }, (_, number) => number)

const logOf = ({ folder }: Server) => join(folder, "handlers.log")

/** A worker process that has started all workloads, or found them. */
const startWorker = Effect.fnUntraced(function* <S extends Server>(place: Place<S>, server: S, name: string) {
  const worker = yield* Processes.start("../processes/servedProgram.ts", [
    ...[name, logOf(server), String(count)],
    ...place.arguments(server)
  ])
  assert.deepStrictEqual(yield* worker.line, ["started"])
  return worker
})

/** What a worker that is stopped had sent may still be carried out, and may have ended some. */
const isDoneWithWhatItSent = Effect.sleep("300 millis")

/** The workloads that a worker runs at this moment: lists may be behind, and summaries are not. */
const ownedBy = Effect.fnUntraced(function* (worker: string) {
  const store = yield* WorkflowStore
  const isOwned = ({ owner, status }: ExecutionSummary) =>
    status === "running" && owner?.startsWith(`${worker}/`) === true
  const listed = yield* Stream.runCollect(stream(store, { status: ["running"] }))
  const ids = listed.filter(isOwned).map(({ workflowId }) => workflowId)
  const isStillOwned = (id: WorkflowId) => Effect.map(store.summary(id), Option.exists(isOwned))
  return yield* Effect.filter(ids, isStillOwned, { concurrency: 8 })
})

/** Sends the tokens of all workloads, a round at a time, and calls `disturb` when half of them were acknowledged. */
const sendTokens = Effect.fnUntraced(function* <E, R>(disturb: Effect.Effect<void, E, R>) {
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
const checkAll = Effect.fnUntraced(function* (server: Server, mostLate = 0) {
  const results = yield* Effect.forEach(
    numbers,
    (number) => Effect.flatMap(Workload.Workload.handle(`workload ${number}`), ({ result }) => result),
    { concurrency: "unbounded" }
  ).pipe(Effect.timeout("30 seconds"))
  assert.deepStrictEqual(results, numbers.map(Workload.answer))
  yield* Console.log(`${yield* checkHandlerLog(numbers, logOf(server), mostLate)} handlers ran again`)
})

/** Which workloads were taken over from another worker. */
const takenOver = Effect.gen(function* () {
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
const onServer = <S extends Server, A, E>(
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
