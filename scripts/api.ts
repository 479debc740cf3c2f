/**
 * `npm run api` writes the declarations of all public modules to `api/`, where a review sees what changes for users. Without
 * `--write` it fails when what stands there is not what the sources declare.
 */
import { spawnSync } from "node:child_process"
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { basename, join } from "node:path"
import manifest from "../package.json" with { type: "json" }
import { root } from "./Step.ts"

const run = (command: string, ...args: ReadonlyArray<string>): boolean =>
  spawnSync(command, args, { cwd: root, stdio: "inherit" }).status === 0

/** The folders that the exports close: `./internal/*` is `null`. */
const closed = Object.entries(manifest.exports).flatMap(([path, target]) =>
  target === null ? [path.replace(/\/\*$/, "")] : []
)

/** The declarations of closed folders that a module beside its folder is made of: it only names them. */
const named = (folder: string, path: string): ReadonlyArray<string> => {
  const module = join(folder, `${path}.d.ts`)
  const text = existsSync(module) ? readFileSync(module, "utf8") : ""
  return [...text.matchAll(/^export .* from "(.*)\.ts";$/gm)].map(([, specifier]) => `${basename(specifier!)}.d.ts`)
}

const declare = (folder: string): boolean => {
  const options = ["--emitDeclarationOnly", "--declarationMap", "false", "--outDir", folder]
  const declared = run("tsc", "-p", "tsconfig.build.json", ...options)
  for (const path of closed) {
    const kept = named(folder, path)
    const within = join(folder, path)
    if (kept.length === 0) rmSync(within, { recursive: true, force: true })
    else for (const file of readdirSync(within)) if (!kept.includes(file)) rmSync(join(within, file))
  }
  return declared
}

const write = (fresh: string): boolean => {
  rmSync(join(root, "api"), { recursive: true, force: true })
  cpSync(fresh, join(root, "api"), { recursive: true })
  return true
}

const compare = (fresh: string): boolean => {
  const same = run("git", "--no-pager", "diff", "--no-index", "--exit-code", "api", fresh)
  if (!same) console.log("\nThe public API changes. If that is meant, run `npm run api` and commit `api/`.")
  return same
}

const fresh = mkdtempSync(join(tmpdir(), "perdure-api-"))
try {
  const good = declare(fresh) && (process.argv.includes("--write") ? write(fresh) : compare(fresh))
  process.exitCode = good ? 0 : 1
} finally {
  rmSync(fresh, { recursive: true, force: true })
}
