/**
 * Rules of ESLint and oxlint for the programs of workflows. What is passed to the `toLayer` of a workflow is replayed, so the time and
 * the chance of the host, promises, files, and variables that executions share do not belong there, and each message says what does.
 * ESLint takes the default export in its flat config, and oxlint in `jsPlugins`.
 */
import { make, type Rule } from "./lint/rules.ts"

export type { Context, Rule } from "./lint/rules.ts"

/**
 * The rules by their names.
 *
 * @category rules
 * @since 0.2.0
 */
export const rules = {
  "no-nondeterminism": make("no-nondeterminism", "keeps the clock and the chance of the host out of programs"),
  "no-async": make("no-async", "keeps promises and timers of the host out of programs"),
  "no-io": make("no-io", "keeps effects on the world out of programs"),
  "no-shared-state": make("no-shared-state", "keeps variables that executions share out of programs")
} satisfies Readonly<Record<string, Rule>>

/**
 * The plugin, as ESLint and oxlint take it.
 *
 * @category models
 * @since 0.2.0
 */
export interface Plugin {
  readonly meta: { readonly name: "perdure" }
  readonly rules: typeof rules
  readonly configs: {
    /** All rules as errors, for the flat config of ESLint. */
    readonly recommended: {
      readonly name: string
      readonly plugins: { readonly perdure: Plugin }
      readonly rules: { readonly [Name in keyof typeof rules as `perdure/${Name}`]: "error" }
    }
  }
}

const plugin: Plugin = {
  meta: { name: "perdure" },
  rules,
  configs: {
    // ESLint wants the very plugin again where a project names it a second time.
    get recommended() {
      return { name: "perdure/recommended", plugins: { perdure: plugin }, rules: all }
    }
  }
}

const all = {
  "perdure/no-nondeterminism": "error",
  "perdure/no-async": "error",
  "perdure/no-io": "error",
  "perdure/no-shared-state": "error"
} as const

export default plugin
