/**
 * `npm run check`: all that can be said of the code without a server. Stops at the first check that fails.
 */
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { Effect, FileSystem } from "effect"
import { checks } from "./checks.ts"
import { printOutput, run, type Step } from "./Step.ts"

const runOrFail = Effect.fnUntraced(function* (step: Step) {
  const outcome = yield* run(step)
  if (outcome.failed > 0) return yield* Effect.fail(outcome)
})

const program = Effect.gen(function* () {
  const files = yield* FileSystem.FileSystem
  const steps = checks(yield* files.makeTempDirectoryScoped())
  yield* Effect.forEach(steps, runOrFail, { concurrency: 2, discard: true }).pipe(
    Effect.catch((outcome) => {
      process.exitCode = 1
      return printOutput(outcome)
    })
  )
})

program.pipe(Effect.scoped, Effect.provide(NodeServices.layer), NodeRuntime.runMain)
