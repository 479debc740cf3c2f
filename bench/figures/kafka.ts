/**
 * A broker of Kafka, which waits for the disk before it acknowledges: steps a second, what a save takes, and a start with 100,000 executions.
 */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { Console, Effect, Layer } from "effect"
import { ChildProcess } from "effect/process"
import { ChildProcessSpawner } from "effect/process/ChildProcessSpawner"
import kafkajs from "kafkajs"
import * as Kafka from "perdure/Store/Kafka"
import { accepted, createTopic } from "../../test/support/kafkaClient.ts"
import { type KafkaServer, kafkaServer } from "../../test/support/kafkaServer.ts"
import * as Figure from "../Figure.ts"
import * as Meter from "../Meter.ts"
import * as Workload from "../Workload.ts"
import { storeFill, storeSave, storeStart } from "./stores.ts"

/** Steps a second with so many executions in flight, against records that a bare client appends to a topic of the same settings, as many in flight. */
export const kafka = (name: string, fibers: number, factor: number) =>
  onServer(
    name,
    Effect.fnUntraced(function* (server) {
      const appends = yield* makeAppends(server, fibers)
      const store = Kafka.layer({ brokers: server.address, replicas: 1 })
      const context = yield* Layer.build(Workload.layer().pipe(Layer.provide(store)))
      const subject = Effect.provideContext(Workload.steps(fibers), context)
      const rounds = yield* Meter.rounds(Effect.all({ before: appends, subject, after: appends }))
      const rate = ({ after, before }: (typeof rounds)[number]) => (before.rate + after.rate) / 2
      const round = Figure.median(rounds, (round) => round.subject.rate / rate(round))
      const reference = { name: "raw records, grouped alike", value: rate(round), unit: "records/s" }
      const value = round.subject.rate
      return [Figure.make({ name, value, unit: "steps/s", atLeast: factor * reference.value, reference })]
    })
  )

/** What a save of an execution alone takes, with each client. */
export const kafkaSave = (name: string) =>
  onServer(
    name,
    Effect.fnUntraced(function* ({ address }) {
      const figures: Array<Figure.Figure> = []
      for (const client of ["kafkajs", "platformatic"] as const) {
        const store = yield* Kafka.make({ brokers: address, replicas: 1, client, topic: client })
        figures.push(...(yield* storeSave(`${name}-${client}`, store, 500)))
      }
      return figures
    })
  )

/** A start with 100,000 executions, from the topic and from a snapshot, which is what has targets. */
export const kafkaStart = (name: string, mostMilliseconds: number, mostMegabytes: number) =>
  onServer(
    name,
    Effect.fnUntraced(function* ({ address }) {
      const folder = yield* Effect.acquireRelease(
        Effect.sync(() => mkdtempSync(join(tmpdir(), "perdure-bench-"))),
        (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
      )
      const filled = { url: address, store: "kafka", count: 100_000 }
      yield* storeFill({ ...filled, snapshots: folder })
      return [
        ...(yield* storeStart(`${name}-topic`, filled)),
        ...(yield* storeStart(
          `${name}-snapshot`,
          { ...filled, snapshots: folder },
          { mostMilliseconds, mostMegabytes }
        ))
      ]
    })
  )

// internal

const installer = fileURLToPath(import.meta.resolve("../../servers/install.sh"))

/** Runs a bench with a broker of its own, where one can be had. */
const onServer = Effect.fnUntraced(function* <E, R>(
  name: string,
  bench: (server: KafkaServer) => Effect.Effect<ReadonlyArray<Figure.Figure>, E, R>
) {
  const spawner = yield* ChildProcessSpawner
  if ((yield* spawner.exitCode(ChildProcess.make("bash", [installer, "kafka"]))) !== 0) {
    yield* Console.error(`${name} is skipped: there is no Kafka, nor Java and Maven to install it with`)
    return []
  }
  return yield* bench(yield* kafkaServer())
})

/** Records of a bare client, so many in flight, in groups as the store makes them: how many a second. */
const makeAppends = Effect.fnUntraced(function* (server: KafkaServer, fibers: number) {
  yield* createTopic(server, "raw", accepted)
  const client = new kafkajs.Kafka({ brokers: [server.address], logLevel: kafkajs.logLevel.NOTHING })
  const producer = yield* Effect.acquireRelease(
    Effect.promise(() => {
      const producer = client.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner })
      return producer.connect().then(() => producer)
    }),
    (producer) => Effect.promise(() => producer.disconnect())
  )
  // As large as the record of a step.
  const value = Buffer.from("x".repeat(700))
  let waiting: Array<() => void> = []
  let keys = 0
  const flush = Effect.suspend(() => {
    const group = waiting
    waiting = []
    const messages = group.map(() => ({ key: `key-${keys++}`, value }))
    return Effect.map(
      Effect.promise(() => producer.send({ topic: "raw", acks: -1, messages })),
      () => group.forEach((resume) => resume())
    )
  })
  const scope = yield* Effect.scope
  const append = Effect.suspend(() =>
    Effect.andThen(
      waiting.length === 0 ? Effect.forkIn(Effect.andThen(Effect.yieldNow, flush), scope) : Effect.void,
      Effect.callback<void>((resume) => void waiting.push(() => resume(Effect.void)))
    )
  )
  return Meter.sample(Meter.repeatFor({ milliseconds: 500, fibers, effect: append }))
})
