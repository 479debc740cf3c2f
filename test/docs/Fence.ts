/**
 * Code in the documentation: every fence of TypeScript in Markdown and doc comments becomes a module of its own.
 *
 * | fence          | type-checked | run |
 * | -------------- | ------------ | --- |
 * | `ts`           | yes          | yes |
 * | `ts no-run`    | yes          | no  |
 * | `ts no-check`  | no           | no  |
 *
 * A trailing `// => value` asserts that the expression, or the constant, before it equals the value. A module keeps the line
 * numbers of its document, so that whatever fails names the line to mend.
 */
import { existsSync, globSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { withAssertions } from "./assertions.ts"

/** A fence of TypeScript. `line` is that of its first line of code, from 1. */
export interface Fence {
  readonly file: string
  readonly line: number
  readonly mode: "run" | "no-run" | "no-check"
  readonly code: string
}

/** The fences of a Markdown text, or of the doc comments of a TypeScript text. */
export const fencesOf = (file: string, text: string): ReadonlyArray<Fence> => {
  const lines = text.split("\n").map(file.endsWith(".ts") ? commentedText : (line) => line)
  const fences: Array<Fence> = []
  for (let index = 0; index < lines.length; index++) {
    const opening = /^(\s*)(`{3,})ts(?:\s+(.*))?$/.exec(lines[index] ?? "")
    if (opening === null) continue
    const [, indent = "", ticks = "", info = ""] = opening
    const end = lines.findIndex((line, at) => at > index && line?.trim() === ticks)
    if (end === -1) throw new Error(`${file}:${index + 1}: the fence is not closed`)
    const code = lines.slice(index + 1, end).map((line) => (line ?? "").replace(indent, ""))
    fences.push({ file, line: index + 2, mode: modeOf(info, `${file}:${index + 1}`), code: code.join("\n") })
    index = end
  }
  return fences
}

/** The module of a fence. */
export const moduleOf = (fence: Fence): string => {
  const code = withAssertions(fence.code, (line) => `${fence.file}:${fence.line + line}`)
  const imports = code === fence.code ? "" : `import { equal as $equal } from "../equal.ts"`
  return `${imports}${"\n".repeat(fence.line - 1)}${code}\n`
}

/** The fences of the whole documentation below a folder. */
export const fencesBelow = (root: string): ReadonlyArray<Fence> =>
  globSync(["README.md", "ARCHITECTURE.md", "docs/**/*.md", "src/**/*.ts"], { cwd: root })
    .toSorted()
    .flatMap((file) => fencesOf(file, readFileSync(join(root, file), "utf8")))

/** Where the module of a fence is written. */
export const pathOf = (fence: Fence): string => join(generated, `${fence.file.replaceAll("/", ".")}.${fence.line}.ts`)

/** Writes the modules of fences and removes those of fences that are gone. A module that is right is left untouched. */
export const write = (fences: ReadonlyArray<Fence>): void => {
  mkdirSync(generated, { recursive: true })
  const modules = new Map(fences.filter(isChecked).map((fence) => [pathOf(fence), moduleOf(fence)]))
  for (const name of readdirSync(generated)) {
    if (!modules.has(join(generated, name))) rmSync(join(generated, name), { force: true })
  }
  for (const [path, code] of modules) {
    if (!existsSync(path) || readFileSync(path, "utf8") !== code) writeFileSync(path, code)
  }
}

/** Whether the fence is type-checked. */
export const isChecked = (fence: Fence): boolean => fence.mode !== "no-check"

/** The root of the project. */
export const root = join(import.meta.dirname, "../..")

// internal

const generated = join(import.meta.dirname, "generated")

const commentedText = (line: string): string | undefined => /^\s*\* ?(.*)$/.exec(line)?.[1]

const modeOf = (info: string, place: string): Fence["mode"] => {
  if (info === "" || info === "import.meta.vitest") return "run"
  if (info === "no-run" || info === "no-check") return info
  throw new Error(`${place}: a fence is \`ts\`, \`ts no-run\` or \`ts no-check\`, not \`ts ${info}\``)
}
