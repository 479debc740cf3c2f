/**
 * The rules. They share one look at each file, and each of them reports what is its own.
 */
import type { RuleName } from "./Construct.ts"
import { type File, isOfWorkflow, toLayerOf } from "./definitions.ts"
import * as Names from "./Names.ts"
import { allOf, type Node, type VisitorKeys } from "./Node.ts"
import { type Finding, findingsIn, messageOf } from "./Program.ts"

/** What a rule is given of a file: the part of the context that ESLint and oxlint have in common. */
export interface Context {
  readonly filename: string
  readonly settings: object
  readonly sourceCode: {
    readonly text: string
    readonly ast: object
    readonly scopeManager: object | null
    readonly visitorKeys: object
  }
  report(problem: object): void
}

/** A rule of ESLint and of oxlint. */
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
    if (!context.sourceCode.text.includes("toLayer")) return {}
    const workflows = workflowsOf(context.settings)
    return {
      Program: () => {
        for (const finding of findingsOf(context, workflows)) {
          if (finding.construct.rule === name) context.report({ node: finding.node, message: messageOf(finding) })
        }
      }
    }
  }
})

// internal

const looked = new WeakMap<object, ReadonlyArray<Finding>>()

const findingsOf = (context: Context, workflows: ReadonlyArray<string>): ReadonlyArray<Finding> => {
  const { ast } = context.sourceCode
  const before = looked.get(ast)
  if (before !== undefined) return before
  const file = fileOf(context, workflows)
  const found = findingsIn(file, programsOf(file, ast as Node))
  looked.set(ast, found)
  return found
}

/** The trees and scopes of both linters are those of ESLint, as far as they are used here. */
const fileOf = ({ filename, sourceCode }: Context, workflows: ReadonlyArray<string>): File => {
  const scopes = sourceCode.scopeManager as Names.Scopes & { getDeclaredVariables: File["declared"] }
  return {
    path: filename,
    names: Names.make(scopes),
    keys: sourceCode.visitorKeys as VisitorKeys,
    declared: (node) => scopes.getDeclaredVariables(node),
    workflows
  }
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
