/** What coding assistants read is what the pages and examples say today, and each of its links leads somewhere. */
import { existsSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import manifest from "../../package.json" with { type: "json" }
import { assistants } from "../../scripts/Manual.ts"

const root = join(import.meta.dirname, "../..")

describe("what coding assistants read", () => {
  for (const [path, text] of assistants()) {
    it(`${path} is up to date; npm run assistants writes it`, () => {
      assert.strictEqual(readFileSync(join(root, path), "utf8"), text)
    })

    it(`${path} is part of the package, and so is what it links to`, () => {
      assert.include(manifest.files, path.split("/")[0])
      const links = [...text.matchAll(/\]\(([^)#]+)/g)].map(([, link]) => link!).filter((link) => !link.includes("://"))
      assert.isAbove(links.length, 30)
      for (const link of links) {
        assert.isTrue(existsSync(join(root, dirname(path), link)), link)
        const [folder] = join(dirname(path), link).split("/")
        assert.include([...manifest.files, "README.md"], folder, link)
      }
    })
  }
})
