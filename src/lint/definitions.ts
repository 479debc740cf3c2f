/**
 * Which `X.toLayer(…)` of a file gives a workflow its program. Activities and groups have a `toLayer` too, and their handlers may do
 * all that a program may not, so what cannot be told is not taken for a workflow.
 */
import * as Imported from "./imported.ts"
import * as Names from "./Names.ts"
import {
  allOf,
  childOf,
  childrenOf,
  isType,
  type Node,
  propertyOf,
  textOf,
  unwrapped,
  type VisitorKeys
} from "./Node.ts"

/** A file, as far as it matters which of its definitions are workflows. */
export interface File {
  readonly path: string
  readonly names: Names.Names
  readonly keys: VisitorKeys
  /** The variables that a node declares. */
  readonly declared: (node: Node) => ReadonlyArray<Names.Variable>
  /** Workflows of which the file does not say so: their names, from the settings. */
  readonly workflows: ReadonlyArray<string>
}

/** The call `X.toLayer(…)`, by the definition and by what it is given. */
export interface ToLayer {
  readonly definition: Node
  readonly given: ReadonlyArray<Node>
}

/** A call of `toLayer`, if it is one. */
export const toLayerOf = (call: Node): ToLayer | undefined => {
  const callee = childOf(call, "callee")
  if (call.type !== "CallExpression" || callee === undefined) return undefined
  const member = unwrapped(callee)
  const definition = childOf(member, "object")
  if (member.type !== "MemberExpression" || propertyOf(member) !== "toLayer" || definition === undefined)
    return undefined
  return { definition: unwrapped(definition), given: childrenOf(call, "arguments") }
}

/** Whether it gives a workflow its program. */
export const isOfWorkflow = (file: File, { definition, given }: ToLayer): boolean => {
  const [program] = given
  // Limits are those of an activity, and a record of handlers is that of a group.
  if (program === undefined || given.length > 1 || unwrapped(program).type === "ObjectExpression") return false
  const known = kindOf(file, definition)
  if (known !== undefined) return known === "workflow"
  const name = nameOf(definition)
  if (name !== undefined && file.workflows.includes(name)) return true
  return usedAs(file, definition) ?? hasMarks(file, program)
}

// internal

/** What the definition says of itself: here, or in the file that it is imported from. */
const kindOf = (file: File, definition: Node): Imported.Kind | undefined => {
  const made = madeBy(file, definition)
  if (made !== undefined) return made
  const isMember = definition.type === "MemberExpression"
  const owner = isMember ? childOf(definition, "object") : definition
  const name = isMember ? propertyOf(definition) : undefined
  const variable = owner === undefined ? undefined : (file.names.at(unwrapped(owner))?.resolved ?? undefined)
  if (variable === undefined || (isMember && name === undefined)) return undefined
  const imported = Names.importedAs(variable)
  if (imported !== undefined && name !== undefined && imported.name !== "*") return undefined
  if (imported !== undefined) return Imported.kindOf(file.path, imported.source, name ?? imported.name)
  const init = name === undefined ? Names.initializerOf(variable) : Names.fieldOf(variable, name)
  return init === undefined ? undefined : madeBy(file, init)
}

const makers: Readonly<Record<string, Imported.Kind>> = {
  "perdure:Workflow.make": "workflow",
  "perdure:Activity.make": "other",
  "perdure:ActivityGroup.make": "other"
}

const madeBy = ({ names }: File, expression: Node): Imported.Kind | undefined => {
  const callee = expression.type === "CallExpression" ? childOf(expression, "callee") : undefined
  const name = callee === undefined ? undefined : names.of(callee)
  if (name === undefined) return undefined
  // Effect has workflows, toolkits and groups with a `toLayer` of their own.
  return name.startsWith("effect:") ? "other" : Object.hasOwn(makers, name) ? makers[name] : undefined
}

const nameOf = (definition: Node): string | undefined =>
  definition.type === "MemberExpression" ? propertyOf(definition) : textOf(definition, "name")

/** What only workflows have, and what only an activity can be used for. */
const operations: ReadonlySet<string> = new Set(["begin", "continueAsNew", "execute", "handle", "start"])

/** What the other uses in the file tell: workflows are started, activities are called. */
const usedAs = ({ names }: File, definition: Node): boolean | undefined => {
  const variable = names.at(definition)?.resolved
  if (variable === undefined || variable === null) return undefined
  const uses = variable.references.flatMap(({ identifier }) => identifier.parent ?? [])
  const isCalled = variable.references.some(({ identifier }) => {
    const { parent } = identifier
    return parent?.type === "CallExpression" && childOf(parent, "callee") === identifier
  })
  if (isCalled) return false
  const isStarted = uses.some((use) => use.type === "MemberExpression" && operations.has(propertyOf(use) ?? ""))
  return isStarted ? true : undefined
}

/** What no handler can do, by the compiler. */
const marks =
  /^perdure:(Workflow\.(patched|deprecatePatch|pure|withCompensation)|WorkflowContext(\.WorkflowContext)?|Activity\.inline)$/

/** Whether a program does what only programs do. */
const hasMarks = (file: File, node: Node): boolean => {
  if (isType(node)) return false
  const name = node.type === "MemberExpression" || node.type === "Identifier" ? file.names.of(node) : undefined
  if (name !== undefined && marks.test(name)) return true
  if (node.type === "MemberExpression" && propertyOf(node) === "continueAsNew") return true
  return allOf(node, file.keys).some((child) => hasMarks(file, child))
}
