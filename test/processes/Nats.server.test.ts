/** What the executor promises when processes share a bucket of NATS, and one of them or the server itself is killed. */
import { join } from "node:path"
import { assert, it } from "@effect/vitest"
import { Console, Deferred, Effect, Fiber, Layer, Logger, Ref, Stream } from "effect"
import * as Executor from "perdure/Executor/Default"
import { Executions } from "perdure/Executor/Executions"
import * as Nats from "perdure/Store/Nats"
import { stream, WorkflowStore } from "perdure/Store/WorkflowStore"
import * as Processes from "../support/Processes.ts"
import { describeWith, type NatsServer, natsServer } from "../support/servers.ts"
import * as Workload from "./WorkloadProgram.ts"
import { checkHandlerLog } from "./handlerLog.ts"

const count = 100

const numbers = Array.from({ length: count }, (_, number) => number)

const logOf = ({ folder }: NatsServer) => join(folder, "handlers.log")

/** A worker process that has started all workloads, or found them. */
const startWorker = Effect.fnUntraced(function* (server: NatsServer, name: string) {
  const { address, monitor } = server
  const worker = yield* Processes.start("../processes/natsProgram.ts", [
    ...[address, monitor, name, logOf(server), String(count)]
  ])
  assert.deepStrictEqual(yield* worker.line, ["started"])
  return worker
})

/** An executor without workflows, which sends and asks, and its store. */
const openDriver = ({ address, monitor }: NatsServer) =>
  Layer.build(
    Executor.layerWith({ worker: "driver", heartbeatInterval: "200 millis" }).pipe(
      Layer.provideMerge(Nats.layer({ servers: address, monitor, timeout: "2 seconds" }))
    )
  )

/** The workloads that a worker runs at this moment. */
const ownedBy = Effect.fnUntraced(function* (worker: string) {
  const owned = yield* Stream.runCollect(stream(yield* WorkflowStore, { status: ["running"] }))
  return owned.filter(({ owner = "" }) => owner.startsWith(`${worker}/`)).map(({ workflowId }) => workflowId)
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
const checkAll = Effect.fnUntraced(function* (server: NatsServer) {
  const results = yield* Effect.forEach(
    numbers,
    (number) => Effect.flatMap(Workload.Workload.handle(`workload ${number}`), ({ result }) => result),
    { concurrency: "unbounded" }
  ).pipe(Effect.timeout("30 seconds"))
  assert.deepStrictEqual(results, numbers.map(Workload.answer))
  yield* Console.log(`${yield* checkHandlerLog(numbers, logOf(server))} handlers ran again`)
})

/** Who took workloads that were another's before, each with whose it is now. */
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

/** A test with a server and a driver of its own. */
const onServer = <A, E, R>(test: (server: NatsServer) => Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const server = yield* natsServer()
    return yield* Effect.provide(test(server), yield* openDriver(server))
  }).pipe(Effect.scoped, Effect.provide(Logger.layer([])))

describeWith("nats", "processes on one bucket of NATS", () => {
  it.live(
    "11. a worker that is killed is replaced by the other, and nothing is lost",
    () =>
      onServer(
        Effect.fnUntraced(function* (server) {
          const victim = yield* startWorker(server, "victim")
          const heir = yield* startWorker(server, "heir")
          let inherited: ReadonlyArray<string> = []
          yield* sendTokens(
            Effect.gen(function* () {
              yield* victim.kill
              inherited = yield* ownedBy("victim")
            })
          )
          yield* checkAll(server)
          assert.isNotEmpty(inherited)
          assert.includeMembers([...(yield* takenOver)], [...inherited])
          yield* heir.kill
        })
      ),
    120_000
  )

  it.live(
    "11. living workers keep what they run, though the server was away for longer than their leases",
    () =>
      onServer(
        Effect.fnUntraced(function* (server) {
          yield* startWorker(server, "owner")
          for (const name of ["b", "c", "d"]) yield* startWorker(server, name)
          for (let time = 0; time < 2; time++) {
            yield* server.kill9
            yield* Effect.sleep("1500 millis")
            yield* server.restart
            // Longer than a lease, so that each of them has looked for workers that are gone.
            yield* Effect.sleep("1500 millis")
          }
          assert.isEmpty(yield* takenOver)
          assert.lengthOf(yield* ownedBy("owner"), count)
          yield* sendTokens(Effect.void)
          yield* checkAll(server)
        })
      ),
    120_000
  )

  it.live(
    "11. the server is killed and comes back: the workers go on, and nothing is lost",
    () =>
      onServer(
        Effect.fnUntraced(function* (server) {
          const victim = yield* startWorker(server, "victim")
          yield* startWorker(server, "heir")
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
      ),
    120_000
  )
})
