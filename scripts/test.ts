/**
 * `npm test`: the checks, then the long tests, both on the oldest Node.js too, the crash proofs, the tests that kill processes and
 * the tests of real servers. Runs all of it whatever fails, and ends with a line of numbers. Where no server can be installed its
 * tests are skipped by name; with CI=true a skip is a failure.
 */
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { Console, Effect, FileSystem } from "effect"
import { checks } from "./checks.ts"
import { oldestNode } from "./oldestNode.ts"
import { type Outcome, printOutput, root, run, type Step, vitest } from "./Step.ts"

const servers: Step = {
  name: "servers",
  command: ["bash", "servers/install.sh", "nats", "temporal", "postgres"],
  timeout: "10 minutes",
  missing: 3
}

const kafka: Step = { ...servers, name: "kafka", command: ["bash", "servers/install.sh", "kafka"] }

/** A sidecar is built, which takes minutes; so its tests are skipped where that was not asked for. */
const dapr: Step = {
  ...servers,
  name: "dapr",
  command: ["bash", "servers/install.sh", "daprd", "redis"],
  timeout: "45 minutes"
}
const installing = [servers, kafka, ...(process.env["CI"] === "true" ? [dapr] : [])]

const program = Effect.gen(function* () {
  const files = yield* FileSystem.FileSystem
  const folder = yield* files.makeTempDirectoryScoped()
  const first = yield* Effect.forEach([...installing, ...checks(folder)], run, { concurrency: 2 })
  const long = yield* run(vitest("long", folder, "10 minutes"))
  const oldest = yield* oldestNode(folder, { unit: first[installing.length]!, long })
  const crash = yield* run(vitest("crash", folder, "15 minutes"))
  const killed = yield* run(vitest("process", folder, "15 minutes"))
  const server = first[0]?.passed === 1 ? yield* run(vitest("server", folder, "40 minutes")) : yield* skipServerTests
  yield* conclude([...first, long, ...oldest, crash, killed, server])
})

const skipServerTests = Effect.gen(function* () {
  const files = yield* FileSystem.FileSystem
  const skipped = yield* files.glob("test/**/*.server.test.ts", { root })
  return { name: "server tests", passed: 0, failed: 0, skipped, output: "" }
})

const conclude = Effect.fnUntraced(function* (outcomes: ReadonlyArray<Outcome>) {
  yield* Effect.forEach(outcomes, (outcome) => (outcome.failed > 0 ? printOutput(outcome) : Effect.void))
  const skipped = outcomes.flatMap((outcome) => outcome.skipped)
  yield* Effect.forEach(skipped, (name) => Console.log(`skipped: ${name}`))
  const passed = sum(outcomes.map((outcome) => outcome.passed))
  const failed = sum(outcomes.map((outcome) => outcome.failed))
  const tested = outcomes.some((outcome) => outcome.name.includes("tests") && outcome.passed > 0)
  if (!tested) yield* Console.log("no test ran")
  if (failed > 0 || !tested || (process.env["CI"] === "true" && skipped.length > 0)) process.exitCode = 1
  yield* Console.log(`\n${passed} passed, ${failed} failed, ${skipped.length} skipped`)
})

const sum = (numbers: ReadonlyArray<number>) => numbers.reduce((total, number) => total + number, 0)

program.pipe(Effect.scoped, Effect.provide(NodeServices.layer), NodeRuntime.runMain)
