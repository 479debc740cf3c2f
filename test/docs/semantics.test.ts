/** The document of promises names tests that exist. */
import { readFileSync } from "node:fs"
import { assert, it } from "@effect/vitest"

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8")

it("every test that docs/semantics.md names is where it says", () => {
  const links = [...read("../../docs/semantics.md").matchAll(/^- \[(\d+\. .*)\]\(\.\.\/(.*)\)$/gm)]
  assert.isAbove(links.length, 40)
  for (const [, title, path] of links) {
    // Titles of several kinds have the kind in the middle.
    const text = read(`../../${path}`).replaceAll("${kind}", "unanswered")
    assert.include(text, title!)
  }
})

it("docs/semantics.md numbers its promises as the tests do", () => {
  const promises = [...read("../../docs/semantics.md").matchAll(/^## (\d+)\. /gm)].map(([, number]) => Number(number))
  assert.deepStrictEqual(
    promises,
    promises.map((_, index) => index + 1)
  )
})
