/**
 * `npm run test:mutants`: breaks the sources in one place at a time, in a copy of the project, and looks whether the test
 * notices that is there for it. Fails when a mutant survives, or when the tests fail without one. `-- words` tries only
 * those whose file or bug contains the words.
 */
import { spawnSync } from "node:child_process"
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Mutant, mutants } from "../test/mutants.ts"
import { root } from "./Step.ts"

const run = (cwd: string, command: string, ...args: ReadonlyArray<string>) =>
  spawnSync(command, args, { cwd, encoding: "utf8", timeout: 5 * 60_000, killSignal: "SIGKILL" })

/** A copy of all that git does not ignore, which shares the installed packages. */
const copyProject = (): string => {
  const copy = mkdtempSync(join(tmpdir(), "perdure-mutants-"))
  const listed = run(root, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate")
  for (const path of listed.stdout.split("\0")) {
    if (path !== "" && existsSync(join(root, path))) cpSync(join(root, path), join(copy, path))
  }
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"))
  // Some tests ask git what belongs to the project.
  run(copy, "git", "init", "--quiet")
  run(copy, "git", "add", "--all")
  return copy
}

/** Where a run says in the copy which tests passed. */
const results = "results.json"

interface Results {
  readonly testResults: ReadonlyArray<{
    readonly assertionResults: ReadonlyArray<{ readonly fullName: string; readonly status: string }>
  }>
}

/** The mutants for which no test of the latest run has passed. */
const untested = (copy: string, tried: ReadonlyArray<Mutant>): ReadonlyArray<Mutant> => {
  const { testResults } = JSON.parse(readFileSync(join(copy, results), "utf8")) as Results
  const passed = testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter(({ status }) => status === "passed")
  )
  return tried.filter((mutant) => !passed.some(({ fullName }) => fullName.includes(mutant.title)))
}

/** Runs the tests of the titles alone. */
const test = (copy: string, tried: ReadonlyArray<Mutant>) => {
  const titles = tried.map(({ title }) => title.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")
  const files = new Set(tried.map((mutant) => mutant.test))
  return run(
    copy,
    "vitest",
    "run",
    "--project=unit",
    "--project=long",
    "--project=server",
    "--project=crash",
    "--project=process",
    "--no-color",
    "--bail=1",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${join(copy, results)}`,
    `--testNamePattern=${titles}`,
    ...files
  )
}

const broken = (text: string, { file, find, replace }: Mutant): string => {
  const places = text.split(find).length - 1
  if (places !== 1) throw new Error(`${file}: ${JSON.stringify(find)} is there ${places} times, not once`)
  return text.replace(find, () => replace)
}

/** Whether the named test fails, and not whatever else could: a mutant that cannot be loaded proves nothing. */
const survives = (copy: string, mutant: Mutant): boolean => {
  const path = join(copy, mutant.file)
  const text = readFileSync(path, "utf8")
  writeFileSync(path, broken(text, mutant))
  const { status, stderr } = test(copy, [mutant])
  writeFileSync(path, text)
  const failed = stderr.split("\n").some((line) => line.includes("FAIL") && line.includes(mutant.title))
  const error = failed ? /^.*(?:Error|Failure): .*$/m.exec(stderr)?.[0] : undefined
  console.log(`${error === undefined ? "SURVIVED" : "killed  "} ${mutant.file}: ${mutant.bug}`)
  console.log(`         ${error ?? (status === 0 ? `"${mutant.title}" passes` : stderr)}`)
  return error === undefined
}

const words = process.argv.slice(2).join(" ")
const tried = mutants.filter(({ bug, file }) => `${file} ${bug}`.includes(words))
const copy = copyProject()
try {
  const { status, stderr, stdout } = test(copy, tried)
  if (status !== 0) throw new Error(`the tests fail without a mutant\n${stdout}\n${stderr}`)
  for (const { test, title } of untested(copy, tried)) throw new Error(`${test} has no test "${title}"`)
  const survivors = tried.filter((mutant) => survives(copy, mutant))
  console.log(`\n${tried.length - survivors.length} of ${tried.length} mutants were noticed`)
  process.exitCode = survivors.length === 0 ? 0 : 1
} finally {
  rmSync(copy, { recursive: true, force: true })
}
