/**
 * `npm run test:mutants`: breaks the sources in one place at a time, in a copy of the project, and looks whether a test
 * notices. Fails when a mutant survives, or when the tests fail without one.
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

const test = (copy: string, tests: ReadonlyArray<string>) =>
  run(copy, "vitest", "run", "--project=unit", "--bail=1", ...tests)

const broken = (text: string, { file, find, replace }: Mutant): string => {
  const places = text.split(find).length - 1
  if (places !== 1) throw new Error(`${file}: ${JSON.stringify(find)} is there ${places} times, not once`)
  return text.replace(find, () => replace)
}

const survives = (copy: string, mutant: Mutant): boolean => {
  const path = join(copy, mutant.file)
  const text = readFileSync(path, "utf8")
  writeFileSync(path, broken(text, mutant))
  const survived = test(copy, mutant.tests).status === 0
  writeFileSync(path, text)
  console.log(`${survived ? "SURVIVED" : "killed  "} ${mutant.file}: ${mutant.find} -> ${mutant.replace}`)
  return survived
}

const copy = copyProject()
try {
  const tests = [...new Set(mutants.flatMap((mutant) => mutant.tests))]
  const { status, stdout } = test(copy, tests)
  if (status !== 0) throw new Error(`the tests fail without a mutant\n${stdout}`)
  const survivors = mutants.filter((mutant) => survives(copy, mutant))
  console.log(`\n${mutants.length - survivors.length} of ${mutants.length} mutants were noticed`)
  process.exitCode = survivors.length === 0 ? 0 : 1
} finally {
  rmSync(copy, { recursive: true, force: true })
}
