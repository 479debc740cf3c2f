/** The page about the linter, and what the documentation and the examples are under it. */
import { globSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { constructs } from "../../src/lint/Construct.ts"
import plugin, { rules } from "../../src/lint.ts"
import { fencesBelow, root } from "../docs/Fence.ts"
import { fileOf, lint } from "./Lab.ts"

const page = readFileSync(join(root, "docs/linting.md"), "utf8")
const named = Object.keys(rules).map((name) => `perdure/${name}`)

describe("the page about the linter", () => {
  it("has the table of what is found", () => {
    const [, rows = ""] = /^\| in a program \|.*\n\|[ |-]+\n((?:\|.*\n)*)/m.exec(page) ?? []
    assert.deepStrictEqual(
      rows.trim().split("\n"),
      constructs.map(({ instead, rule, shown }) => `| ${shown} | \`${rule}\` | ${instead} |`)
    )
  })

  it("shows a message as it is", () => {
    const [said] = lint({ "a.ts": fileOf("Order.toLayer(() => Effect.sync(() => Date.now()))") })
    assert.include(page.replaceAll(/\n +\| /g, " "), `perdure(${said?.rule}): ${said?.message}`)
  })

  it("has a configuration for oxlint with all rules, as the recommended one of ESLint", () => {
    const [, json = "{}"] = /```json\n(\{\n {2}"jsPlugins"[^`]*)```/.exec(page) ?? []
    const { jsPlugins, rules: enabled } = JSON.parse(json) as { readonly jsPlugins: unknown; readonly rules: object }
    assert.deepStrictEqual(jsPlugins, ["perdure/lint"])
    assert.deepStrictEqual(enabled, plugin.configs.recommended.rules)
    assert.sameMembers(Object.keys(enabled), named)
  })
})

describe("under the rules", () => {
  const read = (path: string) => readFileSync(join(root, path), "utf8")

  it("the examples are as they should be, and the project itself is told when they are not", () => {
    const paths = globSync("examples/**/*.ts", { cwd: root })
    assert.isAbove(paths.length, 20)
    assert.deepStrictEqual(lint(Object.fromEntries(paths.map((path) => [path, read(path)]))), [])
    const project = read(".oxlintrc.json")
    for (const name of named) assert.include(project, `"${name}": "error"`)
  })

  it("the code of the documentation is as it should be, but for what it shows as wrong", () => {
    const fences = fencesBelow(root).filter(({ mode }) => mode !== "no-check")
    assert.isAbove(fences.length, 50)
    const files = fences.map(({ code, file, line }) => [`${file}.${line}.ts`, code])
    const said = lint(Object.fromEntries(files)).map(({ file, rule }) => [file.replace(/\.\d+\.ts$/, ""), rule])
    assert.deepStrictEqual(said, [["docs/activities.md", "no-shared-state"]])
  })
})
