/**
 * What a program shares with others: variables that are not its own, and how code changes them.
 */
import * as Names from "./Names.ts"
import { childOf, childrenOf, isFunction, isWithin, type Node, propertyOf, textOf, unwrapped } from "./Node.ts"

/** What an expression or statement writes to: `a` in `a = 1`, `a.b++`, `delete a[b]`, `[a] = c` and `a.push(1)`. */
export const targetsOf = (names: Names.Names, node: Node): ReadonlyArray<Node> => {
  switch (node.type) {
    case "AssignmentExpression":
      return written(childOf(node, "left"))
    case "UpdateExpression":
      return written(childOf(node, "argument"))
    case "UnaryExpression":
      return textOf(node, "operator") === "delete" ? written(childOf(node, "argument")) : []
    case "CallExpression":
      return changedBy(names, node)
    default:
      return []
  }
}

/** Whether a variable is declared outside of a node: what is in it shares it. */
export const isOutside = ({ defs }: Names.Variable, node: Node): boolean =>
  defs.length > 0 && defs.every((definition) => !isWithin(definition.node, node))

/**
 * Whether a variable of the file has another value at another time. One that is given its only value where it is declared, or once
 * at the top of the file, has not.
 */
export const isChanging = (variable: Names.Variable): boolean => {
  const [definition] = variable.defs
  if (definition?.type !== "Variable") return false
  const writes = variable.references.filter((reference) => reference.isWrite() && reference.init !== true)
  const [first] = writes
  if (first === undefined) return false
  const isGivenLater = writes.length === 1 && childOf(definition.node, "init") === undefined
  return !(isGivenLater && !isInFunction(first.identifier))
}

/** Whether a variable holds a cell of Effect that was made with the file, and so for all executions. */
export const isCell = (names: Names.Names, variable: Names.Variable): boolean => {
  const init = Names.initializerOf(variable)
  if (init === undefined) return false
  const maker = calledBy(names, init)
  if (maker !== "effect:Effect.runSync") return maker !== undefined && madeAtOnce.test(maker)
  const [effect] = childrenOf(init, "arguments")
  return effect !== undefined && madeByEffect.test(calledBy(names, unwrapped(effect)) ?? "")
}

// internal

const madeAtOnce =
  /^effect:(Mutable(HashMap|HashSet|List|Ref)\.(empty|fromIterable|make)|(Deferred|Latch|PartitionedSemaphore|Ref|Semaphore|SynchronizedRef|TxRef)\.makeUnsafe)$/

const madeByEffect =
  /^effect:(Deferred|Latch|PartitionedSemaphore|PubSub|Queue|Ref|Semaphore|SubscriptionRef|SynchronizedRef|Tx\w+)\.(bounded|dropping|empty|make|sliding|unbounded)$/

const calledBy = (names: Names.Names, node: Node): string | undefined => {
  const callee = node.type === "CallExpression" ? childOf(node, "callee") : undefined
  return callee === undefined ? undefined : names.of(callee)
}

/** The identifiers at the roots of what an assignment writes to. */
const written = (target: Node | undefined): ReadonlyArray<Node> => {
  if (target === undefined) return []
  const node = unwrapped(target)
  switch (node.type) {
    case "Identifier":
    case "MemberExpression":
      return [Names.rootOf(node)]
    case "ArrayPattern":
      return childrenOf(node, "elements").flatMap(written)
    case "ObjectPattern":
      return childrenOf(node, "properties").flatMap(written)
    case "Property":
      return written(childOf(node, "value"))
    case "AssignmentPattern":
      return written(childOf(node, "left"))
    case "RestElement":
      return written(childOf(node, "argument"))
    default:
      return []
  }
}

/** The methods that change what they are called on, by what makes it. */
const changing: Readonly<Record<string, ReadonlySet<string>>> = {
  Array: new Set(["copyWithin", "fill", "pop", "push", "reverse", "shift", "sort", "splice", "unshift"]),
  Map: new Set(["clear", "delete", "set"]),
  Set: new Set(["add", "clear", "delete"]),
  WeakMap: new Set(["delete", "set"]),
  WeakSet: new Set(["add", "delete"])
}

/** What a call of a method writes to. Only where the file says what the object is: a `set` may be that of anything. */
const changedBy = (names: Names.Names, call: Node): ReadonlyArray<Node> => {
  const callee = childOf(call, "callee")
  const member = callee === undefined ? undefined : unwrapped(callee)
  if (member?.type !== "MemberExpression") return []
  if (names.of(member) === "Object.assign") return written(childrenOf(call, "arguments")[0])
  const object = childOf(member, "object")
  const identifier = object === undefined ? undefined : unwrapped(object)
  const variable = identifier === undefined ? undefined : names.at(identifier)?.resolved
  const init = variable === undefined || variable === null ? undefined : Names.initializerOf(variable)
  if (identifier === undefined || init === undefined) return []
  return changing[makerOf(names, init)]?.has(propertyOf(member) ?? "") === true ? [identifier] : []
}

const makerOf = (names: Names.Names, init: Node): string => {
  if (init.type === "ArrayExpression") return "Array"
  const callee = init.type === "NewExpression" ? childOf(init, "callee") : undefined
  return (callee === undefined ? undefined : names.of(callee)) ?? ""
}

const isInFunction = ({ parent }: Node): boolean =>
  parent !== undefined && parent !== null && (isFunction(parent) || isInFunction(parent))
