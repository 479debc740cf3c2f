/** The laws of stores on three servers that keep a copy each, and stores that are opened while one of them is away. */
import { assert, it } from "@effect/vitest"
import { Effect, Layer, Logger, Schedule } from "effect"
import * as Nats from "perdure/Store/Nats"
import { WorkflowStore } from "perdure/Store/WorkflowStore"
import { suite } from "../suites/StoreSuite.ts"
import { describeWith, natsCluster, shared } from "../support/servers.ts"

describeWith("nats", "the NATS store on a cluster", () => {
  const servers = shared(natsCluster(3))
  const open = Effect.flatMap(servers, (all) =>
    Nats.make({
      servers: all.map(({ address }) => address),
      monitor: all.map(({ monitor }) => monitor),
      replicas: 3
    })
  )
  // The servers of a new cluster need a moment until one of them leads.
  const patient = Effect.retry(open, { schedule: Schedule.spaced("200 millis"), times: 50 })
  suite("NATS with replicas", { layer: Layer.effect(WorkflowStore, patient), shared: true })

  it.live(
    "opens while one of the servers is away, and says so, as most of them sync every write",
    () =>
      Effect.gen(function* () {
        const cluster = yield* natsCluster(3)
        const [servers, monitor] = [cluster.map(({ address }) => address), cluster.map(({ monitor }) => monitor)]
        const open = (monitor: ReadonlyArray<string>) =>
          Effect.map(Nats.make({ servers, monitor, replicas: 3 }), ({ guarantees }) => guarantees.durability)
        const soon = Effect.retry({ schedule: Schedule.spaced("200 millis"), times: 50 })
        assert.strictEqual(yield* soon(open(monitor)), "replicated")
        yield* cluster[2]!.kill9
        const warnings: Array<string> = []
        const logger = Logger.make(({ message }) => void warnings.push([message].flat().join(" ")))
        const said = yield* soon(open(monitor)).pipe(Effect.provide(Logger.layer([logger])))
        assert.strictEqual(said, "replicated")
        assert.include(warnings.at(-1), `the monitoring ports ${monitor[2]} did not answer; the other servers`)
        // Most of the servers must answer.
        const error = yield* Effect.flip(open([monitor[0]!, "127.0.0.1:1", "127.0.0.1:2"]))
        assert.strictEqual(error.reason._tag, "Unavailable")
        assert.include(error.message, "the monitoring port 127.0.0.1:1 did not answer")
        // No port stands for the server that lives and is not named.
        const { message } = yield* Effect.flip(open([monitor[0]!, monitor[2]!]))
        assert.include(message, "keep the bucket, and no address in `monitor` is theirs")
      }).pipe(Effect.scoped),
    120_000
  )
})
