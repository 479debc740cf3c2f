/**
 * Steps a second on NATS JetStream, which waits for the disk before it acknowledges.
 */
import { fileURLToPath } from "node:url"
import { Kvm } from "@nats-io/kv"
import { connect } from "@nats-io/transport-node"
import { Console, Effect, Layer } from "effect"
import { ChildProcess } from "effect/process"
import { ChildProcessSpawner } from "effect/process/ChildProcessSpawner"
import * as Nats from "perdure/Store/Nats"
import { natsServer } from "../../test/support/servers.ts"
import * as Figure from "../Figure.ts"
import * as Meter from "../Meter.ts"
import * as Workload from "../Workload.ts"

const fibers = 64

/** Steps a second with 64 executions in flight, against keys that a client of the same server creates. */
export const nats = Effect.fnUntraced(function* (name: string, factor: number) {
  const spawner = yield* ChildProcessSpawner
  if ((yield* spawner.exitCode(ChildProcess.make("bash", [installer, "nats"]))) !== 0) {
    yield* Console.error(`${name} is skipped: there is no nats-server, nor Python to install it with`)
    return []
  }
  const { address, monitor } = yield* natsServer()
  const creates = yield* makeCreates(address)
  const context = yield* Layer.build(Workload.layer().pipe(Layer.provide(Nats.layer({ servers: address, monitor }))))
  const subject = Effect.provideContext(Workload.steps(fibers), context)
  const rounds = yield* Meter.rounds(Effect.all({ before: creates, subject, after: creates }))
  const rate = ({ after, before }: (typeof rounds)[number]) => (before.rate + after.rate) / 2
  const round = Figure.median(rounds, (round) => round.subject.rate / rate(round))
  const reference = { name: "raw creates of keys", value: rate(round), unit: "creates/s" }
  return [
    Figure.make({
      name,
      value: round.subject.rate,
      unit: "steps/s",
      atLeast: factor * reference.value,
      reference
    })
  ]
})

// internal

const installer = fileURLToPath(import.meta.resolve("../../servers/install.sh"))

/** Creates of keys, 64 in flight: how many a second. */
const makeCreates = Effect.fnUntraced(function* (address: string) {
  const connection = yield* Effect.acquireRelease(
    Effect.promise(() => connect({ servers: address })),
    (connection) => Effect.promise(() => connection.close())
  )
  const bucket = yield* Effect.promise(() => new Kvm(connection).create("raw"))
  const data = new TextEncoder().encode("x".repeat(200))
  let keys = 0
  const create = Effect.promise(() => bucket.create(`key-${keys++}`, data))
  return Meter.sample(Meter.repeatFor({ milliseconds: 500, fibers, effect: create }))
})
