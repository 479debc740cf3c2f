/**
 * The checks that need no server. `npm run check` runs them, and `npm test` before all else.
 */
import { type Step, vitest } from "./Step.ts"

/** The checks, the longest first; reports go into a folder. */
export const checks = (folder: string): ReadonlyArray<Step> => [
  vitest("unit", folder, "5 minutes"),
  check("types", "tsc", "-p", "tsconfig.json", "--noEmit"),
  {
    ...check("effect", "effect-tsgo", "diagnostics", "--project", "tsconfig.effect.json", "--strict", ...worth),
    proof: /Checked [1-9]\d* files/
  },
  check("docs", "node", "scripts/docs.ts"),
  check("api", "node", "scripts/api.ts"),
  check("unused", "knip"),
  check("lint", "oxlint"),
  check("format", "oxfmt", "--check")
]

/** Messages below a warning are advice, which an editor shows. */
const worth = ["--severity", "error,warning", "--format", "text"] as const

const check = (name: string, ...command: readonly [string, ...ReadonlyArray<string>]): Step => ({
  name,
  command,
  timeout: "2 minutes"
})
