/**
 * A check that is a process of its own: its command, and what came of it.
 */
import { delimiter, join } from "node:path"
import { Clock, Console, Duration, Effect, FileSystem, Option, Schema, Stream } from "effect"
import { ChildProcess } from "effect/process"

/** What to run. */
export interface Step {
  readonly name: string
  readonly command: readonly [string, ...ReadonlyArray<string>]
  readonly timeout: Duration.Input
  /** Where the command writes the JSON report of vitest; a step without one counts as one test. */
  readonly report?: string
  /** What a success must have printed: some tools succeed when they found nothing to check. */
  readonly proof?: RegExp
  /** The exit code that says that something the step needs is missing on this machine. */
  readonly missing?: number
}

/** What came of it. `skipped` names the tests that did not run. */
export interface Outcome {
  readonly name: string
  readonly passed: number
  readonly failed: number
  readonly skipped: ReadonlyArray<string>
  readonly output: string
}

/** The root of the project. */
export const root = join(import.meta.dirname, "..")

/** Runs a step and prints a line about it. */
export const run = Effect.fn("Step.run")(function* (step: Step) {
  const started = yield* Clock.currentTimeMillis
  const outcome = yield* outcomeOf(step)
  const seconds = ((yield* Clock.currentTimeMillis) - started) / 1000
  yield* Console.log(lineOf(step, outcome, seconds))
  return outcome
}, Effect.orDie)

/** Prints what a step printed, under its name, but for the tests that passed. */
export const printOutput = ({ name, output }: Outcome) =>
  Console.log(`\n--- ${name}\n${output.replaceAll(/^\s*✓.*\n/gmu, "").trim()}\n`)

/** Runs a project of the tests, which reports into a folder, on the Node.js at hand or on another one. */
export const vitest = (
  project: string,
  folder: string,
  timeout: Duration.Input,
  other?: { readonly node: string; readonly version: string }
): Step => {
  const name = `${project} tests${other === undefined ? "" : ` on node ${other.version}`}`
  const report = join(folder, `${name}.json`)
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`]
  const args = ["run", `--project=${project}`, "--passWithNoTests", ...reporters]
  return { name, command: [other?.node ?? "node", "node_modules/vitest/vitest.mjs", ...args], timeout, report }
}

// internal

const Report = Schema.fromJsonString(
  Schema.Struct({
    testResults: Schema.Array(
      Schema.Struct({
        assertionResults: Schema.Array(Schema.Struct({ fullName: Schema.String, status: Schema.String }))
      })
    )
  })
)

const outcomeOf = Effect.fnUntraced(function* (step: Step) {
  const { code, output } = yield* execute(step)
  const { name } = step
  if (step.missing !== undefined && code === step.missing) {
    return { name, output, passed: 0, failed: 0, skipped: [name] }
  }
  const proven = step.proof === undefined || step.proof.test(output)
  const succeeded = code === 0 && proven
  const note = code === 0 && !proven ? `\nNothing was checked: there is no ${step.proof} in this output.` : ""
  return { name, output: output + note, ...(yield* tally(step, succeeded)) }
})

const execute = Effect.fnUntraced(function* (step: Step) {
  const [command, ...args] = step.command
  const child = yield* ChildProcess.make(command, args, {
    cwd: root,
    env: {
      PATH: `${join(root, "node_modules/.bin")}${delimiter}${process.env["PATH"]}`,
      ...(process.stdout.isTTY ? { FORCE_COLOR: "1" } : { NO_COLOR: "1" })
    },
    extendEnv: true,
    stdin: "ignore",
    forceKillAfter: "5 seconds"
  })
  let output = ""
  const code = yield* child.all.pipe(
    Stream.decodeText(),
    Stream.runForEach((text) => Effect.sync(() => void (output += text))),
    Effect.andThen(child.exitCode),
    Effect.timeoutOption(step.timeout)
  )
  if (Option.isNone(code)) output += `\nStopped after ${Duration.format(Duration.fromInputUnsafe(step.timeout))}.`
  return { code: Option.getOrUndefined(code), output }
}, Effect.scoped)

const tally = Effect.fnUntraced(function* ({ report }: Step, succeeded: boolean) {
  if (report === undefined) return { passed: succeeded ? 1 : 0, failed: succeeded ? 0 : 1, skipped: [] }
  const tests = yield* readReport(report)
  const count = (status: string) => tests.filter((test) => test.status === status).length
  return {
    passed: count("passed"),
    // A run can fail though no test does: a file that does not load, an error outside a test, too long a time.
    failed: Math.max(count("failed"), succeeded ? 0 : 1),
    skipped: tests.filter(({ status }) => status !== "passed" && status !== "failed").map((test) => test.fullName)
  }
})

const readReport = Effect.fnUntraced(function* (path: string) {
  const files = yield* FileSystem.FileSystem
  if (!(yield* files.exists(path))) return []
  const report = yield* Schema.decodeEffect(Report)(yield* files.readFileString(path))
  return report.testResults.flatMap((file) => file.assertionResults)
})

const lineOf = (step: Step, { failed, passed, skipped }: Outcome, seconds: number): string => {
  const counts = [
    ...(step.report === undefined ? [] : [`${passed} passed`]),
    ...(step.report === undefined || failed === 0 ? [] : [`${failed} failed`]),
    ...(skipped.length === 0 ? [] : [`${skipped.length} skipped`])
  ]
  const mark = failed > 0 ? "FAIL" : passed > 0 || skipped.length === 0 ? "ok" : "skip"
  return `${mark.padEnd(5)}${step.name.padEnd(20)}${seconds.toFixed(1).padStart(6)} s   ${counts.join(", ")}`.trimEnd()
}
