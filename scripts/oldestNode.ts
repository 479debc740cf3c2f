/**
 * The tests that need no server on the oldest Node.js that the package supports. It is installed from npm, as the newer one is that everything
 * else runs on.
 */
import { join } from "node:path"
import { Effect } from "effect"
import manifest from "../package.json" with { type: "json" }
import { type Outcome, root, run, type Step, vitest } from "./Step.ts"

/** Installs the oldest Node.js and runs tests on it, by their projects: as many as ran on the newer one. */
export const oldestNode = Effect.fn("oldestNode")(function* (
  folder: string,
  others: Readonly<Record<string, Outcome>>
) {
  const installed = yield* run(install)
  if (installed.failed > 0) return [installed]
  const outcomes = yield* Effect.forEach(Object.entries(others), ([project, other]) =>
    Effect.map(run(vitest(project, folder, "10 minutes", { node, version })), (outcome) => complete(outcome, other))
  )
  return [installed, ...outcomes]
})

// internal

const version = manifest.engines.node.replace(">=", "")

/** The package that has Node.js for this system; the one for Macs of today has a name of its own. */
const system = `${process.platform}-${process.arch}`
const name = system === "darwin-arm64" ? `node-bin-${system}` : `node-${system}`

const home = join(root, ".cache", `node-${version}`)
const node = join(home, "node_modules", name, "bin/node")

const install: Step = {
  name: "oldest node",
  command: [
    "npm",
    "install",
    "--prefix",
    home,
    ...["--no-save", "--no-package-lock", "--prefer-offline"],
    `${name}@${version}`
  ],
  timeout: "10 minutes"
}

/** A test that does not run there, because it was skipped or left out, is a failure. */
const complete = (outcome: Outcome, other: Outcome): Outcome => {
  const [ran, others] = [outcome, other].map(({ failed, passed }) => passed + failed)
  if (ran === others && outcome.skipped.length === 0) return outcome
  const note = `\n${ran} tests ran, and ${others} on the newer Node.js. Skipped: ${outcome.skipped.join(", ") || "none"}`
  return { ...outcome, failed: Math.max(outcome.failed, 1), output: outcome.output + note }
}
