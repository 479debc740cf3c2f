/** The laws of stores on three servers that keep a copy each. */
import { Effect, Layer, Schedule } from "effect"
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
})
