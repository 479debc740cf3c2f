/**
 * `npm run docs`: type-checks the code of the documentation. The unit tests run it.
 */
import { spawnSync } from "node:child_process"
import { fencesBelow, isChecked, root, write } from "../test/docs/Fence.ts"

const fences = fencesBelow(root)
write(fences)
const count = (mode: string) => fences.filter((fence) => fence.mode === mode).length

if (!fences.some(isChecked)) console.log("the documentation has no code to check")
else {
  console.log(`${count("run")} fences run, ${count("no-run")} are only checked, ${count("no-check")} are not checked`)
  process.exitCode = spawnSync("tsc", ["-p", "tsconfig.docs.json"], { cwd: root, stdio: "inherit" }).status ?? 1
}
