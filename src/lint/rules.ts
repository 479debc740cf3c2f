/**
 * The rules. They share one look at each file, and each of them reports what is its own.
 */
import type { RuleName } from "./Construct.ts"
import { type File, isOfWorkflow, toLayerOf } from "./definitions.ts"
import * as Names from "./Names.ts"
import { allOf, type Node, type VisitorKeys } from "./Node.ts"
import { type Finding, findingsIn, messageOf } from "./Program.ts"

/**
 * What a rule is given of a file. ESLint and oxlint agree in what they give, and not in its types, so no more of them is asked for
 * than both have.
 *
 * @category models
 * @since 0.2.0
 */
export interface Context {
  readonly filename: string
  readonly settings: object
  readonly sourceCode: object
  report(problem: object): void
}

/**
 * A rule of ESLint and of oxlint.
 *
 * @category models
 * @since 0.2.0
 */
export interface Rule {
  readonly meta: {
    readonly type: "problem"
    readonly docs: { readonly description: string; readonly recommended: true; readonly url: string }
    readonly schema: []
  }
  create(context: Context): { Program?: () => void }
}

const url = "https://github.com/perdure/perdure/blob/main/docs/linting.md"

/** A rule, by what it keeps out of programs. */
export const make = (name: RuleName, description: string): Rule => ({
  meta: { type: "problem", docs: { description, recommended: true, url }, schema: [] },
  create: (context) => {
    // Most files have no program, and are not looked at.
    const code = context.sourceCode as SourceCode
    if (!code.text.includes("toLayer")) return {}
    const workflows = workflowsOf(context.settings)
    return {
      Program: () => {
        for (const finding of findingsOf(context.filename, code, workflows)) {
          if (finding.construct.rule === name) context.report({ node: finding.node, message: messageOf(finding) })
        }
      }
    }
  }
})

// internal

/** The part of the `SourceCode` of ESLint that is used here. That of oxlint has it too. */
interface SourceCode {
  readonly text: string
  readonly ast: Node
  readonly visitorKeys: VisitorKeys
  readonly scopeManager: Names.Scopes & { getDeclaredVariables(node: Node): ReadonlyArray<Names.Variable> }
}

const looked = new WeakMap<Node, ReadonlyArray<Finding>>()

const findingsOf = (path: string, code: SourceCode, workflows: ReadonlyArray<string>): ReadonlyArray<Finding> => {
  const { ast, scopeManager, visitorKeys } = code
  const before = looked.get(ast)
  if (before !== undefined) return before
  const declared: File["declared"] = (node) => scopeManager.getDeclaredVariables(node)
  const file = { path, names: Names.make(scopeManager), keys: visitorKeys, declared, workflows }
  const found = findingsIn(file, programsOf(file, ast))
  looked.set(ast, found)
  return found
}

const programsOf = (file: File, node: Node): ReadonlyArray<Node> => {
  const toLayer = toLayerOf(node)
  const [program] = toLayer?.given ?? []
  const own = toLayer !== undefined && program !== undefined && isOfWorkflow(file, toLayer) ? [program] : []
  return [...own, ...allOf(node, file.keys).flatMap((child) => programsOf(file, child))]
}

/** The names in `settings: { perdure: { workflows: ["Order"] } }`. */
const workflowsOf = (settings: object): ReadonlyArray<string> => {
  const given: unknown = "perdure" in settings ? settings.perdure : {}
  const workflows: unknown = typeof given === "object" && given !== null && "workflows" in given ? given.workflows : []
  if (Array.isArray(workflows) && workflows.every((name) => typeof name === "string")) return workflows
  throw new TypeError(
    `the setting perdure.workflows must be a list of names, such as ["Order"], and is ${JSON.stringify(workflows)}`
  )
}
