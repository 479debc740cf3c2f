/** The compiler's messages for programs that are wrong, as `bad.ts` tells them. */
import { spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"

const root = join(import.meta.dirname, "../..")
const folder = mkdtempSync(join(tmpdir(), "perdure-messages-"))
const source = readFileSync(join(import.meta.dirname, "bad.ts"), "utf8")

interface Claim {
  readonly what: string
  /** The line of the mistake, from 1. */
  readonly line: number
  readonly says: string
}

/** What the lines below `@ts-expect-error` say of the first line of code after them. */
const claimsOf = (text: string): ReadonlyArray<Claim> => {
  const lines = text.split("\n").map((line) => line.trim())
  return lines.flatMap((line, index) => {
    const says = /^\/\/ says: (.*)$/.exec(line)?.[1]
    if (says === undefined) return []
    const what = /^\/\/ @ts-expect-error (.*)$/.exec(lines[index - 1] ?? "")?.[1]
    assert.isDefined(what, `line ${index + 1} of bad.ts follows no @ts-expect-error`)
    return [{ what, line: index + 2, says }]
  })
}

/** The errors of the compiler in `bad.ts`, by their lines. */
const errorsOf = (output: string): ReadonlyMap<number, string> => {
  const errors = new Map<number, string>()
  let current = 0
  for (const line of output.split("\n")) {
    const head = /^bad\.ts\((\d+),\d+\): error (.*)$/.exec(line)
    if (head !== null) current = Number(head[1])
    else if (!line.startsWith(" ")) current = 0
    if (current > 0) errors.set(current, `${errors.get(current) ?? ""}${line}\n`)
  }
  return errors
}

let errors: ReadonlyMap<number, string> = new Map()

beforeAll(() => {
  mkdirSync(join(folder, "node_modules"))
  symlinkSync(join(root, "node_modules/effect"), join(folder, "node_modules/effect"))
  symlinkSync(root, join(folder, "node_modules/perdure"))
  writeFileSync(join(folder, "package.json"), `{ "type": "module" }`)
  writeFileSync(join(folder, "bad.ts"), source.replaceAll("@ts-expect-error", "expect"))
  const options = { types: ["node"], typeRoots: [join(root, "node_modules/@types")] }
  const config = { extends: join(root, "tsconfig.base.json"), compilerOptions: options, files: ["bad.ts"] }
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config))
  const tsc = join(root, "node_modules/.bin/tsc")
  errors = errorsOf(spawnSync(tsc, ["-p", ".", "--pretty", "false"], { cwd: folder, encoding: "utf8" }).stdout)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe("the compiler", () => {
  it("finds a mistake for each directive", () => assert.lengthOf(source.match(/@ts-expect-error/g) ?? [], errors.size))

  it.each(claimsOf(source))("says of $what, line $line", ({ line, says }) =>
    assert.include(errors.get(line) ?? "no error", says)
  )
})
