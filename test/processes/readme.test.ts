/** The first program of the README, as a newcomer runs it: in a folder of its own, killed in the middle, started again. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout } from "node:timers/promises"
import { afterAll, assert, beforeAll, it } from "@effect/vitest"
import { fencesOf } from "../docs/Fence.ts"

const root = join(import.meta.dirname, "../..")
const readme = readFileSync(join(root, "README.md"), "utf8")
const [program] = fencesOf("README.md", readme)
/** What the README says is printed: by a whole run, by a run that is killed, by the next one, and by the one after it. */
const [whole, killed, next, last] = [...readme.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].flatMap(([, language, text]) =>
  language === "" ? [text] : []
)

const folder = mkdtempSync(join(tmpdir(), "perdure-readme-"))

beforeAll(() => {
  mkdirSync(join(folder, "node_modules"))
  symlinkSync(root, join(folder, "node_modules/perdure"))
  symlinkSync(join(root, "node_modules/effect"), join(folder, "node_modules/effect"))
  writeFileSync(join(folder, "package.json"), `{ "type": "module" }`)
  writeFileSync(join(folder, "trial.ts"), program!.code)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it("has a program that the compiler accepts with the README's flags, and a forgotten handler that it does not", () => {
  const flags = readme.match(/^```json\n([\s\S]*?)^```$/m)![1]!
  const { compilerOptions } = JSON.parse(flags) as { readonly compilerOptions: object }
  const options = {
    ...compilerOptions,
    typeRoots: [join(root, "node_modules/@types")],
    // The package has declarations; the sources, which stand for it here, need what they are compiled with.
    customConditions: ["perdure-source"],
    lib: ["ES2024", "DOM", "DOM.Iterable"]
  }
  const check = (name: string, code: string) => {
    writeFileSync(join(folder, `${name}.ts`), code)
    writeFileSync(join(folder, `${name}.json`), JSON.stringify({ compilerOptions: options, files: [`${name}.ts`] }))
    return spawnSync("tsc", ["-p", join(folder, `${name}.json`)], { encoding: "utf8" }).stdout
  }
  assert.strictEqual(check("whole", program!.code), "")
  const forgotten = program!.code.replace(/^ *Layer\.provide\(MailLive\).*\n/m, "")
  assert.notStrictEqual(forgotten, program!.code)
  assert.match(check("forgotten", forgotten), /'Handler<"Mail", .*' is not assignable to type 'never'/)
})

/** Starts the program. `output` is all that it prints until it ends. */
const start = (): { readonly child: ChildProcess; readonly output: Promise<string> } => {
  const options = ["--conditions=perdure-source", "--disable-warning=ExperimentalWarning"]
  const child = spawn(process.execPath, [...options, "trial.ts"], {
    cwd: folder,
    timeout: 25_000,
    killSignal: "SIGKILL"
  })
  let printed = ""
  const hear = (bytes: Buffer) => void (printed += bytes.toString())
  child.stdout.on("data", hear)
  child.stderr.on("data", hear)
  const output = new Promise<string>((resolve, reject) => {
    child.on("error", reject)
    child.on("close", () => resolve(printed))
  })
  return { child, output }
}

/** Whether the store has an event of a kind: its log is text between bytes. */
const isStored = (event: string): boolean => {
  const log = join(folder, "trials.db-wal")
  return existsSync(log) && readFileSync(log, "latin1").includes(event)
}

it("prints what the README says", async () => {
  assert.strictEqual(await start().output, whole)
})

it("goes on where it was killed, as the README says", async () => {
  for (const file of ["trials.db", "trials.db-wal", "trials.db-shm"]) rmSync(join(folder, file), { force: true })
  const { child, output } = start()
  while (!isStored("TimerStarted") && child.exitCode === null) await setTimeout(20)
  child.kill("SIGKILL")
  assert.strictEqual(await output, killed)
  const takeover = /^.* INFO .*: has taken 1 execution\(s\) over from worker .*\n/m
  const printed = await start().output
  assert.match(printed, takeover)
  assert.strictEqual(printed.replace(takeover, ""), next)
  assert.strictEqual(await start().output, last)
})
