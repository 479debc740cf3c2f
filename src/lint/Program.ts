/**
 * A walk through the program of a workflow: what is passed to `toLayer`, and the helpers of the same file that it uses, found from one
 * another.
 */
import { type Construct, named, syntax } from "./Construct.ts"
import { type File, toLayerOf } from "./definitions.ts"
import { effectOf, hasYield, isHandler } from "./handlers.ts"
import * as Names from "./Names.ts"
import {
  allOf,
  childOf,
  childrenOf,
  isFunction,
  isSet,
  isType,
  type Node,
  propertyOf,
  textOf,
  unwrapped
} from "./Node.ts"
import { isCell, isChanging, isOutside, targetsOf } from "./state.ts"

/** A place in a program, what is wrong there, and its name in the code. */
export interface Finding {
  readonly node: Node
  readonly construct: Construct
  readonly name: string
}

/** The text of a finding. */
export const messageOf = ({ construct, name }: Finding): string =>
  `${construct === syntax.async ? name : `\`${name}\``} ${construct.why}: ${construct.instead}`

/** What is found in programs, and in the helpers that they use. */
export const findingsIn = (file: File, programs: ReadonlyArray<Node>): ReadonlyArray<Finding> => {
  const walk = new Walk(file)
  for (const program of programs) walk.through(program)
  return [...walk.findings.values()]
}

/** Where the walk is. */
interface Place {
  /** The program or helper. */
  readonly part: Node
  /** Whether the code runs with the program, and not when its file is loaded. */
  readonly isRunning: boolean
  /** Whether what is made there is run by inline activities alone. What makes it runs with the program. */
  readonly isForHandlers?: boolean
}

class Walk {
  /** By their places, since helpers may be in a program, too. */
  readonly findings = new Map<Node, Finding>()
  private readonly file: File
  private readonly parts = new Set<Node>()

  constructor(file: File) {
    this.file = file
  }

  /** Walks through a program or a helper, once. Outside of its functions it runs when its file is loaded. */
  through(part: Node): void {
    if (this.parts.has(part)) return
    this.parts.add(part)
    this.visit(part, { part, isRunning: false })
  }

  private visit(wrapped: Node, place: Place): void {
    if (isType(wrapped)) return
    const node = unwrapped(wrapped)
    if (place.isRunning) this.writes(node, place)
    if (isFunction(node)) return this.function(node, place)
    switch (node.type) {
      case "Identifier":
        return this.identifier(node, place)
      case "MemberExpression":
        return this.member(node, place)
      case "CallExpression":
        return this.call(node, place)
      case "NewExpression":
        return this.construction(node, place)
      case "VariableDeclarator":
        return this.declarator(node, place)
      case "ImportExpression":
        return this.report(node, syntax.import, "import()")
      case "ClassDeclaration":
      case "ClassExpression":
        // A service or an error: which of its methods are called is not known.
        return undefined
      default:
        return this.children(node, place)
    }
  }

  private children(node: Node, place: Place): void {
    for (const child of allOf(node, this.file.keys)) this.visit(child, place)
  }

  private function(node: Node, place: Place): void {
    if (place.isForHandlers === true) return undefined
    // What is in it moves with it.
    if (isSet(node, "async")) return this.report(node, syntax.async, "an async function")
    const isDeclared = node.type === "FunctionDeclaration" && node !== place.part
    if (isDeclared && isHandler(this.file, childOf(node, "id"))) return undefined
    return this.children(node, { ...place, isRunning: true })
  }

  private declarator(node: Node, place: Place): void {
    const init = childOf(node, "init")
    const isForHandlers = init !== undefined && !hasYield(this.file, init) && isHandler(this.file, childOf(node, "id"))
    this.children(node, isForHandlers ? { ...place, isForHandlers } : place)
  }

  private identifier(node: Node, place: Place): void {
    const reference = this.file.names.at(node)
    if (reference === undefined || this.isNamed(node, place)) return
    const variable = reference.resolved
    if (place.isForHandlers === true || variable === null || !reference.isRead() || !isOutside(variable, place.part))
      return
    if (isCell(this.file.names, variable)) this.report(node, syntax.cell, variable.name)
    else if (!isChanging(variable)) this.helper(variable, node, place)
    else if (place.isRunning) this.report(node, syntax.read, variable.name)
  }

  private member(node: Node, place: Place): void {
    if (this.isNamed(node, place)) return
    const [object, property] = [childOf(node, "object"), childOf(node, "property")]
    if (isSet(node, "computed") && property !== undefined) this.visit(property, place)
    if (object === undefined) return
    // Of a record of helpers, the one that is used.
    const field = this.fieldOf(unwrapped(object), propertyOf(node), place)
    if (field === undefined) this.visit(object, place)
    else this.through(field)
  }

  private call(node: Node, place: Place): void {
    // It gives an activity its handler, or another workflow its program.
    if (toLayerOf(node) !== undefined) return
    const effect = effectOf(this.file, node)
    const callee = childOf(node, "callee")
    const name = callee === undefined ? undefined : this.file.names.of(callee)
    if (effect !== undefined || name === "perdure:Activity.make") {
      // Policies of retries are asked outside of the program.
      for (const argument of childrenOf(node, "arguments").slice(0, 2)) {
        this.visit(argument, { ...place, isForHandlers: true })
      }
      return effect === undefined ? undefined : this.inline(effect, effect, place)
    }
    if (callee === undefined || name === undefined) return this.children(node, place)
    const found = this.found(name === "Date" ? "Date()" : name, node, place)
    if (found !== undefined) this.report(callee, found, `${shownOf(callee)}${found.below === undefined ? "" : "()"}`)
    // What waits for a promise, or for the host, moves with all that it is given.
    if (found?.rule !== "no-async") this.children(node, place)
  }

  private construction(node: Node, place: Place): void {
    const callee = childOf(node, "callee")
    const name = callee === undefined ? undefined : this.file.names.of(callee)
    const found = name === "Date" ? this.found("new Date", node, place) : undefined
    if (found !== undefined) this.report(node, found, "new Date()")
    this.children(node, place)
  }

  /** What a call means, when it is one that does not belong there. */
  private found(name: string, call: Node, place: Place): Construct | undefined {
    const construct = named(name)
    if (construct === undefined || !isMeant(construct, place)) return undefined
    return childrenOf(call, "arguments").length < (construct.below ?? Number.POSITIVE_INFINITY) ? construct : undefined
  }

  /** Whether an expression names something of the table, which is reported where it does not belong. */
  private isNamed(node: Node, place: Place): boolean {
    const name = this.file.names.of(node)
    const construct = name === undefined ? undefined : named(name)
    if (name === undefined || construct === undefined || construct.below !== undefined) return false
    if (isMeant(construct, place)) this.report(node, construct, shownOf(node))
    return true
  }

  private helper(variable: Names.Variable, node: Node, { isRunning }: Place): void {
    const [definition] = variable.defs
    const helper = definition?.type === "FunctionName" ? definition.node : Names.initializerOf(variable)
    // Which fields of a record are used is not known here.
    if (helper === undefined || helper.type === "ObjectExpression") return
    // Another name for something of the table, as `const random = Math.random`. What was read by its name is a constant.
    const name = isUsed(node) ? this.file.names.of(helper) : undefined
    const construct = name === undefined ? undefined : named(name)
    if (construct === undefined) this.through(helper)
    else if (isRunning) this.report(node, construct, variable.name)
  }

  /** What the file has of a record outside of the program. */
  private fieldOf(object: Node, property: string | undefined, { part }: Place): Node | undefined {
    const variable = this.file.names.at(object)?.resolved ?? undefined
    if (variable === undefined || property === undefined || !isOutside(variable, part)) return undefined
    return Names.fieldOf(variable, property)
  }

  private writes(node: Node, { part }: Place): void {
    for (const target of targetsOf(this.file.names, node)) {
      const variable = this.file.names.at(target)?.resolved ?? undefined
      const name = textOf(target, "name") ?? ""
      const isShared =
        variable === undefined || variable.defs.length === 0 ? name === "globalThis" : isOutside(variable, part)
      if (isShared) this.report(target, syntax.write, name)
    }
  }

  /** An inline activity may do everything but write to variables of its program, which a replay makes again without it. */
  private inline(node: Node, effect: Node, place: Place): void {
    if (isType(node)) return
    for (const target of targetsOf(this.file.names, unwrapped(node))) {
      const variable = this.file.names.at(target)?.resolved ?? undefined
      const isOfProgram = variable !== undefined && isOutside(variable, effect) && !isOutside(variable, place.part)
      if (isOfProgram) this.report(target, syntax.inline, variable.name)
    }
    for (const child of allOf(node, this.file.keys)) this.inline(child, effect, place)
  }

  private report(node: Node, construct: Construct, name: string): void {
    if (!this.findings.has(node)) this.findings.set(node, { node, construct, name })
  }
}

/** Whether a construct has its effect with the program: one that makes an effect where that is used, and all else where it stands. */
const isMeant = ({ isLazy }: Construct, { isForHandlers, isRunning }: Place): boolean =>
  isLazy === true ? isForHandlers !== true : isRunning

/** Whether something is called, or something of it is taken. */
const isUsed = (node: Node): boolean => {
  const { parent } = node
  return (
    parent !== undefined && parent !== null && [childOf(parent, "callee"), childOf(parent, "object")].includes(node)
  )
}

/** A name as it is written. */
const shownOf = (expression: Node): string => {
  const node = unwrapped(expression)
  const object = childOf(node, "object")
  return object === undefined ? (textOf(node, "name") ?? "") : `${shownOf(object)}.${propertyOf(node) ?? ""}`
}
