/**
 * What a schema can hold, as paths: each tag, each field, and each literal and kind of value where there are several. An optional
 * field has two, as in `ExecutionStarted.parent` and `ExecutionStarted.parent?`, which is its absence. A schema that holds itself,
 * as that of defects, is entered once.
 */
import type { Schema } from "effect"
import * as SchemaAST from "effect/SchemaAST"

/** The paths that a schema has and that none of the values has. */
export const missing = (schema: Schema.Top, values: ReadonlyArray<unknown>): ReadonlyArray<string> => {
  const all = walk(schema.ast, undefined, "", [])
  const found = new Set(walk(schema.ast, values, "", []))
  return [...new Set(all)].filter((path) => !found.has(path))
}

// internal

/** The paths below one: all that the schema has, or those of values, of which there is at least one. */
const walk = (
  ast: SchemaAST.AST,
  values: ReadonlyArray<unknown> | undefined,
  path: string,
  around: ReadonlyArray<SchemaAST.AST>
): ReadonlyArray<string> => {
  if (ast._tag === "Suspend") return walk(ast.thunk(), values, path, around)
  if (around.includes(ast)) return []
  return partsOf(ast).flatMap(({ ast: part, name, pick }) => {
    const own = values?.flatMap(pick)
    if (own?.length === 0) return []
    const inner = name === "" ? path : path === "" ? name : `${path}.${name}`
    return [...(name === "" ? [] : [inner]), ...walk(part, own, inner, [...around, ast])]
  })
}

/** A part of what a schema describes: its name, if it has one, and how it is found in a value. */
interface Part {
  readonly name: string
  readonly ast: SchemaAST.AST
  readonly pick: (value: unknown) => ReadonlyArray<unknown>
}

const partsOf = (ast: SchemaAST.AST): ReadonlyArray<Part> => {
  switch (ast._tag) {
    case "Union":
      return ast.types.map((type) => ({
        name: nameOf(type),
        ast: type,
        pick: (value) => (isOf(type, value) ? [value] : [])
      }))
    case "Objects":
      return [
        ...ast.propertySignatures.filter(({ name }) => name !== "_tag").flatMap(partsOfField),
        ...ast.indexSignatures.map(({ type }) => ({
          name: "*",
          ast: type,
          pick: (value: unknown) => Object.values(value as object)
        }))
      ]
    case "Arrays":
      return [
        ...ast.elements.map((ast, index) => ({ name: `${index}`, ast, pick: fieldOf(index) })),
        ...ast.rest.map((type) => ({
          name: "[]",
          ast: type,
          pick: (value: unknown) => value as ReadonlyArray<unknown>
        }))
      ]
    default:
      return []
  }
}

const partsOfField = ({ name, type }: SchemaAST.PropertySignature): ReadonlyArray<Part> => {
  const field = { name: String(name), ast: type, pick: fieldOf(name) }
  if (!SchemaAST.isOptional(type)) return [field]
  const isAbsent = (value: unknown) => (Object.hasOwn(value as object, name) ? [] : [value])
  return [field, { name: `${String(name)}?`, ast: SchemaAST.never, pick: isAbsent }]
}

const fieldOf =
  (name: PropertyKey) =>
  (value: unknown): ReadonlyArray<unknown> =>
    Object.hasOwn(value as object, name) ? [(value as Record<PropertyKey, unknown>)[name]] : []

const tagOf = (ast: SchemaAST.Objects): unknown => {
  const tag = ast.propertySignatures.find(({ name }) => name === "_tag")?.type
  return tag?._tag === "Literal" ? tag.literal : undefined
}

/** The name of a member of a union: its tag, its literal, the names of its fields, or what kind of value it is. */
const nameOf = (ast: SchemaAST.AST): string => {
  switch (ast._tag) {
    case "Literal":
      return JSON.stringify(ast.literal)
    case "Objects":
      return String(tagOf(ast) ?? ast.propertySignatures.map(({ name }) => String(name)).join("+"))
    case "Union":
      return ""
    default:
      return ast._tag.toLowerCase()
  }
}

/** Whether a value that a union decodes is of this member. */
const isOf = (ast: SchemaAST.AST, value: unknown): boolean => {
  switch (ast._tag) {
    case "Literal":
      return value === ast.literal
    case "Objects": {
      if (typeof value !== "object" || value === null) return false
      const tag = tagOf(ast)
      return tag === undefined
        ? ast.propertySignatures.every(({ name }) => Object.hasOwn(value, name))
        : (value as { readonly _tag?: unknown })._tag === tag
    }
    case "Null":
      return value === null
    case "Union":
      return ast.types.some((type) => isOf(type, value))
    case "String":
    case "Number":
    case "Boolean":
      return typeof value === ast._tag.toLowerCase()
    default:
      throw new Error(`a union of ${ast._tag}: say here which values are of it`)
  }
}
