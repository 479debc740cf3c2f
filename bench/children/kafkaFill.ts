/**
 * `kafkaFill.ts BROKERS FOLDER` saves 100,000 executions, and leaves a snapshot of them in the folder.
 */
import { NodeRuntime } from "@effect/platform-node"
import { Console, Effect, Logger } from "effect"
import * as Kafka from "perdure/Store/Kafka"
import { freshId, saveAll, start } from "../../test/suites/store/builders.ts"

const [, , brokers = "", snapshots] = process.argv
const executions = 100_000

const program = Effect.gen(function* () {
  const store = yield* Kafka.make({ brokers, replicas: 1, snapshots })
  for (let saved = 0; saved < executions; saved += 10_000) {
    yield* saveAll(
      store,
      Array.from({ length: 10_000 }, (_, index) => start(freshId(), { summary: { startedAt: saved + index } }))
    )
  }
  yield* Console.log(JSON.stringify({}))
})

// What is printed is the answer alone.
program.pipe(Effect.scoped, Effect.provide(Logger.layer([])), NodeRuntime.runMain)
