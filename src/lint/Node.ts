/**
 * Syntax trees as ESLint and oxlint hand them to a rule, in ESTree with the nodes of TypeScript.
 */

/** A node of a tree. Its fields depend on its type, so they are read by the functions of this module. */
export interface Node {
  readonly type: string
  readonly parent?: Node | undefined
  readonly range?: readonly [start: number, end: number] | undefined
}

/** Where the children of each type of node are. */
export type VisitorKeys = Readonly<Record<string, ReadonlyArray<string>>>

/** A child of a node, where it has one. */
export const childOf = (node: Node, field: string): Node | undefined => {
  const child = fieldOf(node, field)
  return isNode(child) ? child : undefined
}

/** The children of a field that is a list. Holes, as in `[, a]`, are left out. */
export const childrenOf = (node: Node, field: string): ReadonlyArray<Node> => {
  const children = fieldOf(node, field)
  return Array.isArray(children) ? children.filter(isNode) : []
}

/** A text of a node, such as the name of an identifier. */
export const textOf = (node: Node | undefined, field: string): string | undefined => {
  const text = node === undefined ? undefined : fieldOf(node, field)
  return typeof text === "string" ? text : undefined
}

/** Whether a flag of a node is set, such as `computed`. */
export const isSet = (node: Node, field: string): boolean => fieldOf(node, field) === true

/** All children of a node, in their order. */
export const allOf = (node: Node, keys: VisitorKeys): ReadonlyArray<Node> => {
  const fields = keys[node.type] ?? Object.keys(node).filter((field) => !notChildren.has(field))
  return fields.flatMap((field) => {
    const child = childOf(node, field)
    return child === undefined ? childrenOf(node, field) : [child]
  })
}

/** The expression within what has no meaning when it runs: parentheses, types and `?.`. */
export const unwrapped = (node: Node): Node => {
  const inner = wrappers.has(node.type) ? childOf(node, "expression") : undefined
  return inner === undefined ? node : unwrapped(inner)
}

/** Whether a node is there for the compiler alone. */
export const isType = ({ type }: Node): boolean => type.startsWith("TS") && !wrappers.has(type)

/** Whether a node is a function of any kind. */
export const isFunction = ({ type }: Node): boolean => functions.has(type)

/** Whether one node is in the other, or is it. */
export const isWithin = (inner: Node, outer: Node): boolean => {
  const [innerStart, innerEnd] = rangeOf(inner)
  const [outerStart, outerEnd] = rangeOf(outer)
  return outerStart <= innerStart && innerEnd <= outerEnd
}

/** The name of a property that is written out: `a.b` and `a["b"]`, and `b` in `{ b: 1 }`. */
export const propertyOf = (node: Node): string | undefined => {
  const key = childOf(node, node.type === "MemberExpression" ? "property" : "key")
  return isSet(node, "computed") ? textOf(key, "value") : (textOf(key, "name") ?? textOf(key, "value"))
}

// internal

const notChildren: ReadonlySet<string> = new Set(["parent", "loc", "range", "start", "end"])

const wrappers: ReadonlySet<string> = new Set([
  "ChainExpression",
  "ParenthesizedExpression",
  "TSAsExpression",
  "TSInstantiationExpression",
  "TSNonNullExpression",
  "TSSatisfiesExpression",
  "TSTypeAssertion"
])

const functions: ReadonlySet<string> = new Set(["ArrowFunctionExpression", "FunctionDeclaration", "FunctionExpression"])

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && "type" in value && typeof value.type === "string"

// The type of a node says which fields it has, and no type of ours says so for all of them.
const fieldOf = (node: Node, field: string): unknown => (node as unknown as Readonly<Record<string, unknown>>)[field]

const rangeOf = ({ range }: Node): readonly [number, number] => range ?? [0, 0]
