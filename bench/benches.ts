/**
 * All that can be measured, by name.
 */
import type { Effect, Scope } from "effect"
import type { ChildProcessSpawner } from "effect/process/ChildProcessSpawner"
import type { Figure } from "./Figure.ts"
import { codec } from "./figures/codec.ts"
import { childGrowth } from "./figures/childGrowth.ts"
import { childExecutions } from "./figures/children.ts"
import { continuing } from "./figures/continuing.ts"
import { dapr, daprIdle, daprSave, daprStart } from "./figures/dapr.ts"
import { inngest, inngestIdle, inngestSave, inngestStart } from "./figures/inngest.ts"
import { heartbeats } from "./figures/heartbeats.ts"
import { idle } from "./figures/idle.ts"
import { inline } from "./figures/inline.ts"
import { kafka, kafkaSave, kafkaStart } from "./figures/kafka.ts"
import { latency } from "./figures/latency.ts"
import { layers } from "./figures/layers.ts"
import { limits } from "./figures/limits.ts"
import { longHistory } from "./figures/longHistory.ts"
import { memory } from "./figures/memory.ts"
import { nats } from "./figures/nats.ts"
import { postgres, postgresHeard, postgresIdle } from "./figures/postgres.ts"
import { queries } from "./figures/queries.ts"
import { raw } from "./figures/raw.ts"
import { recovery } from "./figures/recovery.ts"
import { replay } from "./figures/replay.ts"
import { signals } from "./figures/signals.ts"
import { startup } from "./figures/startup.ts"
import { suspended } from "./figures/suspended.ts"
import { telemetry } from "./figures/telemetry.ts"
import { temporal } from "./figures/temporal.ts"
import { throughput, throughputAndCpu } from "./figures/throughput.ts"
import { transactional } from "./figures/transactional.ts"
import { updates } from "./figures/updates.ts"
import { written } from "./figures/written.ts"

/** Measures figures, in a process of its own. */
export type Bench = Effect.Effect<ReadonlyArray<Figure>, unknown, Scope.Scope | ChildProcessSpawner>

/** The benches, in the order in which they run; each makes figures of its name. */
export const benches: Readonly<Record<string, Bench>> = {
  raw,
  sequential: throughput("sequential", 1, 0.65),
  inflight64: throughputAndCpu("inflight64", 8),
  inflight512: throughput("inflight512", 512, 10),
  written: written("written", { rows: 0.2, bytes: 700 }),
  inline: inline("inline", 0.65),
  transactional: transactional("transactional"),
  memory64: memory("memory64", 2.5),
  latency: latency("latency", 3),
  limits: limits("limits"),
  layers: layers("layers"),
  heartbeats: heartbeats("heartbeats", 1.5),
  children: childExecutions("children"),
  childGrowth: childGrowth("childGrowth", 1.2),
  signals: signals("signals"),
  updates: updates("updates"),
  continuing: continuing("continuing"),
  suspended: suspended("suspended"),
  longHistory: longHistory("longHistory", 1.2),
  queries: queries("queries", 50),
  telemetry: telemetry("telemetry"),
  codec: codec("codec", 2),
  replay: replay("replay", 400_000),
  recovery: recovery("recovery", 10_000),
  idle: idle("idle", 1),
  startup: startup("startup", 300),
  nats64: nats("nats64", 0.4),
  kafka1: kafka("kafka1", 1, 0.4),
  kafka64: kafka("kafka64", 64, 0.4),
  kafkaSave: kafkaSave("kafkaSave"),
  kafkaStart: kafkaStart("kafkaStart", 2000, 350),
  dapr1: dapr("dapr1", 1, 0.4),
  dapr64: dapr("dapr64", 64, 0.4),
  daprSave: daprSave("daprSave"),
  daprIdle: daprIdle("daprIdle", 4),
  daprStart: daprStart("daprStart", "redis", 10_000, 350),
  inngest1: inngest("inngest1", 1, 0.4),
  inngest64: inngest("inngest64", 64, 0.4),
  inngestSave: inngestSave("inngestSave"),
  inngestIdle: inngestIdle("inngestIdle", 12),
  inngestStart: inngestStart("inngestStart", 5000, 350),
  postgres1: postgres("postgres1", 1, 0.45, 1.5),
  postgres64: postgres("postgres64", 64, 1.2, 0.15),
  postgresIdle: postgresIdle("postgresIdle", 0.45),
  postgresHeard: postgresHeard("postgresHeard", 20),
  temporal: temporal("temporal", { cpu: 1.25, events: 1.3, latency: 1.15 })
}
