/**
 * `storeFill.ts COUNT URL STORE [FOLDER]` saves so many executions, and leaves a snapshot of them in the folder if the store makes any.
 */
import { NodeRuntime } from "@effect/platform-node"
import { Console, Effect, Logger } from "effect"
import { freshId, saveAll, start } from "../../test/suites/store/builders.ts"
import { openStore } from "./openStore.ts"

const [, , count = "0", url = "", name = "", snapshots] = process.argv
const executions = Number(count)

const program = Effect.gen(function* () {
  const store = yield* openStore({ url, name, snapshots }, name === "inngest" ? "2 minutes" : "5 seconds")
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
