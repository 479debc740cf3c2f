/**
 * Code under oxlint with the rules of `perdure/lint` and no others: files are written into a folder, and oxlint itself looks at them.
 */
import { spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { rules } from "../../src/lint.ts"
import { root } from "../docs/Fence.ts"

/** What a rule says of a line. */
export interface Said {
  readonly file: string
  readonly line: number
  readonly rule: string
  readonly message: string
}

interface Diagnostic {
  readonly message: string
  readonly code?: string
  readonly filename: string
  readonly labels: ReadonlyArray<{ readonly span: { readonly line: number } }>
}

const oxlint = (cwd: string, ...args: ReadonlyArray<string>) => {
  const bin = join(root, "node_modules/oxlint/bin/oxlint")
  const { stderr, stdout } = spawnSync(process.execPath, [bin, "--format", "json", ...args], { cwd, encoding: "utf8" })
  if (!stdout.startsWith("{")) throw new Error(`oxlint: ${stdout}${stderr}`)
  return (JSON.parse(stdout) as { readonly diagnostics: ReadonlyArray<Diagnostic> }).diagnostics
}

/** The configuration of a project that has these rules and no others. */
const config = (settings: object = {}): string =>
  JSON.stringify({
    plugins: [],
    jsPlugins: [join(root, "src/lint.ts")],
    categories: { correctness: "off" },
    rules: Object.fromEntries(Object.keys(rules).map((name) => [`perdure/${name}`, "error"])),
    settings
  })

/** What is said of files that could not be looked at has no place, and is an error. */
const saidOf = ({ code, filename, labels, message }: Diagnostic): Said => {
  const rule = /^perdure\((.*)\)$/.exec(code ?? "")?.[1]
  const line = labels[0]?.span.line
  if (rule === undefined || line === undefined) throw new Error(`${filename}: ${message}`)
  return { file: filename, line, rule, message }
}

/** Lints files, by their paths. */
export const lint = (files: Readonly<Record<string, string>>, settings?: object): ReadonlyArray<Said> => {
  const folder = mkdtempSync(join(tmpdir(), "perdure-lint-"))
  try {
    for (const [path, code] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), code)
    }
    writeFileSync(join(folder, ".oxlintrc.json"), config(settings))
    return oxlint(folder, ".").map(saidOf)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Lints cases at once, each with its files, and tells what is said of each. */
export const lintAll = (
  cases: Readonly<Record<string, Readonly<Record<string, string>>>>,
  settings?: object
): Readonly<Record<string, ReadonlyArray<Said>>> => {
  const names = Object.keys(cases)
  const said = lint(
    Object.fromEntries(
      Object.values(cases).flatMap((files, index) =>
        Object.entries(files).map(([path, code]) => [`case${index}/${path}`, code])
      )
    ),
    settings
  )
  const of = (index: number) =>
    said.flatMap((each) => {
      const [folder, ...path] = each.file.split("/")
      return folder === `case${index}` ? [{ ...each, file: path.join("/") }] : []
    })
  return Object.fromEntries(names.map((name, index) => [name, of(index)]))
}

const opening = [
  `import { DateTime, Clock, Config, Console, Cron, Effect, Random, Ref, Schema, Semaphore, Stream } from "effect"`,
  `import { Activity, ActivityGroup, Workflow } from "perdure"`,
  `import * as Crypto from "node:crypto"`,
  `import { randomBytes, createHash } from "node:crypto"`,
  `import { readFileSync } from "node:fs"`,
  `import { performance as timing } from "node:perf_hooks"`,
  `import { join } from "node:path"`,
  `import os from "os"`,
  `const Order = Workflow.make("Order")`,
  `const Charge = Activity.make("Charge")`
].join("\n")

/** The first line of what follows the imports and definitions that all files here have. */
export const first = opening.split("\n").length + 1

/** A file with these lines after the imports and definitions. */
export const fileOf = (...lines: ReadonlyArray<string>): string => [opening, ...lines, ""].join("\n")

/** A file whose one workflow does this. */
export const programOf = (...lines: ReadonlyArray<string>): string =>
  fileOf(`export const Live = Order.toLayer(Effect.fn("Order")(function* () {`, ...lines, "}))")
