/** The page about Effect in programs names every row, and tests that exist. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, it } from "@effect/vitest"
import { groups } from "../effects/groups.ts"
import { root } from "./Fence.ts"

const page = readFileSync(join(root, "docs/effect-in-workflows.md"), "utf8")
const links = [...page.matchAll(/\[([^\]]+)\]\(\.\.\/(test\/[^)]+)\)/g)].map(([, title, path]) => ({
  title: title!,
  path: path!
}))

/** Links to a file and not to a test of it. */
const files = new Set(["replayed from each position of its history", "crashes after each of its commits"])

it("every test that docs/effect-in-workflows.md names is where it says", () => {
  assert.isAbove(links.length, 100)
  for (const { path, title } of links) {
    const text = readFileSync(join(root, path), "utf8")
    if (!files.has(title)) assert.include(text, title)
  }
})

it("docs/effect-in-workflows.md names every row", () => {
  const named = new Set(links.map(({ title }) => title))
  const rows = Object.values(groups).flatMap(({ rows }) => rows.map(({ name }) => name))
  assert.deepStrictEqual(
    rows.filter((name) => !named.has(name)),
    []
  )
  assert.strictEqual(new Set(rows).size, rows.length)
})
