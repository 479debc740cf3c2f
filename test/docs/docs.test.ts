/** Runs the code of the documentation: each fence is a test named by its place. */
import { existsSync } from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import { fencesBelow, isChecked, pathOf, root, write } from "./Fence.ts"

const fences = fencesBelow(root)
write(fences)
const runnable = fences.filter((fence) => fence.mode === "run")

describe("the documentation", () => {
  it(`has ${fences.length} fences, of which ${runnable.length} run, each in a module`, () => {
    assert.isEmpty(fences.filter((fence) => isChecked(fence) && !existsSync(pathOf(fence))))
  })

  for (const fence of runnable) {
    it(`runs at ${fence.file}:${fence.line}`, () => import(/* @vite-ignore */ pathOf(fence)))
  }
})
