/**
 * `npm run assistants` writes what coding assistants read. A test compares it with what stands there.
 */
import { mkdirSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { assistants } from "./Manual.ts"
import { root } from "./Step.ts"

for (const [path, text] of assistants()) {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}
