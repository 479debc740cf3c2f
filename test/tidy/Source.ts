/**
 * A source file as the rules of this folder see it, and what they find in it.
 */
import { type Comment, type EcmaScriptModule, parseSync, type Program } from "oxc-parser"

/** A parsed file. `path` is relative to the root of the project. */
export interface Source {
  readonly path: string
  readonly text: string
  readonly program: Program
  readonly module: EcmaScriptModule
  readonly comments: ReadonlyArray<Comment>
}

/** What a rule has to say of a place: what is wrong there and what to write instead. */
export interface Finding {
  readonly at: number
  readonly message: string
}

/** A rule for every file of src. */
export interface Rule {
  readonly name: string
  readonly check: (source: Source) => ReadonlyArray<Finding>
}

/** Parses a file. */
export const make = (path: string, text: string): Source => {
  const { comments, errors, module, program } = parseSync(path, text)
  const [error] = errors
  if (error !== undefined) throw new Error(`${path}: ${error.message}`)
  return { path, text, program, module, comments }
}

/** What rules find in a file, a line each. */
export const findings = (source: Source, ...rules: ReadonlyArray<Rule>): ReadonlyArray<string> =>
  rules
    .flatMap((rule) => rule.check(source))
    .map(({ at, message }) => `${source.path}:${source.text.slice(0, at).split("\n").length} ${message}`)

/** The doc comment that ends right before an offset. */
export const docBefore = (source: Source, offset: number): string | undefined =>
  source.comments.find(
    ({ end, type, value }) =>
      type === "Block" && value.startsWith("*") && end <= offset && /^\s*$/.test(source.text.slice(end, offset))
  )?.value

/** The names by which a file exports what it declares itself, each with the place of its statement. */
export const declarations = (source: Source): ReadonlyArray<{ readonly name: string; readonly at: number }> =>
  source.program.body.flatMap((statement) => {
    if (statement.type !== "ExportNamedDeclaration" || statement.declaration === null) return []
    const { declaration, start: at } = statement
    const names = declaration.type === "VariableDeclaration" ? declaration.declarations : [declaration]
    return names.flatMap(({ id }) => (id?.type === "Identifier" ? [{ name: id.name, at }] : []))
  })

/** An import of a file, or what it exports of another one. */
export interface Import {
  readonly at: number
  readonly specifier: string
  readonly isType: boolean
}

/** What a file imports, also when it does so on demand. */
export const imports = ({ module, text }: Source): ReadonlyArray<Import> => [
  ...module.dynamicImports.map(({ moduleRequest, start }) => ({
    at: start,
    specifier: text.slice(moduleRequest.start, moduleRequest.end).replaceAll(/^["'`]|["'`]$/g, ""),
    isType: false
  })),
  ...module.staticImports.map(({ entries, moduleRequest, start }) => ({
    at: start,
    specifier: moduleRequest.value,
    isType: entries.length > 0 && entries.every((entry) => entry.isType)
  })),
  ...module.staticExports.flatMap(({ entries, start }) =>
    entries.flatMap(({ isType, moduleRequest }) =>
      moduleRequest === null ? [] : [{ at: start, specifier: moduleRequest.value, isType }]
    )
  )
]
