/** The kit is not of vitest: it runs under the runner of Node.js. */
import { spawnSync } from "node:child_process"
import { join } from "node:path"
import { assert, it } from "@effect/vitest"

it("runs under node --test, and imports no test runner", () => {
  const program = join(import.meta.dirname, "nodeProgram.ts")
  const args = ["--conditions=perdure-source", "--test", "--test-reporter=tap", program]
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined }
  const { status, stderr, stdout } = spawnSync(process.execPath, args, { encoding: "utf8", env, timeout: 25_000 })
  assert.strictEqual(status, 0, stdout + stderr)
  assert.match(stdout, /# pass 3\n# fail 0/)
})
