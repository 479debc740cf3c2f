import { defineConfig } from "vitest/config"

const tests = "test/**/*.test.ts"
const servers = "test/**/*.server.test.ts"
const crashes = "test/crash/**/*.test.ts"
const processes = "test/processes/**/*.test.ts"
const deep = "test/deep/**/*.test.ts"
/** Kafka has a sample with one client among the other servers, as the whole takes longer than all of them: `npm run test:kafka`. */
const kafka = "test/**/Kafka*.server.test.ts"
const wholeKafka = { KAFKA: "whole" }
/** On Temporal more kills of workers and of the server than the sample of the check has, and more executions under way. */
const temporalCrashes = "test/Executor/temporalCrash.server.test.ts"
const manyCrashes = { PERDURE_KILLS: "30", PERDURE_FALLS: "10", PERDURE_EXECUTIONS: "50" }
const longKafka = [
  "test/{Executor,processes}/Kafka.server.test.ts",
  "test/Store/Kafka{Cluster,Compaction}.server.test.ts"
]
/** Dapr has its store among the other servers, where it is built: `npm run test:dapr` has the whole. */
const dapr = "test/**/Dapr*.server.test.ts"
const wholeDapr = { DAPR: "whole" }
const longDapr = "test/{Executor,processes}/Dapr.server.test.ts"
/** Inngest, whose server no registry has, has a sample on a double among the other servers: `npm run test:inngest` has the whole. */
const inngest = "test/**/Inngest*.server.test.ts"
const longInngest = ["test/{Executor,processes}/Inngest.server.test.ts", "test/Store/Inngest{,Crash}.server.test.ts"]
/** What is too long for the check: what needs a file, or encrypts; hostile values on each way; many sleepers and long lines; the package. */
const long = [
  "test/Executor/Encrypted.test.ts",
  "test/Executor/Sqlite*.test.ts",
  "test/Executor/limits.test.ts",
  "test/Executor/losses.test.ts",
  "test/Executor/sleepers.test.ts",
  "test/Executor/transactionsSqlite.test.ts",
  "test/Executor/withinSqlite.test.ts",
  "test/Store/Sqlite*.test.ts",
  "test/values/**/*.test.ts",
  "test/package.test.ts"
]

/** With workers of another number they run after unit tests, or not at all where both are asked for, as the mutants are. */
const afterUnits = { groupOrder: 1 }

export default defineConfig({
  resolve: { conditions: ["perdure-source"] },
  ssr: { resolve: { conditions: ["perdure-source"] } },
  test: {
    testTimeout: 30_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    setupFiles: ["test/support/setup.ts"],
    projects: [
      // Many of them wait in real time, so that more files than cores run at once; and imports would be a third of their time.
      {
        extends: true,
        test: {
          name: "unit",
          include: [tests],
          exclude: [servers, crashes, processes, deep, ...long],
          maxWorkers: 4,
          isolate: false
        }
      },
      { extends: true, test: { name: "long", include: long, maxWorkers: 4 } },
      { extends: true, test: { name: "crash", include: [crashes], exclude: [servers], sequence: afterUnits } },
      // These wait for other processes most of the time, so that two files at once leave the machine room.
      { extends: true, test: { name: "process", include: [processes], exclude: [servers], sequence: afterUnits } },
      {
        extends: true,
        test: {
          name: "server",
          include: [servers],
          exclude: [...longKafka, longDapr, ...longInngest],
          sequence: afterUnits
        }
      },
      { extends: true, test: { name: "kafka", include: [kafka], env: wholeKafka, fileParallelism: false } },
      { extends: true, test: { name: "dapr", include: [dapr], env: wholeDapr, fileParallelism: false } },
      { extends: true, test: { name: "inngest", include: [inngest], fileParallelism: false } },
      {
        extends: true,
        test: {
          name: "deep",
          include: [deep, temporalCrashes],
          env: { ...wholeKafka, ...wholeDapr, ...manyCrashes },
          fileParallelism: false,
          testTimeout: 600_000
        }
      }
    ]
  }
})
