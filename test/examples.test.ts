/** Runs the examples as a user does: each prints what the comment at its end says. */
import { execFile } from "node:child_process"
import { globSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
// Its tests become tests of this file.
import "../examples/property.test.ts"

const root = join(import.meta.dirname, "..")

/** The programs, but for those that another program starts. */
const programs = globSync("examples/*.ts", { cwd: root })
  .filter((path) => !path.endsWith(".test.ts") && path !== "examples/demo.ts")
  .toSorted()

/** Node.js 22 warns of its SQLite, in a program and in those that it starts. */
const env = { ...process.env, NODE_OPTIONS: "--disable-warning=ExperimentalWarning" }

const run = (path: string) =>
  Effect.callback<{ readonly code: number | string | null | undefined; readonly output: string }>((resume) => {
    const child = execFile(
      process.execPath,
      ["--conditions=perdure-source", path],
      { cwd: root, env, timeout: 25_000, killSignal: "SIGKILL" },
      (error, stdout, stderr) => {
        if (error !== null)
          return resume(Effect.succeed({ code: error.code ?? error.message, output: stdout + stderr }))
        // The log is on stderr.
        resume(Effect.succeed({ code: 0, output: stdout }))
      }
    )
    return Effect.sync(() => child.kill("SIGKILL"))
  })

/** The lines of the comment that ends a program. */
const outputOf = (path: string): string => {
  const [, comment] = readFileSync(join(root, path), "utf8").split("\n// Output:\n")
  if (comment === undefined) throw new Error(`${path} does not end with a comment "// Output:"`)
  return comment.replaceAll(/^\/\/ ?/gm, "")
}

describe("an example prints what it says", () => {
  it("there are some", () => assert.isAtLeast(programs.length, 7))

  for (const path of programs) {
    it.live(path, () =>
      Effect.gen(function* () {
        const { code, output } = yield* run(path)
        assert.strictEqual(output, outputOf(path))
        assert.strictEqual(code, 0)
      })
    )
  }
})

describe("docs/order.md", () => {
  const page = readFileSync(join(root, "docs/order.md"), "utf8")

  for (const file of ["contracts", "workflow"]) {
    it(`shows examples/order/${file}.ts, word for word`, () => {
      const source = readFileSync(join(root, `examples/order/${file}.ts`), "utf8").replaceAll("export ", "")
      const declarations =
        source
          .split(/^import .*\n/m)
          .at(-1)
          ?.trim() ?? ""
      assert.isAbove(declarations.split("\n").length, 10)
      assert.include(page, declarations)
    })
  }
})

describe("the README", () => {
  const readme = readFileSync(join(root, "README.md"), "utf8")

  for (const command of ["npm install && npm run demo", "npm install && npm test"]) {
    it(`names ${command}`, () => assert.include(readme, `\n${command} `))
  }
})
