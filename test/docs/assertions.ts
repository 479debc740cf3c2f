/**
 * Turns the `// => value` comments of a piece of code into assertions, without moving a line.
 */
import { type Expression, type ExpressionStatement, parseSync, type VariableDeclaration, Visitor } from "oxc-parser"

/** The code with its assertions. `place` names a line of it, from 0, in an error. */
export const withAssertions = (code: string, place: (line: number) => string): string => {
  const { comments, errors, program } = parseSync("fence.ts", code)
  const placeOf = (offset: number) => place(code.slice(0, offset).split("\n").length - 1)
  const [error] = errors
  if (error !== undefined) throw new Error(`${placeOf(error.labels[0]?.start ?? 0)}: ${error.message}`)

  const statements: Array<ExpressionStatement | VariableDeclaration> = []
  const collect = (statement: ExpressionStatement | VariableDeclaration) => void statements.push(statement)
  new Visitor({ ExpressionStatement: collect, VariableDeclaration: collect }).visit(program)

  const edits = comments.flatMap((comment) => {
    const value = /^\s*=>\s*(.*)$/.exec(comment.value)?.[1]
    if (comment.type !== "Line" || value === undefined) return []
    const statement = statements.find(({ end }) => end <= comment.start && isBlank(code.slice(end, comment.start)))
    const edit = statement === undefined || value === "" ? undefined : assertion(statement, value)
    if (edit === undefined)
      throw new Error(`${placeOf(comment.start)}: \`// =>\` needs a value and something to compare`)
    return edit
  })
  return edits.toSorted((a, b) => b.start - a.start).reduce(apply, code)
}

// internal

interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

const apply = (code: string, edit: Edit): string => code.slice(0, edit.start) + edit.text + code.slice(edit.end)

const isBlank = (text: string): boolean => /^[;\t ]*$/.test(text)

const assertion = (
  statement: ExpressionStatement | VariableDeclaration,
  value: string
): ReadonlyArray<Edit> | undefined => {
  if (statement.type === "ExpressionStatement") return comparison(statement.expression, value)
  const name = statement.declarations.length === 1 ? statement.declarations[0]?.id : undefined
  if (name?.type !== "Identifier") return undefined
  return [{ start: statement.end, end: statement.end, text: `; $equal(${name.name}, ${value})` }]
}

/** Of `console.log(x)` it is `x` that is compared. */
const comparison = (expression: Expression, value: string): ReadonlyArray<Edit> => {
  const { end, start } = expression
  if (expression.type !== "CallExpression" || !isConsoleLog(expression.callee) || expression.arguments.length !== 1) {
    return [
      { start, end: start, text: "$equal(" },
      { start: end, end, text: `, ${value})` }
    ]
  }
  const argument = expression.arguments[0]!
  return [
    { start, end: argument.start, text: "$equal(" },
    { start: argument.end, end: argument.end, text: `, ${value}` }
  ]
}

const isConsoleLog = (callee: Expression): boolean =>
  callee.type === "MemberExpression" &&
  callee.object.type === "Identifier" &&
  callee.object.name === "console" &&
  callee.property.type === "Identifier" &&
  callee.property.name === "log"
