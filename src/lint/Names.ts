/**
 * What the names of a file mean: a variable of the file, a global, or something of a module, under whatever name it was imported.
 */
import { childOf, childrenOf, type Node, propertyOf, textOf, unwrapped } from "./Node.ts"

/** Where a variable is declared. `node` is the declaration, such as a `VariableDeclarator`. */
export interface Definition {
  readonly type: string
  readonly node: Node
  readonly parent?: Node | null | undefined
}

/** A variable, as the analysis of scopes of the linter knows it. */
export interface Variable {
  readonly name: string
  readonly defs: ReadonlyArray<Definition>
  readonly references: ReadonlyArray<Reference>
}

/** A place where a variable is read or written. */
export interface Reference {
  readonly identifier: Node
  readonly resolved: Variable | null
  readonly init?: boolean | undefined
  readonly isWrite: () => boolean
  readonly isRead: () => boolean
}

/** The scopes of a file. */
export interface Scopes {
  readonly scopes: ReadonlyArray<{ readonly references: ReadonlyArray<Reference> }>
}

/** The names of a file. */
export interface Names {
  /** The reference at an identifier; none where it is a key, a label or a type. */
  readonly at: (identifier: Node) => Reference | undefined
  /**
   * What an expression names: `Date.now` of the globals, `effect:Effect.promise` or `node:fs.readFile` of a module; none for
   * variables of the file and what is computed.
   */
  readonly of: (expression: Node) => string | undefined
}

/** What a variable was imported as: the module, and the name there, which is `*` for all of it. */
export interface Imported {
  readonly source: string
  readonly name: string
}

/** Reads the names of a file. */
export const make = ({ scopes }: Scopes): Names => {
  const references = new Map<Node, Reference>()
  for (const scope of scopes) for (const reference of scope.references) references.set(reference.identifier, reference)

  const at = (identifier: Node) => references.get(identifier)
  const of = (expression: Node): string | undefined => {
    const node = unwrapped(expression)
    if (node.type === "Identifier") {
      const reference = at(node)
      return reference === undefined ? undefined : meaning(textOf(node, "name") ?? "", reference.resolved)
    }
    if (node.type !== "MemberExpression") return undefined
    const object = childOf(node, "object")
    const property = propertyOf(node)
    const owner = object === undefined || property === undefined ? undefined : of(object)
    if (owner === undefined || property === undefined) return undefined
    if (globals.has(owner)) return property
    return owner.endsWith(":") ? `${owner}${property}` : `${owner}.${property}`
  }
  return { at, of }
}

/** How a variable was imported, if it was. */
export const importedAs = (variable: Variable): Imported | undefined => {
  const [definition] = variable.defs
  if (definition?.type !== "ImportBinding") return undefined
  const { node, parent } = definition
  const source = textOf(parent === null || parent === undefined ? undefined : childOf(parent, "source"), "value")
  if (source === undefined) return undefined
  if (node.type === "ImportNamespaceSpecifier") return { source, name: "*" }
  const imported = childOf(node, "imported")
  return { source, name: textOf(imported, "name") ?? textOf(imported, "value") ?? "default" }
}

/** The initializer of a variable that has one declaration, `const a = …`. */
export const initializerOf = ({ defs }: Variable): Node | undefined => {
  const [definition] = defs
  if (definition?.type !== "Variable" || defs.length > 1) return undefined
  if (childOf(definition.node, "id")?.type !== "Identifier") return undefined
  const init = childOf(definition.node, "init")
  return init === undefined ? undefined : unwrapped(init)
}

/** What a variable has under a name, where the file writes its record out: `b` of `const a = { b: 1 }`. */
export const fieldOf = (variable: Variable, name: string): Node | undefined => {
  const record = initializerOf(variable)
  if (record?.type !== "ObjectExpression") return undefined
  const field = childrenOf(record, "properties").find((each) => each.type === "Property" && propertyOf(each) === name)
  const value = field === undefined ? undefined : childOf(field, "value")
  return value === undefined ? undefined : unwrapped(value)
}

/** The variable at the root of `a`, `a.b` or `a[b].c`. */
export const rootOf = (expression: Node): Node => {
  const node = unwrapped(expression)
  const object = node.type === "MemberExpression" ? childOf(node, "object") : undefined
  return object === undefined ? node : rootOf(object)
}

// internal

const globals: ReadonlySet<string> = new Set(["globalThis", "global", "window", "self"])

/** Modules of Node.js that may be imported without `node:`. */
const builtin =
  /^(child_process|cluster|crypto|dgram|dns|fs|http|http2|https|net|os|perf_hooks|process|readline|stream|timers|tls|worker_threads|zlib)(\/.*)?$/

const meaning = (name: string, variable: Variable | null): string | undefined => {
  if (variable === null || variable.defs.length === 0) return name
  const imported = importedAs(variable)
  if (imported === undefined) return undefined
  const owner = moduleOf(imported.source)
  if (imported.name === "*" || (imported.name === "default" && owner.startsWith("node:"))) return owner
  // What a module of the project hands on under the name that it has here.
  if (owner.startsWith(".")) return own.has(imported.name) ? `perdure:${imported.name}` : undefined
  return owner.endsWith(":") ? `${owner}${imported.name}` : `${owner}.${imported.name}`
}

const own: ReadonlySet<string> = new Set(["Activity", "ActivityGroup", "Workflow", "WorkflowContext"])

/** `effect` and `effect/Effect` as `effect:` and `effect:Effect`, `fs` as `node:fs`. */
const moduleOf = (source: string): string => {
  if (builtin.test(source)) return `node:${source}`
  const [, owner, module] = /^(effect|perdure)(?:\/(?:.*\/)?(\w+))?$/.exec(source) ?? []
  return owner === undefined ? source : `${owner}:${module ?? ""}`
}
