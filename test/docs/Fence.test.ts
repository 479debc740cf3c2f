/** The machinery of documentation that runs, on documentation made up here. */
import { assert, describe, it } from "@effect/vitest"
import { fencesOf, moduleOf } from "./Fence.ts"

const markdown = (...lines: ReadonlyArray<string>) => ["# Title", "", ...lines].join("\n")

const moduleFrom = (...code: ReadonlyArray<string>) =>
  fencesOf("a.md", markdown("```ts", ...code, "```")).map((fence) => moduleOf(fence))[0] ?? ""

describe("fences", () => {
  it("are found in Markdown, with the line of their code and their mode", () => {
    const fences = fencesOf(
      "a.md",
      markdown(
        "```ts",
        "one()",
        "```",
        "",
        "```ts no-run",
        "two()",
        "```",
        "```ts no-check",
        "?",
        "```",
        "```sh",
        "```"
      )
    )
    assert.deepStrictEqual(fences, [
      { file: "a.md", line: 4, mode: "run", code: "one()" },
      { file: "a.md", line: 8, mode: "no-run", code: "two()" },
      { file: "a.md", line: 11, mode: "no-check", code: "?" }
    ])
  })

  it("are found in doc comments, without the comment's asterisks", () => {
    const source = ["/**", " * Adds.", " *", " * ```ts", " * if (a) {", " *   b()", " * }", " * ```", " */", "```ts"]
    assert.deepStrictEqual(fencesOf("a.ts", source.join("\n")), [
      { file: "a.ts", line: 5, mode: "run", code: "if (a) {\n  b()\n}" }
    ])
  })

  it("lose the indentation of a list that they stand in", () => {
    assert.deepStrictEqual(fencesOf("a.md", "- item\n\n  ```ts\n  if (a)\n    b()\n  ```")[0]?.code, "if (a)\n  b()")
  })

  it("of an unknown mode, or left open, are errors that name the line", () => {
    assert.throws(() => fencesOf("a.md", markdown("```ts norun", "```")), /^a\.md:3: a fence is .* not `ts norun`/)
    assert.throws(() => fencesOf("a.md", markdown("```ts", "one()")), /^a\.md:3: the fence is not closed/)
  })
})

describe("the module of a fence", () => {
  it("has its code on the lines of the document", () => {
    assert.strictEqual(moduleFrom("one()", "two()").split("\n")[3], "one()")
    assert.strictEqual(moduleFrom("one()", "two()").split("\n")[4], "two()")
  })

  it("compares an expression, a constant and what is printed with the value behind the arrow", () => {
    const lines = moduleFrom("f(", "  1", ") // => [1]", "const x = f() // => 2", "console.log(x) // => 3").split("\n")
    assert.deepStrictEqual(lines.slice(3, 8), [
      "$equal(f(",
      "  1",
      "), [1]) // => [1]",
      "const x = f(); $equal(x, 2) // => 2",
      "$equal(x, 3) // => 3"
    ])
    assert.match(lines[0] ?? "", /^import \{ equal as \$equal \}/)
  })

  it("compares inside functions too", () => {
    assert.include(moduleFrom("function* f() {", "  yield* g() // => 1", "}"), "  $equal(yield* g(), 1) // => 1")
  })

  it("is an error where there is nothing to compare, or no syntax", () => {
    assert.throws(() => moduleFrom("one()", "// => 1"), /^a\.md:5: /)
    assert.throws(() => moduleFrom("one() // =>"), /^a\.md:4: /)
    assert.throws(() => moduleFrom("one()", "const = 1"), /^a\.md:5: /)
  })
})
