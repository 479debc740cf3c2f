/** The default executor on a PostgreSQL server, every test in a schema that was emptied before. */
import { Effect, Layer } from "effect"
import { WorkflowStore } from "perdure/Store/WorkflowStore"
import { suite } from "../suites/DefaultExecutorSuite.ts"
import { empty, open } from "../support/postgresClient.ts"
import { describeWith, postgresServer, shared } from "../support/servers.ts"
import { inVirtualTime } from "../support/virtual.ts"

describeWith("postgres", "a PostgreSQL server", () => {
  const server = shared(postgresServer({ inMemory: true }))

  const store = Layer.effect(
    WorkflowStore,
    Effect.flatMap(server, (on) => Effect.tap(open(on), empty(on)))
  ).pipe(inVirtualTime)

  suite("PostgreSQL", {
    store,
    timeout: "60 seconds",
    // Five thousand executions, one after the other, whose commits wait for the disk: most of a minute.
    leaveOut: ["12. a long line of handlers that end at once is worked off"],
    runs: 10
  })
})
