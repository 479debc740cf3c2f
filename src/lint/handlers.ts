/**
 * What runs outside of a program though it is written in it: what an inline activity is given, and helpers that only inline activities
 * use.
 */
import type { File } from "./definitions.ts"
import { allOf, childOf, childrenOf, isFunction, type Node, textOf, unwrapped } from "./Node.ts"

/** What an inline activity is given to do, if the call is one. */
export const effectOf = ({ names }: File, call: Node): Node | undefined => {
  const callee = call.type === "CallExpression" ? childOf(call, "callee") : undefined
  return callee !== undefined && names.of(callee) === "perdure:Activity.inline"
    ? childrenOf(call, "arguments")[2]
    : undefined
}

/** Whether only inline activities use the helper that is declared under this name. One that is not used at all is none. */
export const isHandler = (file: File, id: Node | undefined, seen: ReadonlySet<Node> = new Set()): boolean => {
  if (id?.type !== "Identifier" || seen.has(id)) return false
  const reads = declaredAs(file, id).filter((reference) => reference.isRead())
  const within = new Set(seen).add(id)
  return reads.length > 0 && reads.every(({ identifier }) => isInHandler(file, identifier, within))
}

/** Whether something is yielded outside of the functions of an expression, so that effects run there and then. */
export const hasYield = (file: File, node: Node): boolean =>
  node.type === "YieldExpression" ||
  allOf(node, file.keys).some((child) => !isFunction(unwrapped(child)) && hasYield(file, child))

// internal

const declaredAs = ({ declared }: File, id: Node) =>
  declared(id.parent ?? id).find(({ name }) => name === textOf(id, "name"))?.references ?? []

const isInHandler = (file: File, node: Node, seen: ReadonlySet<Node>): boolean => {
  const { parent } = node
  if (parent === undefined || parent === null) return false
  if (effectOf(file, parent) === node) return true
  const isHelper = parent.type === "FunctionDeclaration" || childOf(parent, "init") === node
  if (isHelper && isHandler(file, childOf(parent, "id"), seen)) return true
  return isInHandler(file, parent, seen)
}
